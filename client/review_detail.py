"""見直しの詳細 (detail of a review): all that its page shows beside where it stands, read in a few queries."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from client.views import in_course as view_in_course
from guideline.changes import ChangedItem, table_of_changes
from guideline.document_sets import BASIC, FORMS, forms_permitted
from guideline.ground_reasons import reasons_of
from guideline.level_change import StatedNumbers, stated_numbers
from guideline.organisation import department_names
from guideline.procedure import BOTH
from guideline.turns import acts_awaited, level_of
from guideline.yearly_checklist import is_asked_whole
from schemas.acts import ActKind, Finding, ItemNote, Resolution, Return, SectionCheck, Submission
from schemas.countermeasures import CountermeasureState
from schemas.courses import Course
from schemas.forms.catalogue import UnknownFormError, items, load
from schemas.review import Ground, Party, ReviewState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from client.views import FindingView, ReviewView
    from guideline.offers import Offer
    from register.register import Register
    from schemas.acts import Intake
    from schemas.organisation import Organisation
    from schemas.records import ActRecord, ReviewRecord, StoredDocument

MOST_CHANGES = 200
"""How many changed items of a document are shown; how many more there are is said."""

_LONGEST_WORDING = 1_000


class Names:
    """名称 (names): of people and departments, where the page would else show an id."""

    def __init__(self, organisation: Organisation) -> None:
        self._people = {one.id: one.name for one in organisation.people}
        self._departments = department_names(organisation)
        self._organisation = organisation

    def person(self, person: str | None) -> str:
        """Give a person's name; the id of one who is not there any more."""
        return "本システム" if person == "engine" else self._people.get(person or "", person or "")

    def department(self, department: str | None) -> str:
        """Give a department's name; the id of one that is not there any more."""
        return self._departments.get(department or "", department or "")

    def departments_of(self, body: str) -> tuple[tuple[str, str], ...]:
        """Give the departments of a body that may own an assessment, each with its name."""
        appointed = {one.department for one in self._organisation.appointments}
        found = (one for one in self._organisation.departments if one.body == body and one.id in appointed)
        return tuple((one.id, one.name) for one in found)

    def people_of(self, body: str, *departments: str) -> tuple[tuple[str, str], ...]:
        """Give the people of a body in some of its departments, each with their name."""
        found = (one for one in self._organisation.people if one.body == body and one.department in departments)
        return tuple((one.id, one.name) for one in found)


