"""追跡したものの照合 (what is followed): a countermeasure or a risk event stands where its last act says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, and_, exists, select

from register.tables import countermeasure_acts, countermeasures, event_acts, events


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
        first = {"status": "open", "due_on": row.planned_on.isoformat()}
        last = row.answer or first
        said = {"status": row.status, "due_on": row.due_on.isoformat()}
        if any(last[name] != value or row.state[name] != value for name, value in said.items()):
            yield f"対応策 {row.countermeasure_id} の今の姿が、最後の行為と違います。"


def events_beside_their_acts(connection: Connection) -> Iterator[str]:
    """Hold where a risk event stands against the answer of its last act; without one it is open as it was reported."""
    one, act = events.c, event_acts.c
    later = event_acts.alias("later")
    is_last = ~exists().where(later.c.event_id == act.event_id, later.c.sequence > act.sequence)
    whole = events.outerjoin(event_acts, and_(act.event_id == one.event_id, is_last))
    columns = one.event_id, one.status, one.due_on, one.first_due_on, one.state, act.answer
    for row in connection.execute(select(*columns).select_from(whole).order_by(one.event_id)):
        first = {"status": "open", "due_on": _day(row.first_due_on), "sequence": 0}
        last = row.answer or first
        said = {"status": row.status, "due_on": _day(row.due_on), "sequence": row.state["sequence"]}
        alarms = row.state["alarms"]
        due_on = alarms[0]["due_on"] if alarms else None
        held = {"status": row.state["status"], "due_on": due_on, "sequence": row.state["sequence"]}
        if any(last[name] != value or held[name] != value for name, value in said.items()):
            yield f"リスク事案 {row.event_id} の今の姿が、最後の行為と違います。"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
