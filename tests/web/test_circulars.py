"""事務連絡の頁: recipients from a file, sending, the picture of the coverage, the page of a link, and questions."""

from __future__ import annotations

import asyncio
import html
from collections.abc import AsyncIterator
from typing import Any

import pytest
from temporalio.client import Client

from client.circular_sending import sending_workflow_id
from client.errors import ActRefusedError
from engine.server import EmbeddedServer
from guideline.circulars import ANSWER, FIRST, reminder_round
from schemas.circulars import SendingEnd
from tests.house import CHIEF, TEAM, TEAM_2, House, as_json, today, working_house
from tests.notices.post_office import PostOffice, posting
from tests.web.as_shown import as_shown
from tests.web.conftest import browsers_on
from tests.web.office import signed_in
from tests.web.test_reports import STRANGE
from tests.workflows.circular_samples import circular, recipient, table, token_in
from tests.workflows.duty_samples import own


@pytest.fixture(scope="module")
async def post() -> AsyncIterator[PostOffice]:
    async with PostOffice() as office:
        yield office


@pytest.fixture(scope="module")
async def office(
    client_connection: Client, server: EmbeddedServer, post: PostOffice, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    settings = posting(server.settings, post)
    async with working_house(client_connection, settings, tmp_path_factory.mktemp("office")) as house:
        yield house


def file(content: bytes) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("table", ("宛先.csv", content, "text/csv"))]


async def ended(house: House, one: str, round_: str) -> SendingEnd:
    handle = house.temporal.get_workflow_handle(sending_workflow_id(one, round_), result_type=SendingEnd)
    async with asyncio.timeout(30):
        end: SendingEnd = await handle.result()
        return end


def letters_of(post: PostOffice, subject: str) -> dict[str, Any]:
    return {recipient(one): one for one in post.letters if subject in str(one["Subject"])}


async def test_a_table_with_a_fault_is_told_by_its_rows_and_none_is_taken_in(office: House) -> None:
    one = own(office, "circular:broken")
    await office.minaoshi.circulars.open(one, circular(), as_=TEAM)
    address = f"/duties/{one}"
    async with signed_in(office, TEAM) as team:
        assert "宛先はまだありません。" in await team.open(address)
        assert "送る宛先がありません" in await team.send(f"{address}/send", status=422)
        refused = await team.send(f"{address}/recipients", files=file("団体名\n甲".encode()), status=422)
        assert "列「都道府県」「電子メールアドレス」がありません" in refused
        broken = table(3) + "\r\n130001,甲,江戸,a".encode()
        page = await team.send(f"{address}/recipients", files=file(broken), status=422)
        assert html.escape("5行目: 都道府県「江戸」を知りません。") in page
        assert "宛先の表がありません" in await team.send(f"{address}/recipients", status=422)
        assert "宛先はまだありません。" in await team.open(address)


