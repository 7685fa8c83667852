"""報告の受付 (report): written down first, then each assessment that it names gets its review."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.intake import IntakeRequest, ReportIntake
    from schemas.acts import Intake
    from schemas.records import ReportedReview
    from workflows.calls import TAKE_IN


# Without the sandbox, which costs time for each of the many: one call is all there is.
@workflow.defn(name="Report", sandboxed=False)
class ReportWorkflow:
    """報告の受付: id `report/<act id>`; killing whoever sent it loses nothing."""

    @workflow.run
    async def run(self, intake: Intake) -> list[ReportedReview]:
        """Take the report in.

        The report is in the history from the start of the workflow, and all that follows may be done again: so a local
        activity is safe here, and the reporter is answered sooner.
        """
        request = IntakeRequest(intake=intake, at=workflow.now())
        return await workflow.execute_local_activity_method(ReportIntake.take_in, request, **TAKE_IN)
