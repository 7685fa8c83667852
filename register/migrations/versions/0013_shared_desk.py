"""共用の机 (the shared desk): sessions that ended are remembered, and what was typed is kept. Revision 0013."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from register.column_types import PlainJson, UtcInstant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("ended_at", UtcInstant()))
    op.create_index(op.f("ix_sessions_form_token"), "sessions", ["form_token"])
    op.create_table(
        "kept_forms",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("content", PlainJson(), nullable=False),
        sa.Column("has_files", sa.Boolean(), nullable=False),
        sa.Column("kept_at", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("person", "address", name=op.f("pk_kept_forms")),
    )
