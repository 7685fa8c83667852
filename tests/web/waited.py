"""待つもの: browsers of an application that never waits for a result, and of one that waits until it is there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from tests.house import House
from tests.web.conftest import Browser, browsers_on
from web.waiting import Waiting


@asynccontextmanager
async def _browsers(house: House, *, patience_s: float) -> AsyncIterator[Callable[[], Browser]]:
    waiting = Waiting(patience_s=patience_s)
    async with browsers_on(house.minaoshi, waiting=waiting) as make:
        yield make
    await waiting.close()


@pytest.fixture
async def impatient(empty_house: House) -> AsyncIterator[Callable[[], Browser]]:
    async with _browsers(empty_house, patience_s=0) as make:
        yield make


@pytest.fixture
async def patient(empty_house: House) -> AsyncIterator[Callable[[], Browser]]:
    async with _browsers(empty_house, patience_s=60) as make:
        yield make


async def done(browser: Browser, work: str) -> None:
    """Ask until it is done."""
    while (await browser.web.get(f"/waiting/{work}/state")).text != "done":
        pass


async def led_to(browser: Browser, address: str) -> str:
    """Open what takes a while; give the work whose page one is led to."""
    answer = await browser.web.get(address)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix("/waiting/")
