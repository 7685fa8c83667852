"""証跡 (audit trail): one chain of SHA-256 over all that was written; each entry names one row and fixes its content.

A chain does not stop somebody who rewrites all of it: keep its head outside the database too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, Table, insert, literal, select

from register.tables import (
    acts,
    assessments,
    audit_entries,
    countermeasure_acts,
    countermeasures,
    documents,
    duty_acts,
    event_acts,
    events,
    occurrences,
    organisation_revisions,
    reports,
    versions,
)
from schemas.canonical import digest_of
from schemas.records import AuditAction

GENESIS = "0" * 64
"""最初の前の値: what the first entry follows."""

CHANGING = frozenset(
    {
        "version",
        "standing",
        "manifest",
        "digest",
        "validated",
        "published_on",
        "verified_on",
        "yearly_due_on",
        "five_years_due_on",
        "ended_on",
        "published_until",
        "present_required_level",
        "present_effective_level",
    }
)
"""改まる列: what a review may change of an assessment; its versions are rows of their own."""

LATER = frozenset({"event_id"})
"""後から加わった列: covered where it says something, so that rows from before it keep their digest."""

FOLLOWED = frozenset({"status", "due_on", "state"})
"""対応策とリスク事案の改まる列: what the acts on one change of it; they are rows of their own."""


UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)
"""読めない記載: what reading content raises that somebody has changed past recognition."""

SEALED = frozenset(
    {("documents", "content"), ("versions", "changes"), ("assessments", "files"), ("assessments", "systems")}
)
"""封じた列: what may hold parts that are not published. The digest of a row covers the digest of such a column, so that
a row can be recomputed by somebody who may not read it."""

Seals = Mapping[str, str]
"""封: by the name of a column of one row, the SHA-256 of content that is not at hand."""


class Subject(NamedTuple):
    """証跡の対象 (subject): a table whose rows are named by the trail, its key, and the columns that are fixed."""

    table: Table
    key: str
    title: str
    changing: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the digest covers."""
        return tuple(name for name in self.table.c.keys() if name not in self.changing)  # noqa: SIM118 # a collection of columns, not a mapping


SUBJECTS = {
    subject.table.name: subject
    for subject in (
        Subject(organisation_revisions, "revision", "組織表の版"),
        Subject(assessments, "assessment_id", "評価書", CHANGING),
        Subject(versions, "version_id", "評価書の版"),
        Subject(documents, "sha256", "文書"),
        Subject(reports, "act_id", "報告"),
        Subject(acts, "act_id", "行為"),
        Subject(countermeasures, "countermeasure_id", "対応策", FOLLOWED, LATER),
        Subject(countermeasure_acts, "act_id", "対応策の行為"),
        Subject(events, "event_id", "リスク事案", FOLLOWED),
        Subject(event_acts, "act_id", "リスク事案の行為"),
        Subject(duty_acts, "act_id", "義務の行為"),
        Subject(occurrences, "occurrence_id", "出来事"),
    )
}


class Head(NamedTuple):
    """証跡の先頭 (head): the newest entry's number and hash; 0 and the genesis value while there is none."""

    seq: int
    hash: str


class Occasion(NamedTuple):
    """機会 (occasion): who wrote what kind of thing, when."""

    actor: str
    action: AuditAction
    at: datetime


_NONE_YET = Head(0, GENESIS)
_HEAD = select(audit_entries.c.seq, audit_entries.c.hash).order_by(audit_entries.c.seq.desc()).limit(1)
_INSERT = insert(audit_entries)
_COLUMNS = {name: subject.columns for name, subject in SUBJECTS.items()}


def head(connection: Connection) -> Head:
    """Give the head of the chain."""
    row = connection.execute(_HEAD).one_or_none()
    return _NONE_YET if row is None else Head(row.seq, row.hash)


def hash_at(connection: Connection, seq: int) -> str | None:
    """Give the hash of the entry of that number; None where there is none."""
    is_that_one = audit_entries.c.seq == literal(seq, BigInteger())  # a number from outside may be larger than any
    return connection.execute(select(audit_entries.c.hash).where(is_that_one)).scalar()


def append(
    connection: Connection,
    table: Table,
    row: Mapping[str, Any],
    occasion: Occasion,
    *,
    after: Head,
) -> Head:
    """Name `row`, which the same transaction writes into `table`, at the end of the chain; give the new head.

    `after` is the present head, read in the same transaction.
    """
    entry: dict[str, Any] = {
        "seq": after.seq + 1,
        "at": occasion.at,
        "actor": occasion.actor,
        "action": occasion.action.value,
        "subject_table": table.name,
        "subject_key": str(row[SUBJECTS[table.name].key]),
        "content_digest": row_digest(table, row),
        "previous_hash": after.hash,
    }
    entry["hash"] = entry_hash(entry)
    connection.execute(_INSERT, entry)
    return Head(entry["seq"], entry["hash"])


def row_digest(table: Table, row: Mapping[str, Any], *, seals: Seals | None = None) -> str:
    """Give the SHA-256 of a row's fixed columns; `seals` stand for content that is not at hand."""
    known, later = seals or {}, SUBJECTS[table.name].later
    said = (name for name in _COLUMNS[table.name] if name not in later or row[name] is not None)
    return digest_of({name: known.get(name) or _fixed(table, name, row[name]) for name in said})


def plain(value: Any) -> Any:
    """Give a value of a column as it stands in JSON."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


def entry_hash(entry: Mapping[str, Any]) -> str:
    """Give the SHA-256 of an entry with the hash of the one before it."""
    return digest_of({name: plain(entry[name]) for name in _HASHED})


_HASHED = tuple(name for name in audit_entries.c.keys() if name != "hash")  # noqa: SIM118 # as above


def _fixed(table: Table, name: str, value: Any) -> Any:
    if (table.name, name) in SEALED and value is not None:
        return digest_of(value)
    return plain(value)
