"""台帳の置き場: what chaos does to a database stops nobody who works in it but by what it means to do."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from chaos.databases import Postgres

pytestmark = pytest.mark.chaos

WAITS = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


async def test_a_register_that_is_no_longer_full_keeps_no_reader_from_other_tables(tmp_path: Path) -> None:
    database = Postgres(tmp_path)
    await database.start()
    engine = create_engine(database.own_url)
    try:
        await database.fill(())
        with engine.connect() as reader, engine.connect() as watcher:
            reader.execute(text("SET lock_timeout = 5000"))
            reader.execute(text("SELECT 1 FROM sessions"))
            emptying = asyncio.create_task(database.empty(()))
            async with asyncio.timeout(10):
                while not watcher.execute(WAITS).scalar_one():  # noqa: ASYNC110 # nobody tells
                    await asyncio.sleep(0.02)
            reader.execute(text("SELECT 1 FROM acts"))
            reader.rollback()
            await emptying
    finally:
        engine.dispose()
        await database.stop()
