"""配備 (Worker Deployment): as which version a worker asks for work, and which version is given it.

Every review goes on with whichever version is current (auto-upgrade): none is bound to the version that began it. An
embedded engine has one machine and one release, so that a worker there makes its own version current as it starts. On
any other engine a person does that, when they are ready: until then a new version is given nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from google.protobuf.field_mask_pb2 import FieldMask
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.deployment.v1 import WorkerDeploymentInfo, WorkerDeploymentVersion
from temporalio.api.enums.v1 import RoutingConfigUpdateState, TaskQueueType, WorkerDeploymentVersionStatus
from temporalio.api.workflow.v1 import WorkflowExecutionOptions
from temporalio.api.workflowservice.v1 import (
    DeleteWorkerDeploymentVersionRequest,
    DescribeWorkerDeploymentRequest,
    DescribeWorkerDeploymentVersionRequest,
    SetWorkerDeploymentCurrentVersionRequest,
    SetWorkerDeploymentRampingVersionRequest,
    UpdateWorkflowExecutionOptionsRequest,
)
from temporalio.client import Client
from temporalio.common import VersioningBehavior
from temporalio.common import WorkerDeploymentVersion as OwnVersion
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import WorkerDeploymentConfig

from engine.connection import connect
from engine.errors import QuestionRefusedError, VersionRefusedError
from engine.health import until_asked
from engine.version import installed_version
from settings import Settings

_PATIENCE = timedelta(seconds=15)
_ROUTED_WITHIN_S = 10.0
_STEP_S = 0.05

_TAKEN_OVER_WITHIN_S = 120.0
"""What a killed server had in hand of a change it gives up after about a minute; till then it answers nothing of it."""

_AGAIN_AFTER_S = 0.5

_ASKED_FOR = (TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY)

_REFUSED_FOR_GOOD = frozenset(
    {RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNAUTHENTICATED, RPCStatusCode.UNIMPLEMENTED}
)

_REFUSALS = frozenset({RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.INVALID_ARGUMENT})


class VersionStatus(StrEnum):
    """版の状態 (status of a version), as the server says it."""

    INACTIVE = "inactive"  # 仕事を渡されたことがない
    CURRENT = "current"  # 現行
    RAMPING = "ramping"  # 一部だけに渡す
    DRAINING = "draining"  # 固定された見直しが残りうる
    DRAINED = "drained"  # 残りがない
    UNKNOWN = "unknown"  # サーバーが答えない


_STATUSES = {
    WorkerDeploymentVersionStatus.WORKER_DEPLOYMENT_VERSION_STATUS_INACTIVE: VersionStatus.INACTIVE,
    WorkerDeploymentVersionStatus.WORKER_DEPLOYMENT_VERSION_STATUS_CREATED: VersionStatus.INACTIVE,
    WorkerDeploymentVersionStatus.WORKER_DEPLOYMENT_VERSION_STATUS_CURRENT: VersionStatus.CURRENT,
    WorkerDeploymentVersionStatus.WORKER_DEPLOYMENT_VERSION_STATUS_RAMPING: VersionStatus.RAMPING,
    WorkerDeploymentVersionStatus.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINING: VersionStatus.DRAINING,
    WorkerDeploymentVersionStatus.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINED: VersionStatus.DRAINED,
}


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """版 (version); `pinned` are the open workflows that no other version may go on with."""

    build_id: str
    status: VersionStatus
    pinned: int

    @property
    def may_be_stopped(self) -> bool:
        """Whether its workers are needed by nothing: stopped in order, they hand back what they have in hand."""
        return self.status not in (VersionStatus.CURRENT, VersionStatus.RAMPING) and self.pinned == 0


@dataclass(frozen=True, slots=True)
class DeploymentSeen:
    """配備 (deployment): `current` and `ramping` are build ids, empty where there is none."""

    name: str
    versions: tuple[VersionSeen, ...] = ()
    current: str = ""
    ramping: str = ""
    percentage: float = 0.0

    def version(self, build_id: str) -> VersionSeen | None:
        """Give the version of that build id; None where no worker of it ever asked for work."""
        return next((one for one in self.versions if one.build_id == build_id), None)


def build_id_of(settings: Settings) -> str:
    """Give the build id of this program: as set, or its version."""
    return settings.build_id or installed_version()


def deployment_config(settings: Settings) -> WorkerDeploymentConfig:
    """Give what makes a worker ask for work as its version."""
    return WorkerDeploymentConfig(
        version=OwnVersion(settings.deployment, build_id_of(settings)),
        use_worker_versioning=True,
        # In the decorators of workflows it would break every worker without versions, those of tests among them.
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )


class Deployment:
    """配備 (deployment): of one name, in one namespace; what is asked of it and changed."""

    def __init__(self, temporal: Client, name: str) -> None:
        self._temporal = temporal
        self._name = name

    async def look(self) -> DeploymentSeen:
        """Ask how it stands; without versions when no worker of it ever asked for work."""
        info = await self._described()
        if info is None:
            return DeploymentSeen(self._name)
        routing = info.routing_config
        versions = [
            VersionSeen(
                one.deployment_version.build_id,
                _STATUSES.get(one.status, VersionStatus.UNKNOWN),
                await self._pinned(one.deployment_version.build_id),
            )
            for one in sorted(info.version_summaries, key=lambda one: one.create_time.ToNanoseconds())
        ]
        return DeploymentSeen(
            self._name,
            tuple(versions),
            current=routing.current_deployment_version.build_id,
            ramping=routing.ramping_deployment_version.build_id,
            percentage=routing.ramping_version_percentage,
        )

    async def make_current(self, build_id: str) -> None:
        """Have all work given to the version, and return when it is.

        Raises VersionRefusedError where no worker of it is there, or none that asks a task queue on which work waits.
        """
        await self._set_current(self._request_of_current(build_id))

    async def take_over(self, build_id: str) -> None:
        """Make a version current before a worker of it has come: for an engine that is ours alone.

        It may have been killed in the midst of something: then it is asked again until it answers.
        """
        request = self._request_of_current(build_id)
        request.ignore_missing_task_queues = request.allow_no_pollers = True
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _TAKEN_OVER_WITHIN_S
        while True:
            try:
                info = await self._described()
                if info is None or info.routing_config.current_deployment_version.build_id != build_id:
                    await self._set_current(request)
            except QuestionRefusedError:
                if loop.time() >= deadline:
                    raise
                await asyncio.sleep(_AGAIN_AFTER_S)
            else:
                return

    async def give_to_unversioned(self) -> None:
        """Have all work given to workers that name no version: the way back to a release that had none."""
        request = self._request_of_current("")
        # What does not name itself is not known to the deployment, so that the server would miss it.
        request.ignore_missing_task_queues = True
        await self._set_current(request)

    async def ramp(self, build_id: str, *, percentage: float) -> None:
        """Have so many of a hundred workflows given to the version; 0 ends the trial. Raises VersionRefusedError."""
        request = SetWorkerDeploymentRampingVersionRequest(
            namespace=self._temporal.namespace,
            deployment_name=self._name,
            build_id=build_id if percentage else "",
            percentage=percentage,
            identity=self._temporal.identity,
        )
        with _refusals():
            await self._temporal.workflow_service.set_worker_deployment_ramping_version(request, timeout=_PATIENCE)
        await self._until_routed()

    async def until_registered(self, build_id: str, *, task_queue: str) -> None:
        """Return when the server knows that the version asks that task queue for work: it gives it none before.

        Raises QuestionRefusedError where it will not say.
        """
        request = DescribeWorkerDeploymentVersionRequest(
            namespace=self._temporal.namespace,
            deployment_version=WorkerDeploymentVersion(deployment_name=self._name, build_id=build_id),
        )
        service, asked = self._temporal.workflow_service, {(task_queue, kind) for kind in _ASKED_FOR}
        while True:
            try:
                seen = await service.describe_worker_deployment_version(request, timeout=_PATIENCE)
            except RPCError as error:
                if error.status in _REFUSED_FOR_GOOD:
                    raise QuestionRefusedError(error.status.name, reason=error.message) from error
            else:
                if asked <= {(one.name, one.type) for one in seen.version_task_queues}:
                    return
            await asyncio.sleep(_STEP_S)

    async def unpin(self, build_id: str) -> int:
        """Have what somebody has pinned to the version go on with the current one; give how many there were."""
        number = 0
        with _refusals():
            async for one in self._temporal.list_workflows(self._query_of_pinned(build_id)):
                request = UpdateWorkflowExecutionOptionsRequest(
                    namespace=self._temporal.namespace,
                    workflow_execution=WorkflowExecution(workflow_id=one.id, run_id=one.run_id),
                    # No override: then what the worker says of all workflows.
                    workflow_execution_options=WorkflowExecutionOptions(),
                    update_mask=FieldMask(paths=["versioning_override"]),
                    identity=self._temporal.identity,
                )
                await self._temporal.workflow_service.update_workflow_execution_options(request, timeout=_PATIENCE)
                number += 1
        return number

    async def forget(self, build_id: str) -> None:
        """Take a version out; the server refuses one that is in use or has workers."""
        request = DeleteWorkerDeploymentVersionRequest(
            namespace=self._temporal.namespace,
            deployment_version=WorkerDeploymentVersion(deployment_name=self._name, build_id=build_id),
            identity=self._temporal.identity,
        )
        with _refusals():
            await self._temporal.workflow_service.delete_worker_deployment_version(request, timeout=_PATIENCE)

    def _request_of_current(self, build_id: str) -> SetWorkerDeploymentCurrentVersionRequest:
        return SetWorkerDeploymentCurrentVersionRequest(
            namespace=self._temporal.namespace,
            deployment_name=self._name,
            build_id=build_id,
            identity=self._temporal.identity,
        )

    async def _set_current(self, request: SetWorkerDeploymentCurrentVersionRequest) -> None:
        with _refusals():
            await self._temporal.workflow_service.set_worker_deployment_current_version(request, timeout=_PATIENCE)
        await self._until_routed()

    async def _until_routed(self) -> None:
        """Wait until every task queue knows of it; the server sends no event. It does so later, if it is slow."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _ROUTED_WITHIN_S
        under_way = RoutingConfigUpdateState.ROUTING_CONFIG_UPDATE_STATE_IN_PROGRESS
        while loop.time() < deadline:
            info = await self._described()
            if info is None or info.routing_config_update_state != under_way:
                return
            await asyncio.sleep(_STEP_S)

    async def _described(self) -> WorkerDeploymentInfo | None:
        request = DescribeWorkerDeploymentRequest(namespace=self._temporal.namespace, deployment_name=self._name)
        try:
            answer = await self._temporal.workflow_service.describe_worker_deployment(request, timeout=_PATIENCE)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise QuestionRefusedError(error.status.name, reason=error.message) from error
        return answer.worker_deployment_info

    async def _pinned(self, build_id: str) -> int:
        try:
            counted = await self._temporal.count_workflows(self._query_of_pinned(build_id), rpc_timeout=_PATIENCE)
        except RPCError as error:
            raise QuestionRefusedError(error.status.name, reason=error.message) from error
        return counted.count

    def _query_of_pinned(self, build_id: str) -> str:
        return (
            "ExecutionStatus = 'Running' AND TemporalWorkflowVersioningBehavior = 'Pinned' "
            f"AND TemporalWorkerDeploymentVersion = '{self._name}:{build_id}'"
        )


async def connected_deployment(settings: Settings) -> Deployment:
    """Connect, and give the deployment of the settings. Raises as `connect` does."""
    return Deployment(await connect(settings), settings.deployment)


async def tell_when_known(temporal: Client, settings: Settings, begun: Callable[[], None]) -> None:
    """Tell that a worker has begun when the server knows of it; where it will not say, the worker is believed."""
    with suppress(QuestionRefusedError):
        await until_asked(temporal, settings.task_queue)
        deployment = Deployment(temporal, settings.deployment)
        await deployment.until_registered(build_id_of(settings), task_queue=settings.task_queue)
    begun()


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except RPCError as error:
        if error.status in _REFUSALS:
            raise VersionRefusedError(error.message) from error
        raise QuestionRefusedError(error.status.name, reason=error.message) from error
