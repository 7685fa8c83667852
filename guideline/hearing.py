"""意見聴取の期間 (period of hearing): how long opinions are heard, and when that ends at the earliest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from guideline.provisions import GUIDELINE_5_3, LAW_28_1, RULE_7_1, Provision, rows_in_force
from schemas.procedure import Hearing, Notice, OpinionSheet


@dataclass(frozen=True, slots=True)
class HearingRow:
    """意見聴取の期間の一行 (hearing row): in principle so many calendar days or more."""

    in_force_on: date
    days: int
    provisions: tuple[Provision, ...]
    confirmed: bool


HEARINGS = (HearingRow(date(2016, 1, 1), 30, (LAW_28_1, RULE_7_1, GUIDELINE_5_3), confirmed=False),)
"""意見聴取の期間: seen in a secondary source. The first day does not count: the safe side of an open question."""


def hearing_days(*, on: date) -> int:
    """Give how many days opinions are to be heard at least. Raises NotInForceError before the first row."""
    return rows_in_force(HEARINGS, on=on, rule="意見聴取の期間")[0].days


def days_heard(*, began_on: date, until_on: date) -> int:
    """Give how many days opinions are heard, the first day not counted."""
    return (until_on - began_on).days


def is_too_short(notice: Notice, *, began_on: date) -> bool:
    """Say whether the period is shorter than the rule without a reason (指針第5の3)."""
    heard = days_heard(began_on=began_on, until_on=notice.until_on)
    return heard < hearing_days(on=began_on) and notice.shortened_reason is None


def ends_at_the_earliest(*, began_on: date) -> date:
    """Give the day on which a hearing that begins on that day ends at the earliest, without a reason to shorten it."""
    return began_on + timedelta(days=hearing_days(on=began_on))


def hearing_of(sheet: OpinionSheet, *, digest: str) -> Hearing:
    """Give what a list of opinions tells of its hearing: how many there were, and how many change the text."""
    return Hearing(opinions=len(sheet.opinions), reflected=sum(one.reflected for one in sheet.opinions), sheet=digest)
