"""義務のページを、本物のブラウザーで: a link followed on a phone, a table with faults, a report of two sides."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect
from temporalio.client import Client

from engine.server import EmbeddedServer
from schemas.duties import MemberStatus
from tests.browser.conftest import SignedIn, sign_in
from tests.browser.test_every_page import AXE, RULES
from tests.browser.test_main_job import typed
from tests.client.test_guidance import name, small
from tests.house import CHIEF, TEAM, House, as_json, working_house
from tests.notices.post_office import PostOffice, posting
from tests.serving import served
from tests.web.test_circulars import ended
from tests.workflows.circular_samples import circular, recipient, table, token_in
from tests.workflows.duty_samples import members, own, training

pytestmark = pytest.mark.browser

PHONE = 390


@pytest.fixture
async def post() -> AsyncIterator[PostOffice]:
    async with PostOffice() as office:
        yield office


@pytest.fixture
async def sending(
    client_connection: Client, server: EmbeddedServer, post: PostOffice, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """Open a house from which letters go out."""
    settings = posting(server.settings, post)
    async with working_house(client_connection, settings, tmp_path_factory.mktemp("sending")) as house:
        yield house


async def see_that_nobody_is_hindered(page: Page) -> None:
    found = await AXE.run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE


async def test_a_body_acknowledges_on_a_phone_once_by_its_own_link(
    sending: House, post: PostOffice, browser: Browser
) -> None:
    one, circulars = own(sending, "circular:phone"), sending.minaoshi.circulars
    await circulars.open(one, circular(), as_=TEAM, file=("事務連絡.pdf", b"%PDF-1.7"))
    await circulars.import_recipients(one, table(2), as_=TEAM)
    await circulars.send(one, as_=TEAM)
    await ended(sending, one, "first")
    tokens = {recipient(letter): token_in(letter) for letter in post.letters if "ログアウト" in str(letter["Subject"])}
    port = int(sending.settings.web_address.rpartition(":")[2])
    async with served(sending, port=port) as address:
        context = await browser.new_context(viewport={"width": PHONE, "height": 844}, locale="ja-JP")
        link = f"{address}/acknowledge/{tokens['city0@example.lg.jp']}"
        first, second = await context.new_page(), await context.new_page()
        for page in (first, second):
            await page.goto(link)
            await expect(page.get_by_text("北海道第0市として、この事務連絡を受け取り")).to_be_visible()
            await see_that_nobody_is_hindered(page)
        await first.get_by_role("button", name="受領を確認する").click()
        await expect(first.get_by_text("北海道第0市の受領を確認しました。")).to_be_visible()
        await see_that_nobody_is_hindered(first)
        await second.get_by_role("button", name="受領を確認する").click()
        await expect(second.get_by_role("alert")).to_contain_text("既に確認しています")
        await expect(second.get_by_role("button", name="受領を確認する")).to_have_count(0)
        await see_that_nobody_is_hindered(second)
        wrong = await first.goto(f"{link[:-4]}0000")
        assert (wrong and wrong.status) == 404
        await expect(first.get_by_text("このリンクは使えません。")).to_be_visible()
        await see_that_nobody_is_hindered(first)
        await context.close()
        desk = await browser.new_context(viewport={"width": PHONE, "height": 844})
        page = await desk.new_page()
        await sign_in(page, address, TEAM)
        await page.goto(f"{address}/duties/{one}")
        await expect(page.get_by_text("全体では2団体のうち1団体が受領を確認し、1団体が未確認です。")).to_be_visible()
        await desk.close()
    done = await sending.minaoshi.duties.roll(one, as_=TEAM, status=MemberStatus.COMPLETED)
    assert [row.member for row in done] == ["010101"]


async def test_a_table_in_shift_jis_is_refused_row_by_row_and_nothing_of_it_is_taken_in(
    house: House, address: str, signed_in: SignedIn
) -> None:
    one = own(house, "training:faulty")
    await house.minaoshi.duties.open(one, training(), as_=TEAM)
    await house.minaoshi.duties.enrol(one, as_json(added=members("desk")), as_=TEAM)
    page = await signed_in(TEAM, width=PHONE)
    await page.goto(f"{address}/duties/{one}/roll/import")
    rows = (
        "職員番号,氏名,部署",
        "desk,窓口　花子,口座登録担当",
        "x-1,髙橋,子ども課",
        "desk,二度目,口座登録担当",
        "x-2,,口座登録担当",
    )

    async def sent(*lines: str) -> None:
        given: FilePayload = {
            "name": "職員.csv",
            "mimeType": "text/csv",
            "buffer": "\r\n".join(lines).encode("cp932"),
        }
        await page.locator('[name="table"]').set_input_files(given)
        await page.locator('[name="what"][value="enter"]').check()
        await page.locator("form.act button[type=submit]").click()

    await sent(*rows)
    summary = page.get_by_role("alert")
    for words in ("3行目", "「子ども課」という部署は、組織表にありません。", "4行目", "2行目にもあります", "5行目"):
        await expect(summary).to_contain_text(words)
    await expect(page.locator("#failure")).to_be_focused()
    await expect(page.get_by_text("送られたファイル: 職員.csv")).to_be_visible()
    await expect(page.locator('[name="what"][value="enter"]')).to_be_checked()
    await see_that_nobody_is_hindered(page)
    assert [row.name for row in await house.minaoshi.duties.roll(one, as_=TEAM)] == ["見本 desk"]
    await sent(rows[0], "desk,見本 desk,口座登録担当", "x-1,髙橋,児童手当担当（見本）")
    await expect(page.get_by_text("Shift_JIS（CP932） と判断して読みました。")).to_be_visible()
    assert [row.name for row in await house.minaoshi.duties.roll(one, as_=TEAM)] == ["見本 desk", "髙橋"]


async def test_a_report_is_approved_by_the_team_and_then_by_the_chief_from_the_inbox(
    house: House, address: str, signed_in: SignedIn
) -> None:
    await house.minaoshi.guidance.enter(small(house), as_=TEAM)
    await house.minaoshi.guidance.confirm_all(name(house), as_=CHIEF)
    team, chief = await signed_in(TEAM), await signed_in(CHIEF, width=PHONE)
    await team.goto(f"{address}/guidance/{name(house)}")
    await team.get_by_role("link", name="報告書を承認する").click()
    await typed(team)
    await expect(team.get_by_text("報告書を承認しました。")).to_be_visible()
    await expect(team.get_by_role("link", name="報告書を承認する")).to_have_count(0)
    await chief.goto(address)
    await chief.get_by_role("link", name="義務へ: 改善策の実施状況").click()
    await chief.get_by_role("link", name="指導のページで進める").click()
    await expect(chief.get_by_text("総括保護管理者の承認を待っています").first).to_be_visible()
    await chief.get_by_role("link", name="報告書を承認する").click()
    await expect(chief.get_by_role("link", name="承認を待つ報告書（PDF）")).to_be_visible()
    await see_that_nobody_is_hindered(chief)
    await typed(chief)
    await expect(chief.get_by_text("報告書を承認しました。")).to_be_visible()
    (version,) = (await house.minaoshi.guidance.show(name(house), as_=CHIEF)).versions
    assert (version.state.label, version.team, version.chief) == ("承認済み", TEAM, CHIEF)
