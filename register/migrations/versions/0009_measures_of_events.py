"""再発防止策の追跡 (measures of risk events, followed as countermeasures): Revision 0009."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("countermeasures") as table:
        table.alter_column("review_id", existing_type=sa.String(length=80), nullable=True)
        table.alter_column("assessment_id", existing_type=sa.String(length=64), nullable=True)
        table.add_column(sa.Column("event_id", sa.String(length=250), nullable=True))
        table.create_foreign_key(op.f("fk_countermeasures_event_id"), "events", ["event_id"], ["event_id"])
        table.create_index(op.f("ix_countermeasures_event_id"), ["event_id"])
