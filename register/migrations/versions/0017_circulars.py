"""事務連絡の発出 (sending of circulars): the letters to each recipient, and the links in them: Revision 0017."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from register.column_types import UtcInstant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A member has as many links as there were tries: they stand in a table of their own.
    op.drop_index(op.f("ix_duty_roll_token_digest"), "duty_roll")
    op.drop_column("duty_roll", "token_digest")
    op.create_table(
        "circular_letters",
        sa.Column("duty_id", sa.String(length=100), nullable=False),
        sa.Column("member", sa.String(length=64), nullable=False),
        sa.Column("round", sa.String(length=40), nullable=False),
        sa.Column("delivered_at", UtcInstant(), nullable=True),
        sa.Column("failed_at", UtcInstant(), nullable=True),
        sa.Column("failure", sa.String(length=200), nullable=True),
        sa.Column("given_up", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.duty_id"], name=op.f("fk_circular_letters_duty_id")),
        sa.PrimaryKeyConstraint("duty_id", "member", "round", name=op.f("pk_circular_letters")),
    )
    op.create_table(
        "circular_links",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("duty_id", sa.String(length=100), nullable=False),
        sa.Column("member", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.duty_id"], name=op.f("fk_circular_links_duty_id")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_circular_links")),
    )
