"""証跡の控え (daily checkpoint): run by a Schedule each morning."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.checkpoints import CheckpointKeeping, CheckpointRequest
    from guideline.deadlines import tokyo_date
    from workflows import calls


@workflow.defn(name="AuditCheckpoint")
class AuditCheckpointWorkflow:
    """証跡の控え: apart from the yearly sweep, which must not wait for a disk that refuses."""

    @workflow.run
    async def run(self, request: CheckpointRequest) -> None:
        dated = CheckpointRequest(on=request.on or tokyo_date(workflow.now()))
        await workflow.execute_activity_method(CheckpointKeeping.keep, dated, **calls.WRITE)
