"""リスク事案 (risk event): followed until it is reported and told, or both say that none of it is due."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.events import EventRecords, EventRequest
    from activities.refused import refused_error
    from guideline.event_judgement import earlier_facts, tells_of_facts
    from guideline.events import judge_event, take_event, with_derived
    from guideline.organisation import engine_actor
    from guideline.refusals import RefusedError, refuse
    from schemas.event_acts import (
        EventAcknowledgement,
        EventAct,
        EventClosing,
        EventJoining,
        EventReceipt,
        EventReminder,
        FactsUpdate,
        FilingRecord,
        KnowledgeAddition,
        MeasureNaming,
        NoReportConfirmation,
        NoReportProposal,
        NotificationRecord,
        ReportApproving,
    )
    from schemas.events import EventAlarm, EventState, EventStatus
    from workflows.admission import admit
    from workflows.calls import WRITE_OR_REFUSE
    from workflows.following import refused_in_recording, wait_for_the_next_alarm


@workflow.defn(name="RiskEvent")
class RiskEventWorkflow:
    """リスク事案: id `risk-event/<event id>`; every act is an update, every reminder a durable timer."""

    @workflow.init
    def __init__(self, state: EventState) -> None:
        self._state = state
        self._pen = asyncio.Lock()

    @workflow.run
    async def run(self, _state: EventState) -> EventState:
        while not self._is_over():
            await wait_for_the_next_alarm(self._next_alarm, self._ring, is_over=self._is_over, pen=self._pen)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._state

    @workflow.query
    def state(self) -> EventState:
        """Give where the event stands."""
        return self._state

    @workflow.update
    async def acknowledge_event(self, act: EventAcknowledgement) -> EventReceipt:
        """受領確認 by the team."""
        return await self._perform(act)

    @workflow.update
    async def update_facts(self, act: FactsUpdate) -> EventReceipt:
        """事実の更新."""
        return await self._perform(act)

    @workflow.update
    async def add_knowledge(self, act: KnowledgeAddition) -> EventReceipt:
        """把握の追加."""
        return await self._perform(act)

    @workflow.update
    async def join_event(self, act: EventJoining) -> EventReceipt:
        """同じ事案の追加."""
        return await self._perform(act)

    @workflow.update
    async def approve_report(self, act: ReportApproving) -> EventReceipt:
        """報告書の承認."""
        return await self._perform(act)

    @workflow.update
    async def record_filing(self, act: FilingRecord) -> EventReceipt:
        """提出の記録."""
        return await self._perform(act)

    @workflow.update
    async def record_notification(self, act: NotificationRecord) -> EventReceipt:
        """本人への通知の記録."""
        return await self._perform(act)

    @workflow.update
    async def propose_no_report(self, act: NoReportProposal) -> EventReceipt:
        """報告を要しないとの申出."""
        return await self._perform(act)

    @workflow.update
    async def confirm_no_report(self, act: NoReportConfirmation) -> EventReceipt:
        """報告を要しないことの確認."""
        return await self._perform(act)

    @workflow.update
    async def name_measure(self, act: MeasureNaming) -> EventReceipt:
        """再発防止策."""
        return await self._perform(act)

    @workflow.update
    async def close_event(self, act: EventClosing) -> EventReceipt:
        """終了 by the team."""
        return await self._perform(act)

    @acknowledge_event.validator
    def _may_acknowledge(self, act: EventAcknowledgement) -> None:
        self._admit(act)

    @update_facts.validator
    def _may_update_facts(self, act: FactsUpdate) -> None:
        self._admit(act)

    @add_knowledge.validator
    def _may_add_knowledge(self, act: KnowledgeAddition) -> None:
        self._admit(act)

    @join_event.validator
    def _may_join(self, act: EventJoining) -> None:
        self._admit(act)

    @approve_report.validator
    def _may_approve(self, act: ReportApproving) -> None:
        self._admit(act)

    @record_filing.validator
    def _may_file(self, act: FilingRecord) -> None:
        self._admit(act)

    @record_notification.validator
    def _may_notify(self, act: NotificationRecord) -> None:
        self._admit(act)

    @propose_no_report.validator
    def _may_propose(self, act: NoReportProposal) -> None:
        self._admit(act)

    @confirm_no_report.validator
    def _may_confirm(self, act: NoReportConfirmation) -> None:
        self._admit(act)

    @name_measure.validator
    def _may_name_measure(self, act: MeasureNaming) -> None:
        self._admit(act)

    @close_event.validator
    def _may_close(self, act: EventClosing) -> None:
        self._admit(act)

    def _admit(self, act: EventAct) -> None:
        admit(act)
        self._judge(act)

    def _judge(self, act: EventAct) -> None:
        try:
            info = workflow.current_update_info()
            if info is None or info.id != act.act_id:
                raise refuse("update_id")
            judge_event(self._state, act, at=workflow.now())
        except RefusedError as refused:
            raise refused_error(refused.refusal) from None

    async def _perform(self, act: EventAct) -> EventReceipt:
        """Do one act after the other: each is judged again when its turn comes."""
        async with self._pen:
            self._judge(act)
            return await self._write(act)

    async def _write(self, act: EventAct) -> EventReceipt:
        """Write the act: history first, then the register, then the state, which a refusal leaves as it was."""
        at = workflow.now()
        after = take_event(self._state, act, at=at)
        earlier = earlier_facts(self._state) if tells_of_facts(act) else None
        request = EventRequest(act=act, state=after, earlier=earlier, at=at)
        try:
            recorded = await workflow.execute_activity_method(EventRecords.record, request, **WRITE_OR_REFUSE)
        except ActivityError as failed:
            refused = refused_in_recording(failed, act_id=act.act_id, moved_on=refuse("event_moved_on"))
            if refused is None:
                raise
            raise refused from None
        if recorded.receipt.sequence == after.sequence:  # else an earlier run has taken it already
            self._state = with_derived(after, recorded.derived)
        return recorded.receipt

    def _is_over(self) -> bool:
        return self._state.status is EventStatus.CLOSED

    def _next_alarm(self) -> EventAlarm | None:
        return self._state.alarms[0] if self._state.alarms else None

    async def _ring(self, alarm: EventAlarm) -> None:
        """督促: the workflow's own act, recorded like any other."""
        state = self._state
        act_id = f"remind/{state.event_id}/{state.sequence}/{alarm.clock.value}/{alarm.urgency.value}"
        engine = engine_actor(body=state.body, department=state.department)
        await self._write(EventReminder(act_id=act_id, actor=engine, event_id=state.event_id, alarm=alarm))
