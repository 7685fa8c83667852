"""許可の表と義務の頁: what the page would send, and what it offers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.duties import DutyKind, DutyState, DutyStatus
from schemas.duty_acts import DutyActKind
from schemas.organisation import Role
from tests.duty_permission_table import DUTY_CELLS, ONE_OF_EACH_TABLE, DutyCell
from tests.house import House
from tests.permissions.duties import COLLEAGUE, DutyScene, Scenes, content_of, once
from tests.permissions.pages import REFUSED, Browsers, posted, shown
from tests.permissions.people import OWN, actor_of, changes_of, person_id
from tests.workflows.planning import in_days
from web.duties import ACTS

pytestmark = pytest.mark.whole

SLUGS = {one.kind: one.slug for one in ACTS}
KINDS = pytest.mark.parametrize("kind", ONE_OF_EACH_TABLE, ids=lambda one: one.label)
"""Kinds that share a table are tried by one of them: the same pages serve all, and each is tried by direct updates."""

ON_THE_PAGE_OF_THE_GUIDANCE = frozenset({DutyActKind.HAND_IN, DutyActKind.CONFIRM})
"""指導の頁でする行為: offered there, and not on the page of the duty."""

OFFERED = 'href="{}"'


@pytest.fixture(scope="module")
def scenes(office: House) -> Scenes:
    return Scenes(office)


def on_pages(kind: DutyKind) -> list[DutyCell]:
    """Give the cells of what has a form on the page of a duty, or begins one; the engine has no browser."""
    acts = {*SLUGS, DutyActKind.OPEN}
    return [one for one in DUTY_CELLS if one.kind is kind and one.act in acts and one.role is not Role.ENGINE]


def address(scene: DutyScene, act: DutyActKind) -> str:
    if act is DutyActKind.OPEN:
        return f"/duties/new/{scene.kind.value}"
    return f"/duties/{scene.duty_id.replace(':', '%3A')}/acts/{SLUGS[act]}"


def _file(part: str, content: dict[str, Any]) -> dict[str, Any]:
    return {f"{part}_file": (f"{part}.json", json.dumps(content).encode(), "application/json")}


def typed(scene: DutyScene, cell: DutyCell, state: DutyState, *, member: str) -> dict[str, Any]:
    """Give what is typed and chosen into the form of an act."""
    if cell.act is DutyActKind.OPEN:
        said = {"title": "見本", "department": OWN, "due_on": in_days(60).isoformat(), "parent": scene.parent or ""}
        return {"typed": said, "files": _file("content", content_of(scene.kind))}
    act = scene.act(cell.act, actor_of(Role.STAFF, own=True), state, member=member).model_dump(mode="json")
    names = ("text", "due_on", "reason", "title", "members", "completed_on")
    said = {name: value for name, value in act.items() if name in names and value}
    if cell.act is not DutyActKind.HAND_IN:
        return {"typed": said}
    files = _file("paper", scene.paper) if scene.paper is not None else None
    return {"typed": {**said, "evidence_lines": f"手順書 {'e' * 64}"}, "files": files}


@KINDS
async def test_the_page_neither_offers_nor_does_what_is_not_permitted(
    office: House, browsers: Browsers, scenes: Scenes, kind: DutyKind
) -> None:
    scene, every = await scenes.of(kind), on_pages(kind)
    for status in (DutyStatus.OPEN, DutyStatus.HANDED_IN):
        there = await scene.reach(status)
        before = await changes_of(office)
        asked = [one for one in every if (one.status or DutyStatus.OPEN) is status]
        for cell in [one for one in asked if not one.permitted]:
            said = typed(scene, cell, there, member=COLLEAGUE)
            code, page = await posted(browsers[cell.role, cell.own], address(scene, cell.act), **said)
            assert code in REFUSED, (cell, page)
            assert "ください" in page, cell
        for (role, own), browser in browsers.items():
            page = await shown(browser, f"/duties/{scene.duty_id}")
            offered = {act for act in SLUGS if OFFERED.format(address(scene, act)) in page}
            may = {one.act for one in asked if one.permitted and (one.role, one.own) == (role, own)}
            elsewhere = {DutyActKind.OPEN, *(ON_THE_PAGE_OF_THE_GUIDANCE if kind is DutyKind.GUIDANCE else ())}
            # What is handed in may still be given up.
            assert offered - {DutyActKind.CANCEL} == may - elsewhere - {DutyActKind.CANCEL}, (role, own)
        assert (await scene.state(), await changes_of(office)) == (there, before)


@KINDS
async def test_the_page_does_what_is_permitted(
    office: House, browsers: Browsers, scenes: Scenes, kind: DutyKind
) -> None:
    scene = await scenes.of(kind)
    for cell in [one for one in once(on_pages(kind)) if one.permitted]:
        there = await scene.reach(cell.status or DutyStatus.OPEN)
        roll_acts = (DutyActKind.COMPLETE, DutyActKind.EXCUSE)
        member = await scene.with_somebody() if cell.act in roll_acts else COLLEAGUE
        if cell.act is DutyActKind.HAND_IN and scene.rule.roll is not None:
            await scene.reach(DutyStatus.HANDED_IN)
            there = await scene.reach(DutyStatus.OPEN)
        said = typed(scene, cell, there, member=member)
        code, page = await posted(browsers[cell.role, cell.own], address(scene, cell.act), **said)
        assert code == 303, (cell, page)
        if cell.act is not DutyActKind.OPEN:
            history = await office.register.duties.history(scene.duty_id, limit=1)
            assert history is not None
            recorded = history.acts[-1].act
            assert (recorded.act, recorded.actor.person) == (cell.act, person_id(cell.role, own=cell.own))


@KINDS
async def test_a_form_is_offered_to_who_may_open_a_duty(browsers: Browsers, kind: DutyKind) -> None:
    cells = [one for one in on_pages(kind) if one.act is DutyActKind.OPEN]
    given = {one: (await browsers[one.role, one.own].web.get(f"/duties/new/{kind.value}")).status_code for one in cells}
    assert given == {one: 200 if one.permitted else 409 for one in cells}
