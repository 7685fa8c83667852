"""許可の表とリスク事案のページ: each cell by what the page would send, from a person who holds the role."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from schemas.event_acts import EventActKind
from schemas.events import EventState, EventStatus, FilingKind
from schemas.organisation import Role
from tests.house import DRAFTER, House, today
from tests.permission_table import EVENT_CELLS, Cell
from tests.permissions.events import ANOTHER_DEPARTMENT, EventScene
from tests.permissions.pages import REFUSED, Browsers, posted, shown
from tests.permissions.people import actor_of, changes_of
from tests.permissions.test_events_directly import begun
from tests.web.as_shown import as_shown
from web.event_acts import ACTS

pytestmark = pytest.mark.whole

SLUGS = {one.kind: one.slug for one in ACTS}
ON_PAGES = [cell for cell in EVENT_CELLS if cell.act is not EventActKind.REMIND and cell.role is not Role.ENGINE]
"""人の升: the engine has no browser, and nobody reminds by hand."""

SHOWN_TO_ALL = EventActKind.APPROVE_REPORT
"""報告書の案 is for all to write and to check; who may approve it is said there."""


def address(scene: EventScene, kind: EventActKind) -> str:
    return f"/events/{scene.event_id}/acts/{SLUGS[kind]}"


def typed(scene: EventScene, kind: EventActKind, state: EventState) -> dict[str, Any]:
    """Give what is typed into the form of an act."""
    reason = {"reason": "確かめた。"}
    later = (today() + timedelta(days=30)).isoformat()
    filing = {
        "filing.kind": FilingKind(scene.kind(state).value).value,
        "filing.digest": state.approvals[-1].digest if state.approvals else "a" * 64,
        "filing.filed_on": today().isoformat(),
        "filing.receipt_number": f"受付 {scene.event_id} {len(state.filings)}",
        "evidence_lines": f"控え {'e' * 64}",
    }
    told: dict[EventActKind, dict[str, Any]] = {
        EventActKind.ACKNOWLEDGE: {},
        EventActKind.UPDATE_FACTS: {
            "facts.persons_at_most": str((state.facts.persons_at_most or 150) + 1),
            "facts_revision": str(state.facts_revision),
            **reason,
        },
        EventActKind.ADD_KNOWLEDGE: {
            "department": ANOTHER_DEPARTMENT,
            "known_on": (today() - timedelta(days=len(state.knowledge))).isoformat(),
            "known_by": "department",
            **reason,
        },
        EventActKind.JOIN: {"other": scene.other, **reason},
        EventActKind.APPROVE_REPORT: {"do": "approve", "written_by": DRAFTER},
        EventActKind.RECORD_FILING: filing,
        EventActKind.RECORD_NOTIFICATION: {"notification.kind": "not_due", "notification.reason": "本人が知っている。"},
        EventActKind.CONFIRM_NO_REPORT: {"facts_revision": str(state.facts_revision), **reason},
        EventActKind.NAME_MEASURE: {"measure.text": "改める。", "measure.owner": DRAFTER, "measure.due_on": later},
        EventActKind.CLOSE: {"same_as": scene.other},
    }
    return told.get(kind, reason)


def files(scene: EventScene, kind: EventActKind, state: EventState) -> Any:
    if kind is not EventActKind.APPROVE_REPORT:
        return None
    return [("document", ("案.json", json.dumps(scene.draft(state)).encode(), "application/json"))]


@pytest.mark.parametrize("status", EventStatus, ids=lambda one: one.label)
async def test_what_the_table_does_not_permit_is_neither_offered_nor_done(
    office: House, browsers: Browsers, status: EventStatus
) -> None:
    scene = await begun(office, status)
    state = await scene.state()
    before = await office.register.event_history(scene.event_id), await changes_of(office)
    permitted = {(cell.act, cell.role, cell.own) for cell in ON_PAGES if cell.permitted and cell.stage is status}
    wrong: list[tuple[Cell[EventActKind, EventStatus], int]] = []
    for cell in [one for one in ON_PAGES if not one.permitted and one.stage is status]:
        code, page = await posted(
            browsers[cell.role, cell.own],
            address(scene, cell.act),
            typed(scene, cell.act, state),
            files(scene, cell.act, state),
        )
        if code not in REFUSED or "ください" not in page:
            wrong.append((cell, code))
    assert wrong == []
    for (role, own), browser in browsers.items():
        page = await shown(browser, f"/events/{scene.event_id}")
        offered = {one for one in SLUGS if one is not SHOWN_TO_ALL and f'{address(scene, one)}"' in page}
        assert {(one, role, own) for one in offered} <= permitted, (role, own)
    assert (await office.register.event_history(scene.event_id), await changes_of(office)) == before


@pytest.mark.parametrize("status", EventStatus, ids=lambda one: one.label)
async def test_what_the_table_permits_is_done_by_the_page_and_recorded(
    office: House, browsers: Browsers, status: EventStatus
) -> None:
    scene = await begun(office, status)
    for cell in [one for one in ON_PAGES if one.permitted and one.stage is status]:
        by = actor_of(cell.role, own=cell.own)
        if cell.act is EventActKind.ADD_KNOWLEDGE:
            await scene.do(cell.act, by)  # who took part sees the event, of whatever department
        state = await scene.prepare(cell.act, by)
        said, browser = typed(scene, cell.act, state), browsers[cell.role, cell.own]
        said.pop("facts_revision", None)
        form = await browser.open(address(scene, cell.act))
        if cell.act is EventActKind.UPDATE_FACTS:
            said = as_shown(form) | said
        page = await browser.send(address(scene, cell.act), files(scene, cell.act, state), page=form, **said)
        assert "受け付けました" in page, cell
        recorded = await scene.last()
        assert (recorded.act, recorded.actor.person) == (cell.act, by.person), cell
        # The facade takes the role that the act needs; what all may do is done as 職員.
        assert recorded.actor.role in (cell.role, Role.STAFF)
        if cell.act is EventActKind.CLOSE:
            await scene.begin()
