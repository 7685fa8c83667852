"""漏えい等報告書 (breach reports): drafted from the facts of an event, and checked before they are approved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import JsonValue

from client.errors import InvalidDocumentError, InvalidInputError
from guideline.breach_document import draft_of
from guideline.breach_report_rules import check_report
from guideline.deadlines import tokyo_date
from guideline.event_judgement import judgement_of
from schemas.breach import FORM, ReportKind
from schemas.canonical import digest_of
from schemas.forms.errors import Severity
from schemas.forms.parsing import parse
from schemas.forms.validation import validate
from schemas.records import StoredDocument

if TYPE_CHECKING:
    from datetime import date, datetime

    from schemas.events import EventState


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """検査済みの報告書 (checked report): the document under its SHA-256, and its kind."""

    document: StoredDocument
    kind: ReportKind


def report_from(document: bytes, *, state: EventState, now: datetime) -> CheckedReport:
    """Check a report against its form, the rules across its items, and the facts of the event.

    Raises InvalidDocumentError with every error; InvalidInputError where it is on another form.
    """
    parsed = parse(document)
    content = parsed.document
    if not parsed.errors and isinstance(content, dict) and content.get("form") != FORM:
        raise InvalidInputError(
            "漏えい等報告書の様式の文書ではありません。",
            where="報告書",
            remedy="`minaoshi breach draft` で作った案を直したものを指定してください。",
        )
    errors = parsed.errors or validate(content)
    if not errors and isinstance(content, dict):
        found = check_report(content, judgement=judgement_of(state), on=tokyo_date(now))
        errors = tuple(one for one in found if one.severity is Severity.ERROR)
    if errors or not isinstance(content, dict):
        raise InvalidDocumentError(errors)
    stored = StoredDocument.model_construct(
        sha256=digest_of(content), form=FORM, form_version=str(content["form_version"]), content=content
    )
    return CheckedReport(document=stored, kind=ReportKind(content["cover"]["kind"]))


def digest_from(document: bytes) -> str:
    """Give the SHA-256 of a document that was checked before, as it is now. Raises InvalidDocumentError."""
    parsed = parse(document)
    if parsed.errors:
        raise InvalidDocumentError(parsed.errors)
    return digest_of(parsed.document)


def draft_for(state: EventState, *, kind: ReportKind, on: date) -> dict[str, JsonValue]:
    """Give a first draft of a report on the event, for a person to complete."""
    before = max((one.filed_on for one in state.filings), default=None)
    previous_on = None if kind is ReportKind.PRELIMINARY else before
    return draft_of(state.facts, judgement_of(state), kind=kind, on=on, previous_on=previous_on)
