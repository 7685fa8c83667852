"""名簿の書き出し (rosters): who is on a roll and what became of them, as CSV; as XLSX see `roster_sheets`."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

from rendering.cells import DRAWN_AS_FORMULA

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


TITLES = ("職員番号", "氏名", "部署", "状況", "受講日", "理由", "期限")


class RosterLine(NamedTuple):
    """名簿の一行 (line of a roster)."""

    member: str
    name: str
    department: str
    status: str
    completed_on: date | None
    reason: str
    due_on: date


def roster_csv(lines: Iterable[RosterLine]) -> bytes:
    """Give the roster as CSV, in UTF-8 with the mark by which spreadsheets know it."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(TITLES)
    writer.writerows([_harmless(cell) for cell in cells_of(line)] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """Put a sign before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(DRAWN_AS_FORMULA) else cell


def cells_of(line: RosterLine) -> list[str]:
    """Give what stands in the columns of a line."""
    completed_on = line.completed_on.isoformat() if line.completed_on else ""
    return [*line[:4], completed_on, line.reason, line.due_on.isoformat()]
