"""閲覧の範囲 (readings): of each row, whether it is a person's own, and whether they are involved in it.

Lists and single rows are asked by the same clauses; what follows is in `guideline.access` alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Exists,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    true,
    type_coerce,
)

from register import awaited, duty_roll
from register.tables import (
    acts,
    assessments,
    countermeasure_acts,
    countermeasures,
    duties,
    duty_acts,
    event_acts,
    events,
    grounds,
    notices,
    reports,
    reviews,
)
from schemas.records import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from guideline.access import Sight
    from register.database import Database

PUBLIC = (Standing.PUBLISHED.value, Standing.ENDED.value)
"""公表中: the standings in which an assessment is published."""

NOT_PUBLIC = tuple(one.value for one in Standing if one.value not in PUBLIC)
"""公表していない: all the others."""

_Clause = ColumnElement[bool]


class Place(NamedTuple):
    """置かれた所 (place): whose a row is, and how a person is related to it."""

    body: str
    department: str
    is_own: bool
    is_involved: bool
    is_published: bool = True


class Readings:
    """閲覧の範囲: each row in one statement; None where there is none."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def assessment(self, assessment_id: str, *, sight: Sight) -> Place | None:
        """Give the place of an assessment."""
        of = assessments.c
        published = of.standing.in_(PUBLIC).label("is_published")
        found = _place(of.body, of.department, own_assessment(sight), _told_of_assessment(sight), published)
        return await self._database.read(_read, found.where(of.assessment_id == assessment_id))

    async def review(self, review_id: str, *, sight: Sight) -> Place | None:
        """Give the place of a review: that of its assessment."""
        found = _place(reviews.c.body, assessments.c.department, own_review(sight), involved_in_review(sight))
        joined = found.select_from(reviews.join(assessments, assessments.c.assessment_id == reviews.c.assessment_id))
        return await self._database.read(_read, joined.where(reviews.c.review_id == review_id))

    async def event(self, event_id: str, *, sight: Sight) -> Place | None:
        """Give the place of a risk event."""
        found = _place(events.c.body, events.c.department, own_event(sight), involved_in_event(sight))
        return await self._database.read(_read, found.where(events.c.event_id == event_id))

    async def report(self, report_id: str, *, sight: Sight) -> Place | None:
        """Give the place of a report."""
        department = _text(reports.c.content, "actor", "department")
        found = _place(reports.c.body, department, _own_report(sight), _involved_in_report(sight))
        return await self._database.read(_read, found.where(reports.c.act_id == report_id))

    async def countermeasure(self, countermeasure_id: str, *, sight: Sight) -> Place | None:
        """Give the place of a countermeasure."""
        body, department = (_text(countermeasures.c.state, name) for name in ("body", "department"))
        found = _place(body, department, own_countermeasure(sight), involved_in_countermeasure(sight))
        return await self._database.read(_read, found.where(countermeasures.c.countermeasure_id == countermeasure_id))

    async def duty(self, duty_id: str, *, sight: Sight) -> Place | None:
        """Give the place of a duty."""
        found = _place(duties.c.body, duties.c.department, own_duty(sight), involved_in_duty(sight))
        return await self._database.read(_read, found.where(duties.c.duty_id == duty_id))


def _place(
    body: ColumnElement[str], department: ColumnElement[str], own: _Clause, involved: _Clause, *more: Any
) -> Select[Any]:
    return select(
        body.label("body"),
        department.label("department"),
        own.label("is_own"),
        involved.label("is_involved"),
        *more,
    )


def _read(connection: Connection, statement: Select[Any]) -> Place | None:
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else Place(**row)


# --- 一覧の条件


def assessments_seen(sight: Sight) -> _Clause:
    """Choose the assessments that a person sees in lists: what is wholly theirs, and what is published."""
    return or_(assessments_wholly(sight), assessments.c.standing.in_(PUBLIC))


def assessments_wholly(sight: Sight) -> _Clause:
    """Choose those of which a person sees all."""
    of_the_body = assessments.c.body == sight.body
    return of_the_body if sight.is_watcher else and_(of_the_body, own_assessment(sight))


