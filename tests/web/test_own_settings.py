"""設定のページ: how one is told by mail; signing out wherever one is signed in."""

from __future__ import annotations

import pytest

from schemas.letters import MailChoice
from tests.house import MANAGER
from tests.waiting import Desk
from tests.web.at_the_desk import Browsers, browser, desk
from tests.web.conftest import carried_by

__all__ = ["browser", "desk"]


async def test_one_chooses_how_to_be_told_and_sees_what_one_chose(desk: Desk, browser: Browsers) -> None:
    someone = await browser().sign_in(MANAGER)
    page = await someone.open("/settings")
    assert 'value="at_once" checked' in page
    assert "manager@example.jp" in page
    page = await someone.send("/settings", mail="daily")
    assert "毎朝一通のメールにまとめて送ります" in page
    assert 'value="daily" checked' in page
    assert await desk[0].notices.choice_of(MANAGER) is MailChoice.DAILY
    await someone.send("/settings", mail="daily")
    assert 'value="at_once" checked' in await someone.send("/settings", mail="at_once")


@pytest.mark.parametrize("typed", ["", "never", "<script>"])
async def test_what_is_no_choice_is_told_and_nothing_changes(desk: Desk, browser: Browsers, typed: str) -> None:
    page = await (await browser().sign_in(MANAGER)).send("/settings", status=422, mail=typed)
    assert "示された二つから選んでください" in page
    assert "<script>" not in page
    assert await desk[0].notices.choice_of(MANAGER) is MailChoice.AT_ONCE


async def test_signing_out_everywhere_ends_every_session_of_the_person_and_of_nobody_else(browser: Browsers) -> None:
    here, there = await browser().sign_in(MANAGER), await browser().sign_in(MANAGER)
    other = await browser().sign_in("chief")
    token = carried_by(await here.open("/settings"))["form_token"]
    answer = await here.web.post("/settings/sign-out-everywhere", data={"form_token": token})
    assert answer.headers["location"] == "/sign-in"
    for ended in (here, there):
        assert (await ended.web.get("/settings")).headers["location"].startswith("/sign-in")
    assert (await other.web.get("/settings")).status_code == 200
