"""照合: what only the histories have is written anew, what only the register has is taken up again, the rest named."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from client.disagreements import Kind
from client.reconciling import Reconciled, Reconciling, Writes
from engine.copying import EngineMoment
from engine.server import EmbeddedServer
from register.register import Register, open_register
from schemas.records import AuditAction
from schemas.review import Stage
from settings import Settings
from tests.client.backed_up import living, living_again, now
from tests.house import MANAGER, TEAM, House, as_json, open_house

BY_THE_HISTORIES = {
    "reports": "act_id",
    "reviews": "review_id",
    "acts": "act_id",
    "grounds": "act_id",
    "findings": "act_id",
    "decisions": "act_id",
    "steps": "act_id",
    "countermeasures": "countermeasure_id",
    "countermeasure_acts": "act_id",
    "events": "event_id",
    "event_acts": "act_id",
    "duties": "duty_id",
    "duty_acts": "act_id",
    "awaited": "kind, subject, role, barred",
}
"""履歴から作り直せる表, in the order of their keys; notices, occurrences and the trail itself are not."""


@pytest.fixture
async def house(client_connection: Client, server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(client_connection, server.settings, tmp_path / "house") as house, house.worker():
        await house.furnish()
        yield house


def copied(settings: Settings, target: Path) -> Path:
    with closing(sqlite3.connect(settings.register_path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    return target


@asynccontextmanager
async def reopened(path: Path) -> AsyncIterator[Register]:
    register = await open_register(f"sqlite:///{path}")
    yield register
    await register.close()


async def reconciled(house: House, register: Register, *, writes: Writes = Writes.NOTHING) -> Reconciled:
    reconciling = Reconciling(
        house.temporal, register, task_queue=house.settings.task_queue, signatures=house.signatures, now=now
    )
    return await reconciling.reconcile(writes=writes)


def kinds(found: Reconciled) -> list[tuple[str, str]]:
    return sorted((one.kind.value, one.subject) for one in found.left)


def rows(path: Path, table: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY {BY_THE_HISTORIES[table]}").fetchall()  # noqa: S608 # our own tables


def entries(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM audit_entries").fetchone()[0])


async def year(house: House) -> None:
    """Let happen what writes to each of the tables."""
    review_id = await house.to_procedure()
    await house.step(review_id, "submission")
    await house.report_event(act_id=f"risk/{house.assessment_id}")
    await house.minaoshi.events.acknowledge(f"risk/{house.assessment_id}", as_=TEAM)


async def test_where_both_agree_nothing_is_named_and_nothing_written(house: House) -> None:
    await year(house)
    before = entries(house.settings.register_path)
    for writes in Writes:
        found = await reconciled(house, house.register, writes=writes)
        assert (kinds(found), found.mended) == ([], ())
        assert found.histories > 2
    assert entries(house.settings.register_path) == before


async def test_a_register_that_is_older_is_brought_up_to_the_histories_row_by_row(house: House, tmp_path: Path) -> None:
    """Its documents are not in any history: so the older one has them, as after a restore of this morning."""
    path = copied(house.settings, tmp_path / "older.db")
    review_id = await house.report_change(act_id=f"change/{house.assessment_id}")
    await house.find(review_id, as_=MANAGER)
    await house.find(review_id, as_=TEAM)
    await house.report_event(act_id=f"risk/{house.assessment_id}")
    event = f"risk/{house.assessment_id}"
    await house.minaoshi.events.acknowledge(event, as_=TEAM)
    content = as_json(facts={"leak": "feared"}, reason="確かめた。")
    await house.minaoshi.events.update(event, content, as_=MANAGER)
    async with reopened(path) as older:
        named = await reconciled(house, older)
        assert {one.kind for one in named.left} == {Kind.ACT_MISSING, Kind.REPORT_MISSING, Kind.EVENT_MISSING}
        assert await older.reviews(scope="all") == ()
        found = await reconciled(house, older, writes=Writes.WHAT_IS_MISSING)
        assert (kinds(found), len(found.mended)) == ([], len(named.left))
        for table in BY_THE_HISTORIES:
            assert rows(path, table) == rows(house.settings.register_path, table), table
        assert (await older.verify_audit(trusted=house.signatures)).problems == ()
        (note,) = await older.occurrences(AuditAction.RECONCILED)
        assert note.detail["act_missing"] == sum(one.kind is Kind.ACT_MISSING for one in named.left)
        again = await reconciled(house, older, writes=Writes.WHAT_IS_MISSING)
        assert (kinds(again), again.mended) == ([], ())


async def test_reviews_that_the_engine_lost_are_named_and_go_on_from_the_register(house: House) -> None:
    review_id = await house.report_change()
    await house.find(review_id, as_=MANAGER)
    await house.handle().terminate()
    named = await reconciled(house, house.register)
    assert kinds(named) == [("not_followed", review_id)]
    found = await reconciled(house, house.register, writes=Writes.WHAT_IS_MISSING)
    assert kinds(found) == []
    assert [one.subject for one in found.mended] == [review_id]
    receipt = await house.find(review_id, as_=TEAM)
    assert (receipt.stage, receipt.sequence, receipt.review_id) == (Stage.DRAFTING, 3, review_id)
    assert kinds(await reconciled(house, house.register)) == []
    assert (await house.minaoshi.verify_audit()).problems == ()


@contextmanager
def engine_of_before(settings: Settings, copy: Path) -> Iterator[None]:
    """Let the server have, when it is started again, what it had in the copy."""
    yield
    for ending in ("", "-wal", "-shm"):
        settings.temporal_database_path.with_name(f"temporal.db{ending}").unlink(missing_ok=True)
    copy.replace(settings.temporal_database_path)


async def test_an_engine_that_is_older_is_named_and_goes_on_from_the_register(
    settings: Settings, tmp_path: Path
) -> None:
    with engine_of_before(settings, tmp_path / "engine.db"):
        async with living(settings) as house:
            review_id = await house.report_change()
            moment = EngineMoment(settings.temporal_database_path)
            moment.begin()
            moment.copy_to(tmp_path / "engine.db")
            moment.end()
            await house.find(review_id, as_=MANAGER)
            own = house.settings
    async with living_again(own, house.assessment_id) as again:
        named = await reconciled(again, again.register)
        assert kinds(named) == [("engine_behind", review_id)]
        found = await reconciled(again, again.register, writes=Writes.WHAT_IS_MISSING)
        assert kinds(found) == []
        receipt = await again.find(review_id, as_=TEAM)
        assert (receipt.stage, receipt.sequence) == (Stage.DRAFTING, 3)
        assert (await again.minaoshi.verify_audit()).problems == ()
