"""知らせの配達 (delivery of a notice): tried for days; what can't be delivered is marked for people to see."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.notices import DigestGivingUp, GivingUp, NoticeDelivery
    from schemas.letters import Digest
    from workflows import calls


@workflow.defn(name="Notice")
class NoticeWorkflow:
    """知らせの配達: id `notice/<key>`; no review waits for it."""

    @workflow.run
    async def run(self, notice_id: str) -> None:
        try:
            await workflow.execute_activity_method(NoticeDelivery.deliver, notice_id, **calls.DELIVER)
        except ActivityError as error:
            request = GivingUp(notice_id=notice_id, failure=_failure(error), at=workflow.now())
            await workflow.execute_activity_method(NoticeDelivery.give_up, request, **calls.WRITE)


@workflow.defn(name="Digest")
class DigestWorkflow:
    """まとめの配達: id `digest/<key>`; what was held for one person until a morning."""

    @workflow.run
    async def run(self, digest: Digest) -> None:
        try:
            await workflow.execute_activity_method(NoticeDelivery.deliver_digest, digest, **calls.DELIVER)
        except ActivityError as error:
            request = DigestGivingUp(digest=digest, failure=_failure(error), at=workflow.now())
            await workflow.execute_activity_method(NoticeDelivery.give_up_digest, request, **calls.WRITE)


def _failure(error: ActivityError) -> str:
    last: BaseException = error
    while last.__cause__ is not None:
        last = last.__cause__
    return f"繰り返し試しましたが、届けられませんでした（{str(last)[:100]}）。"
