"""追跡したものの照合 (what is followed): a review, a countermeasure, an event, a duty is where its last act says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, select

from register.audit import UNREADABLE
from register.tables import acts, countermeasure_acts, countermeasures, duties, duty_acts, event_acts, events, reviews
from schemas.canonical import digest_of


def reviews_beside_their_acts(connection: Connection) -> Iterator[str]:
    """Hold where a review stands against the answer of its last act, and its columns against its own state."""
    later = acts.alias("later")
    is_last = ~exists().where(later.c.review_id == acts.c.review_id, later.c.sequence > acts.c.sequence)
    whole = reviews.outerjoin(acts, and_(acts.c.review_id == reviews.c.review_id, is_last))
    last = acts.c.answer, acts.c.run_id.label("last_run"), acts.c.sequence, acts.c.due_on.label("last_due_on")
    for row in connection.execute(select(reviews, *last).select_from(whole).order_by(reviews.c.review_id)):
        if not _holds(_review_stands, row):
            yield f"見直し {row.review_id} の今の姿が、最後の行為と違います。"
    gone = select(acts.c.review_id).outerjoin_from(acts, reviews, reviews.c.review_id == acts.c.review_id).distinct()
    for review_id in connection.execute(gone.where(reviews.c.review_id.is_(None))).scalars():
        yield f"見直し {review_id} が台帳から消えています。"


def countermeasures_beside_their_acts(connection: Connection) -> Iterator[str]:
    """Hold where a countermeasure stands against the answer of its last act; without one it is open as planned."""
    one, act = countermeasures.c, countermeasure_acts.c
    later = countermeasure_acts.alias("later")
    is_last = ~exists().where(later.c.countermeasure_id == act.countermeasure_id, later.c.sequence > act.sequence)
    whole = countermeasures.outerjoin(
        countermeasure_acts, and_(act.countermeasure_id == one.countermeasure_id, is_last)
    )
    columns = one.countermeasure_id, one.status, one.due_on, one.planned_on, one.state, act.answer
    for row in connection.execute(select(*columns).select_from(whole).order_by(one.countermeasure_id)):
        if not _holds(_countermeasure_stands, row):
            yield f"対応策 {row.countermeasure_id} の今の姿が、最後の行為と違います。"


def events_beside_their_acts(connection: Connection) -> Iterator[str]:
    """Hold where a risk event stands against the answer of its last act; without one it is open as it was reported."""
    one, act = events.c, event_acts.c
    later = event_acts.alias("later")
    is_last = ~exists().where(later.c.event_id == act.event_id, later.c.sequence > act.sequence)
    whole = events.outerjoin(event_acts, and_(act.event_id == one.event_id, is_last))
    columns = one.event_id, one.status, one.due_on, one.first_due_on, one.state, act.answer
    for row in connection.execute(select(*columns).select_from(whole).order_by(one.event_id)):
        if not _holds(_event_stands, row):
            yield f"リスク事案 {row.event_id} の今の姿が、最後の行為と違います。"


def duties_beside_their_acts(connection: Connection) -> Iterator[str]:
    """Hold the state of a duty against the digest in the answer of its last act, and its columns against its state."""
    one, act = duties.c, duty_acts.c
    later = duty_acts.alias("later")
    is_last = ~exists().where(later.c.duty_id == act.duty_id, later.c.sequence > act.sequence)
    whole = duties.outerjoin(duty_acts, and_(act.duty_id == one.duty_id, is_last))
    for row in connection.execute(select(duties, act.answer).select_from(whole).order_by(one.duty_id)):
        if not _holds(_duty_stands, row):
            yield f"義務 {row.duty_id} の今の姿が、最後の行為と違います。"
    gone = select(act.duty_id).outerjoin_from(duty_acts, duties, one.duty_id == act.duty_id).distinct()
    for duty_id in connection.execute(gone.where(one.duty_id.is_(None))).scalars():
        yield f"義務 {duty_id} が台帳から消えています。"


def _holds(stands: Callable[[Any], bool], row: Any) -> bool:
    """Say whether a row stands where its act says; content that was changed past recognition does not."""
    try:
        return stands(row)
    except UNREADABLE:
        return False


def _review_stands(row: Any) -> bool:
    state, answer = row.state, row.answer
    said = answer["stage"], answer["assessment_id"], row.sequence, row.last_run, row.last_due_on
    held = row.stage, row.assessment_id, state["sequence"], row.run_id, row.due_on
    columns = {
        "review_id": f"{row.assessment_id}/{row.number}",
        "assessment_id": state["opening"]["assessment_id"],
        "body": state["opening"]["body"],
        **{name: state[name] for name in ("stage", "due_on", "opened_at", "closed_at", "outcome")},
    }
    return said == held and all(_is_as_said(getattr(row, name), value) for name, value in columns.items())


def _is_as_said(column: object, said: str | None) -> bool:
    # An instant may be written in several ways.
    if isinstance(column, datetime) and said is not None:
        return datetime.fromisoformat(said) == column
    return (column.isoformat() if isinstance(column, date) else column) == said


def _countermeasure_stands(row: Any) -> bool:
    first = {"status": "open", "due_on": row.planned_on.isoformat()}
    last = row.answer or first
    said = {"status": row.status, "due_on": row.due_on.isoformat()}
    return all(last[name] == value and row.state[name] == value for name, value in said.items())


def _event_stands(row: Any) -> bool:
    first = {"status": "open", "due_on": _day(row.first_due_on), "sequence": 0}
    last = row.answer or first
    said = {"status": row.status, "due_on": _day(row.due_on), "sequence": row.state["sequence"]}
    alarms = row.state["alarms"]
    due_on = alarms[0]["due_on"] if alarms else None
    held = {"status": row.state["status"], "due_on": due_on, "sequence": row.state["sequence"]}
    return all(last[name] == value and held[name] == value for name, value in said.items())


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _duty_stands(row: Any) -> bool:
    said = {name: row.state[name] for name in duties.c.keys() if name != "state"}  # noqa: SIM118 # columns, not a mapping
    return digest_of(row.state) == row.answer["state_digest"] and all(
        _is_as_said(getattr(row, name), value) for name, value in said.items()
    )
