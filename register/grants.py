"""権限 (grants): what each role may do on PostgreSQL: tables that only grow can't be changed by the one that writes.

The tables belong to another role, which migrates; where the writer owned them it could give itself what it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Table, text

from register.tables import (
    APPEND_ONLY,
    awaited,
    circular_links,
    kept_forms,
    metadata,
    sessions,
    sign_ins,
    working_copies,
)

COME_AND_GO = (awaited, kept_forms, sessions, sign_ins)
"""去来する表: whose rows are taken out again: what waits or is kept for whom, who is signed in or about to be."""

NOT_FOR_READERS = frozenset({circular_links, kept_forms, sessions, sign_ins, working_copies})
"""読むだけの者に見せない表: who is signed in and whose links are whose, and what people have not sent yet."""


class Use(StrEnum):
    """役割 (use): what a role is for."""

    WRITE = "write"
    """worker, pages and terminal"""
    READ = "read"
    """an auditor who verifies the trail with a role of their own, a report"""
    BACK_UP = "back_up"
    """a dump of all"""


_RIGHTS = text(
    """
    SELECT relname,
      pg_has_role(relowner, 'MEMBER') OR has_table_privilege(oid, 'DELETE, TRUNCATE, TRIGGER')
        OR has_any_column_privilege(oid, 'UPDATE') AS may_change,
      has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT') AS may_add,
      has_table_privilege(oid, 'UPDATE') AS may_update, has_table_privilege(oid, 'DELETE') AS may_delete
    FROM pg_class WHERE relkind = 'r' AND pg_table_is_visible(oid) ORDER BY relname
    """
)
"""ロールの権限: what the role that asks may do, by itself or by what it may become."""

_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def grants_for(role: str, *, use: Use = Use.WRITE) -> Iterator[str]:
    """Give the statements that the owner of the tables runs; raises ValueError for a name that is none of a role."""
    if not _ROLE.fullmatch(role):
        raise ValueError(role)
    yield f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role}";'
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
    yield f'GRANT USAGE ON SCHEMA public TO "{role}";'
    yield f'GRANT SELECT ON alembic_version TO "{role}";'
    for table in metadata.sorted_tables:
        if use is not Use.READ or table not in NOT_FOR_READERS:
            yield f'GRANT {_may(table) if use is Use.WRITE else "SELECT"} ON {table.name} TO "{role}";'


@dataclass(frozen=True, slots=True)
class Rights:
    """持っている権限 (rights): where a role may do more, and where less, than the role that writes should."""

    too_much: tuple[str, ...] = ()
    too_little: tuple[str, ...] = ()


def rights_of(connection: Connection) -> Rights:
    """Compare what the connected role may do on PostgreSQL with what `grants_for` gives."""
    rows = {row.relname: row for row in connection.execute(_RIGHTS)}
    there = [(table, rows[table.name]) for table in metadata.sorted_tables if table.name in rows]
    return Rights(
        too_much=tuple(sorted(table.name for table, row in there if table in APPEND_ONLY and row.may_change)),
        too_little=tuple(sorted(table.name for table, row in there if not _may_enough(table, row))),
    )


def _may_enough(table: Table, row: Any) -> bool:
    updates, deletes = table not in APPEND_ONLY, table in COME_AND_GO
    return bool(row.may_add and (row.may_update or not updates) and (row.may_delete or not deletes))


def _may(table: Table) -> str:
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE, DELETE" if table in COME_AND_GO else "SELECT, INSERT, UPDATE"
