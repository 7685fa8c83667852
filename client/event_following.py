"""リスク事案の追跡 (following of risk events): starts the workflow of an event, and sends the acts on it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from temporalio.client import WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from client.patience import until_known
from guideline.events import AFTER_THE_END
from guideline.refusals import refuse
from schemas.event_acts import EventReceipt
from schemas.events import EventStatus
from schemas.signatures import signed
from workflows.risk_event import RiskEventWorkflow
from workflows.search_attributes import of_event

if TYPE_CHECKING:
    from temporalio.client import Client

    from schemas.event_acts import EventAct
    from schemas.events import EventState
    from schemas.signatures import Signer


def event_workflow_id_of(event_id: str) -> str:
    """Give the id of the workflow in which a risk event is followed."""
    return f"risk-event/{event_id}"


class EventFollowing:
    """リスク事案の追跡: one workflow for each event, brought to its end once."""

    def __init__(self, temporal: Client, *, task_queue: str, signer: Signer) -> None:
        self._temporal = temporal
        self._task_queue = task_queue
        self._signer = signer

    async def follow(self, state: EventState) -> None:
        """Start the event's own workflow; nothing where it runs or has come to its end.

        One that an operator terminated goes on from what the register holds.
        """
        if state.status is EventStatus.CLOSED:
            return
        with contextlib.suppress(WorkflowAlreadyStartedError):
            await self._temporal.start_workflow(
                RiskEventWorkflow.run,
                state,
                id=event_workflow_id_of(state.event_id),
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                search_attributes=of_event(state),
            )

    async def act(self, act: EventAct, *, state: EventState) -> EventReceipt:
        """Send an act to the event; one that nobody follows yet is followed from now on.

        One that was closed is taken up for what may still be done of it, and ends again with the act. Raises
        ActRefusedError, or OutcomeNotKnownError when the engine does not answer in time.
        """
        gone = refuse("event_status", status=EventStatus.CLOSED.label, act=act.act.label)
        return await until_known(lambda: self._update(act, state), gone=gone)

    async def _update(self, act: EventAct, state: EventState) -> EventReceipt:
        if state.status is EventStatus.CLOSED and act.act in AFTER_THE_END:
            return await self._update_closed(act, state)
        await self.follow(state)
        handle = self._temporal.get_workflow_handle(event_workflow_id_of(state.event_id))
        receipt: EventReceipt = await handle.execute_update(
            act.act.value, signed(act, self._signer), id=act.act_id, result_type=EventReceipt
        )
        return receipt

    async def _update_closed(self, act: EventAct, state: EventState) -> EventReceipt:
        """Send the act with the start of a further run, which comes to its end when the act is done."""
        start: WithStartWorkflowOperation[RiskEventWorkflow, EventState] = WithStartWorkflowOperation(
            RiskEventWorkflow.run,
            state,
            id=event_workflow_id_of(state.event_id),
            task_queue=self._task_queue,
            # Two acts at once share the run; one that knows an older state than the register is refused there.
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            search_attributes=of_event(state),
        )
        receipt: EventReceipt = await self._temporal.execute_update_with_start_workflow(
            act.act.value,
            signed(act, self._signer),
            start_workflow_operation=start,
            id=act.act_id,
            result_type=EventReceipt,
        )
        return receipt
