"""受け付けない理由の文 (refusal texts): what is told where an act of a review is refused, and what to do instead."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

_ITEM_5 = "改善策の実施状況 5"
_ORDER = "見直しの手順"
_DUTIES = "職務の分離"


class Reason(NamedTuple):
    """理由 (reason): where, why, what to do, and by which provision; each with places for the facts of the case."""

    where: str
    message: str
    remedy: str
    provision: str


REVIEW_REASONS = MappingProxyType(
    {
        "stage": Reason(
            "段階",
            "この見直しは「{stage}」の段階にあり、「{act}」はできません。",
            "見直しの現在の段階を確かめてください。",
            _ORDER,
        ),
        "closed": Reason(
            "段階",
            "この見直しは既に終わっています。",
            "新たな事実があるときは、新しい報告を行ってください。",
            _ORDER,
        ),
        "other_review": Reason(
            "見直し番号",
            "この行為は見直し {given} に対するもので、開いている見直しは {open} です。",
            "開いている見直しの番号を確かめてください。",
            _ORDER,
        ),
        "role": Reason(
            "役割",
            "「{role}」は、この段階で「{act}」を行えません。",
            "{allowed}が行ってください。",
            _DUTIES,
        ),
        "auditor_reports": Reason(
            "役割",
            "監査チームは全てを見ることができ、何も変えません。報告も行いません。",
            "リスク事案に気付いたときは、リスク事案ホットラインにメールで知らせてください。受付の職員が報告します。",
            _DUTIES,
        ),
        "other_department": Reason(
            "部署",
            "部署「{given}」の者は、部署「{owner}」の評価書について担当部署として行為できません。",
            "評価書を担当する部署の者が行ってください。",
            _ITEM_5,
        ),
        "other_body": Reason(
            "評価実施機関",
            "機関「{given}」の者は、機関「{owner}」の評価書について行為できません。",
            "その評価書の評価実施機関の者が行ってください。",
            "番号法第2条第15項",
        ),
        "both_parties": Reason(
            "行為者",
            "この者は、この見直しで既に「{party}」として行為しています。一人が両者を兼ねることはできません。",
            "別の者が行ってください。",
            _ITEM_5,
        ),
        "own_draft": Reason(
            "行為者",
            "案の提出者は、自らの案を承認できません。",
            "提出者と別の保護管理者又は対策チームの者が承認してください。",
            _DUTIES,
        ),
        "already_approved": Reason(
            "行為者", "「{party}」は、この案を既に承認しています。", "もう一方の当事者の承認を待ってください。", _ORDER
        ),
        "old_facts": Reason(
            "事実の版",
            "事実の版 {given} に対する判断ですが、現在の版は {current} です。",
            "新たに加わった事由を読み、改めて判断してください。",
            _ITEM_5,
        ),
        "old_revision": Reason(
            "案の版",
            "案の版 {given} に対する判断ですが、現在の版は {current} です。",
            "現在の案を読み、改めて判断してください。",
            _ORDER,
        ),
        "old_digest": Reason(
            "評価書一式のSHA-256",
            "判断された文書は、承認にかかっている文書と異なります。",
            "現在の案を読み、そのSHA-256で改めて判断してください。",
            _ORDER,
        ),
        "unchanged": Reason(
            "評価書一式",
            "提出された案は、公表中の版と同じ内容です。",
            "決まった対応に沿って案を改めてください。",
            "規則第14条第1項",
        ),
        "no_exception": Reason(
            "結論",
            "重大事故又はしきい値判断の結果の変更により、「{minimum}」が求められます。",
            "結論を改めてください。重要な変更に当たらないとする理由では、これを避けられません。",
            "規則第6条第2項、第7条第2項、第8条、第14条第1項",
        ),
        "forms_missing": Reason(
            "評価書一式",
            "評価書一式に、「{level}」の「{course}」に要る{missing}がありません。",
            "示された様式の文書を加えてください。",
            "規則第5条第1項、第6条第1項、第7条第1項、番号法第28条第1項",
        ),
        "forms_beyond": Reason(
            "評価書一式",
            "「{level}」の「{course}」の手続は、{beyond}に要る手続を含みません。",
            "示された様式の文書を一式から除いてください。上位の評価は、その種類の評価として実施します。",
            "規則第5条第1項、第6条第1項、第7条第1項、番号法第28条第1項",
        ),
        "both_found": Reason(
            "検討結果",
            "両者の検討結果は既に揃っています。",
            "総括保護管理者の決定を待ってください。",
            _ORDER,
        ),
        "nothing_to_resolve": Reason(
            "検討結果",
            "両者の検討結果が揃って異なるときに限り、総括保護管理者が決定します。",
            "両者の検討結果を待ってください。",
            _ITEM_5,
        ),
        "below_minimum": Reason(
            "結論",
            "事由又は変わる項目により、少なくとも「{minimum}」が求められます。",
            "結論を改めるか、「リスクを相当程度変動させない」とする理由を書いてください（もう一方の判断も要します）。",
            "規則第14条第1項",
        ),
        "resolved_below_minimum": Reason(
            "決定",
            "事由により、少なくとも「{minimum}」が求められます。両者が揃って例外と認めていません。",
            "「{minimum}」以上の決定をしてください。",
            "規則第14条第1項",
        ),
        "checklist": Reason(
            "年次の確認",
            "年次の見直しでは、全ての区分とリスク対策を実態に照らします。確認されていない項目: {missing}",
            "示された全ての項目について、実態と一致するか、変更の内容を記してください。",
            _ITEM_5,
        ),
        "unknown_checklist_item": Reason(
            "年次の確認",
            "公表中の評価書にない項目、又は二度現れる項目があります: {items}",
            "確認項目を一度ずつ記してください。",
            _ITEM_5,
        ),
        "ground_kind": Reason(
            "事由",
            "「{kind}」の事由は「{role}」からは受け付けられません。",
            "年次の事由は本システムが、報告は職員が行います。",
            _ORDER,
        ),
        "ground_twice": Reason(
            "事由", "この事由は既に見直しに加わっています。", "同じ報告を重ねる必要はありません。", _ORDER
        ),
        "unknown_ground": Reason(
            "事由", "事由 {given} はこの見直しにありません。", "見直しの事由の番号を確かめてください。", _ORDER
        ),
        "other_assessment": Reason(
            "評価書", "この見直しは別の評価書のものです。", "評価書の番号を確かめてください。", _ORDER
        ),
        "withdrawal_open": Reason(
            "取下げ",
            "この見直しでは、別の取下げが同意又は決定を待っています。",
            "それが決まってから申し出てください。",
            _ORDER,
        ),
        "not_withdrawable": Reason(
            "事由",
            "「{kind}」の事由「{title}」は取り下げられません（年次・法定の事由、本システムによる事由、重大事故）。",
            "検討結果で「変更なし」とするかどうかを両者で検討してください。",
            "規則第14条第1項",
        ),
        "not_reporters_side": Reason(
            "行為者",
            "事由の取下げは、それを報告した側だけが申し出られます。",
            "報告者本人又は報告者の属する側に申し出てもらってください。",
            _ITEM_5,
        ),
        "no_withdrawal": Reason(
            "取下げ", "同意を待つ取下げがありません。", "見直しの現在の状態を確かめてください。", _ORDER
        ),
        "not_asked": Reason(
            "行為者",
            "この取下げに同意するかどうかは「{asked}」が決めます。",
            "{asked}の者が行ってください。",
            _ITEM_5,
        ),
        "no_return": Reason(
            "異議",
            "一度も差し戻されていない案には異議を申し出られません。",
            "承認するか、指摘を添えて差し戻してください。",
            _ORDER,
        ),
        "disputed": Reason(
            "異議",
            "この案には異議が申し出られており、総括保護管理者の裁定を待っています。",
            "裁定を待ってください。",
            _ORDER,
        ),
        "nothing_to_settle": Reason(
            "裁定",
            "「{ruling}」の裁定を待つものがありません。",
            "取下げへの不同意又は案への異議があるときに裁定してください。",
            _ORDER,
        ),
        "other_owner": Reason(
            "所管替え",
            "部署「{given}」からの所管替えですが、この評価書は部署「{owner}」が担当しています。",
            "現在の担当部署を確かめてください。",
            _ORDER,
        ),
        "same_department": Reason(
            "所管替え",
            "この評価書は既に部署「{department}」が担当しています。",
            "新しく担当する部署を指定してください。",
            _ORDER,
        ),
        "form_version": Reason(
            "様式の版",
            "様式の版 {given} の案は、この見直しでは提出できません。",
            "{permitted} の様式で案を作ってください。",
            "番号法第27条第1項（特定個人情報保護評価指針の様式）",
        ),
        "nothing_published": Reason(
            "事由",
            "この評価書はまだ公表されていません。新規の評価は「新たな事務」の報告により始めます。",
            "`minaoshi report new-business` で新たな事務を報告してください。",
            "規則第5条第1項",
        ),
        "already_published": Reason(
            "事由",
            "この評価書は既に公表されており、新規の評価はできません。",
            "変更があるときは、環境の変化として報告してください。",
            "規則第14条第1項",
        ),
        "course_without_ground": Reason(
            "結論",
            "「{course}」は、「{ground}」の事由がある見直しに限ります。",
            "事務をやめたときは、`minaoshi report end-of-business` で報告してください。",
            "規則第16条",
        ),
        "alarm": Reason("督促", "この予鈴は今は鳴りません。", "時計は本システムが計ります。", _ORDER),
        "act_id_taken": Reason(
            "行為番号",
            "行為番号 {given} は、別の内容の行為に既に使われています。",
            "新しい行為番号で行ってください。",
            _ORDER,
        ),
        "update_id": Reason(
            "行為番号",
            "行為番号と Update ID が異なります。",
            "Update ID に行為番号をそのまま用いてください。",
            _ORDER,
        ),
        "too_large": Reason(
            "行為の内容",
            "内容が大きすぎます（{size:,}バイト、上限{largest:,}バイト）。",
            "記載を短くするか、資料に分けて、その名称とSHA-256を記してください。",
            _ORDER,
        ),
    }
)
"""見直しの行為を受け付けない理由: by their codes."""
