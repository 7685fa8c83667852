"""移行 (migrations): a register that people have worked in is brought forward with all that is in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

import register as register_package
from register.database import HEAD_REVISION, engine_for, is_current, migrate, open_database, writer_of
from register.register import Register
from register.tables import metadata
from tests.new_register import empty_url_in
from tests.register import duty_story
from tests.register.filling import DUTIES, fill
from tests.tampering import administering, lift_guards

MIGRATIONS = Path(register_package.__file__).parent / "migrations"
REVISIONS = [
    revision.revision
    for revision in reversed(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))
    if revision.revision != HEAD_REVISION
]
"""全ての古い版: whichever release made a register, this one brings it forward."""


def rows_of(connection: Connection, table: str, columns: Sequence[str]) -> list[Any]:
    """Give what stands in the database, as text, in an order that does not hang on it."""
    said = ", ".join(f"CAST({one} AS TEXT)" for one in columns)
    rows = connection.exec_driver_sql(f"SELECT {said} FROM {table}").all()  # noqa: S608 # our own tables
    return sorted((tuple(row) for row in rows), key=repr)


def columns_of(connection: Connection) -> dict[str, list[str]]:
    there = inspect(connection)
    names = (name for name in there.get_table_names() if name != "alembic_version")
    return {name: [column["name"] for column in there.get_columns(name)] for name in names}


def made_as_of(engine: Engine, revision: str) -> dict[str, list[str]]:
    """Make the tables as they were at a revision; give their columns."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writer_of(engine).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        return columns_of(connection)


async def worked_in(url: str, *, as_of: str) -> None:
    """Fill a register of today with what there was room for as of a migration."""
    await migrate(url)
    register = Register(open_database(url))
    await fill(register, as_of=as_of)
    await register.close()


@pytest.mark.parametrize("revision", REVISIONS)
async def test_a_register_with_data_comes_forward_whole(tmp_path: Path, revision: str) -> None:
    today, url = (empty_url_in(tmp_path / name) for name in ("today", "old"))
    await worked_in(today, as_of=revision)
    source, target = (engine_for(one, foreign_keys="OFF") for one in (today, url))
    old = made_as_of(target, revision)
    before: dict[str, list[Any]] = {}
    with source.connect() as reading, administering(url) as past, writer_of(past).begin() as writing:
        lift_guards(writing)
        now = columns_of(reading)
        for table, columns in old.items():
            shared = [one for one in columns if one in now.get(table, ())]
            before[table] = rows_of(reading, table, shared)
            values = ", ".join(f":{one}" for one in shared)
            statement = text(f"INSERT INTO {table} ({', '.join(shared)}) VALUES ({values})")  # noqa: S608 # our own tables
            for row in before[table]:
                writing.execute(statement, dict(zip(shared, row, strict=True)))
    source.dispose()
    assert sum(bool(rows) for rows in before.values()) >= 8
    assert bool(before.get("duties")) is (revision >= DUTIES)

    await migrate(url)

    assert await is_current(url)
    with target.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        now = columns_of(connection)
        for table, rows in before.items():
            shared = [one for one in old[table] if one in now[table]]
            assert rows_of(connection, table, shared) == rows, table
    target.dispose()
    register = Register(open_database(url))
    assert (await register.verify_audit()).problems == ()
    if revision < DUTIES:
        # What is new is written behind what was there, in the same chain.
        await duty_story.tell(register)
    else:
        assert len(await register.duties.roll(duty_story.TRAINING, limit=10)) == 5
    assert (await register.verify_audit()).problems == ()
    await register.close()
