"""サインインしている人 (sessions): who is signed in, by the digest of the token that their browser holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from pydantic import JsonValue
from sqlalchemy import Connection, delete, insert, select, update

from register import organisations
from register.errors import MovedOnError
from register.occurrences import note, occurrence
from register.tables import sessions
from schemas.records import AuditAction

if TYPE_CHECKING:
    from register.database import Database
    from schemas.organisation import Organisation


class SessionRow(NamedTuple):
    """サインイン (session): whose it is, since when, and when it was last used; `form_token` stands in their forms."""

    token_digest: str
    person: str
    form_token: str
    began_at: datetime
    seen_at: datetime


class ClaimedRoles(NamedTuple):
    """示された役割: the organisation with the roles that the provider says a person has, and the revision it was."""

    organisation: Organisation
    after: int


class SessionRows:
    """サインインしている人の表."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(
        self,
        row: SessionRow,
        *,
        detail: Mapping[str, JsonValue],
        ends: str | None = None,
        claimed: ClaimedRoles | None = None,
    ) -> None:
        """Write that a person signed in, with its entry in the audit trail; what their browser held before ends.

        With `claimed` the organisation is applied too. Raises MovedOnError when another revision came first: then
        nothing is written.
        """
        await self._database.write(_begin, row, detail=detail, ends=ends, claimed=claimed)

    async def find(self, token_digest: str) -> SessionRow | None:
        """Give the session of a token; None when there is none."""
        return await self._database.read(_find, token_digest)

    async def seen(self, token_digest: str, *, at: datetime) -> None:
        """Write that it was used."""
        await self._database.write(_seen, token_digest, at=at)

    async def end(self, token_digest: str, *, at: datetime) -> None:
        """Forget one, with its entry in the audit trail; nothing where there is none."""
        await self._database.write(_end, token_digest, at=at)

    async def end_all(self, person: str, *, at: datetime) -> None:
        """Forget all of a person, with one entry in the audit trail."""
        await self._database.write(_end_all, person, at=at)

    async def forget(self, *, seen_before: datetime) -> None:
        """Forget those that were last used before that instant."""
        await self._database.write(_forget, seen_before=seen_before)


def _begin(
    connection: Connection,
    row: SessionRow,
    *,
    detail: Mapping[str, JsonValue],
    ends: str | None,
    claimed: ClaimedRoles | None,
) -> None:
    if claimed is not None:
        if organisations.current_number(connection) != claimed.after:
            raise MovedOnError("組織表")
        action = AuditAction.ROLES_CLAIMED
        organisations.apply(connection, claimed.organisation, by=row.person, at=row.began_at, action=action)
    if ends is not None:
        _end(connection, ends, at=row.began_at)
    connection.execute(insert(sessions), row._asdict())
    kind = AuditAction.SIGNED_IN
    note(connection, occurrence(kind, actor=row.person, subject=row.person, at=row.began_at, detail=detail))


def _find(connection: Connection, token_digest: str) -> SessionRow | None:
    row = connection.execute(select(sessions).where(sessions.c.token_digest == token_digest)).one_or_none()
    return None if row is None else SessionRow(**row._mapping)  # noqa: SLF001 # SQLAlchemy's public name


def _seen(connection: Connection, token_digest: str, *, at: datetime) -> None:
    connection.execute(update(sessions).where(sessions.c.token_digest == token_digest).values(seen_at=at))


def _end(connection: Connection, token_digest: str, *, at: datetime) -> None:
    ended = delete(sessions).where(sessions.c.token_digest == token_digest).returning(sessions.c.person)
    for person in connection.execute(ended).scalars().all():
        _signed_out(connection, person, at=at)


def _end_all(connection: Connection, person: str, *, at: datetime) -> None:
    connection.execute(delete(sessions).where(sessions.c.person == person))
    _signed_out(connection, person, at=at)


def _signed_out(connection: Connection, person: str, *, at: datetime) -> None:
    note(connection, occurrence(AuditAction.SIGNED_OUT, actor=person, subject=person, at=at))


def _forget(connection: Connection, *, seen_before: datetime) -> None:
    connection.execute(delete(sessions).where(sessions.c.seen_at < seen_before))
