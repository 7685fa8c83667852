"""サインイン: one says who one is; forms belong to the sign-in in which they were opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from temporalio.client import Client

from engine.server import EmbeddedServer
from tests.house import MANAGER, open_house
from tests.web.conftest import Browser, browsers_on, carried_by

Browsers = Callable[[], Browser]


async def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back(browser: Browsers) -> None:
    someone = browser()
    answer = await someone.web.get("/?scope=all")
    assert answer.headers["location"] == "/sign-in?to=%2F%3Fscope%3Dall"
    answer = await someone.web.post("/sign-in", data={"person": MANAGER, "to": "/?scope=all"})
    assert answer.headers["location"] == "/?scope=all"


async def test_every_page_shows_who_is_signed_in(browser: Browsers) -> None:
    page = await (await browser().sign_in(MANAGER)).open("/")
    assert "見本 保護管理者" in page
    assert "口座登録担当" in page


async def test_an_unknown_person_is_not_signed_in(browser: Browsers) -> None:
    answer = await browser().web.post("/sign-in", data={"person": "nobody"})
    assert answer.status_code == 404
    assert "職員「nobody」は組織表" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("to", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "/a\nb"])
async def test_the_sign_in_leads_to_our_own_pages_alone(browser: Browsers, to: str) -> None:
    answer = await browser().web.post("/sign-in", data={"person": MANAGER, "to": to})
    assert answer.headers["location"] == "/"


async def test_signing_out_ends_the_session_on_the_server(browser: Browsers) -> None:
    someone = await browser().sign_in(MANAGER)
    kept = dict(someone.web.cookies)
    page = await someone.open("/")
    token = page.split('name="form_token" value="')[1].split('"')[0]
    await someone.web.post("/sign-out", data={"form_token": token})
    answer = await browser().web.get("/", headers={"cookie": f"minaoshi={kept['minaoshi']}"})
    assert answer.status_code == 303


async def test_without_an_organisation_the_sign_in_says_what_to_do(
    client_connection: Client, server: EmbeddedServer, tmp_path: Path
) -> None:
    async with open_house(client_connection, server.settings, tmp_path) as bare, browsers_on(bare.minaoshi) as browser:
        page = await browser().open("/sign-in", status=404)
    assert "組織表がまだありません" in page


async def test_a_form_of_another_sign_in_is_shown_again_and_nothing_is_done(browser: Browsers) -> None:
    someone = await browser().sign_in("team-lead")
    page = await someone.open("/")
    token = page.split('name="form_token" value="')[1].split('"')[0]
    await someone.sign_in("team-lead")
    answer = await someone.web.post("/sign-out", data={"form_token": token, "reason": "窓口で<b>確かめた</b>"})
    assert answer.status_code == 409
    assert "まだ何も記録されていません" in answer.text
    assert '<li class="typed">窓口で&lt;b&gt;確かめた&lt;/b&gt;</li>' in answer.text
    assert ">reason<" not in answer.text
    assert "見本 参事官" in await someone.open("/")
    assert carried_by(answer.text)["reason"] == "窓口で&lt;b&gt;確かめた&lt;/b&gt;"


async def test_what_comes_from_another_site_is_refused(browser: Browsers) -> None:
    answer = await browser().web.post("/sign-in", data={"person": MANAGER}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


async def test_an_unknown_page_and_an_unknown_person_are_told_calmly(browser: Browsers) -> None:
    someone = await browser().sign_in(MANAGER)
    assert "このページはありません" in await someone.open("/nowhere", status=404)


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "127.8.8.8:80", "[::1]:8000"])
async def test_the_names_of_this_machine_are_answered(browser: Browsers, host: str) -> None:
    assert (await browser().web.get("/sign-in", headers={"host": host})).status_code == 200


@pytest.mark.parametrize("host", ["rebound.example", "rebound.example:8000", "127.0.0.1.rebound.example", "[::1", ""])
async def test_a_name_that_leads_here_from_elsewhere_is_not_answered(browser: Browsers, host: str) -> None:
    """Otherwise a foreign site could let its own name lead to this machine, and sign in as anybody."""
    answer = await browser().web.post("/sign-in", data={"person": MANAGER}, headers={"host": host})
    assert answer.status_code == 421
    assert "この名前では、ページを開けません" in answer.text
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")


@pytest.mark.parametrize("address", ["/sign-in/begin", "/sign-in/return?state=a&code=b"])
async def test_without_a_provider_there_is_no_way_through_one(browser: Browsers, address: str) -> None:
    assert "認証サーバーが設定されていません" in await browser().open(address, status=404)
