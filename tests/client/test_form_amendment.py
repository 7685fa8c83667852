"""様式の改正 (form amendment)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from client.errors import ActRefusedError
from schemas.review import GroundKind
from tests.house import DRAFTER, MANAGER, TEAM, House, document


def on_the_form_of_2019() -> dict[str, Any]:
    content = document()
    for item in ("human_intervention", "top_priority"):
        content["risk_measures"].pop(item, None)
    return {**content, "form_version": "2019-01"}


async def test_what_stands_on_an_older_form_is_examined_once(house: House) -> None:
    old = f"{house.assessment_id}-old"
    await house.add_assessment(old, document=on_the_form_of_2019())
    told: list[tuple[int, int]] = []
    done = await house.minaoshi.form_amendments.report(as_=TEAM, told=lambda *now: told.append(now))
    assert ([one.assessment_id for one in done.reviews], done.known, done.version) == ([old], 0, "2024-10")
    assert told == [(1, 1)]
    view = await house.show(f"{old}/1")
    assert [ground.kind for ground in view.state.grounds] == [GroundKind.FORM_AMENDED]
    again = await house.minaoshi.form_amendments.report(as_=TEAM)
    assert (again.reviews, again.known) == ((), 1)


async def test_a_review_that_opened_now_ends_on_the_form_of_now(house: House) -> None:
    old = f"{house.assessment_id}-old"
    await house.add_assessment(old, document=on_the_form_of_2019())
    await house.minaoshi.form_amendments.report(as_=TEAM)
    for person in (MANAGER, TEAM):
        await house.find(f"{old}/1", as_=person)
    draft = json.dumps({**on_the_form_of_2019(), "cover": document("corrected")["cover"]}).encode()
    with pytest.raises(ActRefusedError, match="様式の版 2019-01"):
        await house.minaoshi.reviews.submit(f"{old}/1", draft, as_=DRAFTER)
    await house.submit(f"{old}/1")
    for person in (MANAGER, TEAM):
        await house.minaoshi.reviews.approve(f"{old}/1", as_=person)
    for step in ("submission", "publication"):
        await house.step(f"{old}/1", step)
    changes = (await house.minaoshi.assessments.history(old))[-1].changes
    assert any(row.item.startswith("Ⅳ8 人手を介在させる作業") for row in changes)
    assert (await house.minaoshi.form_amendments.report(as_=TEAM)).reviews == ()


async def test_only_the_team_reports_an_amended_form(house: House) -> None:
    with pytest.raises(ActRefusedError, match="様式の改正の報告"):
        await house.minaoshi.form_amendments.report(as_=DRAFTER)
