"""机 (desk): a register and a facade without an engine, and browsers on them: for pages that only read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.waiting import Desk, open_desk
from tests.web.conftest import Browser, browsers_on

Browsers = Callable[[], Browser]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as found:
        yield found


@pytest.fixture
async def browser(desk: Desk) -> AsyncIterator[Browsers]:
    async with browsers_on(desk[0]) as make:
        yield make
