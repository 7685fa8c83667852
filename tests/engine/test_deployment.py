"""配備 (deployment): which version is given work, asked of and changed on the real server."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from temporalio import workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.common import PinnedVersioningOverride
from temporalio.common import WorkerDeploymentVersion as OwnVersion
from temporalio.worker import Worker

from engine.connection import connect_embedded
from engine.deployment import Deployment, DeploymentSeen, VersionSeen, VersionStatus, build_id_of, deployment_config
from engine.errors import QuestionRefusedError, VersionRefusedError
from engine.health import task_queue_of
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from engine.version import installed_version
from settings import Settings


@workflow.defn(sandboxed=False)
class CountingWorkflow:
    """Counts until it is told to end."""

    def __init__(self) -> None:
        self._count = 0
        self._ends = False

    @workflow.run
    async def run(self) -> int:
        await workflow.wait_condition(lambda: self._ends)
        return self._count

    @workflow.update
    async def count(self) -> int:
        self._count += 1
        return self._count

    @workflow.update
    async def end(self) -> None:
        self._ends = True


@pytest.fixture
def own(settings: Settings) -> Settings:
    """Give settings with a deployment of the test's own: the server is everybody's."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    return settings.model_copy(update={"deployment": name, "task_queue": name})


async def becomes(deployment: Deployment, holds: Callable[[DeploymentSeen], bool]) -> DeploymentSeen:
    """Look until it holds: the server sends no event."""
    async with asyncio.timeout(20):
        seen = await deployment.look()
        while not holds(seen):
            await asyncio.sleep(0.05)
            seen = await deployment.look()
        return seen


@asynccontextmanager
async def a_worker(client: Client, own: Settings, build_id: str) -> AsyncIterator[Deployment]:
    """Run a worker of a version, and go on when the server knows of it."""
    config = deployment_config(own.model_copy(update={"build_id": build_id}))
    deployment = Deployment(client, own.deployment)
    async with Worker(
        client,
        task_queue=own.task_queue,
        workflows=[CountingWorkflow],
        deployment_config=config,
        identity=build_id,
        graceful_shutdown_timeout=timedelta(seconds=1),
    ):
        await becomes(deployment, lambda seen: seen.version(build_id) is not None)
        yield deployment


async def begun(client: Client, own: Settings) -> WorkflowHandle[CountingWorkflow, int]:
    return await client.start_workflow(CountingWorkflow.run, id=f"{own.task_queue}-counting", task_queue=own.task_queue)


async def versions_of(handle: WorkflowHandle[CountingWorkflow, int]) -> list[str]:
    """Give by which versions the tasks of the workflow were done, in their order."""
    history = await handle.fetch_history()
    done = (event.workflow_task_completed_event_attributes for event in history.events)
    builds = [one.deployment_version.build_id for one in done if one.started_event_id]
    return [build for place, build in enumerate(builds) if place == 0 or builds[place - 1] != build]


def test_the_build_id_is_the_version_unless_another_is_set(settings: Settings) -> None:
    assert build_id_of(settings) == installed_version()
    assert build_id_of(settings.model_copy(update={"build_id": "2026-11-29"})) == "2026-11-29"


async def test_a_deployment_that_nobody_has_named_is_empty(client_connection: Client, own: Settings) -> None:
    assert await Deployment(client_connection, own.deployment).look() == DeploymentSeen(own.deployment)


async def test_a_version_is_given_nothing_until_it_is_made_current(client_connection: Client, own: Settings) -> None:
    async with a_worker(client_connection, own, "1") as deployment:
        assert await deployment.look() == DeploymentSeen(
            own.deployment, (VersionSeen("1", VersionStatus.INACTIVE, pinned=0),)
        )
        handle = await begun(client_connection, own)
        assert await versions_of(handle) == []
        await deployment.make_current("1")
        assert await handle.execute_update(CountingWorkflow.count) == 1
        seen = await deployment.look()
        assert (seen.current, seen.versions) == ("1", (VersionSeen("1", VersionStatus.CURRENT, pinned=0),))
        await handle.execute_update(CountingWorkflow.end)


async def test_what_one_version_has_begun_goes_on_with_the_next_and_back(
    client_connection: Client, own: Settings
) -> None:
    async with a_worker(client_connection, own, "1") as deployment:
        await deployment.make_current("1")
        handle = await begun(client_connection, own)
        assert await handle.execute_update(CountingWorkflow.count) == 1
        async with a_worker(client_connection, own, "2"):
            await deployment.make_current("2")
            old = (await deployment.look()).version("1")
            assert old is not None
            assert old.may_be_stopped
            assert await handle.execute_update(CountingWorkflow.count) == 2
            await deployment.make_current("1")
            assert await handle.execute_update(CountingWorkflow.count) == 3
            await handle.execute_update(CountingWorkflow.end)
            assert await handle.result() == 3
    assert await versions_of(handle) == ["1", "2", "1"]


