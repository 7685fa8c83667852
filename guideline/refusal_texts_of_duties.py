"""義務を受け付けない理由の文 (refusal texts of duties)."""

from __future__ import annotations

from types import MappingProxyType

from guideline.refusal_texts import Reason

_REPORT = "改善策の実施状況"
_ORDER = "義務の手順"
_DUTIES = "職務の分離"

DUTY_REASONS = MappingProxyType(
    {
        "other_duty": Reason(
            "義務番号",
            "この行為は義務 {given} に対するもので、送られた先は {open} です。",
            "義務の番号を確かめてください。",
            _ORDER,
        ),
        "duty_status": Reason(
            "義務の状況",
            "この義務は「{status}」で、「{act}」はできません。",
            "義務の現在の状況を確かめてください。",
            _ORDER,
        ),
        "duty_side": Reason(
            "行為者", "この者は、この義務について「{act}」を行えません。", "{allowed}が行ってください。", _DUTIES
        ),
        "own_duty": Reason(
            "行為者",
            "義務の担当者及び完了を報告した者は、「{act}」を行えません。",
            "{allowed}のうち、別の者が行ってください。",
            _DUTIES,
        ),
        "own_department": Reason(
            "行為者",
            "部署「{department}」の者は、自らの部署の{kind}について「{act}」を行えません。",
            "その部署に属さない{allowed}が行ってください。",
            _DUTIES,
        ),
        "duty_content": Reason(
            "{place}",
            "{kind}の{place}に誤りがあります: {faults}",
            "示された箇所を直してください。",
            _ORDER,
        ),
        "duty_too_large": Reason(
            "{place}",
            "{place}が大きすぎます（{size:,}バイト、上限{largest:,}バイト）。",
            "記載を短くするか、資料に分けて、その名称とSHA-256を記してください。",
            _ORDER,
        ),
        "paper_not_asked": Reason(
            "提出物", "{kind}には、提出物はありません。", "行ったことと根拠資料を記してください。", _ORDER
        ),
        "paper_missing": Reason(
            "提出物", "{kind}の完了の報告には、提出物が要ります。", "提出物（paper）を記してください。", "{source}"
        ),
        "evidence_missing": Reason(
            "根拠資料", "{kind}の完了の報告には、根拠資料が要ります。", "根拠資料を記してください。", "{source}"
        ),
        "nothing_amended": Reason(
            "内容の変更", "変わるものがありません。", "新しい件名、部署、担当者又は内容を記してください。", _ORDER
        ),
        "duty_period": Reason(
            "期間",
            "始まる日 {begins_on} が期限 {due_on} より後です。",
            "始まる日か期限を改めてください。",
            _ORDER,
        ),
        "not_recurring": Reason("繰り返し", "{kind}は繰り返しません。", "繰り返しの指定を除いてください。", _ORDER),
        "series_name": Reason(
            "義務番号",
            "{interval}繰り返す義務の番号は「.{period}」で終わり、始まる日はその期間の中の日です。",
            "番号の終わりと、始まる日を合わせてください。",
            _ORDER,
        ),
        "duty_not_later": Reason(
            "期限",
            "新しい期限 {given} は、これまでの期限 {due_on} より後でないか、既に過ぎています。",
            "これまでの期限より後の、今日以後の日を記してください。",
            _REPORT,
        ),
        "sent_back_without_date": Reason(
            "期限",
            "期限 {due_on} を過ぎています。差し戻すときは、新しい期限が要ります。",
            "新しい期限を併せて記してください。",
            _REPORT,
        ),
        "duty_day": Reason(
            "{place}",
            "{place} {given} は、{reason}。",
            "正しい日を記してください。",
            _ORDER,
        ),
        "no_roll": Reason("名簿", "{kind}には、名簿はありません。", "進捗又は完了を報告してください。", _ORDER),
        "nobody_enrolled": Reason("名簿", "加える者も外す者も示されていません。", "どちらかを示してください。", _ORDER),
        "joiners_date": Reason(
            "加える者の期限",
            "加える者の期限 {given} は、義務の期限 {due_on} より後でないか、既に過ぎています。",
            "義務の期限までに済ませるときは空に、そうでないときはその後の日を記してください。",
            _ORDER,
        ),
        "nobody_completed": Reason(
            "名簿", "済ませた者が示されていません。", "済ませた者を一人（団体）以上示してください。", _ORDER
        ),
        "completion_day": Reason(
            "済ませた日",
            "済ませた日は、済ませた者を示すときに要り、一覧の文書だけのときは書けません。",
            "済ませた者と済ませた日を、併せて記してください。",
            _ORDER,
        ),
        "unknown_completions": Reason(
            "名簿",
            "完了の一覧の文書 {given} が台帳にないか、一覧として読めません。",
            "一覧を保存し直してください。",
            _ORDER,
        ),
        "roll_missing": Reason(
            "名簿", "{kind}の名簿が空です。", "名簿に載せてから、完了を報告してください。", "{source}"
        ),
        "roll_open": Reason(
            "名簿",
            "名簿の{number}人（団体）が、済ませても除かれてもいません。",
            "済ませた日を記すか、一人（団体）ごとに除く理由を記してください。",
            "{source}",
        ),
        "others_completion": Reason(
            "名簿",
            "名簿に載る者は、自分の完了だけを記録できます。",
            "{allowed}が行ってください。",
            _DUTIES,
        ),
        "member_of_others": Reason(
            "名簿",
            "{members}は、部署「{department}」の者ではありません。",
            "その部署の保護管理者又は{allowed}が行ってください。",
            _DUTIES,
        ),
        "unknown_member": Reason(
            "名簿", "{members}は、この名簿に載っていません。", "名簿に載る者の識別子を確かめてください。", _ORDER
        ),
        "member_status": Reason(
            "名簿",
            "{members}は、既に「{status}」です。",
            "名簿の現在の状況を確かめてください。",
            _ORDER,
        ),
        "member_twice": Reason("名簿", "{members}が二度現れます。", "一人（団体）を一度ずつ記してください。", _ORDER),
        "unknown_roll": Reason(
            "名簿", "名簿の文書 {given} が台帳にないか、名簿として読めません。", "名簿を保存し直してください。", _ORDER
        ),
        "unknown_parent": Reason(
            "元の義務",
            "元の義務 {given} は、機関「{body}」にないか、既に終わっています。",
            "元の義務の番号を確かめてください。",
            _ORDER,
        ),
        "children_open": Reason(
            "元の義務",
            "この義務の下の{number}件が終わっていません（{names}）。",
            "下の義務を全て終えてから行ってください。",
            "{source}",
        ),
        "nobody_owes": Reason(
            "部署",
            "部署「{department}」に、この義務を負う者（{roles}）がいません。",
            "担当者を示すか、部署を確かめてください。",
            _ORDER,
        ),
        "unknown_department": Reason(
            "部署", "部署「{given}」は、機関「{body}」にありません。", "部署の識別子を確かめてください。", _ORDER
        ),
        "unknown_owner": Reason(
            "担当者", "職員「{given}」は、機関「{body}」にいません。", "職員の識別子を確かめてください。", _ORDER
        ),
        "not_of_a_guidance": Reason(
            "元の義務",
            "{kind}は、指導への対応の下に置きます。",
            "元の義務（parent）に、指導への対応の番号を記してください。",
            _ORDER,
        ),
        "unknown_item": Reason(
            "指導事項", "指導事項{item}は、元の指導にありません。", "指導事項の番号を確かめてください。", _REPORT
        ),
        "report_changed": Reason(
            "報告書",
            "報告書の内容が、示されたSHA-256のものから変わっています。先の承認は効力を失いました。",
            "差し戻して、今の内容の報告書を両者で承認し直してください。",
            "改善策の実施状況（報告）",
        ),
        "report_incomplete": Reason(
            "報告書", "報告書に足りないものがあります: {missing}", "足りないものを補ってください。", _REPORT
        ),
        "report_of_the_future": Reason(
            "基準日", "基準日 {on} は、まだ来ていません。", "今日以前の日を基準日としてください。", _REPORT
        ),
        "report_not_approved": Reason(
            "報告書",
            "示されたSHA-256の報告書は、この指導について両者が承認した版ではありません。",
            "承認済みの版のSHA-256を記してください。",
            "改善策の実施状況（報告）",
        ),
        "duty_moved_on": Reason(
            "義務の状況",
            "この義務には、別の行為が先に記録されています。",
            "義務の現在の状況を確かめ、改めて行ってください。",
            _ORDER,
        ),
    }
)
"""義務を受け付けない理由の文: by their codes."""
