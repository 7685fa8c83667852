"""対応策の手順 (follow-up of countermeasures): the permitted moves, in one table, and what each does. Pure.

Improvement report, item 5: what is written is carried out, and another person than who did it says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from types import MappingProxyType
from typing import Any

from guideline.deadlines import tokyo_date
from guideline.refusals import RefusedError, refuse
from schemas.acts import Refusal
from schemas.countermeasures import (
    Confirmation,
    CountermeasureAct,
    CountermeasureActKind,
    CountermeasureReminder,
    CountermeasureState,
    CountermeasureStatus,
    Done,
    Postponement,
    Rejection,
)
from schemas.organisation import Actor, Role


class Side(Enum):
    """対応策に関わる者 (side): who may act; the value is its name in Japanese."""

    OWNER = "担当者"
    MANAGER = "担当部署の保護管理者"
    TEAM = "対策チーム"
    ENGINE = "本システム"


@dataclass(frozen=True, slots=True)
class CountermeasureMove:
    """許される行為 (permitted move): one row of the table."""

    status: CountermeasureStatus
    act: CountermeasureActKind
    by: tuple[Side, ...]
    then: CountermeasureStatus


_OPEN, _DONE, _CLOSED = CountermeasureStatus
_CARRIED_OUT_BY = (Side.OWNER, Side.MANAGER)
_TEAM = (Side.TEAM,)
_ENGINE = (Side.ENGINE,)

COUNTERMEASURE_MOVES = (
    CountermeasureMove(_OPEN, CountermeasureActKind.REPORT_PROGRESS, _CARRIED_OUT_BY, _OPEN),
    CountermeasureMove(_OPEN, CountermeasureActKind.POSTPONE, _TEAM, _OPEN),
    CountermeasureMove(_OPEN, CountermeasureActKind.DONE, _CARRIED_OUT_BY, _DONE),
    CountermeasureMove(_OPEN, CountermeasureActKind.REMIND, _ENGINE, _OPEN),
    CountermeasureMove(_DONE, CountermeasureActKind.CONFIRM, _TEAM, _CLOSED),
    CountermeasureMove(_DONE, CountermeasureActKind.REJECT, _TEAM, _OPEN),
    CountermeasureMove(_DONE, CountermeasureActKind.REMIND, _ENGINE, _DONE),
)
"""対応策の全ての許される行為. What is not here is refused."""

_TABLE = MappingProxyType({(move.status, move.act): move for move in COUNTERMEASURE_MOVES})


def judge_countermeasure(state: CountermeasureState, act: CountermeasureAct, *, at: datetime) -> CountermeasureMove:
    """Find the row that permits the act.

    Raises RefusedError, naming the act, the status, the rule and who may do what instead, when there is none.
    """
    try:
        return _judged(state, act, at=at)
    except RefusedError as refused:
        instead = tuple(
            f"{'・'.join(side.value for side in move.by)}: {move.act.label}"
            for move in COUNTERMEASURE_MOVES
            if move.status is state.status and Side.ENGINE not in move.by
        )
        raise refused.placed(act=act.act.label, stage=state.status.label, instead=instead) from None


def _judged(state: CountermeasureState, act: CountermeasureAct, *, at: datetime) -> CountermeasureMove:
    if act.countermeasure_id != state.countermeasure_id:
        raise refuse("other_countermeasure", given=act.countermeasure_id, open=state.countermeasure_id)
    move = _row(state, act.act, actor=act.actor)
    check = _CHECKS.get(act.act)
    if check is not None:
        check(state, act, today=tokyo_date(at), at=at)
    return move


def _row(state: CountermeasureState, kind: CountermeasureActKind, *, actor: Actor) -> CountermeasureMove:
    """Find the row by who acts, and in which status; what the act says is not looked at."""
    move = _TABLE.get((state.status, kind))
    if move is None:
        raise refuse("countermeasure_status", status=state.status.label, act=kind.label)
    if actor.body != state.body:
        raise refuse("other_body", given=actor.body, owner=state.body)
    if not any(is_of(actor, side, state=state) for side in move.by):
        raise refuse("countermeasure_side", act=kind.label, allowed="・".join(side.value for side in move.by))
    return move


def refusal_of_countermeasure_act(
    state: CountermeasureState, kind: CountermeasureActKind, *, actor: Actor
) -> Refusal | None:
    """Say why that actor may not do an act of that kind now, as far as that does not hang on what the act says."""
    try:
        _row(state, kind, actor=actor)
        if kind is CountermeasureActKind.CONFIRM:
            _by_another(state, actor)
    except RefusedError as refused:
        return refused.refusal
    return None


def is_of(actor: Actor, side: Side, *, state: CountermeasureState) -> bool:
    """Say whether the actor is of that side."""
    match side:
        case Side.OWNER:
            return actor.person == state.owner
        case Side.MANAGER:
            return actor.role is Role.PRIVACY_MANAGER and actor.department == state.department
        case Side.TEAM:
            return actor.role is Role.TEAM_MEMBER
    return actor.role is Role.ENGINE


def sides_of(kind: CountermeasureActKind) -> tuple[Side, ...]:
    """Give who may do an act of that kind at all."""
    return tuple(dict.fromkeys(side for move in COUNTERMEASURE_MOVES if move.act is kind for side in move.by))


def take_countermeasure(state: CountermeasureState, act: CountermeasureAct, *, at: datetime) -> CountermeasureState:
    """Carry out an act: the state after it. Raises RefusedError as `judge_countermeasure` does."""
    move = judge_countermeasure(state, act, at=at)
    # The alarms are counted anew by whoever records the act.
    changes: dict[str, Any] = {"status": move.then, "sequence": state.sequence + 1, "alarms": ()}
    if move.then is not state.status:
        changes["began_at"] = at
    match act:
        case Postponement() | Rejection():
            changes |= {"due_on": act.due_on or state.due_on, "done_by": None}
        case Done():
            changes["done_by"] = act.actor.person
        case Confirmation():
            changes["closed_at"] = at
        case CountermeasureReminder():
            changes["rung"] = (*state.rung, act.alarm)
            changes["alarms"] = tuple(one for one in state.alarms if one != act.alarm)
        case _:
            pass
    return state.model_copy(update=changes)


def _check_postpone(state: CountermeasureState, act: Postponement, *, today: date, **_: object) -> None:
    _check_new_date(state, act.due_on, today=today)


def _check_confirm(state: CountermeasureState, act: Confirmation, **_: object) -> None:
    _by_another(state, act.actor)


def _by_another(state: CountermeasureState, actor: Actor) -> None:
    if actor.person in (state.owner, state.done_by):
        raise refuse("own_completion")


def _check_reject(state: CountermeasureState, act: Rejection, *, today: date, **_: object) -> None:
    if act.due_on is not None:
        _check_new_date(state, act.due_on, today=today)
    elif state.due_on < today:
        raise refuse("rejected_without_date", due_on=state.due_on.isoformat())


def _check_new_date(state: CountermeasureState, due_on: date, *, today: date) -> None:
    if due_on <= state.due_on or due_on < today:
        raise refuse("not_later", given=due_on.isoformat(), due_on=state.due_on.isoformat())


def _check_remind(state: CountermeasureState, act: CountermeasureReminder, *, at: datetime, **_: object) -> None:
    if act.alarm not in state.alarms or act.alarm.at > at:
        raise refuse("alarm")


_CHECKS: MappingProxyType[CountermeasureActKind, Callable[..., None]] = MappingProxyType(
    {
        CountermeasureActKind.POSTPONE: _check_postpone,
        CountermeasureActKind.CONFIRM: _check_confirm,
        CountermeasureActKind.REJECT: _check_reject,
        CountermeasureActKind.REMIND: _check_remind,
    }
)
