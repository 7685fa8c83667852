"""時計, on the real server with its time moved: what nobody does is called for, each time once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from engine.server import EmbeddedServer
from guideline.deadlines import tokyo_date
from schemas.review import Outcome
from tests.house import CHIEF, MANAGER, TEAM, as_json, checked
from tests.workflows.skipping import SkippingHouse, skipping_house
from workflows.yearly_review import Sweep, YearlyReviewWorkflow

ACKNOWLEDGEMENT = [("acknowledgement", urgency) for urgency in ("reminder", "superior", "top")]
YEARLY = [("yearly", urgency) for urgency in ("reminder", "superior", "top")]
WITHDRAWAL = [("withdrawal", urgency) for urgency in ("reminder", "superior", "top")]
TURN = [("turn", urgency) for urgency in ("reminder", "superior", "top")]


@pytest.fixture
async def skipping(
    environment: WorkflowEnvironment, server: EmbeddedServer, tmp_path: Path
) -> AsyncIterator[SkippingHouse]:
    async with skipping_house(environment, server.settings, tmp_path) as house:
        yield house


async def test_a_team_that_never_acknowledges_is_called_then_its_superior_then_the_top(skipping: SkippingHouse) -> None:
    review_id = await skipping.house.report_change()
    await skipping.forward(timedelta(days=60))
    await skipping.has_rung(review_id, 6)
    rung = await skipping.reminders(review_id)
    assert [one for one in rung if one in ACKNOWLEDGEMENT] == ACKNOWLEDGEMENT
    assert [one for one in rung if one in TURN] == TURN
    assert len(rung) == 6
    chief = await skipping.house.minaoshi.inboxes.of(CHIEF)
    assert any("総括保護管理者・統括官への報告" in notice.subject for notice in chief.notices)
    assert (await skipping.house.minaoshi.verify_audit()).ok


async def test_a_finding_that_never_comes_is_called_for_and_comes_late(skipping: SkippingHouse) -> None:
    house = skipping.house
    review_id = await house.report_change()
    await house.minaoshi.reviews.acknowledge(review_id, as_=TEAM)
    await house.find(review_id, as_=TEAM, course="no_change")
    await skipping.forward(timedelta(days=60))
    await skipping.has_rung(review_id, 3)
    assert await skipping.reminders(review_id) == TURN
    team = await house.minaoshi.inboxes.of(TEAM)
    assert not any(notice.subject.startswith("督促") for notice in team.notices)
    await house.find(review_id, as_=MANAGER, course="no_change")
    assert (await house.handle().result()).outcome is Outcome.VERIFIED


async def test_a_stage_that_begins_anew_starts_its_clock_anew(skipping: SkippingHouse) -> None:
    house = skipping.house
    review_id = await house.report_change()
    await house.minaoshi.reviews.acknowledge(review_id, as_=TEAM)
    await skipping.forward(timedelta(days=60))
    await skipping.has_rung(review_id, 3)
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person)
    await skipping.forward(timedelta(days=60))
    await skipping.has_rung(review_id, 6)
    assert await skipping.reminders(review_id) == [*TURN, *TURN]


async def test_a_review_past_its_yearly_date_is_called_for(skipping: SkippingHouse) -> None:
    house = skipping.house
    today = tokyo_date(datetime.now(UTC))
    house.assessment_id = f"{house.assessment_id}-yearly"
    verified_on = today - timedelta(days=350)
    await house.add_assessment(house.assessment_id, published_on="2022-03-28", verified_on=verified_on.isoformat())
    await house.temporal.execute_workflow(
        YearlyReviewWorkflow.run, Sweep(on=today), id="sweep/past", task_queue=house.settings.task_queue
    )
    review_id = f"{house.assessment_id}/1"
    await house.minaoshi.reviews.acknowledge(review_id, as_=TEAM)
    rows = checked((await house.show(review_id)).state.opening)
    finding = as_json(course="no_change", reason="記載どおり。", checklist=rows)
    await house.minaoshi.reviews.find(review_id, finding, as_=TEAM)
    await skipping.forward(timedelta(days=60))
    await skipping.has_rung(review_id, 6)
    rung = await skipping.reminders(review_id)
    assert [one for one in rung if one in YEARLY] == YEARLY
    assert [one for one in rung if one in TURN] == TURN


async def test_a_withdrawal_that_nobody_answers_is_called_for(skipping: SkippingHouse) -> None:
    house = skipping.house
    review_id = await house.report_change(act_id="change/waiting")
    await house.minaoshi.reviews.acknowledge(review_id, as_=TEAM)
    await house.withdraw(review_id, f"change/waiting/{house.assessment_id}")
    task = next(one for one in (await house.minaoshi.inboxes.of(TEAM)).tasks if one.act.value == "consent")
    finding = next(one for one in (await house.minaoshi.inboxes.of(TEAM)).tasks if one.act.value == "find")
    assert task.due_on is not None
    assert finding.due_on is not None
    assert task.due_on < finding.due_on
    await skipping.forward(timedelta(days=60))
    await skipping.has_rung(review_id, 6)
    rung = await skipping.reminders(review_id)
    assert [one for one in rung if one in WITHDRAWAL] == WITHDRAWAL
    assert [one for one in rung if one in TURN] == TURN
