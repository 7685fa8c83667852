"""受信箱の行 (inbox rows): what may wait for one person, found without reading what waits for others."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from guideline.organisation import Position
from register import assessments, countermeasures, duties, events, notices, reports, reviews
from register.countermeasures import NamedCountermeasure
from register.reviews import NamedReview
from schemas.acts import Intake
from schemas.duties import DutyState
from schemas.events import EventState
from schemas.letters import NoticeProgress

if TYPE_CHECKING:
    from register.database import Database


class InboxRows:
    """受信箱の行: each by an index, in one statement."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reviews(self, positions: Iterable[Position]) -> tuple[NamedReview, ...]:
        """Give the open reviews that may wait for whoever is in these positions."""
        return await self._database.read(reviews.waiting, tuple(positions))

    async def countermeasures(self, *, owner: str, positions: Iterable[Position]) -> tuple[NamedCountermeasure, ...]:
        """Give the countermeasures that are the owner's, and those that may wait for these positions."""
        return await self._database.read(countermeasures.waiting, owner=owner, positions=tuple(positions))

    async def duties(self, *, person: str, positions: Iterable[Position]) -> tuple[DutyState, ...]:
        """Give the duties that are the person's, those that may wait for these positions, and those they are on."""
        return await self._database.read(duties.waiting, person=person, positions=tuple(positions))

    async def reports_without_assessment(self, *, body: str) -> tuple[Intake, ...]:
        """Give the risk events of a body of which no assessment was named, nor that they touch none."""
        return await self._database.read(reports.without_assessment, body=body)

    async def events(self, *, body: str) -> tuple[EventState, ...]:
        """Give the open risk events of a body."""
        return await self._database.read(events.every, scope="open", body=body)

    async def events_of_reports(self, act_ids: Collection[str]) -> dict[str, str]:
        """Give of each report of a risk event, by its id, the event that it begins or adds to."""
        return await self._database.read(reports.events_of, act_ids)

    async def names_of(self, assessment_ids: Collection[str]) -> dict[str, str]:
        """Give the name of each assessment, by its id."""
        return await self._database.read(assessments.names_of, assessment_ids)

    async def notices(self, person: str, *, limit: int, after: int = 0) -> tuple[NoticeProgress, ...]:
        """Give a person's newest notices with what became of each, so many behind the first `after`."""
        return await self._database.read(notices.progress_of_person, person, limit=limit, after=after)
