"""年次の見直し (yearly sweep): opens the review of each published assessment whose year is up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from pydantic import Field
from temporalio import activity

from guideline.deadlines import five_years_asked_on
from guideline.organisation import engine_actor
from schemas.acts import Join
from schemas.base import Identifier, Message
from schemas.courses import Course
from schemas.review import Ground, GroundKind

if TYPE_CHECKING:
    from activities.openings import Openings
    from activities.ports import RegisterPort, ReviewsPort
    from schemas.records import AssessmentRecord

PAGE_SIZE = 500
"""一回に開く数: assessments per page."""

AT_ONCE = 8
"""How many reviews are opened at the same time: so few that the acts of people come through."""


class PageRequest(Message):
    """一頁の依頼 (one page of the sweep)."""

    on: date = Field(title="基準日")
    after: Identifier | None = Field(default=None, title="この識別子の後から")


class PageResult(Message):
    """一頁の結果 (what one page did)."""

    last: Identifier | None = Field(title="最後の識別子（空なら終わり）")
    opened: int = Field(title="新たに開いた数")
    joined: int = Field(title="開いている見直しに加えた数")
    known: int = Field(title="この期日について既に始めていた数")


class YearlyOpening:
    """年次の見直しを開く: the activity of the yearly sweep."""

    def __init__(self, register: RegisterPort, reviews: ReviewsPort, openings: Openings) -> None:
        self._register = register
        self._reviews = reviews
        self._openings = openings

    @activity.defn
    async def open_page(self, request: PageRequest) -> PageResult:
        """Open or join the reviews of one page of due assessments (規則14条1項・3項; improvement report, item 5).

        Each is one act, `yearly/<assessment>/<due_on>` or `five_years/…` (規則15条): doing the page again never makes a
        second ground.
        """
        levels = (await self._register.current_organisation()).organisation.service_levels
        window = _Window(
            yearly_by=request.on + timedelta(days=levels.yearly_lead_days),
            five_years_by=request.on + timedelta(days=levels.five_years_lead_days),
            publication_by=request.on,
        )
        due = await self._register.due_assessments(**window._asdict(), after=request.after, limit=PAGE_SIZE)
        grounds = [window.grounds_of(one, on=request.on) for one in due]
        known = await self._register.known_acts([ground.ground_id for brought in grounds for ground in brought])
        door = asyncio.Semaphore(AT_ONCE)

        async def in_turn(assessment: AssessmentRecord, brought: Sequence[Ground]) -> _Tally:
            async with door:
                tally = await self._open(assessment, brought, known=known)
                activity.heartbeat()
                return tally

        turns = (in_turn(one, brought) for one, brought in zip(due, grounds, strict=True))
        done = await asyncio.gather(*turns, return_exceptions=True)
        failed = [one for one in done if isinstance(one, BaseException)]
        if failed:  # the others are opened all the same; what failed is tried again
            raise failed[0]
        tallies = [one for one in done if isinstance(one, _Tally)]
        opened, joined, known = (sum(column) for column in zip(_Tally(), *tallies, strict=True))
        last = due[-1].assessment_id if len(due) == PAGE_SIZE else None
        return PageResult(last=last, opened=opened, joined=joined, known=known)

    async def _open(self, assessment: AssessmentRecord, brought: Sequence[Ground], *, known: frozenset[str]) -> _Tally:
        """Open or join the review of one assessment for each ground that the calendar brings."""
        tally = _Tally()
        for ground in brought:
            if ground.ground_id in known:
                tally = tally._replace(known=tally.known + 1)
                continue
            opening = await self._openings.of(assessment.assessment_id)
            join = Join(act_id=ground.ground_id, actor=ground.reported_by, opening=opening, ground=ground)
            receipt = await self._reviews.open_or_join(join)
            tally = tally._replace(opened=tally.opened + (not receipt.joined), joined=tally.joined + receipt.joined)
        return tally


class _Tally(NamedTuple):
    """数 (tally): what was done for one assessment."""

    opened: int = 0
    joined: int = 0
    known: int = 0


class _Window(NamedTuple):
    """期日の範囲: what is due by these days is opened."""

    yearly_by: date
    five_years_by: date
    publication_by: date

    def grounds_of(self, assessment: AssessmentRecord, *, on: date) -> tuple[Ground, ...]:
        """Give a ground for each day that has come; its id, by which it is known again, tells whose and which."""
        return tuple(_ground(assessment, kind, due_on) for kind, due_on in self._what_is_due(assessment, on=on))

    def _what_is_due(self, assessment: AssessmentRecord, *, on: date) -> Iterator[tuple[GroundKind, date]]:
        """Give the grounds that the calendar brings.

        The yearly check, 再実施 after five years (規則15条) and then every year until it is done, and after the end of
        a business that of its publication.
        """
        first = assessment.five_years_due_on
        five_years_due_on = None if first is None else five_years_asked_on(first, on=on)
        for kind, due_on, by in (
            (GroundKind.YEARLY, assessment.yearly_due_on, self.yearly_by),
            (GroundKind.FIVE_YEARS, five_years_due_on, self.five_years_by),
            (GroundKind.PUBLICATION_PERIOD, assessment.published_until, self.publication_by),
        ):
            if due_on is not None and due_on <= by:
                yield kind, due_on


def _ground(assessment: AssessmentRecord, kind: GroundKind, due_on: date) -> Ground:
    act_id = f"{kind.value}/{assessment.assessment_id}/{due_on.isoformat()}"
    return Ground(
        ground_id=act_id,
        kind=kind,
        report_id=act_id,
        reported_by=engine_actor(body=assessment.body, department=assessment.department),
        title=f"{kind.label}（期日 {due_on.isoformat()}）",
        known_on=due_on,
        due_on=due_on,
        minimum=Course.NO_CHANGE,
    )
