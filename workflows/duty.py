"""義務 (duty): opened, followed by its clock, handed in, confirmed by another; in as many runs as its acts need."""

import asyncio
import contextlib
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.duties import DutyRecords, DutyRequest
    from activities.refused import going_on_error, refused_error
    from guideline.duties import judge_duty, take_duty
    from guideline.organisation import engine_actor
    from guideline.refusals import RefusedError, refuse
    from schemas.duties import OVER, DutyAlarm, DutyStart, DutyState
    from schemas.duty_acts import (
        DutyAct,
        DutyAmendment,
        DutyCancellation,
        DutyCompletion,
        DutyConfirmation,
        DutyEnrolment,
        DutyExcuse,
        DutyHandIn,
        DutyOpening,
        DutyPostponement,
        DutyProgress,
        DutyReceipt,
        DutyReminder,
        DutySendingBack,
    )
    from workflows.admission import admit
    from workflows.calls import WRITE_MANY, WRITE_OR_REFUSE
    from workflows.following import refused_in_recording, wait_for_the_next_alarm

UNOPENED = timedelta(minutes=1)
"""開かれないとき: how long a run waits for the act that opens its duty."""

_OF_MANY = (DutyEnrolment, DutyCompletion, DutyReminder)
"""多数に及ぶ行為: what may write thousands of rows or notices at once."""


