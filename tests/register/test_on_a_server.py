"""サーバーの上の台帳: connections are lost, programs vanish within a write, and defaults are somebody else's."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError, InternalError

from register.database import engine_for, open_database, reader_of, writer_of
from register.register import Register
from register.tables import notices
from tests.postgres import run_as
from tests.register import samples
from tests.tampering import administering

pytestmark = pytest.mark.postgres


async def test_a_chain_has_one_order_whatever_the_server_takes_for_isolation(
    url: str, with_assessment: Register
) -> None:
    """Where a transaction saw the moment of its lock's request, two would follow the same entry."""
    with administering(url) as engine, engine.connect() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
    run_as(
        engine.url.render_as_string(hide_password=False),
        f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'",
    )
    first, second = Register(open_database(url)), Register(open_database(url))

    async def write(register: Register, names: range) -> None:
        for number in names:
            await register.store_document(samples.document(f"{number}"), by="sato", at=samples.AT)

    await asyncio.gather(write(first, range(50)), write(second, range(50, 100)))
    before = 3
    verdict = await with_assessment.verify_audit()
    assert (verdict.problems, verdict.entries) == ((), before + 100)
    for register in (first, second):
        await register.close()


async def test_after_the_server_was_started_anew_the_next_is_answered(url: str, with_assessment: Register) -> None:
    await with_assessment.store_document(samples.document("前"), by="sato", at=samples.AT)
    with administering(url) as engine, engine.connect() as connection:
        ended = text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert len(connection.execute(ended).all())
    assert len(await with_assessment.assessments()) == 1
    await with_assessment.store_document(samples.document("後"), by="sato", at=samples.AT)


async def test_a_program_that_vanished_within_a_write_holds_up_nobody_for_long(
    url: str, with_assessment: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("register.database.HELD_AT_MOST_S", 0.2)
    engine = engine_for(url)
    with writer_of(engine).connect() as vanished:
        vanished.execute(text("SELECT 1"))
        await with_assessment.store_document(samples.document("後"), by="sato", at=samples.AT)
        with pytest.raises(DBAPIError):
            vanished.execute(text("SELECT 1"))
    engine.dispose()


def test_who_reads_writes_nothing(url: str) -> None:
    engine = engine_for(url)
    with reader_of(engine).connect() as connection, pytest.raises(InternalError, match="read-only transaction"):
        connection.execute(update(notices).values(read_at=None))
    with reader_of(engine).connect() as connection:
        assert connection.execute(text("SHOW transaction_isolation")).scalar() == "repeatable read"
    with writer_of(engine).connect() as connection:
        assert connection.execute(text("SHOW transaction_isolation")).scalar() == "read committed"
    engine.dispose()
