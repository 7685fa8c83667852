"""許可の表と見直しのページ: each cell by what the page would send, from a person who holds the role."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.acts import ActKind
from schemas.organisation import Actor, Role
from schemas.review import ReviewState, Stage
from tests.house import House, today
from tests.permission_table import REVIEW_CELLS, Cell
from tests.permissions.pages import REFUSED, Browsers, posted, shown
from tests.permissions.people import OTHER, actor_of, changes_of
from tests.permissions.reviews import Scene
from tests.web.test_reviews import UPLOAD

pytestmark = pytest.mark.whole

ON_PAGES = [cell for cell in REVIEW_CELLS if cell.act is not ActKind.REMIND and cell.role is not Role.ENGINE]
"""人の升: the engine has no browser, and nobody reminds by hand."""

FORBIDDEN = [
    cell for cell in ON_PAGES if not cell.permitted and (cell.act is not ActKind.JOIN or cell.role is Role.AUDITOR)
]
"""Whoever holds another role is 職員 too, and reports as one: all but who only audits."""


def address(scene: Scene, kind: ActKind) -> str:
    return "/report/change" if kind is ActKind.JOIN else f"/reviews/{scene.review_id}/acts/{kind.value}"


def typed(scene: Scene, kind: ActKind, review: ReviewState, by: Actor) -> dict[str, Any]:
    """Give what is typed into the form of an act."""
    reason = {"reason": "確かめた。"}
    own: dict[ActKind, dict[str, Any]] = {
        ActKind.JOIN: {
            "assessments": scene.assessment_id,
            "kind": "environment",
            "title": "窓口の運用の変更",
            "facts": "受付の順序を改めた。",
            "known_on": today().isoformat(),
        },
        ActKind.FIND: {"course": "amend", "facts_revision": str(review.facts_revision), **reason},
        ActKind.RESOLVE: {"course": "amend", "facts_revision": str(review.facts_revision), **reason},
        ActKind.RETURN: {"comments.0.item": "全般", "comments.0.text": "根拠を。"},
        ActKind.RECORD_STEP: {"done_on": today().isoformat()},
        ActKind.CONSENT: {"agrees": "no", **reason},
        ActKind.SETTLE: {"ruling": "ground_stands", **reason},
        ActKind.WITHDRAW: {"ground_id": scene.ground_of(by, review), **reason},
        ActKind.HAND_OVER: {"department": OTHER, **reason},
        ActKind.PASS_GATE: {
            "gate": scene.gate_left(review) or "hold_start",
            "passed_on": today().isoformat(),
            "emergency": "災害のため。",
        },
        ActKind.SUBMIT: {},
        ActKind.APPROVE: {},
        ActKind.ACKNOWLEDGE: {"grounds_read": str(len(review.grounds) + len(review.held))},
    }
    draft = {"digest": review.draft_digest or "f" * 64, "revision": str(max(review.revision, 1))}
    facts = {"facts_revision": str(max(review.facts_revision, 1))}
    carried = {ActKind.APPROVE: {**draft, **facts}, ActKind.RETURN: draft}.get(kind, {})
    return {**own.get(kind, reason), **carried}


def files(kind: ActKind) -> Any:
    return UPLOAD if kind is ActKind.SUBMIT else None


@pytest.mark.parametrize("stage", Stage, ids=lambda one: one.label)
async def test_what_the_table_does_not_permit_is_neither_offered_nor_done(
    office: House, browsers: Browsers, stage: Stage
) -> None:
    scene = await Scene(office).begin()
    review = await scene.reach(stage)
    before = await office.register.acts_of(scene.review_id), await changes_of(office)
    permitted = {(cell.act, cell.role, cell.own) for cell in ON_PAGES if cell.permitted and cell.stage is stage}
    wrong: list[tuple[Cell[ActKind, Stage], int]] = []
    for cell in [one for one in FORBIDDEN if one.stage is stage]:
        said = typed(scene, cell.act, review, actor_of(cell.role, own=cell.own))
        browser = browsers[cell.role, cell.own]
        status, page = await posted(browser, address(scene, cell.act), said, files(cell.act))
        if status not in REFUSED or "ください" not in page:
            wrong.append((cell, status))
    assert wrong == []
    for (role, own), browser in browsers.items():
        page = await shown(browser, f"/reviews/{scene.review_id}")
        offered = {one for one in ActKind if one is not ActKind.JOIN and f'{address(scene, one)}"' in page}
        assert {(one, role, own) for one in offered} <= permitted, (role, own)
    assert (await office.register.acts_of(scene.review_id), await changes_of(office)) == before


@pytest.mark.parametrize("stage", [one for one in Stage if one is not Stage.CLOSED], ids=lambda one: one.label)
async def test_what_the_table_permits_is_done_by_the_page_and_recorded(
    office: House, browsers: Browsers, stage: Stage
) -> None:
    scene = await Scene(office).begin()
    for cell in [one for one in ON_PAGES if one.permitted and one.stage is stage]:
        by = actor_of(cell.role, own=cell.own)
        review = await scene.prepare(cell.act, stage, by)
        said = await browsers[cell.role, cell.own].send(
            address(scene, cell.act), files(cell.act), **_not_carried(typed(scene, cell.act, review, by))
        )
        assert "受け付けました" in said, cell
        recorded = (await office.register.acts_of(scene.review_id))[-1].act
        assert (recorded.act, recorded.actor.person) == (cell.act, by.person), cell
        # Whoever reports does so as 職員.
        assert recorded.actor.role is (Role.STAFF if cell.act is ActKind.JOIN else cell.role)
        await scene.tidy()


def _not_carried(said: dict[str, Any]) -> dict[str, Any]:
    """Leave what the form carries along to the form."""
    carried = ("digest", "revision", "facts_revision", "grounds_read")
    return {name: value for name, value in said.items() if name not in carried}
