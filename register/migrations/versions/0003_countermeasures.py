"""対応策 (countermeasures) and the acts on them: Revision 0003."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from register.column_types import PlainJson, UtcInstant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "countermeasures",
        sa.Column("countermeasure_id", sa.String(length=80), nullable=False),
        sa.Column("review_id", sa.String(length=80), nullable=False),
        sa.Column("assessment_id", sa.String(length=64), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("opened_at", UtcInstant(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", PlainJson(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.review_id"], name=op.f("fk_countermeasures_review_id")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.assessment_id"], name=op.f("fk_countermeasures_assessment_id")
        ),
        sa.PrimaryKeyConstraint("countermeasure_id", name=op.f("pk_countermeasures")),
    )
    op.create_index(op.f("ix_countermeasures_assessment_id"), "countermeasures", ["assessment_id"])
    op.create_index(op.f("ix_countermeasures_status"), "countermeasures", ["status"])
    op.create_table(
        "countermeasure_acts",
        sa.Column("act_id", sa.String(length=250), nullable=False),
        sa.Column("countermeasure_id", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("content", PlainJson(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("answer", PlainJson(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["countermeasure_id"],
            ["countermeasures.countermeasure_id"],
            name=op.f("fk_countermeasure_acts_countermeasure_id"),
        ),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_countermeasure_acts")),
        sa.UniqueConstraint(
            "countermeasure_id", "sequence", name=op.f("uq_countermeasure_acts_countermeasure_id_sequence")
        ),
    )
