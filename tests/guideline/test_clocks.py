"""時計: what rings when, in business days, each once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from guideline.clocks import alarms_of, end_of
from guideline.decisions import open_review, take
from guideline.notices import told_of_act
from guideline.refusals import RefusedError
from schemas.acts import ActKind, Join, ReviewAct
from schemas.organisation import Appointment, Body, BodyKind, Department, Organisation, Person, Role, ServiceLevels
from schemas.review import Clock, Ground, GroundKind, ReviewState, Urgency
from tests.guideline.reviews import (
    AT,
    MANAGER,
    OPENING,
    TEAM,
    act_of,
    actor,
    closed,
    differing,
    done,
    drafting,
    ground,
    in_procedure,
    join,
    opened,
    returned_once,
)

LEVELS = ServiceLevels()
"""From Monday 1 June 2026, noon in Japan: 1 day to acknowledge, 5 to find, 2 between a call and the next."""


def rings(review: ReviewState, clock: Clock) -> list[tuple[Urgency, datetime]]:
    return [(alarm.urgency, alarm.at) for alarm in alarms_of(review, LEVELS) if alarm.clock is clock]


def in_japan(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=9)


def test_the_end_of_a_day_is_midnight_in_japan() -> None:
    assert end_of(date(2026, 6, 1)) == datetime(2026, 6, 1, 15, tzinfo=UTC)


def test_an_acknowledgement_is_called_for_at_half_its_time() -> None:
    assert rings(opened(), Clock.ACKNOWLEDGEMENT) == [
        (Urgency.REMINDER, in_japan(6, 2, 6)),
        (Urgency.SUPERIOR, in_japan(6, 3)),
        (Urgency.TOP, in_japan(6, 5)),
    ]


def test_the_acknowledgement_stops_its_clock() -> None:
    assert rings(done(opened(), ActKind.ACKNOWLEDGE, TEAM), Clock.ACKNOWLEDGEMENT) == []


def test_a_turn_calls_after_its_last_day_and_counts_business_days() -> None:
    assert rings(opened(), Clock.TURN) == [
        (Urgency.REMINDER, in_japan(6, 9)),
        (Urgency.SUPERIOR, in_japan(6, 11)),
        (Urgency.TOP, in_japan(6, 13)),
    ]


def test_a_dispute_is_given_the_days_of_a_resolution() -> None:
    review = done(returned_once(), ActKind.DISPUTE, MANAGER)
    assert rings(review, Clock.TURN)[0] == (Urgency.REMINDER, in_japan(6, 5))


def test_a_closed_review_calls_nobody() -> None:
    assert alarms_of(closed(), LEVELS) == ()


CALENDAR = [
    pytest.param(GroundKind.YEARLY, Clock.YEARLY, id="年次"),
    pytest.param(GroundKind.FIVE_YEARS, Clock.FIVE_YEARS, id="五年"),
]


def due(kind: GroundKind, due_on: date) -> Ground:
    return ground(kind).model_copy(update={"due_on": due_on})


@pytest.mark.parametrize(("kind", "clock"), CALENDAR)
def test_a_date_of_the_calendar_is_overdue_on_the_day_itself(kind: GroundKind, clock: Clock) -> None:
    assert rings(opened(due(kind, date(2026, 6, 20))), clock) == [
        (Urgency.REMINDER, in_japan(6, 20)),
        (Urgency.SUPERIOR, in_japan(6, 24)),
        (Urgency.TOP, in_japan(6, 26)),
    ]


@pytest.mark.parametrize(("kind", "clock"), CALENDAR)
def test_a_date_long_past_calls_from_the_day_of_opening(kind: GroundKind, clock: Clock) -> None:
    assert rings(opened(due(kind, date(2017, 7, 27))), clock)[0] == (Urgency.REMINDER, in_japan(6, 2))


@pytest.mark.parametrize(("kind", "clock"), CALENDAR)
def test_a_date_calls_also_while_it_is_held_for_the_next_review(kind: GroundKind, clock: Clock) -> None:
    review = take(in_procedure(), join(of=due(kind, date(2026, 6, 20))), at=AT)
    assert [one.kind for one in review.held] == [kind]
    assert rings(review, clock)[0] == (Urgency.REMINDER, in_japan(6, 20))


@pytest.mark.parametrize(("kind", "clock"), CALENDAR)
def test_a_ground_without_a_date_has_no_clock_of_the_calendar(kind: GroundKind, clock: Clock) -> None:
    assert rings(opened(ground(kind)), clock) == []


def test_a_review_without_a_ground_has_nothing_to_acknowledge() -> None:
    assert rings(open_review(OPENING, at=AT), Clock.ACKNOWLEDGEMENT) == []


def test_an_alarm_rings_once_and_again_only_when_its_clock_restarts() -> None:
    review = opened().model_copy(update={"alarms": alarms_of(opened(), LEVELS)})
    first = review.alarms[0]
    after = take(review, act_of(ActKind.REMIND, actor(Role.ENGINE), review=review), at=first.at)
    assert first not in after.alarms
    assert first not in alarms_of(after, LEVELS)
    later = first.at + timedelta(days=1)
    again = take(after, join(of=ground(GroundKind.RISK_EVENT)), at=later)
    assert [alarm.began_at for alarm in alarms_of(again, LEVELS) if alarm.clock is Clock.TURN] == [later] * 3


def test_an_alarm_does_not_ring_before_its_time() -> None:
    review = opened().model_copy(update={"alarms": alarms_of(opened(), LEVELS)})
    with pytest.raises(RefusedError) as refused:
        take(review, act_of(ActKind.REMIND, actor(Role.ENGINE), review=review), at=AT)
    assert refused.value.refusal.code == "alarm"


ORGANISATION = Organisation(
    bodies=(Body(id="digital-agency", name="機関", kind=BodyKind.ADMINISTRATIVE_BODY),),
    departments=(Department(id="accounts", body="digital-agency", name="担当"),),
    people=tuple(
        Person(id=one, body="digital-agency", department="accounts", name=one)
        for one in ("drafter", "manager", "director", "team", "chief")
    ),
    appointments=(
        Appointment(role=Role.DRAFTER, body="digital-agency", department="accounts", persons=("drafter",)),
        Appointment(role=Role.PRIVACY_MANAGER, body="digital-agency", department="accounts", persons=("manager",)),
        Appointment(role=Role.DIRECTOR_GENERAL, body="digital-agency", department="accounts", persons=("director",)),
        Appointment(role=Role.TEAM_MEMBER, body="digital-agency", persons=("team",)),
        Appointment(role=Role.CHIEF_PRIVACY_OFFICER, body="digital-agency", persons=("chief",)),
    ),
)

CALLED = [
    pytest.param(opened(), Clock.ACKNOWLEDGEMENT, Urgency.REMINDER, {"team"}, id="受領確認-督促"),
    pytest.param(opened(), Clock.ACKNOWLEDGEMENT, Urgency.SUPERIOR, {"chief"}, id="受領確認-上位者"),
    pytest.param(opened(), Clock.TURN, Urgency.REMINDER, {"drafter", "manager", "team"}, id="検討-督促"),
    pytest.param(opened(), Clock.TURN, Urgency.SUPERIOR, {"director", "chief"}, id="検討-上位者"),
    pytest.param(opened(), Clock.TURN, Urgency.TOP, {"director", "chief"}, id="検討-総括保護管理者と統括官"),
    pytest.param(differing(), Clock.TURN, Urgency.REMINDER, {"chief"}, id="決定-督促"),
    pytest.param(drafting(), Clock.TURN, Urgency.SUPERIOR, {"manager"}, id="起案-上位者"),
]


@pytest.mark.parametrize(("review", "clock", "urgency", "called"), CALLED)
def test_an_alarm_calls_the_party_then_its_superior_then_the_top(
    review: ReviewState, clock: Clock, urgency: Urgency, called: set[str]
) -> None:
    alarm = next(one for one in alarms_of(review, LEVELS) if (one.clock, one.urgency) == (clock, urgency))
    act = act_of(ActKind.REMIND, actor(Role.ENGINE), review=review, alarm=alarm)
    told = told_of_act(act, review=review, organisation=ORGANISATION, at=AT)
    assert {notice.person for notice in told} == called
    assert len({notice.notice_id for notice in told}) == len(told)
    assert {notice.urgent for notice in told} == {urgency is not Urgency.REMINDER}


def told(act: Join | ReviewAct, review: ReviewState, at: datetime = AT) -> set[str]:
    return {notice.person for notice in told_of_act(act, review=review, organisation=ORGANISATION, at=at)}


def test_who_must_act_is_told_when_the_turn_begins_and_not_again() -> None:
    later = AT + timedelta(hours=1)
    joined = join()
    assert told(joined, opened()) == {"drafter", "manager", "team"}
    yearly = join(of=ground(GroundKind.YEARLY))
    assert told(yearly, take(opened(), yearly, at=later), later) == set()


def test_of_a_withdrawal_only_who_must_consent_is_told_and_then_the_chief() -> None:
    later = AT + timedelta(hours=1)
    review = opened()
    asked = act_of(ActKind.WITHDRAW, MANAGER, review=review)
    review = take(review, asked, at=later)
    assert told(asked, review, later) == {"team"}
    refused = act_of(ActKind.CONSENT, TEAM, review=review)
    assert told(refused, take(review, refused, at=later), later) == {"chief"}


@pytest.mark.parametrize(
    ("kind", "urgent"),
    [
        pytest.param(GroundKind.RISK_EVENT, True, id="リスク事案による見直し"),
        pytest.param(GroundKind.YEARLY, False, id="年次の見直し"),
    ],
)
def test_a_turn_in_a_review_of_a_risk_event_is_told_without_delay(kind: GroundKind, *, urgent: bool) -> None:
    review = opened(ground(kind))
    found = told_of_act(join(of=ground(kind)), review=review, organisation=ORGANISATION, at=AT)
    assert {notice.urgent for notice in found} == {urgent}
