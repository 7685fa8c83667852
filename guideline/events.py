"""リスク事案の手順 (follow-up of risk events): an act judged by the table of duties, and what it does. Pure.

Improvement report, items 2 and 4: an event is taken note of at once, and reported in time; nobody decides alone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import MappingProxyType
from typing import Any

from guideline.deadlines import tokyo_date
from guideline.event_checks import CHECKS, Moment
from guideline.event_facts import facts_after, knowledge_after
from guideline.refusals import RefusedError, refuse
from guideline.separation_of_duties import EVENT_PERMITS, Lack, names_of
from schemas.acts import Refusal
from schemas.event_acts import (
    EventAcknowledgement,
    EventAct,
    EventActKind,
    EventDerived,
    EventJoining,
    FactsUpdate,
    KnowledgeAddition,
    NoReportConfirmation,
    NoReportProposal,
    ReportApproving,
)
from schemas.events import EventState, EventStatus, NoReport, ReportApproval
from schemas.organisation import Actor, Role

AFTER_THE_END = frozenset(EVENT_PERMITS.acts_in(EventStatus.CLOSED))
"""終了の後も許される行為: what is still possible of a closed event."""

_CONCERNED = "事案を知った部署"


def judge_event(state: EventState, act: EventAct, *, at: datetime) -> None:
    """See that the act is permitted and fits the event.

    Raises RefusedError, naming the act, the status, the rule and who may do what instead, when it is not or does not.
    """
    try:
        _judged(state, act, at=at)
    except RefusedError as refused:
        instead = EVENT_PERMITS.instead(state.status, department=_CONCERNED)
        raise refused.placed(act=act.act.label, stage=state.status.label, instead=instead) from None


def _judged(state: EventState, act: EventAct, *, at: datetime) -> None:
    if act.event_id != state.event_id:
        raise refuse("other_event", given=act.event_id, open=state.event_id)
    _see_permitted(state, act.act, actor=act.actor)
    CHECKS[act.act](state, act, Moment(tokyo_date(at), at))


def _see_permitted(state: EventState, kind: EventActKind, *, actor: Actor) -> None:
    """See that the table permits it: who acts, and in which status; what the act says is not looked at."""
    lack = lack_on_event(state, kind, actor=actor)
    if lack is Lack.STAGE:
        raise refuse("event_status", status=state.status.label, act=kind.label)
    if actor.body != state.body:
        raise refuse("other_body", given=actor.body, owner=state.body)
    if lack is not None:
        (row,) = EVENT_PERMITS.of(kind, stage=state.status)
        allowed = names_of(row, department=_CONCERNED)
        if lack is Lack.DEPARTMENT:
            raise refuse("event_department", act=kind.label, allowed=allowed, given=actor.department)
        raise refuse("event_side", act=kind.label, allowed=allowed)


def lack_on_event(state: EventState, kind: EventActKind, *, actor: Actor) -> Lack | None:
    """Say what keeps the actor from an act of that kind on the event now, by the table alone."""
    return EVENT_PERMITS.lack(kind, actor.role, stage=state.status, own=actor.department in state.departments)


def refusal_of_event_act(state: EventState, kind: EventActKind, *, actor: Actor, at: datetime) -> Refusal | None:
    """Say why that actor may not do an act of that kind now, as far as that does not hang on what the act says."""
    would_be = _WOULD_BE.get(kind)
    try:
        if would_be is None:
            _see_permitted(state, kind, actor=actor)
        else:
            judge_event(state, would_be(state, actor), at=at)
    except RefusedError as refused:
        return refused.refusal
    return None


def _named(state: EventState, actor: Actor) -> dict[str, Any]:
    return {"act_id": "would-be", "actor": actor, "event_id": state.event_id}


_WOULD_BE: MappingProxyType[EventActKind, Callable[[EventState, Actor], EventAct]] = MappingProxyType(
    {
        EventActKind.ACKNOWLEDGE: lambda state, actor: EventAcknowledgement(**_named(state, actor)),
        EventActKind.PROPOSE_NO_REPORT: lambda state, actor: NoReportProposal(**_named(state, actor), reason="―"),
        EventActKind.CONFIRM_NO_REPORT: lambda state, actor: NoReportConfirmation(
            **_named(state, actor), facts_revision=state.facts_revision, reason="―"
        ),
    }
)
"""試しの行為 (would-be acts): those that are judged without what they say."""


def take_event(state: EventState, act: EventAct, *, at: datetime) -> EventState:
    """Carry out an act: the state after it, whose alarms and dates are those from before until it is recorded.

    Raises RefusedError as `judge_event` does.
    """
    judge_event(state, act, at=at)
    status = EventStatus.CLOSED if act.act is EventActKind.CLOSE else state.status
    changes = {"status": status, "sequence": state.sequence + 1, **_CHANGES[act.act](state, act, at)}
    return state.model_copy(update=changes)


def _learned(state: EventState, act: KnowledgeAddition | EventJoining, _: datetime) -> dict[str, Any]:
    known = knowledge_after(state, act)
    facts = state.facts.model_copy(update={"known_on": min(one.known_on for one in known)})
    joined = {"joined": (*state.joined, act.other)} if isinstance(act, EventJoining) else {}
    return {"knowledge": known, "facts": facts, **_revised(state), **joined}


def _updated(state: EventState, act: FactsUpdate, _: datetime) -> dict[str, Any]:
    return {"facts": facts_after(state, act), **_revised(state)}


def _revised(state: EventState) -> dict[str, Any]:
    """Count a new fact: what was agreed on the facts before it no longer stands."""
    return {"facts_revision": state.facts_revision + 1, "no_report": None}


def _approved(state: EventState, act: ReportApproving, at: datetime) -> dict[str, Any]:
    approval = ReportApproval(
        kind=act.kind,
        digest=act.digest,
        written_by=act.written_by,
        approved_by=act.actor.person,
        facts_revision=state.facts_revision,
        at=at,
    )
    return {"approvals": (*state.approvals, approval)}


def _proposed(state: EventState, act: NoReportProposal, _: datetime) -> dict[str, Any]:
    proposed = NoReport(
        proposed_by=act.actor.person,
        by_team=act.actor.role is Role.TEAM_MEMBER,
        reason=act.reason,
        facts_revision=state.facts_revision,
    )
    return {"no_report": proposed}


def _confirmed(state: EventState, act: NoReportConfirmation, _: datetime) -> dict[str, Any]:
    proposed = state.no_report
    return {"no_report": proposed and proposed.model_copy(update={"confirmed_by": act.actor.person})}


_CHANGES: MappingProxyType[EventActKind, Callable[[EventState, Any, datetime], dict[str, Any]]] = MappingProxyType(
    {
        EventActKind.ACKNOWLEDGE: lambda _, act, at: {"acknowledged_by": act.actor.person, "acknowledged_at": at},
        EventActKind.UPDATE_FACTS: _updated,
        EventActKind.ADD_KNOWLEDGE: _learned,
        EventActKind.JOIN: _learned,
        EventActKind.APPROVE_REPORT: _approved,
        EventActKind.RECORD_FILING: lambda state, act, _: {"filings": (*state.filings, act.filing)},
        EventActKind.RECORD_NOTIFICATION: lambda state, act, _: {
            "notifications": (*state.notifications, act.notification)
        },
        EventActKind.PROPOSE_NO_REPORT: _proposed,
        EventActKind.CONFIRM_NO_REPORT: _confirmed,
        EventActKind.NAME_MEASURE: lambda state, act, _: {"measures": (*state.measures, act.measure)},
        EventActKind.CLOSE: lambda _, act, at: {"closed_at": at, "same_as": act.same_as},
        EventActKind.REMIND: lambda state, act, _: {"rung": (*state.rung, act.alarm)},
    }
)


def with_derived(state: EventState, derived: EventDerived) -> EventState:
    """Put what the recording computed into the state: the judgement, the dates, the alarms; what a report announces."""
    changes: dict[str, Any] = {"alarms": derived.alarms}
    if derived.announced:
        *earlier, last = state.approvals
        changes["approvals"] = (*earlier, last.model_copy(update={"announced": derived.announced}))
    if derived.judgement is not None:
        changes["judgements"] = (*state.judgements, derived.judgement)
        changes["situations_known"] = derived.situations_known
        changes["deadlines"] = derived.deadlines
    return state.model_copy(update=changes)
