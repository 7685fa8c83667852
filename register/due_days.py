"""期限の行 (due days): what falls due between two days of what a person sees, in few statements."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection

from register import assessments, countermeasures, duties, events, reviews
from register.assessments import CalendarDays
from register.countermeasures import NamedCountermeasure
from register.reviews import NamedReview
from schemas.duties import DutyState
from schemas.events import EventState

if TYPE_CHECKING:
    from guideline.access import Sight
    from register.database import Database


class Due(NamedTuple):
    """期限のあるもの: assessments with a date of the calendar; open reviews, countermeasures, events, duties."""

    assessments: tuple[CalendarDays, ...]
    reviews: tuple[NamedReview, ...]
    countermeasures: tuple[NamedCountermeasure, ...]
    events: tuple[EventState, ...]
    duties: tuple[DutyState, ...]


class DueDays:
    """期限の行: read in one moment. More may be there than falls between the days; never less."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def between(self, first: date, last: date, *, sight: Sight) -> Due:
        """Give what is due on one of these days, both among them, of what a person sees."""
        return await self._database.read(_between, first, last, sight=sight)


def _between(connection: Connection, first: date, last: date, *, sight: Sight) -> Due:
    return Due(
        assessments.due_between(connection, first, last, sight=sight),
        reviews.due(connection, sight=sight, first=first, last=last),
        countermeasures.due(connection, sight=sight, first=first, last=last),
        events.every(connection, scope="open", sight=sight),
        duties.due(connection, sight=sight, first=first, last=last),
    )
