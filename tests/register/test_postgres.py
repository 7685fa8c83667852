"""PostgreSQL: a real server, on which the role that writes can't change what only grows."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, Table, create_engine, insert, make_url, select, text
from sqlalchemy.exc import ProgrammingError

from guideline.access import Sight
from register import database
from register.database import HEAD_REVISION, engine_for, is_current, open_database, writer_of
from register.errors import RegisterAway, SchemaBehindError
from register.export import CHECKPOINTS, KEYS, Other, Parts
from register.grants import COME_AND_GO
from register.offline import verify_export
from register.register import Register, open_register
from register.schema_state import SchemaState
from register.tables import APPEND_ONLY, metadata
from schemas.lists import AssessmentOrder, AssessmentQuery, TrailQuery
from tests.new_register import drop_database, lay_register, owner_url, register_url_in
from tests.register.duty_story import CIRCULAR, TRAINING
from tests.register.filling import fill

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
async def writer(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Give the address for the role that writes, in a database that was migrated by its owner."""
    address = register_url_in(tmp_path_factory.mktemp("grants"))
    await lay_register(address)
    yield address
    drop_database(address)


@pytest.fixture(scope="module")
def owner(writer: str) -> str:
    """Give the address for the role that owns the tables."""
    return owner_url(writer)


@pytest.fixture(scope="module")
async def register(writer: str) -> AsyncIterator[Register]:
    """Give the register as the writer has it, with a row in each table."""
    assert await is_current(writer)
    register = Register(open_database(writer))
    await fill(register)
    yield register
    await register.close()


@pytest.fixture
def engine(writer: str, register: Register) -> Iterator[Engine]:
    assert register is not None
    engine = create_engine(writer)
    yield engine
    engine.dispose()


async def test_what_the_writer_wrote_is_in_order(register: Register) -> None:
    assert (await register.verify_audit()).problems == ()


@pytest.mark.parametrize("table", [pytest.param(table, id=table.name) for table in APPEND_ONLY])
@pytest.mark.parametrize(
    "what", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE", "DROP TABLE {0}"]
)
def test_what_only_grows_is_not_changed_by_the_writer(engine: Engine, table: Table, what: str) -> None:
    column = list(table.c)[-1].name
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        engine.begin() as connection,
    ):
        connection.execute(text(what.format(table.name, column)))


KEPT = [one for one in metadata.sorted_tables if one not in COME_AND_GO]

CHANGING = {
    "assessments": "as they stand now; their versions are rows of their own",
    "circular_letters": "how far the letters have come",
    "circular_links": "one for each try; none is changed, but they prove nothing",
    "countermeasures": "as they stand now; the acts on them are rows of their own",
    "duties": "as above",
    "duty_roll": "as the acts on its duty say, which are rows of their own",
    "events": "as above",
    "notices": "what became of them; they prove nothing",
    "preferences": "of a person, as they stand now",
    "reviews": "as they stand now; their acts are rows of their own",
    "working_copies": "not submitted yet",
}
"""改まる表: each with its reason; a new table is put here, or is append-only, or comes and goes."""


def test_each_table_is_known_to_grow_to_change_or_to_come_and_go() -> None:
    grows, comes_and_goes = {one.name for one in APPEND_ONLY}, {one.name for one in COME_AND_GO}
    every = {one.name for one in metadata.sorted_tables}
    assert every - grows - comes_and_goes == set(CHANGING)
    assert not grows & comes_and_goes
    assert comes_and_goes == {"awaited", "kept_forms", "sessions", "sign_ins"}


