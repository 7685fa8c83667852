import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

import register
from register.database import HEAD_REVISION, engine_for, is_current, migrate, open_database, reader_of, writer_of
from register.register import Register
from register.tables import metadata
from register.triggers import trigger_statements
from tests.new_register import empty_url_in
from tests.register import samples


def test_the_migrations_make_the_tables_as_the_code_has_them(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_the_one_that_is_named() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(register.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD_REVISION]


@pytest.mark.sqlite("a database of PostgreSQL is made by its administrator")
async def test_migrating_makes_the_file_its_folder_and_the_triggers_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path}/家 50%/register.db"
    await migrate(url)
    assert await is_current(url)
    await migrate(url)
    assert (tmp_path / "家 50%" / "register.db").exists()


async def test_an_empty_database_is_not_current(tmp_path: Path) -> None:
    assert not await is_current(empty_url_in(tmp_path))


@pytest.mark.sqlite("triggers are of SQLite; on PostgreSQL permissions do it")
async def test_a_trigger_that_is_missing_or_different_is_made_again(url: str, engine: Engine) -> None:
    with writer_of(engine).begin() as connection:
        connection.execute(text("DROP TRIGGER append_only_acts_delete"))
        connection.execute(text("DROP TRIGGER append_only_acts_update"))
        connection.execute(text("CREATE TRIGGER append_only_acts_update BEFORE UPDATE ON acts BEGIN SELECT 1; END"))
    assert not await is_current(url)
    await migrate(url)
    assert await is_current(url)
    with engine.connect() as connection:
        there = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    assert {row.name: row.sql for row in there} == trigger_statements()


async def test_those_that_migrate_at_once_do_not_meet(tmp_path: Path) -> None:
    for number in range(4):
        url = empty_url_in(tmp_path / str(number))
        await asyncio.gather(*(migrate(url) for _ in range(4)))
        assert await is_current(url)


@pytest.mark.sqlite("pragmas are of SQLite")
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        pytest.param("journal_mode", "wal", id="WAL"),
        pytest.param("synchronous", 2, id="FULL"),
        pytest.param("foreign_keys", 1, id="外部キー"),
        pytest.param("busy_timeout", 10_000, id="10秒待つ"),
    ],
)
def test_sqlite_is_opened_to_lose_nothing(url: str, pragma: str, value: str | int) -> None:
    engine = engine_for(url)
    with engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value
    engine.dispose()


def test_tables_are_made_and_dropped_in_transactions(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE scratch (a int)"))
        connection.rollback()
        assert not inspect(connection).has_table("scratch")


async def test_a_reader_sees_one_moment_and_does_not_wait_for_a_writer(url: str, with_assessment: Register) -> None:
    engine = engine_for(url)
    with reader_of(engine).connect() as reader:
        before = reader.execute(text("SELECT count(*) FROM reviews")).scalar()
        await with_assessment.record(samples.opening_entry())
        assert reader.execute(text("SELECT count(*) FROM reviews")).scalar() == before == 0
    engine.dispose()


async def test_a_review_of_an_unknown_assessment_is_not_written(register: Register) -> None:
    with pytest.raises(IntegrityError):
        await register.record(samples.opening_entry("unknown"))
    assert (await register.verify_audit()).entries == 0


async def test_two_programs_that_write_at_once_make_one_chain(url: str, with_assessment: Register) -> None:
    other = Register(open_database(url))
    first = samples.first_version(samples.document())
    for number in range(200):
        await with_assessment.add_assessment(samples.new_assessment(f"a{number}"), **first)

    async def write(register: Register, numbers: range) -> None:
        for number in numbers:
            await register.record(samples.opening_entry(f"a{number}", run_id=f"run-{number}"))

    before = (await other.verify_audit()).entries
    await asyncio.gather(write(with_assessment, range(100)), write(other, range(100, 200)))
    verdict = await other.verify_audit()
    await other.close()
    assert verdict.problems == ()
    assert verdict.entries == before + 200


async def test_a_write_that_has_begun_goes_on_when_its_caller_is_gone(url: str, with_assessment: Register) -> None:
    engine = engine_for(url)
    with writer_of(engine).connect() as another_program:
        another_program.execute(text("SELECT 1"))
        recording = asyncio.create_task(with_assessment.record(samples.opening_entry()))
        await asyncio.sleep(0.1)
        recording.cancel()
        assert await with_assessment.reviews() == ()
    engine.dispose()
    with pytest.raises(asyncio.CancelledError):
        await recording
    # The next write waits in the same queue.
    await with_assessment.store_document(samples.document("次"), by="sato", at=samples.AT)
    assert len(await with_assessment.reviews()) == 1
