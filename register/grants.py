"""権限 (grants): what the role that writes may do on PostgreSQL: tables that only grow can't be changed by it.

The tables belong to another role, which migrates; where the writer owned them it could give itself what it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from register.tables import APPEND_ONLY, metadata

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
        may = "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE"
        yield f'GRANT {may} ON {table.name} TO "{role}";'
