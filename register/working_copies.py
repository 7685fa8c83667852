"""書きかけの文書 (working copies): one of each form in a review; who saved it last, and how often it was saved."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from register.tables import working_copies

if TYPE_CHECKING:
    from register.database import Database


class WorkingCopyRow(NamedTuple):
    """書きかけの文書 (working copy): `revision` counts how often it was saved, from 1."""

    review_id: str
    form: str
    revision: int
    content: dict[str, Any]
    saved_by: str
    saved_at: datetime


class WorkingCopyRows:
    """書きかけの文書の表."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, review_id: str) -> dict[str, WorkingCopyRow]:
        """Give those of a review, by form."""
        return await self._database.read(_of, review_id)

    async def save(self, row: WorkingCopyRow) -> bool:
        """Write the next revision; False, and nothing is written, where another was saved before it."""
        return await self._database.write(_save, row)


def _of(connection: Connection, review_id: str) -> dict[str, WorkingCopyRow]:
    rows = connection.execute(select(working_copies).where(working_copies.c.review_id == review_id))
    return {row.form: WorkingCopyRow(**row._mapping) for row in rows}  # noqa: SLF001 # SQLAlchemy's public name


def _save(connection: Connection, row: WorkingCopyRow) -> bool:
    of_the_form = (working_copies.c.review_id == row.review_id) & (working_copies.c.form == row.form)
    if row.revision == 1:
        if connection.execute(select(working_copies.c.revision).where(of_the_form)).first() is not None:
            return False
        connection.execute(insert(working_copies), row._asdict())
        return True
    before = of_the_form & (working_copies.c.revision == row.revision - 1)
    return connection.execute(update(working_copies).where(before).values(row._asdict())).rowcount == 1
