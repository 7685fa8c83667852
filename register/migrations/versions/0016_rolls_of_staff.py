"""職員の名簿 (rolls of staff): the date of who joins late, and what a notice says in its letter: Revision 0016."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("duty_roll", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("notices", sa.Column("details", sa.String(length=4000), nullable=True))
