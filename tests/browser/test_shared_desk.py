"""共用の机を、本物のブラウザーで: two people before one browser; who leaves is signed out and leaves nothing behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect
from temporalio.client import Client

from client import sessions
from client.minaoshi import Minaoshi
from tests.browser.conftest import WIDTHS, sign_in
from tests.browser.test_every_page import AXE, RULES
from tests.house import CHIEF, DRAFTER, MANAGER, TEAM, House
from tests.serving import served
from tests.web.writing import drafting

pytestmark = pytest.mark.browser

WORDS = "甲さんだけの記入"
TITLE, FACTS = '[name="title"]', '[name="facts"]'
SOON = 15_000


@asynccontextmanager
async def desk(
    house: House, browser: Browser, *, idle: timedelta, width: int = 1280
) -> AsyncIterator[tuple[str, BrowserContext]]:
    """Serve pages whose sessions end soon, and open the one browser of the desk."""

    async def connected() -> Client:
        return house.temporal

    queue = house.settings.task_queue
    house.minaoshi = Minaoshi(house.register, connected, task_queue=queue, signatures=house.signatures, idle=idle)
    port = int(house.settings.web_address.rpartition(":")[2])
    context = await browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP")
    async with served(house, port=port) as address:
        yield address, context
        await context.close()


async def type_a_report(page: Page, address: str) -> None:
    await page.goto(f"{address}/report/change")
    await page.fill(TITLE, "窓口の運用の変更")
    await page.fill(FACTS, WORDS)


async def signed_out(page: Page, address: str) -> None:
    """Wait until the page has gone by itself."""
    await page.wait_for_url(f"{address}/sign-in?ended=*", timeout=SOON)


async def see_that_nothing_is_left(page: Page, address: str) -> None:
    """Go back as far as it goes."""
    for _ in range(4):
        await page.go_back()
        assert WORDS not in await page.content()
        assert "見本 保護管理者</strong>" not in await page.content()
    await page.goto(f"{address}/sign-in")
    assert await page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('minaoshi'))") == []


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_warning_comes_first_and_one_press_goes_on(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr(sessions, "WARNING", timedelta(seconds=20))
    monkeypatch.setattr(sessions, "PART", 1)
    async with desk(house, browser, idle=timedelta(seconds=24), width=width) as (address, context):
        page = await context.new_page()
        await sign_in(page, address, MANAGER)
        await type_a_report(page, address)
        dialog = page.get_by_role("alertdialog", name="まもなくサインアウトします")
        await expect(dialog).to_be_visible(timeout=SOON)
        await expect(page.locator("#idle-go-on")).to_be_focused()
        await expect(page.locator("#idle-left")).to_have_text("あと約30秒でサインアウトします。")
        found = await AXE.run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        await page.keyboard.press("Enter")
        await expect(dialog).to_be_hidden()
        await expect(page.locator(FACTS)).to_be_focused()
        await expect(dialog).to_be_visible(timeout=SOON)
        await page.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()
        assert await page.input_value(FACTS) == WORDS


async def test_a_page_that_was_put_aside_is_shown_to_its_person_alone(address: str, browser: Browser) -> None:
    context = await browser.new_context(locale="ja-JP")
    page = await context.new_page()
    await sign_in(page, address, MANAGER)
    await type_a_report(page, address)
    put_aside = "dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))"
    shown_again = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    await page.evaluate(put_aside)
    await expect(page.locator(FACTS)).to_be_hidden()
    await page.evaluate(shown_again)
    await expect(page.locator(FACTS)).to_be_visible()
    await page.evaluate(put_aside)
    await context.clear_cookies()
    await page.evaluate(shown_again)
    await signed_out(page, address)
    await context.close()


async def test_on_paper_stands_whose_page_it_is(address: str, browser: Browser) -> None:
    context = await browser.new_context(locale="ja-JP")
    page = await context.new_page()
    await sign_in(page, address, MANAGER)
    await page.emulate_media(media="print")
    await expect(page.locator(".me strong")).to_be_visible()
    await expect(page.locator(".me form")).to_be_hidden()
    await context.close()


async def test_typing_keeps_the_session_alive_and_tabs_share_it(house: House, browser: Browser) -> None:
    async with desk(house, browser, idle=timedelta(seconds=6)) as (address, context):
        other, page = await context.new_page(), await context.new_page()
        await sign_in(page, address, MANAGER)
        await other.goto(f"{address}/deadlines")
        await page.goto(f"{address}/report/change")
        for _ in range(16):
            await page.locator(FACTS).press_sequentially("あ")
            await page.wait_for_timeout(500)
        assert await page.input_value(FACTS) == "あ" * 16
        for tab in (page, other):
            await expect(tab.locator("#idle")).to_be_hidden()
            assert "sign-in" not in tab.url
        await signed_out(page, address)
        await signed_out(other, address)


async def test_the_end_that_nothing_puts_off_is_told_once(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ABSOLUTE", timedelta(seconds=14))
    async with desk(house, browser, idle=timedelta(seconds=40)) as (address, context):
        page = await context.new_page()
        await sign_in(page, address, MANAGER)
        await type_a_report(page, address)
        await expect(page.get_by_text("サインインしてから長い時間がたちました")).to_be_visible(timeout=SOON)
        await page.click("#idle-go-on")
        await page.wait_for_timeout(2_000)
        await expect(page.locator("#idle")).to_be_hidden()
        await signed_out(page, address)
        await expect(page.get_by_role("status")).to_contain_text("サインインしてから長い時間がたったため")


@pytest.mark.parametrize("width", WIDTHS)
async def test_who_leaves_is_signed_out_and_finds_what_was_typed_again(
    house: House, browser: Browser, width: int
) -> None:
    async with desk(house, browser, idle=timedelta(seconds=4), width=width) as (address, context):
        page = await context.new_page()
        await sign_in(page, address, MANAGER)
        await type_a_report(page, address)
        await signed_out(page, address)
        await expect(page.get_by_role("status")).to_contain_text("操作がないまま時間がたったため、サインアウトしました")
        await expect(page.get_by_role("status")).to_contain_text("本人がサインインし直すと")
        found = await AXE.run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        await see_that_nothing_is_left(page, address)

        await sign_in(page, address, CHIEF)
        for place in ("/", "/report/change", "/report/change?resume=yes"):
            await page.goto(address + place)
            assert WORDS not in await page.content()
            assert "続きから書く" not in await page.inner_text("main")

        await sign_in(page, address, MANAGER)
        found = await AXE.run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        await page.get_by_role("link", name="続きから書く").click()
        assert await page.input_value(FACTS) == WORDS
        found = await AXE.run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("javascript", [True, False], ids=["スクリプトあり", "スクリプトなし"])
async def test_what_one_person_began_another_does_not_send(
    house: House, address: str, browser: Browser, *, javascript: bool
) -> None:
    context = await browser.new_context(locale="ja-JP", java_script_enabled=javascript)
    page, other = await context.new_page(), await context.new_page()
    await sign_in(page, address, MANAGER)
    await page.goto(f"{address}/report/change?assessment={house.assessment_id}")
    await page.select_option('[name="kind"]', "environment")
    await page.fill(TITLE, "窓口の運用の変更")
    await page.fill(FACTS, WORDS)
    await sign_in(other, address, CHIEF)
    await page.get_by_role("button", name="報告する", exact=True).click()
    await expect(page.locator("h1")).to_contain_text("ほかの人が書き始めた様式です")
    told = await page.inner_text("main")
    for words in (
        "見本 保護管理者 さんが書き始めたものです",
        "今は 見本 総括保護管理者 さんが",
        "何も記録していません",
    ):
        assert words in told
    assert WORDS not in await page.content()
    assert (await house.minaoshi.inboxes.of(TEAM)).tasks == ()
    for width in WIDTHS if javascript else ():
        await page.set_viewport_size({"width": width, "height": 900})
        found = await AXE.run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        assert await page.evaluate("document.documentElement.scrollWidth") <= width

    await sign_in(other, address, MANAGER)
    await expect(other.locator("main")).to_contain_text(
        "別の人が続けようとしたため、受け付けませんでした: 見本 総括保護管理者"
    )
    await other.get_by_role("link", name="続きから書く").click()
    assert await other.input_value(FACTS) == WORDS
    await other.get_by_role("button", name="報告する", exact=True).click()
    await expect(other.locator("main")).to_contain_text("報告を受け付けました")
    await other.goto(address)
    assert await other.get_by_role("link", name="続きから書く").count() == 0
    await context.close()


async def test_a_page_of_somebody_who_was_followed_by_another_goes_by_itself(address: str, browser: Browser) -> None:
    context = await browser.new_context(locale="ja-JP")
    page, other = await context.new_page(), await context.new_page()
    await sign_in(page, address, MANAGER)
    await type_a_report(page, address)
    await sign_in(other, address, CHIEF)
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
    await signed_out(page, address)
    await expect(page.locator("main")).to_contain_text("ほかの人がサインインしたため")
    await expect(page.locator(".me")).to_contain_text("見本 総括保護管理者")
    assert WORDS not in await page.content()
    await sign_in(other, address, MANAGER)
    await other.get_by_role("link", name="続きから書く").click()
    assert await other.input_value(FACTS) == WORDS
    await context.close()


async def test_an_editor_that_is_left_loses_nothing(house: House, browser: Browser) -> None:
    review = await drafting(house)
    async with desk(house, browser, idle=timedelta(seconds=4)) as (address, context):
        page = await context.new_page()
        await sign_in(page, address, DRAFTER)
        place = f"/reviews/{review}/documents/basic_items/cover"
        await page.goto(address + place)
        await page.route(f"**{place}", lambda route: route.abort())
        await page.locator("textarea[name='v/cover/declaration']").fill(WORDS)
        await signed_out(page, address)
        await page.unroute(f"**{place}")
        await see_that_nothing_is_left(page, address)
        await sign_in(page, address, DRAFTER)
        await page.get_by_role("link", name="続きから書く").click()
        await expect(page.locator("textarea[name='v/cover/declaration']")).to_have_value(WORDS)
        await expect(page.locator("#saving")).to_contain_text("保存しました")
        await page.goto(address)
        assert await page.get_by_role("link", name="続きから書く").count() == 0


async def test_while_the_server_is_away_a_page_shows_nothing_after_its_end(house: House, browser: Browser) -> None:
    async with desk(house, browser, idle=timedelta(seconds=4)) as (address, context):
        page = await context.new_page()
        await sign_in(page, address, MANAGER)
        await type_a_report(page, address)
        await context.set_offline(True)
        await expect(page.get_by_text("ページを隠しました")).to_be_visible(timeout=20_000)
        await expect(page.locator(FACTS)).to_be_hidden()
        await context.set_offline(False)
        await signed_out(page, address)
        await sign_in(page, address, MANAGER)
        await page.get_by_role("link", name="続きから書く").click()
        assert await page.input_value(FACTS) == WORDS
