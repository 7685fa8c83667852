"""対応策の追跡 (following): starts the workflow of a countermeasure, and sends the acts on it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from client.patience import until_known
from guideline.refusals import refuse
from schemas.countermeasures import CountermeasureReceipt, CountermeasureStatus
from schemas.signatures import signed
from workflows.countermeasure import CountermeasureWorkflow
from workflows.search_attributes import of_countermeasure

if TYPE_CHECKING:
    from temporalio.client import Client

    from schemas.countermeasures import CountermeasureAct, CountermeasureState
    from schemas.signatures import Signer


def countermeasure_workflow_id_of(countermeasure_id: str) -> str:
    """Give the id of the workflow in which a countermeasure is followed."""
    return f"countermeasure/{countermeasure_id}"


class Following:
    """対応策の追跡: one workflow for each countermeasure, brought to its end once."""

    def __init__(self, temporal: Client, *, task_queue: str, signer: Signer) -> None:
        self._temporal = temporal
        self._task_queue = task_queue
        self._signer = signer

    async def follow(self, state: CountermeasureState) -> None:
        """Start the countermeasure's own workflow; nothing where it runs or has come to its end.

        One that an operator terminated goes on from what the register holds.
        """
        with contextlib.suppress(WorkflowAlreadyStartedError):
            await self._temporal.start_workflow(
                CountermeasureWorkflow.run,
                state,
                id=countermeasure_workflow_id_of(state.countermeasure_id),
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                search_attributes=of_countermeasure(state),
            )

    async def act(self, act: CountermeasureAct, *, state: CountermeasureState) -> CountermeasureReceipt:
        """Send an act to the countermeasure; one that nobody follows yet is followed from now on.

        Raises ActRefusedError, or OutcomeNotKnownError when the engine does not answer in time.
        """
        gone = refuse("countermeasure_status", status=CountermeasureStatus.CLOSED.label, act=act.act.label)
        return await until_known(lambda: self._update(act, state), gone=gone)

    async def _update(self, act: CountermeasureAct, state: CountermeasureState) -> CountermeasureReceipt:
        await self.follow(state)
        handle = self._temporal.get_workflow_handle(countermeasure_workflow_id_of(state.countermeasure_id))
        receipt: CountermeasureReceipt = await handle.execute_update(
            act.act.value, signed(act, self._signer), id=act.act_id, result_type=CountermeasureReceipt
        )
        return receipt
