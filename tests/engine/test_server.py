import contextlib
import os
import socket
import sqlite3
from datetime import timedelta

import psutil
import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from engine.connection import connect_embedded
from engine.errors import HomeInUseError, PortTakenError, ServerStartError
from engine.home import HomeLock
from engine.namespace import RETENTION
from engine.patience import comes_true
from engine.process_record import ProcessRecord
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from settings import Settings
from tests.engine.probes import is_alive, is_open, start_review


def an_embedded_server(settings: Settings) -> EmbeddedServer:
    return EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES)


def stranger_at(port: int) -> socket.socket:
    """Listen where the killed server did, as soon as the operating system lets us."""
    while True:
        with contextlib.suppress(OSError):
            return socket.create_server(("127.0.0.1", port))


async def test_closed_histories_are_kept_for_thirty_days(client_connection: Client) -> None:
    described = await client_connection.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=client_connection.namespace)
    )
    assert described.config.workflow_execution_retention_ttl.ToTimedelta() == RETENTION == timedelta(days=30)


def test_the_database_is_written_ahead_and_synchronised_fully(server: EmbeddedServer) -> None:
    path = server.settings.temporal_database_path
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    # A connection's own affair, not the file's: asked of the server's arguments.
    assert "synchronous=FULL" in psutil.Process(server.pid).cmdline()


def test_the_server_listens_on_this_machine_only(server: EmbeddedServer) -> None:
    listening = [c for c in psutil.Process(server.pid).net_connections(kind="inet") if c.status == psutil.CONN_LISTEN]
    assert {connection.laddr[0] for connection in listening if connection.laddr} == {"127.0.0.1"}


def test_control_c_in_the_terminal_does_not_reach_the_server(server: EmbeddedServer) -> None:
    assert os.getpgid(server.pid) != os.getpgid(0)


def test_the_home_folder_is_private(server: EmbeddedServer) -> None:
    assert server.settings.home.stat().st_mode & 0o077 == 0


async def test_what_was_started_is_still_there_after_a_stop_and_a_start(settings: Settings) -> None:
    async with an_embedded_server(settings) as first:
        run = await start_review(await connect_embedded(settings), "review")
    assert not is_alive(first.pid)
    assert not settings.temporal_pid_path.exists()
    async with an_embedded_server(settings):
        assert await is_open(await connect_embedded(settings), "review", run)


async def test_a_killed_server_comes_back_with_its_data_and_the_old_connection_works(settings: Settings) -> None:
    async with an_embedded_server(settings) as server:
        client = await connect_embedded(settings)
        run = await start_review(client, "review")
        killed = server.kill()
        await server.wait_until_serving(within=timedelta(seconds=15))
        assert server.pids == (killed, server.pid)
        assert server.restarts == 1
        assert await is_open(client, "review", run)
        record = ProcessRecord.read(settings.temporal_pid_path)
        assert record is not None
        assert record.pid == server.pid


async def test_a_port_that_was_taken_while_the_server_was_down_is_waited_for(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with an_embedded_server(settings) as server:
        server.kill()
        with stranger_at(settings.temporal_port):
            assert await comes_true(lambda: f"ポート {settings.temporal_port} は" in caplog.text, within=10)
        await server.wait_until_serving(within=timedelta(seconds=15))
        assert server.restarts == 1


async def test_a_search_attribute_of_a_later_version_is_added_to_an_old_database(settings: Settings) -> None:
    async with EmbeddedServer(settings, search_attributes={"MinaoshiBody": "Keyword"}):
        pass
    async with EmbeddedServer(settings, search_attributes={"MinaoshiBody": "Keyword", "MinaoshiLater": "Keyword"}):
        client = await connect_embedded(settings)
        assert await start_review(client, "review", found_by="MinaoshiLater")


@pytest.mark.parametrize(
    ("variable", "field"),
    [
        pytest.param("MINAOSHI_TEMPORAL_PORT", "temporal_port", id="サーバーのポート"),
        pytest.param("MINAOSHI_TEMPORAL_UI_PORT", "temporal_ui_port", id="画面のポート"),
    ],
)
async def test_a_taken_port_is_named_with_its_owner_and_the_variable_to_change(
    settings: Settings, variable: str, field: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        taken = Settings(**(settings.model_dump() | {field: port}))
        with pytest.raises(PortTakenError, match=rf"ポート {port} は.*PID {os.getpid()}.*{variable}") as refused:
            await an_embedded_server(taken).start()
    assert refused.value.port == port
    assert not settings.temporal_log_path.exists()
    # Nothing stays locked after the refusal.
    lock = HomeLock(taken)
    await lock.acquire()
    lock.release()


async def test_a_folder_in_use_is_refused_to_a_second_server(server: EmbeddedServer) -> None:
    with pytest.raises(HomeInUseError, match=rf"別の minaoshi（PID {os.getpid()}）.*MINAOSHI_HOME"):
        await an_embedded_server(server.settings).start()


async def test_a_server_that_dies_at_the_start_shows_the_end_of_its_log(settings: Settings) -> None:
    settings.home.mkdir()
    settings.temporal_database_path.write_text("これはデータベースではない" * 100, encoding="utf-8")
    with pytest.raises(ServerStartError, match=r"(?s)終了コード 1.*temporal\.log.*not a database"):
        await an_embedded_server(settings).start()
    assert not settings.temporal_pid_path.exists()


async def test_a_temporal_variable_of_the_shell_does_not_disturb_the_server(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", "/nonexistent/temporal.toml")
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "elsewhere")
    async with an_embedded_server(settings):
        client = await connect_embedded(settings)
        assert client.namespace == "default"
        assert await start_review(client, "review")
