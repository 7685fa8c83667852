"""事務連絡の発出 (sending of a circular): page by page to all, and what failed again, in bounded runs."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.circulars import CircularDelivery
    from schemas.circulars import PageRequest, SendingEnd, SendingStart
    from workflows import calls

PAGES_A_RUN = 25
"""一つの実行の頁数: so long a history stays short, however many the recipients."""

PATIENCE = timedelta(days=14)
"""試し続ける期間: as long as a notice is tried."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)


@workflow.defn(name="Circular")
class CircularWorkflow:
    """事務連絡の発出: id `circular/<duty id>/<round>`; nothing waits for it."""

    @workflow.run
    async def run(self, start: SendingStart) -> SendingEnd:
        began_at = start.began_at or workflow.now()
        after, sweep = start.after, start.sweep
        for _ in range(PAGES_A_RUN):
            request = PageRequest(duty_id=start.duty_id, round=start.round, after=after, began_at=began_at)
            sent = await workflow.execute_activity_method(CircularDelivery.send_page, request, **calls.SEND_PAGE)
            after = sent.last
            if after is not None:
                continue
            sweep += 1
            if not sent.is_left:
                return SendingEnd(given_up=0, sweeps=sweep)
            if workflow.now() - began_at > PATIENCE:
                given_up = await workflow.execute_activity_method(CircularDelivery.give_up, request, **calls.WRITE)
                return SendingEnd(given_up=given_up, sweeps=sweep)
            await workflow.sleep(min(FIRST_PAUSE * 2 ** min(sweep - 1, 10), LONGEST_PAUSE))
        following = start.model_copy(update={"after": after, "sweep": sweep, "began_at": began_at})
        return workflow.continue_as_new(following)
