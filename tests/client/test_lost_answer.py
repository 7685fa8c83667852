"""失われた答え (lost answer): an act that was taken is done, though the next review runs when it is sent again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from client.duty_following import DutyFollowing
from client.sending import Sending
from engine.server import EmbeddedServer
from schemas.acts import Receipt, ReviewAct
from schemas.duties import DutyState
from schemas.duty_acts import DutyAct, DutyReceipt
from tests.house import CHIEF, MANAGER, TEAM, House, as_json, today, working_house
from tests.workflows.duty_samples import following, members, own, training
from tests.workflows.planning import in_days
from tests.workflows.runs import few_events_a_run
from workflows.duty import DutyWorkflow


async def test_the_act_that_ended_the_review_is_done_though_its_answer_was_lost(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    review_id = await house.to_procedure()
    await house.step(review_id, "submission")
    sends, update = [], Sending._update  # noqa: SLF001 # the line between us and the engine

    async def losing(self: Sending, act: ReviewAct, *, assessment_id: str) -> Receipt:
        sends.append(act.act_id)
        await update(self, act, assessment_id=assessment_id)
        await house.handle().result()
        await house.report_change(title="次の変更")
        raise RPCError("the line was cut", RPCStatusCode.UNAVAILABLE, b"")

    monkeypatch.setattr(Sending, "_update", losing)
    done = await house.step(review_id, "publication")
    assert sends == [done.act_id] * 2
    assert (await house.register.acts_of(review_id))[-1].act.act_id == done.act_id


@pytest.fixture
async def few_events() -> AsyncIterator[Client]:
    async with few_events_a_run() as client:
        yield client


async def test_an_act_on_a_duty_is_done_once_though_another_run_goes_on_when_it_is_sent_again(
    few_events: Client, server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with working_house(few_events, server.settings, tmp_path) as house:
        one, duties = own(house, "training:lost"), house.minaoshi.duties
        await duties.open(one, training(), as_=TEAM)
        people = [f"m{number:03d}" for number in range(60)]
        await duties.enrol(one, as_json(added=members(*people)), as_=TEAM)
        handle, update = following(house, one), DutyFollowing._update  # noqa: SLF001 # as above
        others, sends, at_work = iter(people), list[str](), asyncio.Lock()

        async def complete(member: str) -> DutyReceipt:
            content = as_json(members=[member], completed_on=today().isoformat())
            return await duties.complete(one, content, as_=MANAGER)

        async def losing(self: DutyFollowing, act: DutyAct, state: DutyState) -> DutyReceipt:
            receipt = await update(self, act, state)
            if at_work.locked():
                return receipt
            sends.append(act.act_id)
            if sends.count(act.act_id) > 1:
                return receipt
            async with at_work:
                run = (await handle.describe()).run_id
                while (await handle.describe()).run_id == run:
                    await complete(next(others))
            raise RPCError("the line was cut", RPCStatusCode.UNAVAILABLE, b"")

        monkeypatch.setattr(DutyFollowing, "_update", losing)
        first = await complete(people[-1])
        second = await duties.postpone(one, as_json(due_on=in_days(100).isoformat(), reason="延ばす。"), as_=CHIEF)
        monkeypatch.undo()
        await complete(people[-2])
        history = await duties.show(one, as_=TEAM)
        done = [record.act.act_id for record in history.acts]
        assert [done.count(one) for one in (first.act_id, second.act_id)] == [1, 1]
        assert await handle.query(DutyWorkflow.state) == history.state
        assert set(sends) == {first.act_id, second.act_id}
