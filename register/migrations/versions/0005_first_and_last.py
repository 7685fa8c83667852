"""新規の評価と事務の終了 (first assessments and the end of a business): Revision 0005."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from register.column_types import PlainJson

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("assessments") as table:
        table.add_column(sa.Column("standing", sa.String(length=40), nullable=False, server_default="published"))
        table.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("published_until", sa.Date(), nullable=True))
        table.alter_column("manifest", existing_type=PlainJson(), nullable=True)
        table.alter_column("digest", existing_type=sa.String(length=64), nullable=True)
        for name in ("published_on", "verified_on", "yearly_due_on", "five_years_due_on"):
            table.alter_column(name, existing_type=sa.Date(), nullable=True)
    with op.batch_alter_table("assessments") as table:
        table.alter_column("standing", existing_type=sa.String(length=40), nullable=False, server_default=None)
