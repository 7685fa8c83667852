"""権限 (grants): what the role that writes may do on PostgreSQL: tables that only grow can't be changed by it.

The tables belong to another role, which migrates; where the writer owned them it could give itself what it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Table

from register.tables import APPEND_ONLY, awaited, kept_forms, metadata, sessions, sign_ins

COME_AND_GO = (awaited, kept_forms, sessions, sign_ins)
"""去来する表: whose rows are taken out again: what waits or is kept for whom, who is signed in or about to be."""

_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def grants_for(role: str) -> Iterator[str]:
    """Give the statements that the owner of the tables runs; raises ValueError for a name that is none of a role."""
    if not _ROLE.fullmatch(role):
        raise ValueError(role)
    yield f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role}";'
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
    yield f'GRANT USAGE ON SCHEMA public TO "{role}";'
    yield f'GRANT SELECT ON alembic_version TO "{role}";'
    for table in metadata.sorted_tables:
        yield f'GRANT {_may(table)} ON {table.name} TO "{role}";'


def _may(table: Table) -> str:
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE, DELETE" if table in COME_AND_GO else "SELECT, INSERT, UPDATE"
