"""義務の一巡 (round over duties): run by a Schedule each morning; opens what repeats and is due now."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.duties import DutyRecords, Round, RoundRequest, RoundResult
    from guideline.deadlines import tokyo_date
    from workflows.calls import SWEEP


@workflow.defn(name="DutyRound")
class DutyRoundWorkflow:
    """義務の一巡: a short starter; the duties themselves go on without it."""

    @workflow.run
    async def run(self, request: Round) -> RoundResult:
        on = request.on or tokyo_date(workflow.now())
        return await workflow.execute_activity_method(DutyRecords.open_due, RoundRequest(on=on), **SWEEP)
