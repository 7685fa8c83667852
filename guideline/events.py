"""リスク事案の手順 (follow-up of risk events): the permitted moves, in one table, and what each does. Pure.

Improvement report, items 2 and 4: an event is taken note of at once, and reported in time; nobody decides alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Any

from guideline.deadlines import tokyo_date
from guideline.event_checks import CHECKS, Moment
from guideline.event_facts import facts_after, knowledge_after
from guideline.refusals import RefusedError, refuse
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


class EventSide(Enum):
    """リスク事案に関わる者 (side): who may act; the value is its name in Japanese."""

    STAFF = "機関の職員"
    DEPARTMENT = "事案を知った部署の職員"
    MANAGER = "事案を知った部署の保護管理者"
    TEAM = "対策チーム"
    ENGINE = "本システム"


@dataclass(frozen=True, slots=True)
class EventMove:
    """許される行為 (permitted move): one row of the table."""

    status: EventStatus
    act: EventActKind
    by: tuple[EventSide, ...]
    then: EventStatus


_OPEN, _CLOSED = EventStatus
_TEAM = (EventSide.TEAM,)
_EITHER = (EventSide.MANAGER, EventSide.TEAM)
_ANYONE_CONCERNED = (EventSide.DEPARTMENT, EventSide.TEAM)

EVENT_MOVES = (
    EventMove(_OPEN, EventActKind.ACKNOWLEDGE, _TEAM, _OPEN),
    EventMove(_OPEN, EventActKind.UPDATE_FACTS, _ANYONE_CONCERNED, _OPEN),
    EventMove(_OPEN, EventActKind.ADD_KNOWLEDGE, (EventSide.STAFF,), _OPEN),
    EventMove(_OPEN, EventActKind.JOIN, _TEAM, _OPEN),
    EventMove(_OPEN, EventActKind.APPROVE_REPORT, _TEAM, _OPEN),
    EventMove(_OPEN, EventActKind.RECORD_FILING, _TEAM, _OPEN),
    EventMove(_OPEN, EventActKind.RECORD_NOTIFICATION, _EITHER, _OPEN),
    EventMove(_OPEN, EventActKind.PROPOSE_NO_REPORT, _EITHER, _OPEN),
    EventMove(_OPEN, EventActKind.CONFIRM_NO_REPORT, _EITHER, _OPEN),
    EventMove(_OPEN, EventActKind.NAME_MEASURE, _ANYONE_CONCERNED, _OPEN),
    EventMove(_OPEN, EventActKind.CLOSE, _TEAM, _CLOSED),
    EventMove(_OPEN, EventActKind.REMIND, (EventSide.ENGINE,), _OPEN),
    EventMove(_CLOSED, EventActKind.UPDATE_FACTS, _TEAM, _CLOSED),
    EventMove(_CLOSED, EventActKind.APPROVE_REPORT, _TEAM, _CLOSED),
    EventMove(_CLOSED, EventActKind.RECORD_FILING, _TEAM, _CLOSED),
)
"""リスク事案の全ての許される行為. What is not here is refused.

After the end only what was filed is corrected and supplemented, and the facts that this tells: the event stays closed.
"""

AFTER_THE_END = frozenset(move.act for move in EVENT_MOVES if move.status is _CLOSED)
"""終了の後も許される行為: what is still possible of a closed event."""

_TABLE = MappingProxyType({(move.status, move.act): move for move in EVENT_MOVES})


def judge_event(state: EventState, act: EventAct, *, at: datetime) -> EventMove:
    """Find the row that permits the act.

    Raises RefusedError, naming the act, the status, the rule and who may do what instead, when there is none.
    """
    try:
        return _judged(state, act, at=at)
    except RefusedError as refused:
        instead = tuple(
            f"{'・'.join(side.value for side in move.by)}: {move.act.label}"
            for move in EVENT_MOVES
            if move.status is state.status and EventSide.ENGINE not in move.by
        )
        raise refused.placed(act=act.act.label, stage=state.status.label, instead=instead) from None


def _judged(state: EventState, act: EventAct, *, at: datetime) -> EventMove:
    if act.event_id != state.event_id:
        raise refuse("other_event", given=act.event_id, open=state.event_id)
    move = _row(state, act.act, actor=act.actor)
    CHECKS[act.act](state, act, Moment(tokyo_date(at), at))
    return move


def _row(state: EventState, kind: EventActKind, *, actor: Actor) -> EventMove:
    """Find the row by who acts, and in which status; what the act says is not looked at."""
    move = _TABLE.get((state.status, kind))
    if move is None:
        raise refuse("event_status", status=state.status.label, act=kind.label)
    if actor.body != state.body:
        raise refuse("other_body", given=actor.body, owner=state.body)
    if not any(stands_on(actor, side, state=state) for side in move.by):
        raise refuse("event_side", act=kind.label, allowed="・".join(side.value for side in move.by))
    return move


def refusal_of_event_act(state: EventState, kind: EventActKind, *, actor: Actor, at: datetime) -> Refusal | None:
    """Say why that actor may not do an act of that kind now, as far as that does not hang on what the act says."""
    would_be = _WOULD_BE.get(kind)
    try:
        if would_be is None:
            _row(state, kind, actor=actor)
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


def stands_on(actor: Actor, side: EventSide, *, state: EventState) -> bool:
    """Say whether the actor is of that side."""
    match side:
        case EventSide.STAFF:
            return actor.role not in (Role.ENGINE, Role.AUDITOR)
        case EventSide.DEPARTMENT:
            return actor.role not in (Role.ENGINE, Role.AUDITOR) and actor.department in state.departments
        case EventSide.MANAGER:
            return actor.role is Role.PRIVACY_MANAGER and actor.department in state.departments
        case EventSide.TEAM:
            return actor.role is Role.TEAM_MEMBER
    return actor.role is Role.ENGINE


def event_sides_of(kind: EventActKind) -> tuple[EventSide, ...]:
    """Give who may do an act of that kind at all."""
    return tuple(dict.fromkeys(side for move in EVENT_MOVES if move.act is kind for side in move.by))


def take_event(state: EventState, act: EventAct, *, at: datetime) -> EventState:
    """Carry out an act: the state after it, whose alarms and dates are those from before until it is recorded.

    Raises RefusedError as `judge_event` does.
    """
    move = judge_event(state, act, at=at)
    changes = {"status": move.then, "sequence": state.sequence + 1, **_CHANGES[act.act](state, act, at)}
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
