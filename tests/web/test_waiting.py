"""待つもの: what goes on in the background is bounded, belongs to one sign-in, and is forgotten."""

from __future__ import annotations

import asyncio
import gc
import re
from datetime import timedelta

import httpx2
import pytest

from client.errors import InvalidInputError, NotFoundError
from tests.house import MANAGER, House
from tests.web.conftest import ADDRESS, Browser
from web.application import build_application
from web.waiting import KEPT, MOST, Waiting, Work, failed_with, lead_to


def work(owner: str = "mine") -> Work:
    return Work(owner, "書き出し", ("/assessments", "評価書"), "/exports/{id}")


async def test_too_much_at_once_is_refused_in_words_and_others_are_not_hindered() -> None:
    waiting, let_go = Waiting(patience_s=0), asyncio.Event()

    async def do(_: Work) -> bool:
        return await let_go.wait()

    assert work().state == "進めています"
    begun = [await waiting.begin(work(), do) for _ in range(MOST)]
    with pytest.raises(InvalidInputError, match="まだ終わっていません"):
        await waiting.begin(work(), do)
    await waiting.begin(work("others"), do)
    let_go.set()
    assert [await one.task for one in begun if one.task] == [True] * MOST
    assert (await waiting.begin(work(), do)).owner == "mine"
    await waiting.close()


async def test_how_far_it_is_and_where_it_leads() -> None:
    waiting, let_go = Waiting(patience_s=0), asyncio.Event()

    async def do(one: Work) -> None:
        one.told(1200, 40000)
        await let_go.wait()

    one = await waiting.begin(work(), do)
    await asyncio.sleep(0)
    assert one.state == "40,000件のうち1,200件"
    assert lead_to(one).headers["location"] == f"/waiting/{one.id}"
    let_go.set()
    assert one.task is not None
    await one.task
    assert (one.state, lead_to(one).headers["location"]) == ("done", f"/exports/{one.id}")
    assert failed_with(one) is None


async def test_a_bug_is_logged_though_nobody_opens_the_result_and_what_is_told_is_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    waiting = Waiting()

    async def refused(_: Work) -> None:
        raise NotFoundError("山田太郎", where="職員", remedy="")

    async def careless(_: Work) -> None:
        raise KeyError("山田太郎")

    for do in (refused, careless):
        await waiting.begin(work(), do)
    await waiting.close()
    gc.collect()
    [line] = [one.getMessage() for one in caplog.records]
    assert line.startswith("a work failed: KeyError at test_waiting.py:")
    assert "山田" not in line


async def test_a_result_is_forgotten_with_its_file() -> None:
    waiting = Waiting()

    async def do(one: Work) -> None:
        await waiting.keep(one, b"content")

    one = await waiting.begin(work(), do)
    assert waiting.of("mine", one.id) is one
    with pytest.raises(NotFoundError):
        waiting.of("others", one.id)
    assert one.path is not None
    assert one.path.read_bytes() == b"content"
    assert one.path.stat().st_mode & 0o077 == 0 or one.path.parent.stat().st_mode & 0o077 == 0
    assert one.ended_at is not None
    one.ended_at -= KEPT + timedelta(seconds=1)
    with pytest.raises(NotFoundError, match="もうありません"):
        waiting.of("mine", one.id)
    assert not one.path.exists()
    await waiting.close()


async def test_the_page_comes_again_by_itself_and_leads_on(empty_house: House) -> None:
    application, let_go = build_application(empty_house.minaoshi), asyncio.Event()
    application.state.waiting = waiting = Waiting(patience_s=0)
    transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS) as web:
        someone = await Browser(web).sign_in(MANAGER)
        [token] = set(re.findall(r'name="form_token" value="([^"]+)"', await someone.open("/")))

        async def do(one: Work) -> None:
            one.told(1, 2)
            await let_go.wait()

        one = await waiting.begin(Work(token, "引継ぎ", ("/takeover", "引継ぎ"), "/assessments?of={id}"), do)
        page = await someone.open(f"/waiting/{one.id}")
        assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
        assert "2件のうち1件" in page
        assert (await web.get(f"/waiting/{one.id}/state")).text == "2件のうち1件"
        let_go.set()
        assert one.task is not None
        await one.task
        assert (await web.get(f"/waiting/{one.id}")).headers["location"] == f"/assessments?of={one.id}"
