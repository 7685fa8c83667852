"""接続 (Connection): a Temporal client, reached as Temporal's own variables say, or at the embedded server."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.envconfig import ClientConfigProfile, ClientConnectConfig
from temporalio.service import TLSConfig

from engine.errors import ConnectionSettingsError, EngineNotReachableError
from engine.keys import key_ring
from engine.obstacles import LASTING, REMEDIES, obstacle_of
from engine.secrecy import secret_converter
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
    external = "target_host" in configured
    if not external:
        configured["target_host"] = settings.temporal_address
    if "namespace" not in configured:
        configured["namespace"] = settings.temporal_namespace
    return await _connect(configured, secret_converter(key_ring(settings)), external=external)


async def connect_embedded(settings: Settings) -> Client:
    """Connect to the embedded server of `settings`, whatever Temporal's variables say.

    Raises:
        EngineNotReachableError: it does not answer within a few seconds.

    """
    target = ClientConnectConfig(target_host=settings.temporal_address, namespace=settings.temporal_namespace)
    return await _connect(
        target,
        secret_converter(key_ring(settings)),
        external=False,
        remedy=f"ログを確かめてください: {settings.temporal_log_path}",
    )


def is_external() -> bool:
    """Tell whether Temporal's own variables or file name an engine that is not the embedded one.

    Raises ConnectionSettingsError as `load_connection` does.
    """
    return "target_host" in load_connection()


def load_connection() -> ClientConnectConfig:
    """Read what Temporal's own variables and file say; no `target_host` in it means the embedded server is meant.

    Raises:
        ConnectionSettingsError: they contradict themselves, or name what is not there.

    """
    # envconfig takes a missing file for an empty one, and would then connect to the default address without a word.
    named = os.environ.get(_CONFIG_FILE)
    if named and not Path(named).is_file():
        raise ConnectionSettingsError(
            f"環境変数 {_CONFIG_FILE} が示すファイルがありません: {named}",
            in_english=f"{_CONFIG_FILE} names a file that is not there: {named}",
        )
    try:
        profile = ClientConfigProfile.load(config_file_strict=True)
        _refuse_key_in_clear(profile)
        configured = profile.to_client_connect_config()
    # RuntimeError: what the SDK raises for a file that it can't read or understand. OSError: a certificate is missing.
    except (RuntimeError, OSError) as error:
        reason = _without_source_lines(str(error))
        raise ConnectionSettingsError(reason, in_english=reason) from error
    _refuse_half_a_certificate(configured)
    return configured


def _refuse_key_in_clear(profile: ClientConfigProfile) -> None:
    if profile.api_key and profile.tls is not None and profile.tls.disabled:
        raise ConnectionSettingsError(
            "API キーがあるのに TLS が無効です。このままではキーが暗号化されずに送られます。"
            "環境変数 TEMPORAL_TLS（または temporal.toml の tls）を見直してください。",
            in_english="There is an API key while TLS is off (TEMPORAL_TLS, or tls in temporal.toml): "
            "the key would be sent unencrypted.",
        )


def _refuse_half_a_certificate(configured: ClientConnectConfig) -> None:
    tls = configured.get("tls")
    if isinstance(tls, TLSConfig) and bool(tls.client_cert) is not bool(tls.client_private_key):
        raise ConnectionSettingsError(
            "クライアント証明書とその鍵は、環境変数 TEMPORAL_TLS_CLIENT_CERT_PATH と TEMPORAL_TLS_CLIENT_KEY_PATH"
            "（または temporal.toml）で、両方を指定してください。",
            in_english="A client certificate and its key must both be named: TEMPORAL_TLS_CLIENT_CERT_PATH and "
            "TEMPORAL_TLS_CLIENT_KEY_PATH (or temporal.toml).",
        )


def _without_source_lines(text: str) -> str:
    """Drop the quoted lines of the file, which may hold a key."""
    return "\n".join(line for line in text.splitlines() if " |" not in line)


async def _connect(
    target: ClientConnectConfig, converter: DataConverter, *, external: bool, remedy: str | None = None
) -> Client:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _PATIENCE_SECONDS
    reason = ""
    while True:
        try:
            async with asyncio.timeout_at(deadline):
                return await Client.connect(
                    **target,
                    data_converter=converter,
                    connect_timeout=timedelta(seconds=_PATIENCE_SECONDS),
                )
        except ValueError as error:
            raise ConnectionSettingsError(
                f"接続先「{target['target_host']}」を読み取れません（{error}）",
                in_english=f"The address {target['target_host']!r} can't be understood ({error}).",
            ) from error
        # RuntimeError: the SDK's word for a connection that failed. TimeoutError: somebody listens but never answers.
        except (RuntimeError, TimeoutError) as error:
            reason = str(error) or reason  # the last attempt is cut short, and an earlier one may have said why
            obstacle = obstacle_of(reason, target, external=external)
            if obstacle in LASTING or loop.time() + _STEP_SECONDS >= deadline:
                raise EngineNotReachableError(
                    target["target_host"],
                    obstacle=obstacle,
                    remedy=remedy or REMEDIES[obstacle],
                    reason=reason or f"{_PATIENCE_SECONDS:.0f} 秒以内に応答がありません",
                ) from error
        await asyncio.sleep(_STEP_SECONDS)
