"""一覧 (lists): of what is in the register, what a person sees; the trail page by page, however long it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)

from guideline.deadlines import TOKYO
from register import assessments as assessment_rows
from register import countermeasures, events, plan_register
from register import reviews as review_rows
from register.readings import NOT_PUBLIC, PUBLIC, assessments_wholly
from register.reviews import ListedReviews, ReviewFilter, ReviewScope
from register.tables import (
    acts,
    assessments,
    audit_entries,
    countermeasure_acts,
    duty_acts,
    event_acts,
    occurrences,
    reports,
    reviews,
)
from register.trail_bodies import bodies_of
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
    from guideline.access import Sight
    from register.database import Database
    from schemas.countermeasures import CountermeasureState
    from schemas.events import EventState
    from schemas.plan import AssessmentFacts
    from schemas.records import AssessmentRecord, ReviewRecord

_LEVEL = func.coalesce(assessments.c.present_effective_level, assessments.c.effective_level).label("effective_level")
_OWN = frozenset({"verified_on", "yearly_due_on", "five_years_due_on", "published_until"})
"""公表されないこと: of the columns of a list, those that are for whoever sees all of an assessment."""
_ORDERS = {
    AssessmentOrder.ID: assessments.c.assessment_id,
    AssessmentOrder.NAME: assessments.c.name,
    AssessmentOrder.DEPARTMENT: assessments.c.department,
    AssessmentOrder.VERIFIED: assessments.c.verified_on,
    AssessmentOrder.YEARLY: assessments.c.yearly_due_on,
    AssessmentOrder.FIVE_YEARS: assessments.c.five_years_due_on,
}
_OPEN = reviews.c.stage != Stage.CLOSED.value
_ENTRY = tuple(audit_entries.c[name] for name in TrailEntry.model_fields if name not in ("kind", "belongs_to", "body"))
_KINDS = {
    "acts": (acts, "review_id"),
    "reports": (reports, None),
    "countermeasure_acts": (countermeasure_acts, "countermeasure_id"),
    "duty_acts": (duty_acts, "duty_id"),
    "event_acts": (event_acts, "event_id"),
    "occurrences": (occurrences, "subject"),
}
"""種類を持つ行: the tables whose rows say of what kind they are, and what they belong to."""


class Lists:
    """一覧を読む."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def assessments(self, query: AssessmentQuery, *, sight: Sight | None = None) -> AssessmentPage:
        """Give one page of the assessments that a person sees, of all where none is given."""
        return await self._database.read(assessment_page, query, sight=sight)

    async def assessment_records(self, *, sight: Sight | None = None) -> tuple[AssessmentRecord, ...]:
        """Give the assessments that a person sees, in order of their ids."""
        return await self._database.read(assessment_rows.every, sight=sight)

    async def reviews(
        self, *, scope: str, assessment: str | None = None, sight: Sight | None = None
    ) -> tuple[ReviewRecord, ...]:
        """Give the reviews that a person sees, of one assessment if named, the newest first."""
        of = ReviewScope(scope)
        return await self._database.read(review_rows.every, scope=of, assessment=assessment, sight=sight)

    async def review_page(self, wanted: ReviewFilter, *, first: int, limit: int) -> ListedReviews:
        """Give one page of the reviews that are wanted, what is due first at its head."""
        return await self._database.read(review_rows.page, wanted, first=first, limit=limit)

    async def events(
        self, *, scope: str, body: str | None = None, sight: Sight | None = None
    ) -> tuple[EventState, ...]:
        """Give the risk events that a person sees, of one body if named, the newest first."""
        return await self._database.read(events.every, scope=scope, body=body, sight=sight)

    async def countermeasures(
        self, *, scope: str, assessment: str | None = None, sight: Sight | None = None
    ) -> tuple[CountermeasureState, ...]:
        """Give the countermeasures that a person sees, of one assessment if named, by date."""
        return await self._database.read(countermeasures.every, scope=scope, assessment=assessment, sight=sight)

    async def plan_facts(self, *, body: str | None = None, sight: Sight | None = None) -> tuple[AssessmentFacts, ...]:
        """Give what the 計画管理書 tells of each assessment that a person sees, of one body if named, by id."""
        return await self._database.read(plan_register.facts, body=body, sight=sight)

    async def trail(self, query: TrailQuery) -> TrailPage:
        """Give one page of the audit trail."""
        return await self._database.read(trail_page, query)


