"""義務 (duties): written with each act on them, the first of which opens them; and their reading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, bindparam, insert, select, union, update

from guideline.duty_register import check_children, check_parent
from guideline.duty_roll import RollAct
from guideline.duty_rules import DUTY_RULES
from guideline.organisation import Position
from register import audit, awaited, duty_roll, guidance, notices
from register.act_rows import act_row
from register.errors import MovedOnError, OtherContentError
from register.readings import duties_seen
from register.tables import duties, duty_acts
from schemas.canonical import content_digest, message_digest
from schemas.duties import OVER, DepartmentCount, DutyKind, DutyState, DutyStatus, MemberStatus, RollRow
from schemas.duty_acts import DutyActRecord, DutyConfirmation, DutyHistory, DutyOpening, DutyReceipt
from schemas.records import AuditAction, DutyEntry, DutyRecorded

if TYPE_CHECKING:
    from guideline.access import RowsSeen, Sight
    from guideline.guidance_duties import Family
    from register.database import Database

_STATE = select(duties.c.state)
_ONE = _STATE.where(duties.c.duty_id == bindparam("duty"))
_UPDATE = update(duties).where(duties.c.duty_id == bindparam("duty"))
_KNOWN = select(duty_acts.c.content_digest, duty_acts.c.answer).where(duty_acts.c.act_id == bindparam("act"))
_NOT_OVER = duties.c.status.not_in(sorted(status.value for status in OVER))
_ALL_OF_A_KIND = 10_000
_IN_ORDER = (duties.c.due_on, duties.c.duty_id)


@dataclass(frozen=True, slots=True)
class DutyFilter:
    """絞り込み (filter) of duties of one body, to what a person sees where `sight` is given."""

    body: str
    sight: Sight | None = None
    kind: DutyKind | None = None
    scope: str = "open"
    department: str | None = None
    parent: str | None = None


def record(connection: Connection, entry: DutyEntry) -> DutyRecorded:
    """Write the act, the duty and its roll as they stand after it, the audit entry and the notices.

    The same act again writes nothing and gives the stored answer. Raises OtherContentError when the act id is taken by
    an act with other content, MovedOnError where the duty is not where the act takes it to be, and RefusedError where
    the roll or the duties above and below do not permit it.
    """
    act = entry.act
    content = act.model_dump(mode="json")
    digest = content_digest(content)
    known = connection.execute(_KNOWN, {"act": act.act_id}).one_or_none()
    if known is not None:
        return _again(connection, entry, known, digest=digest)
    there = find(connection, act.duty_id)
    if (there.sequence if there else 0) + 1 != entry.state.sequence:
        raise MovedOnError(act.duty_id)
    _check_family(connection, entry)
    guidance.check(connection, entry)
    state = entry.state
    if there is None:
        connection.execute(insert(duties), {"duty_id": state.duty_id, **_present(state)})
    if isinstance(act, RollAct):
        state = state.model_copy(update={"roll": duty_roll.change(connection, state, act, listed=entry.listed)})
    receipt = DutyReceipt(
        act_id=act.act_id,
        duty_id=state.duty_id,
        sequence=state.sequence,
        status=state.status,
        due_on=state.due_on,
        roll=state.roll,
        content_digest=digest,
        state_digest=message_digest(state),
    )
    row = act_row(entry, receipt, content=content, duty_id=state.duty_id)
    connection.execute(insert(duty_acts), row)
    connection.execute(_UPDATE, {"duty": state.duty_id, **_present(state)})
    awaited.duty_waits(connection, state)
    occasion = audit.Occasion(actor=act.actor.person, action=AuditAction.DUTY_ACT, at=entry.at)
    audit.append(connection, duty_acts, row, occasion, after=audit.head(connection))
    notices.write(connection, entry.notices, at=entry.at)
    return DutyRecorded(receipt=receipt, alarms=state.alarms)


def _again(connection: Connection, entry: DutyEntry, known: Any, *, digest: str) -> DutyRecorded:
    """Give the stored answer, with the alarms that were written with it while no later act has changed them."""
    if known.content_digest != digest:
        raise OtherContentError(entry.act.act_id)
    receipt = DutyReceipt.model_validate(known.answer, strict=False)
    there = find(connection, entry.act.duty_id)
    is_last = there is not None and there.sequence == receipt.sequence
    return DutyRecorded(receipt=receipt, alarms=there.alarms if there is not None and is_last else entry.state.alarms)


def _check_family(connection: Connection, entry: DutyEntry) -> None:
    """See that the duty above is there and not over when one is opened, and that those below are when it is closed."""
    state = entry.state
    if isinstance(entry.act, DutyOpening) and state.parent is not None:
        check_parent(state, find(connection, state.parent))
    if isinstance(entry.act, DutyConfirmation) and DUTY_RULES[state.kind].children_first:
        below = select(duties.c.title).where(duties.c.parent == state.duty_id, _NOT_OVER).order_by(*_IN_ORDER)
        check_children(state, connection.execute(below).scalars().all())


def find(connection: Connection, duty_id: str) -> DutyState | None:
    """Give one duty; None when it is unknown."""
    state = connection.execute(_ONE, {"duty": duty_id}).scalar_one_or_none()
    return None if state is None else DutyState.model_validate(state, strict=False)


class DutyRows:
    """義務の行 (rows of duties): what the activities and the facade ask of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, entry: DutyEntry) -> DutyRecorded:
        """Write an act in one transaction; the same act again writes nothing and gives the stored answer.

        Raises OtherContentError, MovedOnError or RefusedError.
        """
        return await self._database.write(record, entry)

    async def find(self, duty_id: str) -> DutyState | None:
        """Give one duty; None when it is unknown."""
        return await self._database.read(find, duty_id)

    async def history(self, duty_id: str, *, limit: int) -> DutyHistory | None:
        """Give a duty with its newest acts, in their order; None when it is unknown."""
        return await self._database.read(_history, duty_id, limit=limit)

    async def receipt(self, act_id: str) -> DutyReceipt | None:
        """Give the receipt of an act; None when it was not recorded."""
        return await self._database.read(_receipt, act_id)

    async def list(self, wanted: DutyFilter, *, limit: int, after: int = 0) -> tuple[DutyState, ...]:
        """Give duties by date, so many behind the first `after`."""
        return await self._database.read(_list, wanted, limit=limit, after=after)

    async def of_kind(self, kind: DutyKind, *, body: str, department: str | None = None) -> tuple[DutyState, ...]:
        """Give all duties of a kind, whatever became of them, of one department where it is named."""
        wanted = DutyFilter(body=body, kind=kind, scope="all", department=department)
        return await self.list(wanted, limit=_ALL_OF_A_KIND)

    async def repeating(self) -> tuple[DutyState, ...]:
        """Give the duties that repeat, whatever became of them."""
        return await self._database.read(
            _states, _STATE.where(duties.c.repeats.is_not(None)).order_by(duties.c.duty_id)
        )

    async def below(self, duty_id: str, *, sight: Sight | None = None) -> tuple[DutyState, ...]:
        """Give the duties under one, by date; those that a person sees, where `sight` is given."""
        statement = _STATE.where(duties.c.parent == duty_id).order_by(*_IN_ORDER)
        seen = statement if sight is None else statement.where(duties_seen(sight))
        return await self._database.read(_states, seen)

    async def family(self, duty_id: str) -> Family | None:
        """Give a guidance with the duties under it, and how each came to its end; None when it is unknown."""
        return await self._database.read(guidance.family, duty_id)

    async def roll(  # noqa: PLR0913 # each narrows the roll by one thing
        self,
        duty_id: str,
        *,
        status: MemberStatus | None = None,
        limit: int,
        after: int = 0,
        department: str | None = None,
        seen: RowsSeen | None = None,
    ) -> tuple[RollRow, ...]:
        """Give rows of a roll by member, of one status or department where it is named, behind the first `after`.

        Where it is said which rows are `seen`, there are no others.
        """
        return await self._database.read(
            duty_roll.page, duty_id, status=status, limit=limit, after=after, department=department, seen=seen
        )

    async def coverage(self, duty_id: str) -> tuple[DepartmentCount, ...]:
        """Count the roll of a duty by department."""
        return await self._database.read(duty_roll.coverage, duty_id)

    async def member(self, duty_id: str, member: str) -> RollRow | None:
        """Give the row of one member; None where they are not on the roll."""
        return await self._database.read(duty_roll.one, duty_id, member)


