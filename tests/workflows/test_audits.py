"""監査: who may not audit whom, what a finding opens and how often, and when an audit comes to its end."""

from __future__ import annotations

import asyncio
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from client.audit_reports import AuditFormat
from client.errors import ActRefusedError, InvalidInputError, NotFoundError, NotPermittedError
from guideline.audit_plan import Standing
from schemas.duties import DutyKind, DutyStatus
from schemas.records import ReportedReview
from settings import Settings
from tests.house import AUDITOR, CHIEF, DRAFTER, MANAGER, TEAM, House, as_json
from tests.workflows.audit_samples import DEPARTMENT, FILE, ITEM, PLAN, inspected, open_audit, report
from tests.workflows.planning import EVIDENCE
from tests.workflows.test_killed import mortal_house, strike

ADDED_AUDITOR = "desk"
"""併任の監査人: an auditor who is of the department that is audited."""


async def with_auditor_of_the_department(house: House) -> None:
    organisation = resources.files("demo").joinpath("organisation.toml").read_text(encoding="utf-8")
    changed = organisation.replace('persons = ["auditor"]', f'persons = ["auditor", "{ADDED_AUDITOR}"]')
    await house.minaoshi.organisation.apply(changed.encode())


async def code_of(call: object) -> str:
    with pytest.raises(ActRefusedError) as refused:
        await call  # type: ignore[misc] # an awaitable of whatever act
    return refused.value.refusal.code


async def test_nobody_audits_their_own_department(house: House) -> None:
    await with_auditor_of_the_department(house)
    await inspected(house)
    duties, audits = house.minaoshi.duties, house.minaoshi.privacy_audits
    one = await open_audit(house, planned=False)
    assert await code_of(duties.hand_in(one, report({}), as_=AUDITOR)) == "audit_not_planned"
    named = {**PLAN, "auditors": [AUDITOR, ADDED_AUDITOR]}
    assert await code_of(audits.set_plan(one, as_json(**named), as_=AUDITOR)) == "auditor_of_the_department"
    assert await code_of(audits.set_plan(one, as_json(**PLAN), as_=ADDED_AUDITOR)) == "own_department"
    assert (
        await code_of(audits.set_plan(one, as_json(**{**PLAN, "auditors": [TEAM]}), as_=AUDITOR)) == "unknown_auditor"
    )
    await audits.set_plan(one, as_json(**PLAN), as_=AUDITOR)
    assert await code_of(duties.hand_in(one, report({}), as_=ADDED_AUDITOR)) == "own_department"
    await duties.hand_in(one, report({"grade": "improvable"}), as_=AUDITOR)
    assert await code_of(duties.confirm(one, as_=ADDED_AUDITOR)) == "own_department"
    assert (await duties.confirm(one, as_=CHIEF)).status is DutyStatus.CLOSED
    with pytest.raises(InvalidInputError, match="監査ではありません"):
        await audits.followed(f"inspection:department-{house.assessment_id}", as_=AUDITOR)


async def test_an_audit_ends_when_all_that_it_found_is_put_right(house: House) -> None:
    duties, audits = house.minaoshi.duties, house.minaoshi.privacy_audits
    one = await open_audit(house)
    assert await code_of(duties.hand_in(one, report({}), as_=AUDITOR)) == "not_inspected"
    await inspected(house)
    unknown = report({"assessment": "unknown"})
    assert await code_of(duties.hand_in(one, unknown, as_=AUDITOR)) == "finding_assessment"
    with pytest.raises(NotFoundError, match="まだ報告されていません"):
        await audits.report(one, AuditFormat.JSON, as_=AUDITOR)
    assert await audits.followed(one, as_=AUDITOR) == ()
    found = report({"assessment": house.assessment_id}, {"grade": "major", "text": "ない。"}, {"grade": "conforms"})
    await duties.hand_in(one, found, as_=AUDITOR)
    await duties.send_back(one, as_json(reason="結論を改める。"), as_=CHIEF)
    await duties.hand_in(one, found, as_=AUDITOR)
    followed = await audits.followed(one, as_=AUDITOR)
    corrections = [row.correction for row in followed if row.correction is not None]
    assert [row.finding.grade.value for row in followed] == ["minor", "major", "conforms"]
    assert [one.duty_id for one in await duties.below(one, as_=MANAGER)] == [
        state.duty_id for state in reversed(corrections)
    ]
    assert [review.review_id for review in await opened_reviews(house, one)] == [f"{house.assessment_id}/1"]
    assert await code_of(duties.confirm(one, as_=CHIEF)) == "children_open"
    for state in corrections:
        paper = {"answer": "指摘のとおりである。", "action": "管理簿を改めた。"}
        await duties.amend(state.duty_id, as_json(owner=DRAFTER, reason="担当を定めた。"), as_=AUDITOR)
        await duties.hand_in(state.duty_id, as_json(text="改めた。", evidence=EVIDENCE, paper=paper), as_=DRAFTER)
        await duties.confirm(state.duty_id, as_=AUDITOR)
    assert (await duties.confirm(one, as_=CHIEF)).status is DutyStatus.CLOSED
    papers = {form: await audits.report(one, form, as_=AUDITOR) for form in AuditFormat}
    assert papers[AuditFormat.PDF].startswith(b"%PDF")
    assert papers[AuditFormat.XLSX].startswith(b"PK")
    assert all(
        words in papers[AuditFormat.JSON].decode()
        for words in ("指摘のとおりである。", f"{house.assessment_id}/1", "是正を要する。")
    )
    assert papers == {form: await audits.report(one, form, as_=AUDITOR) for form in AuditFormat}
    assert (await house.minaoshi.verify_audit()).problems == ()


