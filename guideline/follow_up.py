"""対応策の追跡 (follow-up): when a countermeasure calls whom, and who is told of what.

The owner is reminded five business days before the date; once that is past, the 保護管理者 and the 統括官 are told,
then the 総括保護管理者. What was done waits for the team, whose superior is called likewise. Each calls once a date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from guideline.clocks import end_of
from guideline.deadlines import add_business_days, is_closed, stage_due_on
from guideline.notices import shortened
from guideline.organisation import holders
from schemas.countermeasures import (
    CountermeasureAct,
    CountermeasureAlarm,
    CountermeasureReminder,
    CountermeasureState,
    CountermeasureStatus,
)
from schemas.organisation import Role
from schemas.records import Notice
from schemas.review import Urgency

if TYPE_CHECKING:
    from schemas.organisation import Organisation, ServiceLevels

REMINDED_BEFORE = 5
"""期限前の督促: so many business days before the date."""


def awaited_by(state: CountermeasureState, levels: ServiceLevels) -> date:
    """Give the day by which what it waits for is due: its date, or the confirmation's, as long as an approval's."""
    if state.status is CountermeasureStatus.OPEN:
        return state.due_on
    return stage_due_on(began_at=state.began_at, business_days=levels.approval)


def alarms_of_countermeasure(state: CountermeasureState, levels: ServiceLevels) -> tuple[CountermeasureAlarm, ...]:
    """Give the alarms that are still to ring, the next one first; none when it is closed."""
    if state.status is CountermeasureStatus.CLOSED:
        return ()
    due_on = awaited_by(state, levels)
    rung = {(one.status, one.urgency, one.due_on) for one in state.rung}
    reminded_before = REMINDED_BEFORE if state.status is CountermeasureStatus.OPEN else None
    return tuple(
        CountermeasureAlarm(status=state.status, urgency=urgency, due_on=due_on, at=at)
        for urgency, at in calls_until(due_on, levels, reminded_before=reminded_before)
        if (state.status, urgency, due_on) not in rung
    )


def calls_until(
    due_on: date, levels: ServiceLevels, *, reminded_before: int | None
) -> Iterator[tuple[Urgency, datetime]]:
    """Give when each is called: the party so many business days before the date, else when it is past; then the others.

    A party that is reminded before has its superior told as soon as the date is past.
    """
    later = add_business_days(due_on, levels.escalation)
    if reminded_before is None:
        days = (due_on, later, add_business_days(later, levels.escalation))
    else:
        days = (_business_days_before(due_on, reminded_before), due_on, later)
    yield from zip(Urgency, map(end_of, days), strict=True)


def _business_days_before(day: date, days: int) -> date:
    """Give the day at whose end the reminder comes: so many open days are then left, the date among them."""
    while days:
        days -= not is_closed(day)
        day -= timedelta(days=1)
    return day


def who_is_awaited(state: CountermeasureState, organisation: Organisation) -> tuple[str, ...]:
    """Say whom the countermeasure waits for: its owner, or the members of the team who may confirm it."""
    if state.status is CountermeasureStatus.OPEN:
        return (state.owner,)
    if state.status is CountermeasureStatus.CLOSED:
        return ()
    team = _holders(state, organisation, Role.TEAM_MEMBER)
    return tuple(person for person in team if person not in (state.owner, state.done_by))


def told_of_plan(states: Iterable[CountermeasureState]) -> tuple[Notice, ...]:
    """Tell each owner of what was entrusted to them."""
    return tuple(
        _notice(state, state.owner, f"対応策の担当となりました（期限 {state.due_on}）: {state.item}")
        for state in states
    )


def told_of_countermeasure(
    act: CountermeasureAct, *, state: CountermeasureState, organisation: Organisation
) -> tuple[Notice, ...]:
    """Say who is told of an act: whom an alarm calls; else whom it waits for now, and the owner at its end."""
    urgent = False
    if isinstance(act, CountermeasureReminder):
        alarm = act.alarm
        urgent = alarm.urgency is not Urgency.REMINDER
        people = _called(alarm, state, organisation)
        subject = f"{alarm.urgency.label}（対応策、{alarm.status.label}、期限 {alarm.due_on}）: {state.item}"
    else:
        people = who_is_awaited(state, organisation) or (state.owner,)
        subject = f"対応策「{act.act.label}」（{state.status.label}、期限 {state.due_on}）: {state.item}"
    told = (person for person in dict.fromkeys(people) if person != act.actor.person)
    return tuple(_notice(state, person, subject).model_copy(update={"urgent": urgent}) for person in told)


def _called(alarm: CountermeasureAlarm, state: CountermeasureState, organisation: Organisation) -> tuple[str, ...]:
    if alarm.urgency is Urgency.REMINDER:
        return who_is_awaited(state, organisation)
    if alarm.urgency is Urgency.SUPERIOR and alarm.status is CountermeasureStatus.OPEN:
        roles: tuple[Role, ...] = (Role.PRIVACY_MANAGER, Role.DIRECTOR_GENERAL)
    else:
        roles = (Role.CHIEF_PRIVACY_OFFICER,)
    return tuple(person for role in roles for person in _holders(state, organisation, role))


def _holders(state: CountermeasureState, organisation: Organisation, role: Role) -> tuple[str, ...]:
    return holders(organisation, role, body=state.body, department=state.department)


def _notice(state: CountermeasureState, person: str, subject: str) -> Notice:
    return Notice(
        notice_id=f"{state.countermeasure_id}/{state.sequence}>{person}",
        person=person,
        review_id=state.review_id,
        assessment_id=state.assessment_id,
        subject=shortened(subject),
    )