async def test_an_earlier_circular_is_offered_however_many_there_are(
    office: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("client.duties.AT_ONCE", 2)
    many = [own(office, f"circular:offered-{number}") for number in range(4)]
    for one in many:
        await office.minaoshi.circulars.open(one, circular(), as_=TEAM)
    async with signed_in(office, TEAM) as team:
        for address in ("/duties/new/circular", f"/duties/{many[0]}/recipients"):
            page = await team.open(address)
            offered = {one for one in many if f'value="{one}"' in page}
            assert offered == set(many) - ({many[0]} if many[0] in address else set())


async def test_a_circular_is_sent_reminded_of_and_acknowledged_by_link(office: House, post: PostOffice) -> None:
    one, title = own(office, "circular:page"), "窓口での徹底"
    await office.minaoshi.circulars.open(one, circular(title=title), as_=TEAM, file=("連絡.pdf", b"%PDF-1.7 <script>"))
    address = f"/duties/{one}"
    async with signed_in(office, TEAM) as team, browsers_on(office.minaoshi) as make:
        page = await team.send(f"{address}/recipients", files=file(table(94, encoding="cp932")))
        assert "宛先94件を取り込みました（Shift_JIS として読みました）。" in page
        assert "送り始めました" in await team.send(f"{address}/send")
        assert (await ended(office, one, FIRST)).given_up == 0
        letters = letters_of(post, title)
        assert len(letters) == 94
        page = await team.open(address)
        picture = await team.web.get(f"{address}/prefectures.svg")
        assert picture.headers["content-type"] == "image/svg+xml"
        assert picture.text.count('<g class="tile zero"><title>') == 47
        assert "全体では94団体のうち0団体が受領を確認し、94団体が未確認です" in page

        stranger = make()
        first, other = letters["city0@example.lg.jp"], letters["city1@example.lg.jp"]
        link = f"/acknowledge/{token_in(first)}"
        shown = await stranger.open(link)
        # Named at all, the page's own address is sent to this site alone: without it the form would come from nowhere.
        assert (await stranger.web.get(link)).headers["referrer-policy"] == "same-origin"
        assert "北海道第0市" in shown
        assert "サインアウト" not in shown
        got = await stranger.web.get(f"{link}/document")
        assert got.content == b"%PDF-1.7 <script>"
        assert got.headers["content-disposition"].startswith("attachment;")
        assert "受領を確認しました" not in await stranger.open(link)
        wrong = await stranger.web.post(f"/acknowledge/{token_in(other)}", data={"member": "010101"})
        assert (wrong.status_code, "青森第1市だけのものです" in wrong.text) == (422, True)
        done = await stranger.web.post(link, data={"member": "010101"}, follow_redirects=True)
        assert "北海道第0市の受領を確認しました" in done.text
        twice = await stranger.web.post(link, data={"member": "010101"})
        assert (twice.status_code, "既に確認しています" in twice.text) == (422, True)
        for token in ("none", "x" * 300, "%ED%A0%80"):
            assert "このリンクは使えません" in await stranger.open(f"/acknowledge/{token}", status=404)

        page = await team.open(address)
        assert "全体では94団体のうち1団体が受領を確認し" in page
        answer = await team.web.get(f"{address}/coverage.csv")
        assert "01,北海道,2,2,0,1,0,1" in answer.content.decode("utf-8-sig")
        sequence = (await office.minaoshi.duties.show(one, as_=TEAM)).state.sequence
        assert "送り始めました" in await team.send(f"{address}/remind")
        await ended(office, one, reminder_round(sequence + 1))
        reminded = letters_of(post, "【再送・受領の確認のお願い】窓口での徹底")
        assert len(reminded) == 93
        assert "city0@example.lg.jp" not in reminded
        # Whichever letter is at hand, its link is good.
        await make().web.post(f"/acknowledge/{token_in(other)}", data={"member": "020101"})
        again = await make().open(f"/acknowledge/{token_in(reminded['city1@example.lg.jp'])}")
        assert "青森第1市の受領を確認しました" in again
    assert (await office.minaoshi.verify_audit()).problems == ()


async def test_a_question_becomes_a_task_and_its_answer_a_letter(office: House, post: PostOffice) -> None:
    one = own(office, "circular:asked")
    await office.minaoshi.circulars.open(one, circular(), as_=TEAM)
    await office.minaoshi.circulars.import_recipients(one, table(2), as_=TEAM)
    async with signed_in(office, TEAM) as team, signed_in(office, TEAM_2) as other_member:
        ask = f"/duties/{one}/questions/new"
        assert "宛先にありません" in await team.send(ask, status=404, member="999999", question="なぜか。")
        page = await team.send(ask, member="020101", question=STRANGE)
        assert html.escape(STRANGE) in page
        assert "青森第1市からの照会" in page
        (asked,) = await office.minaoshi.duties.below(one, as_=TEAM)
        address = f"/duties/{asked.duty_id}"
        assert "回答のメールは、確認の後に送られます。" in await team.open(address)
        answer: dict[str, Any] = {"text": "調べた。", "paper.answer": "端末も含みます。"}
        await team.send(f"{address}/acts/hand-in", **answer)
        await other_member.send(f"{address}/acts/confirm")
        await ended(office, asked.duty_id, ANSWER)
        assert "回答のメールは届きました" in await team.open(address)
    answers = letters_of(post, "【照会への回答】")
    assert "端末も含みます。" in answers["city1@example.lg.jp"].get_content()
    assert (await office.minaoshi.verify_audit()).problems == ()


async def test_a_circular_said_again_has_its_own_coverage(office: House) -> None:
    first, second = own(office, "circular:may"), own(office, "circular:november")
    circulars = office.minaoshi.circulars
    await circulars.open(first, circular(), as_=TEAM)
    await circulars.import_recipients(first, table(5), as_=TEAM)
    await office.minaoshi.duties.complete(
        first, b'{"members": ["010101"], "completed_on": "%s"}' % today().isoformat().encode(), as_=TEAM
    )
    async with signed_in(office, TEAM) as team:
        typed: dict[str, Any] = {"title": "再度の徹底", "department": "privacy", "due_on": "2099-01-04"}
        typed |= {"content.text": "改めて徹底されたい。", "content.repeats": "circular:none"}
        page = await team.send("/duties/new/circular", status=404, **typed)
        assert "台帳にありません" in page
        typed |= {"content.repeats": first, "slug": second.removeprefix("circular:")}
        assert "改めて発出するもの" in await team.send("/duties/new/circular", **typed)
        page = await team.send(f"/duties/{second}/recipients", earlier=first)
        assert "宛先5件を取り込みました。" in page
        assert "全体では5団体のうち0団体" in page
        assert second in await team.open(f"/duties/{first}")
        row = '/acts/complete?member=020101"'
        page = await team.open(f"/duties/{first}")
        assert (row in page, "acts/complete?member=010101" in page) == (True, False)
        form = await team.open(f"/duties/{first}/acts/complete?member=020101")
        assert "受領を手で記録する" in form
        assert as_shown(form)["members"] == ["020101"]
        assert as_shown(await team.open(f"/duties/{first}/questions/new?member=030101"))["member"] == ["030101"]
    async with signed_in(office, CHIEF) as chief:
        assert f"/duties/{second}/send" not in await chief.open(f"/duties/{second}")
        assert "行えません" in await chief.open(f"/duties/{second}/send", status=409)


async def test_the_same_question_about_another_circular_is_another(office: House) -> None:
    circulars, asked = office.minaoshi.circulars, []
    for one in (own(office, "circular:spoken"), own(office, "circular:spoken-anew")):
        await circulars.open(one, circular(), as_=TEAM)
        question = as_json(asked_by="見本町", question="共用の端末も含みますか。")
        asked.append((one, (await circulars.ask(one, question, as_=TEAM)).duty_id))
        with pytest.raises(ActRefusedError):
            await circulars.ask(one, question, as_=TEAM)
    below = {one: await office.minaoshi.duties.below(one, as_=TEAM) for one, _ in asked}
    assert {one: [each.duty_id for each in found] for one, found in below.items()} == {
        one: [answer] for one, answer in asked
    }
