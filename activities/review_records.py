"""見直しの記帳 (review records): each act of a review is written to the register, with all that follows from it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field, JsonValue
from temporalio import activity

from guideline.changes import complete_table, table_of_changes
from guideline.clocks import alarms_of, due_on_of
from guideline.deadlines import five_years_due_on, tokyo_date, yearly_due_on
from guideline.end_of_business import faults_of_ended, published_on_until, published_until
from guideline.follow_up import alarms_of_countermeasure, told_of_plan
from guideline.measure_answers import planned, plans_countermeasures
from guideline.notices import told_of_act
from guideline.turns import ended_on_of, standing_findings, whole_document_checked
from schemas.acts import AnyAct, Finding, Submission
from schemas.base import Instant, Message
from schemas.changes import ChangeRow
from schemas.courses import Course
from schemas.forms.validation import validate
from schemas.records import Ending, Entry, NewVersion, Recorded, Standing
from schemas.review import GroundKind, Manifest, Outcome, ReviewState, Stage, Step

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
    """案の検査の依頼 (a draft to be looked at), with the day of the end where the business ends by this review."""

    manifest: Manifest = Field(title="評価書一式")
    ended_on: date | None = Field(default=None, title="事務の実施をやめた日")


_PUBLISHING = frozenset({Outcome.AMENDED, Outcome.REASSESSED, Outcome.FIRST_PUBLISHED, Outcome.ENDED})


class ReviewRecords:
    """見直しの記帳: the activities that write."""

    def __init__(self, register: RegisterPort) -> None:
        self._register = register

    @activity.defn
    async def record(self, request: RecordRequest) -> Recorded:
        """Write the act, its due date, its notices and, after publication, the new version, in one transaction."""
        revision = await self._register.current_organisation()
        levels = revision.organisation.service_levels
        review = request.review
        version = await self._new_version(review)
        checked_on = _checked_on(review, version, at=request.at)
        countermeasures = await self._planned(request, levels)
        told = told_of_act(request.act, review=review, organisation=revision.organisation, at=request.at)
        entry = Entry(
            act=request.act,
            review=review,
            run_id=activity.info().workflow_run_id or "",
            at=request.at,
            due_on=due_on_of(review, levels),
            alarms=alarms_of(review, levels),
            notices=(*told, *told_of_plan(countermeasures)),
            version=version,
            verified_on=checked_on,
            yearly_due_on=yearly_due_on(checked_on) if checked_on else None,
            ending=await self._ending(review),
            countermeasures=countermeasures,
        )
        return await self._register.record(entry)

    @activity.defn
    async def faults_of_draft(self, request: DraftRequest) -> tuple[str, ...]:
        """Check that each document of the set is in the register and valid; give what is wrong."""
        faults: list[str] = []
        for entry in request.manifest.documents:
            try:
                document = await self._register.document(entry.sha256)
            except LookupError:
                faults.append(f"文書 {entry.sha256} が台帳にありません。先に文書を登録してください。")
                continue
            if (document.form, document.form_version) != (entry.form, entry.form_version):
                faults.append(f"文書 {entry.sha256} の様式は {document.form} {document.form_version} です。")
            faults.extend(f"{error.item}: {error.message}" for error in validate(document.content))
            if request.ended_on is not None and document.content is not None:
                faults.extend(faults_of_ended(document.content, ended_on=request.ended_on))
        return tuple(faults)

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

    async def _new_version(self, review: ReviewState) -> NewVersion | None:
        if review.outcome not in _PUBLISHING or review.course is Course.END_PUBLICATION:
            return None
        if review.draft is None or review.draft_digest is None:  # no move publishes without a draft
            raise ValueError("a review was published without a draft")
        published_on = next(
            record.done_on for record in review.steps if record.step is Step.PUBLICATION and record.stands
        )
        restarts = review.course is Course.REASSESS
        return NewVersion(
            manifest=review.draft,
            digest=review.draft_digest,
            published_on=published_on,
            changes=await self._changes(review, review.draft, published_on=published_on),
            five_years_due_on=five_years_due_on(published_on) if restarts else None,
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

    async def _changes(self, review: ReviewState, draft: Manifest, *, published_on: date) -> tuple[ChangeRow, ...]:
        """変更箇所: the table of changes against the published version."""
        assessment = await self._register.assessment(review.opening.assessment_id)
        if assessment.manifest is None:  # nothing was published before
            return ()
        before = await self._basic_items(assessment.manifest)
        after = await self._basic_items(draft)
        effects = [ground.takes_effect_on for ground in review.grounds if ground.takes_effect_on is not None]
        return complete_table(
            table_of_changes(before, after or {}),
            changed_on=published_on,
            takes_effect_on=min(effects, default=None),
            published_on=published_on,
            explanations=await self._explanations(review),
        )

    async def _basic_items(self, manifest: Manifest) -> dict[str, JsonValue] | None:
        entry = next(document for document in manifest.documents if document.form == "basic_items")
        return (await self._register.document(entry.sha256)).content

    async def _explanations(self, review: ReviewState) -> dict[str, str]:
        acts = await self._register.acts_of(review.review_id or "")
        submissions = [record.act for record in acts if isinstance(record.act, Submission)]
        return {note.item: note.text for note in submissions[-1].explanations}


def _checked_on(review: ReviewState, version: NewVersion | None, *, at: datetime) -> date | None:
    """Give the day from which the next year counts: of the whole check, or of the first publication."""
    if version is not None and review.outcome is Outcome.FIRST_PUBLISHED:
        return version.published_on
    verifies = review.stage is Stage.CLOSED and whole_document_checked(review)
    return tokyo_date(at) if verifies and review.outcome is not Outcome.ENDED else None
