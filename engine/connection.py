"""接続 (Connection): a Temporal client, reached as Temporal's own variables say, or at the embedded server."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfigProfile, ClientConnectConfig

from engine.errors import ConnectionSettingsError, EngineNotReachableError
from settings import Settings

_CONFIG_FILE = "TEMPORAL_CONFIG_FILE"

# How long a server that is just being restarted is waited for.
_PATIENCE_SECONDS = 2.0
_STEP_SECONDS = 0.1


async def connect(settings: Settings) -> Client:
    """Connect as `temporalio.envconfig` says (`TEMPORAL_ADDRESS`, `temporal.toml` …), or else to the embedded server.

    Raises:
        ConnectionSettingsError: Temporal's variables or file are wrong.
        EngineNotReachableError: nothing answers within a few seconds.

    """
    configured = load_connection()
    if "target_host" not in configured:
        configured["target_host"] = settings.temporal_address
        remedy = (
            "`minaoshi up` で起動してください。ほかの場所で動いているときは、環境変数 TEMPORAL_ADDRESS で指定します"
        )
    else:
        remedy = "サーバーの状態と、環境変数 TEMPORAL_ADDRESS または temporal.toml の指定を確かめてください"
    if "namespace" not in configured:
        configured["namespace"] = settings.temporal_namespace
    return await _connect(configured, remedy=remedy)


async def connect_embedded(settings: Settings) -> Client:
    """Connect to the embedded server of `settings`, whatever Temporal's variables say.

    Raises:
        EngineNotReachableError: it does not answer within a few seconds.

    """
    target = ClientConnectConfig(target_host=settings.temporal_address, namespace=settings.temporal_namespace)
    return await _connect(target, remedy=f"ログを確かめてください: {settings.temporal_log_path}")


def load_connection() -> ClientConnectConfig:
    """Read what Temporal's own variables and file say; no `target_host` in it means the embedded server is meant.

    Raises:
        ConnectionSettingsError: they contradict themselves, or name what is not there.

    """
    # envconfig takes a missing file for an empty one, and would then connect to the default address without a word.
    named = os.environ.get(_CONFIG_FILE)
    if named and not Path(named).is_file():
        raise ConnectionSettingsError(f"環境変数 {_CONFIG_FILE} が示すファイルがありません: {named}")
    try:
        profile = ClientConfigProfile.load(config_file_strict=True)
        _refuse_key_in_clear(profile)
        return profile.to_client_connect_config()
    # RuntimeError: what the SDK raises for a file that it can't read or understand. OSError: a certificate is missing.
    except (RuntimeError, OSError) as error:
        raise ConnectionSettingsError(_without_source_lines(str(error))) from error


def _refuse_key_in_clear(profile: ClientConfigProfile) -> None:
    if profile.api_key and profile.tls is not None and profile.tls.disabled:
        raise ConnectionSettingsError(
            "API キーがあるのに TLS が無効です。このままではキーが暗号化されずに送られます。"
            "環境変数 TEMPORAL_TLS（または temporal.toml の tls）を見直してください。"
        )


def _without_source_lines(text: str) -> str:
    """Drop the quoted lines of the file, which may hold a key."""
    return "\n".join(line for line in text.splitlines() if " |" not in line)


async def _connect(target: ClientConnectConfig, *, remedy: str) -> Client:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _PATIENCE_SECONDS
    while True:
        try:
            async with asyncio.timeout_at(deadline):
                return await Client.connect(
                    **target,
                    data_converter=pydantic_data_converter,
                    connect_timeout=timedelta(seconds=_PATIENCE_SECONDS),
                )
        except ValueError as error:
            raise ConnectionSettingsError(f"接続先「{target['target_host']}」を読み取れません（{error}）") from error
        # RuntimeError: the SDK's word for a connection that failed. TimeoutError: somebody listens but never answers.
        except (RuntimeError, TimeoutError) as error:
            if loop.time() + _STEP_SECONDS >= deadline:
                reason = str(error) or f"{_PATIENCE_SECONDS:.0f} 秒以内に応答がありません"
                raise EngineNotReachableError(target["target_host"], remedy=remedy, reason=reason) from error
        await asyncio.sleep(_STEP_SECONDS)
