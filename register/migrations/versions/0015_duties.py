"""義務 (duties): what is owed until a day, the acts on it, and its roll: Revision 0015."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from register.column_types import PlainJson, UtcInstant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duties",
        sa.Column("duty_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("parent", sa.String(length=100), nullable=True),
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("repeats", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", PlainJson(), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["duties.duty_id"], name=op.f("fk_duties_parent")),
        sa.PrimaryKeyConstraint("duty_id", name=op.f("pk_duties")),
    )
    op.create_index(op.f("ix_duties_parent"), "duties", ["parent"])
    op.create_index(op.f("ix_duties_body_status_due_on"), "duties", ["body", "status", "due_on"])
    op.create_index(op.f("ix_duties_owner_status"), "duties", ["owner", "status"])
    op.create_index(op.f("ix_duties_repeats"), "duties", ["repeats"])
    op.create_table(
        "duty_acts",
        sa.Column("act_id", sa.String(length=250), nullable=False),
        sa.Column("duty_id", sa.String(length=100), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("content", PlainJson(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("answer", PlainJson(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.duty_id"], name=op.f("fk_duty_acts_duty_id")),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_duty_acts")),
        sa.UniqueConstraint("duty_id", "sequence", name=op.f("uq_duty_acts_duty_id_sequence")),
    )
    op.create_table(
        "duty_roll",
        sa.Column("duty_id", sa.String(length=100), nullable=False),
        sa.Column("member", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=True),
        sa.Column("mail", sa.String(length=320), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("token_digest", sa.String(length=64), nullable=True),
        sa.Column("delivered_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.duty_id"], name=op.f("fk_duty_roll_duty_id")),
        sa.PrimaryKeyConstraint("duty_id", "member", name=op.f("pk_duty_roll")),
    )
    op.create_index(op.f("ix_duty_roll_duty_id_status_member"), "duty_roll", ["duty_id", "status", "member"])
    op.create_index(op.f("ix_duty_roll_member_status"), "duty_roll", ["member", "status"])
    op.create_index(op.f("ix_duty_roll_department_duty_id"), "duty_roll", ["department", "duty_id"])
    op.create_index(op.f("ix_duty_roll_token_digest"), "duty_roll", ["token_digest"], unique=True)
