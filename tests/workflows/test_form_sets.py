"""評価書一式と手続: a larger form is published only through the procedure of its level, and a rise goes all the way."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from client.errors import ActRefusedError, InvalidInputError
from guideline.deadlines import tokyo_date
from schemas.levels import Level
from schemas.review import Stage
from tests.guideline.sample_documents import ALL_ITEMS, BASIC_ITEMS, PRIORITY_ITEMS, changed, document
from tests.house import DRAFTER, MANAGER, TEAM, House
from tests.workflows.procedure import approve, record
from tests.workflows.test_yearly_review import sweep

TODAY = tokyo_date(datetime.now(UTC))
NAME = "後期高齢者医療制度に関する事務"


def basic_items(*, band: str, level: str) -> dict[str, Any]:
    """Give a 様式2 that stands beside the sample of 様式3."""
    cover, files = document(PRIORITY_ITEMS)["cover"], document(PRIORITY_ITEMS)["basic_information"]["files"]
    return changed(
        BASIC_ITEMS,
        {
            "/cover": {**cover, "assessment_name": f"{NAME} 基礎項目評価書"},
            "/related_information/files": files,
            "/threshold_items/data_subjects/band": band,
            "/threshold_items/handlers/band": "under_500",
            "/threshold_result": level,
            "/risk_measures/submitted_level": level,
        },
    )


def all_items() -> dict[str, Any]:
    """Give a 様式4 that takes the place of the sample of 様式3."""
    larger = document(PRIORITY_ITEMS)
    content = changed(
        ALL_ITEMS,
        {
            "/cover": {**larger["cover"], "assessment_name": f"{NAME} 全項目評価書"},
            "/basic_information/files": larger["basic_information"]["files"],
        },
    )
    for part, key in (("files", "name"), ("risks", "file")):
        content[part] = [content[part][0] | {key: name} for name in larger["basic_information"]["files"]]
    return content


async def add_priority_assessment(house: House) -> str:
    name = f"{house.assessment_id}-p"
    await house.add_assessment(
        name,
        number=document(PRIORITY_ITEMS)["cover"]["assessment_number"],
        name=NAME,
        required_level="priority_items",
        effective_level="priority_items",
        published_on=(TODAY - timedelta(days=1)).isoformat(),
        document=basic_items(band="from_100000_under_300000", level="priority_items"),
        documents=[document(PRIORITY_ITEMS)],
    )
    return name


async def submit(house: House, review_id: str, *drafts: dict[str, Any]) -> list[str]:
    """Hand in a draft; give the forms of the whole set."""
    written = [json.dumps(draft).encode() for draft in drafts]
    await house.minaoshi.reviews.submit(review_id, *written, as_=DRAFTER)
    draft = (await house.show(review_id)).state.draft
    assert draft is not None
    return [one.form for one in draft.documents]


async def test_a_rise_from_priority_to_all_items_is_first_amended_and_then_reassessed(house: House) -> None:
    """規則14条3項 → 7条2項・8条: まず様式2の修正を公表し、次いで様式4を様式3に代えて実施する。"""
    name = await add_priority_assessment(house)
    review_id = await house.report_change(assessments=[name], kind="data_subjects", title="対象人数の増加")
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person)
    risen = basic_items(band="at_least_300000", level="all_items")
    assert await submit(house, review_id, risen) == ["basic_items", "priority_items"]
    await approve(house, review_id)
    for step in ("submission", "publication"):
        await record(house, review_id, step)
    published = await house.register.assessment(name)
    assert (published.required_level, published.effective_level) == (Level.ALL_ITEMS, Level.PRIORITY_ITEMS)
    await sweep(house, on=TODAY)
    for person in (MANAGER, TEAM):
        await house.find(f"{name}/2", as_=person, course="reassess")
    assert await submit(house, f"{name}/2", risen, all_items()) == ["basic_items", "all_items"]


async def test_a_fall_of_level_leaves_the_larger_form_out(house: House) -> None:
    name = await add_priority_assessment(house)
    review_id = await house.report_change(assessments=[name], kind="data_subjects", title="対象人数の減少")
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person)
    fallen = basic_items(band="from_10000_under_100000", level="basic_items")
    measure = fallen["risk_measures"]["storage"]["answer"]
    fallen["risk_measures"]["top_priority"] = {"measure": "storage", "answer": measure, "basis": "見本"}
    assert await submit(house, review_id, fallen) == ["basic_items"]


@pytest.mark.parametrize("course", ["amend", "reassess"])
async def test_no_larger_form_is_published_without_the_procedure_of_its_level(house: House, course: str) -> None:
    name = f"{house.assessment_id}-b"
    await house.add_assessment(name, required_level="basic_items", effective_level="basic_items")
    review_id = await house.report_change(assessments=[name])
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, course=course)
    drafts = (document("digital-agency-1-corrected"), document("digital-agency-1-all-items"))
    with pytest.raises((ActRefusedError, InvalidInputError)) as refused:
        await submit(house, review_id, *drafts)
    error = refused.value
    said = (error.refusal.message,) if isinstance(error, ActRefusedError) else getattr(error, "faults", ())
    assert ["様式4" in one for one in said] == [True]
    assert (await house.show(review_id)).state.stage is Stage.DRAFTING
