"""現在の評価の種類 (present levels): Revision 0006."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("assessments") as table:
        table.add_column(sa.Column("present_required_level", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("present_effective_level", sa.String(length=40), nullable=True))
