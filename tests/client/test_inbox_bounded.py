"""受信箱の手間: it grows with what waits for the person, and not with the register."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from register.register import Register
from tests.house import MANAGER, TEAM
from tests.waiting import Desk, counted, open_desk, open_reviews

_TABLES = ("reviews", "assessments", "countermeasures", "events", "reports", "notices", "awaited")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("person", [MANAGER, TEAM])
async def test_three_tasks_and_thirty_cost_the_same_number_of_statements(desk: Desk, person: str) -> None:
    minaoshi, register = desk
    await open_reviews(desk, ["a-1", "a-2", "a-3"], notices=1)
    with counted(register) as with_three:
        few = await minaoshi.inboxes.of(person)
    await open_reviews(desk, [f"b-{number}" for number in range(27)], notices=1)
    with counted(register) as with_thirty:
        many = await minaoshi.inboxes.of(person)
    assert len({task.review_id for task in few.tasks}) == 3
    assert len({task.review_id for task in many.tasks}) == 30
    assert abs(len(with_thirty) - len(with_three)) <= 1  # the organisation is asked for once a second
    assert len(with_thirty) < 12


@pytest.mark.sqlite("a plan in SQLite's words; PostgreSQL rightly reads a small table from end to end")
async def test_no_statement_of_an_inbox_reads_a_whole_table(desk: Desk) -> None:
    minaoshi, register = desk
    await open_reviews(desk, ["a-1"], notices=1)
    with counted(register) as sent:
        await minaoshi.inboxes.of(TEAM)
        await minaoshi.notices.of(TEAM)
    assert any("awaited" in statement for statement, _ in sent)
    assert await whole_tables_read(register, sent) == []


@pytest.mark.sqlite("as above")
async def test_a_month_reads_what_falls_into_it(desk: Desk) -> None:
    minaoshi, register = desk
    await open_reviews(desk, ["a-1"])
    with counted(register) as sent:
        await minaoshi.deadlines.month("2026-12", as_=TEAM)
    # Of the assessments, whose rows are short, one statement looks at all.
    assert len(sent) < 6
    assert {line.split()[1] for line in await whole_tables_read(register, sent)} <= {"assessments"}


async def whole_tables_read(register: Register, sent: Sequence[tuple[str, Any]]) -> list[str]:
    """Give the lines of the plans of these statements in which a table is read from end to end."""

    def explain(connection: Connection) -> list[str]:
        plans = (connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values) for statement, values in sent)
        return [row[3] for plan in plans for row in plan]

    lines = await register._database.read(explain)  # noqa: SLF001 # to look over its shoulder
    return [line for line in lines if _reads_a_whole_table(line)]


def _reads_a_whole_table(line: str) -> bool:
    return line.startswith(tuple(f"SCAN {table}" for table in _TABLES))
