"""年度の表 (table): what each fiscal year brought, by the rows of the register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from tests.years.days import FIRST, LAST, fiscal_year
from tests.years.town import OUTAGE, Town

COLUMNS = {
    "asked": "期日",
    "verified": "変更なし",
    "amended": "修正",
    "reassessed": "再実施",
    "ended": "終了",
    "reminder": "督促",
    "superior": "上位者へ",
    "top": "最上位へ",
    "made_up": "停止の後",
}
"""欄: dates that the calendar asked for, reviews by their outcome, alarms by their urgency, what was made up."""

_ASKED = "SELECT at, 'asked' FROM acts WHERE kind = 'join' AND person = 'engine' AND act_id NOT LIKE 'carried/%'"
_CLOSED = "SELECT closed_at, outcome FROM reviews WHERE closed_at IS NOT NULL"
_RANG = "SELECT at, json_extract(content, '$.alarm.urgency') FROM acts WHERE kind = 'remind'"


def counted(town: Town) -> Counter[tuple[int, str]]:
    """Count what each fiscal year brought to a town."""
    found: Counter[tuple[int, str]] = Counter()
    for statement in (_ASKED, _CLOSED, _RANG):
        for at, what in town.oracle.ask(statement):
            found[fiscal_year(_day(at)), what] += 1
    found[fiscal_year(OUTAGE[1]), "made_up"] = town.sweeps[OUTAGE[1]].opened
    return found


def lines(found: Mapping[tuple[int, str], int]) -> Iterator[str]:
    """Give the table line by line; a year is that in which it begins."""
    yield "  ".join(["年度  ", *COLUMNS.values()])
    for year in range(FIRST.year, fiscal_year(LAST) + 1):
        cells = [f"{found.get((year, name), 0):>{2 * len(title)}}" for name, title in COLUMNS.items()]
        yield "  ".join([f"令和{year - 2018:<2}", *cells])


def _day(instant: str) -> date:
    at = datetime.fromisoformat(instant)
    return (at.replace(tzinfo=None) + timedelta(hours=9)).date()
