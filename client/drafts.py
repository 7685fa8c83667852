"""案 (drafts): a document is parsed, checked against its form and the rules across items, and put under its digest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import JsonValue

from client.errors import InvalidDocumentError
from guideline.deadlines import tokyo_date
from guideline.form_rules import check
from schemas.canonical import digest_of
from schemas.forms.errors import Severity
from schemas.forms.parsing import parse
from schemas.forms.validation import validate
from schemas.records import StoredDocument
from schemas.review import Manifest, ManifestEntry

if TYPE_CHECKING:
    from datetime import date

    from schemas.forms.errors import FormError


def faults_of(document: bytes) -> tuple[FormError, ...]:
    """Give every error and warning of a document by the rules of today, in the order of the form."""
    return _examined(document, on=tokyo_date(datetime.now(UTC)))[1]


def manifest_for(document: bytes, *, on: datetime) -> tuple[Manifest, StoredDocument]:
    """Check a document and give it with the manifest of the set it makes up; warnings do not stand in its way.

    Raises InvalidDocumentError with every error.
    """
    content, found = _examined(document, on=tokyo_date(on))
    errors = tuple(fault for fault in found if fault.severity is Severity.ERROR)
    if errors or not isinstance(content, dict):
        raise InvalidDocumentError(errors)
    return manifest_of(content)


def _examined(document: bytes, *, on: date) -> tuple[object, tuple[FormError, ...]]:
    """Read a document; give it with what is wrong with its form or, where nothing is, across its items."""
    parsed = parse(document)
    errors = parsed.errors or validate(parsed.document)
    return parsed.document, errors or check(parsed.document, on=on)


def manifest_of(content: dict[str, JsonValue]) -> tuple[Manifest, StoredDocument]:
    """Give a valid document's record and manifest."""
    sha256 = digest_of(content)
    form, form_version = str(content["form"]), str(content["form_version"])
    stored = StoredDocument.model_construct(sha256=sha256, form=form, form_version=form_version, content=content)
    entry = ManifestEntry(form=form, form_version=form_version, sha256=sha256)
    return Manifest(documents=(entry,)), stored
