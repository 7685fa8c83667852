"""研修 (training): who is new and who is gone, how long a joiner has, what a completion must be, coverage. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guideline.deadlines import add_business_days
from guideline.duty_days import why_not_done_on
from guideline.duty_roll import is_gone, may_speak_for
from schemas.duties import DepartmentCount, MemberStatus
from schemas.organisation import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from schemas.duties import DutyState, RollMember, RollRow
    from schemas.organisation import Actor

JOINERS_HAVE = 10
"""途中で加わった者の期間: so many business days, where the campaign ends sooner. Our own number."""

WHOLE = 100


@dataclass(frozen=True, slots=True)
class RollChange:
    """名簿の異動 (change of a roll): who is new, who is gone, of whom department, name or mail changed."""

    joined: tuple[RollMember, ...]
    left: tuple[RollRow, ...]
    changed: tuple[RollMember, ...]
    same: int

    @property
    def is_none(self) -> bool:
        """Whether nothing is to be done."""
        return not (self.joined or self.left or self.changed)


def change_of_roll(staff: Sequence[RollMember], rows: Mapping[str, RollRow]) -> RollChange:
    """Hold the staff as they are now against the roll.

    Who left before and is back is new; who has left stays on the roll with what they did.
    """
    there = {one.member: one for one in rows.values() if one.status is not MemberStatus.REMOVED and not is_gone(one)}
    now = {one.member for one in staff}
    changed = tuple(one for one in staff if one.member in there and not _is_same(one, there[one.member]))
    joined = tuple(one for one in staff if one.member not in there)
    return RollChange(
        joined=joined,
        left=tuple(one for one in there.values() if one.member not in now and one.status is MemberStatus.OPEN),
        changed=changed,
        same=len(staff) - len(joined) - len(changed),
    )


def _is_same(one: RollMember, row: RollRow) -> bool:
    return (one.name, one.department, one.mail) == (row.name, row.department, row.mail)


def joiners_due_on(state: DutyState, *, today: date) -> date | None:
    """Give the day by which somebody who joins today is to have done it; None where that is the campaign's own."""
    day = add_business_days(today, JOINERS_HAVE)
    return day if day > state.due_on else None


def why_not_completed(state: DutyState, row: RollRow | None, *, on: date, actor: Actor, today: date) -> str | None:
    """Say why a completion of a member can't be taken from that person; None where it can."""
    if row is None or row.status is MemberStatus.REMOVED:
        return "この名簿に載っていません。"
    # Whoever may not speak for somebody is not told either what they have done.
    if not may_speak_for(row, actor, state):
        is_manager = actor.role is Role.PRIVACY_MANAGER
        return f"部署「{actor.department}」の者ではありません。" if is_manager else "自分の分だけを記録できます。"
    if row.status is MemberStatus.COMPLETED:
        return "既に「済」です。"
    reason = why_not_done_on(state, on, today=today)
    return None if reason is None else f"{on.isoformat()} は、{reason}。"


def percent(count: DepartmentCount) -> int:
    """Give the share that has done it or is excused, cut: it is 100 only when nobody is missing."""
    return WHOLE if not count.total else (count.total - count.open) * WHOLE // count.total


def in_order(counts: Iterable[DepartmentCount]) -> tuple[DepartmentCount, ...]:
    """Give the departments with the most missing first."""
    return tuple(sorted(counts, key=lambda one: (percent(one), -one.open, one.department or "")))