def assessment_page(connection: Connection, query: AssessmentQuery, *, sight: Sight | None = None) -> AssessmentPage:
    """Give one page of assessments with their open reviews, and how many fit in all: three statements.

    Of what a person does not see wholly only what is published is given, is asked for, and orders the rows.
    """
    shown = _Shown(sight)
    wanted = tuple(_wanted(query, shown))
    total = connection.execute(_total(wanted, shown)).scalar_one()
    # First the ids alone: what an order goes through to find one page is then small.
    order = _order(query, shown)
    ids = select(assessments.c.assessment_id).where(*wanted, shown.seen).order_by(*order)
    on_page = ids.limit(PAGE).offset((query.page - 1) * PAGE).subquery("on_page")
    whole = assessments.join(on_page, on_page.c.assessment_id == assessments.c.assessment_id)
    statement = select(*shown.row, shown.wholly.label("wholly")).select_from(whole).order_by(*order)
    rows = connection.execute(statement).mappings().all()
    under_review = _open_reviews(connection, [row["assessment_id"] for row in rows if row["wholly"]])
    found = (
        ListedAssessment.model_validate(
            {**{name: row[name] for name in shown.names}, "open_review": under_review.get(row["assessment_id"])},
            strict=False,
        )
        for row in rows
    )
    return AssessmentPage(rows=tuple(found), total=total)


def _total(wanted: Sequence[ColumnElement[bool]], shown: _Shown) -> Select[Any]:
    """Count what is published and what else is seen apart: each has an index, where both in one would read each row."""
    standing = assessments.c.standing
    parts = (standing.in_(PUBLIC), and_(standing.in_(NOT_PUBLIC), shown.wholly))
    counted = [
        select(func.count()).select_from(assessments).where(*wanted, part).scalar_subquery()
        for part in ((true(),) if shown.is_all else parts)
    ]
    return select(sum(counted[1:], start=counted[0]))


class _Shown:
    """示す列 (shown columns): what a person does not see of a row is empty in it."""

    def __init__(self, sight: Sight | None) -> None:
        self.is_all = sight is None
        self.wholly: ColumnElement[bool] = true() if sight is None else assessments_wholly(sight)
        self.seen: ColumnElement[bool] = true() if sight is None else _seen_in_order(sight)
        self.names = tuple(name for name in ListedAssessment.model_fields if name != "open_review")
        self.row = tuple(_LEVEL if name == "effective_level" else self.column(name).label(name) for name in self.names)

    def column(self, name: str) -> ColumnElement[Any]:
        column = assessments.c[name]
        return column if self.is_all or name not in _OWN else case((self.wholly, column), else_=None)


def _seen_in_order(sight: Sight) -> ColumnElement[bool]:
    """Choose what a person sees, in words by which no index is found: most is seen, and the order has an index."""
    return or_((assessments.c.standing + "").in_(PUBLIC), assessments_wholly(sight))


def _wanted(query: AssessmentQuery, shown: _Shown) -> list[ColumnElement[bool]]:
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
        wanted += [or_(published, ended), shown.wholly]
    if query.under_review:
        wanted.append(shown.wholly)
        wanted.append(exists().where(reviews.c.assessment_id == of.assessment_id, _OPEN))
    return wanted


def _order(query: AssessmentQuery, shown: _Shown) -> tuple[ColumnElement[Any], ...]:
    """Give the order; what has no date comes last, whatever the database thinks of nothing."""
    column, by_id = _ORDERS[query.order], assessments.c.assessment_id
    if column is by_id:
        return (by_id,)
    if not column.nullable:
        return (column.asc(), by_id)
    return (shown.column(column.name).asc().nulls_last(), by_id)


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
        statement = statement.where(of.seq < literal(query.before, BigInteger()))  # may be larger than any of them
    rows = connection.execute(statement).mappings().all()
    kinds: dict[tuple[str, str], dict[str, str | None]] = {}
    for name, (table, owner) in _KINDS.items():
        keys = [row["subject_key"] for row in rows if row["subject_table"] == name]
        if keys:
            kinds |= _kinds(connection, table, owner, keys)
    names = [(row["subject_table"], row["subject_key"]) for row in rows[:PAGE]]
    bodies = bodies_of(connection, names)
    entries = tuple(
        TrailEntry.model_validate({**row, **kinds.get(name, {}), "body": bodies.get(name)}, strict=False)
        for row, name in zip(rows, names, strict=False)
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
