"""What waits for whom, found by role; notices that are held for a daily mail. Revision 0010."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from register.column_types import UtcInstant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# As they were named when this was written: a migration knows nothing of the rules as they are later.
_PARTIES = {
    "drafter": "department",
    "privacy_manager": "department",
    "team_member": "countermeasure_team",
    "chief_privacy_officer": "chief_privacy_officer",
}


_INDICES = (
    ("assessments", ("published_until",)),
    ("assessments", ("standing",)),
    ("countermeasures", ("due_on",)),
    ("countermeasures", ("owner", "status")),
    ("events", ("body", "status")),
    ("notices", ("dispatched_at", "held_until")),
    ("reviews", ("body", "due_on")),
)


def upgrade() -> None:
    awaited = op.create_table(
        "awaited",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("barred", sa.String(length=64), nullable=False),
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", "role", "barred", name=op.f("pk_awaited")),
    )
    op.create_index(
        op.f("ix_awaited_kind_barred_body_role_department"),
        "awaited",
        ["kind", "barred", "body", "role", "department"],
    )
    op.add_column("notices", sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("notices", sa.Column("held_until", UtcInstant()))
    op.drop_index(op.f("ix_notices_dispatched_at"), "notices")
    for table, columns in _INDICES:
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))
    connection = op.get_bind()
    rows = [*_reviews(connection), *_countermeasures(connection), *_reports(connection)]
    if rows:
        op.bulk_insert(awaited, rows)


def _reviews(connection: sa.Connection) -> Iterator[dict[str, str]]:
    """Name each open review under every role that may act in it: its next act says which one it waits for."""
    found = connection.execute(sa.text("SELECT review_id, state FROM reviews WHERE stage <> 'closed'"))
    for review_id, text in found:
        state = _plain(text)
        opening = state["opening"]
        place = {"body": opening["body"], "department": opening["department"]}
        for role, party in _PARTIES.items():
            others = {one["person"] for one in state["participants"] if one["party"] != party}
            for barred in ("", *sorted(others)):
                yield {"kind": "review", "subject": review_id, "role": role, "barred": barred, **place}


def _countermeasures(connection: sa.Connection) -> Iterator[dict[str, str]]:
    found = connection.execute(sa.text("SELECT countermeasure_id, state FROM countermeasures WHERE status = 'done'"))
    for countermeasure_id, text in found:
        yield _of_the_team("countermeasure", countermeasure_id, _plain(text))


def _reports(connection: sa.Connection) -> Iterator[dict[str, str]]:
    """Name the risk events of which nobody has named an assessment, nor said that they touch none."""
    found = connection.execute(sa.text("SELECT act_id, body, content FROM reports WHERE kind = 'risk'"))
    contents = {act_id: (body, _plain(text)) for act_id, body, text in found}
    told = {
        one["adds_to"]
        for _, one in contents.values()
        if one.get("adds_to") and (one["report"]["assessments"] or one.get("untouched"))
    }
    for act_id, (body, one) in contents.items():
        report = one["report"]
        if not one.get("adds_to") and not report["assessments"] and act_id not in told:
            place = {"body": body, "department": report["known_by_department"]}
            yield _of_the_team("report", act_id, place)


def _of_the_team(kind: str, subject: str, place: dict[str, Any]) -> dict[str, str]:
    where = {"body": place["body"], "department": place["department"]}
    return {"kind": kind, "subject": subject, "role": "team_member", "barred": "", **where}


def _plain(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
