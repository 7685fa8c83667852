"""義務の追跡 (follow-up of duties): when a duty calls whom, whom it waits for, and who is told of what. Pure.

Whoever owes it is reminded before the date; once that is past its superior is told, then the 総括保護管理者. What was
handed in waits for the confirming side, whose superior is called likewise. Each calls once a date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from guideline.deadlines import stage_due_on
from guideline.duty_missing import lists_for_managers, reachable, summary
from guideline.duty_rules import DUTY_RULES, RollOf
from guideline.follow_up import calls_until
from guideline.notices import shortened
from guideline.organisation import holders, person_of
from schemas.duties import OVER, DutyAlarm, DutyStatus
from schemas.duty_acts import DutyEnrolment, DutyReminder
from schemas.organisation import OF_A_DEPARTMENT, Role
from schemas.records import Notice
from schemas.review import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from schemas.duties import DutyState, RollMember, RollRow
    from schemas.duty_acts import DutyAct
    from schemas.organisation import Organisation, ServiceLevels


def duty_awaited_by(state: DutyState) -> date:
    """Give the day by which what it waits for is due: its date, or the confirmation's."""
    if state.status is not DutyStatus.HANDED_IN:
        return state.due_on
    return stage_due_on(began_at=state.began_at, business_days=DUTY_RULES[state.kind].confirmed_within)


def alarms_of_duty(state: DutyState, levels: ServiceLevels) -> tuple[DutyAlarm, ...]:
    """Give the alarms that are still to ring, the next one first; none when it is over."""
    if state.status in OVER:
        return ()
    reminded_before = DUTY_RULES[state.kind].reminded_before if state.status is DutyStatus.OPEN else None
    rung = {(one.status, one.urgency, one.due_on) for one in state.rung}
    alarms = (
        DutyAlarm(status=state.status, urgency=urgency, due_on=due_on, at=at)
        for due_on in _days_of(state)
        for urgency, at in calls_until(due_on, levels, reminded_before=reminded_before)
        if (state.status, urgency, due_on) not in rung
    )
    return tuple(sorted(alarms, key=lambda one: (one.at, one.due_on)))


def _days_of(state: DutyState) -> tuple[date, ...]:
    """Give the dates that call: its own, and while it is open the later ones of those who joined its roll."""
    due_on = duty_awaited_by(state)
    joined = state.joiners_due_on if state.status is DutyStatus.OPEN else ()
    return (due_on, *(day for day in joined if day > due_on))


def due_for(state: DutyState, row: RollRow) -> date:
    """Give the day by which a member is to have done it: the duty's, or their own where that is later."""
    return max(state.due_on, row.due_on or state.due_on)


def missing_at(alarm: DutyAlarm, *, state: DutyState, roll: Iterable[RollRow]) -> tuple[RollRow, ...]:
    """Give whom an alarm is about, of those who have not done it: whose day it is; once past, earlier ones too."""
    before = alarm.urgency is not Urgency.REMINDER
    return tuple(one for one in roll if (day := due_for(state, one)) == alarm.due_on or (before and day < alarm.due_on))


def roles_awaited_of_duty(state: DutyState) -> tuple[Role, ...]:
    """Give the roles that the duty waits for, whoever holds them; none where it waits for its owner, or is over."""
    rule = DUTY_RULES[state.kind]
    if state.status is DutyStatus.HANDED_IN:
        return rule.confirms
    return rule.owing if state.status is DutyStatus.OPEN and state.owner is None else ()


def awaited_in_duty(state: DutyState, organisation: Organisation) -> tuple[str, ...]:
    """Say whom the duty waits for: its owner or who holds an owing role; then those who may confirm it."""
    if state.status is DutyStatus.OPEN and state.owner is not None:
        return (state.owner,)
    rule = DUTY_RULES[state.kind]
    people = _people(roles_awaited_of_duty(state), state, organisation)
    if state.status is DutyStatus.HANDED_IN:
        people = tuple(person for person in people if person not in (state.owner, state.handed_in_by))
        stranger = rule.stranger_confirms
    else:
        stranger = rule.stranger_hands_in
    return tuple(one for one in people if not (stranger and _is_of_the_department(one, state, organisation)))


def _is_of_the_department(person_id: str, state: DutyState, organisation: Organisation) -> bool:
    person = person_of(organisation, person_id)
    return person is not None and person.department == state.department


