"""対応策の手順 (follow-up of countermeasures): an act judged by the table of duties, and what it does. Pure.

Improvement report, item 5: what is written is carried out, and another person than who did it says so.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from guideline.deadlines import tokyo_date
from guideline.refusals import RefusedError, refuse
from guideline.separation_of_duties import COUNTERMEASURE_PERMITS, Lack, names_of
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
from schemas.organisation import Actor

_CONCERNED = "担当部署"

_LEADS_TO = MappingProxyType(
    {
        CountermeasureActKind.DONE: CountermeasureStatus.DONE,
        CountermeasureActKind.CONFIRM: CountermeasureStatus.CLOSED,
        CountermeasureActKind.REJECT: CountermeasureStatus.OPEN,
    }
)
"""行為の後の状況: every other act leaves it as it was."""


def judge_countermeasure(state: CountermeasureState, act: CountermeasureAct, *, at: datetime) -> None:
    """See that the act is permitted and fits the countermeasure.

    Raises RefusedError, naming the act, the status, the rule and who may do what instead, when it is not or does not.
    """
    try:
        _judged(state, act, at=at)
    except RefusedError as refused:
        instead = COUNTERMEASURE_PERMITS.instead(state.status, department=_CONCERNED)
        raise refused.placed(act=act.act.label, stage=state.status.label, instead=instead) from None


def _judged(state: CountermeasureState, act: CountermeasureAct, *, at: datetime) -> None:
    if act.countermeasure_id != state.countermeasure_id:
        raise refuse("other_countermeasure", given=act.countermeasure_id, open=state.countermeasure_id)
    _see_permitted(state, act.act, actor=act.actor)
    check = _CHECKS.get(act.act)
    if check is not None:
        check(state, act, today=tokyo_date(at), at=at)


def _see_permitted(state: CountermeasureState, kind: CountermeasureActKind, *, actor: Actor) -> None:
    """See that the table permits it: who acts, and in which status; what the act says is not looked at."""
    own, owner = actor.department == state.department, actor.person == state.owner
    lack = COUNTERMEASURE_PERMITS.lack(kind, actor.role, stage=state.status, own=own, owner=owner)
    if lack is Lack.STAGE:
        raise refuse("countermeasure_status", status=state.status.label, act=kind.label)
    if actor.body != state.body:
        raise refuse("other_body", given=actor.body, owner=state.body)
    if lack is not None:
        (row,) = COUNTERMEASURE_PERMITS.of(kind, stage=state.status)
        allowed = names_of(row, department=_CONCERNED)
        if lack is Lack.DEPARTMENT:
            raise refuse("countermeasure_department", act=kind.label, allowed=allowed, given=actor.department)
        raise refuse("countermeasure_side", act=kind.label, allowed=allowed)


def refusal_of_countermeasure_act(
    state: CountermeasureState, kind: CountermeasureActKind, *, actor: Actor
) -> Refusal | None:
    """Say why that actor may not do an act of that kind now, as far as that does not hang on what the act says."""
    try:
        _see_permitted(state, kind, actor=actor)
        if kind is CountermeasureActKind.CONFIRM:
            _by_another(state, actor)
    except RefusedError as refused:
        return refused.refusal
    return None


def take_countermeasure(state: CountermeasureState, act: CountermeasureAct, *, at: datetime) -> CountermeasureState:
    """Carry out an act: the state after it. Raises RefusedError as `judge_countermeasure` does."""
    judge_countermeasure(state, act, at=at)
    status = _LEADS_TO.get(act.act, state.status)
    # The alarms are counted anew by whoever records the act.
    changes: dict[str, Any] = {"status": status, "sequence": state.sequence + 1, "alarms": ()}
    if status is not state.status:
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
