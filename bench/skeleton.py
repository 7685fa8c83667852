"""骨組み (skeletons): what workflows cost at least, whatever they are for."""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

_LIMIT = timedelta(seconds=30)


@activity.defn
async def nothing(number: int) -> int:
    """Return at once."""
    return number


@workflow.defn(name="Skeleton")
class SkeletonWorkflow:
    """骨組み: start, two updates with one activity each, then the end."""

    def __init__(self) -> None:
        self._acts = 0

    @workflow.run
    async def run(self) -> int:
        await workflow.wait_condition(lambda: self._acts == 2)  # noqa: PLR2004 # two parties
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._acts

    @workflow.update
    async def act(self, number: int) -> int:
        """Count one act."""
        answer = await workflow.execute_activity(nothing, number, start_to_close_timeout=_LIMIT)
        self._acts += 1
        return answer

    @act.validator
    def _may_act(self, number: int) -> None:
        if number < 0:
            raise ValueError("negative")


@workflow.defn(name="Bare")
class BareWorkflow:
    """開いたままの骨組み: one that stays open for an update with one activity, as often as it is asked."""

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)

    @workflow.update
    async def act(self, number: int) -> int:
        """Do nothing once."""
        return await workflow.execute_activity(nothing, number, start_to_close_timeout=_LIMIT)


def skeleton_worker(temporal: Client, *, task_queue: str, of: type) -> Worker:
    """Give a worker of that one workflow, without a sandbox as ours is."""
    return Worker(
        temporal,
        task_queue=task_queue,
        workflows=[of],
        activities=[nothing],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
