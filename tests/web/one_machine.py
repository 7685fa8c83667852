"""一台の機械 (one machine): a desk whose clock a test moves, and people who sit before the same browser in turn."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from client.minaoshi import Minaoshi
from register.register import Register
from schemas.lists import TrailEntry, TrailQuery
from schemas.records import AuditAction
from tests.waiting import open_desk
from tests.web.as_shown import as_shown
from tests.web.conftest import Browser, browsers_on


@dataclass
class Clock:
    """時計: stands still until it is moved."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at

    def on(self, **by: float) -> None:
        """Move it on."""
        self.at += timedelta(**by)


@dataclass
class Machine:
    """一台の機械: one browser, whoever sits before it."""

    minaoshi: Minaoshi
    register: Register
    clock: Clock
    browser: Browser

    async def form(self, address: str = "/report/change") -> dict[str, list[str]]:
        """Open a form, and give what it holds."""
        return as_shown(await self.browser.open(address))

    async def asked(self, page: dict[str, list[str]] | str, **more: str) -> dict[str, Any]:
        """Ask as the script of a page asks; give what is told."""
        token = page["form_token"][0] if isinstance(page, dict) else token_of(page)
        answer = await self.browser.web.post("/session", data={"form_token": token, **more})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def trail(self, action: AuditAction) -> tuple[TrailEntry, ...]:
        """Give the entries of one kind, the newest first."""
        return (await self.register.lists.trail(TrailQuery(action=action))).entries


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    clock = Clock()
    async with open_desk(tmp_path, now=clock) as (minaoshi, register), browsers_on(minaoshi) as make:
        yield Machine(minaoshi, register, clock, make())


def token_of(page: str) -> str:
    """Give the token that stands in the forms of a page."""
    [token] = set(re.findall(r'name="form_token" value="([^"]+)"', page))
    return str(token)
