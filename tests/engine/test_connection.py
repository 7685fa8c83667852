import asyncio
import time
from pathlib import Path

import pytest

from engine.connection import connect, load_connection
from engine.errors import ConnectionSettingsError, EngineNotReachableError
from engine.secrecy import SecretCodec
from engine.server import EmbeddedServer
from settings import Settings

LONGEST_WAIT_SECONDS = 5


@pytest.fixture(autouse=True)
def _home_without_temporal_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


async def test_without_configuration_the_embedded_server_is_meant(server: EmbeddedServer) -> None:
    client = await connect(server.settings)
    assert client.service_client.config.target_host == server.settings.temporal_address
    assert client.namespace == server.settings.temporal_namespace
    assert isinstance(client.data_converter.payload_codec, SecretCodec)


async def test_temporals_own_variables_come_before_ours(
    server: EmbeddedServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", server.settings.temporal_address)
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "elsewhere")
    client = await connect(settings)
    assert client.service_client.config.target_host == server.settings.temporal_address
    assert client.namespace == "elsewhere"


async def test_temporals_own_file_is_read(
    server: EmbeddedServer, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "temporal.toml"
    file.write_text(f'[profile.default]\naddress = "{server.settings.temporal_address}"\n', encoding="utf-8")
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(file))
    client = await connect(settings)
    assert client.service_client.config.target_host == server.settings.temporal_address


async def test_a_server_that_does_not_run_is_said_so_in_a_few_seconds(settings: Settings) -> None:
    began = time.monotonic()
    with pytest.raises(EngineNotReachableError, match=rf"接続先: {settings.temporal_address}。`minaoshi up`"):
        await connect(settings)
    assert time.monotonic() - began < LONGEST_WAIT_SECONDS


async def test_a_server_that_never_answers_is_given_up_in_a_few_seconds(settings: Settings) -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    began = time.monotonic()
    async with await asyncio.start_server(say_nothing, "127.0.0.1", settings.temporal_port):
        with pytest.raises(EngineNotReachableError, match="秒以内に応答がありません"):
            await connect(settings)
    assert time.monotonic() - began < LONGEST_WAIT_SECONDS


async def test_another_servers_remedy_is_its_address(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", settings.temporal_address)
    with pytest.raises(EngineNotReachableError, match=r"TEMPORAL_ADDRESS または temporal\.toml の指定を確かめて"):
        await connect(settings)


async def test_an_address_that_is_none_is_a_mistake_of_the_settings(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:port")
    with pytest.raises(ConnectionSettingsError, match=r"接続先「127\.0\.0\.1:port」を読み取れません"):
        await connect(settings)


def test_a_named_file_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", "/nonexistent/temporal.toml")
    with pytest.raises(ConnectionSettingsError, match="TEMPORAL_CONFIG_FILE が示すファイルがありません"):
        load_connection()


def test_a_misspelt_key_is_refused_and_no_line_of_the_file_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "temporal.toml"
    file.write_text('[profile.default]\napi_kye = "secret"\n', encoding="utf-8")
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(file))
    with pytest.raises(ConnectionSettingsError, match="unknown field `api_kye`") as refused:
        load_connection()
    assert "secret" not in str(refused.value)


def test_a_profile_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_PROFILE", "production")
    with pytest.raises(ConnectionSettingsError, match="production"):
        load_connection()


def test_a_certificate_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_TLS_CLIENT_CERT_PATH", "/nonexistent/client.pem")
    with pytest.raises(ConnectionSettingsError, match=r"/nonexistent/client\.pem"):
        load_connection()


def test_an_api_key_is_never_sent_in_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_API_KEY", "secret")
    assert load_connection()["tls"] is not False
    monkeypatch.setenv("TEMPORAL_TLS", "false")
    with pytest.raises(ConnectionSettingsError, match="API キーがあるのに TLS が無効です") as refused:
        load_connection()
    assert "secret" not in str(refused.value)
