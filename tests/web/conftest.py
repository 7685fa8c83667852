"""ページのテスト: the application on a real register, engine and worker, asked as a browser without scripts asks."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from client.minaoshi import Minaoshi
from tests.house import House
from web.application import build_application, serve_from
from web.waiting import Waiting

ADDRESS = "http://127.0.0.1"


class Browser:
    """閲覧する者: one browser of one person; forms are sent as the page shows them."""

    def __init__(self, web: httpx2.AsyncClient) -> None:
        self.web = web

    async def sign_in(self, person: str) -> Browser:
        answer = await self.web.post("/sign-in", data={"person": person})
        assert answer.status_code == 303, answer.text
        return self

    async def open(self, address: str, *, status: int = 200) -> str:
        """Open a page, and give what it says."""
        answer = await self.web.get(address, follow_redirects=True)
        assert answer.status_code == status, f"{answer.status_code} {answer.text}"
        return answer.text

    async def send(
        self, address: str, files: Any = None, *, status: int = 200, page: str | None = None, **typed: object
    ) -> str:
        """Open the form at an address, type, send it, and follow to the page after it: give what that says.

        What the form carries along (hidden, chosen before) is sent as it stands. `page` is the form as it was opened
        before.
        """
        fields: dict[str, Any] = {**carried_by(page or await self.open(address)), **typed}
        answer = await self.web.post(address, data=fields, files=files, follow_redirects=True)
        assert answer.status_code == status, f"{answer.status_code} {answer.text}"
        return answer.text


def carried_by(page: str) -> dict[str, str]:
    """Give the hidden fields of the form of an act in a page."""
    form = re.search(r'<form method="post"[^>]*class="act".*?</form>', page, re.DOTALL)
    assert form, page
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form[0])
    return dict(found)


_AT_REST: list[FastAPI] = []
"""休んでいるページ: pages that no test uses now; making them takes longer than most of what is asked."""


@contextmanager
def pages_of(minaoshi: Minaoshi, *, pages_url: str = ADDRESS) -> Iterator[FastAPI]:
    """Give pages that serve from a facade, and from that alone."""
    application = _AT_REST.pop() if _AT_REST else build_application(minaoshi)
    serve_from(application, minaoshi, pages_url=pages_url)
    routes = list(application.routes)
    yield application
    assert application.routes == routes, "whoever adds a page builds an application of their own"
    _AT_REST.append(application)


@asynccontextmanager
async def browsers_on(minaoshi: Minaoshi, *, waiting: Waiting | None = None) -> AsyncIterator[Callable[[], Browser]]:
    """Make browsers on a facade, each with cookies of its own: what only reads the register needs no engine."""
    with pages_of(minaoshi) as application:
        if waiting is not None:
            application.state.waiting = waiting
        opened: list[httpx2.AsyncClient] = []

        def make() -> Browser:
            transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
            opened.append(httpx2.AsyncClient(transport=transport, base_url=ADDRESS))
            return Browser(opened[-1])

        yield make
        for one in opened:
            await one.aclose()


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Callable[[], Browser]]:
    async with browsers_on(house.minaoshi) as make:
        yield make
