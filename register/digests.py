"""まとめて知らせる (digests): how people want to be told by mail, and the notices that are held for a morning."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, insert, select, update

from register import notices as outgoing
from register.tables import notices, preferences
from schemas.letters import Digest, MailChoice, Outgoing
from schemas.records import Notice

if TYPE_CHECKING:
    from register.database import Database

_CHOICE = select(preferences.c.mail).where(preferences.c.person == bindparam("whom"))
_NOT_GIVEN_OUT = notices.c.dispatched_at.is_(None)
_OPEN = notices.c.delivered_at.is_(None), notices.c.failed_at.is_(None)
_DUE = (
    select(notices.c.person, notices.c.held_until)
    .where(_NOT_GIVEN_OUT, notices.c.held_until <= bindparam("now"))
    .distinct()
    .limit(bindparam("most"))
)


class DigestRows:
    """まとめの表: choices, and what waits for them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def choice_of(self, person: str) -> MailChoice:
        """Give what a person chose; at once where they chose nothing."""
        return await self._database.read(_choice_of, person)

    async def choose(self, person: str, choice: MailChoice, *, at: datetime) -> None:
        """Write what a person chose; what was held for them goes out now where that is at once."""
        await self._database.write(_choose, person, choice, at=at)

    async def who_chose_daily(self, people: Collection[str]) -> frozenset[str]:
        """Say which of them chose one mail a day."""
        return await self._database.read(_who_chose_daily, people)

    async def hold(self, notice_ids: Sequence[str], *, until: datetime) -> None:
        """Hold notices that were not given out yet until a morning."""
        await self._database.write(_hold, notice_ids, until=until)

    async def due(self, *, now: datetime, limit: int) -> tuple[Digest, ...]:
        """Give the digests whose morning has come and that were not given out yet."""
        return await self._database.read(_due, now=now, limit=limit)

    async def mark_given_out(self, digest: Digest, *, at: datetime) -> None:
        """Mark what is in a digest: a workflow delivers it."""
        await self._database.write(_mark_given_out, digest, at=at)

    async def notices_in(self, digest: Digest) -> tuple[Outgoing, ...]:
        """Give what of a digest is neither delivered nor given up, the oldest first."""
        return await self._database.read(_notices_in, digest)


def _choice_of(connection: Connection, person: str) -> MailChoice:
    chosen = connection.execute(_CHOICE, {"whom": person}).scalar_one_or_none()
    return MailChoice(chosen) if chosen else MailChoice.AT_ONCE


def _choose(connection: Connection, person: str, choice: MailChoice, *, at: datetime) -> None:
    row = {"mail": choice.value, "chosen_at": at}
    known = update(preferences).where(preferences.c.person == person).values(row)
    if connection.execute(known).rowcount == 0:
        connection.execute(insert(preferences), {"person": person, **row})
    if choice is MailChoice.AT_ONCE:
        held = update(notices).where(notices.c.person == person, _NOT_GIVEN_OUT, notices.c.held_until > at)
        connection.execute(held.values(held_until=at))


def _who_chose_daily(connection: Connection, people: Collection[str]) -> frozenset[str]:
    chosen = select(preferences.c.person).where(
        preferences.c.person.in_(sorted(people)), preferences.c.mail == MailChoice.DAILY.value
    )
    return frozenset(connection.execute(chosen).scalars())


def _hold(connection: Connection, notice_ids: Sequence[str], *, until: datetime) -> None:
    connection.execute(outgoing.undelivered(notice_ids).where(_NOT_GIVEN_OUT).values(held_until=until))


def _due(connection: Connection, *, now: datetime, limit: int) -> tuple[Digest, ...]:
    rows = connection.execute(_DUE, {"now": now, "most": limit})
    return tuple(Digest(person=row.person, until=row.held_until) for row in rows)


def _mark_given_out(connection: Connection, digest: Digest, *, at: datetime) -> None:
    connection.execute(update(notices).where(*_in(digest), _NOT_GIVEN_OUT).values(dispatched_at=at))


def _notices_in(connection: Connection, digest: Digest) -> tuple[Outgoing, ...]:
    columns = [notices.c[name] for name in (*Notice.model_fields, "made_at")]
    statement = select(*columns).where(*_in(digest), *_OPEN).order_by(notices.c.made_at, notices.c.notice_id)
    return tuple(Outgoing(notice=outgoing.notice_of(row), made_at=row.made_at) for row in connection.execute(statement))


def _in(digest: Digest) -> tuple[Any, ...]:
    return notices.c.person == digest.person, notices.c.held_until == digest.until
