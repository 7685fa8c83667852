"""リスク事案の行為を受け付けない理由の文 (refusal texts of risk events)."""

from __future__ import annotations

from types import MappingProxyType

from guideline.refusal_texts import Reason

_ORDER = "リスク事案の手順"
_DUTIES = "職務の分離"
_ITEM_2 = "改善策の実施状況 2"
_ITEM_4 = "改善策の実施状況 4"
_KNOWN = "特定個人情報ガイドライン別添2の3D"
_REPORT = "漏えい等報告規則第3条"

EVENT_REASONS = MappingProxyType(
    {
        "other_event": Reason(
            "リスク事案の番号",
            "この行為はリスク事案 {given} に対するもので、送られた先は {open} です。",
            "リスク事案の番号を確かめてください。",
            _ORDER,
        ),
        "event_status": Reason(
            "リスク事案の状況",
            "このリスク事案は「{status}」で、「{act}」はできません。",
            "新たな事実があるときは、新しい報告を行ってください。提出した報告の訂正と追完は、終了の後もできます。",
            _ORDER,
        ),
        "event_side": Reason(
            "行為者", "この者は、このリスク事案について「{act}」を行えません。", "{allowed}が行ってください。", _DUTIES
        ),
        "event_department": Reason(
            "部署",
            "部署「{given}」は、このリスク事案を知った部署ではないため、その職員は「{act}」を行えません。",
            "{allowed}が行ってください。",
            _DUTIES,
        ),
        "already_acknowledged": Reason(
            "受領確認",
            "受領は、{person} が既に確認しています。",
            "二度の確認は要りません。次にすべきことは `minaoshi event show` で確かめてください。",
            _ITEM_2,
        ),
        "unknown_fact": Reason(
            "変わった項目",
            "事実の項目「{given}」はありません。",
            "BreachFacts の項目名を記してください（報告の内容は account.cause のように記します）。",
            _ORDER,
        ),
        "known_on_is_of_knowledge": Reason(
            "知った日",
            "いずれかの部署が最初に知った日は、事実の更新では変えられません。",
            "別の部署が先に知っていたときは、その部署と日を `minaoshi event knew` で加えてください。",
            _KNOWN,
        ),
        "nothing_changed": Reason(
            "変わった項目",
            "示された事実は、既に記録されている事実と同じです。",
            "変わった項目を記してください。分からなくなった項目は null（不明）と記します。",
            _ORDER,
        ),
        "learned_when": Reason(
            "これを知った日",
            "これを知った日 {given} は、最初に知った日 {known_on} より前か、今日 {today} より後です。",
            "今日までの日を記してください。最初に知った日より前に知っていたときは `minaoshi event knew` で加えます。",
            _KNOWN,
        ),
        "knowledge_future": Reason(
            "知った日",
            "知った日 {given} は、今日 {today} より後です。",
            "その部署が知った日を確かめてください。",
            _KNOWN,
        ),
        "knowledge_there": Reason(
            "知った部署",
            "「{department}」が {known_on} までに知っていたことは、既に記録されています。",
            "より早く知った部署か日があれば、それを記してください。",
            _KNOWN,
        ),
        "joins_itself": Reason(
            "同じ事案の番号",
            "リスク事案 {given} は、この事案そのものか、既に同じ事案として加えられています。",
            "同じ事案である別の報告の番号を記してください。",
            _ORDER,
        ),
        "own_report": Reason(
            "行為者",
            "報告書を書いた者は、その報告書を承認できません。",
            "対策チームの別の者が承認してください。",
            _DUTIES,
        ),
        "approved_already": Reason(
            "報告書",
            "この報告書は、{person} が既に承認しています。",
            "提出したら、受付番号とともに記録してください。",
            _ORDER,
        ),
        "filing_not_approved": Reason(
            "報告書",
            "この報告書（{given}）は、{kind}として承認されていません。",
            "書いた者とは別の対策チームの者が、提出する報告書を承認してください（`minaoshi event approve`）。",
            _DUTIES,
        ),
        "filing_order": Reason(
            "提出の区分",
            "「{given}」の前に、「{before}」の提出の記録が要ります。",
            "先の提出を記録してください。速報の時に全ての事項を報告したときは、速報を兼ねる確報（both）とします。",
            _REPORT,
        ),
        "filing_again": Reason(
            "提出の区分",
            "「{given}」は既に提出され、これを待つ期限はありません。",
            "報告の後に分かったことは追完（supplement）、誤りは訂正（correction）として記録してください。",
            _REPORT,
        ),
        "correction_of_what": Reason(
            "訂正",
            "訂正には、どの報告書を訂正するかと、その理由が要ります。",
            "訂正する報告書の版（`minaoshi event show` に示されます。例 final/1）と、理由を記してください。",
            _REPORT,
        ),
        "correction_of_no_correction": Reason(
            "訂正",
            "「{kind}」の提出では、訂正する報告書を示せません。",
            "訂正のときは、提出の区分を訂正（correction）としてください。",
            _REPORT,
        ),
        "correction_never_filed": Reason(
            "訂正する報告書",
            "報告書（{given}）は、この事案では提出されていません。提出していないものは訂正できません。",
            "提出した版を `minaoshi event show` で確かめてください。別の事案の報告書は、その事案で訂正します。",
            _REPORT,
        ),
        "correction_by_the_same": Reason(
            "報告書",
            "報告書（{given}）は、既に提出されたものと同じです。同じ報告書では訂正になりません。",
            "直した報告書を、別の者が承認してから（`minaoshi event approve`）、そのSHA-256を記してください。",
            _REPORT,
        ),
        "corrected_already": Reason(
            "訂正する報告書",
            "報告書（{given}）は、既に報告書（{by}）により訂正されています。",
            "重ねて訂正するときは、訂正した後の報告書を訂正してください。",
            _REPORT,
        ),
        "correction_kind": Reason(
            "報告書",
            "訂正する報告書は{corrected}ですが、示された報告書は{given}です。",
            "{corrected}を直した報告書を承認し、それを提出してください。",
            _REPORT,
        ),
        "filing_incomplete": Reason(
            "提出",
            "「{kind}」の提出の記録には、根拠資料が要ります。",
            "受付の控えなどの名称とSHA-256を、--evidence 名称=SHA256 で記してください。",
            _ITEM_4,
        ),
        "filed_already": Reason(
            "報告書",
            "報告書（{given}）は、受付番号「{number}」で既に提出されています。同じ報告書は二度提出できません。",
            "新たに提出した報告書を承認し、そのSHA-256を記してください。",
            _REPORT,
        ),
        "filed_before": Reason(
            "提出した日",
            "「{kind}」を提出した日 {given} は、その前の「{before}」を提出した日 {day} より前です。",
            "受付の控えで、提出した日を確かめてください。",
            _REPORT,
        ),
        "filing_contradicts": Reason(
            "報告書",
            "報告書（{given}）は、承認の後に改められた事実と合いません: {faults}",
            "示された項目を事実に合わせた報告書を、改めて承認してから提出してください（`minaoshi event approve`）。",
            _REPORT,
        ),
        "closed_filing": Reason(
            "提出の区分",
            "終了したリスク事案に、「{given}」は記録できません。記録できるのは追完と訂正です。",
            "新たな事実により報告を要するときは、新しい報告を行ってください。",
            _ORDER,
        ),
        "closed_unfiled": Reason(
            "リスク事案の状況",
            "このリスク事案は終了しており、「{act}」は、提出した報告の訂正又は追完のためのものに限ります。"
            "その元になる提出の記録がありません。",
            "新たな事実があるときは、新しい報告を行ってください。",
            _ORDER,
        ),
        "closed_new_date": Reason(
            "リスク事案の状況",
            "この事実により、終了したリスク事案に新たな期限が生じます: {dates}",
            "この事実は、新しい報告として行ってください。期限は、そこで追跡されます。",
            _ORDER,
        ),
        "event_moved_on": Reason(
            "リスク事案",
            "このリスク事案には、同時に別の行為が記録されました。この行為は記録していません。",
            "`minaoshi event show` で今の状況を確かめ、もう一度行ってください。",
            _ORDER,
        ),
        "impossible_fact": Reason(
            "変わった項目",
            "示された事実は、あり得ません。{faults}",
            "示された箇所を直してください。",
            _ORDER,
        ),
        "filing_number": Reason(
            "受付番号",
            "受付番号「{given}」の提出は、既に記録されています。",
            "受付番号を確かめてください。",
            _ITEM_4,
        ),
        "event_date": Reason(
            "行った日",
            "{given} は、最初に知った日 {known_on} より前か、今日 {today} より後です。",
            "実際に行った日を記してください。",
            _ORDER,
        ),
        "notification_incomplete": Reason(
            "本人への通知",
            "「{kind}」には、{missing}が要ります。",
            "{missing}を記してください。",
            "番号法第29条の4第2項",
        ),
        "reportable": Reason(
            "報告の要否",
            "分かっている事実では、報告を要します。報告を要しないとはできません。",
            "報告するか、事実が違うときは事実を改めてください（`minaoshi event update`）。",
            _ITEM_4,
        ),
        "not_decided": Reason(
            "報告の要否",
            "報告の要否は、まだ決まりません。決まらない間は、報告を要しないとはできません。",
            "次の問いの答えを確かめ、事実を改めてください: {questions}",
            _ITEM_4,
        ),
        "nothing_proposed": Reason(
            "報告の要否",
            "報告を要しないとの申出は、今の事実（第{facts_revision}版）についてはありません。",
            "担当部署の保護管理者か対策チームが、理由を示して申し出てください。",
            _ITEM_4,
        ),
        "proposed_already": Reason(
            "報告の要否",
            "報告を要しないとの申出は、{person} が既にしています。",
            "もう一方の側が確認してください。事実が変われば、申出は効力を失います。",
            _ITEM_4,
        ),
        "own_proposal": Reason(
            "行為者",
            "申し出た者、又は同じ側の者は、報告を要しないことを確認できません。",
            "もう一方の側（{other}）の者が確認してください。",
            _ITEM_4,
        ),
        "measure_past": Reason(
            "再発防止策の期限",
            "再発防止策の期限 {given} は、今日 {today} より前です。",
            "今日以後の期限を記してください。",
            _ORDER,
        ),
        "event_incomplete": Reason(
            "終了",
            "このリスク事案には、まだ済んでいないことがあります: {missing}",
            "示されたことを済ませてください。要しないものは、その理由を記してください。",
            _ITEM_4,
        ),
        "review_of_another": Reason(
            "開かれた見直し",
            "見直し {given} は、この報告により開かれたものではありません。",
            "見直しの番号を確かめてください。`minaoshi event close` は、台帳にある見直しを自ら示します。",
            _ORDER,
        ),
        "not_joined": Reason(
            "同じ事案として引き継ぐ先",
            "リスク事案 {given} は、この事案を同じ事案として加えていません。",
            "引き継ぐ先の事案に、先にこの事案を加えてください（`minaoshi event join`）。",
            _ORDER,
        ),
        "report_not_stored": Reason(
            "報告書",
            "報告書（{given}）は台帳にないか、{kind}ではありません。",
            "`minaoshi event approve` で、提出する報告書のファイルを指定してください。",
            _ORDER,
        ),
        "event_full": Reason(
            "記録の数",
            "「{act}」の記録が{most}件に達しています。",
            "追加の記録は、新しい報告として行い、同じ事案として加えてください。",
            _ORDER,
        ),
    }
)
"""リスク事案の行為を受け付けない理由の文: by their codes."""
