"""未了の者 (who is missing): what the letters about a roll of staff say of who has not done it yet. Pure.

One letter to a person, however many are missing; whom the engine can't reach is named to their 保護管理者.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from guideline.organisation import department_names, holders
from schemas.organisation import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from schemas.duties import DutyState, RollMember
    from schemas.organisation import Organisation

LONGEST_DETAILS = 4_000
"""詳細の長さ: what a notice holds at most; the page has all."""

_NOWHERE = "部署の示されていない者"
_ROOM_TO_SAY_MORE = 60


def reachable(state: DutyState, organisation: Organisation, roll: Iterable[RollMember]) -> tuple[str, ...]:
    """Give the members who are persons of the body, and so have an inbox."""
    people = {one.id for one in organisation.people if one.body == state.body}
    return tuple(one.member for one in roll if one.member in people)


def lists_for_managers(state: DutyState, organisation: Organisation, roll: Iterable[RollMember]) -> dict[str, str]:
    """Give for each 保護管理者 the members of their departments, by name."""
    of_manager: defaultdict[str, dict[str, list[RollMember]]] = defaultdict(dict)
    for department, members in _by_department(roll).items():
        if department is not None:
            for person in holders(organisation, Role.PRIVACY_MANAGER, body=state.body, department=department):
                of_manager[person][department] = members
    names = department_names(organisation)
    return {
        person: _fitting([_line(names, department, members) for department, members in departments.items()])
        for person, departments in of_manager.items()
    }


def summary(organisation: Organisation, roll: Sequence[RollMember]) -> str | None:
    """Say how many are missing in each department; None where nobody is."""
    if not roll:
        return None
    names = department_names(organisation)
    counts = [
        f"{names.get(department or '', _NOWHERE)}: {len(members)}人"
        for department, members in _by_department(roll).items()
    ]
    return _fitting([f"未了 {len(roll)}人", *counts])


def _by_department(roll: Iterable[RollMember]) -> dict[str | None, list[RollMember]]:
    found: defaultdict[str | None, list[RollMember]] = defaultdict(list)
    for one in roll:
        found[one.department].append(one)
    return found


def _line(names: Mapping[str, str], department: str, members: Sequence[RollMember]) -> str:
    said = "、".join(f"{one.name}（{one.member}）" for one in members)
    return f"{names[department]}の未了の者（{len(members)}人）: {said}"


def _fitting(lines: Sequence[str]) -> str:
    """Give as much as a notice holds, cut between two names, and say that there is more."""
    whole = "\n".join(lines)
    if len(whole) <= LONGEST_DETAILS:
        return whole
    begin = whole[: LONGEST_DETAILS - _ROOM_TO_SAY_MORE]
    end = max(begin.rfind(mark) for mark in "、\n")
    return f"{begin[:end]}\n（以下は省きました。全員は、義務のページの名簿にあります。）"
