"""サインインしている人 (sessions): who is signed in, by the digest of the token that their browser holds.

One that has ended is remembered for a while: by its form token it still tells who began a form.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, and_, delete, insert, select, update

from register.kept_forms import KeptForms
from register.tables import kept_forms, sessions

if TYPE_CHECKING:
    from register.database import Database


class SessionRow(NamedTuple):
    """サインイン (session): whose it is, since when, and when it was last used; `form_token` stands in their forms."""

    token_digest: str
    person: str
    form_token: str
    began_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None


class KeptNote(NamedTuple):
    """預かりの控え (note of what is kept): of which form, and since when; what was typed is not read for it."""

    address: str
    title: str
    has_files: bool
    kept_at: datetime


class Found(NamedTuple):
    """見付かったサインイン (found session): with what is kept for its person, the newest first."""

    session: SessionRow
    kept: tuple[KeptNote, ...]


class SessionRows:
    """サインインしている人の表, with what is kept for them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.kept_forms = KeptForms(database)

    async def begin(self, row: SessionRow) -> None:
        """Write that a person signed in."""
        await self._database.write(_begin, row)

    async def find(self, token_digest: str, *, kept_since: datetime) -> Found | None:
        """Give the session of a token, ended or not, with what is kept for its person since then."""
        return await self._database.read(_find, token_digest, kept_since=kept_since)

    async def by_form_token(self, form_token: str) -> SessionRow | None:
        """Give the session, ended or not, in whose forms this token stands; None when it is not remembered."""
        return await self._database.read(_by_form_token, form_token)

    async def seen(self, token_digest: str, *, at: datetime) -> None:
        """Write that it was used."""
        await self._database.write(_seen, token_digest, at=at)

    async def end(self, token_digest: str, *, at: datetime) -> bool:
        """Write that it ended; False, and nothing is written, where it had ended or there is none."""
        return await self._database.write(_end, token_digest, at=at)

    async def end_all(self, person: str, *, at: datetime) -> None:
        """Write that all of a person ended."""
        await self._database.write(_end_all, person, at=at)

    async def forget(self, *, began_before: datetime) -> None:
        """Forget those that began before that instant."""
        await self._database.write(_forget, began_before=began_before)


_SESSION = [sessions.c[name] for name in SessionRow._fields]
_KEPT = [kept_forms.c[name] for name in KeptNote._fields]


def _begin(connection: Connection, row: SessionRow) -> None:
    connection.execute(insert(sessions), row._asdict())


def _find(connection: Connection, token_digest: str, *, kept_since: datetime) -> Found | None:
    own = and_(kept_forms.c.person == sessions.c.person, kept_forms.c.kept_at >= kept_since)
    statement = (
        select(*_SESSION, *_KEPT)
        .select_from(sessions.outerjoin(kept_forms, own))
        .where(sessions.c.token_digest == token_digest)
        .order_by(kept_forms.c.kept_at.desc(), kept_forms.c.address)
    )
    rows = connection.execute(statement).all()
    if not rows:
        return None
    kept = (KeptNote(*row[len(_SESSION) :]) for row in rows)
    return Found(SessionRow(*rows[0][: len(_SESSION)]), tuple(one for one in kept if one.address is not None))


def _by_form_token(connection: Connection, form_token: str) -> SessionRow | None:
    row = connection.execute(select(*_SESSION).where(sessions.c.form_token == form_token)).first()
    return None if row is None else SessionRow(*row)


def _seen(connection: Connection, token_digest: str, *, at: datetime) -> None:
    connection.execute(update(sessions).where(sessions.c.token_digest == token_digest).values(seen_at=at))


def _end(connection: Connection, token_digest: str, *, at: datetime) -> bool:
    still_open = (sessions.c.token_digest == token_digest) & sessions.c.ended_at.is_(None)
    return connection.execute(update(sessions).where(still_open).values(ended_at=at)).rowcount == 1


def _end_all(connection: Connection, person: str, *, at: datetime) -> None:
    still_open = (sessions.c.person == person) & sessions.c.ended_at.is_(None)
    connection.execute(update(sessions).where(still_open).values(ended_at=at))


def _forget(connection: Connection, *, began_before: datetime) -> None:
    connection.execute(delete(sessions).where(sessions.c.began_at < began_before))
