"""重大事故 (serious incident): whether a risk event is one, by a dated definition.

The definition stands in the 指針 and was not read after 2022; it is remembered, and so nothing here is confirmed. It is
used at two places: for the しきい値判断 (規則4条8号ロ), and for the 修正 that follows an incident (規則14条1項).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guideline.provisions import GUIDELINE_SERIOUS_INCIDENT, RULE_4_8_B, RULE_14_1, Provision, cited, rows_in_force
from schemas.reports import RiskEvent


@dataclass(frozen=True, slots=True)
class SeriousIncidentRow:
    """重大事故の定義 (definition): more persons than this, or an intention, make a serious incident."""

    in_force_on: date
    more_persons_than: int
    provisions: tuple[Provision, ...]
    confirmed: bool


SERIOUS_INCIDENTS = (
    SeriousIncidentRow(
        date(2016, 1, 1),
        more_persons_than=100,
        provisions=(GUIDELINE_SERIOUS_INCIDENT, RULE_4_8_B, RULE_14_1),
        confirmed=False,
    ),
)
"""重大事故の定義: all rows, the oldest first."""


@dataclass(frozen=True, slots=True)
class Seriousness:
    """重大事故の判断 (finding): whether the event is one, by what is known of it, and why."""

    serious: bool
    reasons: tuple[str, ...]
    provisions: tuple[Provision, ...]
    confirmed: bool


def seriousness(event: RiskEvent, *, on: date) -> Seriousness:
    """Say whether an event is a 重大事故 by what is known of it; an unknown number counts as nobody yet.

    Raises NotInForceError for a day before the first definition.
    """
    row = rows_in_force(SERIOUS_INCIDENTS, on=on, rule="重大事故の定義")[0]
    persons = max(event.persons_affected or 0, event.persons_feared or 0)
    if event.intentional:
        why, serious = "不正の目的によるおそれがあるため、重大事故として扱います", True
    elif persons > row.more_persons_than:
        why, serious = (
            f"本人の数が{persons:,}人で{row.more_persons_than}人を超えるため、重大事故として扱います",
            True,
        )
    else:
        known = "不明は0人と扱う"
        why = f"本人の数（{persons:,}人、{known}）は{row.more_persons_than}人以下であり、重大事故として扱いません"
        serious = False
    return Seriousness(serious, (f"{why}（{cited(row.provisions)}、定義は要確認）。",), row.provisions, row.confirmed)
