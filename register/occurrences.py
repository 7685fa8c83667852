"""出来事 (occurrences): what happened that is no row of another table, each with its audit entry in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from register import audit
from register.errors import OtherContentError
from register.tables import occurrences
from schemas.records import AuditAction, Occurrence


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


def of_kinds(connection: Connection, *kinds: AuditAction) -> tuple[Occurrence, ...]:
    """Give the occurrences of these kinds, the first one first."""
    wanted = occurrences.c.kind.in_([kind.value for kind in kinds])
    statement = select(occurrences).where(wanted).order_by(occurrences.c.at, occurrences.c.occurrence_id)
    return tuple(
        Occurrence.model_validate({**row, "kind": AuditAction(row["kind"])})
        for row in connection.execute(statement).mappings()
    )
