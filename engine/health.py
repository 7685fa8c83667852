"""健康状態 (Health): what `doctor` asks a server and its namespace, one question each.

Each question raises QuestionRefusedError when the server does not answer it.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from temporalio.api.deployment.v1 import WorkerDeploymentVersion
from temporalio.api.enums.v1 import TaskQueueType, WorkerVersioningMode
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.taskqueue.v1 import PollerInfo, TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeTaskQueueRequest,
    DescribeTaskQueueResponse,
    GetSystemInfoRequest,
    PollWorkflowTaskQueueRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from engine.errors import QuestionRefusedError
from engine.namespace import value_type
from engine.search_attributes import SEARCH_ATTRIBUTES

POLL_LASTS = timedelta(seconds=90)
"""A living worker asks for work once a minute at least; the server lists one that has gone for five minutes more."""

MISSED_AFTER = timedelta(days=2)
"""The schedule acts once a day: two days without an action are no matter of hours."""

_PATIENCE = timedelta(seconds=5)
_CLOCK_QUEUE = "minaoshi-doctor"
_STEP_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class ClockSeen:
    """時計 (clock): the server's time of a request that was sent and seen to have arrived at these times of ours."""

    sent_at: datetime
    server_at: datetime
    seen_at: datetime

    @property
    def server_ahead(self) -> timedelta:
        """How far the server's clock is ahead of ours, at least; negative when it is behind."""
        if self.server_at < self.sent_at:
            return self.server_at - self.sent_at
        return max(self.server_at - self.seen_at, timedelta())


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """ワーカー (worker), as the server knows it; `deployment` is empty for one without Worker Versioning."""

    identity: str
    version: str
    deployment: str = ""


@dataclass(frozen=True, slots=True)
class TaskQueueSeen:
    """タスクキュー (task queue): who asks it for work, and the deployment versions that alone are given any."""

    workers: tuple[WorkerSeen, ...]
    current: str = ""
    deployment_name: str = ""
    ramping: str = ""

    @property
    def given_work(self) -> frozenset[str]:
        """The versions to which work is given; an empty one stands for the workers that name none."""
        return frozenset({self.current} | ({self.ramping} - {""}))


@dataclass(frozen=True, slots=True)
class ScheduleSeen:
    """予定 (schedule); `last_at` is when it was made if it has not acted yet."""

    paused: bool
    note: str
    last_at: datetime
    next_at: datetime | None

    def is_missed(self, *, at: datetime) -> bool:
        """Tell whether it should have acted and did not."""
        times = (self.last_at, self.next_at or self.last_at)
        return any(at - time > MISSED_AFTER for time in times)


async def server_version(temporal: Client) -> str:
    """Ask the server for its version."""
    with _refusals():
        answer = await temporal.workflow_service.get_system_info(GetSystemInfoRequest(), timeout=_PATIENCE)
    return answer.server_version


async def retention_of(temporal: Client) -> timedelta | None:
    """Ask how long the namespace keeps closed histories; None when there is no such namespace."""
    request = DescribeNamespaceRequest(namespace=temporal.namespace)
    with _refusals():
        try:
            answer = await temporal.workflow_service.describe_namespace(request, timeout=_PATIENCE)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise
    return answer.config.workflow_execution_retention_ttl.ToTimedelta()


async def lacking_search_attributes(temporal: Client) -> tuple[str, ...]:
    """Ask for the namespace's search attributes, and give those of ours that it lacks or has with another type."""
    request = ListSearchAttributesRequest(namespace=temporal.namespace)
    with _refusals():
        there = await temporal.operator_service.list_search_attributes(request, timeout=_PATIENCE)
    return tuple(
        name for name, kind in SEARCH_ATTRIBUTES.items() if there.custom_attributes.get(name) != value_type(kind)
    )


