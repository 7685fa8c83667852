"""ページを出す番地: this machine alone, and a clear word where it can't be."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from settings import Settings, SettingsError
from worker import run_web


@pytest.mark.parametrize("address", ["0.0.0.0:8000", "192.0.2.1:8000", "example.jp:8000", "[::]:8000"])
async def test_pages_that_other_machines_could_open_are_not_served(settings: Settings, address: str) -> None:
    with pytest.raises(SettingsError, match="ほかの機械から開けます"):
        await run_web(settings.model_copy(update={"web_address": address}))


@pytest.mark.parametrize("url", ["https://minaoshi.example.jp", "http://192.0.2.1:8000"])
async def test_pages_that_a_proxy_shows_to_other_machines_are_not_served(settings: Settings, url: str) -> None:
    with pytest.raises(SettingsError, match="ほかの機械から開けます"):
        await run_web(settings.model_copy(update={"public_url": url}))


async def test_beside_another_engine_nobody_is_believed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    with pytest.raises(SettingsError, match="組み込みのサーバーで試すためのもの"):
        await run_web(settings)


async def test_an_address_that_is_taken_is_named(settings: Settings) -> None:
    with socket.create_server(settings.web_host_and_port), pytest.raises(SettingsError, match="別のプログラム"):
        await run_web(settings)


async def test_the_pages_open_while_the_engine_is_down(settings_in: Callable[[Path], Settings], tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "home")
    serving = asyncio.create_task(run_web(settings))
    try:
        async with httpx2.AsyncClient() as web, asyncio.timeout(10):
            while True:
                with suppress(httpx2.TransportError):
                    answer = await web.get(f"http://{settings.web_address}/sign-in")
                    break
                await asyncio.sleep(0.02)
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
    assert answer.status_code == 404
    assert "組織表がまだありません" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
