"""許可の表と対応策: each cell by a direct Temporal update, and by what the page would send."""

from __future__ import annotations

from typing import Any

import pytest

from client.errors import InvalidInputError
from schemas.countermeasures import CountermeasureActKind, CountermeasureStatus
from schemas.organisation import Actor, Role
from tests.amounts import some
from tests.house import House
from tests.permission_table import COUNTERMEASURE_CELLS, COUNTERMEASURE_CODES, OWNER_CELLS, Cell
from tests.permissions.countermeasures import CountermeasureScene
from tests.permissions.pages import REFUSED, Browsers, posted, shown
from tests.permissions.people import GONE, NO_HANDLER, PERSONS, actor_of, all_at_once, answer_of, changes_of, person_id
from web.countermeasures import ACTS

SLUGS = {one.kind: one.slug for one in ACTS}
OF_WHOM = [pytest.param(False, id="担当者でない者"), pytest.param(True, id="担当者")]
OWNERS = [(role, own) for role, own in PERSONS if role is not Role.AUDITOR and not own]
"""担当者: of another department, so that nothing but the charge permits it."""

_Cell = Cell[CountermeasureActKind, CountermeasureStatus]


@pytest.fixture(scope="module")
async def scene(office: House) -> CountermeasureScene:
    """Begin a countermeasure; one that was confirmed is followed by another."""
    return await CountermeasureScene(office).begin()


def cells(status: CountermeasureStatus, *, is_owner: bool) -> list[_Cell]:
    """Give the cells; whoever is charged with it never confirms it."""
    return [
        one._replace(lack="own") if is_owner and one.permitted and one.act is CountermeasureActKind.CONFIRM else one
        for one in (OWNER_CELLS if is_owner else COUNTERMEASURE_CELLS)
        if one.stage is status
    ]


def by(cell: _Cell, scene: CountermeasureScene, *, is_owner: bool) -> Actor:
    return actor_of(cell.role, own=cell.own, **({"person": scene.owner} if is_owner else {}))


@pytest.mark.long
@pytest.mark.parametrize("is_owner", OF_WHOM)
@pytest.mark.parametrize("status", CountermeasureStatus, ids=lambda one: one.label)
async def test_a_direct_update_that_is_not_permitted_is_refused_and_leaves_nothing(
    office: House, scene: CountermeasureScene, status: CountermeasureStatus, *, is_owner: bool
) -> None:
    state = await scene.reach(status)
    if status is CountermeasureStatus.CLOSED:
        await scene.handle.result()
    before = await office.register.countermeasure_history(scene.number)
    codes = {**COUNTERMEASURE_CODES, "own": "own_completion"}

    async def ask(cell: _Cell) -> str:
        return await answer_of(office, scene.handle, scene.act(cell.act, by(cell, scene, is_owner=is_owner), state))

    def expected(cell: _Cell) -> str:
        if status is CountermeasureStatus.CLOSED:
            return GONE
        return NO_HANDLER if cell.act is CountermeasureActKind.REMIND else codes[cell.lack]

    every = cells(status, is_owner=is_owner)
    refused = some([one for one in every if not one.permitted or one.act is CountermeasureActKind.REMIND], every=4)
    assert await all_at_once(ask, refused) == {one: expected(one) for one in refused}
    assert await office.register.countermeasure_history(scene.number) == before


@pytest.mark.parametrize("is_owner", OF_WHOM)
@pytest.mark.parametrize("status", [CountermeasureStatus.OPEN, CountermeasureStatus.DONE], ids=lambda one: one.label)
async def test_a_direct_update_that_is_permitted_is_done_and_recorded(
    office: House, scene: CountermeasureScene, status: CountermeasureStatus, *, is_owner: bool
) -> None:
    for cell in cells(status, is_owner=is_owner):
        if not cell.permitted or cell.act is CountermeasureActKind.REMIND:
            continue
        state = await scene.reach(status)
        act = scene.act(cell.act, by(cell, scene, is_owner=is_owner), state)
        assert await answer_of(office, scene.handle, act) == "", cell
        recorded = (await office.register.countermeasure_history(scene.number)).acts[-1].act
        assert (recorded.act_id, recorded.actor.role) == (act.act_id, cell.role)


