"""名簿 (roll) of a duty: changed in the transaction of the act that changes it, read page by page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, bindparam, func, insert, or_, select, update

from guideline.duty_roll import Listed, RollAct, counted, members_of, rows_after
from register.tables import duty_roll
from schemas.duties import DepartmentCount, DutyState, MemberStatus, RollCount, RollRow

if TYPE_CHECKING:
    from guideline.access import RowsSeen

ROWS = select(*(duty_roll.c[name] for name in RollRow.model_fields))
"""名簿の行: the query of all of them, of which each is read by `row_of`."""

_AT_ONCE = 500
_UPDATE = update(duty_roll).where(duty_roll.c.duty_id == bindparam("duty"), duty_roll.c.member == bindparam("whom"))


def change(connection: Connection, state: DutyState, act: RollAct, *, listed: Listed) -> RollCount:
    """Carry out an act on the roll, and count it anew. Raises RefusedError; nothing is written then."""
    known = _rows_of(connection, state.duty_id, members_of(act, listed))
    changed = rows_after(state, act, known=known, listed=listed)
    new = [{"duty_id": state.duty_id, **_values(row)} for row in changed if row.member not in known]
    old = [{"duty": state.duty_id, "whom": row.member, **_values(row)} for row in changed if row.member in known]
    if new:
        connection.execute(insert(duty_roll), new)
    if old:
        connection.execute(_UPDATE, old)
    return counted(state.roll, known=known, changed=changed)


def _values(row: RollRow) -> dict[str, Any]:
    return {**row.model_dump(), "status": row.status.value}


def _rows_of(connection: Connection, duty_id: str, members: Iterable[str]) -> dict[str, RollRow]:
    named = sorted(set(members))
    of_it = ROWS.where(duty_roll.c.duty_id == duty_id)
    parts = [named[start : start + _AT_ONCE] for start in range(0, len(named), _AT_ONCE)]
    rows = (row for part in parts for row in connection.execute(of_it.where(duty_roll.c.member.in_(part))))
    return {row.member: row_of(row) for row in rows}


def row_of(row: Any) -> RollRow:
    """Give a row of the roll from one of the query."""
    return RollRow.model_validate(row._asdict(), strict=False)


def page(  # noqa: PLR0913 # each narrows the roll by one thing
    connection: Connection,
    duty_id: str,
    *,
    status: MemberStatus | None,
    limit: int,
    after: int,
    department: str | None = None,
    seen: RowsSeen | None = None,
) -> tuple[RollRow, ...]:
    """Give rows of a roll by member, of one status or department where it is named, behind the first `after`."""
    statement = ROWS.where(duty_roll.c.duty_id == duty_id)
    if status is not None:
        statement = statement.where(duty_roll.c.status == status.value)
    if department is not None:
        statement = statement.where(duty_roll.c.department == department)
    if seen is not None:
        theirs = duty_roll.c.department.in_(sorted(seen.departments))
        statement = statement.where(or_(duty_roll.c.member == seen.person, theirs))
    rows = connection.execute(statement.order_by(duty_roll.c.member).limit(limit).offset(after))
    return tuple(row_of(row) for row in rows)


def one(connection: Connection, duty_id: str, member: str) -> RollRow | None:
    """Give the row of one member; None where they are not on the roll."""
    return _rows_of(connection, duty_id, (member,)).get(member)


def coverage(connection: Connection, duty_id: str) -> tuple[DepartmentCount, ...]:
    """Count those on a roll by department: all, who has done it, who is excused."""
    status = duty_roll.c.status
    statement = (
        select(
            duty_roll.c.department,
            func.count().label("total"),
            func.count().filter(status == MemberStatus.COMPLETED.value).label("completed"),
            func.count().filter(status == MemberStatus.EXCUSED.value).label("excused"),
        )
        .where(duty_roll.c.duty_id == duty_id, _IS_ON)
        .group_by(duty_roll.c.department)
    )
    return tuple(DepartmentCount.model_validate(row._asdict()) for row in connection.execute(statement))


def duties_with(member: str, *, status: MemberStatus | None = None) -> Select[Any]:
    """Give the query of the duties on whose roll somebody stands, in one status where it is named."""
    statement = select(duty_roll.c.duty_id).where(duty_roll.c.member == member)
    if status is not None:
        return statement.where(duty_roll.c.status == status.value)
    return statement.where(_IS_ON)


def duties_of(departments: Sequence[str]) -> Select[Any]:
    """Give the query of the duties on whose roll somebody of these departments stands."""
    return select(duty_roll.c.duty_id).where(duty_roll.c.department.in_(departments), _IS_ON)


_IS_ON = duty_roll.c.status != MemberStatus.REMOVED.value
