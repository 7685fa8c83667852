"""案 (drafts): a document is parsed, checked against its form and the rules across items, and put under its digest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import JsonValue

from client.errors import InvalidDocumentError, InvalidInputError
from guideline.deadlines import tokyo_date
from guideline.form_rules import check
from guideline.withholding import rules_of_withholding, withholding_errors
from schemas.canonical import digest_of
from schemas.forms.parsing import parse
from schemas.forms.validation import validate
from schemas.records import StoredDocument
from schemas.review import Manifest, ManifestEntry

if TYPE_CHECKING:
    from datetime import date

    from schemas.courses import Course
    from schemas.forms.errors import FormError
    from schemas.organisation import BodyKind


def faults_of(document: bytes) -> tuple[FormError, ...]:
    """Give every error of a document by the rules of today, in the order of the form; nothing when it is valid."""
    try:
        manifest_for(document, on=datetime.now(UTC))
    except InvalidDocumentError as invalid:
        return invalid.errors
    return ()


def manifest_for(document: bytes, *, on: datetime) -> tuple[Manifest, StoredDocument]:
    """Check a document and give it with the manifest of the set it makes up.

    Raises InvalidDocumentError with every error.
    """
    parsed = parse(document)
    content = parsed.document
    errors = parsed.errors or validate(content)
    if errors or not isinstance(content, dict):
        raise InvalidDocumentError(errors)
    across = (*check(content, on=tokyo_date(on)), *withholding_errors(content))
    if across:
        raise InvalidDocumentError(across)
    return manifest_of(content)


def check_withholding(document: StoredDocument, *, body_kind: BodyKind, course: Course | None, on: date) -> None:
    """Refuse a draft that leaves out of its publication what it may not. Raises InvalidInputError."""
    verdict = rules_of_withholding(document.content or {}, body_kind=body_kind, course=course, on=on)
    if verdict.faults:
        raise InvalidInputError(
            f"公表しない部分に{len(verdict.faults)}件の誤りがあります。",
            where="公表しない部分",
            remedy="示された場所を公表するか、公表しない部分の表から除いてください。",
            faults=verdict.faults,
        )


def manifest_of(content: dict[str, JsonValue]) -> tuple[Manifest, StoredDocument]:
    """Give a valid document's record and manifest."""
    sha256 = digest_of(content)
    form, form_version = str(content["form"]), str(content["form_version"])
    stored = StoredDocument.model_construct(sha256=sha256, form=form, form_version=form_version, content=content)
    entry = ManifestEntry(form=form, form_version=form_version, sha256=sha256)
    return Manifest(documents=(entry,)), stored
