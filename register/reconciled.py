"""照合する行 (reconciled rows): what is held against the engine's histories, and what is written anew from them.

An act is written anew by the very code that wrote it once, and must then give the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import JsonValue
from sqlalchemy import ColumnElement, Connection, RowMapping, Table, select, update

from register import awaited, countermeasures, duties, events, recording
from register.act_rows import AnyEntry, AnyReceipt
from register.database import Database
from register.errors import MovedOnError, RegisterError
from register.tables import (
    acts,
    countermeasure_acts,
    duty_acts,
    event_acts,
    reports,
)
from register.tables import countermeasures as countermeasure_rows
from register.tables import duties as duty_rows
from register.tables import events as event_rows
from register.tables import reviews as review_rows
from schemas.acts import Receipt
from schemas.countermeasures import CountermeasureState, CountermeasureStatus
from schemas.duties import OVER, DutyState
from schemas.events import EventState, EventStatus
from schemas.records import CountermeasureEntry, DutyEntry, Entry, EventEntry
from schemas.review import ReviewState, Stage

AnyState = ReviewState | CountermeasureState | EventState | DutyState


class Subject(StrEnum):
    """対象 (subject): what acts are about, and a workflow follows."""

    REVIEW = "review"
    COUNTERMEASURE = "countermeasure"
    EVENT = "event"
    DUTY = "duty"

    @property
    def label(self) -> str:
        """The subject in Japanese."""
        return {"review": "見直し", "countermeasure": "対応策", "event": "リスク事案", "duty": "義務"}[self.value]


class KnownAct(NamedTuple):
    """台帳にある行為 (known act): its content's digest, and its answer; a report has none of its own."""

    content_digest: str
    answer: JsonValue


class AnotherAnswerError(RegisterError):
    """別の答え (another answer): written anew an act would be answered otherwise than it was; nothing was written."""


class _Rows(NamedTuple):
    table: Table
    acts: Table
    state: type[AnyState]
    is_open: ColumnElement[bool]


_ROWS: Mapping[Subject, _Rows] = {
    Subject.REVIEW: _Rows(review_rows, acts, ReviewState, review_rows.c.stage != Stage.CLOSED.value),
    Subject.COUNTERMEASURE: _Rows(
        countermeasure_rows,
        countermeasure_acts,
        CountermeasureState,
        countermeasure_rows.c.status != CountermeasureStatus.CLOSED.value,
    ),
    Subject.EVENT: _Rows(event_rows, event_acts, EventState, event_rows.c.status != EventStatus.CLOSED.value),
    Subject.DUTY: _Rows(duty_rows, duty_acts, DutyState, duty_rows.c.status.not_in([one.value for one in OVER])),
}


class ReconciledRows:
    """照合する行 (rows that are reconciled)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, subject: Subject, act_ids: Iterable[str]) -> dict[str, KnownAct]:
        """Give those of the acts that are known, by their ids."""
        return await self._database.read(_known, _ROWS[subject].acts, list(act_ids))

    async def known_reports(self, act_ids: Iterable[str]) -> dict[str, KnownAct]:
        """Give those of the reports that are known, by their ids."""
        return await self._database.read(_known_reports, list(act_ids))

    async def open_ones(self, subject: Subject) -> dict[str, AnyState]:
        """Give all that is open, by its key, as it stands."""
        return await self._database.read(_open_ones, _ROWS[subject])

    async def states(self, subject: Subject, keys: Iterable[str]) -> dict[str, AnyState]:
        """Give those of the subjects that are known, open or not, by their keys."""
        return await self._database.read(_states, _ROWS[subject], list(keys))

    async def rewrite(self, entry: AnyEntry, *, receipt: AnyReceipt) -> None:
        """Write an act anew with all that followed from it, but for its notices.

        Raises AnotherAnswerError; MovedOnError where what is there knows of a later act and can't be taken back;
        RefusedError where the register refuses it by a rule.
        """
        await self._database.write(_rewrite, entry, receipt=receipt)


def _known(connection: Connection, table: Table, act_ids: list[str]) -> dict[str, KnownAct]:
    statement = select(table.c.act_id, table.c.content_digest, table.c.answer).where(table.c.act_id.in_(act_ids))
    return {row.act_id: KnownAct(row.content_digest, row.answer) for row in connection.execute(statement)}


def _known_reports(connection: Connection, act_ids: list[str]) -> dict[str, KnownAct]:
    statement = select(reports.c.act_id, reports.c.content_digest).where(reports.c.act_id.in_(act_ids))
    return {row.act_id: KnownAct(row.content_digest, None) for row in connection.execute(statement)}


def _open_ones(connection: Connection, rows: _Rows) -> dict[str, AnyState]:
    return _read(connection, rows, rows.is_open)


def _states(connection: Connection, rows: _Rows, keys: list[str]) -> dict[str, AnyState]:
    (key,) = rows.table.primary_key.columns
    return _read(connection, rows, key.in_(keys))


def _read(connection: Connection, rows: _Rows, condition: ColumnElement[bool]) -> dict[str, AnyState]:
    (key,) = rows.table.primary_key.columns
    statement = select(key.label("key"), rows.table.c.state).where(condition).order_by(key)
    return {row.key: rows.state.model_validate(row.state, strict=False) for row in connection.execute(statement)}


def _rewrite(connection: Connection, entry: AnyEntry, *, receipt: AnyReceipt) -> None:
    if _again(connection, entry) != receipt:
        raise AnotherAnswerError(f"行為 {entry.act.act_id} の答えが、履歴にある答えと違います。")


def _again(connection: Connection, entry: AnyEntry) -> AnyReceipt:
    match entry:
        case Entry():
            return _review_again(connection, entry)
        case CountermeasureEntry():
            there = countermeasures.one(connection, entry.state.countermeasure_id)
            if there.sequence >= entry.state.sequence:
                raise MovedOnError(there.countermeasure_id)
            return countermeasures.record(connection, entry).receipt
        case EventEntry():
            return events.record(connection, entry)
        case DutyEntry():
            return duties.record(connection, entry).receipt


def _review_again(connection: Connection, entry: Entry) -> Receipt:
    """Write the act; where the review was already further, it stands again where it stood."""
    one = review_rows.c.review_id == entry.review.review_id
    row = connection.execute(select(review_rows).where(one)).mappings().one_or_none()
    receipt = recording.record(connection, entry).receipt
    if row is not None:
        stood = ReviewState.model_validate(row["state"], strict=False)
        if stood.sequence > entry.review.sequence:
            connection.execute(update(review_rows).where(one).values(**_changing(row)))
            awaited.review_waits(connection, stood, review_id=receipt.review_id, known=receipt.review_id)
    return receipt


def _changing(row: RowMapping) -> dict[str, Any]:
    return {name: row[name] for name in ("run_id", "stage", "state", "due_on", "closed_at", "outcome")}
