"""対応策 (countermeasures): written when a review or an event plans them, then with each act; and their reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, union_all, update

from guideline.organisation import Position
from register import audit, awaited, notices, readings
from register.act_rows import act_row
from register.audit import Head
from register.errors import OtherContentError
from register.tables import assessments, countermeasure_acts, countermeasures, events
from schemas.canonical import content_digest
from schemas.countermeasures import (
    CountermeasureActRecord,
    CountermeasureReceipt,
    CountermeasureState,
    CountermeasureStatus,
)
from schemas.records import AuditAction, CountermeasureEntry, CountermeasureRecorded

if TYPE_CHECKING:
    from guideline.access import Sight

_STATE = select(countermeasures.c.state)
_IN_ORDER = (countermeasures.c.due_on, countermeasures.c.countermeasure_id)
_UPDATE = update(countermeasures).where(countermeasures.c.countermeasure_id == bindparam("countermeasure"))
_KNOWN = select(countermeasure_acts.c.content_digest, countermeasure_acts.c.answer).where(
    countermeasure_acts.c.act_id == bindparam("act")
)


def open_planned(connection: Connection, planned: Sequence[CountermeasureState], *, at: datetime, after: Head) -> Head:
    """Write the countermeasures that a review or a risk event plans, each with its audit entry; give the new head."""
    head = after
    occasion = audit.Occasion(actor="engine", action=AuditAction.COUNTERMEASURE_OPENED, at=at)
    for state in planned:
        row = {
            "countermeasure_id": state.countermeasure_id,
            "review_id": state.review_id,
            "assessment_id": state.assessment_id,
            "event_id": state.event_id,
            "item": state.item,
            "text": state.text,
            "owner": state.owner,
            "planned_on": state.due_on,
            "opened_at": at,
            **_present(state),
        }
        connection.execute(insert(countermeasures), row)
        head = audit.append(connection, countermeasures, row, occasion, after=head)
    return head


def record(connection: Connection, entry: CountermeasureEntry) -> CountermeasureRecorded:
    """Write the act, the countermeasure as it stands after it, the audit entry and the notices.

    The same act again writes nothing and gives the stored answer. Raises OtherContentError when the act id is taken by
    an act with other content.
    """
    act, state = entry.act, entry.state
    content = act.model_dump(mode="json")
    digest = content_digest(content)
    known = connection.execute(_KNOWN, {"act": act.act_id}).one_or_none()
    if known is not None:
        if known.content_digest != digest:
            raise OtherContentError(act.act_id)
        receipt = CountermeasureReceipt.model_validate(known.answer, strict=False)
        return CountermeasureRecorded(receipt=receipt, department=state.department, alarms=state.alarms)
    receipt = CountermeasureReceipt(
        act_id=act.act_id,
        countermeasure_id=state.countermeasure_id,
        sequence=state.sequence,
        status=state.status,
        due_on=state.due_on,
        content_digest=digest,
    )
    row = act_row(entry, receipt, content=content, countermeasure_id=state.countermeasure_id)
    connection.execute(insert(countermeasure_acts), row)
    connection.execute(_UPDATE, {"countermeasure": state.countermeasure_id, **_present(state)})
    awaited.countermeasure_waits(connection, state)
    occasion = audit.Occasion(actor=act.actor.person, action=AuditAction.COUNTERMEASURE_ACT, at=entry.at)
    audit.append(connection, countermeasure_acts, row, occasion, after=audit.head(connection))
    notices.write(connection, entry.notices, at=entry.at)
    return CountermeasureRecorded(receipt=receipt, department=state.department, alarms=state.alarms)


def one(connection: Connection, countermeasure_id: str) -> CountermeasureState:
    """Give one countermeasure; raises LookupError when it is unknown."""
    found = _read(connection, _STATE.where(countermeasures.c.countermeasure_id == countermeasure_id))
    if not found:
        raise LookupError(countermeasure_id)
    return found[0]


def every(  # noqa: PLR0913 # of what they are, and who looks
    connection: Connection,
    *,
    scope: str,
    assessment: str | None = None,
    review: str | None = None,
    event: str | None = None,
    sight: Sight | None = None,
) -> tuple[CountermeasureState, ...]:
    """Give those that a person sees, of one assessment, review or event if named, by date; scope is `open` or `all`."""
    statement = _STATE.order_by(*_IN_ORDER)
    if scope == "open":
        statement = statement.where(countermeasures.c.status != CountermeasureStatus.CLOSED.value)
    if assessment is not None:
        statement = statement.where(countermeasures.c.assessment_id == assessment)
    if review is not None:
        statement = statement.where(countermeasures.c.review_id == review)
    if event is not None:
        statement = statement.where(countermeasures.c.event_id == event)
    if sight is not None:
        statement = statement.where(readings.countermeasures_seen(sight))
    return _read(connection, statement)


class NamedCountermeasure(NamedTuple):
    """対応策と名称 (a countermeasure, with the name of its assessment, or the title of the event that it answers)."""

    state: CountermeasureState
    name: str


_NAMED = (countermeasures.c.state, func.coalesce(assessments.c.name, events.c.title).label("name"))
_OF_ASSESSMENT = assessments.c.assessment_id == countermeasures.c.assessment_id
_OF_EVENT = events.c.event_id == countermeasures.c.event_id
_WITH_NAMES = countermeasures.outerjoin(assessments, _OF_ASSESSMENT).outerjoin(events, _OF_EVENT)


def waiting(connection: Connection, *, owner: str, positions: Iterable[Position]) -> tuple[NamedCountermeasure, ...]:
    """Give those that are an owner's to carry out, and those that may wait for whoever is in these positions."""
    mine = awaited.subjects(awaited.Kind.COUNTERMEASURE, positions)
    own = select(*_NAMED).select_from(_WITH_NAMES)
    own = own.where(countermeasures.c.owner == owner, countermeasures.c.status == CountermeasureStatus.OPEN.value)
    done = select(*_NAMED).select_from(
        mine.join(countermeasures, countermeasures.c.countermeasure_id == mine.c.subject)
        .outerjoin(assessments, _OF_ASSESSMENT)
        .outerjoin(events, _OF_EVENT)
    )
    return _named(connection, union_all(own, done))


