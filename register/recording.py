"""記帳 (recording): one act of a review, with all that follows from it, in the caller's transaction.

Few statements, for this is done at every act.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, insert, literal, select, true, update

from register import audit, awaited, countermeasures, notices
from register.act_rows import act_row
from register.audit import GENESIS, Head
from register.details import DETAIL_TABLES, detail_of
from register.errors import OtherContentError
from register.publishing import end, hand_over, publish, verify_published
from register.tables import acts, audit_entries, reviews
from schemas.acts import HandOver, Join, Receipt
from schemas.canonical import content_digest
from schemas.records import AuditAction, Entry, Recorded
from schemas.review import ReviewState

_ONE = select(literal(1).label("one")).subquery("one")
_HEAD = select(audit_entries.c.seq, audit_entries.c.hash).order_by(audit_entries.c.seq.desc()).limit(1).subquery("head")
_EARLIER = select(func.count()).select_from(reviews).where(reviews.c.assessment_id == bindparam("assessment"))


def _all_at_once(review: ColumnElement[bool]) -> Select[Any]:
    """One row, whatever is there: the head of the chain, the act, its review, how many the assessment has had."""
    known = acts.c.act_id, acts.c.content_digest, acts.c.run_id, acts.c.answer, acts.c.due_on
    whole = _ONE.outerjoin(_HEAD, true()).outerjoin(acts, acts.c.act_id == bindparam("act")).outerjoin(reviews, review)
    earlier = _EARLIER.scalar_subquery().label("earlier")
    return select(_HEAD.c.seq, _HEAD.c.hash, *known, reviews.c.review_id, earlier).select_from(whole)


_OF_RUN = _all_at_once(reviews.c.run_id == bindparam("review"))
_OF_NUMBER = _all_at_once(reviews.c.review_id == bindparam("review"))
_INSERT_REVIEW = insert(reviews)
_UPDATE_REVIEW = update(reviews).where(reviews.c.review_id == bindparam("review"))
_INSERT_ACT = insert(acts)
_INSERT_DETAIL = {table.name: insert(table) for table in DETAIL_TABLES}


def record(connection: Connection, entry: Entry) -> Recorded:
    """Write the act, its detail, its audit entry, its notices, the review as it stands after it, and the new version.

    Raises OtherContentError when the same run recorded other content under the same act id.
    """
    content = entry.act.model_dump(mode="json")
    digest = content_digest(content)
    before = _before(connection, entry)
    if before.act_id is not None:
        return _again(before, entry, digest=digest)
    review = _project(connection, entry, before)
    review_id = str(review.review_id)
    awaited.review_waits(connection, review, review_id=review_id, known=before.review_id)
    receipt = _receipt(entry, review_id=review_id, digest=digest, joins_open=before.review_id is not None)
    own = {"review_id": review_id, "due_on": entry.due_on, "run_id": entry.run_id}
    row = act_row(entry, receipt, content=content, **own)
    connection.execute(_INSERT_ACT, row)
    if detail := detail_of(content, review_id=review_id):
        connection.execute(_INSERT_DETAIL[detail.table.name], detail.row)
    occasion = audit.Occasion(actor=entry.act.actor.person, action=AuditAction.ACT_RECORDED, at=entry.at)
    head = Head(before.seq or 0, before.hash or GENESIS)
    head = audit.append(connection, acts, row, occasion, after=head)
    if isinstance(entry.act, HandOver):
        hand_over(connection, assessment_id=receipt.assessment_id, department=entry.act.department)
    if entry.version is not None:
        head = publish(connection, entry.version, entry=entry, review_id=review_id, after=head)
    if entry.verified_on is not None:
        verify_published(connection, entry)
    if entry.ending is not None:
        end(connection, entry.ending, assessment_id=receipt.assessment_id)
    if entry.countermeasures:
        countermeasures.open_planned(connection, entry.countermeasures, at=entry.at, after=head)
    notices.write(connection, entry.notices, at=entry.at, review_id=review_id)
    return Recorded(receipt=receipt, due_on=entry.due_on, alarms=entry.alarms)


def _before(connection: Connection, entry: Entry) -> Row[Any]:
    review_id = entry.review.review_id
    statement, review = (_OF_RUN, entry.run_id) if review_id is None else (_OF_NUMBER, review_id)
    parameters = {"act": entry.act.act_id, "review": review, "assessment": entry.review.opening.assessment_id}
    return connection.execute(statement, parameters).one()


def _again(before: Row[Any], entry: Entry, *, digest: str) -> Recorded:
    receipt = Receipt.model_validate(before.answer, strict=False)
    if before.run_id != entry.run_id:
        return Recorded(receipt=receipt, by_another_run=True)
    if before.content_digest != digest:
        raise OtherContentError(entry.act.act_id)
    return Recorded(receipt=receipt, due_on=before.due_on, alarms=entry.alarms)


def _project(connection: Connection, entry: Entry, before: Row[Any]) -> ReviewState:
    """Write the review as it stands after the act; number it when it is new."""
    assessment_id = entry.review.opening.assessment_id
    review_id = before.review_id or entry.review.review_id or f"{assessment_id}/{before.earlier + 1}"
    review = entry.review.model_copy(update={"review_id": review_id, "due_on": entry.due_on, "alarms": entry.alarms})
    row = {
        "run_id": entry.run_id,
        "stage": review.stage.value,
        "state": review.model_dump(mode="json"),
        "due_on": review.due_on,
        "closed_at": review.closed_at,
        "outcome": review.outcome and review.outcome.value,
    }
    if before.review_id is not None:
        connection.execute(_UPDATE_REVIEW, {"review": review_id, **row})
        return review
    fixed = {
        "review_id": review_id,
        "assessment_id": assessment_id,
        "number": int(review_id.rpartition("/")[2]),
        "body": review.opening.body,
        "opened_at": review.opened_at,
    }
    connection.execute(_INSERT_REVIEW, {**fixed, **row})
    return review


def _receipt(entry: Entry, *, review_id: str, digest: str, joins_open: bool) -> Receipt:
    act, review = entry.act, entry.review
    is_join = isinstance(act, Join)
    return Receipt(
        act_id=act.act_id,
        review_id=review_id,
        assessment_id=review.opening.assessment_id,
        sequence=review.sequence,
        stage=review.stage,
        joined=is_join and joins_open,
        held=isinstance(act, Join) and any(ground.ground_id == act.ground.ground_id for ground in review.held),
        content_digest=digest,
    )
