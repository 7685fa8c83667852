"""義務の時計と長さ: reminders to each alarm, runs that go on from one another, what repeats, and a killed worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from activities.duties import Round, RoundResult
from engine.server import EmbeddedServer
from register.database import writer_of
from schemas.duties import DutyStart, DutyStatus
from schemas.duty_acts import DutyReminder
from settings import Settings
from tests.house import AUDITOR, CHIEF, DRAFTER, MANAGER, TEAM, House, as_json, today, working_house
from tests.tampering import administering
from tests.workflows.duty_samples import following, measure, members, own, training
from tests.workflows.planning import EVIDENCE, in_days
from tests.workflows.runs import FEW_EVENTS, few_events_a_run, runs_of
from tests.workflows.sandbox import SANDBOX
from tests.workflows.skipping import PATIENCE_S, skipping_house
from tests.workflows.test_killed import mortal_house, strike
from workflows.duty import DutyWorkflow
from workflows.duty_round import DutyRoundWorkflow

CALLED = ["reminder", "superior", "top"]


async def rung(house: House, duty_id: str) -> list[tuple[str, str, date]]:
    acts = [record.act for record in (await house.minaoshi.duties.show(duty_id, as_=TEAM)).acts]
    alarms = [act.alarm for act in acts if isinstance(act, DutyReminder)]
    return [(one.status.value, one.urgency.value, one.due_on) for one in alarms]


async def test_each_alarm_rings_once_for_each_date_and_calls_whom_it_should(
    environment: WorkflowEnvironment, server: EmbeddedServer, tmp_path: Path
) -> None:
    async with skipping_house(environment, server.settings, tmp_path) as skipping:
        house, duties = skipping.house, skipping.house.minaoshi.duties
        one = own(house, "measure:clock")
        await duties.open(one, measure(), as_=TEAM)

        async def called(times: int) -> list[tuple[str, str, date]]:
            await environment.fast_forward(following(house, one), timedelta(days=60))
            async with asyncio.timeout(PATIENCE_S):
                while len(await rung(house, one)) < times:  # noqa: ASYNC110 # nobody tells
                    await asyncio.sleep(0.05)
            return await rung(house, one)

        first = in_days(30)
        assert await called(3) == [("open", urgency, first) for urgency in CALLED]
        for person in (DRAFTER, MANAGER, "director-general", CHIEF):
            notices = (await house.minaoshi.inboxes.of(person)).notices
            assert any("（改善策、実施中、期限" in notice.subject for notice in notices), person
        second = in_days(100)
        await duties.postpone(one, as_json(due_on=second.isoformat(), reason="改修を待つ。"), as_=TEAM)
        assert (await called(6))[3:] == [("open", urgency, second) for urgency in CALLED]
        await duties.hand_in(one, as_json(text="した。", evidence=EVIDENCE), as_=DRAFTER)
        assert [status for status, _, _ in (await called(9))[6:]] == ["handed_in"] * 3
        assert (await duties.confirm(one, as_=TEAM)).status is DutyStatus.CLOSED
        assert (await house.minaoshi.verify_audit()).problems == ()


async def test_members_are_reminded_and_after_the_date_their_managers_told(
    environment: WorkflowEnvironment, server: EmbeddedServer, tmp_path: Path
) -> None:
    async with skipping_house(environment, server.settings, tmp_path) as skipping:
        house, duties = skipping.house, skipping.house.minaoshi.duties
        one = own(house, "training:clock")
        await duties.open(one, training(), as_=TEAM)
        added = [*members("desk"), *members("allowance-drafter", department="child-allowance")]
        await duties.enrol(one, as_json(added=added), as_=TEAM)
        await duties.complete(one, as_json(members=["desk"], completed_on=today().isoformat()), as_="desk")
        await environment.fast_forward(following(house, one), timedelta(days=70))
        async with asyncio.timeout(PATIENCE_S):
            while len(await rung(house, one)) < 3:  # noqa: ASYNC110 # nobody tells
                await asyncio.sleep(0.05)

        async def told(person: str) -> int:
            notices = (await house.minaoshi.inboxes.of(person)).notices
            return sum("（研修、実施中、期限" in notice.subject for notice in notices)

        assert [await told(one) for one in ("desk", "allowance-drafter", "allowance-manager", MANAGER)] == [0, 1, 1, 0]


async def test_a_run_that_nothing_opens_ends_by_itself(
    environment: WorkflowEnvironment, server: EmbeddedServer, tmp_path: Path
) -> None:
    async with skipping_house(environment, server.settings, tmp_path) as skipping:
        house = skipping.house
        one = own(house, "measure:unopened")
        handle = await house.temporal.start_workflow(
            DutyWorkflow.run,
            DutyStart(duty_id=one),
            id=following(house, one).id,
            task_queue=house.settings.task_queue,
        )
        await environment.fast_forward(handle, timedelta(minutes=2))
        assert await handle.result() is None
        assert (await house.minaoshi.duties.open(one, measure(), as_=TEAM)).sequence == 1


@pytest.fixture
async def few_events() -> AsyncIterator[Client]:
    async with few_events_a_run() as client:
        yield client


async def test_a_roll_that_many_complete_at_once_goes_on_in_bounded_runs(
    few_events: Client, server: EmbeddedServer, tmp_path: Path
) -> None:
    async with working_house(few_events, server.settings, tmp_path, runner=SANDBOX) as house:
        one, duties = own(house, "training:many"), house.minaoshi.duties
        await duties.open(one, training(), as_=TEAM)
        people = [f"m{number:03d}" for number in range(60)]
        await duties.enrol(one, as_json(added=members(*people)), as_=TEAM)
        on = today().isoformat()
        gate = asyncio.Semaphore(8)

        async def complete(person: str) -> None:
            async with gate:
                await duties.complete(one, as_json(members=[person], completed_on=on), as_=MANAGER)

        await asyncio.gather(*(complete(person) for person in people))
        state = (await duties.show(one, as_=TEAM)).state
        assert (state.roll and state.roll.open, state.sequence) == (0, 62)
        handle = following(house, one)
        assert (await handle.query(DutyWorkflow.state)) == state
        lengths = (await runs_of(few_events, handle.id)).values()
        assert len(lengths) > 3
        assert max(lengths) < 3 * FEW_EVENTS, lengths
        await duties.hand_in(one, as_json(text="終えた。", evidence=EVIDENCE), as_=TEAM)
        assert (await duties.confirm(one, as_=CHIEF)).status is DutyStatus.CLOSED
        assert (await house.minaoshi.verify_audit()).problems == ()


async def round_on(house: House, on: date) -> RoundResult:
    return await house.temporal.execute_workflow(
        DutyRoundWorkflow.run,
        Round(on=on),
        id=f"round-{house.assessment_id}-{on}",
        task_queue=house.settings.task_queue,
    )


async def test_what_repeats_is_opened_though_months_were_missed_and_once_only(house: House) -> None:
    duties = house.minaoshi.duties
    first = own(house, "log_analysis:accounts", period="2023-11")
    opening = as_json(
        department="account-registration",
        title="口座登録システムのログ分析",
        begins_on="2023-11-30",
        due_on="2023-12-15",
        repeats="month",
        content={"system": "口座登録システム"},
    )
    await duties.open(first, opening, as_=AUDITOR)
    assert (await round_on(house, date(2023, 12, 30))).opened == 0
    assert (await round_on(house, date(2024, 3, 1))).opened == 3
    assert (await round_on(house, date(2024, 3, 2))).opened == 0
    found = [(one.duty_id, one.begins_on, one.due_on) for one in await duties.list(as_=AUDITOR)]
    name = first.removesuffix("2023-11")
    assert found == [
        (f"{name}2023-11", date(2023, 11, 30), date(2023, 12, 15)),
        (f"{name}2023-12", date(2023, 12, 31), date(2024, 1, 18)),
        (f"{name}2024-01", date(2024, 1, 31), date(2024, 2, 15)),
        (f"{name}2024-02", date(2024, 2, 29), date(2024, 3, 14)),
    ]
    await duties.cancel(f"{name}2024-02", as_json(reason="システムを廃止した。"), as_=AUDITOR)
    assert (await round_on(house, date(2025, 3, 1))).opened == 0
    assert (await house.minaoshi.verify_audit()).problems == ()


async def is_under_way(handle: Any) -> None:
    """Return when the worker has begun to write an act."""
    async with asyncio.timeout(PATIENCE_S):
        while PendingActivityState.PENDING_ACTIVITY_STATE_STARTED not in {  # noqa: ASYNC110 # nobody tells
            one.state for one in (await handle.describe()).raw_description.pending_activities
        }:
            await asyncio.sleep(0.02)


@pytest.mark.whole
async def test_an_act_under_way_when_the_worker_dies_is_taken_once(settings: Settings, tmp_path: Path) -> None:
    async with mortal_house(settings, tmp_path / "house") as (house, server, process):
        one, duties = "training:killed", house.minaoshi.duties
        await duties.open(one, training(), as_=TEAM)
        people = [f"m{number:02d}" for number in range(8)]
        await duties.enrol(one, as_json(added=members(*people)), as_=TEAM)
        on = today().isoformat()
        with administering(house.settings.register_url) as engine, writer_of(engine).begin():
            acts = [
                asyncio.create_task(duties.complete(one, as_json(members=[person], completed_on=on), as_=MANAGER))
                for person in people
            ]
            await is_under_way(following(house, one))
            await strike(("worker",), server, process)
        answered = await asyncio.gather(*acts)
        history = await duties.show(one, as_=TEAM)
        assert history.state.roll is not None
        assert history.state.roll.completed == len(people)
        recorded = [record.act.act_id for record in history.acts]
        assert {receipt.act_id for receipt in answered} < set(recorded)
        assert [record.sequence for record in history.acts] == list(range(1, len(recorded) + 1))
        assert (await house.minaoshi.verify_audit()).problems == ()
