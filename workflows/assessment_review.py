"""評価書の見直し (assessment review): one open review for one assessment, finished by two sides."""

import asyncio
import contextlib
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.countermeasures import CountermeasureRecords
    from activities.openings import Openings
    from activities.refused import refused_error
    from activities.review_records import DraftRequest, RecordRequest, ReviewRecords
    from guideline.deadlines import tokyo_date
    from guideline.decisions import judge, open_review, take
    from guideline.effects import with_what_was_learnt, without_ground
    from guideline.measure_answers import plans_countermeasures
    from guideline.organisation import engine_actor
    from guideline.refusals import RefusedError, refuse
    from guideline.turns import both_excepted, ended_on_of, may_do_instead
    from guideline.violations import is_in_an_emergency
    from schemas.acts import (
        LARGEST_ACT,
        Acknowledgement,
        Approval,
        Consent,
        Dispute,
        Finding,
        GatePassage,
        HandOver,
        Join,
        Recall,
        Receipt,
        Reminder,
        Resolution,
        Return,
        ReviewAct,
        Revision,
        Settlement,
        StepRecord,
        Submission,
        Withdrawal,
    )
    from schemas.courses import Course
    from schemas.records import Recorded
    from schemas.review import Alarm, Opening, Resumption, ReviewState, Stage
    from workflows.admission import admit
    from workflows.calls import WRITE
    from workflows.search_attributes import changed_attributes


