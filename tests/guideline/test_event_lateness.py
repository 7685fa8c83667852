"""遅れ: by how many days what a deadline asks for was late, and where no number can be said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guideline.event_lateness import days_late, first_done_on
from schemas.events import EventClock, EventDeadline, EventState, FilingKind, Notification, NotificationKind
from tests.guideline.breaches import facts
from tests.guideline.event_samples import EVIDENCE, LEAK, ON, event, filing

FINAL_DUE_ON = date(2026, 6, 30)


def deadline(state: EventState, kind: EventClock) -> EventDeadline:
    return next(one for one in state.deadlines if one.kind is kind)


@pytest.mark.parametrize(
    ("filed_on", "late"),
    [
        pytest.param(FINAL_DUE_ON - timedelta(days=1), 0, id="前日"),
        pytest.param(FINAL_DUE_ON, 0, id="期限の日"),
        pytest.param(FINAL_DUE_ON + timedelta(days=1), 1, id="翌日"),
        pytest.param(FINAL_DUE_ON + timedelta(days=305), 305, id="305日後"),
    ],
)
def test_a_final_report_is_late_from_the_day_after_its_date(filed_on: date, late: int) -> None:
    state = event(facts(**LEAK), filings=(filing(FilingKind.FINAL, filed_on=filed_on),))
    final = deadline(state, EventClock.FINAL)
    assert final.due_on == FINAL_DUE_ON
    assert (first_done_on(final, state), days_late(final, state)) == (filed_on, late)


def test_the_first_filing_counts_and_one_of_another_kind_does_not() -> None:
    early, later = ON + timedelta(days=9), ON + timedelta(days=40)
    filings = (
        filing(FilingKind.BOTH, filed_on=later),
        filing(filed_on=early),
        filing(FilingKind.SUPPLEMENT, filed_on=ON),
    )
    state = event(facts(**LEAK), filings=filings)
    assert first_done_on(deadline(state, EventClock.PRELIMINARY), state) == early
    assert days_late(deadline(state, EventClock.PRELIMINARY), state) == 5
    assert first_done_on(deadline(state, EventClock.FINAL), state) == later


def test_of_what_is_not_done_nothing_is_said() -> None:
    state = event(facts(**LEAK))
    for one in state.deadlines:
        assert (first_done_on(one, state), days_late(one, state)) == (None, None)


def test_a_notice_to_persons_has_its_first_day_and_no_lateness() -> None:
    told = [
        Notification(kind=NotificationKind.NOT_DUE, reason="公表した。"),
        Notification(kind=NotificationKind.NOTICE, done_on=ON + timedelta(days=90), evidence=EVIDENCE),
        Notification(kind=NotificationKind.NOTICE, done_on=ON + timedelta(days=50), evidence=EVIDENCE),
    ]
    state = event(facts(**LEAK), notifications=tuple(told))
    notice = deadline(state, EventClock.NOTICE_TO_PERSONS)
    assert first_done_on(notice, state) == ON + timedelta(days=50)
    assert days_late(notice, state) is None
    not_due = state.model_copy(update={"notifications": tuple(told[:1])})
    assert first_done_on(notice, not_due) is None


def test_a_contractor_tells_its_principal_late() -> None:
    known = facts(**LEAK, as_contractor=True, principal_has_duty=True, principal_notified_on=ON + timedelta(days=6))
    state = event(known)
    told = deadline(state, EventClock.NOTICE_TO_PRINCIPAL)
    assert told.due_on == ON + timedelta(days=4)
    assert (first_done_on(told, state), days_late(told, state)) == (ON + timedelta(days=6), 2)
