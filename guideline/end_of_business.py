"""事務の終了 (end of business): the mark in the title, and how long the assessment stays published (規則16条).

The mark and the three years stand in the explanation of the forms (記載要領), not in the ordinance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from guideline.deadlines import years_after
from guideline.provisions import FORM_INSTRUCTIONS_END, RULE_16, Provision, rows_in_force
from schemas.forms.wording import japanese_day


@dataclass(frozen=True, slots=True)
class PublicationPeriodRow:
    """終了後の公表期間 (how long an assessment stays published after the end), in whole years."""

    in_force_on: date
    years: int
    provisions: tuple[Provision, ...]
    confirmed: bool = True


PUBLICATION_PERIODS = (PublicationPeriodRow(date(2016, 1, 1), 3, (RULE_16, FORM_INSTRUCTIONS_END), confirmed=False),)
"""公表期間: three years from the day on which the business ended, whatever the day of publication."""

ANOTHER_YEAR = 1
"""公表を続ける: a decision to go on publishing is asked for again after so many years (our own choice)."""


def published_until(ended_on: date) -> date:
    """Give the day until which the assessment must stay published."""
    row = rows_in_force(PUBLICATION_PERIODS, on=ended_on, rule="終了後の公表期間")[-1]
    return years_after(ended_on, years=row.years)


def published_on_until(until: date) -> date:
    """Give the next day on which the end of the publication is to be decided, where it goes on."""
    return years_after(until, years=ANOTHER_YEAR)


def mark_of(ended_on: date) -> str:
    """Give what is written behind the title of an assessment whose business has ended."""
    return f"【{japanese_day(ended_on)} 終了】"


def faults_of_ended(document: Mapping[str, object], *, ended_on: date) -> tuple[str, ...]:
    """Say what is wrong with the text of an assessment whose business ends; nothing where its title has the mark."""
    cover = document.get("cover")
    title = cover.get("assessment_name") if isinstance(cover, Mapping) else None
    mark = mark_of(ended_on)
    if isinstance(title, str) and title.endswith(mark):
        return ()
    why = f"事務が終了した評価書には、評価書名の後に「{mark}」と記します（{FORM_INSTRUCTIONS_END.article}）"
    return (f"評価書名: {why}。評価書名を改めてください。",)