def typed(scene: CountermeasureScene, kind: CountermeasureActKind, state: Any) -> dict[str, Any]:
    """Give what is typed into the form of an act."""
    act = scene.act(kind, actor_of(Role.STAFF, own=True), state).model_dump(mode="json", exclude={"evidence"})
    said = {name: value for name, value in act.items() if name in {"text", "due_on", "reason"} and value}
    return {**said, **({"evidence_lines": f"手順書 {'e' * 64}"} if kind is CountermeasureActKind.DONE else {})}


def address(scene: CountermeasureScene, kind: CountermeasureActKind) -> str:
    return f"/countermeasures/{scene.number}/acts/{SLUGS[kind]}"


async def refused_on_the_page(scene: CountermeasureScene, browsers: Browsers, given: list[_Cell]) -> list[_Cell]:
    """Give those of the cells that the page does not refuse."""
    state = await scene.state()
    done = []
    for cell in given:
        browser = browsers[cell.role, cell.own]
        code, page = await posted(browser, address(scene, cell.act), typed(scene, cell.act, state))
        if code not in REFUSED or "ください" not in page:
            done.append(cell)
    return done


def on_pages(status: CountermeasureStatus, *, is_owner: bool = False) -> list[_Cell]:
    found = cells(status, is_owner=is_owner)
    return [one for one in found if one.role is not Role.ENGINE and one.act is not CountermeasureActKind.REMIND]


@pytest.mark.whole
@pytest.mark.parametrize("status", CountermeasureStatus, ids=lambda one: one.label)
async def test_the_page_neither_offers_nor_does_what_is_not_permitted(
    office: House, browsers: Browsers, scene: CountermeasureScene, status: CountermeasureStatus
) -> None:
    await scene.reach(status)
    before = await office.register.countermeasure_history(scene.number), await changes_of(office)
    every = on_pages(status)
    assert await refused_on_the_page(scene, browsers, [one for one in every if not one.permitted]) == []
    for (role, own), browser in browsers.items():
        page = await shown(browser, f"/countermeasures/{scene.number}")
        offered = {one for one in SLUGS if f'{address(scene, one)}"' in page}
        assert offered == {one.act for one in every if one.permitted and (one.role, one.own) == (role, own)}
    assert (await office.register.countermeasure_history(scene.number), await changes_of(office)) == before


@pytest.mark.whole
@pytest.mark.parametrize("status", [CountermeasureStatus.OPEN, CountermeasureStatus.DONE], ids=lambda one: one.label)
async def test_the_page_does_what_is_permitted(
    office: House, browsers: Browsers, scene: CountermeasureScene, status: CountermeasureStatus
) -> None:
    for cell in [one for one in on_pages(status) if one.permitted]:
        await _done_on_the_page(office, browsers, scene, cell)


@pytest.mark.whole
@pytest.mark.parametrize(("role", "own"), OWNERS, ids=[person_id(role, own=own) for role, own in OWNERS])
async def test_the_page_does_for_the_owner_what_is_permitted_and_nothing_else(
    office: House, browsers: Browsers, role: Role, *, own: bool
) -> None:
    scene = await CountermeasureScene(office, owner=person_id(role, own=own)).begin()
    for status in (CountermeasureStatus.OPEN, CountermeasureStatus.DONE):
        await scene.reach(status)
        mine = [one for one in on_pages(status, is_owner=True) if (one.role, one.own) == (role, own)]
        assert await refused_on_the_page(scene, browsers, [one for one in mine if not one.permitted]) == []
        for cell in [one for one in mine if one.permitted]:
            await _done_on_the_page(office, browsers, scene, cell)


async def _done_on_the_page(office: House, browsers: Browsers, scene: CountermeasureScene, cell: _Cell) -> None:
    state = await scene.reach(cell.stage)
    page = await browsers[cell.role, cell.own].send(address(scene, cell.act), **typed(scene, cell.act, state))
    assert "受け付けました" in page, cell
    recorded = (await office.register.countermeasure_history(scene.number)).acts[-1].act
    assert (recorded.act, recorded.actor.person) == (cell.act, person_id(cell.role, own=cell.own))


async def test_nobody_who_only_audits_is_put_in_charge(office: House) -> None:
    with pytest.raises(InvalidInputError, match="監査チームの職員"):
        await CountermeasureScene(office, owner=person_id(Role.AUDITOR, own=True)).begin()
