"""エンジンの画面: Temporal's own page, on its own port, shows an auditor who is signed in what it keeps encrypted."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from playwright.async_api import Browser, expect

from engine.keys import key_ring
from engine.ports import free_port
from engine.server import EmbeddedServer
from engine.unsealing import Unsealing
from schemas.records import AuditAction
from tests.browser.conftest import sign_in
from tests.house import AUDITOR, DRAFTER, House
from tests.serving import served
from web.codec import CodecEndpoint

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("person", [AUDITOR, DRAFTER])
async def test_who_watches_over_others_reads_there_and_nobody_else(
    house: House, server: EmbeddedServer, browser: Browser, person: str
) -> None:
    await house.report_change(title="窓口の佐藤花子の報告")
    ui = server.settings.ui_origin
    codec = CodecEndpoint(ui, house.minaoshi.payload_reading(Unsealing(key_ring(server.settings))))
    async with served(house, port=free_port(), codec=codec) as address:
        context = await browser.new_context()
        # What one sets in that page by its glasses: one's own endpoint, with credentials.
        own = {"endpoint": f"{address}/codec", "overrideRemoteCodecConfiguration": True, "includeCredentials": True}
        said = "".join(f"localStorage.setItem({name!r}, {json.dumps(json.dumps(own[name]))});" for name in own)
        await context.add_init_script(said)
        page = await context.new_page()
        workflow = f"{ui}/namespaces/{house.temporal.namespace}/workflows/{quote(house.handle().id, safe='')}"

        async with page.expect_response("**/codec/decode*") as before:
            await page.goto(workflow)
        assert (await before.value).status == 401
        await sign_in(page, address, person)
        async with page.expect_response("**/codec/decode*") as after:
            await page.goto(workflow)
        assert (await after.value).status == (200 if person == AUDITOR else 403)
        shown = page.get_by_text("account-registration")
        if person == AUDITOR:
            await expect(shown.first).to_be_visible()
        else:
            await expect(page.get_by_text("Auto Refresh On").first).to_be_visible()
            await expect(shown).to_have_count(0)
        await context.close()
    read = await house.register.occurrences(AuditAction.READ_WITHHELD)
    assert {one.person for one in read} == ({AUDITOR} if person == AUDITOR else set())
