"""報告の受付 (intake): a report is written down first, then each assessment it names gets its review."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import TYPE_CHECKING

from pydantic import Field
from temporalio import activity

from guideline.minimum_course import minimum_for_report
from guideline.notices import told_of_report
from guideline.sharing import sharing
from schemas.acts import Intake, Join
from schemas.base import Instant, Message
from schemas.records import ReportedReview
from schemas.reports import ChangeKind, ChangeReport, RiskEvent
from schemas.review import Ground, GroundKind, Opening

if TYPE_CHECKING:
    from collections.abc import Sequence

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

        Those that share its system or file are among them. Improvement report, item 5. All of it may be done again
        without harm: each part has an act id of its own.
        """
        intake = request.intake
        shared = await self._shared(intake)
        openings = [await self._openings.of(one) for one in (*intake.report.assessments, *shared)]
        await self._record(intake, openings, at=request.at)
        door = asyncio.Semaphore(AT_ONCE)

        async def in_turn(opening: Opening) -> ReportedReview:
            async with door:
                return await self._open_or_join(intake, opening, shared=shared.get(opening.assessment_id))

        return await asyncio.gather(*(in_turn(opening) for opening in openings))

    async def _shared(self, intake: Intake) -> dict[str, str]:
        report = intake.report
        if report.system is None and report.file is None:
            return {}
        return sharing(report, await self._register.assessments(body=intake.actor.body))

    async def _record(self, intake: Intake, openings: Sequence[Opening], *, at: datetime) -> None:
        revision = await self._register.current_organisation()
        owners = [(opening.body, opening.department) for opening in openings]
        notices = told_of_report(intake, organisation=revision.organisation, owners=owners)
        await self._register.record_report(intake, at=at, notices=notices)

    async def _open_or_join(self, intake: Intake, opening: Opening, *, shared: str | None) -> ReportedReview:
        assessment_id = opening.assessment_id
        ground = _ground_of(intake, assessment_id=assessment_id, shared=shared)
        join = Join(act_id=ground.ground_id, actor=intake.actor, opening=opening, ground=ground)
        receipt = await self._reviews.open_or_join(join)
        return ReportedReview(review_id=receipt.review_id, assessment_id=assessment_id, joined=receipt.joined)


def _ground_of(intake: Intake, *, assessment_id: str, shared: str | None) -> Ground:
    report = intake.report
    return Ground(
        ground_id=f"{intake.act_id}/{assessment_id}",
        kind=_kind_of(report),
        report_id=intake.adds_to or intake.act_id,
        reported_by=intake.actor,
        title=report.title,
        known_on=report.known_on,
        takes_effect_on=_takes_effect_on(report),
        minimum=minimum_for_report(report).course,
        shared=shared,
    )


def _kind_of(report: ChangeReport | RiskEvent) -> GroundKind:
    if isinstance(report, RiskEvent):
        return GroundKind.RISK_EVENT
    return GroundKind.FORM_AMENDED if report.kind is ChangeKind.FORM_AMENDED else GroundKind.CHANGE_REPORT


def _takes_effect_on(report: object) -> date | None:
    return report.takes_effect_on if isinstance(report, ChangeReport) else None
