"""リスク事案の追跡 (follow-up of risk events): when an event calls whom, and who is told of what. Pure.

The team is called for its acknowledgement, and its superiors again and again until somebody acts. Before each date
that nothing was done for come reminders; when it has passed, the 総括保護管理者 is called, and then the 統括官 too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from guideline.clocks import end_of
from guideline.deadlines import add_business_days, stage_due_on, subtract_business_days
from guideline.event_closing import waiting
from guideline.organisation import holders
from schemas.event_acts import EventAct, EventReminder
from schemas.events import EventAlarm, EventClock, EventDeadline, EventState, EventStatus
from schemas.organisation import Role
from schemas.records import Notice
from schemas.review import Urgency

if TYPE_CHECKING:
    from schemas.organisation import Organisation, ServiceLevels

FINAL_REMINDED_BEFORE = 7
"""確報の督促: so many business days before the date."""


def alarms_of_event(state: EventState, levels: ServiceLevels, *, at: datetime) -> tuple[EventAlarm, ...]:
    """Give the alarms that are still to ring, the next one first; none when the event is closed.

    Of what is past at that instant only the last call of each date rings: an event that was reported late calls the
    top, and not everybody three times.
    """
    if state.status is EventStatus.CLOSED:
        return ()
    every = (_acknowledgement(state, levels, at=at), *(_deadline(one, levels) for one in waiting(state)))
    calls = (call for one in every for call in _from_the_last_past(one, at=at))
    left = dict.fromkeys(one for one in calls if one not in state.rung)
    return tuple(sorted(left, key=lambda one: (one.at, one.due_on, one.clock, one.urgency)))


def _from_the_last_past(calls: Iterable[EventAlarm], *, at: datetime) -> tuple[EventAlarm, ...]:
    in_order = sorted(calls, key=lambda one: one.at)
    past = [one for one in in_order if one.at <= at]
    return (*past[-1:], *in_order[len(past) :])


def _acknowledgement(state: EventState, levels: ServiceLevels, *, at: datetime) -> Iterator[EventAlarm]:
    """受領確認: the reminder comes at half of the time; the top is called until somebody acts."""
    if state.acknowledged_by is not None:
        return
    began_at = state.reported_at
    due_on = stage_due_on(began_at=began_at, business_days=levels.acknowledgement)
    clock = EventClock.ACKNOWLEDGEMENT
    half = began_at + (end_of(due_on) - began_at) / 2
    yield EventAlarm(clock=clock, urgency=Urgency.REMINDER, due_on=due_on, at=half)
    yield EventAlarm(clock=clock, urgency=Urgency.SUPERIOR, due_on=due_on, at=end_of(due_on))
    day = due_on
    while end_of(day) <= at or day == due_on:
        day = add_business_days(day, levels.escalation)
        yield EventAlarm(clock=clock, urgency=Urgency.TOP, due_on=due_on, at=end_of(day))


def _deadline(deadline: EventDeadline, levels: ServiceLevels) -> Iterator[EventAlarm]:
    """Call before the date and after it; where the law sets no day, after as long as findings may take."""
    due_on = deadline.due_on or add_business_days(deadline.known_on, levels.findings)
    later = add_business_days(due_on, levels.escalation)
    calls = [(Urgency.REMINDER, day) for day in _reminded_on(deadline, due_on)]
    calls += [(Urgency.SUPERIOR, due_on), (Urgency.TOP, later)]
    for urgency, day in calls:
        yield EventAlarm(clock=deadline.kind, urgency=urgency, due_on=due_on, at=end_of(day))


def _reminded_on(deadline: EventDeadline, due_on: date) -> Iterator[date]:
    """Give the days at whose end a reminder comes: the early one, and that before the last day."""
    if deadline.kind is EventClock.FINAL:
        yield subtract_business_days(due_on, FINAL_REMINDED_BEFORE)
    elif deadline.due_on is not None:
        yield deadline.known_on
    yield due_on - timedelta(days=1)


def who_is_awaited_for(state: EventState, clock: EventClock, organisation: Organisation) -> tuple[str, ...]:
    """Say whom a clock waits for: the team; for what the facts must say, the department's 保護管理者 too."""
    if clock is EventClock.ACKNOWLEDGEMENT:
        return _holders(state, organisation, Role.TEAM_MEMBER)
    return _people(state, organisation, (Role.TEAM_MEMBER, Role.PRIVACY_MANAGER))


def told_of_event(
    act: EventAct, *, state: EventState, changes: Iterable[str], organisation: Organisation
) -> tuple[Notice, ...]:
    """Say who is told of an act: whom an alarm calls; else the team and the 保護管理者 of each department concerned.

    Of what changes the answer or a date, the 総括保護管理者 is told too.
    """
    changed = next(iter(changes), None)
    if isinstance(act, EventReminder):
        people = _called(act.alarm, state, organisation)
        subject = f"{act.alarm.urgency.label}（{act.alarm.clock.label}、期限 {act.alarm.due_on}）: {state.title}"
    else:
        top = (Role.CHIEF_PRIVACY_OFFICER,) if changed else ()
        people = _people(state, organisation, (Role.TEAM_MEMBER, Role.PRIVACY_MANAGER, *top))
        subject = f"リスク事案「{act.act.label}」: {state.title}{f'　{changed}' if changed else ''}"
    return tuple(
        Notice(
            notice_id=f"{state.event_id}#{state.sequence}>{person}",
            person=person,
            review_id=None,
            assessment_id=next(iter(state.assessments), None),
            subject=subject[:200],
            urgent=True,
        )
        for person in people
        if person != act.actor.person
    )


def _called(alarm: EventAlarm, state: EventState, organisation: Organisation) -> tuple[str, ...]:
    if alarm.urgency is Urgency.REMINDER:
        return who_is_awaited_for(state, alarm.clock, organisation)
    top = (Role.DIRECTOR_GENERAL,) if alarm.urgency is Urgency.TOP else ()
    return _people(state, organisation, (Role.CHIEF_PRIVACY_OFFICER, *top))


def _people(state: EventState, organisation: Organisation, roles: Iterable[Role]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(person for role in roles for person in _holders(state, organisation, role)))


def _holders(state: EventState, organisation: Organisation, role: Role) -> tuple[str, ...]:
    found = (
        person
        for department in state.departments
        for person in holders(organisation, role, body=state.body, department=department)
    )
    return tuple(dict.fromkeys(found))
