"""名簿 (roll): who joins and leaves it, who has done it, who is excused; what a change makes of its rows. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from guideline.duties import DutySide, is_on, who_they_are
from guideline.duty_rules import DUTY_RULES
from guideline.refusals import refuse
from schemas.duties import Completions, MemberStatus, Roll, RollCount, RollRow
from schemas.duty_acts import DutyCompletion, DutyEnrolment, DutyExcuse
from schemas.organisation import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from schemas.duties import DutyState, RollMember
    from schemas.organisation import Actor

RollAct = DutyEnrolment | DutyCompletion | DutyExcuse
"""名簿の行為."""

_NAMED = 5
"""拒むときに挙げる人数."""


Listed = Roll | Completions | None
"""行為が名を挙げた文書: what an act names by its digest, where it does."""

_NOT_DONE = (MemberStatus.OPEN, MemberStatus.EXCUSED)

LEFT = "名簿の職員でなくなったため（退職、転出等）"
"""去った者を除く理由: whoever comes back is enrolled again."""


def members_of(act: RollAct, listed: Listed = None) -> tuple[str, ...]:
    """Give the members whom an act names; `listed` is the document that it names."""
    if isinstance(act, DutyEnrolment):
        roll = _whole(act, listed)
        return (*(one.member for one in (*roll.added, *roll.changed)), *roll.left, *act.removed)
    if isinstance(listed, Completions):
        return (*act.members, *(one.member for one in listed.completed))
    return act.members


def joined(act: DutyEnrolment, listed: Listed = None) -> tuple[RollMember, ...]:
    """Give who is put on the roll by an enrolment."""
    return _whole(act, listed).added


class _Enrolled(NamedTuple):
    added: tuple[RollMember, ...]
    changed: tuple[RollMember, ...]
    left: tuple[str, ...]


def _whole(act: DutyEnrolment, listed: Listed) -> _Enrolled:
    if not isinstance(listed, Roll):
        return _Enrolled(act.added, act.changed, act.left)
    return _Enrolled((*act.added, *listed.members), (*act.changed, *listed.changed), (*act.left, *listed.left))


def rows_after(
    state: DutyState, act: RollAct, *, known: Mapping[str, RollRow], listed: Listed = None
) -> tuple[RollRow, ...]:
    """Give the rows that the act changes, as they stand after it; `known` are those there are of whom it names.

    Raises RefusedError: somebody is named twice, unknown, already done, or none of whom the actor may speak for.
    """
    named = members_of(act, listed)
    twice = [one for one, times in Counter(named).items() if times > 1]
    if twice:
        raise refuse("member_twice", members=_some(twice))
    if not isinstance(act, DutyEnrolment):
        _check_may_speak(state, act.actor, _on_the_roll(named, known))
    return rows_told(act, known=known, listed=listed)


def rows_told(act: RollAct, *, known: Mapping[str, RollRow], listed: Listed = None) -> tuple[RollRow, ...]:
    """Give the rows as the act tells them, whoever may have done it: so they can be told again long after.

    Raises RefusedError where the rows that are known are none that it can change.
    """
    if isinstance(act, DutyEnrolment):
        whole = _whole(act, listed)
        return (
            *_added(whole.added, known, due_on=act.joiners_due_on),
            *_changed(whole.changed, known),
            *_gone(whole.left, known),
            *_removed(act.removed, known),
        )
    rows = _on_the_roll(members_of(act, listed), known)
    if isinstance(act, DutyExcuse):
        _check_status(rows, (MemberStatus.OPEN,))
        return tuple(_with(one, MemberStatus.EXCUSED, reason=act.reason) for one in rows)
    _check_status(rows, _NOT_DONE)
    days: dict[str, date | None] = dict.fromkeys(act.members, act.completed_on)
    if isinstance(listed, Completions):
        days |= {one.member: one.completed_on for one in listed.completed}
    return tuple(_with(one, MemberStatus.COMPLETED, completed_on=days[one.member]) for one in rows)


def check_own_row(state: DutyState, actor: Actor, row: RollRow | None) -> None:
    """See that whoever speaks for nobody else has something to record: they are on the roll, and have not done it.

    Raises RefusedError.
    """
    rule = DUTY_RULES[state.kind]
    if any(is_on(actor, side, state=state, rule=rule) for side in (DutySide.OWING, DutySide.MANAGER)):
        return
    _check_status(_on_the_roll((actor.person,), {actor.person: row} if row else {}), _NOT_DONE)


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


def _added(added: Sequence[RollMember], known: Mapping[str, RollRow], *, due_on: date | None) -> tuple[RollRow, ...]:
    there = [known[one.member] for one in added if one.member in known]
    _check_status([one for one in there if not is_gone(one)], (MemberStatus.REMOVED,))
    return tuple(
        RollRow(member=one.member, name=one.name, department=one.department, mail=one.mail, due_on=due_on)
        for one in added
    )


def is_gone(row: RollRow) -> bool:
    """Say whether somebody is excused because they left."""
    return row.status is MemberStatus.EXCUSED and row.reason == LEFT


def _changed(members: Sequence[RollMember], known: Mapping[str, RollRow]) -> tuple[RollRow, ...]:
    rows = _on_the_roll((one.member for one in members), known)
    return tuple(
        row.model_copy(update={"name": one.name, "department": one.department, "mail": one.mail})
        for row, one in zip(rows, members, strict=True)
    )


def _gone(members: Sequence[str], known: Mapping[str, RollRow]) -> Iterator[RollRow]:
    """Excuse who left without having done it; what the others did stays."""
    for row in _on_the_roll(members, known):
        if row.status is MemberStatus.OPEN:
            yield _with(row, MemberStatus.EXCUSED, reason=LEFT)


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


def may_speak_for(row: RollRow, actor: Actor, state: DutyState) -> bool:
    """Say whether the actor speaks for somebody: who owes the duty for all, a 保護管理者 for their department.

    A member speaks for themselves; the engine for another body that followed its link: whose that is, is known by it.
    """
    rule = DUTY_RULES[state.kind]
    if row.member == actor.person:
        return True
    if any(is_on(actor, side, state=state, rule=rule) for side in (DutySide.OWING, DutySide.LINK)):
        return True
    return actor.role is Role.PRIVACY_MANAGER and row.department == actor.department


def _check_may_speak(state: DutyState, actor: Actor, rows: Sequence[RollRow]) -> None:
    strange = [one.name for one in rows if not may_speak_for(one, actor, state)]
    if not strange:
        return
    allowed = who_they_are((DutySide.OWING,), DUTY_RULES[state.kind])
    if actor.role is not Role.PRIVACY_MANAGER:
        raise refuse("others_completion", allowed=allowed)
    raise refuse("member_of_others", members=_some(strange), department=actor.department, allowed=allowed)


def _check_status(rows: Iterable[RollRow], permitted: tuple[MemberStatus, ...]) -> None:
    wrong = [one for one in rows if one.status not in permitted]
    if wrong:
        same = [one.name for one in wrong if one.status is wrong[0].status]
        raise refuse("member_status", members=_some(same), status=wrong[0].status.label)


def _some(names: Sequence[str]) -> str:
    more = f"ほか{len(names) - _NAMED}人（団体）" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more
