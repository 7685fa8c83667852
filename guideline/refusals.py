"""受け付けない理由 (refusals): every reason for which an act of a review is refused, with the remedy and its source."""

from __future__ import annotations

from types import MappingProxyType

from guideline.refusal_texts import REVIEW_REASONS
from guideline.refusal_texts_of_audits import AUDIT_REASONS
from guideline.refusal_texts_of_duties import DUTY_REASONS
from guideline.refusal_texts_of_events import EVENT_REASONS
from guideline.refusal_texts_of_measures import MEASURE_REASONS
from guideline.refusal_texts_of_procedure import PROCEDURE_REASONS
from guideline.refusal_texts_of_signatures import SIGNATURE_REASONS
from schemas.acts import Refusal

REASONS = MappingProxyType(
    {
        **REVIEW_REASONS,
        **PROCEDURE_REASONS,
        **MEASURE_REASONS,
        **EVENT_REASONS,
        **AUDIT_REASONS,
        **DUTY_REASONS,
        **SIGNATURE_REASONS,
    }
)
"""受け付けない理由: every one, by its code."""


class RefusedError(Exception):
    """受付不可 (refused by a rule): carries the `Refusal`; nothing has changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal

    def placed(self, *, act: str, stage: str, instead: tuple[str, ...]) -> RefusedError:
        """Give the same refusal with the act, the stage, and who may do what instead."""
        return RefusedError(self.refusal.model_copy(update={"act": act, "stage": stage, "instead": instead}))


def refuse(code: str, **facts: object) -> RefusedError:
    """Build the refusal of that code, its sentences filled with the facts of the case."""
    reason = REASONS[code]
    return RefusedError(
        Refusal(
            code=code,
            where=reason.where.format(**facts),
            message=reason.message.format(**facts),
            remedy=reason.remedy.format(**facts),
            provision=reason.provision.format(**facts),
        )
    )
