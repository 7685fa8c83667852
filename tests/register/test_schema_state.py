"""表の版 (state of the schema): a program works with the tables that it knows, and with no others."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from register.database import HEAD_REVISION, open_database
from register.errors import SchemaAheadError
from register.register import Register, open_register
from register.schema_state import SchemaState, state_of


@pytest.mark.parametrize(
    ("revision", "state"),
    [
        pytest.param(HEAD_REVISION, SchemaState.CURRENT, id="同じ"),
        pytest.param("0001", SchemaState.BEHIND, id="古い"),
        pytest.param(None, SchemaState.BEHIND, id="表がない"),
        pytest.param("9999", SchemaState.AHEAD, id="新しい"),
    ],
)
async def test_an_open_register_is_asked_whether_its_tables_are_still_ours(
    register: Register, engine: Engine, revision: str | None, state: SchemaState
) -> None:
    assert state_of(revision, head=HEAD_REVISION) is state
    assert await register.schema() is SchemaState.CURRENT
    with engine.begin() as connection:
        if revision is None:
            connection.execute(text("DROP TABLE alembic_version"))
        else:
            connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    assert await register.schema() is state


@pytest.fixture
def no_database(tmp_path: Path) -> str:
    (tmp_path / "other.db").write_bytes("これはデータベースではない".encode() * 100)
    return f"sqlite:///{tmp_path}/other.db"


async def test_a_database_that_can_not_be_read_is_said_so(no_database: str) -> None:
    register = Register(open_database(no_database))
    assert await register.schema() is SchemaState.UNREADABLE
    await register.close()


@pytest.mark.sqlite("writes the file past the program, its triggers too")
async def test_a_register_that_a_newer_program_has_brought_forward_is_refused_and_left_as_it_is(
    url: str, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "register.db") as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
        file.execute("DROP TRIGGER append_only_acts_update")
    before = dump(tmp_path)
    with pytest.raises(SchemaAheadError, match=f"9999 で、このプログラムが知る {HEAD_REVISION} より新しい"):
        await open_register(url)
    assert dump(tmp_path) == before


def dump(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "register.db") as file:
        return list(file.iterdump())
