"""答えが分かるまで: an act is sent until its answer is known, but not longer than whoever sends it is there."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from client import report_sending
from client.errors import OutcomeNotKnownError
from client.patience import until_known
from client.report_sending import ReportSending
from client.sending import Sending
from engine.connection import connect_embedded
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from schemas.acts import Acknowledgement, Intake, StepRecord
from schemas.organisation import Actor, Role
from schemas.reports import RiskEvent
from settings import Settings
from tests.house import DRAFTER, TEAM, House, as_json, today
from tests.workflows.duty_samples import measure, own

ACTS: list[Callable[[House], Awaitable[object]]] = [
    lambda house: house.minaoshi.duties.open(own(house, "measure:other"), measure(), as_=TEAM),
    lambda house: house.minaoshi.duties.report_progress(
        own(house, "measure:one"), as_json(text="案を作った。"), as_=DRAFTER
    ),
]


@pytest.mark.parametrize("act", ACTS, ids=["始める", "行う"])
async def test_whoever_stops_sends_no_longer(empty_house: House, act: Callable[[House], Awaitable[object]]) -> None:
    """The SDK gives an end of ours as if the engine had been silent: a worker that stops would send for ever."""
    async with empty_house.worker():
        await empty_house.minaoshi.duties.open(own(empty_house, "measure:one"), measure(), as_=TEAM)
    sending = asyncio.ensure_future(act(empty_house))
    await asyncio.sleep(0.3)
    assert not sending.done(), "nobody answers"
    sending.cancel()
    async with asyncio.timeout(5):
        with pytest.raises(asyncio.CancelledError):
            await sending


def reporter(role: Role) -> Actor:
    return Actor(
        person="desk", role=role, body="digital-agency", department="account-registration", organisation_revision=1
    )


async def test_a_report_to_an_engine_that_is_away_is_calmly_said_not_to_be_known(
    empty_house: House, settings: Settings
) -> None:
    async with EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES):
        gone = await connect_embedded(settings)
    sending = ReportSending(
        gone, task_queue=empty_house.settings.task_queue, signer=empty_house.signatures, patience_s=0.5
    )
    report = RiskEvent(
        title="誤登録", facts="別人の口座。", known_on=today(), known_by_department="account-registration"
    )
    with pytest.raises(OutcomeNotKnownError, match="まだ分かりません"):
        await sending.take_in(Intake(act_id=f"risk/{uuid.uuid4()}", actor=reporter(Role.STAFF), report=report))


async def test_a_report_is_waited_for_longer_than_an_act_while_the_engine_answers(
    empty_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may open hundreds of reviews. Where no worker is there at all, it is not waited for without end."""
    monkeypatch.setattr(report_sending, "LONGEST_S", 1.5)
    sending = ReportSending(
        empty_house.temporal,
        task_queue=empty_house.settings.task_queue,
        signer=empty_house.signatures,
        patience_s=0.2,
    )
    report = RiskEvent(title="誤登録", facts="誤り。", known_on=today(), known_by_department="account-registration")
    began = asyncio.get_running_loop().time()
    with pytest.raises(OutcomeNotKnownError):
        await sending.take_in(Intake(act_id=f"risk/{uuid.uuid4()}", actor=reporter(Role.STAFF), report=report))
    assert 1.5 <= asyncio.get_running_loop().time() - began < 20


async def test_an_act_that_no_worker_takes_is_not_waited_for_without_end(empty_house: House) -> None:
    """The engine answers, and says again and again that it is not decided yet."""
    async with empty_house.worker():
        review_id = await empty_house.report_change()
    sending = Sending(
        empty_house.temporal,
        empty_house.register,
        task_queue=empty_house.settings.task_queue,
        signer=empty_house.signatures,
        patience_s=1.0,
    )
    act = Acknowledgement(act_id=f"act/{uuid.uuid4()}", actor=reporter(Role.TEAM_MEMBER), review_id=review_id)
    async with asyncio.timeout(10):
        with pytest.raises(OutcomeNotKnownError):
            await sending.new_act(act, assessment_id=empty_house.assessment_id)


async def test_what_is_sent_fails_as_it_failed_where_that_was_no_silence() -> None:
    async def broken() -> None:
        raise LookupError("no silence")

    with pytest.raises(LookupError, match="no silence"):
        await until_known(broken, patience_s=5)


async def test_a_submission_sent_again_is_the_same_although_the_plan_has_changed_meanwhile(empty_house: House) -> None:
    """The first time no worker was there: it was under way, and not in the register that tells which plan it named."""
    house, act_id = empty_house, f"act/{uuid.uuid4()}"
    async with house.worker():
        review_id = await house.to_procedure()
    content = as_json(step="submission", done_on=today().isoformat())

    def submitting() -> asyncio.Task[object]:
        return asyncio.create_task(house.minaoshi.reviews.record_step(review_id, content, as_=TEAM, act_id=act_id))

    first = submitting()
    await asyncio.sleep(1)
    assert not first.done(), "nobody answers"
    first.cancel()
    await house.add_assessment(f"{house.assessment_id}-later")
    again = submitting()
    await asyncio.sleep(1)
    async with house.worker():
        receipt = await again
        assert await submitting() == receipt
    (act,) = [one.act for one in await house.register.acts_of(review_id) if isinstance(one.act, StepRecord)]
    plan = await house.register.document(act.evidence[0].sha256)
    content_of_it: Any = plan.content
    assert len(content_of_it["assessments"]) == 1, "it is the first one's"
