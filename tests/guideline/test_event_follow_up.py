"""リスク事案の追跡: whom an event calls and when, until somebody acts; and who is told of what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from guideline.clocks import end_of
from guideline.event_follow_up import alarms_of_event, told_of_event, who_is_awaited_for
from schemas.breach import Knowledge
from schemas.event_acts import EventActKind
from schemas.events import EventClock, EventState, FilingKind
from schemas.organisation import Appointment, Organisation, Role
from schemas.review import Urgency
from tests.guideline.breaches import facts
from tests.guideline.event_samples import (
    ALARM,
    AT,
    LEAK,
    LEVELS,
    NOTIFIED,
    ON,
    TEAM,
    act_of,
    closed,
    event,
    filing,
)
from tests.guideline.test_countermeasures import ORGANISATION as ONE_DEPARTMENT

REMINDER, SUPERIOR, TOP = Urgency
ACKNOWLEDGEMENT, PRELIMINARY, FINAL = EventClock.ACKNOWLEDGEMENT, EventClock.PRELIMINARY, EventClock.FINAL

ORGANISATION: Organisation = ONE_DEPARTMENT.model_copy(
    update={
        "appointments": (
            *ONE_DEPARTMENT.appointments,
            Appointment(role=Role.PRIVACY_MANAGER, body="digital-agency", department="others", persons=("manager-2",)),
        )
    }
)


def rings(state: EventState, clock: EventClock, *, at: datetime = AT) -> list[tuple[Urgency, datetime]]:
    return [(one.urgency, one.at) for one in alarms_of_event(state, LEVELS, at=at) if one.clock is clock]


def test_an_acknowledgement_is_called_for_at_half_of_its_time_and_then_until_somebody_acts() -> None:
    state = event(facts())
    due_on = date(2026, 6, 2)
    half = AT + (end_of(due_on) - AT) / 2
    assert rings(state, ACKNOWLEDGEMENT) == [
        (REMINDER, half),
        (SUPERIOR, end_of(due_on)),
        (TOP, end_of(date(2026, 6, 4))),
    ]
    at = AT
    for expected in (date(2026, 6, 4), date(2026, 6, 8), date(2026, 6, 10)):
        *_, last = alarms_of_event(state, LEVELS, at=at)
        assert (last.urgency, last.at) == (TOP, end_of(expected))
        at = last.at
        state = state.model_copy(update={"rung": (*state.rung, last)})
    # After an outage the last of those that were missed rings, and then the next.
    late = datetime(2026, 6, 22, tzinfo=UTC)
    assert rings(state, ACKNOWLEDGEMENT, at=late) == [
        (TOP, end_of(date(2026, 6, 18))),
        (TOP, end_of(date(2026, 6, 22))),
    ]
    assert rings(event(facts(), acknowledged_by="team"), ACKNOWLEDGEMENT) == []


def test_a_preliminary_report_is_called_for_on_the_next_day_on_the_last_and_at_the_limit() -> None:
    # Known on Monday the 1st: the guide is 3 to 5 days, the day of knowing being the first.
    assert rings(event(facts(**LEAK)), PRELIMINARY) == [
        (REMINDER, end_of(ON)),
        (REMINDER, end_of(date(2026, 6, 4))),
        (SUPERIOR, end_of(date(2026, 6, 5))),
        (TOP, end_of(date(2026, 6, 9))),
    ]


def test_a_final_report_is_called_for_seven_business_days_before_and_at_the_limit() -> None:
    # Due on Tuesday the 30th; seven business days before it is Friday the 19th.
    assert rings(event(facts(**LEAK)), FINAL) == [
        (REMINDER, end_of(date(2026, 6, 19))),
        (REMINDER, end_of(date(2026, 6, 29))),
        (SUPERIOR, end_of(date(2026, 6, 30))),
        (TOP, end_of(date(2026, 7, 2))),
    ]


def test_what_has_no_day_by_law_is_called_for_as_long_as_findings_may_take() -> None:
    assert rings(event(facts(**LEAK)), EventClock.NOTICE_TO_PERSONS) == [
        (REMINDER, end_of(date(2026, 6, 7))),
        (SUPERIOR, end_of(date(2026, 6, 8))),
        (TOP, end_of(date(2026, 6, 10))),
    ]


def test_what_is_done_calls_nobody() -> None:
    done = event(facts(**LEAK), filings=(filing(FilingKind.BOTH),), notifications=(NOTIFIED,), acknowledged_by="team")
    assert done.alarms == ()
    assert done.due_on is None
    assert alarms_of_event(closed(), LEVELS, at=AT) == ()


def test_one_date_of_both_laws_calls_once() -> None:
    both = event(facts(**LEAK, sensitive=True))
    assert len({one.law for one in both.deadlines}) == 2
    assert len(rings(both, FINAL)) == 4


def test_what_was_reported_late_calls_the_top_at_once_and_not_everybody_three_times() -> None:
    late = datetime(2026, 7, 20, tzinfo=UTC)
    state = event(facts(**LEAK), acknowledged_by="team", notifications=(NOTIFIED,))
    assert rings(state, PRELIMINARY, at=late) == [(TOP, end_of(date(2026, 6, 9)))]
    assert rings(state, FINAL, at=late) == [(TOP, end_of(date(2026, 7, 2)))]
    rung = state.model_copy(update={"rung": alarms_of_event(state, LEVELS, at=late)})
    assert alarms_of_event(rung, LEVELS, at=late) == ()


def test_the_next_alarm_is_the_first_and_no_alarm_rings_twice() -> None:
    state = event(facts(**LEAK))
    assert [one.at for one in state.alarms] == sorted(one.at for one in state.alarms)
    assert state.due_on == state.alarms[0].due_on
    rung = state.model_copy(update={"rung": state.alarms[:2]})
    assert alarms_of_event(rung, LEVELS, at=AT) == state.alarms[2:]


def test_a_date_that_moved_calls_anew() -> None:
    state = event(facts(**LEAK))
    rung = state.model_copy(update={"rung": state.alarms})
    moved = rung.model_copy(
        update={
            "deadlines": tuple(
                one.model_copy(update={"due_on": one.due_on + timedelta(days=30)})
                for one in state.deadlines
                if one.due_on is not None
            )
        }
    )
    assert {urgency for urgency, _ in rings(moved, FINAL)} == {REMINDER, SUPERIOR, TOP}


CALLED = [
    pytest.param(ACKNOWLEDGEMENT, REMINDER, {"team", "team-2", "owner"}, id="受領確認の督促"),
    pytest.param(FINAL, REMINDER, {"team", "team-2", "owner", "manager", "manager-2"}, id="確報の督促"),
    pytest.param(ACKNOWLEDGEMENT, SUPERIOR, {"chief"}, id="受領確認の上位者"),
    pytest.param(FINAL, SUPERIOR, {"chief"}, id="確報の上位者"),
    pytest.param(ACKNOWLEDGEMENT, TOP, {"chief", "director"}, id="受領確認の最上位"),
    pytest.param(FINAL, TOP, {"chief", "director"}, id="確報の最上位"),
]
WHO_KNEW = (Knowledge(department="accounts", known_on=ON), Knowledge(department="others", known_on=ON))


@pytest.mark.parametrize(("clock", "urgency", "expected"), CALLED)
def test_whom_an_alarm_calls(clock: EventClock, urgency: Urgency, expected: set[str]) -> None:
    alarm = ALARM.model_copy(update={"clock": clock, "urgency": urgency})
    state = event(knowledge=WHO_KNEW)
    told = told_of_event(act_of(EventActKind.REMIND, alarm=alarm), state=state, changes=(), organisation=ORGANISATION)
    assert {notice.person for notice in told} == expected - {TEAM.person}
    assert all(urgency.label in notice.subject and clock.label in notice.subject for notice in told)
    if urgency is REMINDER:
        assert set(who_is_awaited_for(state, clock, ORGANISATION)) == expected


def test_who_is_told_of_an_act_and_of_what_it_changes() -> None:
    act = act_of(EventActKind.UPDATE_FACTS)
    told = told_of_event(act, state=event(), changes=(), organisation=ORGANISATION)
    assert [notice.person for notice in told] == ["team-2", "owner", "manager"]
    changed = told_of_event(act, state=event(), changes=("確報の期限が変わりました。",), organisation=ORGANISATION)
    assert [notice.person for notice in changed] == ["team-2", "owner", "manager", "chief"]
    assert all("確報の期限が変わりました" in notice.subject for notice in changed)
    alone = event(assessments=())
    assert told_of_event(act, state=alone, changes=("あ" * 300,), organisation=ORGANISATION)[0].assessment_id is None
