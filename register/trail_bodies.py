"""証跡の機関 (bodies of the trail): of which body the row is that an entry names, in one statement for each table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, FromClause, func, select

from register.tables import (
    acts,
    assessments,
    countermeasure_acts,
    countermeasures,
    duties,
    duty_acts,
    event_acts,
    events,
    reports,
    reviews,
    versions,
)

_FOLLOWED = countermeasures.outerjoin(
    assessments, assessments.c.assessment_id == countermeasures.c.assessment_id
).outerjoin(events, events.c.event_id == countermeasures.c.event_id)
_OF_FOLLOWED = func.coalesce(assessments.c.body, events.c.body)
_ACTS = countermeasure_acts.c

# What is no row of these (組織表, 文書, 出来事) is of the body of whoever did it.
PLACES: Mapping[str, tuple[Any, Any, FromClause]] = {
    "assessments": (assessments.c.assessment_id, assessments.c.body, assessments),
    "versions": (
        versions.c.version_id,
        assessments.c.body,
        versions.join(assessments, assessments.c.assessment_id == versions.c.assessment_id),
    ),
    "reports": (reports.c.act_id, reports.c.body, reports),
    "acts": (acts.c.act_id, reviews.c.body, acts.join(reviews, reviews.c.review_id == acts.c.review_id)),
    "countermeasures": (countermeasures.c.countermeasure_id, _OF_FOLLOWED, _FOLLOWED),
    "countermeasure_acts": (
        _ACTS.act_id,
        _OF_FOLLOWED,
        _FOLLOWED.join(countermeasure_acts, _ACTS.countermeasure_id == countermeasures.c.countermeasure_id),
    ),
    "events": (events.c.event_id, events.c.body, events),
    "event_acts": (
        event_acts.c.act_id,
        events.c.body,
        event_acts.join(events, events.c.event_id == event_acts.c.event_id),
    ),
    "duty_acts": (duty_acts.c.act_id, duties.c.body, duty_acts.join(duties, duties.c.duty_id == duty_acts.c.duty_id)),
}


def bodies_of(connection: Connection, rows: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Give the body of each row, by its table and key, where it has one of its own."""
    keys: dict[str, list[str]] = {}
    for table, key in rows:
        keys.setdefault(table, []).append(key)
    return dict(pair for table, of_it in keys.items() for pair in _bodies(connection, table, of_it))


def _bodies(connection: Connection, table: str, keys: Sequence[str]) -> Iterator[tuple[tuple[str, str], str]]:
    if table in PLACES:
        key, body, source = PLACES[table]
        statement = select(key.label("key"), body.label("body")).select_from(source).where(key.in_(keys))
        for row in connection.execute(statement):
            yield (table, row.key), row.body
