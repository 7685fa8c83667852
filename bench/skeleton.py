"""骨組み (skeleton): what any review on Temporal costs at least: start, two updates with one activity each, close."""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow

_LIMIT = timedelta(seconds=30)


@activity.defn
async def nothing(number: int) -> int:
    """Return at once."""
    return number


@workflow.defn(name="Skeleton")
class SkeletonWorkflow:
    """骨組み: two updates, then the end."""

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
