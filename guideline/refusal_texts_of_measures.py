"""対応策を受け付けない理由の文 (refusal texts of measures): answers and countermeasures."""

from __future__ import annotations

from types import MappingProxyType

from guideline.refusal_texts import Reason

_ITEM_5 = "改善策の実施状況 5"
_ORDER = "見直しの手順"
_DUTIES = "職務の分離"

MEASURE_REASONS = MappingProxyType(
    {
        "measure_answers": Reason(
            "リスク対策の実態",
            "記載された全てのリスク対策について、実態を様式の選択肢で答えます。答えのない項目: {missing}",
            "示された項目に answer（particular_effort / sufficient / issues_remain など）を記してください。",
            _ITEM_5,
        ),
        "without_countermeasure": Reason(
            "対応策",
            "「{item}」は課題が残されていますが、対応策がありません。",
            "対応策の内容・担当者・期限を記すか、既に実施中の対応策の番号を記してください。",
            _ITEM_5,
        ),
        "unknown_countermeasure": Reason(
            "対応策",
            "対応策 {given} は、「{item}」について実施中のものではありません。",
            "実施中の対応策の番号を確かめるか、新しい対応策を記してください。",
            _ITEM_5,
        ),
        "countermeasure_past": Reason(
            "対応策の期限",
            "「{item}」の対応策の期限 {given} は、検討の日 {today} より前です。",
            "今日以後の期限を記してください。",
            _ITEM_5,
        ),
        "other_countermeasure": Reason(
            "対応策番号",
            "この行為は対応策 {given} に対するもので、送られた先は {open} です。",
            "対応策の番号を確かめてください。",
            _ORDER,
        ),
        "countermeasure_status": Reason(
            "対応策の状況",
            "この対応策は「{status}」で、「{act}」はできません。",
            "対応策の現在の状況を確かめてください。",
            _ORDER,
        ),
        "countermeasure_side": Reason(
            "行為者", "この者は、この対応策について「{act}」を行えません。", "{allowed}が行ってください。", _DUTIES
        ),
        "countermeasure_department": Reason(
            "部署",
            "部署「{given}」は、この対応策の担当部署ではないため、その職員は「{act}」を行えません。",
            "{allowed}が行ってください。",
            _DUTIES,
        ),
        "own_completion": Reason(
            "行為者",
            "対応策の担当者及び完了を報告した者は、その完了を確認できません。",
            "対策チームの別の者が確認してください。",
            _ITEM_5,
        ),
        "not_later": Reason(
            "対応策の期限",
            "新しい期限 {given} は、これまでの期限 {due_on} より後でないか、既に過ぎています。",
            "これまでの期限より後の、今日以後の日を記してください。",
            _ITEM_5,
        ),
        "rejected_without_date": Reason(
            "対応策の期限",
            "期限 {due_on} を過ぎています。完了と認めないときは、新しい期限が要ります。",
            "新しい期限を併せて記してください。",
            _ITEM_5,
        ),
    }
)
"""対応策を受け付けない理由の文: by their codes."""
