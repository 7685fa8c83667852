"""知らせの配達 (delivery of a notice): tried for days; what can't be delivered is marked for people to see."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.notices import GivingUp, NoticeDelivery
    from workflows import calls


# Without the sandbox, as the report: one call is all there is, and there are many.
@workflow.defn(name="Notice", sandboxed=False)
class NoticeWorkflow:
    """知らせの配達: id `notice/<key>`; no review waits for it."""

    @workflow.run
    async def run(self, notice_id: str) -> None:
        try:
            await workflow.execute_activity_method(NoticeDelivery.deliver, notice_id, **calls.DELIVER)
        except ActivityError as error:
            failure = f"繰り返し試しましたが、届けられませんでした（{_last(error)}）。"
            request = GivingUp(notice_id=notice_id, failure=failure, at=workflow.now())
            await workflow.execute_activity_method(NoticeDelivery.give_up, request, **calls.WRITE)


def _last(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error)[:100]
