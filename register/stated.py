"""記載された数 (stated numbers): what the 様式2 of every assessment says of its threshold."""

from __future__ import annotations

from sqlalchemy import JSON, Connection, select, type_coerce

from register import assessments
from register.tables import documents, reports
from schemas.acts import Intake
from schemas.records import AssessmentRecord, Standing, StatedThreshold
from schemas.reports import RiskEvent

AT_ONCE = 10_000
"""How many documents one statement asks for: SQLite takes 32,766 values, PostgreSQL 65,535."""

_FORM = "basic_items"

# Only these are taken out of a document that may be hundreds of kilobytes long.
_CONTENT = type_coerce(documents.c.content, JSON)
_STATED = select(
    documents.c.sha256,
    documents.c.form_version,
    _CONTENT["threshold_items"].label("threshold_items"),
    _CONTENT["threshold_result"].label("threshold_result"),
).where(documents.c.content.is_not(None))


def stated(connection: Connection, *, body: str) -> tuple[StatedThreshold, ...]:
    """Give what each published assessment of a body says of its threshold, in order of their ids."""
    records = [one for one in assessments.every(connection, body=body) if one.standing is Standing.PUBLISHED]
    digests = [sha256 for one in records if (sha256 := _basic_items_of(one)) is not None]
    found = {}
    for first in range(0, len(digests), AT_ONCE):
        rows = connection.execute(_STATED.where(documents.c.sha256.in_(digests[first : first + AT_ONCE])))
        found.update({row.sha256: row for row in rows})
    return tuple(_of(one, found.get(_basic_items_of(one))) for one in records)


def _of(record: AssessmentRecord, row: object) -> StatedThreshold:
    version = getattr(row, "form_version", None)
    document = None if version is None else {"form": _FORM, "form_version": version}
    for name in ("threshold_items", "threshold_result"):
        value = getattr(row, name, None)
        if document is not None and value is not None:
            document[name] = value
    return StatedThreshold(record=record, document=document)


def _basic_items_of(record: AssessmentRecord) -> str | None:
    entries = record.manifest.documents if record.manifest else ()
    return next((one.sha256 for one in entries if one.form == _FORM), None)


def risk_events(connection: Connection, *, body: str) -> tuple[Intake, ...]:
    """Give the risk events that were reported in a body, the first one first."""
    statement = (
        select(reports.c.content)
        .where(reports.c.body == body, reports.c.kind == "risk")
        .order_by(reports.c.at, reports.c.act_id)
    )
    found = (Intake.model_validate(content, strict=False) for content in connection.execute(statement).scalars())
    return tuple(one for one in found if isinstance(one.report, RiskEvent))
