"""名簿 (roll): who joins and leaves it, who has done it, who is excused; what a change makes of its rows. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from guideline.duties import DutySide, is_on, who_they_are
from guideline.duty_rules import DUTY_RULES
from guideline.refusals import refuse
from schemas.duties import MemberStatus, RollCount, RollRow
from schemas.duty_acts import DutyCompletion, DutyEnrolment, DutyExcuse
from schemas.organisation import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from schemas.duties import DutyState, RollMember
    from schemas.organisation import Actor

RollAct = DutyEnrolment | DutyCompletion | DutyExcuse
"""名簿の行為."""

_NAMED = 5
"""拒むときに挙げる人数."""


def members_of(act: RollAct, listed: Sequence[RollMember] = ()) -> tuple[str, ...]:
    """Give the members whom an act names; `listed` are those of the document that an enrolment names."""
    if isinstance(act, DutyEnrolment):
        return (*(one.member for one in (*act.added, *listed)), *act.removed)
    return act.members


def rows_after(
    state: DutyState, act: RollAct, *, known: Mapping[str, RollRow], listed: Sequence[RollMember] = ()
) -> tuple[RollRow, ...]:
    """Give the rows that the act changes, as they stand after it; `known` are those there are of whom it names.

    Raises RefusedError: somebody is named twice, unknown, already done, or none of whom the actor may speak for.
    """
    named = members_of(act, listed)
    twice = [one for one, times in Counter(named).items() if times > 1]
    if twice:
        raise refuse("member_twice", members=_some(twice))
    if isinstance(act, DutyEnrolment):
        return (*_added((*act.added, *listed), known), *_removed(act.removed, known))
    rows = _on_the_roll(named, known)
    _check_may_speak(state, act.actor, rows)
    if isinstance(act, DutyExcuse):
        _check_status(rows, (MemberStatus.OPEN,))
        return tuple(_with(one, MemberStatus.EXCUSED, reason=act.reason) for one in rows)
    _check_status(rows, (MemberStatus.OPEN, MemberStatus.EXCUSED))
    return tuple(_with(one, MemberStatus.COMPLETED, completed_on=act.completed_on) for one in rows)


def counted(before: RollCount | None, *, known: Mapping[str, RollRow], changed: Iterable[RollRow]) -> RollCount:
    """Count the roll anew from what has changed of it."""
    tally = Counter({"total": before.total, "completed": before.completed, "excused": before.excused} if before else {})
    for row in changed:
        if row.member in known:
            tally.subtract(_parts(known[row.member]))
        tally.update(_parts(row))
    return RollCount(total=tally["total"], completed=tally["completed"], excused=tally["excused"])


def _parts(row: RollRow) -> tuple[str, ...]:
    return {
        MemberStatus.OPEN: ("total",),
        MemberStatus.COMPLETED: ("total", "completed"),
        MemberStatus.EXCUSED: ("total", "excused"),
        MemberStatus.REMOVED: (),
    }[row.status]


def _added(members: Iterable[RollMember], known: Mapping[str, RollRow]) -> tuple[RollRow, ...]:
    added = tuple(members)
    _check_status([known[one.member] for one in added if one.member in known], (MemberStatus.REMOVED,))
    return tuple(RollRow(**one.model_dump(include=set(type(one).model_fields))) for one in added)


def _removed(members: Sequence[str], known: Mapping[str, RollRow]) -> tuple[RollRow, ...]:
    return tuple(_with(one, MemberStatus.REMOVED) for one in _on_the_roll(members, known))


def _on_the_roll(members: Iterable[str], known: Mapping[str, RollRow]) -> tuple[RollRow, ...]:
    named = tuple(members)
    gone = [one for one in named if one not in known or known[one].status is MemberStatus.REMOVED]
    if gone:
        raise refuse("unknown_member", members=_some(gone))
    return tuple(known[one] for one in named)


def _with(row: RollRow, status: MemberStatus, **changes: object) -> RollRow:
    return row.model_copy(update={"status": status, "completed_on": None, "reason": None, **changes})


def _check_may_speak(state: DutyState, actor: Actor, rows: Sequence[RollRow]) -> None:
    """See for whom the actor speaks: who owes the duty for all, a 保護管理者 for their department, a member for one.

    The engine speaks for another body that followed its link: whose that is, is known by the link.
    """
    rule = DUTY_RULES[state.kind]
    if any(is_on(actor, side, state=state, rule=rule) for side in (DutySide.OWING, DutySide.LINK)):
        return
    allowed = who_they_are((DutySide.OWING,), rule)
    others = [one for one in rows if one.member != actor.person]
    if actor.role is not Role.PRIVACY_MANAGER:
        if others:
            raise refuse("others_completion", allowed=allowed)
        return
    strange = [one.name for one in others if one.department != actor.department]
    if strange:
        raise refuse("member_of_others", members=_some(strange), department=actor.department, allowed=allowed)


def _check_status(rows: Iterable[RollRow], permitted: tuple[MemberStatus, ...]) -> None:
    wrong = [one for one in rows if one.status not in permitted]
    if wrong:
        same = [one.name for one in wrong if one.status is wrong[0].status]
        raise refuse("member_status", members=_some(same), status=wrong[0].status.label)


def _some(names: Sequence[str]) -> str:
    more = f"ほか{len(names) - _NAMED}人（団体）" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more
