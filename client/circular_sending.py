"""事務連絡の発出を始める (starting the sending): one workflow for each round of each circular."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError

from client.errors import OutcomeNotKnownError
from schemas.circulars import SendingStart
from workflows.circular import CircularWorkflow

if TYPE_CHECKING:
    from temporalio.client import Client


def sending_workflow_id(duty_id: str, round_: str) -> str:
    """Give the id of the workflow that sends a round."""
    return f"circular/{duty_id}/{round_}"


class CircularSending:
    """事務連絡の発出を始める."""

    def __init__(self, temporal: Client, *, task_queue: str) -> None:
        self._temporal = temporal
        self._task_queue = task_queue

    async def start(self, duty_id: str, *, round_: str) -> None:
        """Start the sending of a round; nothing where it runs. One that has ended goes once more over who is left.

        Raises OutcomeNotKnownError where the engine does not answer.
        """
        try:
            await self._temporal.start_workflow(
                CircularWorkflow.run,
                SendingStart(duty_id=duty_id, round=round_),
                id=sending_workflow_id(duty_id, round_),
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            )
        except RPCError:
            raise OutcomeNotKnownError(
                "発出を始めたかどうかを、確かめられませんでした。",
                where="発出",
                remedy="もう一度、同じ操作をしてください。同じ宛先に二通が届くことはありません。",
            ) from None