async def clock_of(temporal: Client) -> ClockSeen:
    """Ask for the server's time.

    No question gives it. But the server notes when somebody asked a task queue for work: so we ask one of our own, and
    look at the note.
    """
    sent_at = datetime.now(UTC)
    identity = f"doctor {time.monotonic_ns()}"
    asking = asyncio.create_task(_ask_for_work(temporal, identity))
    try:
        with _refusals():
            async with asyncio.timeout(_PATIENCE.total_seconds()):
                while True:
                    described = await _describe(temporal, _CLOCK_QUEUE)
                    for poller in described.pollers:
                        if poller.identity == identity:
                            return ClockSeen(sent_at, _asked_at(poller), datetime.now(UTC))
                    # The server sends no event when it has noted somebody.
                    await asyncio.sleep(_STEP_SECONDS)
    except TimeoutError:
        raise QuestionRefusedError("DEADLINE_EXCEEDED", reason="no note of the request was seen") from None
    finally:
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking


async def task_queue_of(temporal: Client, task_queue: str, *, at: datetime) -> TaskQueueSeen:
    """Ask who has asked the task queue for work lately; `at` is the server's time."""
    with _refusals():
        described = await _describe(temporal, task_queue)
    alive = {_worker(poller) for poller in described.pollers if at - _asked_at(poller) <= POLL_LASTS}
    current = described.versioning_info.current_deployment_version
    ramping = described.versioning_info.ramping_deployment_version
    return TaskQueueSeen(
        workers=tuple(sorted(alive, key=lambda worker: (worker.identity, worker.version, worker.deployment))),
        current=_named(current),
        deployment_name=current.deployment_name,
        ramping=_named(ramping),
    )


async def until_asked(temporal: Client, task_queue: str) -> None:
    """Return when the server has noted that whoever is on this connection asks the task queue for work."""
    with _refusals():
        while True:
            described = await _describe(temporal, task_queue)
            if temporal.identity in {poller.identity for poller in described.pollers}:
                return
            # The server sends no event when it has noted somebody.
            await asyncio.sleep(_STEP_SECONDS)


async def schedule_of(temporal: Client, schedule_id: str) -> ScheduleSeen | None:
    """Ask for the schedule; None when there is none."""
    with _refusals():
        try:
            description = await temporal.get_schedule_handle(schedule_id).describe(rpc_timeout=_PATIENCE)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise
    info, state = description.info, description.schedule.state
    return ScheduleSeen(
        paused=state.paused,
        note=state.note or "",
        last_at=max([info.created_at, *(action.started_at for action in info.recent_actions)]),
        next_at=min(info.next_action_times, default=None),
    )


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except RPCError as error:
        raise QuestionRefusedError(error.status.name, reason=error.message) from error


async def _ask_for_work(temporal: Client, identity: str) -> None:
    request = PollWorkflowTaskQueueRequest(
        namespace=temporal.namespace, task_queue=TaskQueue(name=_CLOCK_QUEUE), identity=identity
    )
    # Whoever looks for the note in vain says so.
    with suppress(RPCError):
        await temporal.workflow_service.poll_workflow_task_queue(request, timeout=_PATIENCE)


async def _describe(temporal: Client, task_queue: str) -> DescribeTaskQueueResponse:
    request = DescribeTaskQueueRequest(
        namespace=temporal.namespace,
        task_queue=TaskQueue(name=task_queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    return await temporal.workflow_service.describe_task_queue(request, timeout=_PATIENCE)


def _worker(poller: PollerInfo) -> WorkerSeen:
    options = poller.deployment_options
    if options.worker_versioning_mode == WorkerVersioningMode.WORKER_VERSIONING_MODE_VERSIONED:
        return WorkerSeen(poller.identity, options.build_id, f"{options.deployment_name}.{options.build_id}")
    return WorkerSeen(poller.identity, poller.worker_version_capabilities.build_id)


def _named(version: WorkerDeploymentVersion) -> str:
    return f"{version.deployment_name}.{version.build_id}" if version.build_id else ""


def _asked_at(poller: PollerInfo) -> datetime:
    return poller.last_access_time.ToDatetime(tzinfo=UTC)