def due(connection: Connection, *, sight: Sight, first: date, last: date) -> tuple[NamedCountermeasure, ...]:
    """Give those that a person sees, are not closed and due between two days, both among them."""
    statement = select(*_NAMED).select_from(_WITH_NAMES)
    not_closed = countermeasures.c.status != CountermeasureStatus.CLOSED.value
    within = countermeasures.c.due_on.between(first, last)
    seen = readings.countermeasures_seen(sight)
    return _named(connection, statement.where(seen, not_closed, within).order_by(*_IN_ORDER))


def _named(connection: Connection, statement: Any) -> tuple[NamedCountermeasure, ...]:
    return tuple(
        NamedCountermeasure(CountermeasureState.model_validate(row.state, strict=False), row.name)
        for row in connection.execute(statement)
    )


def acts_of(connection: Connection, countermeasure_id: str) -> tuple[CountermeasureActRecord, ...]:
    """Give the acts on a countermeasure in their order."""
    columns = countermeasure_acts.c
    statement = (
        select(columns.content, columns.sequence, columns.at, columns.answer)
        .where(columns.countermeasure_id == countermeasure_id)
        .order_by(columns.sequence)
    )
    return tuple(
        CountermeasureActRecord.model_validate(
            {"act": row.content, "sequence": row.sequence, "at": row.at, "receipt": row.answer}, strict=False
        )
        for row in connection.execute(statement)
    )


def stored_receipt(connection: Connection, act_id: str) -> CountermeasureReceipt | None:
    """Give the receipt of an act that was recorded before; None when it was not."""
    known = connection.execute(_KNOWN, {"act": act_id}).one_or_none()
    return None if known is None else CountermeasureReceipt.model_validate(known.answer, strict=False)


def _read(connection: Connection, statement: Any) -> tuple[CountermeasureState, ...]:
    states = connection.execute(statement).scalars()
    return tuple(CountermeasureState.model_validate(state, strict=False) for state in states)


def _present(state: CountermeasureState) -> dict[str, Any]:
    return {"status": state.status.value, "due_on": state.due_on, "state": state.model_dump(mode="json")}
