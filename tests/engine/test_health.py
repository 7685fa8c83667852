"""健康状態 (health): each question, asked of the real server."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio import workflow
from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleSpec,
    ScheduleState,
)
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig

from engine.errors import QuestionRefusedError
from engine.health import (
    POLL_LASTS,
    ClockSeen,
    ScheduleSeen,
    TaskQueueSeen,
    clock_of,
    lacking_search_attributes,
    retention_of,
    schedule_of,
    server_version,
    task_queue_of,
)
from engine.namespace import RETENTION

AT = datetime(2026, 11, 24, 1, 23, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@workflow.defn(sandboxed=False)
class AnyWorkflow:
    @workflow.run
    async def run(self) -> None: ...


@pytest.fixture
def queue() -> str:
    return f"health-{uuid.uuid4().hex[:8]}"


def nowhere(client: Client) -> Client:
    return Client(client.service_client, namespace="nowhere")


@asynccontextmanager
async def a_worker(client: Client, queue: str, **options: Any) -> AsyncIterator[None]:
    """Run a worker, and go on when the server has seen it."""
    before = await seen_at(client, queue)
    async with Worker(client, task_queue=queue, workflows=[AnyWorkflow], **options):
        async with asyncio.timeout(10):
            seen = before
            while len(seen.workers) == len(before.workers):
                await asyncio.sleep(0.02)  # the server sends no event when a worker has come
                seen = await seen_at(client, queue)
        yield


async def seen_at(client: Client, queue: str) -> TaskQueueSeen:
    return await task_queue_of(client, queue, at=datetime.now(UTC))


async def set_current_version(client: Client, *, deployment: str, build_id: str) -> None:
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace, deployment_name=deployment, build_id=build_id, ignore_missing_task_queues=True
    )
    await client.workflow_service.set_worker_deployment_current_version(request, retry=True)


async def test_the_server_says_its_version(client_connection: Client) -> None:
    assert (await server_version(client_connection)).startswith("1.")


async def test_the_embedded_server_keeps_closed_histories_long_enough(client_connection: Client) -> None:
    assert await retention_of(client_connection) == RETENTION


async def test_a_namespace_that_is_not_there_is_said_so(client_connection: Client) -> None:
    assert await retention_of(nowhere(client_connection)) is None


async def test_a_question_without_an_answer_says_why(client_connection: Client, queue: str) -> None:
    elsewhere = nowhere(client_connection)
    for question in (lacking_search_attributes(elsewhere), clock_of(elsewhere), seen_at(elsewhere, queue)):
        with pytest.raises(QuestionRefusedError) as refused:
            await question
        assert refused.value.status == "NOT_FOUND"


async def test_a_search_attribute_that_lacks_or_has_another_type_is_named(
    client_connection: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await lacking_search_attributes(client_connection) == ()
    wanted = {"MinaoshiBody": "KeywordList", "MinaoshiStage": "Keyword", "MinaoshiLater": "Keyword"}
    monkeypatch.setattr("engine.health.SEARCH_ATTRIBUTES", wanted)
    assert await lacking_search_attributes(client_connection) == ("MinaoshiBody", "MinaoshiLater")


async def test_the_clock_of_a_server_on_the_same_machine_is_ours(client_connection: Client) -> None:
    for _ in range(2):  # the note of the first is not taken for that of the second
        seen = await clock_of(client_connection)
        assert abs(seen.server_ahead) < SECOND


@pytest.mark.parametrize(
    ("server_at", "ahead"),
    [
        pytest.param(AT, timedelta(), id="送った時"),
        pytest.param(AT + SECOND, timedelta(), id="見た時"),
        pytest.param(AT - SECOND, -SECOND, id="送る前"),
        pytest.param(AT + 3 * SECOND, 2 * SECOND, id="見た後"),
    ],
)
def test_what_happened_between_question_and_answer_is_no_difference(server_at: datetime, ahead: timedelta) -> None:
    assert ClockSeen(AT, server_at, AT + SECOND).server_ahead == ahead


async def test_a_worker_is_seen_with_its_version_and_one_that_has_gone_is_not(
    client_connection: Client, queue: str
) -> None:
    assert (await seen_at(client_connection, queue)).workers == ()
    async with a_worker(client_connection, queue, build_id="0.0.9", identity="old"):
        (worker,) = (await seen_at(client_connection, queue)).workers
        assert (worker.identity, worker.version, worker.deployment) == ("old", "0.0.9", "")
        later = datetime.now(UTC) + POLL_LASTS + SECOND
        assert (await task_queue_of(client_connection, queue, at=later)).workers == ()


async def test_a_current_deployment_version_is_seen_beside_a_worker_that_it_shuts_out(
    client_connection: Client, queue: str
) -> None:
    deployed = WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(queue, "0.2.0"),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )
    async with a_worker(client_connection, queue, deployment_config=deployed, identity="deployed"):
        assert (await seen_at(client_connection, queue)).current == ""
        await set_current_version(client_connection, deployment=queue, build_id="0.2.0")
        async with a_worker(client_connection, queue, build_id="0.1.0", identity="plain"):
            seen = await seen_at(client_connection, queue)
            # What doctor's remedy does.
            await set_current_version(client_connection, deployment=queue, build_id="")
            assert (await seen_at(client_connection, queue)).current == ""
    assert (seen.current, seen.deployment_name) == (f"{queue}.0.2.0", queue)
    assert {(worker.identity, worker.deployment) for worker in seen.workers} == {
        ("deployed", f"{queue}.0.2.0"),
        ("plain", ""),
    }


async def test_a_schedule_is_seen_with_its_pause_and_its_last_action(client_connection: Client, queue: str) -> None:
    assert await schedule_of(client_connection, queue) is None
    handle = await client_connection.create_schedule(
        queue,
        Schedule(
            action=ScheduleActionStartWorkflow("AnyWorkflow", id=queue, task_queue=queue),
            spec=ScheduleSpec(cron_expressions=["0 6 * * *"]),
            state=ScheduleState(paused=True, note="年度末"),
        ),
    )
    made = await schedule_of(client_connection, queue)
    assert made is not None
    assert (made.paused, made.note) == (True, "年度末")
    assert made.next_at is not None
    await handle.trigger()
    async with asyncio.timeout(10):
        acted = made
        while acted.last_at == made.last_at:
            await asyncio.sleep(0.02)  # the server acts a moment later, and sends no event
            acted = await schedule_of(client_connection, queue) or made
    assert acted.last_at > made.last_at
    await handle.delete()


@pytest.mark.parametrize(
    ("last_at", "next_at", "missed"),
    [
        pytest.param(AT - DAY, AT + DAY, False, id="昨日動いた"),
        pytest.param(AT - 2 * DAY, AT + DAY, False, id="ちょうど二日前"),
        pytest.param(AT - 2 * DAY - SECOND, AT + DAY, True, id="二日を超えて動いていない"),
        pytest.param(AT - DAY, AT - 2 * DAY - SECOND, True, id="次の時刻が二日を超えて過ぎた"),
        pytest.param(AT, None, False, id="次の時刻がない"),
    ],
)
def test_a_schedule_that_did_not_act_for_two_days_has_missed(
    last_at: datetime, next_at: datetime | None, missed: object
) -> None:
    seen = ScheduleSeen(paused=False, note="", last_at=last_at, next_at=next_at)
    assert seen.is_missed(at=AT) is missed