def reviews_seen(sight: Sight) -> _Clause:
    """Choose the reviews that a person sees."""
    return _seen(sight, reviews.c.body == sight.body, own_review, involved_in_review)


def events_seen(sight: Sight) -> _Clause:
    """Choose the risk events that a person sees."""
    return _seen(sight, events.c.body == sight.body, own_event, involved_in_event)


def countermeasures_seen(sight: Sight) -> _Clause:
    """Choose the countermeasures that a person sees."""
    return _seen(sight, countermeasures_of(sight.body), own_countermeasure, involved_in_countermeasure)


def duties_seen(sight: Sight) -> _Clause:
    """Choose the duties that a person sees."""
    return _seen(sight, duties.c.body == sight.body, own_duty, involved_in_duty)


def countermeasures_of(body: str) -> _Clause:
    """Choose the countermeasures of a body: those of its assessments and of its risk events."""
    of_assessments = select(assessments.c.assessment_id).where(assessments.c.body == body)
    of_events = select(events.c.event_id).where(events.c.body == body)
    return or_(
        countermeasures.c.assessment_id.in_(of_assessments),
        countermeasures.c.event_id.in_(of_events),
    )


def _seen(sight: Sight, of_the_body: _Clause, own: Any, involved: Any) -> _Clause:
    return and_(of_the_body, true() if sight.is_watcher else or_(own(sight), involved(sight)))


# --- 自分の部署のもの、関わったもの


def own_assessment(sight: Sight) -> _Clause:
    """Say whether an assessment is of a person's department."""
    return assessments.c.department.in_(_sorted(sight))


def own_review(sight: Sight) -> _Clause:
    """Say whether a review is of an assessment of a person's department, or waits for them as a substitute."""
    waiting = awaited.subjects(awaited.Kind.REVIEW, sight.behind)
    return or_(
        reviews.c.assessment_id.in_(_own_assessments(sight)),
        reviews.c.review_id.in_(select(waiting.c.subject)),
    )


def involved_in_review(sight: Sight) -> _Clause:
    """Say whether a person reported a ground of a review, acted in it, or was told of it."""
    told = select(notices.c.review_id).where(notices.c.person == sight.person, notices.c.review_id.is_not(None))
    acted = exists().where(acts.c.review_id == reviews.c.review_id, acts.c.person == sight.person)
    return or_(acted.correlate(reviews), reviews.c.review_id.in_(told))


def own_event(sight: Sight) -> _Clause:
    """Say whether a person's department knew of an event or reported it, or an assessment of theirs is reviewed."""
    of = events.c.event_id
    reported = exists().where(reports.c.act_id == of, _reporting(sight)).correlate(events)
    concerned = or_(events.c.department.in_(_sorted(sight)), _knew(sight), reported)
    return or_(concerned, _is_reviewed_for(sight, of).correlate(events))


def involved_in_event(sight: Sight) -> _Clause:
    """Say whether a person reported an event, acted on it, carries out a measure, or was told of it."""
    of = events.c.event_id
    ways = (
        exists().where(reports.c.act_id == of, reports.c.person == sight.person),
        exists().where(event_acts.c.event_id == of, event_acts.c.person == sight.person),
        exists().where(countermeasures.c.event_id == of, countermeasures.c.owner == sight.person),
        _told(sight, of, ">", "#"),
    )
    return or_(*(one.correlate(events) for one in ways))


def own_countermeasure(sight: Sight) -> _Clause:
    """Say whether a countermeasure is of a person's department, or of an event that they see."""
    seen = or_(own_event(sight), involved_in_event(sight))
    of_events = select(events.c.event_id).where(events.c.body == sight.body, seen).correlate(None)
    return or_(
        _text(countermeasures.c.state, "department").in_(_sorted(sight)),
        countermeasures.c.assessment_id.in_(_own_assessments(sight)),
        countermeasures.c.event_id.in_(of_events),
    )


