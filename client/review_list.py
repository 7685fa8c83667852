"""見直しの一覧 (list of reviews): one page of it, as a person looks through it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pydantic import Field

from guideline.turns import waits_for
from register.reviews import ReviewFilter, ReviewScope
from schemas.base import Instant, Message, ReviewId
from schemas.review import Outcome, Party, Stage

if TYPE_CHECKING:
    from guideline.access import Sight
    from register.register import Register
    from schemas.records import ReviewRecord

PAGE = 50
"""How many reviews a page shows."""


class Wanted(NamedTuple):
    """見たいもの (what is wanted): open ones or all, a stage, a department, words of the name or the number."""

    every: bool = False
    stage: Stage | None = None
    department: str = ""
    words: str = ""


class ReviewRow(Message):
    """一覧の一行."""

    review_id: ReviewId = Field(title="見直し番号")
    assessment_name: str = Field(title="評価書名")
    department: str = Field(title="担当部署")
    stage: Stage = Field(title="段階")
    outcome: Outcome | None = Field(title="結果")
    waits_for: tuple[Party, ...] = Field(title="番にある者")
    due_on: date | None = Field(title="期限")
    grounds: tuple[str, ...] = Field(title="事由")
    opened_at: Instant = Field(title="開始日時")


class ReviewPage(Message):
    """一覧の一頁: which page of how many, and how many reviews there are in all."""

    rows: tuple[ReviewRow, ...] = Field(title="見直し")
    total: int = Field(title="全ての件数")
    number: int = Field(title="頁")
    pages: int = Field(title="頁の数")


async def review_page(register: Register, wanted: Wanted, *, sight: Sight, number: int) -> ReviewPage:
    """Give one page of the reviews that a person sees; a page that there is not is the last one."""
    scope = ReviewScope.ALL if wanted.every else ReviewScope.OPEN
    filtered = ReviewFilter(sight, scope, wanted.stage, wanted.department, wanted.words)
    first = (max(number, 1) - 1) * PAGE
    found = await register.lists.review_page(filtered, first=first, limit=PAGE)
    pages = max(-(-found.total // PAGE), 1)
    if number > pages:
        return await review_page(register, wanted, sight=sight, number=pages)
    rows = tuple(_row(record, name) for record, name in found.rows)
    return ReviewPage(rows=rows, total=found.total, number=max(number, 1), pages=pages)


def _row(record: ReviewRecord, name: str) -> ReviewRow:
    state = record.state
    return ReviewRow(
        review_id=record.review_id,
        assessment_name=name,
        department=state.opening.department,
        stage=state.stage,
        outcome=state.outcome,
        waits_for=waits_for(state),
        due_on=state.due_on,
        grounds=tuple(ground.title for ground in state.grounds),
        opened_at=state.opened_at,
    )
