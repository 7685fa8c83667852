"""リスク事案の事実 (facts of a risk event): what they are after an act, and who knew when. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from guideline.breach_report import facts_of_event
from schemas.acts import Intake
from schemas.breach import BreachAccount, BreachFacts, Knowledge
from schemas.event_acts import EventJoining, FactsUpdate, KnowledgeAddition
from schemas.events import EventState
from schemas.organisation import Organisation
from schemas.reports import RiskEvent

_ACCOUNT = "account"
_FIELDS = frozenset(
    {
        *(name for name in BreachFacts.model_fields if name != _ACCOUNT),
        *(f"{_ACCOUNT}.{name}" for name in BreachAccount.model_fields),
    }
)


def opened_event(intake: Intake, report: RiskEvent, *, organisation: Organisation, at: datetime) -> EventState:
    """Give the event with which a report begins: what it says is known, and all the rest is not known yet."""
    bodies = (one.name for one in organisation.bodies if one.id == intake.actor.body)
    departments = (one.name for one in organisation.departments if one.id == report.known_by_department)
    named = {"body": next(bodies, None), "department": next(departments, None)}
    return EventState(
        event_id=intake.act_id,
        body=intake.actor.body,
        department=report.known_by_department,
        title=report.title,
        assessments=report.assessments,
        reported_by=intake.actor.person,
        reported_at=at,
        knowledge=(Knowledge(department=report.known_by_department, known_on=report.known_on),),
        facts=facts_of_event(report).model_copy(update=named),
    )


def unknown_fields(changed: Iterable[str]) -> tuple[str, ...]:
    """Give the names that no fact has."""
    return tuple(one for one in changed if one not in _FIELDS)


def facts_after(state: EventState, act: FactsUpdate) -> BreachFacts:
    """Give the facts after an update: of the fields that it names what it says, of the others what was known."""
    told = {name: getattr(act.facts, name) for name in act.changed if name in BreachFacts.model_fields}
    account = {
        name: getattr(act.facts.account, name)
        for name in BreachAccount.model_fields
        if f"{_ACCOUNT}.{name}" in act.changed
    }
    if account:
        told[_ACCOUNT] = state.facts.account.model_copy(update=account)
    return state.facts.model_copy(update=told)


def knowledge_after(state: EventState, act: KnowledgeAddition | EventJoining) -> tuple[Knowledge, ...]:
    """Give who knew when after an act; that a department knew later than is known already adds nothing."""
    if isinstance(act, EventJoining):
        told = act.knowledge
    else:
        told = (Knowledge(department=act.department, known_on=act.known_on, known_by=act.known_by),)
    new = (
        one
        for one in told
        if all(was.department != one.department or was.known_on > one.known_on for was in state.knowledge)
    )
    return (*state.knowledge, *new)