@dataclass(frozen=True, slots=True)
class GroundDetail:
    """事由の詳細: what was told, and why it asks for its minimum."""

    ground: Ground
    facts: str
    sentences: tuple[str, ...]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class FindingDetail:
    """検討結果の詳細: the finding as it may be seen, with the items and the checklist where it may be."""

    seen: FindingView
    at: datetime
    items: tuple[str, ...]
    checklist: tuple[SectionCheck, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """差戻しの回 (round): what was said of a revision, item by item."""

    revision: int
    person: str
    party: Party | None
    at: datetime
    comments: tuple[ItemNote, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """決定 (resolution) of the 総括保護管理者."""

    person: str
    at: datetime
    course: Course
    reason: str


@dataclass(frozen=True, slots=True)
class DraftDocument:
    """案の文書: one form of the set with the items of that form, and what it changes against what is published."""

    form: str
    title: str
    version: str
    sha256: str
    is_new: bool
    items: tuple[str, ...]
    changes: tuple[ChangedItem, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Draft:
    """案 (draft): the revision, its documents, and the explanations of its drafter."""

    revision: int
    digest: str
    person: str
    at: datetime | None
    documents: tuple[DraftDocument, ...]
    explanations: tuple[ItemNote, ...]


@dataclass(frozen=True, slots=True)
class ReviewDetail:
    """見直しの詳細. `forms` are those that a draft of this review is written on; `is_whole` where these are seen."""

    view: ReviewView
    names: Names
    grounds: tuple[GroundDetail, ...]
    findings: tuple[FindingDetail, ...]
    resolutions: tuple[Resolved, ...]
    rounds: tuple[Round, ...]
    draft: Draft | None
    countermeasures: tuple[CountermeasureState, ...]
    offers: tuple[Offer, ...]
    open_now: tuple[Offer, ...]
    refused: tuple[Offer, ...]
    forms: tuple[tuple[str, str], ...]
    is_whole: bool = True

    @property
    def awaited(self) -> frozenset[ActKind]:
        """The acts that the review waits for now, from whomever."""
        return frozenset(one.act for one in acts_awaited(self.view.state))

    @property
    def sides(self) -> tuple[Party, ...]:
        """The two that examine."""
        return BOTH

    @property
    def needs_checklist(self) -> bool:
        """Say whether a finding must carry the whole yearly checklist."""
        return is_asked_whole(self.view.state)

    def offered(self, act: ActKind) -> Offer | None:
        """Give the offer of an act that may be done now."""
        return next((one for one in self.offers if one.act is act and one.is_open), None)


@dataclass(frozen=True, slots=True)
class Seen:
    """見る者に示すもの: the view and the offers of the person who looks."""

    view: ReviewView
    offers: tuple[Offer, ...]
    open_now: tuple[Offer, ...]
    refused: tuple[Offer, ...]


async def detail_of(
    register: Register, record: ReviewRecord, seen: Seen, *, organisation: Organisation
) -> ReviewDetail:
    """Read what the page of a review shows beside the view of it."""
    state = record.state
    acts = await register.acts_of(record.review_id)
    published, drafted = await _documents(register, record)
    reports = await register.reports([one.report_id for one in state.grounds])
    stated = stated_numbers(next((one.content for one in published if one.form == BASIC), None))
    return ReviewDetail(
        view=seen.view,
        names=Names(organisation),
        grounds=tuple(_ground(one, state, reports.get(one.report_id), stated) for one in state.grounds),
        findings=_findings(seen.view, record, acts),
        resolutions=tuple(
            Resolved(one.act.actor.person, one.at, one.act.course, one.act.reason)
            for one in acts
            if isinstance(one.act, Resolution)
        ),
        rounds=_rounds(state, acts),
        draft=await asyncio.to_thread(_draft, state, acts, published, drafted),
        countermeasures=await register.countermeasures(scope="all", review=record.review_id),
        offers=seen.offers,
        open_now=seen.open_now,
        refused=seen.refused,
        forms=_forms(state, published),
    )


def in_course(detail: ReviewDetail) -> ReviewDetail:
    """Give what is seen of the course alone: no draft, nothing that was said of one, no countermeasures."""
    view = view_in_course(detail.view)
    return replace(detail, view=view, is_whole=False, draft=None, rounds=(), countermeasures=(), forms=())


def _forms(state: ReviewState, published: Sequence[StoredDocument]) -> tuple[tuple[str, str], ...]:
    """Give the forms that a draft may be written on, with what people call them."""
    there = [one.form for one in published]
    permitted = forms_permitted(level_of(state), state.course, published=there, submitted=None)
    return tuple((form, title) for form, title in FORMS.items() if form in permitted)


async def _documents(
    register: Register, record: ReviewRecord
) -> tuple[tuple[StoredDocument, ...], tuple[StoredDocument, ...]]:
    """Give the documents that the draft is compared with, what was published when the review opened, and its own."""
    state = record.state
    before = state.opening.published_digest
    versions = await register.versions(record.assessment_id)
    entries = next((one.manifest.documents for one in reversed(versions) if one.digest == before), ())
    drafts = state.draft.documents if state.draft else ()
    found = await register.documents({one.sha256 for one in (*entries, *drafts)})
    published, drafted = (tuple(found[one.sha256] for one in part if one.sha256 in found) for part in (entries, drafts))
    return published, drafted


def _ground(ground: Ground, state: ReviewState, told: Intake | None, stated: StatedNumbers | None) -> GroundDetail:
    reasons = reasons_of(ground, review=state, report=told.report if told else None, stated=stated)
    return GroundDetail(
        ground=ground,
        facts=told.report.facts if told else "",
        sentences=reasons.sentences if reasons else (),
        confirmed=reasons.confirmed if reasons else False,
    )


def _findings(view: ReviewView, record: ReviewRecord, acts: Sequence[ActRecord]) -> tuple[FindingDetail, ...]:
    said = {one.act.act_id: one.act for one in acts if isinstance(one.act, Finding)}
    details = []
    for given, seen in zip(record.state.findings, view.findings, strict=True):
        act = None if seen.hidden else said.get(given.act_id)
        details.append(FindingDetail(seen, given.at, act.items if act else (), act.checklist if act else ()))
    return tuple(details)


def _rounds(state: ReviewState, acts: Sequence[ActRecord]) -> tuple[Round, ...]:
    parties = {one.act_id: one.party for one in state.approvals}
    return tuple(
        Round(one.act.revision, one.act.actor.person, parties.get(one.act.act_id), one.at, one.act.comments)
        for one in reversed(acts)
        if isinstance(one.act, Return)
    )


def _draft(
    state: ReviewState,
    acts: Sequence[ActRecord],
    published: Sequence[StoredDocument],
    drafted: Sequence[StoredDocument],
) -> Draft | None:
    if state.draft is None or state.draft_digest is None:
        return None
    handed_in = next((one for one in reversed(acts) if isinstance(one.act, Submission)), None)
    act = handed_in.act if handed_in is not None and isinstance(handed_in.act, Submission) else None
    former = {one.form: one for one in published}
    return Draft(
        revision=state.revision,
        digest=state.draft_digest,
        person=state.drafted_by or "",
        at=handed_in.at if handed_in else None,
        documents=tuple(_document(one, former.get(one.form)) for one in drafted),
        explanations=act.explanations if act else (),
    )


def _document(document: StoredDocument, former: StoredDocument | None) -> DraftDocument:
    before = former.content if former else None
    try:
        form = load(document.form, document.form_version)
        changes = table_of_changes(before, document.content or {})
        title = f"{form.title}（{form.era_label}）"
        labels = tuple(dict.fromkeys(one.label for one in items(form.name, form.version)))
    except UnknownFormError:
        changes, labels, title = (), (), FORMS.get(document.form, document.form)
    return DraftDocument(
        form=document.form,
        title=title,
        version=document.form_version,
        sha256=document.sha256,
        is_new=former is None,
        items=tuple(f"{FORMS.get(document.form, document.form)} {one}" for one in labels),
        changes=tuple(_shortened(one) for one in changes[:MOST_CHANGES]),
        left_out=max(len(changes) - MOST_CHANGES, 0),
    )


def _shortened(item: ChangedItem) -> ChangedItem:
    """Cut short what a page can't show whole; the document itself has it."""

    def cut(words: str) -> str:
        return words if len(words) <= _LONGEST_WORDING else f"{words[:_LONGEST_WORDING]}…（以下略）"

    return replace(item, before=cut(item.before), after=cut(item.after))
