"""見直し (reviews): each act that a person may do, and the reading of reviews."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from client.checklists import checklist_for
from client.errors import ActRefusedError, NotFoundError, UsedActIdError, no_review
from client.input import message_from, new_act_id
from client.looking import see_whole
from client.offers import offers_to, open_now, why_not
from client.plan import PAPER, plan_for_submission
from client.review_detail import Names, ReviewDetail, Seen, detail_of, in_course
from client.review_list import ReviewPage, Wanted, review_page
from client.step_content import step_content_from
from client.submission import draft_from
from client.views import ReviewView, Viewer, view_of
from client.views import in_course as view_in_course
from guideline.access import Reading, sees_whole, sight_of
from guideline.deadlines import tokyo_date
from guideline.decisions import see_permitted
from guideline.gates import GateStanding, standings
from guideline.refusals import RefusedError
from schemas.acts import (
    Acknowledgement,
    ActKind,
    Approval,
    Consent,
    Dispute,
    Finding,
    GatePassage,
    HandOver,
    ItemNote,
    Recall,
    Receipt,
    Resolution,
    Return,
    ReviewAct,
    Revision,
    Settlement,
    StepRecord,
    Submission,
    Withdrawal,
)
from schemas.review import ReviewState, Step

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping
    from datetime import datetime

    from client.acting import Acting
    from client.looking import Looking
    from client.sending import Sending
    from guideline.access import Sight
    from register.register import Register
    from schemas.checklists import ChecklistRow
    from schemas.organisation import Actor
    from schemas.records import OrganisationRevision, ReviewRecord


_NO_DRAFT = "0" * 64


def _nothing(_: ReviewState) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class _Said:
    """What a person said: who, under which act id, in which words, and what is meant where nothing was said."""

    as_: str
    act_id: str | None
    content: bytes = b"{}"
    present: Callable[[ReviewState], dict[str, Any]] = _nothing


class Reviews:
    """見直し: the verbs of the field, one method each."""

    def __init__(
        self,
        register: Register,
        acting: Acting,
        sending: Callable[[], Awaitable[Sending]],
        *,
        looking: Looking,
        now: Callable[[], datetime],
    ) -> None:
        self._register = register
        self._acting = acting
        self._looking = looking
        self._sending = sending
        self._now = now

    async def acknowledge(self, review_id: str, *, as_: str, act_id: str | None = None) -> Receipt:
        """受領確認: the team has read the grounds."""
        return await self._do(Acknowledgement, review_id, _Said(as_, act_id))

    async def find(self, review_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> Receipt:
        """検討結果: `content` is JSON with course, reason, and where needed items, risk_not_moved, checklist.

        Where it names no `facts_revision`, the present one is meant.
        """
        return await self._do(Finding, review_id, _Said(as_, act_id, content, _facts))

    async def resolve(self, review_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> Receipt:
        """総括保護管理者の決定: `content` is JSON with course and reason."""
        return await self._do(Resolution, review_id, _Said(as_, act_id, content, _facts))

    async def submit(
        self,
        review_id: str,
        *documents: bytes,
        as_: str,
        explanations: tuple[ItemNote, ...] = (),
        act_id: str | None = None,
    ) -> Receipt:
        """案の提出: each document is checked, stored under its SHA-256, and the digests of the set submitted.

        A form of the set that is not among them stays as it stands in the draft before, or as it is published. Raises
        InvalidDocumentError with every error of a form, InvalidInputError; then nothing is stored.
        """
        record = await self._record(review_id)
        actor = await self._acting.actor(as_, act=ActKind.SUBMIT, review=record.state)
        await self._see_permitted(ActKind.SUBMIT, record, actor, act_id=act_id)
        manifest, stored = await draft_from(self._register, record, documents, at=self._now())
        for document in stored:
            await self._register.store_document(document, by=actor.person, at=self._now())
        act = Submission(
            act_id=act_id or new_act_id(),
            actor=actor,
            review_id=review_id,
            manifest=manifest,
            explanations=explanations,
        )
        return await self._send(act, record, named=act_id)

    async def approve(
        self,
        review_id: str,
        content: bytes = b"{}",
        *,
        as_: str,
        digest: str | None = None,
        act_id: str | None = None,
    ) -> Receipt:
        """承認: of the digest that was read; where none is named, the present one is meant.

        `content` is JSON with digest, revision and facts_revision as they were read.
        """

        def present(state: ReviewState) -> dict[str, Any]:
            return {**_facts(state), **_draft(state, digest)}

        return await self._do(Approval, review_id, _Said(as_, act_id, content, present))

    async def send_back(
        self, review_id: str, content: bytes, *, as_: str, digest: str | None = None, act_id: str | None = None
    ) -> Receipt:
        """差戻し: `content` is JSON with `comments`, each an item and a text."""
        said = _Said(as_, act_id, content, lambda state: _draft(state, digest))
        return await self._do(Return, review_id, said)

    async def record_step(
        self,
        review_id: str,
        content: bytes,
        *,
        as_: str,
        papers: Mapping[str, bytes] | None = None,
        act_id: str | None = None,
    ) -> Receipt:
        """手続の記録: `content` is JSON with step, done_on, and what the step must tell (`client.step_content`).

        `papers` are the files of the evidence by its title: each must have the SHA-256 that the evidence names, or is
        given it. The opinions of a hearing are kept in the register; the act carries their digest. Raises
        InvalidInputError; then nothing is recorded.
        """
        record = await self._record(review_id)
        actor = await self._acting.actor(as_, act=ActKind.RECORD_STEP, review=record.state)
        await self._see_permitted(ActKind.RECORD_STEP, record, actor, act_id=act_id)
        read = step_content_from(content, papers=papers or {})

        async def record_beside_its_plan() -> Receipt:
            whole = read
            if read.names_step(Step.SUBMISSION):
                plan = await plan_for_submission(self._register, record, act_id=act_id, at=self._now())
                whole = read.beside(PAPER, plan)
            for document in whole.kept:
                await self._register.store_document(document, by=actor.person, at=self._now())
            return await self._do(StepRecord, review_id, _Said(as_, act_id, whole.content))

        try:
            return await record_beside_its_plan()
        except UsedActIdError:
            # Sent again before it was in the register, it was given the plan of another moment; it is there now.
            return await record_beside_its_plan()

    async def withdraw(self, review_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> Receipt:
        """取下げの申出: `content` is JSON with ground_id and reason; the other party must consent."""
        return await self._do(Withdrawal, review_id, _Said(as_, act_id, content))

    async def consent(self, review_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> Receipt:
        """取下げへの同意・不同意: `content` is JSON with agrees and reason."""
        return await self._do(Consent, review_id, _Said(as_, act_id, content))

    async def dispute(self, review_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> Receipt:
        """異議: `content` is JSON with reason."""
        return await self._do(Dispute, review_id, _Said(as_, act_id, content))

    async def settle(self, review_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> Receipt:
        """総括保護管理者の裁定: `content` is JSON with ruling and reason."""
        return await self._do(Settlement, review_id, _Said(as_, act_id, content))

    async def recall(self, review_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> Receipt:
        """呼戻し: `content` is JSON with reason."""
        return await self._do(Recall, review_id, _Said(as_, act_id, content))

    async def revise(self, review_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> Receipt:
        """意見・条件を受けた改訂: `content` is JSON with reason."""
        return await self._do(Revision, review_id, _Said(as_, act_id, content))

    async def pass_gate(self, review_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> Receipt:
        """関門の通過: `content` is JSON with gate, passed_on, and by exception reason or emergency (規則9条2項)."""
        return await self._do(GatePassage, review_id, _Said(as_, act_id, content))

    async def hand_over(self, review_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> Receipt:
        """所管替え: `content` is JSON with department and reason; raises NotFoundError for an unknown department."""
        return await self._do(HandOver, review_id, _Said(as_, act_id, content, _owner))

    async def show(self, review_id: str, *, viewer: str | None = None) -> ReviewView:
        """Give where the review stands, as the viewer may see it. Raises as `detail` does; without one to nobody."""
        reading = await self._looking.review(review_id, viewer=viewer)
        record = await self._record(review_id)
        view = await self._view(record, viewer=await self._viewer(viewer, record.state))
        return view if reading is Reading.WHOLE else view_in_course(view)

    async def checklist(self, review_id: str, *, as_: str) -> tuple[ChecklistRow, ...]:
        """年次の確認表: what is asked, beside what the person's own party answered last time; also what is gone.

        Raises as `detail` does, and NotPermittedError for whoever sees the course of the review alone.
        """
        see_whole(await self._looking.review(review_id, viewer=as_))
        record = await self._record(review_id)
        viewer = await self._viewer(as_, record.state)
        return await checklist_for(self._register, record, parties=viewer.parties)

    async def list(self, *, scope: str = "open", viewer: str | None = None) -> tuple[ReviewView, ...]:
        """Give the reviews that the viewer sees, the newest first; scope is `open` or `all`."""
        sight = await self._looking.sight(viewer)
        records = await self._register.lists.reviews(scope=scope, sight=sight)
        views = [(one, await self._view(one, viewer=await self._viewer(viewer, one.state))) for one in records]
        return tuple(view if sight is None or _is_whole(one, sight) else view_in_course(view) for one, view in views)

    async def page(self, wanted: Wanted, *, as_: str, number: int = 1) -> ReviewPage:
        """Give one page of the reviews that the person sees."""
        person, revision = await self._acting.person(as_)
        sight = sight_of(revision.organisation, person)
        return await review_page(self._register, wanted, sight=sight, number=number)

    async def names(self) -> Names:
        """Give the names of people and departments."""
        return Names((await self._register.current_organisation()).organisation)

    async def was_done(self, act_id: str) -> bool:
        """Say whether the register has that act: what is sent again was judged when it was sent first."""
        return await self._register.stored_answer(act_id) is not None

    async def sequence(self, review_id: str, *, as_: str) -> int:
        """Give how many acts the review has seen: a page that was opened before another one is out of date."""
        await self._looking.review(review_id, viewer=as_)
        return (await self._record(review_id)).state.sequence

    async def detail(self, review_id: str, *, as_: str) -> ReviewDetail:
        """Give all that the page of the review shows to that person, with what they may do now.

        Raises NotFoundError for a review of another body, NotPermittedError for one of another department.
        """
        reading = await self._looking.review(review_id, viewer=as_)
        record = await self._record(review_id)
        person, revision = await self._acting.person(as_)
        view = await self._view(record, viewer=Viewer.of(person, revision=revision, review=record.state))
        given = await offers_to(self._acting, as_, record.state, at=self._now())
        state = record.state
        seen = Seen(view, given, open_now=open_now(given, state), refused=why_not(given, state))
        detail = await detail_of(self._register, record, seen, organisation=revision.organisation)
        return detail if reading is Reading.WHOLE else in_course(detail)

    async def whole(self, review_id: str, *, as_: str) -> tuple[ReviewRecord, OrganisationRevision]:
        """Give a review to a person who sees its drafts too; raises as `detail` does, and NotPermittedError."""
        see_whole(await self._looking.review(review_id, viewer=as_))
        return await self._record(review_id), await self._register.current_organisation()

    async def _viewer(self, person_id: str | None, state: ReviewState) -> Viewer:
        if person_id is None:
            return Viewer(person=None, parties=())
        person, revision = await self._acting.person(person_id)
        return Viewer.of(person, revision=revision, review=state)

    async def _view(self, record: ReviewRecord, *, viewer: Viewer) -> ReviewView:
        assessment = await self._register.assessment(record.assessment_id)
        acts = await self._register.acts_of(record.review_id)
        gates = await self._gates(record.state) if record.state.opening.gates else ()
        today = tokyo_date(self._now())
        return view_of(record, assessment=assessment, acts=acts, viewer=viewer, gates=gates, on=today)

    async def _gates(self, state: ReviewState) -> tuple[GateStanding, ...]:
        levels = (await self._register.current_organisation()).organisation.service_levels
        return standings(state, on=tokyo_date(self._now()), lead_days=levels.gate_lead_days)

    async def _do(self, model: type[ReviewAct], review_id: str, said: _Said) -> Receipt:
        record = await self._record(review_id)
        kind: ActKind = model.model_fields["act"].default
        actor = await self._acting.actor(said.as_, act=kind, review=record.state)
        filled = {
            "act_id": said.act_id or new_act_id(),
            "actor": actor.model_dump(mode="json"),
            "review_id": review_id,
        }
        act = message_from(model, said.content, where=kind.label, filled=filled, defaults=said.present(record.state))
        if isinstance(act, HandOver):
            await self._acting.department(act.department)
        if isinstance(act, Finding):
            await self._look_at_countermeasures(act, record)
        return await self._send(act, record, named=said.act_id)

    async def _see_permitted(self, kind: ActKind, record: ReviewRecord, actor: Actor, *, act_id: str | None) -> None:
        """Raise ActRefusedError where the table does not permit it, before anything that goes with the act is stored.

        An act that is known by its id was done before.
        """
        if act_id is not None and await self.was_done(act_id):
            return
        try:
            see_permitted(record.state, kind, actor=actor)
        except RefusedError as refused:
            raise ActRefusedError(refused.refusal) from None

    async def _look_at_countermeasures(self, act: Finding, record: ReviewRecord) -> None:
        """Make sure that owners are known, and that what is named as open still is: the review can't see either."""
        for row in act.checklist:
            if row.countermeasure is not None:
                await self._acting.owner(row.countermeasure.owner, body=record.state.opening.body)
        named = {row.open_countermeasure for row in act.checklist if row.open_countermeasure is not None}
        known = named and await self._register.countermeasures(assessment=record.assessment_id)
        gone = sorted(named - {one.countermeasure_id for one in known or ()})
        if gone:
            raise NotFoundError(
                f"対応策 {'、'.join(gone)} は、実施中ではありません。",
                where="対応策番号",
                remedy="`minaoshi countermeasure list` で番号を確かめるか、新しい対応策を記してください。",
            )

    async def _send(self, act: ReviewAct, record: ReviewRecord, *, named: str | None) -> Receipt:
        """Send the act; only an act id that the caller named can have been used before."""
        sending = await self._sending()
        send = sending.new_act if named is None else sending.act
        return await send(act, assessment_id=record.assessment_id)

    async def _record(self, review_id: str) -> ReviewRecord:
        try:
            return await self._register.review(review_id)
        except LookupError:
            raise no_review(review_id) from None


def _is_whole(record: ReviewRecord, sight: Sight) -> bool:
    opening = record.state.opening
    return sees_whole(sight, body=opening.body, department=opening.department)


def _facts(state: ReviewState) -> dict[str, Any]:
    return {"facts_revision": state.facts_revision}


def _owner(state: ReviewState) -> dict[str, Any]:
    return {"from_department": state.opening.department}


def _draft(state: ReviewState, digest: str | None) -> dict[str, Any]:
    """Name the draft that is meant; a review that has none will refuse the act by its stage."""
    return {"digest": digest or state.draft_digest or _NO_DRAFT, "revision": max(state.revision, 1)}
