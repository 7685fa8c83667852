"""評価書の編集を、本物のブラウザーで: it saves by itself, loses nothing, and overwrites nobody."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import SignedIn, sign_in
from tests.house import DRAFTER, House
from tests.serving import served
from tests.web.writing import SECOND_DRAFTER, appoint_a_second_drafter, drafting

pytestmark = pytest.mark.browser

DECLARATION = "textarea[name='v/cover/declaration']"
SPECIAL = "textarea[name='v/cover/special_notes']"


@pytest.fixture
async def review(house: House) -> str:
    await appoint_a_second_drafter(house)
    return await drafting(house)


def part(address: str, review: str, section: str = "cover") -> str:
    return f"{address}/reviews/{review}/documents/basic_items/{section}"


async def cover(house: House, review: str) -> Any:
    sheet = await house.minaoshi.working_copies.open(review, "basic_items", as_=DRAFTER)
    return sheet.content["cover"]


async def type_into(page: Page, place: str, words: str) -> None:
    await page.locator(place).fill(words)


async def test_what_is_typed_is_saved_by_itself_and_errors_stand_at_the_item(
    house: House, address: str, signed_in: SignedIn, review: str
) -> None:
    page = await signed_in(DRAFTER)
    await page.goto(part(address, review))
    await type_into(page, DECLARATION, "𠮷野家の宣言\n二行目")
    await expect(page.locator("#saving")).to_contain_text("保存しました")
    assert (await cover(house, review))["declaration"] == "𠮷野家の宣言\n二行目"
    await type_into(page, "input[name='v/cover/assessment_name']", "")
    await expect(page.locator("[id='w/cover/assessment_name'] .wrong")).to_contain_text("記入されていません")
    await expect(page.locator("#found .summary")).to_contain_text("この区分の誤り（1件）")
    await page.reload()
    await expect(page.locator(DECLARATION)).to_have_value("𠮷野家の宣言\n二行目")
    assert await page.locator("#kept").count() == 0


async def test_what_an_answer_leaves_out_is_out_of_sight(address: str, signed_in: SignedIn, review: str) -> None:
    page = await signed_in(DRAFTER)
    await page.goto(part(address, review, "risk_measures"))
    basis = page.locator("[id='f/risk_measures/human_intervention/basis']")
    await expect(basis).to_be_hidden()
    await page.check("input[name='v/risk_measures/human_intervention/status'][value='exists']")
    await expect(basis).to_be_visible()


async def test_it_saves_when_the_server_is_back(house: House, browser: Browser, review: str) -> None:
    port = int(house.settings.web_address.rpartition(":")[2])
    context = await browser.new_context(locale="ja-JP")
    page = await context.new_page()
    async with served(house, port=port) as address:
        await sign_in(page, address, DRAFTER)
        await page.goto(part(address, review))
    await type_into(page, DECLARATION, "サーバーのいない間の宣言")
    await expect(page.locator("#saving")).to_contain_text("サーバーにつながりません")
    async with served(house, port=port):
        await expect(page.locator("#saving")).to_contain_text("保存しました", timeout=20_000)
        assert (await cover(house, review))["declaration"] == "サーバーのいない間の宣言"
    await context.close()


async def test_a_closed_page_offers_what_was_not_saved(
    house: House, address: str, browser: Browser, signed_in: SignedIn, review: str
) -> None:
    page = await signed_in(DRAFTER)
    await page.goto(part(address, review))
    await page.context.set_offline(True)
    await type_into(page, DECLARATION, "閉じる前の宣言")
    await expect(page.locator("#saving")).to_contain_text("つながりません")
    # The old page never comes back to the server: a page that is closing may still save, once it is online again.
    kept = await page.context.storage_state()
    opened_again = await browser.new_context(locale="ja-JP", storage_state=kept)
    again = await opened_again.new_page()
    await again.goto(part(address, review))
    await expect(again.locator("#kept")).to_contain_text("1件残っています")
    await again.click("#kept button:has-text('記入を戻す')")
    await expect(again.locator("#saving")).to_contain_text("保存しました")
    assert (await cover(house, review))["declaration"] == "閉じる前の宣言"
    await opened_again.close()


async def test_a_session_that_ended_loses_nothing(house: House, address: str, signed_in: SignedIn, review: str) -> None:
    page = await signed_in(DRAFTER)
    await page.goto(part(address, review))
    await page.context.clear_cookies()
    await type_into(page, DECLARATION, "サインインが切れた後の宣言")
    await page.wait_for_url(f"{address}/sign-in?ended=*")
    await sign_in(page, address, DRAFTER)
    await page.get_by_role("link", name="続きから書く").click()
    await expect(page.locator("#saving")).to_contain_text("保存しました", timeout=20_000)
    assert (await cover(house, review))["declaration"] == "サインインが切れた後の宣言"


async def test_a_page_takes_up_a_new_sign_in_of_the_same_person(
    house: House, address: str, signed_in: SignedIn, review: str
) -> None:
    page = await signed_in(DRAFTER)
    await page.goto(part(address, review))
    await sign_in(await page.context.new_page(), address, DRAFTER)
    await type_into(page, DECLARATION, "新しいサインインでの宣言")
    await expect(page.locator("#saving")).to_contain_text("保存しました", timeout=20_000)
    assert (await cover(house, review))["declaration"] == "新しいサインインでの宣言"


async def test_two_people_keep_both_their_words(house: House, address: str, signed_in: SignedIn, review: str) -> None:
    one, other = await signed_in(DRAFTER), await signed_in(SECOND_DRAFTER)
    for page in (one, other):
        await page.goto(part(address, review))
    await type_into(other, SPECIAL, "窓口の特記")
    await type_into(other, DECLARATION, "窓口の宣言")
    await expect(other.locator("#saving")).to_contain_text("保存しました")
    await type_into(one, DECLARATION, "起案の宣言")
    await expect(one.locator("#saving")).to_contain_text("見本 窓口さんが")
    await one.click("#saving button")
    await expect(one.locator("h1")).to_contain_text("同じ項目を、ほかの人も変えました")
    await one.check("input[name='c/cover/declaration'][value='mine']")
    await one.click("text=選んだ方で保存する")
    await expect(one.locator(".banner")).to_contain_text("保存しました")
    kept = await cover(house, review)
    assert (kept["declaration"], kept["special_notes"]) == ("起案の宣言", "窓口の特記")
