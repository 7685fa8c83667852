"""許可の表と義務: each cell by a direct Temporal update, signed as by the gateway."""

from __future__ import annotations

from itertools import product

import pytest

from schemas.duties import DutyKind, DutyStatus
from schemas.duty_acts import DutyActKind
from schemas.organisation import Actor, Role
from tests.amounts import some
from tests.duty_permission_table import DUTY_CELLS, DutyCell
from tests.house import House
from tests.permissions.duties import Scenes, once
from tests.permissions.people import NO_HANDLER, actor_of, all_at_once, changes_of, person_id

CONFIRMING = (DutyActKind.CONFIRM, DutyActKind.SEND_BACK)
ROLL = frozenset({DutyActKind.COMPLETE, DutyActKind.EXCUSE})
KINDS = pytest.mark.parametrize("kind", DutyKind, ids=lambda one: one.label)


@pytest.fixture(scope="module")
def scenes(office: House) -> Scenes:
    return Scenes(office)


def by(cell: DutyCell) -> Actor:
    return actor_of(cell.role, own=cell.own)


def cells(kind: DutyKind, *, permitted: bool) -> list[DutyCell]:
    return some([one for one in DUTY_CELLS if one.kind is kind and one.permitted is permitted], every=4)


@pytest.mark.long
@KINDS
async def test_what_is_not_permitted_is_refused_and_leaves_nothing(
    office: House, scenes: Scenes, kind: DutyKind
) -> None:
    scene = await scenes.of(kind)
    refused = cells(kind, permitted=False)
    for status in (DutyStatus.OPEN, DutyStatus.HANDED_IN, None):
        there = await scene.reach(status or DutyStatus.OPEN)
        before = await changes_of(office)

        async def ask(cell: DutyCell) -> str:
            if cell.act is DutyActKind.OPEN:
                return await scene.answer_of_opening(by(cell))
            return await scene.answer(scene.act(cell.act, by(cell), there))  # noqa: B023 # asked before the next

        asked = [one for one in refused if one.status is status]
        assert await all_at_once(ask, asked) == {one: one.code for one in asked}
        assert await scene.state() == there
        assert await changes_of(office) == before


@pytest.mark.long
@KINDS
async def test_what_is_permitted_is_done_and_recorded(office: House, scenes: Scenes, kind: DutyKind) -> None:
    scene = await scenes.of(kind)
    for cell in once(cells(kind, permitted=True)):
        if cell.status is None:
            assert await scene.answer_of_opening(by(cell)) == "", cell
            continue
        there = await scene.reach(cell.status)
        member = await scene.with_somebody() if cell.act in ROLL else ""
        if cell.act is DutyActKind.HAND_IN and scene.rule.roll is not None:
            there = await scene.reach(DutyStatus.HANDED_IN)
            there = await scene.reach(DutyStatus.OPEN)
        act = scene.act(cell.act, by(cell), there, member=member)
        assert await scene.answer(act) == "", cell
        history = await office.register.duties.history(scene.duty_id, limit=1)
        assert history is not None
        recorded = history.acts[-1].act
        assert (recorded.act_id, recorded.actor.role) == (act.act_id, cell.role)


async def test_nobody_reminds(scenes: Scenes) -> None:
    """The run reminds by itself: there is no such update."""
    scene = await scenes.of(DutyKind.TRAINING)
    there = await scene.reach(DutyStatus.OPEN)
    for role in Role:
        act = scene.act(DutyActKind.REMIND, actor_of(role, own=True), there)
        assert await scene.answer(act) == NO_HANDLER


OWNER = person_id(Role.STAFF, own=False)
"""担当者: of another department, without a role, so that nothing but the charge permits it."""


@KINDS
async def test_who_is_charged_with_it_does_it_and_confirms_it_in_no_role(
    office: House, scenes: Scenes, kind: DutyKind
) -> None:
    scene = await scenes.of(kind)
    await scene.reach(DutyStatus.OPEN)
    await scene.charge(OWNER)
    there = await scene.state()
    progress = scene.act(DutyActKind.REPORT_PROGRESS, actor_of(Role.STAFF, own=False), there)
    assert await scene.answer(progress) == ""
    for status in (DutyStatus.OPEN, DutyStatus.HANDED_IN):
        there = await scene.reach(status)
        before = await changes_of(office)
        acts = (DutyActKind.POSTPONE, DutyActKind.CANCEL) if status is DutyStatus.OPEN else CONFIRMING
        for role, act in product(scene.rule.confirms, acts):
            for person in filter(None, (OWNER, there.handed_in_by)):
                by_them = actor_of(role, own=False, person=person)
                assert await scene.answer(scene.act(act, by_them, there)) == "own_duty", (role, act, person)
        assert await changes_of(office) == before
