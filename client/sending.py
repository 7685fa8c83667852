"""行為を送る (sending): acts go to the reviews as updates; the same act id is sent until the answer is known."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from client.patience import PATIENCE_S, same_content, unless_taken, until_known
from guideline.deadlines import stage_due_on
from guideline.refusals import RefusedError, refuse
from guideline.turns import REPORT_ANEW
from schemas.acts import Join, Receipt, ReviewAct
from schemas.canonical import act_digest
from schemas.review import Resumption, Stage
from schemas.signatures import signed
from workflows.assessment_review import AssessmentReviewWorkflow
from workflows.search_attributes import at_opening, of_review

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from register.register import Register
    from schemas.review import ReviewState
    from schemas.signatures import Signer


def workflow_id_of(assessment_id: str) -> str:
    """Give the id of the workflow in which an assessment is reviewed."""
    return f"assessment-review/{assessment_id}"


class Sending:
    """行為を送る: one door to the reviews for people, intake and the calendar."""

    def __init__(  # noqa: PLR0913 # where acts go, who signs them, and the clock
        self,
        temporal: Client,
        register: Register,
        *,
        task_queue: str,
        signer: Signer,
        patience_s: float = PATIENCE_S,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._temporal = temporal
        self._register = register
        self._task_queue = task_queue
        self._signer = signer
        self._patience_s = patience_s
        self._now = now

    async def open_or_join(self, join: Join) -> Receipt:
        """Open the assessment's review or join the open one; the same act id again gives the first answer.

        Raises ActRefusedError when the review refuses the ground.
        """
        known = await self._answered(join)
        if known is not None:
            return known
        return await self._until_known(join, lambda: self._join(join))

    async def new_act(self, act: ReviewAct, *, assessment_id: str) -> Receipt:
        """Send an act whose id was made just now: nobody can have used it before."""
        return await self._until_known(act, lambda: self._update(act, assessment_id=assessment_id))

    async def act(self, act: ReviewAct, *, assessment_id: str) -> Receipt:
        """Send an act of a person to the assessment's review.

        The act id already used for the same content gives the first answer; for other content the act is refused.
        Raises ActRefusedError, InvalidInputError, or OutcomeNotKnownError when the engine does not answer in time.
        """
        digest = act_digest(act)
        known = await self._answered(act)
        if known is not None:
            return same_content(known, digest=digest)
        receipt = await self._until_known(act, lambda: self._update(act, assessment_id=assessment_id))
        return same_content(receipt, digest=digest)

    async def take_up(self, review: ReviewState) -> None:
        """Start the workflow of an open review whose history is lost; nothing where the assessment's runs."""
        with contextlib.suppress(WorkflowAlreadyStartedError):
            await self._temporal.start_workflow(
                AssessmentReviewWorkflow.run,
                Resumption(review=review),
                id=workflow_id_of(review.opening.assessment_id),
                task_queue=self._task_queue,
                search_attributes=of_review(review),
            )

    async def _until_known(self, act: Join | ReviewAct, send: Callable[[], Awaitable[Receipt]]) -> Receipt:
        sending = until_known(send, patience_s=self._patience_s, gone=_gone(act))
        return await unless_taken(sending, known=lambda: self._answered(act))

    async def _answered(self, act: Join | ReviewAct) -> Receipt | None:
        """Give what the register says was answered to that act id; None where it knows none."""
        known = await self._register.stored_answer(act.act_id)
        return None if known is None else Receipt.read(known.answer)

    async def _join(self, join: Join) -> Receipt:
        organisation = (await self._register.current_organisation()).organisation
        due_on = stage_due_on(began_at=self._now(), business_days=organisation.service_levels.findings)
        start: WithStartWorkflowOperation[AssessmentReviewWorkflow, Any] = WithStartWorkflowOperation(
            AssessmentReviewWorkflow.run,
            join.opening,
            id=workflow_id_of(join.opening.assessment_id),
            task_queue=self._task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            search_attributes=at_opening(join.opening, join.ground, due_on=due_on),
        )
        receipt: Receipt = await self._temporal.execute_update_with_start_workflow(
            AssessmentReviewWorkflow.join, signed(join, self._signer), start_workflow_operation=start, id=join.act_id
        )
        return receipt

    async def _update(self, act: ReviewAct, *, assessment_id: str) -> Receipt:
        handle = self._temporal.get_workflow_handle(workflow_id_of(assessment_id))
        receipt: Receipt = await handle.execute_update(
            act.act.value, signed(act, self._signer), id=act.act_id, result_type=Receipt
        )
        return receipt


def _gone(act: Join | ReviewAct) -> RefusedError:
    """Build the refusal of an act on a review that the engine no longer has."""
    return refuse("closed").placed(act=act.act.label, stage=Stage.CLOSED.label, instead=(REPORT_ANEW,))
