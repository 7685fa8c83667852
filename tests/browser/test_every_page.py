"""全てのページ: no page hinders anybody: axe finds nothing, nothing runs out of the width, no script fails."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from engine.server import EmbeddedServer
from tests.browser.conftest import WIDTHS, sign_in
from tests.browser.scene import NOBODY, PLACEHOLDER, Scene, Shown, set_scene
from tests.house import working_house
from tests.serving import served

pytestmark = pytest.mark.browser

AXE = Axe()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
async def scene(
    client_connection: Any, server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Scene, str]]:
    async with working_house(client_connection, server.settings, tmp_path_factory.mktemp("scene")) as house:
        there = await set_scene(house)
        port = int(house.settings.web_address.rpartition(":")[2])
        async with served(house, port=port) as address:
            yield there, address


@pytest.fixture(scope="module")
async def people(browser: Browser, scene: tuple[Scene, str]) -> AsyncIterator[dict[tuple[str, int], Page]]:
    """Sign everybody in once at each width."""
    pages: dict[tuple[str, int], Page] = {}
    for width in WIDTHS:
        for person in sorted({shown.person for shown in scene[0].pages()}):
            context = await browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP")
            pages[person, width] = page = await context.new_page()
            if person != NOBODY:
                await sign_in(page, scene[1], person)
    yield pages
    for page in pages.values():
        await page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", [shown.name for shown in PLACEHOLDER.pages()])
async def test_a_page_hinders_nobody(
    scene: tuple[Scene, str], people: dict[tuple[str, int], Page], name: str, width: int
) -> None:
    shown: Shown = next(one for one in scene[0].pages() if one.name == name)
    page = people[shown.person, width]
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    answer = await page.goto(scene[1] + shown.address)
    assert answer is not None
    assert answer.status == (404 if name.startswith("not-found") else 200), shown.address
    # What is wrong in forced colours is so at any width.
    for colours in ("none", "active") if width == WIDTHS[0] else ("none",):
        await page.emulate_media(forced_colors=colours)
        found = await AXE.run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert await page.locator("h1").count() == 1
    assert [one for one in said if "404" not in one] == []


FORMS = [
    *("report-change", "report-risk", "report-new-business", "review-find", "review-return", "review-withdraw"),
    *("duty-new-audit", "duty-act-postpone", "duty-act-hand-in-audit", "rules-new", "guidance-enter"),
    *("circular-recipients", "training-roll", "audit-set-plan"),
]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", FORMS)
async def test_a_form_that_comes_back_with_what_is_wrong_hinders_nobody(
    scene: tuple[Scene, str], people: dict[tuple[str, int], Page], name: str, width: int
) -> None:
    shown: Shown = next(one for one in scene[0].pages() if one.name == name)
    page = people[shown.person, width]
    await page.goto(scene[1] + shown.address)
    await page.locator("form.act button[type=submit]:visible").last.click()
    await page.locator("#failure:focus").wait_for()
    found = await AXE.run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
