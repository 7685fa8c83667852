"""評価書 (assessments): entering and reading them, their versions and their documents."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, func, insert, or_, select

from register import audit, readings
from register.errors import AlreadyThereError
from register.occurrences import note, occurrence
from register.tables import assessments, documents, versions
from schemas.canonical import digest_of
from schemas.changes import ChangeRow
from schemas.records import (
    AssessmentRecord,
    AuditAction,
    NewAssessment,
    PlannedAssessment,
    Standing,
    StoredDocument,
    VersionRecord,
)
from schemas.review import Manifest

if TYPE_CHECKING:
    from guideline.access import Sight

_LEVELS = ("required_level", "effective_level")
"""評価の種類: as it was entered, until a published version says otherwise."""

_RECORD = tuple(
    func.coalesce(assessments.c[f"present_{name}"], assessments.c[name]).label(name)
    if name in _LEVELS
    else assessments.c[name]
    for name in AssessmentRecord.model_fields
)
_OF_A_VERSION = (
    "manifest",
    "digest",
    "published_on",
    "verified_on",
    "yearly_due_on",
    "five_years_due_on",
    "ended_on",
    "published_until",
    "present_required_level",
    "present_effective_level",
)
_VERSION = tuple(versions.c[name] for name in VersionRecord.model_fields)
_ONE = select(*_RECORD).where(assessments.c.assessment_id == bindparam("assessment"))
_DOCUMENT = select(*(documents.c[name] for name in StoredDocument.model_fields)).where(
    documents.c.sha256 == bindparam("digest")
)
_DOCUMENT_THERE = select(documents.c.sha256).where(documents.c.sha256 == bindparam("digest"))


class First(NamedTuple):
    """最初の版 (the first version) of an assessment that is entered, and the days that follow from it.

    `number` is another than 1, and `changes` are there, where it was published before in another register.
    """

    documents: Sequence[StoredDocument]
    manifest: Manifest
    digest: str
    validated: bool
    verified_on: date
    yearly_due_on: date
    five_years_due_on: date
    number: int = 1
    changes: tuple[ChangeRow, ...] = ()


def add(connection: Connection, new: NewAssessment, first: First, *, by: str, at: datetime) -> AssessmentRecord:
    """Enter an assessment with its documents and its first version; the same entry again gives the record.

    Raises AlreadyThereError when the id is taken by another entry.
    """
    entered = entry_digest(new, first)
    known = select(assessments.c.entry_digest).where(assessments.c.assessment_id == new.assessment_id)
    there = connection.execute(known).scalar_one_or_none()
    if there is not None:
        if there != entered:
            raise AlreadyThereError(new.assessment_id)
        return one(connection, new.assessment_id)
    present = {
        "manifest": first.manifest.model_dump(mode="json"),
        "digest": first.digest,
        "validated": first.validated,
        "published_on": new.published_on,
    }
    row = {
        **_as_entered(new),
        **present,
        "version": first.number,
        "standing": Standing.PUBLISHED.value,
        "verified_on": first.verified_on,
        "yearly_due_on": first.yearly_due_on,
        "five_years_due_on": first.five_years_due_on,
        "entry_digest": entered,
        "entered_by": by,
        "entered_at": at,
    }
    changes = [change.model_dump(mode="json") for change in first.changes]
    version = {
        **present,
        "version_id": f"{new.assessment_id}/{first.number}",
        "assessment_id": new.assessment_id,
        "number": first.number,
        "review_id": None,
        "changes": changes,
        "recorded_at": at,
    }
    for document in first.documents:
        store_document(connection, document, by=by, at=at)
    head = audit.head(connection)
    occasion = audit.Occasion(actor=by, action=AuditAction.ASSESSMENT_ADDED, at=at)
    for table, values in ((assessments, row), (versions, version)):
        connection.execute(insert(table), values)
        head = audit.append(connection, table, values, occasion, after=head)
    return one(connection, new.assessment_id)


def add_all(  # noqa: PLR0913 # who, when, from where, and whom to tell
    connection: Connection,
    entries: Sequence[tuple[NewAssessment, First]],
    *,
    by: str,
    at: datetime,
    told: Callable[[int], None],
    source: str,
) -> None:
    """Enter them one after the other; `told` is called with how many are in. Raises as `add` does.

    That they came in together is noted with `source`, the SHA-256 of their table.
    """
    for number, (new, first) in enumerate(entries, start=1):
        add(connection, new, first, by=by, at=at)
        told(number)
    if entries:
        detail = {"assessments": len(entries)}
        note(connection, occurrence(AuditAction.TAKEN_OVER, actor=by, subject=source, at=at, detail=detail))


def entry_digest(new: NewAssessment, first: First) -> str:
    """Give what tells whether a second entry under the same id is the same."""
    entered: dict[str, Any] = {"new": new.model_dump(mode="json"), "digest": first.digest}
    if first.number != 1:
        entered["number"] = first.number
    if first.changes:
        entered["changes"] = [change.model_dump(mode="json") for change in first.changes]
    return digest_of(entered)


def entry_digests(connection: Connection) -> dict[str, str]:
    """Give of each assessment what it was entered as."""
    rows = connection.execute(select(assessments.c.assessment_id, assessments.c.entry_digest))
    return {row.assessment_id: row.entry_digest for row in rows}


def plan(connection: Connection, planned: PlannedAssessment, *, by: str, at: datetime) -> AssessmentRecord:
    """Enter an assessment of which nothing is published yet; one that is there stays, and is given as it stands."""
    there = connection.execute(_ONE, {"assessment": planned.assessment_id}).mappings().one_or_none()
    if there is not None:
        return _record(there)
    row = {
        **_as_entered(planned),
        **dict.fromkeys(_OF_A_VERSION),
        "validated": False,
        "version": 0,
        "standing": Standing.PLANNED.value,
        "entry_digest": digest_of(planned.model_dump(mode="json")),
        "entered_by": by,
        "entered_at": at,
    }
    connection.execute(insert(assessments), row)
    occasion = audit.Occasion(actor=by, action=AuditAction.ASSESSMENT_PLANNED, at=at)
    audit.append(connection, assessments, row, occasion, after=audit.head(connection))
    return one(connection, planned.assessment_id)


def one(connection: Connection, assessment_id: str) -> AssessmentRecord:
    """Give one assessment; raises LookupError when it is unknown."""
    row = connection.execute(_ONE, {"assessment": assessment_id}).mappings().one_or_none()
    if row is None:
        raise LookupError(assessment_id)
    return _record(row)


def every(
    connection: Connection, *, body: str | None = None, department: str | None = None, sight: Sight | None = None
) -> tuple[AssessmentRecord, ...]:
    """Give the assessments that a person sees, of one body or department where it is named, in order of their ids."""
    statement = select(*_RECORD).order_by(assessments.c.assessment_id)
    if body is not None:
        statement = statement.where(assessments.c.body == body)
    if department is not None:
        statement = statement.where(assessments.c.department == department)
    if sight is not None:
        statement = statement.where(readings.assessments_seen(sight))
    return tuple(_record(row) for row in connection.execute(statement).mappings())


def due(  # noqa: PLR0913 # three dates, and where the page begins and ends
    connection: Connection,
    *,
    yearly_by: date,
    five_years_by: date,
    publication_by: date,
    after: str | None,
    limit: int,
) -> tuple[AssessmentRecord, ...]:
    """Give those of which one of the dates falls on or before those days, by id, those after `after`.

    Of an assessment whose business has ended only the end of its publication is due.
    """
    yearly_or_five_years = or_(
        assessments.c.yearly_due_on <= yearly_by, assessments.c.five_years_due_on <= five_years_by
    )
    statement = select(*_RECORD).where(
        or_(
            and_(assessments.c.standing == Standing.PUBLISHED.value, yearly_or_five_years),
            assessments.c.published_until <= publication_by,
        )
    )
    if after is not None:
        statement = statement.where(assessments.c.assessment_id > after)
    page = statement.order_by(assessments.c.assessment_id).limit(limit)
    return tuple(_record(row) for row in connection.execute(page).mappings())


def names_of(connection: Connection, assessment_ids: Collection[str]) -> dict[str, str]:
    """Give the name of each assessment, by its id."""
    named = select(assessments.c.assessment_id, assessments.c.name)
    rows = connection.execute(named.where(assessments.c.assessment_id.in_(sorted(assessment_ids))))
    return {row.assessment_id: row.name for row in rows}


class CalendarDays(NamedTuple):
    """暦による期日 (days that the calendar brings) of an assessment: those that do not apply are None."""

    assessment_id: str
    name: str
    department: str
    yearly_due_on: date | None
    five_years_due_on: date | None
    published_until: date | None


_CALENDAR = tuple(assessments.c[name] for name in CalendarDays._fields)


def due_between(connection: Connection, first: date, last: date, *, sight: Sight) -> tuple[CalendarDays, ...]:
    """Give the assessments of which a person sees all and one of the days falls between two, both among them, by id."""
    days = (assessments.c.yearly_due_on, assessments.c.five_years_due_on, assessments.c.published_until)
    within = or_(*(day.between(first, last) for day in days))
    statement = select(*_CALENDAR).where(readings.assessments_wholly(sight), within)
    return tuple(CalendarDays(*row) for row in connection.execute(statement.order_by(assessments.c.assessment_id)))


def versions_of(connection: Connection, assessment_id: str) -> tuple[VersionRecord, ...]:
    """Give an assessment's versions, the first one first."""
    statement = select(*_VERSION).where(versions.c.assessment_id == assessment_id).order_by(versions.c.number)
    rows = connection.execute(statement).mappings()
    return tuple(VersionRecord.model_validate(dict(row), strict=False) for row in rows)


