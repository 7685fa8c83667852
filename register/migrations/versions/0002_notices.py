"""知らせの配達 (delivery of notices): Revision 0002."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from register.column_types import UtcInstant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notices") as table:
        table.add_column(sa.Column("dispatched_at", UtcInstant(), nullable=True))
        table.add_column(sa.Column("means", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("failed_at", UtcInstant(), nullable=True))
        table.add_column(sa.Column("failure", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("settled_at", UtcInstant(), nullable=True))
        table.add_column(sa.Column("settled_by", sa.String(length=64), nullable=True))
        table.create_index(op.f("ix_notices_dispatched_at"), ["dispatched_at"])
        table.create_index(op.f("ix_notices_failed_at"), ["failed_at"])
    # Those from before were told by the inbox; nobody gets months of them by mail.
    op.execute(
        "UPDATE notices SET dispatched_at = made_at, delivered_at = made_at, means = 'inbox' WHERE delivered_at IS NULL"
    )
    op.execute("UPDATE notices SET dispatched_at = delivered_at WHERE dispatched_at IS NULL")
