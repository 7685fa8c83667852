"""対応策 (countermeasure): followed until it is done and another person has confirmed it."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.countermeasures import CountermeasureRecords, CountermeasureRequest
    from activities.refused import refused_error
    from guideline.countermeasures import judge_countermeasure, take_countermeasure
    from guideline.organisation import engine_actor
    from guideline.refusals import RefusedError, refuse
    from schemas.countermeasures import (
        Confirmation,
        CountermeasureAct,
        CountermeasureAlarm,
        CountermeasureReceipt,
        CountermeasureReminder,
        CountermeasureState,
        CountermeasureStatus,
        Done,
        Postponement,
        Progress,
        Rejection,
    )
    from workflows.admission import admit
    from workflows.calls import WRITE_OR_REFUSE
    from workflows.following import refused_in_recording, wait_for_the_next_alarm


@workflow.defn(name="Countermeasure")
class CountermeasureWorkflow:
    """対応策: id `countermeasure/<countermeasure id>`; every act is an update, every reminder a durable timer."""

    @workflow.init
    def __init__(self, state: CountermeasureState) -> None:
        self._state = state
        self._pen = asyncio.Lock()

    @workflow.run
    async def run(self, _state: CountermeasureState) -> CountermeasureState:
        while not self._is_over():
            await wait_for_the_next_alarm(self._next_alarm, self._ring, is_over=self._is_over, pen=self._pen)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._state

    @workflow.query
    def state(self) -> CountermeasureState:
        """Give where the countermeasure stands."""
        return self._state

    @workflow.update
    async def report_progress(self, act: Progress) -> CountermeasureReceipt:
        """進捗の報告."""
        return await self._perform(act)

    @workflow.update
    async def postpone(self, act: Postponement) -> CountermeasureReceipt:
        """期限の延期 by the team."""
        return await self._perform(act)

    @workflow.update
    async def done(self, act: Done) -> CountermeasureReceipt:
        """完了の報告."""
        return await self._perform(act)

    @workflow.update
    async def confirm(self, act: Confirmation) -> CountermeasureReceipt:
        """完了の確認 by the team."""
        return await self._perform(act)

    @workflow.update
    async def reject(self, act: Rejection) -> CountermeasureReceipt:
        """完了と認めない."""
        return await self._perform(act)

    @report_progress.validator
    def _may_report_progress(self, act: Progress) -> None:
        self._admit(act)

    @postpone.validator
    def _may_postpone(self, act: Postponement) -> None:
        self._admit(act)

    @done.validator
    def _may_be_done(self, act: Done) -> None:
        self._admit(act)

    @confirm.validator
    def _may_confirm(self, act: Confirmation) -> None:
        self._admit(act)

    @reject.validator
    def _may_reject(self, act: Rejection) -> None:
        self._admit(act)

    def _admit(self, act: CountermeasureAct) -> None:
        admit(act)
        self._judge(act)

    def _judge(self, act: CountermeasureAct) -> None:
        try:
            info = workflow.current_update_info()
            if info is None or info.id != act.act_id:
                raise refuse("update_id")
            judge_countermeasure(self._state, act, at=workflow.now())
        except RefusedError as refused:
            raise refused_error(refused.refusal) from None

    async def _perform(self, act: CountermeasureAct) -> CountermeasureReceipt:
        """Do one act after the other: each is judged again when its turn comes."""
        async with self._pen:
            self._judge(act)
            return await self._write(act)

    async def _write(self, act: CountermeasureAct) -> CountermeasureReceipt:
        """Write the act: history first, then the register, then the state, which a refusal leaves as it was."""
        at = workflow.now()
        after = take_countermeasure(self._state, act, at=at)
        request = CountermeasureRequest(act=act, state=after, at=at)
        try:
            recorded = await workflow.execute_activity_method(CountermeasureRecords.record, request, **WRITE_OR_REFUSE)
        except ActivityError as failed:
            refused = refused_in_recording(failed, act_id=act.act_id)
            if refused is None:
                raise
            raise refused from None
        if recorded.receipt.sequence == after.sequence:  # else an earlier run has taken it already
            self._state = after.model_copy(update={"department": recorded.department, "alarms": recorded.alarms})
        return recorded.receipt

    def _is_over(self) -> bool:
        return self._state.status is CountermeasureStatus.CLOSED

    def _next_alarm(self) -> CountermeasureAlarm | None:
        return self._state.alarms[0] if self._state.alarms else None

    async def _ring(self, alarm: CountermeasureAlarm) -> None:
        """督促: the workflow's own act, recorded like any other."""
        state = self._state
        act_id = f"remind/{state.countermeasure_id}/{state.sequence}/{alarm.status.value}/{alarm.urgency.value}"
        engine = engine_actor(body=state.body, department=state.department)
        reminder = CountermeasureReminder(
            act_id=act_id, actor=engine, countermeasure_id=state.countermeasure_id, alarm=alarm
        )
        await self._write(reminder)