async def opened_reviews(house: House, audit: str) -> list[ReportedReview]:
    """Wait for the reviews that the findings of an audit open."""
    async with asyncio.timeout(30):
        while True:
            found = [
                review
                for row in await house.minaoshi.privacy_audits.followed(audit, as_=AUDITOR)
                for review in row.reviews
            ]
            if found:
                return list(found)
            await asyncio.sleep(0.05)


@pytest.mark.whole
async def test_a_finding_opens_its_review_once_though_the_worker_dies(settings: Settings, tmp_path: Path) -> None:
    async with mortal_house(settings, tmp_path / "house") as (house, server, process):
        await inspected(house)
        one, duties = await open_audit(house), house.minaoshi.duties
        found = report({"assessment": house.assessment_id}, {"grade": "major"}, {"text": "足りない。"})
        reporting = asyncio.create_task(duties.hand_in(one, found, as_=AUDITOR, act_id="act/killed"))
        await asyncio.sleep(0.1)
        await strike(("worker",), server, process)
        assert (await reporting).status is DutyStatus.HANDED_IN
        assert await duties.hand_in(one, found, as_=AUDITOR, act_id="act/killed") == await reporting
        reviews = await opened_reviews(house, one)
        assert len(reviews) == 1
        assert len(await duties.below(one, as_=AUDITOR)) == 3
        grounds = (await house.show(f"{house.assessment_id}/1")).state.grounds
        assert [ground.title for ground in grounds] == [f"監査の指摘: {ITEM}"]
        assert (await house.minaoshi.verify_audit()).problems == ()


def programme(house: House, **more: object) -> bytes:
    name = house.assessment_id
    audits = [
        {"name": name, "file": FILE, "department": DEPARTMENT, "begins_on": "2023-11-01", "due_on": "2024-03-31"},
        {
            "name": f"{name}-second",
            "file": "事業者ファイル",
            "department": "child-allowance",
            "begins_on": "2024-04-01",
            "due_on": "2024-09-30",
            "repeats": None,
        },
        {
            "name": f"{name}-contractor",
            "file": FILE,
            "contractor": "運用会社",
            "department": DEPARTMENT,
            "begins_on": "2023-11-01",
            "due_on": "2024-03-31",
        },
    ]
    given = {
        "name": name,
        "title": "令和5年度監査",
        "inspection_begins_on": "2023-10-01",
        "inspection_due_on": "2023-10-30",
        "questions": [ITEM],
        "checklist": [ITEM],
        "audits": audits,
    }
    return as_json(**{**given, **more})


async def test_a_programme_opens_inspections_and_audits_once_and_all_or_none(house: House) -> None:
    audits = house.minaoshi.privacy_audits
    wrong = {"name": "x", "file": "f", "department": "nowhere", "begins_on": "2024-05-01", "due_on": "2024-04-01"}
    with pytest.raises(InvalidInputError) as invalid:
        await audits.apply(programme(house, audits=[wrong, wrong]), as_=AUDITOR)
    assert len(invalid.value.faults) == 6
    assert await house.minaoshi.duties.list(as_=AUDITOR, scope="all") == ()
    with pytest.raises(NotPermittedError):
        await audits.apply(programme(house), as_=TEAM)
    first = await audits.apply(programme(house), as_=AUDITOR)
    assert (len(first.opened), first.there) == (5, ())
    assert (await audits.apply(programme(house), as_=AUDITOR)) == first.model_copy(
        update={"opened": (), "there": first.opened}
    )
    other = programme(house).replace("事業者ファイル".encode(), "別のファイル".encode())
    with pytest.raises(InvalidInputError, match="誤りがあります"):
        await audits.apply(other, as_=AUDITOR)
    kinds = [
        kind for kind in (DutyKind.INSPECTION, DutyKind.AUDIT) for one in first.opened if one.startswith(kind.value)
    ]
    assert kinds == [DutyKind.INSPECTION] * 2 + [DutyKind.AUDIT] * 3
    plan = await audits.plan(as_=AUDITOR)
    assert plan.years[0] == 2023
    assert [(row.file, row.contractor, row.runs[0].standing) for row in plan.rows] == [
        (FILE, None, Standing.LATE),
        ("事業者ファイル", None, Standing.LATE),
        (FILE, "運用会社", Standing.LATE),
    ]
    assert date(2025, 3, 31) in [run.due_on for run in plan.rows[0].runs]
    assert "期限を過ぎている" in await audits.plan_svg(as_=AUDITOR)
    assert {row.department for row in (await audits.plan(as_=MANAGER)).rows} == {DEPARTMENT}
