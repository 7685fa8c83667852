"""案 (drafts): a document is parsed, checked against its form and the rules across items, and put under its digest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import JsonValue

from client.errors import InvalidDocumentError
from guideline.deadlines import tokyo_date
from guideline.form_rules import check
from guideline.withholding import withholding_errors
from schemas.canonical import digest_of
from schemas.forms.parsing import parse
from schemas.forms.validation import validate
from schemas.records import StoredDocument
from schemas.review import Manifest, ManifestEntry

if TYPE_CHECKING:
    from schemas.forms.errors import FormError


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


def manifest_of(content: dict[str, JsonValue]) -> tuple[Manifest, StoredDocument]:
    """Give a valid document's record and manifest."""
    sha256 = digest_of(content)
    form, form_version = str(content["form"]), str(content["form_version"])
    stored = StoredDocument.model_construct(sha256=sha256, form=form, form_version=form_version, content=content)
    entry = ManifestEntry(form=form, form_version=form_version, sha256=sha256)
    return Manifest(documents=(entry,)), stored
