"""待たれる役割 (awaited roles): what waits for whoever holds a role; written with each act, found by the role alone.

What is found may be too much, for who holds a role in a review is for the rules to say; it is never too little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    delete,
    false,
    insert,
    or_,
    select,
)

from guideline.duty_follow_up import roles_awaited_of_duty
from guideline.organisation import Position
from guideline.separation_of_duties import conflicted, roles_awaited
from register.tables import awaited
from schemas.acts import Intake
from schemas.countermeasures import CountermeasureState, CountermeasureStatus
from schemas.duties import DutyState
from schemas.organisation import Role
from schemas.reports import RiskEvent
from schemas.review import ReviewState


class Kind(StrEnum):
    """待つもの (kind): what waits."""

    REVIEW = "review"  # 見直し
    COUNTERMEASURE = "countermeasure"  # 対応策
    DUTY = "duty"  # 義務
    REPORT = "report"  # 評価書の示されていないリスク事案の報告


NOBODY = ""
"""誰も妨げられない: the row that stands for the role itself."""

_INSERT = insert(awaited)
_DELETE = delete(awaited).where(awaited.c.kind == bindparam("which"), awaited.c.subject == bindparam("what"))


def review_waits(connection: Connection, review: ReviewState, *, review_id: str, known: str | None) -> None:
    """Write for whom the review waits after an act; `known` is its number where it was there before."""
    if known is not None:
        _forget(connection, Kind.REVIEW, review_id)
    rows = [_row(Kind.REVIEW, review_id, role, barred, review.opening) for role, barred in _pairs(review)]
    if rows:
        connection.execute(_INSERT, rows)


def _pairs(review: ReviewState) -> Iterator[tuple[Role, str]]:
    for role in roles_awaited(review):
        for barred in (NOBODY, *sorted(conflicted(review, role))):
            yield role, barred


def countermeasure_waits(connection: Connection, state: CountermeasureState) -> None:
    """Write whether the team is awaited: while what was done is to be confirmed. An owner is found by the owner."""
    _forget(connection, Kind.COUNTERMEASURE, state.countermeasure_id)
    if state.status is CountermeasureStatus.DONE:
        row = _row(Kind.COUNTERMEASURE, state.countermeasure_id, Role.TEAM_MEMBER, NOBODY, state)
        connection.execute(_INSERT, row)


def duty_waits(connection: Connection, state: DutyState) -> None:
    """Write the roles that a duty waits for. An owner is found by the owner, a member by the roll."""
    _forget(connection, Kind.DUTY, state.duty_id)
    rows = [_row(Kind.DUTY, state.duty_id, role, NOBODY, state) for role in roles_awaited_of_duty(state)]
    if rows:
        connection.execute(_INSERT, rows)


def report_waits(connection: Connection, intake: Intake) -> None:
    """Write that a risk event names no assessment, or that somebody has now named one, or said that there is none."""
    report = intake.report
    if not isinstance(report, RiskEvent):
        return
    if intake.adds_to is not None and (report.assessments or intake.untouched):
        _forget(connection, Kind.REPORT, intake.adds_to)
    elif intake.adds_to is None and not report.assessments:
        row = {"body": intake.actor.body, "department": report.known_by_department, "barred": NOBODY}
        named = {"kind": Kind.REPORT.value, "subject": intake.act_id, "role": Role.TEAM_MEMBER.value}
        connection.execute(_INSERT, {**named, **row})


def subjects(kind: Kind, positions: Iterable[Position]) -> FromClause:
    """Give what of that kind may wait for a person in these positions, each once: one column, `subject`.

    A position behind others counts where all of them are barred; that is looked up by the first of them.
    """
    places: defaultdict[tuple[Role, str, tuple[str, ...]], set[str | None]] = defaultdict(set)
    for one in positions:
        places[one.role, one.body, one.before].add(one.department)
    clauses = [
        _place(role, body, before, departments=frozenset(departments))
        for (role, body, before), departments in places.items()
    ]
    statement = select(awaited.c.subject).where(awaited.c.kind == kind.value, or_(false(), *clauses))
    return statement.distinct().subquery("mine")


def _place(role: Role, body: str, before: Sequence[str], *, departments: frozenset[str | None]) -> ColumnElement[bool]:
    first, *others = before or (NOBODY,)
    clauses = [awaited.c.barred == first, awaited.c.body == body, awaited.c.role == role.value]
    if None not in departments:
        clauses.append(awaited.c.department.in_(sorted(str(one) for one in departments)))
    clauses.extend(awaited.c.subject.in_(_barring(role, one)) for one in others)
    return and_(*clauses)


def _barring(role: Role, person: str) -> Select[Any]:
    other = awaited.alias("other")
    return select(other.c.subject).where(
        other.c.kind == Kind.REVIEW.value, other.c.role == role.value, other.c.barred == person
    )


def _forget(connection: Connection, kind: Kind, subject: str) -> None:
    connection.execute(_DELETE, {"which": kind.value, "what": subject})


def _row(kind: Kind, subject: str, role: Role, barred: str, place: Any) -> dict[str, str]:
    where = {"body": place.body, "department": place.department}
    return {"kind": kind.value, "subject": subject, "role": role.value, "barred": barred, **where}
