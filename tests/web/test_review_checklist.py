"""年次の確認のページ: item by item beside last year's answers, saved as one finding."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from schemas.acts import Finding
from tests.house import DRAFTER, MANAGER, TEAM, House, document, today
from tests.web.conftest import Browser
from tests.web.test_reviews import ESCAPED, SCRIPT, act, at_the_table
from tests.workflows.planning import ITEM, planned
from workflows.yearly_review import Sweep, YearlyReviewWorkflow

Browsers = Callable[[], Browser]

FINDING: dict[str, Any] = {"course": "no_change", "reason": "全項目を照らした。"}


async def yearly(house: House) -> str:
    """Open the yearly review of the house's assessment, a year after it was verified."""
    on = today() + timedelta(days=366)
    await house.temporal.execute_workflow(
        YearlyReviewWorkflow.run, Sweep(on=on), id=f"sweep/{uuid.uuid4()}", task_queue=house.settings.task_queue
    )
    return (await house.minaoshi.reviews.list())[0].review_id


def answers(asked: tuple[str, ...], measures: tuple[str, ...], **last: str) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    for number, item in enumerate(asked):
        typed |= {f"checklist.{number}.agrees": "yes", f"checklist.{number}.state": "実態と照らした。"}
        typed |= {f"checklist.{number}.answer": "sufficient"} if item in measures else {}
    return typed | {f"checklist.{len(asked) - 1}.{name}": value for name, value in last.items()}


async def test_the_whole_checklist_is_one_finding_beside_last_years_answers(house: House, browser: Browsers) -> None:
    number = await planned(house)
    review_id = await yearly(house)
    department, team = await at_the_table(browser, MANAGER, TEAM)
    answer = await department.web.get(act(review_id, "find"))
    door = f"/reviews/{review_id}/checklist"
    assert answer.headers["location"] == door
    form = await department.open(door)
    assert "一人で確かめている。" in form
    assert "複数人で確かめる手順を定める。" in form
    opening = (await house.show(review_id)).state.opening
    said = answers(opening.checklist, opening.measures)
    at = opening.checklist.index(ITEM)
    said |= {f"checklist.{at}.answer": "issues_remain", f"checklist.{at}.open_countermeasure": number}
    for _ in range(2):
        page = await department.send(door, page=form, **FINDING, **said)
    assert f"年次の確認（{len(opening.checklist)}項目、一致しないもの0項目）" in page
    assert "伏せられています" in await team.open(f"/reviews/{review_id}")
    await team.send(door, **FINDING, **answers(opening.checklist, opening.measures))
    acts = [one.act for one in await house.register.acts_of(review_id) if isinstance(one.act, Finding)]
    assert [len(one.checklist) for one in acts] == [len(opening.checklist)] * 2


async def test_an_item_without_an_answer_is_told_at_its_place_and_the_rest_is_kept(
    house: House, browser: Browsers
) -> None:
    review_id = await yearly(house)
    [department] = await at_the_table(browser, MANAGER)
    opening = (await house.show(review_id)).state.opening
    said = answers(opening.checklist, opening.measures, state=SCRIPT, said_by=SCRIPT)
    said["checklist.2.agrees"] = ""
    page = await department.send(
        f"/reviews/{review_id}/checklist", status=422, course="no_change", reason="照らした。", **said
    )
    assert 'href="#f-checklist.2.agrees"' in page
    assert page.count(ESCAPED) == 2
    assert SCRIPT not in page
    assert (await house.show(review_id)).findings == ()


async def test_a_measure_with_issues_asks_for_a_countermeasure(house: House, browser: Browsers) -> None:
    review_id = await yearly(house)
    [department] = await at_the_table(browser, MANAGER)
    opening = (await house.show(review_id)).state.opening
    door = f"/reviews/{review_id}/checklist"
    said = answers(opening.checklist, opening.measures, answer="issues_remain")
    page = await department.send(door, status=409, **FINDING, **said)
    assert opening.checklist[-1] in page
    plan = {"countermeasure.text": "定める。", "countermeasure.owner": DRAFTER, "countermeasure.due_on": "2099-01-01"}
    nobody = answers(
        opening.checklist, opening.measures, answer="issues_remain", **{**plan, "countermeasure.owner": "x"}
    )
    assert "職員「x」" in await department.send(door, status=404, **FINDING, **nobody)
    said = answers(opening.checklist, opening.measures, answer="issues_remain", **plan)
    page = await department.send(door, **FINDING, **said)
    assert "対応策: 定める。（見本 起案、令和81年1月1日（木）まで）" in page


async def test_of_a_change_only_what_was_looked_at_is_said(house: House, browser: Browsers) -> None:
    review_id = await house.report_change()
    [team] = await at_the_table(browser, TEAM)
    opening = (await house.show(review_id)).state.opening
    at = opening.checklist.index(ITEM)
    door = f"/reviews/{review_id}/checklist"
    assert door in await team.open(act(review_id, "find"))
    page = await team.send(door, status=422, **{**FINDING, f"checklist.{at}.agrees": "yes"})
    assert f'href="#f-checklist.{at}.state"' in page
    changed: dict[str, Any] = {f"checklist.{at}.agrees": "no", f"checklist.{at}.state": "変わった。", "course": "amend"}
    await team.send(door, **{**FINDING, **changed})
    given = (await house.register.acts_of(review_id))[-1].act
    assert isinstance(given, Finding)
    assert [(row.item, row.agrees) for row in given.checklist] == [(ITEM, False)]


def of_many_files(count: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give a 様式2 and a 様式4 of a business with so many files, each with its risks."""
    basic, larger = document("corrected"), document("all-items")
    names = [f"ファイル{number}" for number in range(count)]
    larger["files"] = [{**larger["files"][0], "name": name} for name in names]
    larger["risks"] = [{**larger["risks"][0], "file": name} for name in names]
    larger["basic_information"]["files"] = basic["related_information"]["files"] = names
    return basic, larger


async def test_more_than_a_hundred_items_are_shown_and_sent_as_one_finding(house: House, browser: Browsers) -> None:
    basic, larger = of_many_files(6)
    await house.add_assessment("large", documents=[larger], document=basic, published_on="2025-04-01")
    review_id = await house.report_change(assessments=["large"])
    [team] = await at_the_table(browser, TEAM)
    opening = (await house.show(review_id)).state.opening
    assert len(opening.checklist) > 100
    said = answers(opening.checklist, opening.measures)
    await team.send(f"/reviews/{review_id}/checklist", **FINDING, **said)
    given = (await house.register.acts_of(review_id))[-1].act
    assert isinstance(given, Finding)
    assert len(given.checklist) == len(opening.checklist)
