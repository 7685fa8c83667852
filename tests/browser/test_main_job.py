"""主な仕事: from a reported change to the published version, by people in browsers of their own, by the pages alone."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import FilePayload, Page

from tests.browser.conftest import SignedIn
from tests.house import CHIEF, DRAFTER, MANAGER, TEAM, House, document, today

pytestmark = pytest.mark.browser

DRAFT: FilePayload = {
    "name": "draft.json",
    "mimeType": "application/json",
    "buffer": json.dumps(document("corrected")).encode(),
}


async def typed(page: Page, **values: str) -> None:
    """Type into the form of an act, choose, and send it: by the keyboard's own names of the fields."""
    form = page.locator("form.act")
    for name, value in values.items():
        field = form.locator(f'[name="{name}"]').first
        match await field.evaluate("one => one.type"):
            case "radio" | "checkbox":
                await form.locator(f'[name="{name}"][value="{value}"]').check()
            case "select-one":
                await field.select_option(value)
            case _:
                await field.fill(value)
    await form.locator("button[type=submit]").last.click()


@pytest.mark.parametrize("javascript", [True, False], ids=["スクリプトあり", "スクリプトなし"])
async def test_the_main_job_is_done_by_the_pages_alone(
    house: House, address: str, signed_in: SignedIn, *, javascript: bool
) -> None:
    drafter, manager, team, chief = [
        await signed_in(person, javascript=javascript) for person in (DRAFTER, MANAGER, TEAM, CHIEF)
    ]
    await drafter.goto(f"{address}/report/change?assessment={house.assessment_id}")
    await typed(
        drafter,
        kind="environment",
        title="窓口の運用の変更",
        facts="窓口の受付の順序を改めた。",
        known_on="2026-05-01",
    )
    review_id = f"{house.assessment_id}/1"
    page_of = f"{address}/reviews/{review_id}"
    await team.goto(address)
    await team.get_by_role("link", name="見直しへ").first.click()
    assert team.url == page_of, await drafter.inner_text("main")

    await team.goto(f"{page_of}/acts/acknowledge")
    await typed(team)
    for page, course in ((team, "amend"), (manager, "no_change")):
        await page.goto(f"{page_of}/acts/find")
        await typed(page, course=course, reason="記載と実態を比べた。")
        assert "受け付けました" in await page.inner_text("main")
    await chief.goto(f"{page_of}/acts/resolve")
    await typed(chief, course="amend", reason="修正が要る。")

    await drafter.goto(f"{page_of}/acts/submit")
    await drafter.locator('[name="document.basic_items"]').set_input_files(DRAFT)
    await typed(drafter)
    for page in (team, manager):
        await page.goto(f"{page_of}/acts/approve")
        await typed(page)
    for _ in ("提出", "公表"):
        await team.goto(f"{page_of}/acts/record_step")
        await typed(team, done_on=today().isoformat())
    assert "終了（修正" in await team.inner_text("main")
    assert (await house.minaoshi.assessments.show(house.assessment_id)).version == 2
    await manager.goto(f"{address}/assessments/{house.assessment_id}/versions/2")
    assert "第2版" in await manager.inner_text("main")


async def test_a_page_that_is_out_of_date_says_so(house: House, address: str, signed_in: SignedIn) -> None:
    review_id = await house.report_change()
    page = await signed_in(MANAGER)
    await page.goto(f"{address}/reviews/{review_id}")
    await house.find(review_id, as_=TEAM)
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
    await page.get_by_text("このページを開いた後に、状態が変わりました。").wait_for()


async def test_what_was_typed_is_not_left_by_mistake_and_a_second_press_does_nothing(
    house: House, address: str, signed_in: SignedIn
) -> None:
    review_id = await house.report_change()
    page = await signed_in(TEAM)
    await page.goto(f"{address}/reviews/{review_id}/acts/find")
    await page.fill('[name="reason"]', "考え中")
    asked: list[str] = []

    async def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        await dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    await page.get_by_role("link", name="受信箱").first.click(no_wait_after=True)
    await page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert await page.input_value('[name="reason"]') == "考え中"
    await page.check('[name="course"][value="amend"]')
    await page.locator("form.act button[type=submit]").last.dblclick()
    await page.get_by_text("受け付けました").wait_for()
    assert len((await house.show(review_id)).findings) == 1


async def test_everything_of_a_form_is_reached_and_sent_by_the_keyboard(
    house: House, address: str, signed_in: SignedIn
) -> None:
    review_id = await house.report_change()
    page = await signed_in(TEAM)
    await page.goto(f"{address}/reviews/{review_id}/acts/acknowledge")
    reached = []
    for _ in range(40):
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate("document.activeElement.textContent.trim().slice(0, 20)"))
        if await page.evaluate("document.activeElement.matches('form.act button[type=submit]')"):
            break
    assert reached[0] == "本文へ進む"
    await page.keyboard.press("Enter")
    await page.get_by_text("受け付けました").wait_for()
