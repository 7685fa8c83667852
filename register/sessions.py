"""サインインしている人 (sessions): who is signed in, by the digest of the token that their browser holds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from register.tables import sessions

if TYPE_CHECKING:
    from register.database import Database


class SessionRow(NamedTuple):
    """サインイン (session): whose it is, since when, and when it was last used; `form_token` stands in their forms."""

    token_digest: str
    person: str
    form_token: str
    began_at: datetime
    seen_at: datetime


class SessionRows:
    """サインインしている人の表."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, row: SessionRow) -> None:
        """Write that a person signed in."""
        await self._database.write(_begin, row)

    async def find(self, token_digest: str) -> SessionRow | None:
        """Give the session of a token; None when there is none."""
        return await self._database.read(_find, token_digest)

    async def seen(self, token_digest: str, *, at: datetime) -> None:
        """Write that it was used."""
        await self._database.write(_seen, token_digest, at=at)

    async def end(self, token_digest: str) -> None:
        """Forget one; nothing where there is none."""
        await self._database.write(_end, token_digest)

    async def end_all(self, person: str) -> None:
        """Forget all of a person."""
        await self._database.write(_end_all, person)

    async def forget(self, *, seen_before: datetime) -> None:
        """Forget those that were last used before that instant."""
        await self._database.write(_forget, seen_before=seen_before)


def _begin(connection: Connection, row: SessionRow) -> None:
    connection.execute(insert(sessions), row._asdict())


def _find(connection: Connection, token_digest: str) -> SessionRow | None:
    row = connection.execute(select(sessions).where(sessions.c.token_digest == token_digest)).one_or_none()
    return None if row is None else SessionRow(**row._mapping)  # noqa: SLF001 # SQLAlchemy's public name


def _seen(connection: Connection, token_digest: str, *, at: datetime) -> None:
    connection.execute(update(sessions).where(sessions.c.token_digest == token_digest).values(seen_at=at))


def _end(connection: Connection, token_digest: str) -> None:
    connection.execute(delete(sessions).where(sessions.c.token_digest == token_digest))


def _end_all(connection: Connection, person: str) -> None:
    connection.execute(delete(sessions).where(sessions.c.person == person))


def _forget(connection: Connection, *, seen_before: datetime) -> None:
    connection.execute(delete(sessions).where(sessions.c.seen_at < seen_before))
