"""評価書一式と手続: a larger form is published only through the procedure of its level, and a rise goes all the way."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from client.errors import ActRefusedError, InvalidInputError
from guideline.changes import OLD_FORM
from schemas.levels import Level
from schemas.review import Stage
from tests.guideline.sample_documents import ALL_ITEMS, BASIC_ITEMS, PRIORITY_ITEMS, changed, document
from tests.house import DRAFTER, MANAGER, TEAM, House, today
from tests.workflows.lifecycle import approve
from tests.workflows.procedure import reassess, record
from tests.workflows.test_yearly_review import sweep

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
        published_on=(today() - timedelta(days=1)).isoformat(),
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
    await sweep(house, on=today())
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


async def test_the_table_of_changes_tells_of_the_form_that_changed_and_nothing_of_one_that_is_new(house: House) -> None:
    """変更箇所: 前に公表していない様式4について、旧様式に記載があったとは書かない。"""
    review_id = await reassess(house)
    version = (await house.minaoshi.assessments.history(house.assessment_id))[-1]
    assert (version.review_id, {row.form for row in version.changes}) == (review_id, {"basic_items"})
    assert all(row.before != OLD_FORM for row in version.changes)


async def test_what_the_former_version_withheld_is_not_told_by_the_next_table_of_changes(house: House) -> None:
    """規則10条: 前の版で公表しなかった記載は、次の版の変更箇所にも現れない。"""
    hidden = "第三庁舎の地下二階にある書庫の中央の棚に保管する。"
    former = document("digital-agency-1-all-items")
    former["files"][0]["storage"]["place"] = hidden
    former["withheld"] = [
        {"place": "/files/0/storage/place", "reason": "管理に支障があるため", "provision": "rule_10_2"}
    ]
    name = f"{house.assessment_id}-w"
    await house.add_assessment(name, document=document("digital-agency-1-corrected"), documents=[former])
    review_id = await house.report_change(assessments=[name])
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, formal_only="所在地の表記を改めるにとどまる。")
    await submit(house, review_id, document("digital-agency-1-all-items"))
    await approve(house, review_id)
    for step in ("submission", "publication"):
        await record(house, review_id, step)
    [row] = [row for row in (await house.minaoshi.assessments.history(name))[-1].changes if row.before == hidden]
    assert row.withheld is not None
    for as_ in ("html", "json"):
        assert hidden in _everything(await house.minaoshi.documents.export(name, as_=as_))
        assert hidden not in _everything(await house.minaoshi.documents.export(name, as_=as_, rendition="public"))


def _everything(content: bytes) -> str:
    if not zipfile.is_zipfile(BytesIO(content)):
        return content.decode()
    with zipfile.ZipFile(BytesIO(content)) as packed:
        return "".join(packed.read(one).decode() for one in packed.namelist())
