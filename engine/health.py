"""健康状態 (health): what the engine says of itself to `doctor`."""

from dataclasses import dataclass
from datetime import timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from engine.search_attributes import SEARCH_ATTRIBUTES

_PATIENCE = timedelta(seconds=5)


@dataclass(frozen=True)
class EngineHealth:
    """健康状態 (health) of a Temporal namespace, as far as reviews need it."""

    missing_search_attributes: tuple[str, ...]
    workers: int
    has_schedule: bool


async def health_of(temporal: Client, *, task_queue: str, schedule_id: str) -> EngineHealth:
    """Ask the namespace for its search attributes, the task queue for its workers, and for the schedule."""
    return EngineHealth(
        missing_search_attributes=await _missing_search_attributes(temporal),
        workers=await _workers(temporal, task_queue),
        has_schedule=await _has_schedule(temporal, schedule_id),
    )


async def _missing_search_attributes(temporal: Client) -> tuple[str, ...]:
    request = ListSearchAttributesRequest(namespace=temporal.namespace)
    there = await temporal.operator_service.list_search_attributes(request, timeout=_PATIENCE)
    return tuple(name for name in SEARCH_ATTRIBUTES if name not in there.custom_attributes)


async def _workers(temporal: Client, task_queue: str) -> int:
    request = DescribeTaskQueueRequest(
        namespace=temporal.namespace,
        task_queue=TaskQueue(name=task_queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    described = await temporal.workflow_service.describe_task_queue(request, timeout=_PATIENCE)
    return len({poller.identity for poller in described.pollers})


async def _has_schedule(temporal: Client, schedule_id: str) -> bool:
    try:
        await temporal.get_schedule_handle(schedule_id).describe(rpc_timeout=_PATIENCE)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return True
