"""サインインしている人 (sessions): who is signed in, by the digest of the token that their browser holds.

One that has ended is remembered for a while: by its form token it still tells who began a form.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from pydantic import JsonValue
from sqlalchemy import Connection, and_, delete, insert, select, update

from register import organisations
from register.errors import MovedOnError
from register.kept_forms import KeptForms
from register.occurrences import note, occurrence
from register.tables import kept_forms, sessions, sign_ins
from schemas.records import AuditAction

if TYPE_CHECKING:
    from register.database import Database
    from schemas.organisation import Organisation


BY_ANOTHER = "signed_in"
"""終わった訳: in the same browser another sign-in began."""


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


class ClaimedRoles(NamedTuple):
    """示された役割: the organisation with the roles that the provider says a person has, and the revision it was."""

    organisation: Organisation
    after: int


class SessionRows:
    """サインインしている人の表, with what is kept for them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.kept_forms = KeptForms(database)

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

    async def find(self, token_digest: str, *, kept_since: datetime) -> Found | None:
        """Give the session of a token, ended or not, with what is kept for its person since then."""
        return await self._database.read(_find, token_digest, kept_since=kept_since)

    async def by_form_token(self, form_token: str) -> SessionRow | None:
        """Give the session, ended or not, in whose forms this token stands; None when it is not remembered."""
        return await self._database.read(_by_form_token, form_token)

    async def seen(self, token_digest: str, *, at: datetime) -> None:
        """Write that it was used."""
        await self._database.write(_seen, token_digest, at=at)

    async def end(self, token_digest: str, *, at: datetime, why: str) -> None:
        """Write that it ended, with its entry in the audit trail; nothing where it had ended or there is none."""
        await self._database.write(_end, token_digest, at=at, why=why)

    async def end_all(self, person: str, *, at: datetime, why: str) -> None:
        """Write that all of a person ended, with one entry in the audit trail."""
        await self._database.write(_end_all, person, at=at, why=why)

    async def end_everybody(self, *, at: datetime) -> None:
        """Write that everybody's ended, and forget who was about to sign in: what is restored may hold old ones."""
        await self._database.write(_end_everybody, at=at)

    async def forget(self, *, began_before: datetime) -> None:
        """Forget those that began before that instant."""
        await self._database.write(_forget, began_before=began_before)


_SESSION = [sessions.c[name] for name in SessionRow._fields]
_KEPT = [kept_forms.c[name] for name in KeptNote._fields]


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
        _end(connection, ends, at=row.began_at, why=BY_ANOTHER)
    connection.execute(insert(sessions), row._asdict())
    kind = AuditAction.SIGNED_IN
    note(connection, occurrence(kind, actor=row.person, subject=row.person, at=row.began_at, detail=detail))


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


def _end(connection: Connection, token_digest: str, *, at: datetime, why: str) -> None:
    still_open = (sessions.c.token_digest == token_digest) & sessions.c.ended_at.is_(None)
    ended = update(sessions).where(still_open).values(ended_at=at).returning(sessions.c.person)
    for person in connection.execute(ended).scalars().all():
        _signed_out(connection, person, at=at, why=why)


def _end_all(connection: Connection, person: str, *, at: datetime, why: str) -> None:
    still_open = (sessions.c.person == person) & sessions.c.ended_at.is_(None)
    connection.execute(update(sessions).where(still_open).values(ended_at=at))
    _signed_out(connection, person, at=at, why=why)


def _end_everybody(connection: Connection, *, at: datetime) -> None:
    connection.execute(update(sessions).where(sessions.c.ended_at.is_(None)).values(ended_at=at))
    connection.execute(delete(sign_ins))


def _signed_out(connection: Connection, person: str, *, at: datetime, why: str) -> None:
    kind = AuditAction.SIGNED_OUT
    note(connection, occurrence(kind, actor=person, subject=person, at=at, detail={"why": why}))


def _forget(connection: Connection, *, began_before: datetime) -> None:
    connection.execute(delete(sessions).where(sessions.c.began_at < began_before))
