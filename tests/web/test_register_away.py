"""台帳が離れている間: nobody is told of a bug, and what was typed is sent again when the register is back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Annotated

import httpx2
import pytest
from fastapi import Depends
from sqlalchemy import text

from client.minaoshi import Minaoshi
from engine.ports import free_port
from register import database
from register.database import writer_of
from tests.house import AUDITOR, MANAGER
from tests.new_register import register_url_in
from tests.tampering import administering
from tests.waiting import open_desk
from tests.web.conftest import Browser, browsers_on, carried_by
from web import serving
from web.application import build_application
from web.posted import Posted, read_form

Browsers = Callable[[], Browser]


@pytest.fixture
async def minaoshi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Minaoshi]:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.1)
    async with open_desk(tmp_path) as (found, _):
        yield found


@pytest.fixture
async def browser(minaoshi: Minaoshi) -> AsyncIterator[Browsers]:
    async with browsers_on(minaoshi) as make:
        yield make


UNREADABLE = {
    "sqlite": "ALTER TABLE events RENAME TO elsewhere",
    "postgresql": "LOCK TABLE events IN ACCESS EXCLUSIVE MODE",
}
"""読めない表: on SQLite nothing else keeps a reader out; PostgreSQL takes a missing table for a mistake of ours."""


@contextmanager
def away(home: Path) -> Iterator[None]:
    """Keep everybody from writing, as a program that hangs in the middle of its transaction does."""
    with administering(register_url_in(home)) as engine, writer_of(engine).connect() as holder:
        holder.execute(text("SELECT 1"))
        yield


async def test_the_form_of_an_act_comes_back_as_it_was_typed(browser: Browsers, tmp_path: Path) -> None:
    person = await browser().sign_in(MANAGER)
    form = await person.open("/settings")
    with away(tmp_path):
        page = await person.send("/settings", page=form, status=503, mail="daily")
        assert "受け付けられたかどうかは、まだ分かりません" in page
        assert re.search(r'value="daily"[^>]*checked', page)
    assert "毎朝一通のメール" in await person.send("/settings", page=page, mail="daily")


async def test_what_was_sent_before_any_form_was_made_stands_ready_to_be_sent_again(
    browser: Browsers, tmp_path: Path
) -> None:
    person = browser()
    with away(tmp_path):
        answer = await person.web.post("/sign-in", data={"person": MANAGER, "to": '/events?"><b>'})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert "今は答えられません" in answer.text
    assert "<b>" not in answer.text
    sent = {name: unescape(value) for name, value in carried_by(answer.text).items()}
    assert sent.items() >= {"person": MANAGER, "to": '/events?"><b>'}.items()
    assert (await person.web.post("/sign-in", data=sent)).status_code == 303


async def test_files_can_not_be_kept_and_the_browser_has_them(browser: Browsers, tmp_path: Path) -> None:
    person = browser()
    with away(tmp_path):
        answer = await person.web.post("/sign-in", data={"person": MANAGER}, files={"paper": ("a.pdf", b"%PDF")})
    assert answer.status_code == 503
    assert "ブラウザーの「戻る」" in answer.text
    assert "<form" not in answer.text


async def test_a_page_that_only_shows_is_to_be_opened_again(
    browser: Browsers, minaoshi: Minaoshi, tmp_path: Path
) -> None:
    person = await browser().sign_in(MANAGER)
    with administering(register_url_in(tmp_path)) as engine, engine.connect() as broken:
        broken.execute(text(UNREADABLE[engine.dialect.name]))
        if engine.dialect.name == "sqlite":
            broken.commit()
        page = await person.open("/events", status=503)
    assert "開き直してください" in page
    assert minaoshi is not None


async def test_who_still_waits_when_the_pages_end_is_not_told_of_a_bug(
    minaoshi: Minaoshi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "PATIENCE_S", 1)
    application, waits, port = build_application(minaoshi), asyncio.Event(), free_port()

    async def slow(_posted: Annotated[Posted, Depends(read_form)]) -> None:
        waits.set()
        await asyncio.sleep(60)

    application.add_api_route("/slow", slow, methods=["POST"])
    pages = asyncio.create_task(serving.serve(application, host="127.0.0.1", port=port))
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as web:
        await asyncio.sleep(0)
        asking = asyncio.create_task(web.post("/slow", data={"reason": "because"}))
        await waits.wait()
        pages.cancel()
        answer = await asking
    await asyncio.gather(pages, return_exceptions=True)
    assert answer.status_code == 503
    assert "受け付けられたかどうかは、まだ分かりません" in answer.text
    assert carried_by(answer.text)["reason"] == "because"


async def test_a_refusal_that_can_not_be_noted_is_not_told_and_no_bug_either(browser: Browsers, tmp_path: Path) -> None:
    """An auditor may report nothing; that it was tried stands in the trail before they read of it."""
    auditor = await browser().sign_in(AUDITOR)
    with away(tmp_path):
        answer = await auditor.web.get("/report")
    assert answer.status_code == 503
    assert "開き直してください" in answer.text
    assert (await auditor.web.get("/report")).status_code == 409
