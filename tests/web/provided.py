"""認証サーバーのある場 (provided): the whole application with a provider, for the tests of signing in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx2
import pytest
from temporalio.client import Client

from client.identity import Identity
from client.minaoshi import Minaoshi
from register.register import Register
from schemas.records import AuditAction
from settings import Settings
from tests.guideline.test_signatures import Sworn
from tests.provider import answer_of, library_provider, settings_for
from tests.waiting import open_desk
from tests.web.conftest import pages_of


class Clock:
    """時計: it stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Place:
    """場: a register, its settings, and browsers."""

    register: Register
    settings: Settings
    clock: Clock
    make: Callable[[], httpx2.AsyncClient]

    async def to_provider(self, browser: httpx2.AsyncClient, to: str = "/") -> str:
        answer = await browser.get("/sign-in/begin", params={"to": to})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def sign_in(self, browser: httpx2.AsyncClient, person: str, to: str = "/") -> httpx2.Response:
        back = await answer_of(await self.to_provider(browser, to), person)
        assert back.startswith(f"{self.settings.pages_url}/sign-in/return?")
        return await browser.get(back)

    async def noted(self, *kinds: AuditAction) -> list[tuple[str, dict[str, Any]]]:
        return [(one.person, one.detail) for one in await self.register.occurrences(*kinds)]


def settings_of(issuer: str, home: Path, **more: Any) -> Settings:
    return settings_for(issuer, home, oidc_client_secret=token_hex(), **more)


async def _no_engine() -> Client:
    raise AssertionError("nothing here needs the engine")


@asynccontextmanager
async def place_of(
    home: Path, settings: Settings, transport: httpx2.AsyncBaseTransport | None = None
) -> AsyncIterator[Place]:
    clock = Clock()
    async with open_desk(home) as (_, register):
        identity = Identity(settings, now=clock, transport=transport)
        minaoshi = Minaoshi(register, _no_engine, task_queue="none", signatures=Sworn(), identity=identity, now=clock)
        with pages_of(minaoshi, pages_url=settings.pages_url) as application:
            opened: list[httpx2.AsyncClient] = []

            def make() -> httpx2.AsyncClient:
                inside = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
                opened.append(httpx2.AsyncClient(transport=inside, base_url=settings.pages_url))
                return opened[-1]

            yield Place(register, settings, clock, make)
            for one in opened:
                await one.aclose()


async def refused(browser: httpx2.AsyncClient, back: str, says: str, *, status: int = 403) -> None:
    answer = await browser.get(back)
    assert answer.status_code == status, answer.text
    assert says in answer.text
    assert "サインインへ進む" in answer.text
    assert "minaoshi" not in {cookie.name for cookie in browser.cookies.jar}
    assert (await browser.get("/")).status_code == 303


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    team = {"email": "Team-Lead@example.jp", "email_verified": True, "groups": ["pii-team", "canteen"]}
    with library_provider(
        manager={"groups": ["privacy_manager"]},
        chief={"email": "chief@example.jp", "groups": []},
        unregistered={"email": "team-lead@example.jp", "email_verified": False, "groups": ["auditor"]},
        lead=team,
        **{"team-lead": {"groups": ["pii-team"]}},
    ) as found:
        yield found
