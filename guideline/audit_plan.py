"""監査計画 (audit plan over the years): what was audited, is being audited and is planned, file by file. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from guideline.audit_checks import audit_of
from guideline.audits import fiscal_year_of
from guideline.duty_series import due_to_open
from schemas.duties import DutyStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schemas.duties import DutyState

YEARS_AHEAD = 2
"""先の年度: so many fiscal years after this one are shown."""


class Standing(Enum):
    """監査の進み (standing): its sign, and how it is called."""

    PLANNED = ("○", "予定")
    OPEN = ("▶", "実施中")
    REPORTED = ("◆", "結果を報告済み、是正・確認待ち")
    LATE = ("！", "期限を過ぎている")
    CLOSED = ("●", "完了")
    CANCELLED = ("×", "取りやめ")

    @property
    def sign(self) -> str:
        """The sign that stands for it in the picture."""
        return self.value[0]

    @property
    def label(self) -> str:
        """What it is called."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """一回の監査 (one audit): a duty, or what its series will open; then it has no number yet."""

    duty_id: str | None
    begins_on: date
    due_on: date
    standing: Standing

    @property
    def fiscal_year(self) -> int:
        """The fiscal year in which it is due."""
        return fiscal_year_of(self.due_on)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """一つの対象 (row): a file, or a contractor that handles it, with its audits by date."""

    file: str
    contractor: str | None
    department: str
    runs: tuple[PlannedRun, ...]

    def in_year(self, year: int) -> tuple[PlannedRun, ...]:
        """Give the audits that are due in a fiscal year."""
        return tuple(one for one in self.runs if one.fiscal_year == year)


@dataclass(frozen=True, slots=True)
class AuditPlanOverYears:
    """監査計画: the fiscal years from the first to the last, and each file and contractor."""

    years: tuple[int, ...]
    rows: tuple[PlanRow, ...]

    def late(self) -> int:
        """Count what is overdue."""
        return sum(run.standing is Standing.LATE for row in self.rows for run in row.runs)


def audit_plan(states: Iterable[DutyState], *, on: date) -> AuditPlanOverYears:
    """Lay the audits out over the years, with those that will open by themselves until the last year that is shown."""
    known = tuple(states)
    last_year = fiscal_year_of(on) + YEARS_AHEAD
    coming = due_to_open((one for one in known if one.repeats is not None), on=date(last_year + 1, 3, 31))
    runs: dict[tuple[str, str | None, str], list[PlannedRun]] = {}
    for state, duty_id in (*((one, one.duty_id) for one in known), *((one, None) for one in coming)):
        content = audit_of(state.content)
        run = PlannedRun(
            duty_id=duty_id,
            begins_on=state.begins_on or min(state.opened_at.date(), state.due_on),
            due_on=state.due_on,
            standing=Standing.PLANNED if duty_id is None else _standing(state, on=on),
        )
        runs.setdefault((content.file, content.contractor, state.department), []).append(run)
    rows = tuple(
        PlanRow(file, contractor, department, tuple(sorted(found, key=lambda one: one.due_on)))
        for (file, contractor, department), found in sorted(runs.items(), key=_by_first)
    )
    years = [run.fiscal_year for row in rows for run in row.runs]
    first = min((*years, fiscal_year_of(on)))
    return AuditPlanOverYears(tuple(range(first, max((*years, fiscal_year_of(on))) + 1)), rows)


def _by_first(row: tuple[tuple[str, str | None, str], list[PlannedRun]]) -> tuple[bool, date, str, str]:
    (file, contractor, _), runs = row
    return contractor is not None, min(one.due_on for one in runs), file, contractor or ""


def _standing(state: DutyState, *, on: date) -> Standing:
    if state.status is DutyStatus.OPEN:
        if state.due_on < on:
            return Standing.LATE
        return Standing.PLANNED if state.begins_on is not None and on < state.begins_on else Standing.OPEN
    return {
        DutyStatus.HANDED_IN: Standing.REPORTED,
        DutyStatus.CLOSED: Standing.CLOSED,
        DutyStatus.CANCELLED: Standing.CANCELLED,
    }[state.status]


def count_of(plan: AuditPlanOverYears) -> Iterator[tuple[Standing, int]]:
    """Count the audits of each standing that there is."""
    for standing in Standing:
        number = sum(run.standing is standing for row in plan.rows for run in row.runs)
        if number:
            yield standing, number
