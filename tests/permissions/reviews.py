"""見直しの場面 (scene): a review, brought into any stage by direct updates, ready for any act."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from activities.openings import Openings
from client.sending import workflow_id_of
from client.submission import draft_from
from guideline.turns import findings_differ, next_step
from schemas.acts import ActKind, Ruling
from schemas.courses import Course
from schemas.gates import Gate, PlannedGate
from schemas.organisation import Actor, Role
from schemas.review import GroundKind, Manifest, Party, ReviewState, Stage, Step
from tests.guideline.reviews import act_of, ground, join
from tests.house import House, document, today
from tests.permissions.people import DEPARTMENTS, OTHER, OWN, actor_of, answer_of, new_id
from workflows.assessment_review import AssessmentReviewWorkflow

MANAGER = actor_of(Role.PRIVACY_MANAGER, own=True)
TEAM = actor_of(Role.TEAM_MEMBER, own=False)
TEAM_HERE = actor_of(Role.TEAM_MEMBER, own=True)
DRAFTER = actor_of(Role.DRAFTER, own=True)
CHIEF = actor_of(Role.CHIEF_PRIVACY_OFFICER, own=True)
PASSABLE = (Gate.REQUIREMENTS_END, Gate.PROGRAMMING_START, Gate.HOLD_START)
"""例外のある関門: the others are passed after the publication alone."""


_DRAFTS: dict[str, Manifest] = {}


class Scene:
    """場面: one review, and what brings it on."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.assessment_id = ""
        self.review_id = ""

    @property
    def handle(self) -> Any:
        return self.house.temporal.get_workflow_handle_for(
            AssessmentReviewWorkflow.run, workflow_id_of(self.assessment_id)
        )

    async def begin(self) -> Scene:
        """Open the review of an assessment of its own, with gates, by a ground of either department."""
        self.assessment_id = new_id("a").replace("/", "-")
        await self.house.add_assessment(self.assessment_id)
        opening = await Openings(self.house.register).of(self.assessment_id)
        gates = tuple(PlannedGate(gate=gate, planned_on=today() + timedelta(days=90)) for gate in Gate)
        self._opening = opening.model_copy(update={"gates": gates})
        for own in (True, False):
            receipt = await self.house.sending.open_or_join(self.joining(actor_of(Role.STAFF, own=own)))
        self.review_id = receipt.review_id
        return self

    def joining(self, by: Actor) -> Any:
        kind = GroundKind.YEARLY if by.role is Role.ENGINE else GroundKind.CHANGE_REPORT
        told = ground(kind, ground_id=new_id("ground")).model_copy(update={"reported_by": by, "known_on": today()})
        return join(by, of=told, opening=self._opening).model_copy(update={"act_id": told.ground_id})

    async def state(self) -> ReviewState:
        return await self.handle.query(AssessmentReviewWorkflow.state)  # type: ignore[no-any-return]

    async def act(self, kind: ActKind, by: Actor, review: ReviewState) -> Any:
        """Give an act of that kind whose content fits the review as it stands."""
        if kind is ActKind.JOIN:
            return self.joining(by)
        content: dict[str, Any] = {}
        if kind is ActKind.SUBMIT:
            content = {"manifest": await self._manifest(review)}
        elif kind is ActKind.RECORD_STEP:
            row = next_step(review)
            content = {"step": row.step if row else Step.PUBLICATION, "done_on": today()}
        elif kind is ActKind.WITHDRAW:
            content = {"ground_id": self.ground_of(by, review)}
        elif kind is ActKind.HAND_OVER:
            owner = review.opening.department
            content = {"from_department": owner, "department": OTHER if owner == OWN else OWN}
        elif kind is ActKind.PASS_GATE:
            content = {"gate": self.gate_left(review) or Gate.HOLD_START, "passed_on": today(), "reason": "急ぐ。"}
        return act_of(kind, by, review=review, act_id=new_id("act"), **content)

    @staticmethod
    def ground_of(by: Actor, review: ReviewState) -> str:
        """Give a ground of the actor's side: of the same person, or else of the same department."""
        every = [one for one in (*review.grounds, *review.held) if one.kind is GroundKind.CHANGE_REPORT]
        same = [one for one in every if one.reported_by.person == by.person]
        near = [one for one in every if one.reported_by.department == by.department]
        return (*same, *near, *every, ground())[0].ground_id

    @staticmethod
    def gate_left(review: ReviewState) -> Gate | None:
        passed = {one.gate for one in review.gates_passed}
        return next((gate for gate in PASSABLE if gate not in passed), None)

    async def _manifest(self, review: ReviewState) -> Manifest:
        """Give the set of the draft, which is checked and stored once for all reviews of the house."""
        known = _DRAFTS.get(self.house.assessment_id)
        if known is not None:
            return known
        record = await self.house.register.review(self.review_id)
        content = [json.dumps(document("corrected")).encode()]
        at = datetime.now(UTC)
        manifest, stored = await draft_from(
            self.house.register, record.model_copy(update={"state": review}), content, at=at
        )
        for one in stored:
            await self.house.register.store_document(one, by="drafter", at=at)
        _DRAFTS[self.house.assessment_id] = manifest
        return manifest

    async def do(self, kind: ActKind, by: Actor, **more: Any) -> None:
        act = (await self.act(kind, by, await self.state())).model_copy(update=more)
        code = await answer_of(self.house, self.handle, act)
        assert code == "", (kind, by.person, code)

    async def reach(self, stage: Stage) -> ReviewState:
        """Bring the review into a stage, by the acts of those whose turn it is."""
        while (review := await self.state()).stage is not stage:
            await self._onward(review, stage)
        return review

    async def _onward(self, review: ReviewState, stage: Stage) -> None:  # noqa: C901 # a case for each turn
        match review.stage:
            case Stage.EXAMINATION if findings_differ(review):
                await self.do(ActKind.RESOLVE, CHIEF)
            case Stage.EXAMINATION:
                found = {one.party for one in review.findings if one.stands}
                by = TEAM if Party.DEPARTMENT in found else MANAGER
                await self.do(ActKind.FIND, by)
            case Stage.DRAFTING if stage is Stage.EXAMINATION:
                await self.do(ActKind.JOIN, actor_of(Role.STAFF, own=True))
            case Stage.DRAFTING:
                await self.do(ActKind.SUBMIT, DRAFTER)
            case Stage.APPROVAL if review.dispute is not None:
                await self.do(ActKind.SETTLE, CHIEF, ruling=Ruling.TEXT_STANDS)
            case Stage.APPROVAL if stage in (Stage.PROCEDURE, Stage.CLOSED):
                given = {one.party for one in review.approvals if one.stands and one.approved}
                await self.do(ActKind.APPROVE, TEAM if Party.DEPARTMENT in given else MANAGER)
            case Stage.APPROVAL:
                await self.do(ActKind.RETURN, TEAM)
            case Stage.PROCEDURE if stage is Stage.CLOSED:
                await self.do(ActKind.RECORD_STEP, TEAM)
            case Stage.PROCEDURE if review.steps:
                await self.do(ActKind.REVISE, TEAM)
            case Stage.PROCEDURE:
                await self.do(ActKind.RECALL, CHIEF)

    async def prepare(self, kind: ActKind, stage: Stage, by: Actor) -> ReviewState:  # noqa: C901 # a case for each act
        """Bring the review to where the act means something."""
        review = await self.reach(stage)
        match kind:
            case ActKind.PASS_GATE if self.gate_left(review) is None:
                await self.begin()
            case ActKind.RECALL if review.steps:
                await self.begin()
            case ActKind.RESOLVE:
                await self._differ(review)
            case ActKind.APPROVE if review.approvals and review.approvals[-1].stands:
                await self.do(ActKind.RETURN, TEAM)
            case ActKind.DISPUTE if review.dispute is not None:
                await self.do(ActKind.SETTLE, CHIEF, ruling=Ruling.TEXT_STANDS)
            case ActKind.DISPUTE if all(one.approved for one in review.approvals):
                await self.do(ActKind.RETURN, TEAM)
            case ActKind.RETURN if review.dispute is not None:
                await self.do(ActKind.SETTLE, CHIEF, ruling=Ruling.TEXT_STANDS)
            case ActKind.RECORD_STEP if review.steps and next_step(review).step is Step.PUBLICATION:  # type: ignore[union-attr] # it is open
                await self.do(ActKind.REVISE, TEAM)
            case ActKind.REVISE if not review.steps:
                await self.do(ActKind.RECORD_STEP, TEAM)
            case ActKind.WITHDRAW if review.withdrawal is not None:
                await self._let_it_stand(review)
            case ActKind.CONSENT:
                await self._ask(review, by=TEAM_HERE if by.role is Role.PRIVACY_MANAGER else MANAGER)
            case ActKind.SETTLE:
                await self._ask(review, by=MANAGER)
                await self.do(ActKind.CONSENT, TEAM, agrees=False)
        return await self.reach(stage)

    async def _differ(self, review: ReviewState) -> None:
        """Let the two find otherwise, whatever one of them has found already."""
        found = {one.party: one.course for one in review.findings if one.stands}
        if Party.TEAM in found:
            await self.do(ActKind.JOIN, actor_of(Role.STAFF, own=True))
        await self.do(ActKind.FIND, MANAGER, course=Course.AMEND)
        await self.do(ActKind.FIND, TEAM, course=Course.NO_CHANGE)

    async def _ask(self, review: ReviewState, *, by: Actor) -> None:
        await self._let_it_stand(review)
        await self.do(ActKind.WITHDRAW, by)

    async def _let_it_stand(self, review: ReviewState) -> None:
        """Settle the withdrawal that is open, if one is: the ground stands."""
        if review.withdrawal is None:
            return
        if not review.withdrawal.contested:
            by = MANAGER if review.withdrawal.party is Party.TEAM else TEAM
            await self.do(ActKind.CONSENT, by, agrees=False)
        await self.do(ActKind.SETTLE, CHIEF, ruling=Ruling.GROUND_STANDS)

    async def tidy(self) -> None:
        """Hand back what was handed over."""
        review = await self.state()
        if review.opening.department != DEPARTMENTS[True]:
            await self.do(ActKind.HAND_OVER, CHIEF)