async def test_an_engine_of_our_own_is_taken_over_before_the_worker_comes(
    client_connection: Client, own: Settings
) -> None:
    await Deployment(client_connection, own.deployment).take_over("1")
    async with a_worker(client_connection, own, "1"):
        handle = await begun(client_connection, own)
        assert await handle.execute_update(CountingWorkflow.count) == 1
        await handle.execute_update(CountingWorkflow.end)


async def test_what_is_current_already_stays_so_until_the_next_takes_over(
    client_connection: Client, own: Settings
) -> None:
    deployment = Deployment(client_connection, own.deployment)
    for build_id in ("1", "1", "2"):
        await deployment.take_over(build_id)
        assert (await deployment.look()).current == build_id


async def test_an_engine_that_dies_meanwhile_is_taken_over_when_it_is_back(settings: Settings) -> None:
    async with EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES) as server:
        deployment = Deployment(await connect_embedded(settings), settings.deployment)
        server.kill()
        await deployment.take_over("1")
        assert server.restarts == 1
        assert (await deployment.look()).current == "1"


async def test_a_version_on_trial_is_seen_with_its_share_and_the_trial_ends(
    client_connection: Client, own: Settings
) -> None:
    async with a_worker(client_connection, own, "1") as deployment, a_worker(client_connection, own, "2"):
        await deployment.make_current("1")
        await deployment.ramp("2", percentage=100)
        seen = await deployment.look()
        assert (seen.current, seen.ramping, seen.percentage) == ("1", "2", 100)
        assert [one.may_be_stopped for one in seen.versions] == [False, False]
        handle = await begun(client_connection, own)
        assert await handle.execute_update(CountingWorkflow.count) == 1
        queue = await task_queue_of(client_connection, own.task_queue, at=_now())
        assert queue.given_work == {f"{own.deployment}.1", f"{own.deployment}.2"}
        await deployment.ramp("2", percentage=0)
        assert (await deployment.look()).ramping == ""
        assert await handle.execute_update(CountingWorkflow.count) == 2
        await handle.execute_update(CountingWorkflow.end)
    assert await versions_of(handle) == ["2", "1"]


async def test_a_version_to_which_something_is_pinned_is_not_to_be_stopped_before_it_is_unpinned(
    client_connection: Client, own: Settings
) -> None:
    async with a_worker(client_connection, own, "1") as deployment, a_worker(client_connection, own, "2"):
        await deployment.make_current("2")
        handle = await client_connection.start_workflow(
            CountingWorkflow.run,
            id=f"{own.task_queue}-pinned",
            task_queue=own.task_queue,
            versioning_override=PinnedVersioningOverride(OwnVersion(own.deployment, "1")),
        )
        assert await handle.execute_update(CountingWorkflow.count) == 1
        # Visibility comes a moment later.
        seen = await becomes(deployment, lambda seen: seen.versions[0].pinned > 0)
        assert seen.versions[0] == VersionSeen("1", VersionStatus.DRAINING, pinned=1)
        assert not seen.versions[0].may_be_stopped
        assert await deployment.unpin("1") == 1
        assert await handle.execute_update(CountingWorkflow.count) == 2
        assert await versions_of(handle) == ["1", "2"]
        seen = await becomes(deployment, lambda seen: seen.versions[0].pinned == 0)
        assert seen.versions[0].may_be_stopped
        await handle.execute_update(CountingWorkflow.end)


async def test_what_workers_without_versions_have_begun_goes_on_with_one_and_back(
    client_connection: Client, own: Settings
) -> None:
    plain = partial(Worker, client_connection, task_queue=own.task_queue, workflows=[CountingWorkflow])
    async with plain():
        handle = await begun(client_connection, own)
        assert await handle.execute_update(CountingWorkflow.count) == 1
    async with a_worker(client_connection, own, "1") as deployment:
        await deployment.make_current("1")
        assert await handle.execute_update(CountingWorkflow.count) == 2
        await deployment.give_to_unversioned()
        assert (await deployment.look()).current == ""
    async with plain():
        assert await handle.execute_update(CountingWorkflow.count) == 3
        await handle.execute_update(CountingWorkflow.end)
    assert await versions_of(handle) == ["", "1", ""]


async def test_a_version_without_workers_is_refused_and_so_is_the_removal_of_one_in_use(
    client_connection: Client, own: Settings
) -> None:
    async with a_worker(client_connection, own, "1") as deployment:
        await deployment.make_current("1")
        for change in (deployment.make_current("2"), deployment.ramp("2", percentage=5), deployment.forget("1")):
            with pytest.raises(VersionRefusedError):
                await change
        assert (await deployment.look()).current == "1"


async def test_a_namespace_that_is_not_there_answers_no_question(client_connection: Client, own: Settings) -> None:
    elsewhere = Client(client_connection.service_client, namespace="nowhere")
    with pytest.raises((QuestionRefusedError, VersionRefusedError)):
        await Deployment(elsewhere, own.deployment).make_current("1")


def _now() -> datetime:
    return datetime.now(UTC)