def test_the_database_knows_no_other_right_of_the_writer(engine: Engine) -> None:
    """What the server itself says of each table and column, whatever the statements above were meant to do."""
    kinds = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
    given = {
        **{one.name: {"SELECT", "INSERT"} for one in APPEND_ONLY},
        **{one.name: {"SELECT", "INSERT", "UPDATE", "DELETE"} for one in COME_AND_GO},
        **{name: {"SELECT", "INSERT", "UPDATE"} for name in CHANGING},
        "alembic_version": {"SELECT"},
    }
    with engine.connect() as connection:
        tables = connection.execute(
            text("SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind <> 'i'")
        ).all()
        assert {kind for _, kind in tables} == {"r"}  # no sequence, no view, nothing else to write through
        has = text("SELECT has_table_privilege(:table, :kind) OR has_any_column_privilege(:table, :kind)")
        of_a_table = text("SELECT has_table_privilege(:table, :kind)")
        found = {
            name: {
                kind
                for kind in kinds
                if connection.execute(
                    of_a_table if kind in ("DELETE", "TRUNCATE", "TRIGGER") else has, {"table": name, "kind": kind}
                ).scalar()
            }
            for name, _ in tables
        }
        assert found == given
        said = text("SELECT has_schema_privilege('public', 'CREATE'), rolsuper OR rolcreaterole OR rolreplication")
        assert connection.execute(text(f"{said} FROM pg_roles WHERE rolname = current_user")).one() == (False, False)


WAYS_ROUND = [
    pytest.param("TRUNCATE {0}", id="空にする"),
    pytest.param("ALTER TABLE {0} DISABLE TRIGGER ALL", id="引き金を止める"),
    pytest.param("ALTER TABLE {0} OWNER TO CURRENT_USER", id="持ち主になる"),
    pytest.param("ALTER TABLE {0} ADD COLUMN x int", id="列を足す"),
    pytest.param("CREATE RULE x AS ON INSERT TO {0} DO INSTEAD NOTHING", id="書込みを捨てる規則"),
    pytest.param("CREATE TRIGGER x BEFORE INSERT ON {0} EXECUTE FUNCTION now()", id="引き金を付ける"),
    pytest.param(
        "INSERT INTO {0} SELECT * FROM {0} ON CONFLICT ({2}) DO UPDATE SET {1} = EXCLUDED.{1}", id="書き換える書込み"
    ),
    pytest.param("SET session_replication_role = replica", id="複製の役になる"),
    pytest.param("CREATE TABLE x (y int)", id="表を作る"),
    pytest.param("SET ROLE postgres", id="持ち主の役になる"),
    pytest.param("UPDATE alembic_version SET version_num = 'x'", id="版を変える"),
]


@pytest.mark.parametrize("table", [pytest.param(table, id=table.name) for table in APPEND_ONLY])
@pytest.mark.parametrize("way", WAYS_ROUND)
def test_there_is_no_way_round(engine: Engine, table: Table, way: str) -> None:
    column, key = list(table.c)[-1].name, next(iter(table.primary_key.columns)).name
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        engine.begin() as connection,
    ):
        connection.execute(text(way.format(table.name, column, key)))


def test_it_gives_itself_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        for table in APPEND_ONLY:
            try:
                with connection.begin_nested():
                    connection.execute(text(f"GRANT UPDATE, DELETE ON {table.name} TO CURRENT_USER"))
            except ProgrammingError as error:
                assert "permission denied" in str(error)  # noqa: PT017 # or the server only warns
        for table in APPEND_ONLY:
            with pytest.raises(ProgrammingError, match="permission denied"), connection.begin_nested():
                connection.execute(table.delete())


@pytest.mark.parametrize("table", [pytest.param(one, id=one.name) for one in KEPT])
def test_nothing_that_is_kept_is_deleted_by_the_writer(engine: Engine, table: Table) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), engine.begin() as connection:
        connection.execute(table.delete())


def test_a_new_row_is_welcome(engine: Engine) -> None:
    (table,) = (one for one in APPEND_ONLY if one.name == "documents")
    with engine.connect() as connection:
        row = dict(connection.execute(select(table).limit(1)).mappings().one())
        connection.execute(insert(table), {**row, "sha256": "0" * 64})
        connection.rollback()


