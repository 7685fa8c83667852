"""Indices for lists that are read page by page: assessments by name, department and day; the trail by person and kind.

Revision 0011.
"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_INDICES = (
    ("assessments", ("name", "assessment_id")),
    ("assessments", ("department", "assessment_id")),
    ("assessments", ("verified_on", "assessment_id")),
    ("assessments", ("five_years_due_on", "assessment_id")),
    ("audit_entries", ("actor", "seq")),
    ("audit_entries", ("action", "seq")),
    ("audit_entries", ("at",)),
)


def upgrade() -> None:
    for table, columns in _INDICES:
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))
