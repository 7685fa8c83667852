"""公表 (publication): a review that closes gives its assessment a new version, or the day on which it was verified."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from register import audit
from register.audit import Head
from register.tables import assessments, versions
from schemas.records import AuditAction, Ending, Entry, NewVersion, Standing

_CURRENT = select(assessments.c.version).where(assessments.c.assessment_id == bindparam("assessment"))
_UPDATE = update(assessments).where(assessments.c.assessment_id == bindparam("assessment"))


def publish(connection: Connection, version: NewVersion, *, entry: Entry, review_id: str, after: Head) -> Head:
    """Write the next version with its audit entry, and make it the assessment's present one; give the new head."""
    assessment_id = entry.review.opening.assessment_id
    current: int = connection.execute(_CURRENT, {"assessment": assessment_id}).scalar_one()
    present: dict[str, Any] = {
        "manifest": version.manifest.model_dump(mode="json"),
        "digest": version.digest,
        "validated": version.validated,
        "published_on": version.published_on,
    }
    row = {
        **present,
        "version_id": f"{assessment_id}/{current + 1}",
        "assessment_id": assessment_id,
        "number": current + 1,
        "review_id": review_id,
        "changes": [change.model_dump(mode="json") for change in version.changes],
        "recorded_at": entry.at,
    }
    if version.five_years_due_on is not None:
        present["five_years_due_on"] = version.five_years_due_on
    for name, level in (("required", version.required_level), ("effective", version.effective_level)):
        if level is not None:
            present[f"present_{name}_level"] = level.value
    if current == 0:
        present["standing"] = Standing.PUBLISHED.value
    connection.execute(insert(versions), row)
    connection.execute(_UPDATE, {"assessment": assessment_id, "version": current + 1, **present})
    occasion = audit.Occasion(actor="engine", action=AuditAction.VERSION_PUBLISHED, at=entry.at)
    return audit.append(connection, versions, row, occasion, after=after)


def hand_over(connection: Connection, *, assessment_id: str, department: str) -> None:
    """所管替え: note the department that owns the assessment from now on."""
    connection.execute(_UPDATE, {"assessment": assessment_id, "department": department})


def end(connection: Connection, ending: Ending, *, assessment_id: str) -> None:
    """Note the end of the business, or of the publication: nothing is due any more but the end of the publication."""
    given = {"ended_on": ending.ended_on} if ending.ended_on else {}
    connection.execute(
        _UPDATE,
        {
            "assessment": assessment_id,
            "standing": ending.standing.value,
            "published_until": ending.published_until,
            "yearly_due_on": None,
            "five_years_due_on": None,
            **given,
        },
    )


def verify_published(connection: Connection, entry: Entry) -> None:
    """Note the day on which the published assessment was held against reality, and when that is due again.

    Of an assessment whose business has ended nothing is due again.
    """
    moved = {"verified_on": entry.verified_on, "yearly_due_on": entry.yearly_due_on}
    given = {name: day for name, day in moved.items() if day is not None}
    connection.execute(
        _UPDATE.where(assessments.c.standing == Standing.PUBLISHED.value),
        {"assessment": entry.review.opening.assessment_id, **given},
    )
