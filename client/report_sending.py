"""報告を送る (sending of reports): a report starts its own workflow, once, and its answer is waited for."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from temporalio.client import WorkflowFailureError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ActivityError, ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError

from client.errors import ActRefusedError, InvalidInputError
from client.patience import PATIENCE_S, until_known
from schemas.acts import Intake, Refusal
from schemas.signatures import signed
from workflows.report import ReportWorkflow

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle

    from schemas.records import ReportedReview
    from schemas.signatures import Signer


LONGEST_S = 300.0
"""How long the reviews of one report are waited for, in seconds: as long as a try of its intake may take."""


class ReportAnswer(NamedTuple):
    """報告の答え (answer): the reviews, and whether a report with this act id had been taken in before."""

    reviews: tuple[ReportedReview, ...]
    was_known: bool


class ReportSending:
    """報告を送る: signed, as the workflow `report/<act id>`."""

    def __init__(self, temporal: Client, *, task_queue: str, signer: Signer, patience_s: float = PATIENCE_S) -> None:
        self._temporal = temporal
        self._task_queue = task_queue
        self._signer = signer
        self._patience_s = patience_s

    async def take_in(self, intake: Intake) -> ReportAnswer:
        """Start the report's workflow, or find it, and wait for the reviews; again while the engine does not answer.

        Raises ActRefusedError where the signature is refused, InvalidInputError where another report was quicker to
        take the same assessment id, OutcomeNotKnownError where there is no answer in time: the report goes on then.
        """
        while True:
            start = partial(self._start_or_find, signed(intake, self._signer))
            handle, was_known = await until_known(start, patience_s=self._patience_s)
            try:
                return ReportAnswer(tuple(await self._answer(handle)), was_known=was_known)
            except ActRefusedError:
                if not was_known:
                    raise
                # What was there was a stranger's, and is refused: it keeps nobody from reporting.

    async def _answer(self, handle: WorkflowHandle[Any, list[ReportedReview]]) -> list[ReportedReview]:
        """Wait long while the engine answers, for a report may be about hundreds; no longer than an act where not."""
        with contextlib.suppress(RPCError, TimeoutError):
            async with asyncio.timeout(LONGEST_S):
                return await _result_of(handle)
        return await until_known(partial(_result_of, handle), patience_s=self._patience_s)

    async def begin(self, intake: Intake) -> None:
        """Start the report's workflow and go on; nothing where it was started before."""
        while True:
            handle, was_known = await self._start_or_find(signed(intake, self._signer))
            if not was_known:
                return
            try:
                await _result_of(handle)
            except ActRefusedError:
                continue  # What was there was a stranger's, as above.
            return

    async def _start_or_find(self, intake: Intake) -> tuple[WorkflowHandle[Any, list[ReportedReview]], bool]:
        workflow_id = f"report/{intake.act_id}"
        try:
            handle = await self._temporal.start_workflow(
                ReportWorkflow.run,
                intake,
                id=workflow_id,
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                request_eager_start=True,
            )
        except WorkflowAlreadyStartedError:
            return self._temporal.get_workflow_handle_for(ReportWorkflow.run, workflow_id), True
        return handle, False


async def _result_of(handle: WorkflowHandle[Any, list[ReportedReview]]) -> list[ReportedReview]:
    try:
        return await handle.result()
    except WorkflowFailureError as failed:
        cause: BaseException | None = failed.cause
        while isinstance(cause, ActivityError):
            cause = cause.cause
        if isinstance(cause, ApplicationError) and cause.type == "AlreadyThere":
            raise taken(cause.message) from None
        if isinstance(cause, ApplicationError) and cause.type == "Refused":
            raise ActRefusedError(Refusal.model_validate(cause.details[0], strict=False)) from None
        raise


def taken(message: str) -> InvalidInputError:
    """Give the error of an assessment id that another report has taken."""
    return InvalidInputError(message, where="assessment_id", remedy="別の識別子にしてください。")