def store_document(connection: Connection, document: StoredDocument, *, by: str, at: datetime) -> None:
    """Store a document under its SHA-256, with an audit entry; nothing when it is there.

    Raises ValueError when the SHA-256 is not that of the content.
    """
    if document.content is not None and digest_of(document.content) != document.sha256:
        raise ValueError(f"the document's content does not have the SHA-256 {document.sha256}")
    if connection.execute(_DOCUMENT_THERE, {"digest": document.sha256}).first() is not None:
        return
    row = {
        "sha256": document.sha256,
        "form": document.form,
        "form_version": document.form_version,
        "content": document.content,
        "stored_by": by,
        "stored_at": at,
    }
    connection.execute(insert(documents), row)
    occasion = audit.Occasion(actor=by, action=AuditAction.DOCUMENT_STORED, at=at)
    audit.append(connection, documents, row, occasion, after=audit.head(connection))


def several_documents(connection: Connection, digests: Collection[str]) -> dict[str, StoredDocument]:
    """Give those of the documents that are known, by their SHA-256."""
    columns = [documents.c[name] for name in StoredDocument.model_fields]
    rows = connection.execute(select(*columns).where(documents.c.sha256.in_(digests))).mappings()
    return {row["sha256"]: StoredDocument.model_validate(dict(row)) for row in rows}


def document(connection: Connection, sha256: str) -> StoredDocument:
    """Give one document; raises LookupError when it is unknown."""
    row = connection.execute(_DOCUMENT, {"digest": sha256}).mappings().one_or_none()
    if row is None:
        raise LookupError(sha256)
    return StoredDocument.model_validate(dict(row))


def _as_entered(new: NewAssessment | PlannedAssessment) -> dict[str, Any]:
    return {
        "assessment_id": new.assessment_id,
        "body": new.body,
        "department": new.department,
        "number": new.number,
        "name": new.name,
        "required_level": new.required_level.value,
        "effective_level": new.effective_level.value,
        "systems": list(new.systems),
        "files": list(new.files),
        "note": new.note,
    }


def _record(row: Any) -> AssessmentRecord:
    return AssessmentRecord.model_validate(dict(row), strict=False)
