"""監査の後 (after an audit): what it found is put right under it, and opens the review of what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guideline.audits import check_assessment, check_auditors, check_inspected, corrections_of, reports_of
from guideline.duties import take_duty
from guideline.duty_register import check_place
from schemas.duties import DutyKind
from schemas.duty_acts import DutyHandIn

if TYPE_CHECKING:
    from datetime import datetime

    from activities.ports import DutyFollowingPort, DutyRowsPort, RegisterPort, ReportStartPort
    from schemas.duties import DutyState
    from schemas.duty_acts import DutyAct
    from schemas.organisation import Organisation
    from schemas.records import AssessmentRecord


class AuditFollowUp:
    """監査の後: asked with every act on a duty; it does something with the report of an audit alone."""

    def __init__(
        self, register: RegisterPort, duties: DutyRowsPort, following: DutyFollowingPort, reports: ReportStartPort
    ) -> None:
        self._register = register
        self._duties = duties
        self._following = following
        self._reports = reports

    async def check(self, act: DutyAct, state: DutyState, organisation: Organisation, *, at: datetime) -> None:
        """See before it is written that it may be said, and that all that follows can be done. Raises RefusedError."""
        check_auditors(act, state, organisation)
        if state.kind is not DutyKind.AUDIT or not isinstance(act, DutyHandIn):
            return
        inspections = await self._duties.of_kind(DutyKind.INSPECTION, body=state.body, department=state.department)
        check_inspected(act, state, inspections)
        for opening in corrections_of(act, state, at=at):
            check_place(opening, take_duty(None, opening, at=at), organisation)
        for intake in reports_of(act, state, at=at):
            for assessment_id in intake.report.assessments:
                check_assessment(assessment_id, await self._assessment(assessment_id), body=state.body)

    async def _assessment(self, assessment_id: str) -> AssessmentRecord | None:
        try:
            return await self._register.assessment(assessment_id)
        except LookupError:
            return None

    async def follow(self, act: DutyAct, state: DutyState, *, at: datetime) -> None:
        """Open the corrections and start the reports; done again, it opens none twice.

        What is found again after the report was sent back is known by its number already.
        """
        for opening in corrections_of(act, state, at=at):
            if await self._duties.find(opening.duty_id) is None:
                await self._following.open(opening)
        for intake in reports_of(act, state, at=at):
            await self._reports.begin(intake)
