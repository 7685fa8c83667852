"""報告の受付 (intake): a report is written down first, then each assessment it names gets its review."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import TYPE_CHECKING

from pydantic import Field
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.refused import refused_error
from guideline.consequences import consequence_of_report
from guideline.deadlines import tokyo_date
from guideline.notices import told_of_report
from guideline.refusals import RefusedError
from guideline.separation_of_duties import see_may_add, see_may_report
from guideline.sharing import sharing
from guideline.signatures import check_signed
from guideline.threshold import level_of_new_business
from schemas.acts import Intake, Join
from schemas.base import Instant, Message
from schemas.courses import Course
from schemas.records import PlannedAssessment, ReportedReview
from schemas.reports import AnyReport, ChangeKind, ChangeReport, EndOfBusiness, NewBusiness, RiskEvent
from schemas.review import Ground, GroundKind, Opening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from activities.openings import Openings
    from activities.ports import RegisterPort, ReviewsPort
    from schemas.signatures import Trusted


class IntakeRequest(Message):
    """受付の依頼 (an intake, with the workflow's clock)."""

    intake: Intake = Field(title="報告")
    at: Instant = Field(title="受付の日時")


AT_ONCE = 8
"""How many reviews of one report are opened at the same time."""


class ReportIntake:
    """報告の受付: the activities of `report/<act id>`."""

    def __init__(self, register: RegisterPort, reviews: ReviewsPort, openings: Openings, *, trusted: Trusted) -> None:
        self._trusted = trusted
        self._register = register
        self._reviews = reviews
        self._openings = openings

    @activity.defn
    async def take_in(self, request: IntakeRequest) -> list[ReportedReview]:
        """Write the report and tell those who must know at once; then open or join each review that it is about.

        Those that share its system or file are among them. Improvement report, item 5. All of it may be done again
        without harm: each part has an act id of its own. A report that no trusted key has signed, or of a role that
        does not report, leaves nothing.
        """
        intake = request.intake
        try:
            check_signed(intake, trusted=self._trusted)
            if intake.adds_to is None:
                see_may_report(intake.actor.role)
            else:
                see_may_add(intake.actor.role, called="評価書の追加")
        except RefusedError as refused:
            raise refused_error(refused.refusal) from None
        if isinstance(intake.report, NewBusiness):
            await self.plan(intake, intake.report, at=request.at)
        shared = await self._shared(intake)
        openings = [await self._openings.of(one) for one in (*intake.report.assessments, *shared)]
        await self._record(intake, openings, at=request.at)
        door = asyncio.Semaphore(AT_ONCE)

        async def in_turn(opening: Opening) -> ReportedReview:
            async with door:
                shares = shared.get(opening.assessment_id)
                return await self._open_or_join(intake, opening, shared=shares, on=tokyo_date(request.at))

        return await asyncio.gather(*(in_turn(opening) for opening in openings))

    async def _shared(self, intake: Intake) -> dict[str, str]:
        report = intake.report
        if not isinstance(report, ChangeReport | RiskEvent) or (report.system is None and report.file is None):
            return {}
        published = [one for one in await self._register.assessments(body=intake.actor.body) if one.version]
        return sharing(report, published)

    async def plan(self, intake: Intake, report: NewBusiness, *, at: datetime) -> None:
        """新規: enter the assessment that is to come, with the level that the threshold asks for (規則4条-7条)."""
        level = level_of_new_business(report, on=tokyo_date(at))
        planned = PlannedAssessment(
            assessment_id=report.assessment_id,
            body=intake.actor.body,
            department=report.department,
            number=report.number,
            name=report.name,
            required_level=level.required,
            effective_level=level.effective,
            systems=report.systems,
            files=report.files,
        )
        there = await self._register.plan_assessment(planned, by=intake.actor.person, at=at)
        if there.version or (there.name, there.number, there.body) != (planned.name, planned.number, planned.body):
            message = f"評価書「{report.assessment_id}」は、別の内容で既に登録されています。"
            raise ApplicationError(message, type="AlreadyThere", non_retryable=True)

    async def _record(self, intake: Intake, openings: Sequence[Opening], *, at: datetime) -> None:
        revision = await self._register.current_organisation()
        owners = [(opening.body, opening.department) for opening in openings]
        notices = told_of_report(intake, organisation=revision.organisation, owners=owners, on=tokyo_date(at))
        await self._register.record_report(intake, at=at, notices=notices)

    async def _open_or_join(self, intake: Intake, opening: Opening, *, shared: str | None, on: date) -> ReportedReview:
        assessment_id = opening.assessment_id
        if isinstance(intake.report, NewBusiness):
            opening = opening.model_copy(update={"gates": intake.report.gates})
        minimum = consequence_of_report(intake.report, level=opening.level, on=on).minimum
        ground = _ground_of(intake, assessment_id=assessment_id, shared=shared, minimum=minimum)
        join = Join(act_id=ground.ground_id, actor=intake.actor, opening=opening, ground=ground)
        receipt = await self._reviews.open_or_join(join)
        return ReportedReview(review_id=receipt.review_id, assessment_id=assessment_id, joined=receipt.joined)


def _ground_of(intake: Intake, *, assessment_id: str, shared: str | None, minimum: Course) -> Ground:
    report = intake.report
    return Ground(
        ground_id=f"{intake.act_id}/{assessment_id}",
        kind=_kind_of(report),
        report_id=intake.adds_to or intake.act_id,
        reported_by=intake.actor,
        title=report.title,
        known_on=report.known_on,
        takes_effect_on=_takes_effect_on(report),
        minimum=minimum,
        shared=shared,
        emergency=isinstance(report, ChangeReport) and report.emergency is not None,
    )


def _kind_of(report: AnyReport) -> GroundKind:
    match report:
        case RiskEvent():
            return GroundKind.RISK_EVENT
        case NewBusiness():
            return GroundKind.NEW_BUSINESS
        case EndOfBusiness():
            return GroundKind.END_OF_BUSINESS
        case ChangeReport():
            return GroundKind.FORM_AMENDED if report.kind is ChangeKind.FORM_AMENDED else GroundKind.CHANGE_REPORT


def _takes_effect_on(report: AnyReport) -> date | None:
    match report:
        case RiskEvent():
            return None
        case EndOfBusiness():
            return report.ended_on
        case ChangeReport() | NewBusiness():
            return report.takes_effect_on
