"""見直しの対象 (openings): what a review must know of its assessment when it begins, read from the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from guideline.yearly_checklist import asked_of
from schemas.review import OpenCountermeasure, Opening

if TYPE_CHECKING:
    from activities.ports import RegisterPort

_MOST = 200
"""挙げる対応策の数: as many as an opening may name."""


class Openings:
    """見直しの対象を台帳から読む."""

    def __init__(self, register: RegisterPort) -> None:
        self._register = register

    @activity.defn(name="read_opening")
    async def of(self, assessment_id: str) -> Opening:
        """Give the opening of one assessment; raises LookupError when it is unknown."""
        assessment, documents, followed = await self._register.review_subject(assessment_id)
        revision = await self._register.current_organisation()
        kind = next(body.kind for body in revision.organisation.bodies if body.id == assessment.body)
        asked = asked_of(documents)
        return Opening(
            body=assessment.body,
            body_kind=kind,
            assessment_id=assessment.assessment_id,
            department=assessment.department,
            level=assessment.effective_level,
            published_digest=assessment.digest,
            checklist=asked.items,
            measures=asked.measures,
            open_countermeasures=tuple(
                OpenCountermeasure(countermeasure_id=one.countermeasure_id, item=one.item) for one in followed[:_MOST]
            ),
        )
