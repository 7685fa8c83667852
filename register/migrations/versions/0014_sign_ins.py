"""途中のサインイン (sign-ins under way): what was asked of the provider, and for which browser: Revision 0014."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from register.column_types import UtcInstant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("state_digest", sa.String(length=64), nullable=False),
        sa.Column("browser_digest", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=200), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("goes_on", sa.Text(), nullable=False),
        sa.Column("began_at", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("state_digest", name=op.f("pk_sign_ins")),
    )
    op.create_index(op.f("ix_sign_ins_began_at"), "sign_ins", ["began_at"])
