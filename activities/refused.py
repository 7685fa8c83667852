"""拒否の伝え方 (refusals as errors): how a refusal travels through Temporal to whoever acted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

if TYPE_CHECKING:
    from schemas.acts import Refusal

REFUSED = "Refused"


def refused_error(refusal: Refusal) -> ApplicationError:
    """Give the error that carries a refusal; it is never tried again, and no line of the log is written for it."""
    return ApplicationError(
        refusal.message,
        refusal.model_dump(mode="json"),
        type=REFUSED,
        non_retryable=True,
        category=ApplicationErrorCategory.BENIGN,
    )
