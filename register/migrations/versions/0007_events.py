"""リスク事案 (risk events) and the acts on them: Revision 0007."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from register.column_types import PlainJson, UtcInstant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("event_id", sa.String(length=250), nullable=False),
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("reported_at", UtcInstant(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", PlainJson(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["reports.act_id"], name=op.f("fk_events_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_status"), "events", ["status"])
    op.create_table(
        "event_acts",
        sa.Column("act_id", sa.String(length=250), nullable=False),
        sa.Column("event_id", sa.String(length=250), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("content", PlainJson(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("answer", PlainJson(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_event_acts_event_id")),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_event_acts")),
        sa.UniqueConstraint("event_id", "sequence", name=op.f("uq_event_acts_event_id_sequence")),
    )
