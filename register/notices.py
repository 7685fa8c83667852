"""知らせ (notices): what people are told, written in the transaction of what they are told of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from register.tables import notices
from schemas.records import Notice

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


def write(connection: Connection, told: Sequence[Notice], *, at: datetime, review_id: str | None = None) -> None:
    """Write the notices that are not there yet; one that names no review is of `review_id`."""
    if told:
        rows = [_row(notice, at=at, review_id=review_id) for notice in told]
        connection.execute(_INSERT_NEW[connection.dialect.name], rows)


def of_person(connection: Connection, person: str) -> tuple[Notice, ...]:
    """Give a person's notices, the newest first."""
    rows = connection.execute(_OF_PERSON, {"whom": person})
    return tuple(Notice.model_validate(dict(row)) for row in rows.mappings())


def _row(notice: Notice, *, at: datetime, review_id: str | None) -> dict[str, Any]:
    return {**notice.model_dump(), "review_id": notice.review_id or review_id, "made_at": at}
