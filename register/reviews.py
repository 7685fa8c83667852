"""見直し (reviews): reading where they stand, and what was done in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Select, func, or_, select, union

from guideline.organisation import Position
from register import awaited, readings
from register.tables import acts, assessments, reviews
from schemas.records import ActRecord, ReviewRecord, Standing
from schemas.review import ReviewState, Stage

if TYPE_CHECKING:
    from guideline.access import Sight

_REVIEW = select(reviews.c.review_id, reviews.c.assessment_id, reviews.c.run_id, reviews.c.state)
_NEWEST_FIRST = reviews.c.opened_at.desc(), reviews.c.assessment_id, reviews.c.number.desc()


class ReviewScope(StrEnum):
    """範囲 (scope): which reviews are meant."""

    OPEN = "open"  # 開いているもの
    ALL = "all"  # 全て


def one(connection: Connection, review_id: str) -> ReviewRecord:
    """Give one review; raises LookupError when it is unknown."""
    found = _read(connection, _REVIEW.where(reviews.c.review_id == review_id))
    if not found:
        raise LookupError(review_id)
    return found[0]


def every(
    connection: Connection,
    *,
    scope: ReviewScope,
    body: str | None = None,
    assessment: str | None = None,
    sight: Sight | None = None,
) -> tuple[ReviewRecord, ...]:
    """Give the reviews that a person sees, of one body or assessment where it is named, the newest first."""
    statement = _REVIEW.order_by(*_NEWEST_FIRST)
    if scope is ReviewScope.OPEN:
        statement = statement.where(reviews.c.stage != Stage.CLOSED.value)
    if body is not None:
        statement = statement.where(reviews.c.body == body)
    if assessment is not None:
        statement = statement.where(reviews.c.assessment_id == assessment)
    if sight is not None:
        statement = statement.where(readings.reviews_seen(sight))
    return _read(connection, statement)


class NamedReview(NamedTuple):
    """見直しと評価書名 (a review, with the name of its assessment)."""

    record: ReviewRecord
    assessment_name: str


_NAMED = _REVIEW.add_columns(assessments.c.name)


class ReviewFilter(NamedTuple):
    """絞込み (filter): which of the reviews that a person sees a list shows; what is empty leaves nothing out."""

    sight: Sight
    scope: ReviewScope = ReviewScope.OPEN
    stage: Stage | None = None
    department: str = ""
    words: str = ""


class ListedReviews(NamedTuple):
    """一覧の一頁 (one page of a list), and how many there are in all."""

    rows: tuple[NamedReview, ...]
    total: int


def page(connection: Connection, wanted: ReviewFilter, *, first: int, limit: int) -> ListedReviews:
    """Give one page of the reviews that are wanted: what is due first comes first, then the newest."""
    conditions = [readings.reviews_seen(wanted.sight)]
    if wanted.stage is not None:
        conditions.append(reviews.c.stage == wanted.stage.value)
    elif wanted.scope is ReviewScope.OPEN:
        conditions.append(reviews.c.stage != Stage.CLOSED.value)
    if wanted.department:
        conditions.append(assessments.c.department == wanted.department)
    if wanted.words:
        named = (assessments.c.name, reviews.c.review_id)
        conditions.append(or_(*(column.contains(wanted.words, autoescape=True) for column in named)))
    joined = _NAMED.join_from(reviews, assessments).where(*conditions)
    closed = reviews.c.closed_at.is_not(None)
    order = (closed, reviews.c.due_on.is_(None), reviews.c.due_on, *_NEWEST_FIRST)
    rows = _named(connection, joined.order_by(*order).offset(first).limit(limit))
    counted = select(func.count()).select_from(reviews).join(assessments).where(*conditions)
    total = connection.execute(counted).scalar_one()
    return ListedReviews(rows, total)


def waiting(connection: Connection, positions: Iterable[Position]) -> tuple[NamedReview, ...]:
    """Give the reviews that may wait for whoever is in these positions: the rules say which of them do."""
    mine = awaited.subjects(awaited.Kind.REVIEW, positions)
    whole = mine.join(reviews, reviews.c.review_id == mine.c.subject).join(
        assessments, assessments.c.assessment_id == reviews.c.assessment_id
    )
    return _named(connection, _NAMED.select_from(whole))


def due(connection: Connection, *, sight: Sight, first: date, last: date) -> tuple[NamedReview, ...]:
    """Give the open reviews that a person sees and that are due between two days, and those of what is not published.

    These have gates, whose days are in their state alone.
    """
    # Two ways to them, each by an index of its own.
    within = select(reviews.c.review_id).where(reviews.c.body == sight.body, reviews.c.due_on.between(first, last))
    planned = (
        select(reviews.c.review_id)
        .join_from(assessments, reviews, reviews.c.assessment_id == assessments.c.assessment_id)
        .where(assessments.c.standing == Standing.PLANNED.value, assessments.c.body == sight.body)
    )
    ids = union(within, planned).subquery("ids")
    whole = ids.join(reviews, reviews.c.review_id == ids.c.review_id).join(
        assessments, assessments.c.assessment_id == reviews.c.assessment_id
    )
    statement = _NAMED.select_from(whole).where(reviews.c.stage != Stage.CLOSED.value, readings.reviews_seen(sight))
    return _named(connection, statement.order_by(reviews.c.due_on, reviews.c.review_id))


def _named(connection: Connection, statement: Select[Any]) -> tuple[NamedReview, ...]:
    return tuple(NamedReview(_record(row), row.name) for row in connection.execute(statement))


def acts_of(connection: Connection, review_id: str) -> tuple[ActRecord, ...]:
    """Give a review's acts in their order."""
    statement = select(acts).where(acts.c.review_id == review_id).order_by(acts.c.sequence)
    return tuple(_act(row) for row in connection.execute(statement))


def _read(connection: Connection, statement: Select[Any]) -> tuple[ReviewRecord, ...]:
    return tuple(_record(row) for row in connection.execute(statement))


def _record(row: Any) -> ReviewRecord:
    return ReviewRecord(
        review_id=row.review_id,
        assessment_id=row.assessment_id,
        run_id=row.run_id,
        state=ReviewState.model_validate(row.state, strict=False),
    )


def _act(row: Any) -> ActRecord:
    return ActRecord.model_validate(
        {
            "act": row.content,
            "review_id": row.review_id,
            "sequence": row.sequence,
            "at": row.at,
            "content_digest": row.content_digest,
            "receipt": row.answer,
        },
        strict=False,
    )
