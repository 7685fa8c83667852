"""意見聴取の期間 (public comment): how long opinions must be heard, and when a shorter time needs its reason.

Days are counted without the first: from the 1st to the 31st is 30. Whether the first day counts is not settled in the
texts at hand; not to count it never lets too short a time pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from guideline.form_answers import Answers, Breach, FormRule
from guideline.hearing import hearing_days
from schemas.forms.errors import Severity

_COMMENT = "/procedure/public_comment"
_BEGAN, _ENDED, _REASON = f"{_COMMENT}/began_on", f"{_COMMENT}/ended_on", f"{_COMMENT}/shortened_reason"

_PROVISION = "指針第5の3（要確認）"


def _days(answers: Answers) -> int | None:
    """Give the days that opinions were heard for; None where a day is missing, or the last is not after the first."""
    began_on, ended_on = answers.day(_BEGAN), answers.day(_ENDED)
    return (ended_on - began_on).days if began_on and ended_on and ended_on > began_on else None


def _ends_after_it_begins(answers: Answers, _: date) -> Iterator[Breach]:
    began_on, ended_on = answers.day(_BEGAN), answers.day(_ENDED)
    if began_on and ended_on and ended_on <= began_on:
        yield Breach(
            _ENDED,
            f"意見聴取の終了日（{ended_on.isoformat()}）が、開始日（{began_on.isoformat()}）より後の日ではありません。"
            "どちらが正しいかを確かめ、直してください。",
        )


def _short_without_reason(answers: Answers, on: date) -> Iterator[Breach]:
    days, least = _days(answers), hearing_days(on=on)
    if days is not None and days < least and not answers.text(_REASON):
        yield Breach(
            _REASON,
            f"意見聴取の期間が{days}日間（初日を数えない。要確認）で、原則の{least}日間より短いのに、"
            "期間を短縮する特段の理由がありません。理由を記入するか、期間を確かめてください。",
        )


def _for(form: str, answers: Answers, on: date) -> Iterator[Breach]:
    if answers.form == form:
        yield from _short_without_reason(answers, on)


def _reason_without_need(answers: Answers, on: date) -> Iterator[Breach]:
    days, least = _days(answers), hearing_days(on=on)
    if days is not None and days >= least and answers.text(_REASON):
        yield Breach(
            _REASON,
            f"意見聴取の期間は{days}日間で、原則の{least}日間より短くないのに、期間を短縮する特段の理由があります。"
            "期間が正しければ、理由を取り除いてください。",
        )


COMMENT_RULES = (
    FormRule(
        id="comment_ends_after_it_begins",
        sentence="意見聴取の終了日は、開始日より後の日である。",
        provision="番号法第28条第1項、規則第7条第1項",
        find=_ends_after_it_begins,
    ),
    FormRule(
        id="comment_shortened_with_reason",
        sentence="全項目評価の意見聴取の期間が30日間より短いときは、短縮する特段の理由がある。",
        provision=_PROVISION,
        find=lambda answers, on: _for("all_items", answers, on),
    ),
    FormRule(
        id="voluntary_comment_shortened_with_reason",
        sentence="重点項目評価の意見聴取は任意であるが、期間が30日間より短いときは、様式の短縮する特段の理由を記す。",
        provision="様式3 Ⅴ2③（任意の意見聴取。要確認）",
        find=lambda answers, on: _for("priority_items", answers, on),
        severity=Severity.WARNING,
    ),
    FormRule(
        id="comment_reason_without_need",
        sentence="期間を短縮する特段の理由は、期間が短いときにだけ記す。",
        provision=_PROVISION,
        find=_reason_without_need,
        severity=Severity.WARNING,
    ),
)
"""意見聴取の規則: of 様式3 and 様式4."""
