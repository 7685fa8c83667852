"""知らせ (notices): what people are told, written in the transaction of what they are told of; and how it goes out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Update, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from register.occurrences import note, occurrence
from register.tables import notices
from schemas.letters import FailedNotice, Means, NoticeProgress, Outgoing, key_of
from schemas.records import AuditAction, Notice

# The only statement that SQL does not say the same everywhere.
_INSERT_NEW = {
    "sqlite": sqlite.insert(notices).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(notices).on_conflict_do_nothing(),
}
_COLUMNS = tuple(notices.c[name] for name in Notice.model_fields)
_OF_PERSON = (
    select(*_COLUMNS)
    .where(notices.c.person == bindparam("whom"))
    .order_by(notices.c.made_at.desc(), notices.c.notice_id)
)
_WAITING = (
    select(*_COLUMNS)
    .where(notices.c.dispatched_at.is_(None), notices.c.held_until.is_(None))
    .order_by(notices.c.made_at, notices.c.notice_id)
    .limit(bindparam("most"))
)
_ONE = select(*_COLUMNS, notices.c.made_at, notices.c.delivered_at).where(notices.c.notice_id == bindparam("which"))
_PROGRESS = select(*_COLUMNS, *(notices.c[name] for name in NoticeProgress.model_fields if name != "notice"))
_PROGRESS_OF_PERSON = (
    _PROGRESS.where(notices.c.person == bindparam("whom"))
    .order_by(notices.c.made_at.desc(), notices.c.notice_id)
    .limit(bindparam("most"))
    .offset(bindparam("after"))
)
_FAILED = (
    select(*_COLUMNS, notices.c.failed_at, notices.c.failure)
    .where(notices.c.failed_at.is_not(None), notices.c.settled_at.is_(None))
    .order_by(notices.c.failed_at.desc(), notices.c.notice_id)
)
_LATE = (
    select(*_COLUMNS, notices.c.made_at)
    .where(
        notices.c.delivered_at.is_(None),
        notices.c.failed_at.is_(None),
        notices.c.settled_at.is_(None),
        # What is held for a daily mail is late from its morning on.
        func.coalesce(notices.c.held_until, notices.c.made_at) < bindparam("before", type_=notices.c.made_at.type),
    )
    .order_by(notices.c.made_at, notices.c.notice_id)
)
_UNDELIVERED = update(notices).where(notices.c.delivered_at.is_(None))


def write(connection: Connection, told: Sequence[Notice], *, at: datetime, review_id: str | None = None) -> None:
    """Write the notices that are not there yet; one that names no review is of `review_id`."""
    if told:
        rows = [_row(notice, at=at, review_id=review_id) for notice in told]
        connection.execute(_INSERT_NEW[connection.dialect.name], rows)


def of_person(connection: Connection, person: str) -> tuple[Notice, ...]:
    """Give a person's notices, the newest first."""
    rows = connection.execute(_OF_PERSON, {"whom": person})
    return tuple(Notice.model_validate(dict(row)) for row in rows.mappings())


def of_act(connection: Connection, act_id: str) -> tuple[NoticeProgress, ...]:
    """Give the notices of one act with what became of each, in the order in which people are told."""
    of_it = notices.c.notice_id.startswith(f"{act_id}>", autoescape=True)
    rows = connection.execute(_PROGRESS.where(of_it).order_by(notices.c.notice_id))
    # SQLite's LIKE takes capitals and small letters for the same.
    return tuple(_progress(row) for row in rows if row.notice_id.startswith(f"{act_id}>"))


def progress_of_person(
    connection: Connection, person: str, *, limit: int, after: int = 0
) -> tuple[NoticeProgress, ...]:
    """Give a person's newest notices with what became of each, so many behind the first `after`."""
    rows = connection.execute(_PROGRESS_OF_PERSON, {"whom": person, "most": limit, "after": after})
    return tuple(_progress(row) for row in rows)


def _progress(row: Any) -> NoticeProgress:
    return NoticeProgress(
        notice=notice_of(row),
        made_at=row.made_at,
        delivered_at=row.delivered_at,
        means=Means(row.means) if row.means else None,
        failed_at=row.failed_at,
        failure=row.failure,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        held_until=row.held_until,
    )


