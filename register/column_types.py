"""列の型 (column types): instants in UTC, and JSON as plain data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcInstant(TypeDecorator[datetime]):
    """瞬間 (instant): aware in, aware out, in UTC in between; a naive one is refused.

    SQLite keeps no time zone, PostgreSQL answers in the zone of the session: neither is seen by a caller.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class PlainJson(TypeDecorator[Any]):
    """JSON: plain data; None is SQL NULL. PostgreSQL keeps it as text too, so that what was written is read."""

    impl = JSON(none_as_null=True)
    cache_ok = True
