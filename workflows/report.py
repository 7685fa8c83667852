"""報告の受付 (report): written down first, then each assessment that it names gets its review."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.events import EventOpening, EventRecords
    from activities.intake import IntakeRequest, ReportIntake
    from activities.level_changes import LevelChanges, ReanalysisRequest
    from guideline.deadlines import tokyo_date
    from guideline.serious_incident import seriousness
    from schemas.acts import Intake
    from schemas.records import ReportedReview
    from schemas.reports import RiskEvent
    from workflows.calls import SWEEP, TAKE_IN


@workflow.defn(name="Report")
class ReportWorkflow:
    """報告の受付: id `report/<act id>`; killing whoever sent it loses nothing."""

    @workflow.run
    async def run(self, intake: Intake) -> list[ReportedReview]:
        """Take the report in.

        The report is in the history from the start of the workflow, and all that follows may be done again: so a local
        activity is safe here, and the reporter is answered sooner.
        """
        request = IntakeRequest(intake=intake, at=workflow.now())
        reviews = await workflow.execute_local_activity_method(ReportIntake.take_in, request, **TAKE_IN)
        if isinstance(intake.report, RiskEvent) and intake.adds_to is None:
            opening = EventOpening(intake=intake, at=request.at)
            await workflow.execute_local_activity_method(EventRecords.open, opening, **TAKE_IN)
        on = tokyo_date(workflow.now())
        if isinstance(intake.report, RiskEvent) and seriousness(intake.report, on=on).serious:
            await self._reanalyse(ReanalysisRequest(on=on, body=intake.actor.body))
        return reviews

    async def _reanalyse(self, request: ReanalysisRequest) -> None:
        """重大事故: every business of the body whose threshold it changes is looked at too."""
        more = True
        while more:
            done = await workflow.execute_activity_method(LevelChanges.reanalyse, request, **SWEEP)
            more = done.more
