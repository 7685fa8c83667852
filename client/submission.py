"""案の提出の検査 (submission): what is handed in becomes a whole set, and is held against the review it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from client.drafts import agree, check_withholding, document_from, set_of
from client.errors import InvalidInputError
from client.input import message_from
from guideline.deadlines import tokyo_date
from guideline.document_sets import BASIC, faults_of_new_forms, forms_permitted, submitted_level
from guideline.end_of_business import faults_of_ended
from guideline.material_change import faults_of_material_change
from guideline.turns import both_excepted, ended_on_of, level_of
from guideline.violations import faults_of_emergency, is_in_an_emergency
from schemas.acts import ItemNote
from schemas.base import Message
from schemas.courses import Course

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from register.register import Register
    from schemas.records import ReviewRecord, StoredDocument
    from schemas.review import Manifest, ReviewState


class SubmissionNotes(Message):
    """提出時期に係る説明 (notes of a submission), as a form hands them in."""

    explanations: tuple[ItemNote, ...] = Field(default=(), max_length=100, title="提出時期に係る説明")


def notes_from(content: bytes) -> tuple[ItemNote, ...]:
    """Read the explanations that go with a draft; raises InvalidInputError."""
    return message_from(SubmissionNotes, content, where="提出時期に係る説明").explanations


async def draft_from(
    register: Register, record: ReviewRecord, documents: Sequence[bytes], *, at: datetime
) -> tuple[Manifest, Sequence[StoredDocument]]:
    """Give the whole set that a draft makes up, and the documents of it that are new.

    What is not handed in stays as it stands in the draft before, or as it is published, unless the course leaves it
    out: a 再実施 the forms of another level, a fall of level the larger form. Nothing is stored yet. Raises
    InvalidDocumentError with every error of a form or of the set, InvalidInputError for what does not fit the review.
    """
    new = [document_from(document, on=at) for document in documents]
    assessment = await register.assessment(record.assessment_id)
    before = record.state.draft or assessment.manifest
    course = record.state.course
    entries = assessment.manifest.documents if assessment.manifest else ()
    published = {one.form: await register.document(one.sha256) for one in entries}
    permitted = forms_permitted(
        level_of(record.state),
        course,
        published=published,
        submitted=submitted_level(next((one.content for one in new if one.form == BASIC), None)),
    )
    staying = [one for one in before.documents if one.form in permitted] if before else []
    manifest = set_of(new, kept=staying)
    given = {one.sha256 for one in new}
    kept = [await register.document(one.sha256) for one in manifest.documents if one.sha256 not in given]
    agree((*new, *kept), number=assessment.number, on=at, course=course)
    opening, today = record.state.opening, tokyo_date(at)
    for document in new:
        check_withholding(document, body_kind=opening.body_kind, course=course, on=today)
    faults = (
        *_faults(record.state, (*new, *kept), published, on=today),
        *(() if course is Course.REASSESS else faults_of_new_forms(manifest, published=published)),
    )
    if faults:
        raise InvalidInputError(
            f"{len(faults)}件の誤りがあります。", where="案", remedy="示された箇所を直してください。", faults=faults
        )
    return manifest, new


def _faults(
    state: ReviewState, documents: Sequence[StoredDocument], published: Mapping[str, StoredDocument], *, on: date
) -> Iterator[str]:
    """Say what does not fit the review: its end, an emergency that is not told, a material change in a 修正."""
    ended_on = ended_on_of(state) if state.course is Course.END_BUSINESS else None
    for document in documents:
        content, before = document.content or {}, published.get(document.form)
        if ended_on is not None:
            yield from faults_of_ended(content, ended_on=ended_on)
        if is_in_an_emergency(state):
            yield from faults_of_emergency(content)
        if state.course is Course.AMEND and not both_excepted(state) and before is not None:
            yield from faults_of_material_change(before.content, content, on=on)
