"""評価書を選ぶ (choosing assessments): those that a search finds, and the names of those whose ids are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, and_, case, func, or_, select

from register.readings import assessments_seen
from register.tables import assessments

if TYPE_CHECKING:
    from guideline.access import Sight
    from register.database import Database

_COLUMNS = (
    assessments.c.assessment_id,
    assessments.c.name,
    assessments.c.number,
    assessments.c.department,
)


class Candidate(NamedTuple):
    """選べる評価書 (an assessment that may be chosen)."""

    assessment_id: str
    name: str
    number: str
    department: str


class Choosing:
    """評価書を選ぶ: a search, and names by ids; each in one reading."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def matching(
        self, *, sight: Sight, words: Sequence[str], first_of: str, limit: int
    ) -> tuple[tuple[Candidate, ...], int]:
        """Give what a person sees in their body and holds every word, one department's first; and how many."""
        return await self._database.read(matching, sight=sight, words=words, first_of=first_of, limit=limit)

    async def named(self, ids: Sequence[str], *, sight: Sight | None = None) -> tuple[Candidate, ...]:
        """Give those of the ids that are known, and that a person sees if one is given, in order of their ids."""
        return await self._database.read(named, ids, sight=sight)


def matching(
    connection: Connection, *, sight: Sight, words: Sequence[str], first_of: str, limit: int
) -> tuple[tuple[Candidate, ...], int]:
    """Give what a person sees in their body and holds every word, one department's first; and how many."""
    places = (assessments.c.name, assessments.c.assessment_id, assessments.c.number, assessments.c.department)
    of_the_body = and_(
        assessments.c.body == sight.body,
        assessments_seen(sight),
        *(or_(*(place.contains(word, autoescape=True) for place in places)) for word in words),
    )
    total = connection.execute(select(func.count()).where(of_the_body)).scalar_one()
    own_first = case((assessments.c.department == first_of, 0), else_=1)
    statement = select(*_COLUMNS).where(of_the_body).order_by(own_first, assessments.c.assessment_id).limit(limit)
    return tuple(Candidate(*row) for row in connection.execute(statement)), int(total)


def named(connection: Connection, ids: Sequence[str], *, sight: Sight | None = None) -> tuple[Candidate, ...]:
    """Give those of the ids that are known, and that a person sees if one is given, in order of their ids."""
    statement = select(*_COLUMNS).where(assessments.c.assessment_id.in_(ids)).order_by(assessments.c.assessment_id)
    if sight is not None:
        statement = statement.where(assessments_seen(sight))
    return tuple(Candidate(*row) for row in connection.execute(statement))
