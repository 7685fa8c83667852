"""案の検査 (looking at a draft): whether each document of a set is in the register, and fits the review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guideline.document_sets import FORMS, faults_of_new_forms
from guideline.end_of_business import faults_of_ended
from guideline.form_rules import check
from guideline.material_change import faults_of_material_change
from guideline.set_rules import errors_of_set
from guideline.violations import faults_of_emergency
from guideline.withholding import rules_of_withholding, withholding_errors
from schemas.courses import Course
from schemas.forms.errors import FormError, Severity
from schemas.forms.validation import validate

if TYPE_CHECKING:
    from activities.ports import RegisterPort
    from activities.review_records import DraftRequest
    from schemas.records import StoredDocument
    from schemas.review import ManifestEntry


class Drafts:
    """案を台帳に照らす."""

    def __init__(self, register: RegisterPort) -> None:
        self._register = register

    async def faults_of(self, request: DraftRequest) -> tuple[str, ...]:
        """Say what is wrong with the set: with each document, and between them."""
        assessment = await self._register.assessment(request.assessment_id)
        entries = assessment.manifest.documents if assessment.manifest else ()
        published = {one.form: await self._register.document(one.sha256) for one in entries}
        faults: list[str] = []
        contents = []
        for entry in request.manifest.documents:
            try:
                document = await self._register.document(entry.sha256)
            except LookupError:
                faults.append(f"文書 {entry.sha256} が台帳にありません。先に文書を登録してください。")
                continue
            faults += _faults_of_document(entry, document, request, before=published.get(entry.form))
            contents += [] if document.content is None else [document.content]
        if request.course is not Course.REASSESS:
            faults += faults_of_new_forms(request.manifest, published=published)
        if not faults:
            across = errors_of_set(contents, on=request.on, number=assessment.number, course=request.course)
            faults += [_without_words("", error) for error in across]
        return tuple(faults)


def _without_words(form: str, error: FormError) -> str:
    """Tell a mistake by its place and its rule alone: what a document says does not belong into a history."""
    return f"{FORMS.get(form, '評価書一式')} {error.path or '/'}（{error.rule}）"


def _faults_of_document(
    entry: ManifestEntry, document: StoredDocument, request: DraftRequest, *, before: StoredDocument | None
) -> tuple[str, ...]:
    if (document.form, document.form_version) != (entry.form, entry.form_version):
        return (f"文書 {entry.sha256} の様式は {document.form} {document.form_version} です。",)
    if document.content is None:
        return _faults_of_legacy(entry, before, request)
    if entry.form not in FORMS:
        return (f"文書 {entry.sha256} の様式「{entry.form}」は、評価書の様式ではありません。",)
    found = (
        *validate(document.content),
        *check(document.content, on=request.on),
        *withholding_errors(document.content),
    )
    faults = [_without_words(entry.form, error) for error in found if error.severity is Severity.ERROR]
    if request.ended_on is not None:
        faults += faults_of_ended(document.content, ended_on=request.ended_on)
    if request.emergency:
        faults += faults_of_emergency(document.content)
    if not faults:
        verdict = rules_of_withholding(
            document.content, body_kind=request.body_kind, course=request.course, on=request.on
        )
        faults += verdict.faults
    if not faults and request.course is Course.AMEND and not request.excepted and before is not None:
        faults += faults_of_material_change(before.content, document.content, on=request.on)
    return tuple(faults)


def _faults_of_legacy(entry: ManifestEntry, before: StoredDocument | None, request: DraftRequest) -> tuple[str, ...]:
    """Let a document on an old form stay as it is published; a reassessment needs one on a form that is known."""
    if before is not None and before.sha256 == entry.sha256 and request.course is not Course.REASSESS:
        return ()
    return (f"旧様式の文書 {entry.sha256} は、このままでは案にできません。現行の様式で作り直してください。",)
