from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, UniqueConstraint, insert, select, text
from sqlalchemy.exc import IntegrityError

from register.database import writer_of
from register.register import Register
from register.tables import APPEND_ONLY, metadata
from tests.register.filling import fill

pytestmark = pytest.mark.sqlite("triggers are of SQLite; on PostgreSQL permissions do it (test_postgres.py)")

TABLES = [pytest.param(table, id=table.name) for table in APPEND_ONLY]


def test_what_changes_is_named_and_all_else_only_grows() -> None:
    others = {table.name for table in metadata.sorted_tables} - {table.name for table in APPEND_ONLY}
    projections = {"assessments", "reviews", "countermeasures", "events", "notices", "awaited", "duties", "duty_roll"}
    sending = {"circular_letters", "circular_links"}
    desk = {"sessions", "sign_ins", "kept_forms", "working_copies", "preferences"}
    assert others == projections | sending | desk


@pytest.fixture
async def full(register: Register, engine: Engine) -> Engine:
    """Return a register with a row in each table."""
    await fill(register)
    return engine


@pytest.mark.parametrize("table", TABLES)
def test_each_has_its_three_triggers(engine: Engine, table: Table) -> None:
    statement = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    with engine.connect() as connection:
        names = set(connection.execute(statement, {"table": table.name}).scalars())
    assert names == {f"append_only_{table.name}_{event}" for event in ("insert", "update", "delete")}


def refused(engine: Engine, statement: str, table: Table, row: dict[str, Any] | None = None) -> None:
    with (
        pytest.raises(IntegrityError, match=f"{table.name} is append-only"),
        writer_of(engine).begin() as connection,
    ):
        connection.exec_driver_sql(statement, tuple((row or {}).values()))


def stored(connection: Connection, table: Table) -> dict[str, Any]:
    """Return a row as the file has it, not as the types give it."""
    row = connection.exec_driver_sql(f"SELECT * FROM {table.name} LIMIT 1").mappings().one()  # noqa: S608 # our own table
    return dict(row)


@pytest.mark.parametrize("table", TABLES)
def test_a_row_is_not_changed(full: Engine, table: Table) -> None:
    column = list(table.c)[-1].name
    refused(full, f"UPDATE {table.name} SET {column} = {column}", table)  # noqa: S608 # our own table


@pytest.mark.parametrize("table", TABLES)
def test_a_row_is_not_deleted(full: Engine, table: Table) -> None:
    refused(full, f"DELETE FROM {table.name}", table)  # noqa: S608 # our own table


def keys_of(table: Table) -> list[list[str]]:
    unique = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    return [[column.name for column in key.columns] for key in (table.primary_key, *unique)]


KEYS = [
    pytest.param(table, key, id=f"{table.name}({'、'.join(key)})") for table in APPEND_ONLY for key in keys_of(table)
]


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_a_row_is_not_replaced(full: Engine, table: Table, key: list[str]) -> None:
    with full.connect() as connection:
        row = stored(connection, table)
        everything = connection.execute(select(table)).all()
    fresh = {
        name: 10**6 if isinstance(row[name], int) else f"{row[name]}x" for names in keys_of(table) for name in names
    }
    row |= {name: value for name, value in fresh.items() if name not in key}
    marks = ", ".join("?" * len(row))
    refused(full, f"INSERT OR REPLACE INTO {table.name} ({', '.join(row)}) VALUES ({marks})", table, row)  # noqa: S608 # our own table
    with full.connect() as connection:
        assert connection.execute(select(table)).all() == everything


@pytest.mark.parametrize("table", TABLES)
def test_a_new_row_is_welcome(full: Engine, table: Table) -> None:
    with writer_of(full).begin() as connection:
        row = dict(connection.execute(select(table).limit(1)).mappings().one())
        row |= {
            name: 10**6 if isinstance(row[name], int) else f"{row[name]}x" for key in keys_of(table) for name in key
        }
        connection.execute(insert(table), row)
