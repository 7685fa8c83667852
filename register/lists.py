"""一覧 (lists): assessments and entries of the trail, page by page, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, func, or_, select

from guideline.deadlines import TOKYO
from register.tables import (
    acts,
    assessments,
    audit_entries,
    countermeasure_acts,
    event_acts,
    occurrences,
    reports,
    reviews,
)
from schemas.lists import (
    PAGE,
    AssessmentOrder,
    AssessmentPage,
    AssessmentQuery,
    ListedAssessment,
    OpenReview,
    TrailEntry,
    TrailPage,
    TrailQuery,
)
from schemas.records import Standing
from schemas.review import Stage

if TYPE_CHECKING:
    from register.database import Database

_LEVEL = func.coalesce(assessments.c.present_effective_level, assessments.c.effective_level).label("effective_level")
_ROW = tuple(
    _LEVEL if name == "effective_level" else assessments.c[name]
    for name in ListedAssessment.model_fields
    if name != "open_review"
)
_ORDERS = {
    AssessmentOrder.ID: assessments.c.assessment_id,
    AssessmentOrder.NAME: assessments.c.name,
    AssessmentOrder.DEPARTMENT: assessments.c.department,
    AssessmentOrder.VERIFIED: assessments.c.verified_on,
    AssessmentOrder.YEARLY: assessments.c.yearly_due_on,
    AssessmentOrder.FIVE_YEARS: assessments.c.five_years_due_on,
}
_OPEN = reviews.c.stage != Stage.CLOSED.value
_ENTRY = tuple(audit_entries.c[name] for name in TrailEntry.model_fields if name not in ("kind", "belongs_to"))
_KINDS = {
    "acts": (acts, "review_id"),
    "reports": (reports, None),
    "countermeasure_acts": (countermeasure_acts, "countermeasure_id"),
    "event_acts": (event_acts, "event_id"),
    "occurrences": (occurrences, "subject"),
}
"""種類を持つ行: the tables whose rows say of what kind they are, and what they belong to."""


class Lists:
    """一覧を読む."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def assessments(self, query: AssessmentQuery) -> AssessmentPage:
        """Give one page of assessments."""
        return await self._database.read(assessment_page, query)

    async def trail(self, query: TrailQuery) -> TrailPage:
        """Give one page of the audit trail."""
        return await self._database.read(trail_page, query)


def assessment_page(connection: Connection, query: AssessmentQuery) -> AssessmentPage:
    """Give one page of assessments with their open reviews, and how many fit in all: three statements."""
    wanted = tuple(_wanted(query))
    total = connection.execute(select(func.count()).select_from(assessments).where(*wanted)).scalar_one()
    statement = select(*_ROW).where(*wanted).order_by(*_order(query)).limit(PAGE).offset((query.page - 1) * PAGE)
    rows = connection.execute(statement).mappings().all()
    under_review = _open_reviews(connection, [row["assessment_id"] for row in rows])
    found = (
        ListedAssessment.model_validate({**row, "open_review": under_review.get(row["assessment_id"])}, strict=False)
        for row in rows
    )
    return AssessmentPage(rows=tuple(found), total=total)


def _wanted(query: AssessmentQuery) -> list[ColumnElement[bool]]:
    of = assessments.c
    wanted: list[ColumnElement[bool]] = []
    if query.sought:
        places = (of.name, of.number, of.assessment_id)
        wanted.append(or_(*(place.icontains(query.sought, autoescape=True) for place in places)))
    for column, value in ((of.body, query.body), (of.department, query.department), (of.standing, query.standing)):
        if value is not None:
            wanted.append(column == value)
    if query.level is not None:
        wanted.append(func.coalesce(of.present_effective_level, of.effective_level) == query.level.value)
    if query.due_by is not None:
        dated = or_(of.yearly_due_on <= query.due_by, of.five_years_due_on <= query.due_by)
        published = and_(of.standing == Standing.PUBLISHED.value, dated)
        ended = and_(of.standing == Standing.ENDED.value, of.published_until <= query.due_by)
        wanted.append(or_(published, ended))
    if query.under_review:
        wanted.append(exists().where(reviews.c.assessment_id == of.assessment_id, _OPEN))
    return wanted


def _order(query: AssessmentQuery) -> tuple[ColumnElement[Any], ...]:
    """Give the order; what has no date comes last, whatever the database thinks of nothing."""
    column, by_id = _ORDERS[query.order], assessments.c.assessment_id
    if column is by_id:
        return (by_id,)
    return (column.asc().nulls_last() if column.nullable else column.asc(), by_id)


def _open_reviews(connection: Connection, ids: Sequence[str]) -> dict[str, OpenReview]:
    statement = select(reviews.c.assessment_id, reviews.c.review_id, reviews.c.stage, reviews.c.due_on)
    rows = connection.execute(statement.where(reviews.c.assessment_id.in_(ids), _OPEN))
    return {
        row.assessment_id: OpenReview(review_id=row.review_id, stage=Stage(row.stage), due_on=row.due_on)
        for row in rows
    }


def trail_page(connection: Connection, query: TrailQuery) -> TrailPage:
    """Give one page of the trail, the newest first, with what the rows say that the entries name.

    The first and the last day of the calendar bound nothing: seen from Greenwich their ends lie outside of it.
    """
    of = audit_entries.c
    statement = select(*_ENTRY).order_by(of.seq.desc()).limit(PAGE + 1)
    if query.actor is not None:
        statement = statement.where(of.actor == query.actor)
    if query.action is not None:
        statement = statement.where(of.action == query.action.value)
    if query.since is not None and query.since > date.min:
        statement = statement.where(of.at >= datetime.combine(query.since, time(), TOKYO).astimezone(UTC))
    if query.until is not None and query.until < date.max:
        day_after = datetime.combine(query.until, time(), TOKYO) + timedelta(days=1)
        statement = statement.where(of.at < day_after.astimezone(UTC))
    if query.before is not None:
        statement = statement.where(of.seq < query.before)
    rows = connection.execute(statement).mappings().all()
    kinds: dict[tuple[str, str], dict[str, str | None]] = {}
    for name, (table, owner) in _KINDS.items():
        keys = [row["subject_key"] for row in rows if row["subject_table"] == name]
        if keys:
            kinds |= _kinds(connection, table, owner, keys)
    entries = tuple(
        TrailEntry.model_validate({**row, **kinds.get((row["subject_table"], row["subject_key"]), {})}, strict=False)
        for row in rows[:PAGE]
    )
    return TrailPage(entries=entries, more=len(rows) > PAGE)


def _kinds(
    connection: Connection, table: Table, owner: str | None, keys: Sequence[str]
) -> dict[tuple[str, str], dict[str, str | None]]:
    (key,) = table.primary_key.columns
    columns = [key.label("key"), table.c.kind, *([table.c[owner]] if owner else [])]
    rows = connection.execute(select(*columns).where(key.in_(keys)))
    return {
        (table.name, row.key): {"kind": row.kind, "belongs_to": getattr(row, owner) if owner else None} for row in rows
    }
