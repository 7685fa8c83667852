"""書き加えるだけにする引き金 (append-only triggers): SQLite itself refuses to change, delete or replace a row.

On PostgreSQL permissions do it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Table, UniqueConstraint, text

from register.tables import APPEND_ONLY


def trigger_statements() -> dict[str, str]:
    """Give each trigger's name and the statement that makes it."""
    return {name: statement for table in APPEND_ONLY for name, statement in _triggers_of(table)}


def triggers_are_there(connection: Connection) -> bool:
    """Tell whether all triggers are there as they should be."""
    if connection.dialect.name != "sqlite":
        return True
    return not _missing(connection)


def make_triggers(connection: Connection) -> None:
    """Make what is missing or different. Run after each migration: batch mode drops triggers without a word."""
    if connection.dialect.name != "sqlite":
        return
    for name, statement in _missing(connection).items():
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        connection.exec_driver_sql(statement)


def _missing(connection: Connection) -> dict[str, str]:
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    there = {row.name: row.sql for row in rows}
    return {name: statement for name, statement in trigger_statements().items() if there.get(name) != statement}


def _triggers_of(table: Table) -> Iterator[tuple[str, str]]:
    for event in ("UPDATE", "DELETE"):
        name = f"append_only_{table.name}_{event.lower()}"
        yield name, f"CREATE TRIGGER {name} BEFORE {event} ON {table.name} BEGIN {_refusal(table)} END"
    # INSERT OR REPLACE removes the old row without a DELETE trigger: so a key that is taken is refused before.
    taken = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table.name} WHERE {' AND '.join(f'{column} = NEW.{column}' for column in key)})"  # noqa: S608 # names of our own tables
        for key in _keys_of(table)
    )
    name = f"append_only_{table.name}_insert"
    yield name, f"CREATE TRIGGER {name} BEFORE INSERT ON {table.name} WHEN {taken} BEGIN {_refusal(table)} END"


def _keys_of(table: Table) -> list[list[str]]:
    unique = [constraint for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
    named = sorted([column.name for column in constraint.columns] for constraint in unique)
    return [[column.name for column in table.primary_key.columns], *named]


def _refusal(table: Table) -> str:
    return f"SELECT RAISE(ABORT, '{table.name} is append-only');"