@workflow.defn(name="Duty")
class DutyWorkflow:
    """義務: id `duty/<duty id>`; every act is an update, every reminder a durable timer."""

    @workflow.init
    def __init__(self, start: DutyStart) -> None:
        self._duty_id = start.duty_id
        self._state = start.state
        self._pen = asyncio.Lock()

    @workflow.run
    async def run(self, _start: DutyStart) -> DutyState | None:
        if not await self._is_opened():
            return None
        while not self._is_over():
            await wait_for_the_next_alarm(self._next_alarm, self._ring, is_over=self._rests, pen=self._pen)
            if self._is_long() and not self._is_over():
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(DutyStart(duty_id=self._duty_id, state=self._state))
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._state

    async def _is_opened(self) -> bool:
        """Wait for the act that opens the duty; a run that nothing opens ends by itself."""
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(lambda: self._state is not None, timeout=UNOPENED)
        await workflow.wait_condition(lambda: self._state is not None or workflow.all_handlers_finished())
        return self._state is not None

    @workflow.query
    def state(self) -> DutyState | None:
        """Give where the duty stands; None before it is opened."""
        return self._state

    @workflow.update(name="open")
    async def open_duty(self, act: DutyOpening) -> DutyReceipt:
        """義務の開始, sent with the start of the run."""
        return await self._perform(act)

    @workflow.update
    async def report_progress(self, act: DutyProgress) -> DutyReceipt:
        """進捗の報告."""
        return await self._perform(act)

    @workflow.update
    async def postpone(self, act: DutyPostponement) -> DutyReceipt:
        """期限の延期."""
        return await self._perform(act)

    @workflow.update
    async def amend(self, act: DutyAmendment) -> DutyReceipt:
        """内容の変更."""
        return await self._perform(act)

    @workflow.update
    async def enrol(self, act: DutyEnrolment) -> DutyReceipt:
        """名簿の変更."""
        return await self._perform(act)

    @workflow.update
    async def complete(self, act: DutyCompletion) -> DutyReceipt:
        """名簿の者の完了."""
        return await self._perform(act)

    @workflow.update
    async def excuse(self, act: DutyExcuse) -> DutyReceipt:
        """名簿の者の除外."""
        return await self._perform(act)

    @workflow.update
    async def hand_in(self, act: DutyHandIn) -> DutyReceipt:
        """完了の報告."""
        return await self._perform(act)

    @workflow.update
    async def confirm(self, act: DutyConfirmation) -> DutyReceipt:
        """完了の確認."""
        return await self._perform(act)

    @workflow.update
    async def send_back(self, act: DutySendingBack) -> DutyReceipt:
        """差戻し."""
        return await self._perform(act)

    @workflow.update
    async def cancel(self, act: DutyCancellation) -> DutyReceipt:
        """取りやめ."""
        return await self._perform(act)

    @open_duty.validator
    def _may_open(self, act: DutyOpening) -> None:
        self._admit(act)

    @report_progress.validator
    def _may_report_progress(self, act: DutyProgress) -> None:
        self._admit(act)

    @postpone.validator
    def _may_postpone(self, act: DutyPostponement) -> None:
        self._admit(act)

    @amend.validator
    def _may_amend(self, act: DutyAmendment) -> None:
        self._admit(act)

    @enrol.validator
    def _may_enrol(self, act: DutyEnrolment) -> None:
        self._admit(act)

    @complete.validator
    def _may_complete(self, act: DutyCompletion) -> None:
        self._admit(act)

    @excuse.validator
    def _may_excuse(self, act: DutyExcuse) -> None:
        self._admit(act)

    @hand_in.validator
    def _may_hand_in(self, act: DutyHandIn) -> None:
        self._admit(act)

    @confirm.validator
    def _may_confirm(self, act: DutyConfirmation) -> None:
        self._admit(act)

    @send_back.validator
    def _may_send_back(self, act: DutySendingBack) -> None:
        self._admit(act)

    @cancel.validator
    def _may_cancel(self, act: DutyCancellation) -> None:
        self._admit(act)

    def _admit(self, act: DutyAct) -> None:
        admit(act)
        if self._is_long() and self._pen.locked():
            # Else a roll that many complete at once would never let the run come to its end. Where nothing is under way
            # the act is taken: a refusal leaves nothing in the history, so that the run would not wake to go on.
            raise going_on_error()
        self._judge(act)

    def _judge(self, act: DutyAct) -> None:
        try:
            info = workflow.current_update_info()
            if info is None or info.id != act.act_id:
                raise refuse("update_id")
            if act.duty_id != self._duty_id:
                raise refuse("other_duty", given=act.duty_id, open=self._duty_id)
            judge_duty(self._state, act, at=workflow.now())
        except RefusedError as refused:
            raise refused_error(refused.refusal) from None

    async def _perform(self, act: DutyAct) -> DutyReceipt:
        """Do one act after the other: each is judged again when its turn comes."""
        async with self._pen:
            self._judge(act)
            return await self._write(act)

    async def _write(self, act: DutyAct) -> DutyReceipt:
        """Write the act: history first, then the register, then the state, which a refusal leaves as it was."""
        at = workflow.now()
        after = take_duty(self._state, act, at=at)
        request = DutyRequest(act=act, state=after, at=at)
        call = WRITE_MANY if isinstance(act, _OF_MANY) else WRITE_OR_REFUSE
        try:
            recorded = await workflow.execute_activity_method(DutyRecords.record, request, **call)
        except ActivityError as failed:
            refused = refused_in_recording(failed, act_id=act.act_id, moved_on=refuse("duty_moved_on"))
            if refused is None:
                raise
            raise refused from None
        if recorded.receipt.sequence == after.sequence:  # else an earlier run has taken it already
            self._state = after.model_copy(update={"roll": recorded.receipt.roll, "alarms": recorded.alarms})
        return recorded.receipt

    def _is_over(self) -> bool:
        return self._state is not None and self._state.status in OVER

    def _is_long(self) -> bool:
        """Say whether the run's history is long enough for another to go on: a roll may hold thousands."""
        return workflow.info().is_continue_as_new_suggested()

    def _rests(self) -> bool:
        return self._is_over() or self._is_long()

    def _next_alarm(self) -> DutyAlarm | None:
        return self._state.alarms[0] if self._state is not None and self._state.alarms else None

    async def _ring(self, alarm: DutyAlarm) -> None:
        """督促: the workflow's own act, recorded like any other."""
        state = self._state
        if state is None:
            return
        act_id = f"remind/{state.duty_id}/{state.sequence}/{alarm.status.value}/{alarm.urgency.value}"
        engine = engine_actor(body=state.body, department=state.department)
        await self._write(DutyReminder(act_id=act_id, actor=engine, duty_id=state.duty_id, alarm=alarm))
