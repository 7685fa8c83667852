"""許可の表とリスク事案: each cell by a direct Temporal update, signed as by the gateway, past page and facade."""

from __future__ import annotations

import pytest

from schemas.event_acts import EventActKind
from schemas.events import EventStatus
from tests.amounts import some
from tests.house import House
from tests.permission_table import EVENT_CELLS, EVENT_CODES, Cell
from tests.permissions.events import EventScene
from tests.permissions.people import NO_HANDLER, actor_of, all_at_once

PERMITTED = some([cell for cell in EVENT_CELLS if cell.permitted and cell.act is not EventActKind.REMIND], every=4)
REFUSED = some([cell for cell in EVENT_CELLS if not cell.permitted or cell.act is EventActKind.REMIND], every=4)


async def begun(office: House, status: EventStatus) -> EventScene:
    scene = EventScene(office)
    return await (scene.begin() if status is EventStatus.OPEN else scene.closed())


@pytest.mark.long
@pytest.mark.parametrize("status", EventStatus, ids=lambda one: one.label)
async def test_what_the_table_does_not_permit_is_refused_and_leaves_nothing(office: House, status: EventStatus) -> None:
    scene = await begun(office, status)
    state = await scene.state()
    before = await office.register.event_history(scene.event_id)

    async def ask(cell: Cell[EventActKind, EventStatus]) -> str:
        return await scene.answer(await scene.act(cell.act, actor_of(cell.role, own=cell.own), state), state)

    cells = [one for one in REFUSED if one.stage is status]
    expected = {one: NO_HANDLER if one.act is EventActKind.REMIND else EVENT_CODES[one.lack] for one in cells}
    assert await all_at_once(ask, cells) == expected
    assert await office.register.event_history(scene.event_id) == before
    if status is EventStatus.OPEN:
        accepted = [one async for one in scene.handle.fetch_history_events() if "UPDATE" in str(one.event_type)]
        assert accepted == []


@pytest.mark.long
@pytest.mark.parametrize("status", EventStatus, ids=lambda one: one.label)
async def test_what_the_table_permits_is_done_and_recorded(office: House, status: EventStatus) -> None:
    scene = await begun(office, status)
    for cell in [one for one in PERMITTED if one.stage is status]:
        by = actor_of(cell.role, own=cell.own)
        state = await scene.prepare(cell.act, by)
        act = await scene.act(cell.act, by, state)
        if cell.act is EventActKind.APPROVE_REPORT:
            act = await scene.with_document(act, state)
        assert await scene.answer(act, state) == "", cell
        recorded = await scene.last()
        assert (recorded.act_id, recorded.actor.role, recorded.actor.person) == (act.act_id, cell.role, by.person)
        if cell.act is EventActKind.CLOSE:
            await scene.begin()
