"""所管替え (hand-overs): which department owned an assessment when it was entered, by the acts that moved it since."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from register.tables import acts, reviews
from schemas.acts import ActKind

_MOVES = (
    select(reviews.c.assessment_id, acts.c.content)
    .join_from(acts, reviews, reviews.c.review_id == acts.c.review_id)
    .where(acts.c.kind == ActKind.HAND_OVER.value)
    .order_by(acts.c.at, acts.c.sequence)
)


def as_entered(connection: Connection, rows: dict[str, Any]) -> dict[str, Any]:
    """Give assessments with the department that they were entered with.

    One whose present department is not where its hand-overs lead is given as it stands: it then differs from what the
    trail says of it.
    """
    owners = {one: row["department"] for one, row in rows.items()}
    moves = connection.execute(_MOVES.where(reviews.c.assessment_id.in_(list(rows)))).all()
    for assessment_id, content in reversed(moves):
        if owners[assessment_id] == content["department"]:
            owners[assessment_id] = content["from_department"]
    return {one: {**row, "department": owners[one]} for one, row in rows.items()}
