"""義務の追跡 (following of duties): opens a duty with the start of its workflow, and sends the acts on it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from temporalio.client import WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from client.patience import PATIENCE_S, until_known
from guideline.refusals import refuse
from schemas.duties import OVER, DutyStart, DutyStatus
from schemas.duty_acts import DutyReceipt
from schemas.signatures import signed
from workflows.duty import DutyWorkflow
from workflows.search_attributes import of_duty

if TYPE_CHECKING:
    from temporalio.client import Client

    from schemas.duties import DutyState
    from schemas.duty_acts import DutyAct, DutyOpening
    from schemas.signatures import Signer


def duty_workflow_id_of(duty_id: str) -> str:
    """Give the id of the workflow in which a duty is followed."""
    return f"duty/{duty_id}"


class DutyFollowing:
    """義務の追跡: one workflow for each duty, brought to its end once."""

    def __init__(self, temporal: Client, *, task_queue: str, signer: Signer, patience_s: float = PATIENCE_S) -> None:
        self._temporal = temporal
        self._task_queue = task_queue
        self._signer = signer
        self._patience_s = patience_s

    async def open(self, act: DutyOpening) -> DutyReceipt:
        """Open a duty; the same act again gives the first answer.

        Raises ActRefusedError, or OutcomeNotKnownError when the engine does not answer in time.
        """
        gone = refuse("duty_status", status=DutyStatus.CLOSED.label, act=act.act.label)
        return await until_known(lambda: self._update_with_start(act), gone=gone, patience_s=self._patience_s)

    async def act(self, act: DutyAct, *, state: DutyState) -> DutyReceipt:
        """Send an act to the duty; one that an operator terminated goes on from what the register holds.

        Raises ActRefusedError, or OutcomeNotKnownError when the engine does not answer in time.
        """
        over = state.status if state.status in OVER else DutyStatus.CLOSED
        gone = refuse("duty_status", status=over.label, act=act.act.label)
        return await until_known(lambda: self._update(act, state), gone=gone, patience_s=self._patience_s)

    async def _update_with_start(self, act: DutyOpening) -> DutyReceipt:
        start: WithStartWorkflowOperation[DutyWorkflow, DutyState | None] = WithStartWorkflowOperation(
            DutyWorkflow.run,
            DutyStart(duty_id=act.duty_id),
            id=duty_workflow_id_of(act.duty_id),
            task_queue=self._task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            # A run that nothing opened has ended; the register refuses to open a duty that was closed.
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            search_attributes=of_duty(body=act.actor.body, department=act.department),
        )
        receipt: DutyReceipt = await self._temporal.execute_update_with_start_workflow(
            act.act.value,
            signed(act, self._signer),
            start_workflow_operation=start,
            id=act.act_id,
            result_type=DutyReceipt,
        )
        return receipt

    async def _update(self, act: DutyAct, state: DutyState) -> DutyReceipt:
        await self.follow(state)
        handle = self._temporal.get_workflow_handle(duty_workflow_id_of(state.duty_id))
        receipt: DutyReceipt = await handle.execute_update(
            act.act.value, signed(act, self._signer), id=act.act_id, result_type=DutyReceipt
        )
        return receipt

    async def follow(self, state: DutyState) -> None:
        """Start the duty's own workflow; nothing where it runs or has come to its end."""
        if state.status in OVER:
            return
        with contextlib.suppress(WorkflowAlreadyStartedError):
            await self._temporal.start_workflow(
                DutyWorkflow.run,
                DutyStart(duty_id=state.duty_id, state=state),
                id=duty_workflow_id_of(state.duty_id),
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                search_attributes=of_duty(body=state.body, department=state.department),
            )
