"""What a start does about a server that an earlier one left behind."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.connection import connect_embedded
from engine.process_record import ProcessRecord, end_orphan
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer, find_executable
from settings import Settings
from tests.engine.probes import gone, is_alive, is_open, start_review

ROOT = Path(__file__).parents[2]

# What `minaoshi up` does, in short: run the server until somebody kills us.
PARENT = """
import asyncio
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from settings import load_settings

async def main():
    async with EmbeddedServer(load_settings(), search_attributes=SEARCH_ATTRIBUTES) as server:
        print(server.pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def environment_of(settings: Settings) -> dict[str, str]:
    return os.environ | {
        "MINAOSHI_HOME": str(settings.home),
        "MINAOSHI_TEMPORAL_PORT": str(settings.temporal_port),
        "MINAOSHI_TEMPORAL_UI_PORT": str(settings.temporal_ui_port),
    }


async def test_a_killed_parent_takes_its_server_along_and_the_next_start_works(settings: Settings) -> None:
    with subprocess.Popen(  # noqa: ASYNC220 # starting it is all that happens here
        [sys.executable, "-c", PARENT], cwd=ROOT, env=environment_of(settings), stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(await asyncio.to_thread(parent.stdout.readline))
        run = await start_review(await connect_embedded(settings), "review")
        parent.send_signal(signal.SIGKILL)
    if sys.platform == "linux":  # elsewhere there is no parent-death signal, and the next start ends the orphan
        await gone(pid)
    async with EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES):
        assert not is_alive(pid)
        assert await is_open(await connect_embedded(settings), "review", run)


async def test_an_orphan_that_still_holds_the_ports_is_ended_first(settings: Settings) -> None:
    settings.home.mkdir()
    database = settings.temporal_database_path
    ports = ["--port", str(settings.temporal_port), "--ui-port", str(settings.temporal_ui_port)]
    orphan = await asyncio.create_subprocess_exec(
        *(str(find_executable()), "server", "start-dev", "--ip", "127.0.0.1", *ports, "--db-filename", str(database)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    await connect_embedded(settings)
    ProcessRecord.of_running(orphan.pid, database=database).write(settings.temporal_pid_path)
    async with EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES) as server:
        assert server.pid != orphan.pid
        assert not is_alive(orphan.pid)
    await orphan.wait()


async def test_a_pid_that_now_belongs_to_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "temporal.pid"
    other = await asyncio.create_subprocess_exec("sleep", "60")
    try:
        database = tmp_path / "temporal.db"
        ProcessRecord.of_running(other.pid, database=database).write(path)
        assert await end_orphan(path) is None
        assert is_alive(other.pid)
        assert not path.exists()
    finally:
        other.kill()
        await other.wait()


async def test_a_process_that_began_at_another_time_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "temporal.pid"
    other = await asyncio.create_subprocess_exec("sleep", "60")
    try:
        # The argument is the same; only the start time tells the two apart.
        started_at = ProcessRecord.of_running(other.pid, database=Path("60")).started_at
        ProcessRecord(pid=other.pid, started_at=started_at - 3600, database="60").write(path)
        assert await end_orphan(path) is None
        assert is_alive(other.pid)
    finally:
        other.kill()
        await other.wait()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="空"),
        pytest.param("123", id="番号だけ"),
        pytest.param('{"pid": "x"}', id="項目が足りない"),
        pytest.param("{", id="途中で切れている"),
    ],
)
async def test_a_pid_file_that_makes_no_sense_is_removed(tmp_path: Path, content: str) -> None:
    path = tmp_path / "temporal.pid"
    path.write_text(content, encoding="utf-8")
    assert await end_orphan(path) is None
    assert not path.exists()
