"""報告 (reports): what a department told, and the reviews that came of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from pydantic import JsonValue
from sqlalchemy import Connection, bindparam, insert, select

from guideline.organisation import Position
from register import audit, awaited, notices
from register.errors import OtherContentError
from register.tables import acts, events, grounds, reports
from schemas.acts import Intake
from schemas.canonical import content_digest
from schemas.events import EventStatus
from schemas.organisation import Role
from schemas.records import AuditAction, Notice, RecordedReport, ReportedReview, StoredAnswer

_DIGEST = select(reports.c.content_digest).where(reports.c.act_id == bindparam("report"))
_CONTENT = select(reports.c.content).where(reports.c.act_id == bindparam("report"))
_RECORDED = select(reports.c.content, reports.c.at).where(reports.c.act_id == bindparam("report"))
_ANSWER = select(acts.c.content_digest, acts.c.answer).where(acts.c.act_id == bindparam("act"))
_ANSWERS = (
    select(acts.c.answer)
    .join_from(grounds, acts, acts.c.act_id == grounds.c.act_id)
    .where(grounds.c.report_id == bindparam("report"))
    .order_by(acts.c.at, acts.c.act_id)
)


def record(connection: Connection, intake: Intake, *, at: datetime, told: Sequence[Notice]) -> None:
    """Write a report with its audit entry and notices; the same report again writes nothing.

    Raises OtherContentError when the act id is taken by another report.
    """
    content = intake.model_dump(mode="json")
    digest = content_digest(content)
    there = connection.execute(_DIGEST, {"report": intake.act_id}).scalar_one_or_none()
    if there is not None:
        if there != digest:
            raise OtherContentError(intake.act_id)
        return
    row: dict[str, Any] = {
        "act_id": intake.act_id,
        "kind": intake.report.report,
        "body": intake.actor.body,
        "person": intake.actor.person,
        "content": content,
        "content_digest": digest,
        "at": at,
    }
    connection.execute(insert(reports), row)
    occasion = audit.Occasion(actor=intake.actor.person, action=AuditAction.REPORT_RECORDED, at=at)
    audit.append(connection, reports, row, occasion, after=audit.head(connection))
    awaited.report_waits(connection, intake)
    notices.write(connection, told, at=at)


def one(connection: Connection, act_id: str) -> Intake | None:
    """Give one report; None when it is unknown."""
    content = connection.execute(_CONTENT, {"report": act_id}).scalar_one_or_none()
    return None if content is None else Intake.model_validate(content, strict=False)


def several(connection: Connection, act_ids: Sequence[str]) -> dict[str, Intake]:
    """Give those of the reports that are known, by their ids."""
    rows = connection.execute(select(reports.c.act_id, reports.c.content).where(reports.c.act_id.in_(act_ids)))
    return {row.act_id: Intake.model_validate(row.content, strict=False) for row in rows}


def without_assessment(connection: Connection, *, body: str) -> tuple[Intake, ...]:
    """Give the risk events of a body of which nobody has named an assessment yet, nor said that they touch none."""
    mine = awaited.subjects(awaited.Kind.REPORT, (Position(Role.TEAM_MEMBER, body, None, ()),))
    waits = mine.join(reports, reports.c.act_id == mine.c.subject).outerjoin(
        events, events.c.event_id == mine.c.subject
    )
    # Why no review is needed was said at the end of an event.
    not_over = events.c.status.is_distinct_from(EventStatus.CLOSED.value)
    statement = select(reports.c.content).select_from(waits).where(not_over)
    found = connection.execute(statement.order_by(reports.c.at, reports.c.act_id)).scalars()
    return tuple(Intake.model_validate(content, strict=False) for content in found)


def events_of(connection: Connection, act_ids: Collection[str]) -> dict[str, str]:
    """Give of those that report a risk event, by their ids, the event that they begin or add to."""
    statement = select(reports.c.act_id, reports.c.content).where(
        reports.c.act_id.in_(sorted(act_ids)), reports.c.kind == "risk"
    )
    return {row.act_id: row.content["adds_to"] or row.act_id for row in connection.execute(statement)}


def recorded(connection: Connection, act_id: str) -> RecordedReport | None:
    """Give one report with when it was recorded; None when it is unknown."""
    row = connection.execute(_RECORDED, {"report": act_id}).one_or_none()
    return row and RecordedReport(intake=Intake.model_validate(row.content, strict=False), at=row.at)


def stored_answer(connection: Connection, act_id: str) -> StoredAnswer | None:
    """Give the answer of an act, or of a report (the reviews opened or joined so far); None when unknown."""
    act = connection.execute(_ANSWER, {"act": act_id}).one_or_none()
    if act is not None:
        return StoredAnswer(act_id=act_id, content_digest=act.content_digest, answer=act.answer)
    digest = connection.execute(_DIGEST, {"report": act_id}).scalar_one_or_none()
    if digest is None:
        return None
    answer: list[JsonValue] = [one.model_dump(mode="json") for one in reviews_of(connection, act_id)]
    return StoredAnswer(act_id=act_id, content_digest=digest, answer=answer)


def known_acts(connection: Connection, act_ids: Collection[str]) -> frozenset[str]:
    """Give those of the act ids that an act of a review has."""
    return frozenset(connection.execute(select(acts.c.act_id).where(acts.c.act_id.in_(act_ids))).scalars())


def reviews_of(connection: Connection, act_id: str) -> tuple[ReportedReview, ...]:
    """Give the reviews that a report has opened or joined so far; of a ground that was held, the first one."""
    firsts: dict[str, Any] = {}
    for answer in connection.execute(_ANSWERS, {"report": act_id}).scalars():
        firsts.setdefault(answer["assessment_id"], {name: answer[name] for name in ReportedReview.model_fields})
    return tuple(ReportedReview.model_validate(one, strict=False) for one in firsts.values())
