"""出来事 (occurrences): what happened that is no row of another table: Revision 0012."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from register.column_types import PlainJson, UtcInstant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "occurrences",
        sa.Column("occurrence_id", sa.String(length=250), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("detail", PlainJson(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("occurrence_id", name=op.f("pk_occurrences")),
    )
    op.create_index(op.f("ix_occurrences_kind"), "occurrences", ["kind"])
