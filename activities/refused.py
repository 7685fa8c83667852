"""拒否の伝え方 (refusals as errors): how a refusal travels through Temporal to whoever acted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

if TYPE_CHECKING:
    from schemas.acts import Refusal

REFUSED = "Refused"

GOING_ON = "GoingOn"
"""続きへ移る: the run gives way to the next one; the same act is to be sent again in a moment."""


def refused_error(refusal: Refusal) -> ApplicationError:
    """Give the error that carries a refusal; it is never tried again, and no line of the log is written for it."""
    return ApplicationError(
        refusal.message,
        refusal.model_dump(mode="json"),
        type=REFUSED,
        non_retryable=True,
        category=ApplicationErrorCategory.BENIGN,
    )


def going_on_error() -> ApplicationError:
    """Give the error by which a run that is at its end asks for the act again; it says neither yes nor no."""
    return ApplicationError(
        "続きの実行へ移っています。同じ行為番号で、もう一度送ってください。",
        type=GOING_ON,
        non_retryable=True,
        category=ApplicationErrorCategory.BENIGN,
    )
