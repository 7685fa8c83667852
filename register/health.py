"""台帳の健康状態 (health of the register): what `doctor` looks at. It changes nothing and makes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from guideline.notices import LATE_AFTER
from guideline.reporting_line import reached_by_mail
from register import organisations
from register.database import HEAD_REVISION, engine_for, writer_of
from register.grants import Rights, rights_of
from register.notices import failed as given_up
from register.schema_state import SchemaState, revision_of, state_of
from register.tables import notices
from register.triggers import triggers_are_there


@dataclass(frozen=True, slots=True)
class RegisterHealth:
    """台帳の健康状態 (health of the register); what can't be known is None."""

    exists: bool
    unreadable: str | None = None
    revision: str | None = None
    schema: SchemaState | None = None
    has_triggers: bool | None = None
    rights: Rights | None = None
    unwritable: str | None = None
    undelivered: int | None = None
    failed: int | None = None


def look(url: str, *, at: datetime) -> RegisterHealth:
    """Look at the register as it stands at that moment."""
    address = make_url(url)
    # SQLite would make the file.
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        return RegisterHealth(exists=False)
    try:
        engine = engine_for(url)
    except ImportError as missing:  # the driver of the database
        return RegisterHealth(exists=True, unreadable=str(missing))
    try:
        return _look(engine, at=at)
    except SQLAlchemyError as error:
        return RegisterHealth(exists=True, unreadable=_reason(error))
    finally:
        engine.dispose()


def undelivered(connection: Connection, *, at: datetime) -> int:
    """Count the notices that are still on their way after too long, of whom mail reaches."""
    waiting = (
        select(notices.c.person, func.count().label("number"))
        .where(
            notices.c.delivered_at.is_(None),
            notices.c.failed_at.is_(None),
            func.coalesce(notices.c.held_until, notices.c.made_at) < at - LATE_AFTER,
        )
        .group_by(notices.c.person)
    )
    numbers = {row.person: row.number for row in connection.execute(waiting)}
    if not numbers:
        return 0
    try:
        newest = organisations.revision(connection, organisations.current_number(connection))
    except LookupError:
        return 0
    reachable = reached_by_mail(newest.organisation)
    return sum(number for person, number in numbers.items() if person in reachable)


def _look(engine: Engine, *, at: datetime) -> RegisterHealth:
    with engine.connect() as connection:
        revision = revision_of(connection)
        schema = state_of(revision, head=HEAD_REVISION)
        if schema is not SchemaState.CURRENT:
            return RegisterHealth(exists=True, revision=revision, schema=schema)
        has_triggers = triggers_are_there(connection)
        rights = None if connection.dialect.name == "sqlite" else rights_of(connection)
        waiting = undelivered(connection, at=at)
        failed = len(given_up(connection))
    return RegisterHealth(
        exists=True,
        revision=revision,
        schema=schema,
        has_triggers=has_triggers,
        rights=rights,
        unwritable=_obstacle_to_writing(engine),
        undelivered=waiting,
        failed=failed,
    )


def _obstacle_to_writing(engine: Engine) -> str | None:
    """Try a transaction that takes the write lock, and roll it back; give what stands in its way."""
    try:
        with writer_of(engine).connect() as connection:
            # Of no row: the permission and the lock are asked for all the same.
            connection.execute(update(notices).where(notices.c.notice_id == "").values(read_at=None))
            connection.rollback()
    except SQLAlchemyError as error:
        return _reason(error)
    return None


def _reason(error: SQLAlchemyError) -> str:
    """Give what the database said, without the statement and the library's own advice."""
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return said.strip().splitlines()[0]
