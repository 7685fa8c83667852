"""答えが分かるまで (patience): an act is sent again until its answer is known; a refusal becomes an error."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.refused import GOING_ON
from client.errors import ActRefusedError, CallerError, InvalidInputError, OutcomeNotKnownError, UsedActIdError
from schemas.acts import Receipt, Refusal
from schemas.countermeasures import CountermeasureReceipt
from schemas.duty_acts import DutyReceipt
from schemas.event_acts import EventReceipt

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from guideline.refusals import RefusedError

PATIENCE_S = 60.0
"""How long the same act is sent again while the engine does not answer, in seconds."""

_PAUSE_S = 0.5
_NOT_NOW = frozenset(
    {
        RPCStatusCode.UNAVAILABLE,
        # The workflow stands still: a worker can't go on with it, as one of a release before that which it needs.
        RPCStatusCode.FAILED_PRECONDITION,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.ABORTED,
        RPCStatusCode.CANCELLED,
        RPCStatusCode.INTERNAL,
        RPCStatusCode.UNKNOWN,
    }
)

_Receipt = TypeVar("_Receipt")
_AnyReceipt = TypeVar("_AnyReceipt", Receipt, CountermeasureReceipt, DutyReceipt, EventReceipt)


async def until_known(
    send: Callable[[], Awaitable[_Receipt]], *, gone: RefusedError | None = None, patience_s: float = PATIENCE_S
) -> _Receipt:
    """Send until the answer is known: an error of the line means «not known», never «no».

    `gone` says why the act is refused where the workflow is not there any more. Raises OutcomeNotKnownError when the
    patience (seconds) is at its end: where no worker answers, the engine itself would let us wait for ever.
    """
    try:
        async with asyncio.timeout(patience_s):
            return await _until_answered(send, gone=gone)
    except TimeoutError:
        raise OutcomeNotKnownError(
            "エンジンの応答がなく、受け付けられたかどうかがまだ分かりません。",
            where="エンジン",
            remedy="しばらくして、同じ行為番号でもう一度行ってください。二重に受け付けられることはありません。",
        ) from None


async def _until_answered(send: Callable[[], Awaitable[_Receipt]], *, gone: RefusedError | None) -> _Receipt:
    while True:
        try:
            return await send()
        except WorkflowUpdateFailedError as failed:
            if not _goes_on(failed):
                raise _told(failed) from None
        except WorkflowUpdateRPCTimeoutOrCancelledError as ended:
            # The SDK says the same of a silent engine and of our own end: a worker that stops must not send for ever.
            if isinstance(ended.__cause__, asyncio.CancelledError):
                raise ended.__cause__ from None
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND and gone is not None:
                raise ActRefusedError(gone.refusal) from None
            if error.status not in _NOT_NOW:
                raise
        await asyncio.sleep(_PAUSE_S)


async def unless_taken(sending: Awaitable[_Receipt], *, known: Callable[[], Awaitable[_Receipt | None]]) -> _Receipt:
    """Give the answer to an act; a refusal of one that the register `known` has is none.

    What is sent again after its answer was lost may find its own doing: the next stage, or another run.
    """
    try:
        return await sending
    except ActRefusedError:
        told = await known()
        if told is None:
            raise
        return told


def same_content(receipt: _AnyReceipt, *, digest: str) -> _AnyReceipt:
    """Give the receipt; raises UsedActIdError where the act id was used for other content."""
    if receipt.content_digest != digest:
        raise UsedActIdError(
            f"行為番号 {receipt.act_id} は、別の内容の行為に既に使われています。",
            where="行為番号",
            remedy="新しい行為番号で行ってください。",
        )
    return receipt


def _goes_on(failed: WorkflowUpdateFailedError) -> bool:
    return isinstance(failed.cause, ApplicationError) and failed.cause.type == GOING_ON


def _told(failed: WorkflowUpdateFailedError) -> CallerError:
    cause = failed.cause
    if not isinstance(cause, ApplicationError):
        raise failed
    if cause.type == "Refused":
        return ActRefusedError(Refusal.model_validate(cause.details[0], strict=False))
    if cause.type == "InvalidDocument":
        return InvalidInputError(
            cause.message, where="評価書一式", remedy="案を直して提出してください。", faults=cause.details[0]
        )
    raise failed