@workflow.defn(name="AssessmentReview")
class AssessmentReviewWorkflow:
    """評価書の見直し: examination by both, drafting, approval by both, procedure; every act is an update."""

    @workflow.init
    def __init__(self, opening: Opening | Resumption) -> None:
        self._review = opening.review if isinstance(opening, Resumption) else open_review(opening, at=workflow.now())
        self._is_taken_up = not isinstance(opening, Resumption)
        self._pen = asyncio.Lock()

    @workflow.run
    async def run(self, opening: Opening | Resumption) -> ReviewState:
        if isinstance(opening, Resumption):
            await self._take_up(opening.review)
        else:
            await self._take_over(opening)
        while not self._is_over():
            await self._wait_for_the_next_alarm()
        await workflow.wait_condition(workflow.all_handlers_finished)
        if plans_countermeasures(self._review):
            await workflow.execute_activity_method(CountermeasureRecords.follow, self._review.review_id or "", **WRITE)
        if self._review.held:
            await self._go_on_with_what_was_held()
        return self._review

    @workflow.query
    def state(self) -> ReviewState:
        """Give where the review stands."""
        return self._review

    @workflow.update
    async def join(self, act: Join) -> Receipt:
        """事由の追加: open the review with a ground, or add one."""
        return await self._perform(act)

    @workflow.update
    async def acknowledge(self, act: Acknowledgement) -> Receipt:
        """受領確認 by the team."""
        return await self._perform(act)

    @workflow.update
    async def find(self, act: Finding) -> Receipt:
        """検討結果 of one party."""
        return await self._perform(act)

    @workflow.update
    async def resolve(self, act: Resolution) -> Receipt:
        """総括保護管理者の決定 where the two differ."""
        return await self._perform(act)

    @workflow.update
    async def submit(self, act: Submission) -> Receipt:
        """案の提出: the documents are looked at first, then the act is judged again and taken."""
        await self._numbered(act)
        review = self._review
        request = DraftRequest(
            manifest=act.manifest,
            assessment_id=review.opening.assessment_id,
            body_kind=review.opening.body_kind,
            course=review.course or Course.AMEND,
            excepted=both_excepted(review),
            emergency=is_in_an_emergency(review),
            on=tokyo_date(workflow.now()),
            ended_on=ended_on_of(review) if review.course is Course.END_BUSINESS else None,
        )
        faults = await workflow.execute_activity_method(ReviewRecords.faults_of_draft, request, **WRITE)
        if faults:
            raise _invalid_draft(faults)
        self._judge(act)
        return await self._perform(act)

    @workflow.update
    async def approve(self, act: Approval) -> Receipt:
        """承認 of the present draft by one party."""
        return await self._perform(act)

    @workflow.update(name="return")
    async def send_back(self, act: Return) -> Receipt:
        """差戻し of the present draft."""
        return await self._perform(act)

    @workflow.update
    async def record_step(self, act: StepRecord) -> Receipt:
        """手続の記録; the opinions of a hearing are looked at first, then the act is judged again and taken."""
        if act.hearing is not None:
            await self._numbered(act)
            known = await workflow.execute_activity_method(ReviewRecords.hearing_known, act.hearing.sheet, **WRITE)
            if known != act.hearing:
                raise refused_error(refuse("hearing_not_known").refusal)
            self._judge(act)
        return await self._perform(act)

    @workflow.update
    async def withdraw(self, act: Withdrawal) -> Receipt:
        """取下げの申出 by the reporter's side."""
        return await self._perform(act)

    @workflow.update
    async def consent(self, act: Consent) -> Receipt:
        """取下げへの同意・不同意 of the other party."""
        return await self._perform(act)

    @workflow.update
    async def dispute(self, act: Dispute) -> Receipt:
        """異議 about the present draft."""
        return await self._perform(act)

    @workflow.update
    async def settle(self, act: Settlement) -> Receipt:
        """総括保護管理者の裁定 of a withdrawal or a dispute."""
        return await self._perform(act)

    @workflow.update
    async def recall(self, act: Recall) -> Receipt:
        """呼戻し by the 総括保護管理者."""
        return await self._perform(act)

    @workflow.update
    async def revise(self, act: Revision) -> Receipt:
        """意見・条件を受けた改訂."""
        return await self._perform(act)

    @workflow.update
    async def hand_over(self, act: HandOver) -> Receipt:
        """所管替え to another department."""
        return await self._perform(act)

    @workflow.update
    async def pass_gate(self, act: GatePassage) -> Receipt:
        """関門の通過 of the project."""
        return await self._perform(act)

    @join.validator
    def _may_join(self, act: Join) -> None:
        self._admit(act)

    @acknowledge.validator
    def _may_acknowledge(self, act: Acknowledgement) -> None:
        self._admit(act)

    @find.validator
    def _may_find(self, act: Finding) -> None:
        self._admit(act)

    @resolve.validator
    def _may_resolve(self, act: Resolution) -> None:
        self._admit(act)

    @submit.validator
    def _may_submit(self, act: Submission) -> None:
        self._admit(act)

    @approve.validator
    def _may_approve(self, act: Approval) -> None:
        self._admit(act)

    @send_back.validator
    def _may_send_back(self, act: Return) -> None:
        self._admit(act)

    @record_step.validator
    def _may_record_step(self, act: StepRecord) -> None:
        self._admit(act)

    @withdraw.validator
    def _may_withdraw(self, act: Withdrawal) -> None:
        self._admit(act)

    @consent.validator
    def _may_consent(self, act: Consent) -> None:
        self._admit(act)

    @dispute.validator
    def _may_dispute(self, act: Dispute) -> None:
        self._admit(act)

    @settle.validator
    def _may_settle(self, act: Settlement) -> None:
        self._admit(act)

    @recall.validator
    def _may_recall(self, act: Recall) -> None:
        self._admit(act)

    @revise.validator
    def _may_revise(self, act: Revision) -> None:
        self._admit(act)

    @hand_over.validator
    def _may_hand_over(self, act: HandOver) -> None:
        self._admit(act)

    @pass_gate.validator
    def _may_pass_gate(self, act: GatePassage) -> None:
        self._admit(act)

    def _admit(self, act: Join | ReviewAct) -> None:
        admit(act)
        self._judge(act)

    def _judge(self, act: Join | ReviewAct) -> None:
        try:
            info = workflow.current_update_info()
            if info is None or info.id != act.act_id:
                instead = may_do_instead(self._review)
                raise refuse("update_id").placed(act=act.act.label, stage=self._review.stage.label, instead=instead)
            size = len(act.model_dump_json().encode())
            if size > LARGEST_ACT:
                raise refuse("too_large", size=size, largest=LARGEST_ACT)
            if self._is_too_early(act):
                return
            judge(self._review, act, at=workflow.now())
        except RefusedError as refused:
            raise refused_error(refused.refusal) from None

    def _is_too_early(self, act: Join | ReviewAct) -> bool:
        """Say whether the review does not know its number yet, which others may already have read in the register.

        Nor is anything judged before the register has said that a review that is taken up stands so.
        """
        if not self._is_taken_up:
            return True
        return not isinstance(act, Join) and self._review.review_id is None and not self._is_over()

    async def _numbered(self, act: Join | ReviewAct) -> None:
        """Let an act that came too early wait, and judge it then."""
        if self._is_too_early(act):
            await workflow.wait_condition(lambda: not self._is_too_early(act))
            self._judge(act)

    async def _perform(self, act: Join | ReviewAct) -> Receipt:
        """Take the act before the next await, then write it: history first, then the register, then the answer."""
        await self._numbered(act)
        at = workflow.now()
        after = self._review = take(self._review, act, at=at)
        async with self._pen:
            numbered = after.model_copy(update={"review_id": self._review.review_id})
            request = RecordRequest(act=act, review=numbered, at=at)
            recorded = await workflow.execute_activity_method(ReviewRecords.record, request, **WRITE)
        self._learn(recorded, act=act, after=after)
        return recorded.receipt

    def _learn(self, recorded: Recorded, *, act: Join | ReviewAct, after: ReviewState) -> None:
        if recorded.by_another_run and isinstance(act, Join):
            self._review = without_ground(self._review, act.ground.ground_id)
            return
        self._review = with_what_was_learnt(self._review, recorded=recorded, as_of=after)
        changed = changed_attributes(self._review)
        if changed:
            workflow.upsert_search_attributes(changed)

    async def _take_up(self, review: ReviewState) -> None:
        """Go on with a review whose history is lost, from what the register has of it, and from nothing else."""
        if not await workflow.execute_activity_method(ReviewRecords.stands, review, **WRITE):
            raise ApplicationError("台帳に、この姿の見直しはありません。", type="DoesNotStand", non_retryable=True)
        self._is_taken_up = True

    async def _take_over(self, opening: Opening) -> None:
        """Join the grounds that the review before this one held; what a stranger starts a review with is none of it."""
        if workflow.info().continued_run_id is None:
            return
        engine = engine_actor(body=opening.body, department=opening.department)
        for place, ground in enumerate(opening.carried):
            act_id = f"carried/{opening.carried_from}/{place}"
            await self._perform(Join(act_id=act_id, actor=engine, opening=opening, ground=ground))

    def _is_over(self) -> bool:
        """Tell the end: closed, or without a ground, as when its first update was refused (it ran before `run`)."""
        return self._review.stage is Stage.CLOSED or not self._review.grounds

    async def _wait_for_the_next_alarm(self) -> None:
        """Wait until the review is over or an alarm is due, and ring that one.

        The timer is left alone while what it waits for only moves later: it then wakes once for nothing.
        """
        await workflow.wait_condition(lambda: self._is_over() or bool(self._review.alarms))
        if self._is_over():
            return
        wakes_at = self._review.alarms[0].at
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._is_over() or self._review.alarms[0].at < wakes_at,
                timeout=max(wakes_at - workflow.now(), timedelta()),
            )
        if not self._is_over() and self._review.alarms[0].at <= workflow.now():
            await self._ring(self._review.alarms[0])

    async def _ring(self, alarm: Alarm) -> None:
        """督促: the review's own act, recorded like any other."""
        review = self._review
        act_id = f"remind/{review.review_id}/{review.sequence}/{alarm.clock.value}/{alarm.urgency.value}"
        engine = engine_actor(body=review.opening.body, department=review.opening.department)
        await self._perform(Reminder(act_id=act_id, actor=engine, review_id=review.review_id or "", alarm=alarm))

    async def _go_on_with_what_was_held(self) -> None:
        """Open the next review, of what is published by now."""
        assessment_id = self._review.opening.assessment_id
        opening = await workflow.execute_activity_method(Openings.of, assessment_id, **WRITE)
        carried = {"carried": self._review.held, "carried_from": self._review.review_id}
        workflow.continue_as_new(opening.model_copy(update=carried))


def _invalid_draft(faults: tuple[str, ...]) -> ApplicationError:
    return ApplicationError("案が様式に合いません。", list(faults), type="InvalidDocument", non_retryable=True)
