"""リスク事案 (risk events): written when a report begins one, then with each act on it; and their reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, insert, select, update

from register import audit, countermeasures, notices, readings
from register.act_rows import act_row
from register.errors import MovedOnError, OtherContentError
from register.tables import event_acts, events
from schemas.canonical import content_digest
from schemas.event_acts import EventActRecord, EventReceipt
from schemas.events import EventState, EventStatus
from schemas.records import AuditAction, EventEntry

if TYPE_CHECKING:
    from guideline.access import Sight

_STATE = select(events.c.state)
_ONE = _STATE.where(events.c.event_id == bindparam("event"))
_UPDATE = update(events).where(events.c.event_id == bindparam("event"))
_ACT = select(event_acts.c.content, event_acts.c.sequence, event_acts.c.at, event_acts.c.answer)
_KNOWN = select(event_acts.c.content_digest, event_acts.c.answer).where(event_acts.c.act_id == bindparam("act"))


def open_event(connection: Connection, state: EventState) -> EventState:
    """Write an event with its audit entry, and give it; one that is there stays, and is given as it stands."""
    there = find(connection, state.event_id)
    if there is not None:
        return there
    row = {
        "event_id": state.event_id,
        "body": state.body,
        "department": state.department,
        "title": state.title,
        "known_on": state.known_on,
        "reported_at": state.reported_at,
        "first_due_on": state.due_on,
        **_present(state),
    }
    connection.execute(insert(events), row)
    occasion = audit.Occasion(actor="engine", action=AuditAction.EVENT_OPENED, at=state.reported_at)
    audit.append(connection, events, row, occasion, after=audit.head(connection))
    return state


def record(connection: Connection, entry: EventEntry) -> EventReceipt:
    """Write the act, the event as it stands after it, the audit entry, the measures to be followed and the notices.

    The same act again writes nothing and gives the stored answer. Raises OtherContentError when the act id is taken by
    an act with other content, MovedOnError where the event is further than the act knows.
    """
    act, state = entry.act, entry.state
    content = act.model_dump(mode="json")
    digest = content_digest(content)
    known = connection.execute(_KNOWN, {"act": act.act_id}).one_or_none()
    if known is not None:
        if known.content_digest != digest:
            raise OtherContentError(act.act_id)
        return EventReceipt.model_validate(known.answer, strict=False)
    there = find(connection, state.event_id)
    if there is not None and there.sequence >= state.sequence:
        raise MovedOnError(state.event_id)
    receipt = EventReceipt(
        act_id=act.act_id,
        event_id=state.event_id,
        sequence=state.sequence,
        status=state.status,
        facts_revision=state.facts_revision,
        reportable=state.judgements[-1].reportable,
        due_on=state.due_on,
        changes=entry.changes,
        content_digest=digest,
    )
    row = act_row(entry, receipt, content=content, event_id=state.event_id)
    connection.execute(insert(event_acts), row)
    connection.execute(_UPDATE, {"event": state.event_id, **_present(state)})
    occasion = audit.Occasion(actor=act.actor.person, action=AuditAction.EVENT_ACT, at=entry.at)
    head = audit.append(connection, event_acts, row, occasion, after=audit.head(connection))
    countermeasures.open_planned(connection, entry.countermeasures, at=entry.at, after=head)
    notices.write(connection, entry.notices, at=entry.at)
    return receipt


def find(connection: Connection, event_id: str) -> EventState | None:
    """Give one event; None when it is unknown."""
    state = connection.execute(_ONE, {"event": event_id}).scalar_one_or_none()
    return None if state is None else EventState.model_validate(state, strict=False)


def every(
    connection: Connection, *, scope: str, body: str | None = None, sight: Sight | None = None
) -> tuple[EventState, ...]:
    """Give the events that a person sees, of one body where it is named, the newest first; scope is `open` or `all`."""
    statement = _STATE.order_by(events.c.reported_at.desc(), events.c.event_id)
    if scope == "open":
        statement = statement.where(events.c.status == EventStatus.OPEN.value)
    if body is not None:
        statement = statement.where(events.c.body == body)
    if sight is not None:
        statement = statement.where(readings.events_seen(sight))
    states = connection.execute(statement).scalars()
    return tuple(EventState.model_validate(state, strict=False) for state in states)


def acts_of(connection: Connection, event_id: str) -> tuple[EventActRecord, ...]:
    """Give the acts on an event in their order."""
    statement = _ACT.where(event_acts.c.event_id == event_id).order_by(event_acts.c.sequence)
    return tuple(_record(row) for row in connection.execute(statement))


def _record(row: Any) -> EventActRecord:
    return EventActRecord.model_validate(
        {"act": row.content, "sequence": row.sequence, "at": row.at, "receipt": row.answer}, strict=False
    )


def act(connection: Connection, act_id: str) -> EventActRecord | None:
    """Give an act that was recorded before; None when it was not."""
    row = connection.execute(_ACT.where(event_acts.c.act_id == act_id)).one_or_none()
    return None if row is None else _record(row)


def _present(state: EventState) -> dict[str, Any]:
    return {"status": state.status.value, "due_on": state.due_on, "state": state.model_dump(mode="json")}
