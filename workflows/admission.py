"""受付の前の確かめ (admission): what a validator asks of every act before it is judged, and a replay never asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.refused import refused_error
    from activities.trust import trusted_on
    from guideline.refusals import RefusedError
    from guideline.signatures import check_signed

if TYPE_CHECKING:
    from schemas.signatures import SignedMessage


def admit(act: SignedMessage) -> None:
    """See that the act came by the gateway; called by validators alone. Raises ApplicationError of type `Refused`."""
    try:
        check_signed(act, trusted=trusted_on(workflow.info().task_queue))
    except RefusedError as refused:
        raise refused_error(refused.refusal) from None
