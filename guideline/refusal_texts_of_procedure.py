"""手続を受け付けない理由の文 (refusal texts of the procedure): steps and gates."""

from __future__ import annotations

from types import MappingProxyType

from guideline.refusal_texts import Reason

_ORDER = "見直しの手順"

PROCEDURE_REASONS = MappingProxyType(
    {
        "step_order": Reason(
            "手続",
            "次に行う手続は「{expected}」です。「{given}」はまだできません。",
            "定められた順に行ってください。",
            "{provision}",
        ),
        "future": Reason(
            "実施日", "実施日 {given} は今日 {today} より後です。", "済んだ手続だけを記録してください。", _ORDER
        ),
        "already_submitted": Reason(
            "呼戻し",
            "個人情報保護委員会へ提出した後は呼び戻せません。",
            "改めるべきことがあれば、意見・条件を受けた改訂として起案に戻してください。",
            _ORDER,
        ),
        "no_step_done": Reason(
            "改訂",
            "手続がまだ一つも行われていないため、意見や条件を受けた改訂はできません。",
            "手続の前に改めるときは、総括保護管理者が呼び戻してください。",
            "番号法第28条第2項",
        ),
        "before_the_end": Reason(
            "実施日",
            "通知の日 {given} は、事務の実施をやめた日 {ended_on} より前です。",
            "やめた後に通知し、その日を記録してください。",
            "規則第16条",
        ),
        "unknown_gate": Reason(
            "関門",
            "この見直しに、関門「{gate}」の予定はありません。",
            "新たな事務の報告に記した関門を確かめてください。",
            "規則第9条第1項",
        ),
        "gate_passed": Reason(
            "関門", "関門「{gate}」は既に通過しています。", "見直しの現在の状態を確かめてください。", _ORDER
        ),
        "gate_reason": Reason(
            "関門",
            "「{step}」が済んでいないため、「{gate}」を通過できません。",
            "手続を済ませるか、先に通過する理由を記してください。",
            "規則第9条第1項",
        ),
        "gate_emergency": Reason(
            "関門",
            "「{step}」が済んでいないため、「{gate}」を通過できません。",
            "手続を済ませてください。災害等のやむを得ない事由と緊急の必要がある場合に限り、その事由を記して通過できます。",
            "規則第9条第2項",
        ),
        "gate_never": Reason(
            "関門",
            "「{step}」が済んでいないため、「{gate}」はできません。例外はありません。",
            "評価書を公表してください。",
            "番号法第28条第6項",
        ),
        "step_side": Reason(
            "行為者",
            "「{step}」は、「{party}」としては記録できません。",
            "{allowed}が記録してください。",
            "{provision}",
        ),
        "step_evidence": Reason(
            "根拠資料",
            "「{step}」の記録には、「{paper}」が要ります。",
            "資料の名称とSHA-256を evidence に記してください。",
            "{provision}",
        ),
        "step_too_early": Reason(
            "実施日",
            "「{step}」の実施日 {given} は、{earliest}（{why}）より前です。",
            "定められた順に行い、実際に行った日を記録してください。",
            "{provision}",
        ),
        "step_before_approval": Reason(
            "実施日",
            "「{step}」の実施日 {given} は、両者がこの案を承認した日 {approved_on} より前です。",
            "承認された案について行ってください。手続の途中から用いるときは、その事情を note に記してください。",
            "{provision}",
        ),
        "notice_missing": Reason(
            "公示",
            "公示の方法と、意見聴取の終了日がありません。",
            "notice に method と until_on を記してください。",
            "{provision}",
        ),
        "hearing_too_short": Reason(
            "意見聴取の終了日",
            "意見聴取の期間が{days}日で、原則の{least}日に足りません。",
            "期間を延ばすか、短縮する特段の理由（shortened_reason）を記してください。評価書にもその理由を記します。",
            "番号法第28条第1項、規則第7条第1項、指針第5の3（要確認）",
        ),
        "hearing_missing": Reason(
            "意見聴取の結果",
            "意見の一覧がありません。意見がなかったときも、0件と記録します。",
            "opinions に、意見ごとの内容と考え方を記してください（なければ空の一覧）。",
            "{provision}",
        ),
        "hearing_not_known": Reason(
            "意見聴取の結果",
            "意見の一覧が台帳にないか、意見の数又は反映する意見の数が一覧と異なります。",
            "意見の一覧を台帳に登録し、そのSHA-256と数を記してください。",
            "番号法第28条第2項、規則第7条第4項",
        ),
        "content_of_other_step": Reason(
            "手続の内容",
            "「{step}」の記録に、別の手続の内容（{given}）が書かれています。",
            "その手続の内容だけを記してください。",
            _ORDER,
        ),
        "not_revised": Reason(
            "評価書一式",
            "「{step}」を受けて改めることとされていますが、提出された案は前の案と同じ内容です。",
            "反映する意見又は条件に沿って案を改めてください。",
            "番号法第28条第2項、規則第7条第4項",
        ),
        "revision_needed": Reason(
            "案の改訂",
            "「{step}」を受けて案を改めることとされており、改訂した案が承認されるまで次の手続に進めません。",
            "`minaoshi review revise` で起案に戻し、案を改めてください。",
            "番号法第28条第2項、規則第7条第4項",
        ),
    }
)
"""手続を受け付けない理由の文: by their codes."""