def involved_in_countermeasure(sight: Sight) -> _Clause:
    """Say whether a countermeasure is a person's to carry out, or they acted on it, or were told of it."""
    of = countermeasures.c.countermeasure_id
    acted = exists().where(countermeasure_acts.c.countermeasure_id == of, countermeasure_acts.c.person == sight.person)
    ways = (acted, _told(sight, of, "/"))
    return or_(countermeasures.c.owner == sight.person, *(one.correlate(countermeasures) for one in ways))


def own_duty(sight: Sight) -> _Clause:
    """Say whether a duty is of a person's department."""
    return duties.c.department.in_(_sorted(sight))


def involved_in_duty(sight: Sight) -> _Clause:
    """Say whether a person owes a duty, acted on it or was told of it, or they or their department are on its roll."""
    of = duties.c.duty_id
    acted = exists().where(duty_acts.c.duty_id == of, duty_acts.c.person == sight.person)
    ways = (acted, _told(sight, of, "~"))
    on_the_roll = (duty_roll.duties_with(sight.person), duty_roll.duties_of(_sorted(sight)))
    return or_(
        duties.c.owner == sight.person,
        *(of.in_(one) for one in on_the_roll),
        *(one.correlate(duties) for one in ways),
    )


def _own_report(sight: Sight) -> _Clause:
    """Say whether a person's department reported, is reported of, or owns what is reviewed for it."""
    names = ("known_by_department", "department")
    places = [_text(reports.c.content, "report", name).in_(_sorted(sight)) for name in names]
    reviewed = _is_reviewed_for(sight, reports.c.act_id).correlate(reports)
    return or_(_reporting(sight), *places, reviewed, _began_one(own_event(sight)))


def _involved_in_report(sight: Sight) -> _Clause:
    told = _told(sight, reports.c.act_id, ">").correlate(reports)
    return or_(reports.c.person == sight.person, told, _began_one(involved_in_event(sight)))


def _began_one(which: _Clause) -> _Clause:
    """Say whether a report began such a risk event."""
    return reports.c.act_id.in_(select(events.c.event_id).where(which).correlate(None))


def _told_of_assessment(sight: Sight) -> _Clause:
    of_it = notices.c.assessment_id == assessments.c.assessment_id
    return exists().where(notices.c.person == sight.person, of_it).correlate(assessments)


def _told(sight: Sight, name: ColumnElement[str], *marks: str) -> Exists:
    """Say whether a person has a notice whose id begins with the name of a thing and one of the marks."""
    begins = (func.substr(notices.c.notice_id, 1, func.length(name) + 1) == name.concat(mark) for mark in marks)
    return exists().where(notices.c.person == sight.person, or_(*begins))


def _own_assessments(sight: Sight) -> Select[Any]:
    of_the_body = assessments.c.body == sight.body
    return select(assessments.c.assessment_id).where(own_assessment(sight), of_the_body).correlate(None)


def _reporting(sight: Sight) -> _Clause:
    return _text(reports.c.content, "actor", "department").in_(_sorted(sight))


def _is_reviewed_for(sight: Sight, report_id: ColumnElement[str]) -> Exists:
    opened = grounds.join(reviews, reviews.c.review_id == grounds.c.review_id)
    return (
        exists()
        .select_from(opened)
        .where(grounds.c.report_id == report_id, reviews.c.assessment_id.in_(_own_assessments(sight)))
    )


def _knew(sight: Sight) -> _Clause:
    """Say whether a department stands among those that knew: a list in the state, as text with or without spaces."""
    known = _text(events.c.state, "knowledge")
    named = (f'"department":{space}"{one}"' for one in _sorted(sight) for space in ("", " "))
    return or_(*(known.contains(words, autoescape=True) for words in named))


def _text(column: ColumnElement[Any], *path: str) -> ColumnElement[str]:
    inner: Any = type_coerce(column, JSON)[path if len(path) > 1 else path[0]]
    found: ColumnElement[str] = inner.as_string()
    return found


def _sorted(sight: Sight) -> Sequence[str]:
    return sorted(sight.departments)
