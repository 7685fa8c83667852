"""計画管理書の基礎 (facts of the plan register): what a plan tells of all assessments of a body, in few statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pydantic import JsonValue
from sqlalchemy import JSON, Connection, func, select, type_coerce

from register import assessments, reviews
from register.reviews import ReviewScope
from register.tables import documents, steps
from register.tables import reviews as review_rows
from schemas.plan import AssessmentFacts
from schemas.records import AssessmentRecord
from schemas.review import Step

if TYPE_CHECKING:
    from guideline.access import Sight

AT_ONCE = 10_000
"""How many documents one statement asks for: SQLite takes 32,766 values, PostgreSQL 65,535."""

_FORM = "basic_items"
_TOLD = Step.PUBLIC_COMMENT, Step.THIRD_PARTY_CHECK, Step.SUBMISSION

# Only this section is taken out of a document that may be hundreds of kilobytes long.
_THRESHOLD_ITEMS = type_coerce(documents.c.content, JSON)["threshold_items"].label("threshold_items")


def facts(
    connection: Connection, *, body: str | None = None, sight: Sight | None = None
) -> tuple[AssessmentFacts, ...]:
    """Give what the register holds of every assessment that a person sees, of one body if named, in order of their ids.

    Of those that they do not see wholly, nothing of an open review.
    """
    return _facts(connection, assessments.every(connection, body=body, sight=sight), body=body, sight=sight)


def facts_of(connection: Connection, assessment_id: str) -> AssessmentFacts:
    """Give what the register holds of one; raises LookupError when it is unknown."""
    record = assessments.one(connection, assessment_id)
    (found,) = _facts(connection, (record,), assessment=assessment_id)
    return found


def _facts(
    connection: Connection,
    records: Sequence[AssessmentRecord],
    *,
    body: str | None = None,
    assessment: str | None = None,
    sight: Sight | None = None,
) -> tuple[AssessmentFacts, ...]:
    threshold_items = dict(_threshold_items(connection, [sha for one in records if (sha := _basic_items_of(one))]))
    opened = reviews.every(connection, scope=ReviewScope.OPEN, body=body, assessment=assessment, sight=sight)
    open_reviews = {one.assessment_id: one.state for one in opened}
    days = _last_days(connection, body=body, assessment=assessment)
    return tuple(
        AssessmentFacts(
            record=one,
            threshold_items=threshold_items.get(_basic_items_of(one) or ""),
            open_review=open_reviews.get(one.assessment_id),
            last_done_on=days.get(one.assessment_id, {}),
        )
        for one in records
    )


def _basic_items_of(record: AssessmentRecord) -> str | None:
    """Give the digest of the present 様式2, which stands in the set of every assessment."""
    documents_of = record.manifest.documents if record.manifest else ()
    return next((one.sha256 for one in documents_of if one.form == _FORM), None)


def _threshold_items(connection: Connection, digests: Sequence[str]) -> Iterator[tuple[str, dict[str, JsonValue]]]:
    statement = select(documents.c.sha256, _THRESHOLD_ITEMS).where(documents.c.content.is_not(None))
    for first in range(0, len(digests), AT_ONCE):
        page = digests[first : first + AT_ONCE]
        for row in connection.execute(statement.where(documents.c.sha256.in_(page))):
            if isinstance(row.threshold_items, dict):
                yield row.sha256, row.threshold_items


def _last_days(connection: Connection, *, body: str | None, assessment: str | None) -> dict[str, dict[Step, date]]:
    """Give of each assessment the last day on which each step was done, in whichever of its reviews."""
    statement = (
        select(review_rows.c.assessment_id, steps.c.step, func.max(steps.c.done_on).label("done_on"))
        .join(review_rows, review_rows.c.review_id == steps.c.review_id)
        .where(steps.c.step.in_([step.value for step in _TOLD]))
        .group_by(review_rows.c.assessment_id, steps.c.step)
    )
    if body is not None:
        statement = statement.where(review_rows.c.body == body)
    if assessment is not None:
        statement = statement.where(review_rows.c.assessment_id == assessment)
    found: dict[str, dict[Step, date]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.assessment_id, {})[Step(row.step)] = row.done_on
    return found