async def test_what_a_person_sees_is_asked_as_of_any_database(register: Register) -> None:
    sight = Sight("sato", "city", is_watcher=False, departments=frozenset({"kodomo"}))
    stranger = Sight("x", "city", is_watcher=False, departments=frozenset({"elsewhere"}))
    lists = register.lists
    for ask in (lists.reviews, lists.events, lists.countermeasures):
        every: Any = ask
        assert await every(scope="all", sight=sight) == await every(scope="all")
        assert await every(scope="all", sight=stranger) == ()
    assert (await lists.assessments(AssessmentQuery(order=AssessmentOrder.YEARLY), sight=sight)).total
    [event] = await lists.events(scope="all")
    place = await register.readings.report(event.event_id, sight=sight)
    assert place is not None
    assert place.is_own
    assert (await lists.trail(TrailQuery())).entries[0].body in ("city", None)


def test_the_migrations_make_the_tables_as_the_code_has_them_there_too(owner: str) -> None:
    engine = create_engine(owner)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


async def test_a_circular_is_sent_and_followed_as_on_any_database(register: Register) -> None:
    circulars = register.circulars
    [first] = await circulars.to_send(CIRCULAR, round_="reminder-2", after=None, limit=10)
    assert first.member == "020101"
    assert await circulars.to_send(CIRCULAR, round_="first", after=None, limit=10) == ()
    await circulars.try_again(CIRCULAR, round_="first")
    assert await circulars.to_send(CIRCULAR, round_="first", after=None, limit=10) == (first,)
    assert await circulars.give_up(CIRCULAR, round_="first") == 1
    [reached, refused] = await circulars.parts(CIRCULAR)
    assert (reached.prefix, reached.total, reached.delivered, reached.acknowledged) == ("01", 1, 1, 1)
    assert (refused.prefix, refused.failed, refused.excused) == ("02", 1, 0)
    assert [row.member for row in await circulars.unreached(CIRCULAR, limit=10)] == ["020101"]
    letters = await circulars.letters(CIRCULAR, ["010101", "020101"])
    assert [letters[one].rounds for one in sorted(letters)] == [1, 0]
    [counted] = await register.duties.coverage(TRAINING)
    assert (counted.department, counted.total, counted.completed, counted.excused) == ("kodomo", 4, 3, 1)


async def test_an_export_of_it_is_verified_offline(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "audit.zip"
    with path.open("wb") as file:
        head = await register.export_audit(file, parts=Parts.FULL, others=(Other(CHECKPOINTS, ()), Other(KEYS, ())))
    verdict = verify_export(path).verdict
    assert (verdict.problems, verdict.head) == ((), head.hash)


async def test_the_role_that_writes_is_told_that_another_has_to_bring_the_register_forward(
    owner: str, writer: str, register: Register
) -> None:
    assert await register.schema() is SchemaState.CURRENT
    owning = create_engine(owner)
    with owning.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(SchemaBehindError, match="must be owner"):
        await open_register(writer)
    assert await register.schema() is SchemaState.BEHIND
    with owning.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": HEAD_REVISION})
    owning.dispose()


async def test_a_writer_that_is_paused_in_its_transaction_does_not_hold_up_the_others_for_ever(
    writer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "HELD_AT_MOST_S", 1.0)
    paused = writer_of(engine_for(writer))
    with pytest.raises(RegisterAway), paused.begin() as connection:  # noqa: PT012 # the lock is held before it is lost
        began = time.monotonic()
        register = Register(open_database(writer))
        await register.tell((), at=datetime.now(UTC))
        waited = time.monotonic() - began
        await register.close()
        connection.execute(text("SELECT 1"))
    paused.dispose()
    assert waited > 0.5, "it had held the lock"


def test_a_writer_waits_for_the_lock_no_longer_than_it_is_told(writer: str) -> None:
    holder = writer_of(engine_for(writer))
    waiting = writer_of(engine_for(writer, lock_patience_s=0.2))
    with holder.begin(), pytest.raises(RegisterAway, match="lock timeout"), waiting.begin():
        pass
    holder.dispose()
    waiting.dispose()


def test_what_an_address_says_of_its_line_goes_before_ours(writer: str) -> None:
    address = make_url(writer).update_query_dict({"connect_timeout": "3"})
    engine = engine_for(address.render_as_string(hide_password=False))
    with engine.connect() as connection:
        line: Any = connection.connection.dbapi_connection
        assert line.info.get_parameters()["connect_timeout"] == "3"
    engine.dispose()
