"""受信箱の手間: it grows with what waits for the person, and not with the register."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

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


async def test_no_statement_of_an_inbox_reads_a_whole_table(desk: Desk) -> None:
    minaoshi, register = desk
    await open_reviews(desk, ["a-1"], notices=1)
    with counted(register) as sent:
        await minaoshi.inboxes.of(TEAM)

    def explain(connection: Connection) -> dict[str, list[str]]:
        return {
            statement: [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            for statement, values in sent
        }

    plans: dict[str, Any] = await register._database.read(explain)  # noqa: SLF001 # to look over its shoulder
    assert any("awaited" in statement for statement in plans)
    assert [line for plan in plans.values() for line in plan if _reads_a_whole_table(line)] == []


def _reads_a_whole_table(line: str) -> bool:
    return line.startswith(tuple(f"SCAN {table}" for table in _TABLES))