def _history(connection: Connection, duty_id: str, *, limit: int) -> DutyHistory | None:
    state = find(connection, duty_id)
    if state is None:
        return None
    columns = duty_acts.c
    statement = (
        select(columns.content, columns.sequence, columns.at, columns.answer)
        .where(columns.duty_id == duty_id)
        .order_by(columns.sequence.desc())
        .limit(limit)
    )
    newest = [
        DutyActRecord.model_validate(
            {"act": row.content, "sequence": row.sequence, "at": row.at, "receipt": row.answer}, strict=False
        )
        for row in connection.execute(statement)
    ]
    return DutyHistory(state=state, acts=tuple(reversed(newest)))


def _receipt(connection: Connection, act_id: str) -> DutyReceipt | None:
    known = connection.execute(_KNOWN, {"act": act_id}).one_or_none()
    return None if known is None else DutyReceipt.model_validate(known.answer, strict=False)


def _list(connection: Connection, wanted: DutyFilter, *, limit: int, after: int) -> tuple[DutyState, ...]:
    statement = _STATE.where(duties.c.body == wanted.body).order_by(*_IN_ORDER).limit(limit).offset(after)
    if wanted.scope == "open":
        statement = statement.where(_NOT_OVER)
    for column, value in (
        (duties.c.kind, wanted.kind.value if wanted.kind else None),
        (duties.c.department, wanted.department),
        (duties.c.parent, wanted.parent),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.sight is not None:
        statement = statement.where(duties_seen(wanted.sight))
    return _states(connection, statement)


def waiting(connection: Connection, *, person: str, positions: Iterable[Position]) -> tuple[DutyState, ...]:
    """Give the duties that may wait for a person: their own, those of their positions, those of whose roll they are."""
    mine = awaited.subjects(awaited.Kind.DUTY, positions)
    own = select(duties.c.duty_id).where(duties.c.owner == person, duties.c.status == DutyStatus.OPEN.value)
    ids = union(own, select(mine.c.subject), duty_roll.duties_with(person, status=MemberStatus.OPEN)).subquery()
    statement = _STATE.where(duties.c.duty_id.in_(select(ids.c[0])), _NOT_OVER)
    return _states(connection, statement.order_by(*_IN_ORDER))


def due(connection: Connection, *, sight: Sight, first: date, last: date) -> tuple[DutyState, ...]:
    """Give those that a person sees, are not over and due between two days, both among them."""
    within = duties.c.due_on.between(first, last)
    return _states(connection, _STATE.where(duties_seen(sight), _NOT_OVER, within).order_by(*_IN_ORDER))


def _states(connection: Connection, statement: Select[Any]) -> tuple[DutyState, ...]:
    return tuple(DutyState.model_validate(state, strict=False) for state in connection.execute(statement).scalars())


def _present(state: DutyState) -> dict[str, Any]:
    said = state.model_dump(mode="json")
    named = ("kind", "parent", "body", "department", "owner", "title", "repeats", "status")
    return {**{name: said[name] for name in named}, "due_on": state.due_on, "state": said}
