"""預かった様式 (kept forms): what a person typed and did not send; found by that person and the address of the form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from register import notices
from register.occurrences import note
from register.tables import kept_forms

if TYPE_CHECKING:
    from register.database import Database
    from schemas.records import Notice, Occurrence


class KeptFormRow(NamedTuple):
    """預かった様式 (kept form): `content` is what was typed, by the names of the fields."""

    person: str
    address: str
    title: str
    content: dict[str, list[str]]
    has_files: bool
    kept_at: datetime


class KeptForms:
    """預かった様式の表."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, row: KeptFormRow, *, most: int, since: datetime) -> None:
        """Write one in place of that of the same address; of the person's, the newest `most` since then stay."""
        await self._database.write(_keep, row, most=most, since=since)

    async def find(self, person: str, address: str, *, since: datetime) -> KeptFormRow | None:
        """Give what is kept of a form; None where nothing is, or nothing since then."""
        return await self._database.read(_find, person, address, since=since)

    async def drop(self, person: str, address: str) -> None:
        """Forget one; nothing where there is none."""
        await self._database.write(_drop, person, address)

    async def forget(self, *, kept_before: datetime) -> None:
        """Forget what was kept before that instant."""
        await self._database.write(_forget, kept_before=kept_before)

    async def refused(self, happened: Occurrence, told: Sequence[Notice]) -> None:
        """Write in one transaction that a form was refused, and who is told of it."""
        await self._database.write(_refused, happened, told)


def _keep(connection: Connection, row: KeptFormRow, *, most: int, since: datetime) -> None:
    _drop(connection, row.person, row.address)
    connection.execute(insert(kept_forms), row._asdict())
    _forget(connection, kept_before=since)
    of_the_person = (
        select(kept_forms.c.address)
        .where(kept_forms.c.person == row.person)
        .order_by(kept_forms.c.kept_at.desc(), kept_forms.c.address)
        .offset(most)
    )
    for (address,) in connection.execute(of_the_person).all():
        _drop(connection, row.person, address)


def _find(connection: Connection, person: str, address: str, *, since: datetime) -> KeptFormRow | None:
    wanted = _this(person, address) & (kept_forms.c.kept_at >= since)
    row = connection.execute(select(kept_forms).where(wanted)).one_or_none()
    return None if row is None else KeptFormRow(**row._mapping)  # noqa: SLF001 # SQLAlchemy's public name


def _drop(connection: Connection, person: str, address: str) -> None:
    connection.execute(delete(kept_forms).where(_this(person, address)))


def _forget(connection: Connection, *, kept_before: datetime) -> None:
    connection.execute(delete(kept_forms).where(kept_forms.c.kept_at < kept_before))


def _refused(connection: Connection, happened: Occurrence, told: Sequence[Notice]) -> None:
    note(connection, happened)
    notices.write(connection, told, at=happened.at)


def _this(person: str, address: str) -> ColumnElement[bool]:
    return (kept_forms.c.person == person) & (kept_forms.c.address == address)
