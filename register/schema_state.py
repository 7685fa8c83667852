"""表の版 (state of the schema): whether the tables of a register are those that this program knows."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Connection, inspect, text

from register.errors import SchemaAheadError


class SchemaState(StrEnum):
    """表の版 (state of the schema)."""

    CURRENT = "current"
    BEHIND = "behind"
    AHEAD = "ahead"
    UNREADABLE = "unreadable"  # データベースが答えない


def revision_of(connection: Connection) -> str | None:
    """Give the migration to which the register was brought; None for one without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def state_of(revision: str | None, *, head: str) -> SchemaState:
    """Say how a register at that migration stands to a program whose newest is `head`."""
    if revision == head:
        return SchemaState.CURRENT
    return SchemaState.BEHIND if revision is None or revision < head else SchemaState.AHEAD


def refuse_newer(connection: Connection, *, head: str) -> None:
    """Raise SchemaAheadError where a newer program has brought the register forward: its tables are not known here."""
    revision = revision_of(connection)
    if state_of(revision, head=head) is SchemaState.AHEAD:
        raise SchemaAheadError(str(revision), known=head)
