"""台帳の健康状態 (health of the register): what `doctor` finds, and that looking changes nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text

from guideline.notices import LATE_AFTER
from register.database import HEAD_REVISION, writer_of
from register.grants import Rights
from register.health import RegisterHealth, look
from register.register import Register
from register.schema_state import SchemaState
from register.tables import APPEND_ONLY, notices
from tests.new_register import empty_url_in, owner_url
from tests.postgres import WRITER, run_as
from tests.register import samples

SECOND = timedelta(seconds=1)


@pytest.fixture
async def with_people(register: Register) -> None:
    """Apply an organisation in which one person can be reached by mail and another can't."""
    somebody = samples.ORGANISATION.people[0]
    reachable = somebody.model_copy(update={"id": "reachable", "mail": "one@example.jp"})
    silent = somebody.model_copy(update={"id": "silent", "mail": None})
    people = (*samples.ORGANISATION.people, reachable, silent)
    organisation = samples.ORGANISATION.model_copy(update={"people": people})
    await register.apply_organisation(organisation, by="operator", at=samples.AT)


def test_a_sound_register_is_found_sound(url: str) -> None:
    assert look(url, at=samples.AT) == RegisterHealth(
        exists=True,
        revision=HEAD_REVISION,
        schema=SchemaState.CURRENT,
        has_triggers=True,
        rights=None if url.startswith("sqlite") else Rights(),
        undelivered=0,
        failed=0,
    )


@pytest.mark.postgres
def test_a_role_that_may_do_more_or_less_than_write_is_noticed(url: str) -> None:
    owner = owner_url(url)
    seen = look(owner, at=samples.AT).rights
    assert seen is not None
    assert (set(seen.too_much), seen.too_little) == ({one.name for one in APPEND_ONLY}, ())
    run_as(owner, f"GRANT UPDATE (person) ON acts TO {WRITER}", f"REVOKE DELETE ON sessions FROM {WRITER}")
    assert look(url, at=samples.AT).rights == Rights(too_much=("acts",), too_little=("sessions",))


@pytest.mark.sqlite("a database of PostgreSQL that is not there is unreadable")
def test_a_register_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert look(f"sqlite:///{tmp_path}/home/register.db", at=samples.AT) == RegisterHealth(exists=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.sqlite("a file is of SQLite")
def test_a_file_that_is_no_database_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "register.db").write_text("これはデータベースではない" * 100, encoding="utf-8")
    seen = look(f"sqlite:///{tmp_path}/register.db", at=samples.AT)
    assert seen.unreadable == "file is not a database"


@pytest.mark.parametrize(
    ("revision", "schema"),
    [
        pytest.param("0000", SchemaState.BEHIND, id="古い版"),
        pytest.param("9999", SchemaState.AHEAD, id="新しい版"),
    ],
)
def test_another_schema_is_told_from_ours_and_left_as_it_is(
    url: str, engine: Engine, revision: str, schema: SchemaState
) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    for _ in range(2):
        assert look(url, at=samples.AT) == RegisterHealth(exists=True, revision=revision, schema=schema)


def test_an_empty_database_is_behind(tmp_path: Path) -> None:
    url = empty_url_in(tmp_path)
    (tmp_path / "register.db").touch()
    seen = look(url, at=samples.AT)
    assert (seen.schema, seen.revision) == (SchemaState.BEHIND, None)


@pytest.mark.sqlite("triggers are of SQLite; on PostgreSQL permissions do it")
def test_a_dropped_trigger_is_noticed(url: str, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER append_only_acts_update"))
    assert look(url, at=samples.AT).has_triggers is False


def test_a_register_that_another_program_keeps_locked_can_not_be_written(
    url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("register.database.BUSY_TIMEOUT_S", 0.05)
    with writer_of(engine).begin() as another_program:
        another_program.execute(text("SELECT 1"))
        seen = look(url, at=samples.AT)
    assert seen.unwritable in ("database is locked", "canceling statement due to lock timeout")
    assert look(url, at=samples.AT).unwritable is None


@pytest.mark.usefixtures("with_people")
@pytest.mark.parametrize(
    ("person", "waits", "delivered", "number"),
    [
        pytest.param("reachable", LATE_AFTER + SECOND, False, 1, id="一時間を超えて待つ"),
        pytest.param("reachable", LATE_AFTER, False, 0, id="ちょうど一時間待つ"),
        pytest.param("reachable", LATE_AFTER + SECOND, True, 0, id="届いた"),
        pytest.param("silent", LATE_AFTER + SECOND, False, 0, id="メールの宛先がない"),
    ],
)
def test_a_notice_that_waits_for_more_than_an_hour_is_counted(  # noqa: PLR0913, PLR0917 # fixtures and a table
    url: str, engine: Engine, person: str, waits: timedelta, delivered: object, number: int
) -> None:
    row = {
        "notice_id": "one",
        "person": person,
        "subject": "確認のお願い",
        "made_at": samples.AT - waits,
        "delivered_at": samples.AT if delivered else None,
    }
    with engine.begin() as connection:
        connection.execute(insert(notices), row)
    assert look(url, at=samples.AT).undelivered == number
