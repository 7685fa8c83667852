"""ページの画像 (screenshots): every page at both widths, as PNG in docs/screens."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from playwright.async_api import Browser, Page

from engine.connection import connect_embedded
from engine.ports import free_port
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from settings import Settings
from tests.browser.conftest import WIDTHS, chromium, sign_in
from tests.browser.scene import NOBODY, Shown, set_scene
from tests.house import working_house
from tests.serving import served

SCREENS = Path(__file__).parents[2] / "docs" / "screens"


async def make(folder: Path) -> int:
    """Make all of them; give how many there are."""
    made = 0
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(
            home=Path(home), temporal_port=free_port(), temporal_ui_port=free_port(), web_address="127.0.0.1:1"
        )
        async with EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES):
            temporal = await connect_embedded(settings)
            async with (
                working_house(temporal, settings, Path(home) / "house") as house,
                served(house, port=free_port()) as address,
                chromium() as browser,
            ):
                scene = await set_scene(house)
                for width in WIDTHS:
                    made += await _of_width(width, browser, address, scene.pages(), folder)
    return made


async def _of_width(width: int, browser: Browser, address: str, pages: Iterable[Shown], folder: Path) -> int:
    """Make those of a width; everybody signs in once, since who does so too often waits."""
    theirs: dict[str, Page] = {}
    made = 0
    for shown in pages:
        if shown.person not in theirs:
            context = await browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP")
            theirs[shown.person] = await context.new_page()
            if shown.person != NOBODY:
                await sign_in(theirs[shown.person], address, shown.person)
        page = theirs[shown.person]
        await page.goto(address + shown.address)
        await page.screenshot(path=folder / f"{shown.name}-{width}.png", full_page=True)
        made += 1
    for page in theirs.values():
        await page.context.close()
    return made


if __name__ == "__main__":
    shutil.rmtree(SCREENS, ignore_errors=True)
    SCREENS.mkdir(parents=True)
    print(f"{SCREENS}: {asyncio.run(make(SCREENS))} pictures")  # noqa: T201 # a script's answer
