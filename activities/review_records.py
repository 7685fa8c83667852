"""見直しの記帳 (review records): each act of a review is written to the register, with all that follows from it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pydantic import Field
from temporalio import activity

from activities.drafts import Drafts
from activities.publications import Publications
from guideline.clocks import alarms_of, due_on_of
from guideline.deadlines import tokyo_date, yearly_due_on
from guideline.end_of_business import published_on_until, published_until
from guideline.follow_up import alarms_of_countermeasure, told_of_plan
from guideline.hearing import hearing_of
from guideline.measure_answers import planned, plans_countermeasures
from guideline.notices import told_of_act
from guideline.turns import ended_on_of, standing_findings, whole_document_checked
from schemas.acts import AnyAct, Finding
from schemas.base import Digest, Identifier, Instant, Message
from schemas.courses import Course
from schemas.organisation import BodyKind
from schemas.procedure import OPINIONS, Hearing, OpinionSheet
from schemas.records import Ending, Entry, NewVersion, Recorded, Standing
from schemas.review import Alarm, GroundKind, Manifest, Outcome, ReviewState, Stage

if TYPE_CHECKING:
    from datetime import datetime

    from activities.ports import RegisterPort
    from schemas.countermeasures import CountermeasureState
    from schemas.organisation import ServiceLevels


class RecordRequest(Message):
    """記帳の依頼 (what the workflow asks to be written)."""

    act: AnyAct = Field(title="行為")
    review: ReviewState = Field(title="行為の後の状態")
    at: Instant = Field(title="行為の日時")


class DraftRequest(Message):
    """案の検査の依頼 (a draft to be looked at), and what of the review it is held against."""

    manifest: Manifest = Field(title="評価書一式")
    assessment_id: Identifier = Field(title="評価書")
    body_kind: BodyKind = Field(title="機関の別")
    course: Course = Field(title="決まった対応")
    excepted: bool = Field(title="両者が、重要な変更に当たらない理由を示した")
    emergency: bool = Field(default=False, title="規則第9条第2項により、変更の後に実施する")
    on: date = Field(title="基準日")
    ended_on: date | None = Field(default=None, title="事務の実施をやめた日")


class Learnt(NamedTuple):
    """知ったこと (what a review learns of an act): when its turn is due, and what calls whom when."""

    due_on: date | None
    alarms: tuple[Alarm, ...]


_MOST_FAULTS = 100
"""挙げる誤りの数: a workflow history is no place for more."""


class ReviewRecords:
    """見直しの記帳: the activities that write."""

    def __init__(self, register: RegisterPort) -> None:
        self._register = register
        self._publications = Publications(register)
        self._drafts = Drafts(register)

    @activity.defn
    async def record(self, request: RecordRequest) -> Recorded:
        """Write the act, its due date, its notices and, after publication, the new version, in one transaction."""
        organisation = (await self._register.current_organisation()).organisation
        levels, review = organisation.service_levels, request.review
        run_id = activity.info().workflow_run_id or ""
        learnt = Learnt(due_on_of(review, levels), alarms_of(review, levels))
        entry = await self._entry(request, levels, learnt, run_id=run_id)
        told = told_of_act(request.act, review=review, organisation=organisation, at=request.at)
        entry = entry.model_copy(update={"notices": (*told, *told_of_plan(entry.countermeasures))})
        return await self._register.record(entry)

    async def again(self, request: RecordRequest, recorded: Recorded, *, run_id: str) -> Entry:
        """Give the entry as it was written once, from what the history says of it: nobody is told anew.

        Raises LookupError where the register lacks a document that the act published.
        """
        levels = (await self._register.current_organisation()).organisation.service_levels
        review = request.review.model_copy(update={"review_id": recorded.receipt.review_id})
        numbered = request.model_copy(update={"review": review})
        return await self._entry(numbered, levels, Learnt(recorded.due_on, recorded.alarms), run_id=run_id)

    async def _entry(self, request: RecordRequest, levels: ServiceLevels, learnt: Learnt, *, run_id: str) -> Entry:
        review = request.review
        version = await self._publications.of(review)
        checked_on = _checked_on(review, version, at=request.at)
        return Entry(
            act=request.act,
            review=review,
            run_id=run_id,
            at=request.at,
            due_on=learnt.due_on,
            alarms=learnt.alarms,
            version=version,
            verified_on=checked_on,
            yearly_due_on=yearly_due_on(checked_on) if checked_on else None,
            ending=await self._ending(review),
            countermeasures=await self._planned(request, levels),
        )

    @activity.defn(name="review_stands")
    async def stands(self, review: ReviewState) -> bool:
        """Say whether the register has an open review exactly so: with that it may be taken up again."""
        try:
            return (await self._register.review(review.review_id or "")).state == review
        except LookupError:
            return False

    @activity.defn
    async def faults_of_draft(self, request: DraftRequest) -> tuple[str, ...]:
        """Check that each document of the set is in the register and fits the review; give what is wrong."""
        return (await self._drafts.faults_of(request))[:_MOST_FAULTS]

    @activity.defn
    async def hearing_known(self, sheet: Digest) -> Hearing | None:
        """Give what the list of opinions under that digest tells; None where the register has no such list."""
        try:
            document = await self._register.document(sheet)
        except LookupError:
            return None
        if (document.form, document.form_version) != OPINIONS:
            return None
        return hearing_of(OpinionSheet.model_validate(document.content, strict=False), digest=sheet)

    async def _planned(self, request: RecordRequest, levels: ServiceLevels) -> tuple[CountermeasureState, ...]:
        """Give the countermeasures with which the review closes, with their alarms; mostly none."""
        review = request.review
        if not plans_countermeasures(review):
            return ()
        acts = [one.act for one in await self._register.acts_of(review.review_id or "")]
        findings = {act.act_id: act for act in (*acts, request.act) if isinstance(act, Finding)}
        standing = {given.party: findings[given.act_id] for given in standing_findings(review)}
        return tuple(
            state.model_copy(update={"alarms": alarms_of_countermeasure(state, levels)})
            for state in planned(review, standing, at=request.at)
        )

    async def _ending(self, review: ReviewState) -> Ending | None:
        """事務の終了: published for three years more, then to be decided; which may be to go on publishing."""
        if review.course is Course.END_BUSINESS and review.outcome is Outcome.ENDED:
            ended_on = ended_on_of(review) or tokyo_date(review.opened_at)
            return Ending(standing=Standing.ENDED, ended_on=ended_on, published_until=published_until(ended_on))
        if review.course is Course.END_PUBLICATION and review.outcome is Outcome.ENDED:
            return Ending(standing=Standing.CEASED)
        decided = review.stage is Stage.CLOSED and review.outcome is not Outcome.WITHDRAWN
        until = next((one.due_on for one in review.grounds if one.kind is GroundKind.PUBLICATION_PERIOD), None)
        if not decided or until is None:
            return None
        return Ending(standing=Standing.ENDED, published_until=published_on_until(until))


def _checked_on(review: ReviewState, version: NewVersion | None, *, at: datetime) -> date | None:
    """Give the day from which the next year counts: of the whole check, or of the first publication."""
    if version is not None and review.outcome is Outcome.FIRST_PUBLISHED:
        return version.published_on
    verifies = review.stage is Stage.CLOSED and whole_document_checked(review)
    return tokyo_date(at) if verifies and review.outcome is not Outcome.ENDED else None