# --- 配達


def waiting(connection: Connection, *, limit: int) -> tuple[Notice, ...]:
    """Give those that were not given out yet, the oldest first."""
    rows = connection.execute(_WAITING, {"most": limit})
    return tuple(Notice.model_validate(dict(row)) for row in rows.mappings())


def mark_given_out(connection: Connection, *, by_mail: Sequence[str], by_inbox: Sequence[str], at: datetime) -> None:
    """Mark those that a workflow delivers, and those of which the inbox alone tells: these are delivered by that."""
    told = undelivered(by_inbox)
    connection.execute(told.values(dispatched_at=at, delivered_at=at, means=Means.INBOX.value))
    connection.execute(update(notices).where(notices.c.notice_id.in_(by_mail)).values(dispatched_at=at))


def one(connection: Connection, notice_id: str) -> Outgoing:
    """Give one notice with what became of it; raises LookupError when it is unknown."""
    row = connection.execute(_ONE, {"which": notice_id}).one_or_none()
    if row is None:
        raise LookupError(f"no notice {notice_id}")
    return Outgoing(notice=notice_of(row), made_at=row.made_at, delivered_at=row.delivered_at)


def mark_delivered(connection: Connection, notice_ids: Sequence[str], *, means: Means, at: datetime) -> None:
    """Mark notices as delivered; nothing fails any longer."""
    values = {"delivered_at": at, "means": means.value, "failed_at": None, "failure": None}
    connection.execute(undelivered(notice_ids).values(values))


def mark_failed(connection: Connection, notice_ids: Sequence[str], *, failure: str, at: datetime) -> None:
    """Mark notices as given up, unless they are delivered."""
    connection.execute(undelivered(notice_ids).values(failed_at=at, failure=failure))


def failed(connection: Connection) -> tuple[FailedNotice, ...]:
    """Give those that were given up and that nobody has dealt with, the newest first."""
    return tuple(
        FailedNotice(notice=notice_of(row), failed_at=row.failed_at, failure=row.failure)
        for row in connection.execute(_FAILED)
    )


def late(connection: Connection, *, before: datetime) -> tuple[Outgoing, ...]:
    """Give those made before that instant that are still on their way, and of which nobody was told otherwise."""
    rows = connection.execute(_LATE, {"before": before})
    return tuple(Outgoing(notice=notice_of(row), made_at=row.made_at) for row in rows)


def settle(connection: Connection, notice_id: str, *, by: str, at: datetime) -> None:
    """Write down that somebody has told the person otherwise."""
    settled = connection.execute(undelivered([notice_id]).values(settled_at=at, settled_by=by))
    if settled.rowcount:
        _note(connection, AuditAction.NOTICE_SETTLED, notice_id, by=by, at=at)


def send_again(connection: Connection, notice_id: str, *, by: str, at: datetime) -> None:
    """Let a notice that was not delivered go out once more; one that is still tried goes on as it was."""
    again = connection.execute(undelivered([notice_id]).values(dispatched_at=None, failed_at=None, failure=None))
    if again.rowcount:
        _note(connection, AuditAction.NOTICE_RESENT, notice_id, by=by, at=at)


def _note(connection: Connection, kind: AuditAction, notice_id: str, *, by: str, at: datetime) -> None:
    """Note what was done about a notice: named by its key, and in full in the detail, for its id may be longer."""
    detail = {"notice": notice_id}
    note(connection, occurrence(kind, actor=by, subject=key_of(notice_id), at=at, detail=detail))


def undelivered(notice_ids: Sequence[str]) -> Update:
    """Give the change of those of these notices that are not delivered."""
    return _UNDELIVERED.where(notices.c.notice_id.in_(notice_ids))


def notice_of(row: Any) -> Notice:
    """Give the notice of a row."""
    return Notice.model_validate({name: getattr(row, name) for name in Notice.model_fields})


def _row(notice: Notice, *, at: datetime, review_id: str | None) -> dict[str, Any]:
    return {**notice.model_dump(), "review_id": notice.review_id or review_id, "made_at": at}