def told_of_duty(
    act: DutyAct,
    *,
    state: DutyState,
    organisation: Organisation,
    parent: DutyState | None = None,
    roll: Sequence[RollMember] = (),
) -> tuple[Notice, ...]:
    """Say who is told of an act: whom an alarm calls; else whom it waits for now, or at its end its owner.

    The owner of the duty above is told of what happens to those under it. `roll` are the members who are concerned:
    who was enrolled, or, with an alarm, who has not done it yet. Those of the body are told too, and once the date is
    past their 保護管理者, each in one letter with the names.
    """
    urgent = False
    details: dict[str, str] = {}
    if isinstance(act, DutyReminder):
        alarm = act.alarm
        urgent = alarm.urgency is not Urgency.REMINDER
        people: list[str] = list(_called(alarm, state, organisation))
        if DUTY_RULES[state.kind].roll is RollOf.STAFF:
            details = _said_of_the_roll(alarm, people, state=state, organisation=organisation, roll=roll)
            members = reachable(state, organisation, roll) if alarm.urgency is Urgency.REMINDER else ()
            people += [*members, *details]
        subject = f"{alarm.urgency.label}（{state.kind.label}、{alarm.status.label}、期限 {alarm.due_on}）"
    else:
        is_of_staff = isinstance(act, DutyEnrolment) and DUTY_RULES[state.kind].roll is RollOf.STAFF
        members = reachable(state, organisation, roll) if is_of_staff else ()
        people = [*_concerned(state, organisation), *_above(parent, organisation), *members]
        subject = f"{state.kind.label}「{act.act.label}」（{state.status.label}、期限 {state.due_on}）"
    told = (person for person in dict.fromkeys(people) if person != act.actor.person)
    return tuple(
        _notice(state, person, f"{subject}: {state.title}", urgent=urgent, details=details.get(person))
        for person in told
    )


def _concerned(state: DutyState, organisation: Organisation) -> tuple[str, ...]:
    if state.status not in OVER:
        return awaited_in_duty(state, organisation)
    rule = DUTY_RULES[state.kind]
    return (state.owner,) if state.owner is not None else _people(rule.owing, state, organisation)


def _above(parent: DutyState | None, organisation: Organisation) -> tuple[str, ...]:
    if parent is None:
        return ()
    rule = DUTY_RULES[parent.kind]
    return (parent.owner,) if parent.owner is not None else _people(rule.owing, parent, organisation)


def _called(alarm: DutyAlarm, state: DutyState, organisation: Organisation) -> tuple[str, ...]:
    if alarm.urgency is Urgency.REMINDER:
        return awaited_in_duty(state, organisation)
    if alarm.urgency is Urgency.SUPERIOR and alarm.status is DutyStatus.OPEN:
        return _people(DUTY_RULES[state.kind].superiors, state, organisation)
    return _people((Role.CHIEF_PRIVACY_OFFICER,), state, organisation)


def _said_of_the_roll(
    alarm: DutyAlarm,
    called: Iterable[str],
    *,
    state: DutyState,
    organisation: Organisation,
    roll: Sequence[RollMember],
) -> dict[str, str]:
    """Say to each what concerns them: before the date the 保護管理者 of whom the engine can't reach; then of all.

    The others who are called are told how many are missing in each department.
    """
    if alarm.urgency is Urgency.REMINDER:
        reached = set(reachable(state, organisation, roll))
        return lists_for_managers(state, organisation, [one for one in roll if one.member not in reached])
    counts = summary(organisation, roll)
    said = dict.fromkeys(called, counts) if counts is not None else {}
    if alarm.urgency is Urgency.SUPERIOR:
        said |= lists_for_managers(state, organisation, roll)
    return {person: words for person, words in said.items() if words is not None}


def _people(roles: Iterable[Role], state: DutyState, organisation: Organisation) -> tuple[str, ...]:
    found = (
        person
        for role in roles
        for person in holders(
            organisation, role, body=state.body, department=state.department if role in OF_A_DEPARTMENT else None
        )
    )
    return tuple(dict.fromkeys(found))


def _notice(state: DutyState, person: str, subject: str, *, urgent: bool, details: str | None) -> Notice:
    return Notice(
        notice_id=f"{state.duty_id}~{state.sequence}>{person}",
        person=person,
        review_id=None,
        assessment_id=None,
        subject=shortened(subject),
        urgent=urgent,
        details=details,
    )
