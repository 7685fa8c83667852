"""義務の手順 (steps of a duty): the permitted moves, in one table, and what each does. Pure.

What differs between kinds is data: `guideline/duty_rules.py`, `schemas/duty_papers.py`, and the checks of
`guideline/duty_checks.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from guideline.duty_checks import check_what_is_said
from guideline.duty_rules import DUTY_RULES, DutyRule, RollOf
from guideline.refusals import RefusedError, refuse
from schemas.canonical import digest_of
from schemas.duties import DutyState, DutyStatus, kind_of
from schemas.duty_acts import (
    DutyAct,
    DutyActKind,
    DutyAmendment,
    DutyCancellation,
    DutyConfirmation,
    DutyEnrolment,
    DutyHandIn,
    DutyOpening,
    DutyPostponement,
    DutyReminder,
    DutySendingBack,
)
from schemas.organisation import OF_A_DEPARTMENT, Actor, Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from schemas.acts import Refusal


class DutySide(Enum):
    """義務に関わる者 (side): who may act; which roles they are, the rule of the kind says."""

    OPENING = "義務を始める者"
    OWING = "義務を負う者"
    CONFIRMING = "確認する者"
    MANAGER = "名簿に載る者の保護管理者"
    MEMBER = "名簿に載る者（自分の分）"
    LINK = "受領のリンクを受け取った団体"
    ENGINE = "本システム"


@dataclass(frozen=True, slots=True)
class DutyMove:
    """許される行為 (permitted move): one row of the table; without a status there is no duty yet."""

    status: DutyStatus | None
    act: DutyActKind
    by: tuple[DutySide, ...]
    then: DutyStatus


_OPEN, _HANDED_IN, _CLOSED, _CANCELLED = DutyStatus
_OWING = (DutySide.OWING,)
_CONFIRMING = (DutySide.CONFIRMING,)
_ENGINE = (DutySide.ENGINE,)
_OVER_MEMBERS = (DutySide.OWING, DutySide.MANAGER)

DUTY_MOVES = (
    DutyMove(None, DutyActKind.OPEN, (DutySide.OPENING,), _OPEN),
    DutyMove(_OPEN, DutyActKind.REPORT_PROGRESS, _OWING, _OPEN),
    DutyMove(_OPEN, DutyActKind.POSTPONE, _CONFIRMING, _OPEN),
    DutyMove(_OPEN, DutyActKind.AMEND, (DutySide.OPENING, DutySide.CONFIRMING), _OPEN),
    DutyMove(_OPEN, DutyActKind.ENROL, (DutySide.OWING, DutySide.OPENING), _OPEN),
    DutyMove(_OPEN, DutyActKind.COMPLETE, (*_OVER_MEMBERS, DutySide.MEMBER, DutySide.LINK), _OPEN),
    DutyMove(_OPEN, DutyActKind.EXCUSE, _OVER_MEMBERS, _OPEN),
    DutyMove(_OPEN, DutyActKind.HAND_IN, _OWING, _HANDED_IN),
    DutyMove(_OPEN, DutyActKind.CANCEL, _CONFIRMING, _CANCELLED),
    DutyMove(_OPEN, DutyActKind.REMIND, _ENGINE, _OPEN),
    DutyMove(_HANDED_IN, DutyActKind.CONFIRM, _CONFIRMING, _CLOSED),
    DutyMove(_HANDED_IN, DutyActKind.SEND_BACK, _CONFIRMING, _OPEN),
    DutyMove(_HANDED_IN, DutyActKind.CANCEL, _CONFIRMING, _CANCELLED),
    DutyMove(_HANDED_IN, DutyActKind.REMIND, _ENGINE, _HANDED_IN),
)
"""義務の全ての許される行為. What is not here is refused."""

_TABLE = MappingProxyType({(move.status, move.act): move for move in DUTY_MOVES})

_OF_WHO_AUDITS = frozenset({DutyActKind.HAND_IN, DutyActKind.REPORT_PROGRESS})
"""監査する者の行為: whoever is of the department that is audited does not audit it."""
_OF_THE_ROLL = frozenset({DutyActKind.ENROL, DutyActKind.COMPLETE, DutyActKind.EXCUSE})


def judge_duty(state: DutyState | None, act: DutyAct, *, at: datetime) -> DutyMove:
    """Find the row that permits the act; without a state the duty is not there yet.

    Raises RefusedError, naming the act, the status, the rule and who may do what instead, when there is none.
    """
    try:
        if state is not None and act.duty_id != state.duty_id:
            raise refuse("other_duty", given=act.duty_id, open=state.duty_id)
        move = _row(state, act.act, actor=act.actor, rule=DUTY_RULES[kind_of(act.duty_id)])
        check_what_is_said(state, act, at=at)
    except RefusedError as refused:
        instead = _instead(state, DUTY_RULES[kind_of(act.duty_id)])
        raise refused.placed(act=act.act.label, stage=_stage(state), instead=instead) from None
    return move


def may_act_on_duty(state: DutyState, kind: DutyActKind, *, actor: Actor) -> bool:
    """Say whether that actor may do an act of that kind now, as far as that does not hang on what the act says."""
    return refusal_of_duty_act(state, kind, actor=actor, rule=DUTY_RULES[state.kind]) is None


def refusal_of_duty_act(state: DutyState | None, kind: DutyActKind, *, actor: Actor, rule: DutyRule) -> Refusal | None:
    """Say why that actor may not do an act of that kind now; None where they may, as far as `may_act_on_duty` says.

    Without a state it is about a duty that is not there yet.
    """
    try:
        _row(state, kind, actor=actor, rule=rule)
    except RefusedError as refused:
        instead = _instead(state, rule)
        return refused.placed(act=kind.label, stage=_stage(state), instead=instead).refusal
    return None


def _row(state: DutyState | None, kind: DutyActKind, *, actor: Actor, rule: DutyRule) -> DutyMove:
    move = _TABLE.get((state.status if state else None, kind))
    if move is None:
        raise refuse("duty_status", status=_stage(state), act=kind.label)
    if state is not None and actor.body != state.body:
        raise refuse("other_body", given=actor.body, owner=state.body)
    if kind in _OF_THE_ROLL and rule.roll is None:
        raise refuse("no_roll", kind=rule.kind.label)
    if not any(is_on(actor, side, state=state, rule=rule) for side in move.by):
        raise refuse("duty_side", act=kind.label, allowed=who_they_are(move.by, rule))
    if state is not None:
        _check_it_is_another(state, move, actor=actor, rule=rule)
    return move


def _check_it_is_another(state: DutyState, move: DutyMove, *, actor: Actor, rule: DutyRule) -> None:
    """See that nobody decides on their own work, nor, where the kind says so, on that of their department."""
    allowed = who_they_are(move.by, rule)
    if move.by == _CONFIRMING and actor.person in (state.owner, state.handed_in_by):
        raise refuse("own_duty", act=move.act.label, allowed=allowed)
    # Whoever says otherwise what is asked for decides on it too.
    decides = move.by == _CONFIRMING or move.act is DutyActKind.AMEND
    strangers = (rule.stranger_confirms and decides) or (rule.stranger_hands_in and move.act in _OF_WHO_AUDITS)
    if strangers and actor.department == state.department and actor.role is not Role.ENGINE:
        raise refuse(
            "own_department", department=state.department, kind=rule.kind.label, act=move.act.label, allowed=allowed
        )


def is_on(actor: Actor, side: DutySide, *, state: DutyState | None, rule: DutyRule) -> bool:
    """Say whether the actor is of that side."""
    if _ON_A_ROLL.get(side, rule.roll) is not rule.roll:
        return False
    match side:
        case DutySide.OPENING:
            return actor.role in rule.opens
        case DutySide.OWING:
            return state is not None and _owes(actor, state, rule=rule)
        case DutySide.CONFIRMING:
            return state is not None and _holds(actor, rule.confirms, state)
        case DutySide.MANAGER:
            return actor.role is Role.PRIVACY_MANAGER
    # Whoever follows a link is nobody of the organisation: the engine records it for them. Who of the staff is on the
    # roll, is known where it is kept.
    return (actor.role is Role.ENGINE) is (side is not DutySide.MEMBER)


def _owes(actor: Actor, state: DutyState, *, rule: DutyRule) -> bool:
    entered_it = rule.opener_hands_in and actor.person == state.opened_by
    return actor.person == state.owner or entered_it or _holds(actor, rule.owing, state)


def _holds(actor: Actor, roles: Iterable[Role], state: DutyState) -> bool:
    return actor.role in roles and (actor.role not in OF_A_DEPARTMENT or actor.department == state.department)


def roles_for(kind: DutyActKind, rule: DutyRule) -> tuple[Role, ...]:
    """Give the roles in which an act of that kind may be done at all, the weightiest first; whoever else as 職員."""
    sides = {side for move in DUTY_MOVES if move.act is kind for side in move.by}
    found = (role for side in DutySide if side in sides for role in _roles_of(side, rule))
    return tuple(dict.fromkeys(found))


def who_they_are(sides: Iterable[DutySide], rule: DutyRule) -> str:
    """Name who the sides are in a duty of that kind."""
    named = (
        name
        for side in sides
        if _ON_A_ROLL.get(side, rule.roll) is rule.roll
        for name in ((role.label for role in _roles_of(side, rule)) if side in _BY_ROLES else (side.value,))
    )
    return "・".join(dict.fromkeys(named))


def who_owes(rule: DutyRule) -> str:
    """Name the roles that owe a duty of that kind."""
    return who_they_are(_OWING, rule)


def who_confirms(rule: DutyRule) -> str:
    """Name the roles that confirm a duty of that kind."""
    return who_they_are(_CONFIRMING, rule)


_ON_A_ROLL = MappingProxyType(
    {DutySide.MANAGER: RollOf.STAFF, DutySide.MEMBER: RollOf.STAFF, DutySide.LINK: RollOf.BODIES}
)
"""名簿による関わり: whom a roll must name for such a side to be there."""

_BY_ROLES = frozenset({DutySide.OPENING, DutySide.OWING, DutySide.CONFIRMING})


def _roles_of(side: DutySide, rule: DutyRule) -> tuple[Role, ...]:
    return {
        DutySide.OPENING: rule.opens,
        DutySide.OWING: rule.owing,
        DutySide.CONFIRMING: rule.confirms,
        DutySide.MANAGER: (Role.PRIVACY_MANAGER,),
        DutySide.ENGINE: (Role.ENGINE,),
    }.get(side, ())


def _instead(state: DutyState | None, rule: DutyRule) -> tuple[str, ...]:
    status = state.status if state else None
    return tuple(
        f"{who_they_are(move.by, rule)}: {move.act.label}"
        for move in DUTY_MOVES
        if move.status is status and move.by != _ENGINE and (rule.roll is not None or move.act not in _OF_THE_ROLL)
    )


def _stage(state: DutyState | None) -> str:
    return state.status.label if state else "開始前"


def take_duty(state: DutyState | None, act: DutyAct, *, at: datetime) -> DutyState:
    """Carry out an act: the state after it, but the roll, which is counted where it is kept.

    Raises RefusedError as `judge_duty` does.
    """
    move = judge_duty(state, act, at=at)
    if state is None:
        assert isinstance(act, DutyOpening)  # noqa: S101 # no other row begins without a state
        return _opened(act, at=at)
    # The alarms are counted anew by whoever records the act.
    changes: dict[str, Any] = {"status": move.then, "sequence": state.sequence + 1, "alarms": ()}
    if move.then is not state.status:
        changes["began_at"] = at
    return state.model_copy(update=changes | _changes(state, act, at=at))


def _opened(act: DutyOpening, *, at: datetime) -> DutyState:
    return DutyState(
        duty_id=act.duty_id,
        kind=kind_of(act.duty_id),
        parent=act.parent,
        body=act.actor.body,
        department=act.department,
        owner=act.owner,
        title=act.title,
        begins_on=act.begins_on,
        due_on=act.due_on,
        repeats=act.repeats,
        opened_at=at,
        opened_by=act.actor.person,
        began_at=at,
        content=act.content,
        content_digest=digest_of(act.content),
        sequence=1,
    )


def _due_anew(state: DutyState, due_on: date) -> dict[str, Any]:
    """Put the date off; the first one is kept, since whatever follows in a series is counted from it."""
    return {"due_on": due_on, "first_due_on": state.first_due_on or state.due_on}


def _changes(state: DutyState, act: DutyAct, *, at: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    match act:
        case DutyPostponement():
            changes = _due_anew(state, act.due_on)
        case DutyAmendment():
            named = {"title": act.title, "department": act.department, "owner": act.owner, "content": act.content}
            changes = {name: value for name, value in named.items() if value is not None}
            if act.content is not None:
                changes["content_digest"] = digest_of(act.content)
        case DutyEnrolment(joiners_due_on=due_on) if due_on is not None:
            changes = {"joiners_due_on": tuple(sorted({*state.joiners_due_on, due_on}))}
        case DutyHandIn():
            changes = {"handed_in_by": act.actor.person, "done_on": act.done_on}
        case DutySendingBack():
            anew = _due_anew(state, act.due_on) if act.due_on else {}
            changes = {**anew, "handed_in_by": None, "done_on": None}
        case DutyConfirmation() | DutyCancellation():
            changes = {"closed_at": at}
        case DutyReminder():
            changes = {
                "rung": (*state.rung, act.alarm),
                "alarms": tuple(one for one in state.alarms if one != act.alarm),
            }
        case _:
            pass
    return changes
