"""出来事 (occurrences): what happened that is no row of another table, each with its audit entry in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select

from register import audit
from register.errors import OtherContentError
from register.tables import audit_entries, occurrences
from schemas.records import AuditAction, Occurrence


class Limit(NamedTuple):
    """上限 (limit): so many occurrences of one kind and person since that instant."""

    at_most: int
    since: datetime


def occurrence(
    kind: AuditAction, *, actor: str, subject: str, at: datetime, detail: Mapping[str, Any] | None = None
) -> Occurrence:
    """Give an occurrence with an id of its own."""
    return Occurrence(
        occurrence_id=uuid.uuid4().hex, kind=kind, person=actor, subject=subject, detail=dict(detail or {}), at=at
    )


def note(connection: Connection, happened: Occurrence) -> None:
    """Write an occurrence with its audit entry; the same one again writes nothing, whatever the hour.

    Raises OtherContentError when its id is taken by another.
    """
    statement = select(occurrences).where(occurrences.c.occurrence_id == happened.occurrence_id)
    row = {**happened.model_dump(), "kind": happened.kind.value}
    there = connection.execute(statement).mappings().one_or_none()
    if there is not None:
        if {**there, "at": happened.at} != row:
            raise OtherContentError(happened.occurrence_id)
        return
    connection.execute(insert(occurrences), row)
    occasion = audit.Occasion(actor=happened.person, action=happened.kind, at=happened.at)
    audit.append(connection, occurrences, row, occasion, after=audit.head(connection))


def note_within(connection: Connection, happened: Occurrence, *, limit: Limit, beyond: Occurrence) -> bool:
    """Write an occurrence, the first one over the limit as `beyond`; say whether it is an entry of its own."""
    of = audit_entries.c
    since = select(func.count()).where(
        of.at > limit.since, of.actor == happened.person, of.action == happened.kind.value
    )
    before = connection.execute(since).scalar_one()
    if before > limit.at_most:
        return False
    note(connection, happened if before < limit.at_most else beyond)
    return before < limit.at_most


def of_kinds(connection: Connection, *kinds: AuditAction) -> tuple[Occurrence, ...]:
    """Give the occurrences of these kinds, the first one first."""
    wanted = occurrences.c.kind.in_([kind.value for kind in kinds])
    statement = select(occurrences).where(wanted).order_by(occurrences.c.at, occurrences.c.occurrence_id)
    return tuple(
        Occurrence.model_validate({**row, "kind": AuditAction(row["kind"])})
        for row in connection.execute(statement).mappings()
    )
