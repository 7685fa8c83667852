"""公金受取口座の誤登録 (2022-2023): when its reports would have been due, and how late the real one came.

The days stand in demo/account_registration.toml; tests/demo/test_account_story.py plays them on the engine.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from demo.account_registration import history
from guideline.breach_deadlines import BreachDeadline, DeadlineKind, clock_of, deadlines_of, delay_of
from guideline.breach_report import BreachJudgement
from guideline.breach_situations import BreachLaw
from schemas.breach import Happening, Knowledge, KnownBy
from tests.guideline.breaches import judged, met

FIRST_CITY, TAX_AGENCY, FUKUSHIMA, LEADERSHIP, INSPECTED, REPORTED_ON = (
    history().entry(one).on for one in ("first-desk", "tax-agency", "fukushima", "leadership", "inspection", "filing")
)
REPORTED = datetime.combine(REPORTED_ON, time(3), tzinfo=UTC)

WRONG_ACCOUNT: dict[str, Any] = {"leak": Happening.FEARED, "number_use_system": True, "on": LEADERSHIP}


def reports(judgement: BreachJudgement, known_on: date, **later: Any) -> dict[DeadlineKind, list[BreachDeadline]]:
    found = deadlines_of(judgement, known_on=known_on, **later)
    return {
        kind: [one for one in found if (one.kind, one.law) == (kind, BreachLaw.NUMBER_ACT)] for kind in DeadlineKind
    }


@pytest.mark.parametrize(
    ("known_on", "preliminary_until", "final_on", "late"),
    [
        pytest.param(FIRST_CITY, date(2022, 8, 4), date(2022, 8, 29), 305, id="豊島区から聞いた月"),
        pytest.param(TAX_AGENCY, date(2023, 3, 4), date(2023, 3, 29), 93, id="国税庁から聞いた月"),
        pytest.param(FUKUSHIMA, date(2023, 4, 15), date(2023, 5, 10), 51, id="福島市から聞いた日"),
    ],
)
def test_one_person_was_enough_and_each_desk_that_knew_started_the_clock(
    known_on: date, preliminary_until: date, final_on: date, late: int
) -> None:
    judgement = judged(**WRONG_ACCOUNT, persons_confirmed=1, persons_at_most=2)
    assert met(judgement, law=BreachLaw.NUMBER_ACT) == ["breach-2-1-b"]
    found = reports(judgement, known_on)
    (preliminary,), (final,) = found[DeadlineKind.PRELIMINARY], found[DeadlineKind.FINAL]
    assert (preliminary.latest, final.latest) == (preliminary_until, final_on)
    assert (REPORTED.date() - final_on).days == late


def test_the_desk_that_knew_first_counts_not_the_leadership_that_was_told_last() -> None:
    clock = clock_of(
        [
            Knowledge(department="leadership", known_on=LEADERSHIP, known_by=KnownBy.DEPARTMENT),
            Knowledge(department="tax-desk", known_on=TAX_AGENCY, known_by=KnownBy.DEPARTMENT),
            Knowledge(department="account-desk", known_on=FIRST_CITY, known_by=KnownBy.DEPARTMENT),
        ]
    )
    assert clock.known_on == FIRST_CITY
    assert delay_of(clock.known_on, REPORTED).days == 334


def test_the_inspection_made_it_more_than_a_hundred_with_a_clock_of_its_own() -> None:
    judgement = judged(**{**WRONG_ACCOUNT, "on": INSPECTED}, persons_confirmed=11, persons_at_most=748)
    assert met(judgement, law=BreachLaw.NUMBER_ACT) == ["breach-2-1-b", "breach-2-4-a"]
    found = reports(judgement, FUKUSHIMA, situations_known_on={"breach-2-4-a": INSPECTED})
    assert [one.latest for one in found[DeadlineKind.FINAL]] == [date(2023, 5, 10), date(2023, 7, 6)]
    assert [one.latest for one in found[DeadlineKind.PRELIMINARY]] == [date(2023, 4, 15), date(2023, 6, 11)]


def test_nothing_of_then_is_said_to_be_confirmed() -> None:
    judgement = judged(**WRONG_ACCOUNT, persons_confirmed=1, persons_at_most=2)
    assert not any(one.confirmed for one in deadlines_of(judgement, known_on=TAX_AGENCY))
