"""本物のブラウザー: the pages on a running server, real engine, register and worker, in Chromium."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.house import House
from tests.serving import served

WIDTHS = (1280, 390)
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

SignedIn = Callable[..., Awaitable[Page]]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start Debian's Chromium."""
    path = shutil.which("chromium")
    assert path, "Chromium is not there: apt-get install chromium fonts-noto-cjk"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.fixture
async def address(house: House) -> AsyncIterator[str]:
    host, _, port = house.settings.web_address.rpartition(":")
    assert host
    async with served(house, port=int(port)) as there:
        yield there


async def sign_in(page: Page, address: str, person: str) -> None:
    """Sign in as a person does."""
    await page.goto(f"{address}/sign-in")
    await page.select_option("#person", person)
    await page.click("main button[type=submit]")
    await page.wait_for_url(f"{address}/")


@pytest.fixture
async def signed_in(browser: Browser, address: str) -> AsyncIterator[SignedIn]:
    """Give a page of a person's own browser; `javascript=False` for one without scripts."""
    contexts: list[Any] = []

    async def open_page(person: str, *, width: int = 1280, javascript: bool = True, **options: Any) -> Page:
        context = await browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=javascript, locale="ja-JP", **options
        )
        contexts.append(context)
        page: Page = await context.new_page()
        await sign_in(page, address, person)
        return page

    yield open_page
    for context in contexts:
        await context.close()
