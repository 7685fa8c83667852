"""ログの集計 (summaries of logs): the CSV that a department makes of a period's logs becomes its paper."""

from __future__ import annotations

from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from client.csv_reading import Columns, read_table
from client.errors import InvalidInputError

if TYPE_CHECKING:
    from client.csv_reading import Line

COLUMNS = Columns(
    titles=MappingProxyType({"day": "日付", "volume": "件数", "anomalies": "異常"}),
    needed=frozenset({"day", "volume", "anomalies"}),
    also=MappingProxyType({}),
)
"""集計の列: a row a day; the last is empty where nothing was found, and has one anomaly to a line else."""

_WHERE = "ログの集計"


class Summary(NamedTuple):
    """集計 (summary): the parts of a paper that the rows make, and how the file was written."""

    paper: dict[str, Any]
    encoding: str


def summary_from(content: bytes) -> Summary:
    """Add the rows up: each day of the period once, whatever their order.

    Raises InvalidInputError with every fault by its row; then nothing of it is used.
    """
    table = read_table(content, COLUMNS, where=_WHERE)
    faults: list[str] = []
    days: dict[date, tuple[int, Line]] = {}
    for row in table.lines:
        day, volume = _day(row, faults), _volume(row, faults)
        if day is None or volume is None:
            continue
        if day in days:
            faults.append(f"{row.number}行目: {day} は{days[day][1].number}行目にもあります。")
        days[day] = (volume, row)
    if not faults:
        first, last = min(days), max(days)
        period = (first + timedelta(days=number) for number in range((last - first).days + 1))
        faults.extend(f"{day} の行がありません。" for day in period if day not in days)
    if faults:
        raise InvalidInputError(
            f"{len(faults)}件の誤りがあります。",
            where=_WHERE,
            remedy="示された行を直し、期間の全ての日について一行ずつ書いてください。",
            faults=tuple(faults[:100]),
        )
    anomalies = [
        f"{day}: {line.strip()}"
        for day in sorted(days)
        for line in days[day][1].cells["anomalies"].splitlines()
        if line.strip()
    ]
    paper = {
        "first_on": min(days).isoformat(),
        "last_on": max(days).isoformat(),
        "volume": sum(volume for volume, _ in days.values()),
        "anomalies": anomalies,
    }
    return Summary(paper, table.encoding.label)


def _day(row: Line, faults: list[str]) -> date | None:
    """Read a day as people and spreadsheets write it: 2023-11-01, 2023/11/1."""
    text = row.cells["day"]
    try:
        year, month, day = text.replace("/", "-").split("-")
        return date(int(year), int(month), int(day))
    except ValueError:
        faults.append(f"{row.number}行目: 日付「{text}」を読めません（例 2023-11-01）。")
        return None


def _volume(row: Line, faults: list[str]) -> int | None:
    text = row.cells["volume"].replace(",", "")
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        faults.append(f"{row.number}行目: 件数「{row.cells['volume']}」は0以上の整数ではありません。")
        return None
    return int(text)


_MOST_DIGITS = 15
