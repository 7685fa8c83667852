"""報告の受付 (intake): a report is written down first, then each assessment it names gets its review."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import TYPE_CHECKING

from pydantic import Field
from temporalio import activity

from guideline.minimum_course import minimum_for_report
from guideline.notices import told_of_report
from schemas.acts import Intake, Join
from schemas.base import Instant, Message
from schemas.records import ReportedReview
from schemas.reports import ChangeReport
from schemas.review import Ground, GroundKind

if TYPE_CHECKING:
    from activities.openings import Openings
    from activities.ports import RegisterPort, ReviewsPort


class IntakeRequest(Message):
    """受付の依頼 (an intake, with the workflow's clock)."""

    intake: Intake = Field(title="報告")
    at: Instant = Field(title="受付の日時")


AT_ONCE = 8
"""How many reviews of one report are opened at the same time."""


class ReportIntake:
    """報告の受付: the activities of `report/<act id>`."""

    def __init__(self, register: RegisterPort, reviews: ReviewsPort, openings: Openings) -> None:
        self._register = register
        self._reviews = reviews
        self._openings = openings

    @activity.defn
    async def take_in(self, request: IntakeRequest) -> list[ReportedReview]:
        """Write the report and tell those who must know at once; then open or join each review that it is about.

        Improvement report, item 5. All of it may be done again without harm: each part has an act id of its own.
        """
        intake = request.intake
        await self._record(intake, request.at)
        door = asyncio.Semaphore(AT_ONCE)

        async def one_after_another(assessment_id: str) -> ReportedReview:
            async with door:
                return await self._open_or_join(intake, assessment_id)

        return await asyncio.gather(*(one_after_another(one) for one in intake.report.assessments))

    async def _record(self, intake: Intake, at: datetime) -> None:
        revision = await self._register.current_organisation()
        named = [await self._register.assessment(one) for one in intake.report.assessments]
        notices = told_of_report(
            intake,
            organisation=revision.organisation,
            owners=[(assessment.body, assessment.department) for assessment in named],
        )
        await self._register.record_report(intake, at=at, notices=notices)

    async def _open_or_join(self, intake: Intake, assessment_id: str) -> ReportedReview:
        join = Join(
            act_id=f"{intake.act_id}/{assessment_id}",
            actor=intake.actor,
            opening=await self._openings.of(assessment_id),
            ground=_ground_of(intake, assessment_id=assessment_id),
        )
        receipt = await self._reviews.open_or_join(join)
        return ReportedReview(review_id=receipt.review_id, assessment_id=assessment_id, joined=receipt.joined)


def _ground_of(intake: Intake, *, assessment_id: str) -> Ground:
    report = intake.report
    is_change = isinstance(report, ChangeReport)
    return Ground(
        ground_id=f"{intake.act_id}/{assessment_id}",
        kind=GroundKind.CHANGE_REPORT if is_change else GroundKind.RISK_EVENT,
        report_id=intake.act_id,
        reported_by=intake.actor,
        title=report.title,
        known_on=report.known_on,
        takes_effect_on=_takes_effect_on(report),
        minimum=minimum_for_report(report).course,
    )


def _takes_effect_on(report: object) -> date | None:
    return report.takes_effect_on if isinstance(report, ChangeReport) else None
