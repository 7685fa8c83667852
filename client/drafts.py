"""案 (drafts): documents are parsed, checked against form and rules, and put under their digests as one set."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from client.errors import InvalidDocumentError, InvalidInputError
from guideline.deadlines import tokyo_date
from guideline.document_sets import FORMS, in_order
from guideline.form_rules import check
from guideline.set_rules import errors_of_set
from guideline.withholding import rules_of_withholding, withholding_errors
from schemas import breach, plan
from schemas.canonical import digest_of
from schemas.forms.errors import FormError, Severity
from schemas.forms.parsing import parse
from schemas.forms.validation import validate
from schemas.records import StoredDocument
from schemas.review import Manifest, ManifestEntry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from schemas.courses import Course
    from schemas.organisation import BodyKind


def faults_of(document: bytes) -> tuple[FormError, ...]:
    """Give every error and warning of a document by the rules of today, in the order of the form."""
    return _examined(document, on=tokyo_date(datetime.now(UTC)))[1]


def document_from(document: bytes, *, on: datetime) -> StoredDocument:
    """Check a document against its form and the rules across its items, and give it with its SHA-256.

    Warnings do not stand in its way. Raises InvalidDocumentError with every error.
    """
    content, found = _examined(document, on=tokyo_date(on))
    errors = tuple(fault for fault in found if fault.severity is Severity.ERROR)
    if errors or not isinstance(content, dict):
        raise InvalidDocumentError(errors)
    return StoredDocument.model_construct(
        sha256=digest_of(content), form=str(content["form"]), form_version=str(content["form_version"]), content=content
    )


def _examined(document: bytes, *, on: date) -> tuple[object, tuple[FormError, ...]]:
    """Read a document; give it with what is wrong with its form or, where nothing is, across its items."""
    parsed = parse(document)
    errors = parsed.errors or _derived(parsed.document) or validate(parsed.document)
    if errors or not isinstance(parsed.document, dict):
        return parsed.document, errors
    return parsed.document, (*check(parsed.document, on=on), *withholding_errors(parsed.document))


def _derived(content: object) -> tuple[FormError, ...]:
    """計画管理書と漏えい等報告書: on forms of ours, and no part of an assessment."""
    form = content.get("form") if isinstance(content, dict) else None
    message = _NO_ASSESSMENT.get(form) if isinstance(form, str) else None
    return (FormError(path="/form", item="評価書の様式", message=message, rule="derived_form"),) if message else ()


_NO_ASSESSMENT = MappingProxyType(
    {
        plan.FORM: (
            "計画管理書（様式1）は、評価書の一部ではありません。台帳から作られるので、登録は要りません"
            "（`minaoshi plan show`）。評価書の様式の文書を指定してください。"
        ),
        breach.FORM: (
            "漏えい等報告書は、評価書の一部ではありません。個人情報保護委員会への報告に使う文書です。"
            "評価書の様式の文書を指定してください。"
        ),
    }
)


def agree(documents: Sequence[StoredDocument], *, number: str, on: datetime, course: Course | None = None) -> None:
    """See that the documents of a set agree with each other and with the number in the 計画管理書 (規則3条).

    Raises InvalidDocumentError with every error.
    """
    contents = [one.content for one in documents if one.content is not None]
    errors = errors_of_set(contents, on=tokyo_date(on), number=number, course=course)
    if errors:
        raise InvalidDocumentError(errors)


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


def set_of(documents: Sequence[StoredDocument], *, kept: Sequence[ManifestEntry] = ()) -> Manifest:
    """Give the manifest of a set: these documents, and those of other forms that are kept as they are.

    Raises InvalidInputError where two documents are on the same form.
    """
    forms = [document.form for document in documents]
    twice = sorted({FORMS.get(form, form) for form in forms if forms.count(form) > 1})
    if twice:
        raise InvalidInputError(
            f"{'、'.join(twice)}の文書が二つ以上あります。",
            where="評価書一式",
            remedy="一つの様式につき一つの文書を指定してください。",
        )
    given = (ManifestEntry(form=one.form, form_version=one.form_version, sha256=one.sha256) for one in documents)
    return Manifest(documents=in_order((*given, *(one for one in kept if one.form not in forms))))
