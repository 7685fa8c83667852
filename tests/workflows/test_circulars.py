"""事務連絡の発出: each recipient one letter to the reader's eye, none forgotten, whatever fails; bounded histories."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

import activities.circulars
from client.circular_sending import sending_workflow_id
from client.errors import InvalidInputError, NotFoundError
from engine.server import EmbeddedServer
from guideline.circulars import FIRST
from schemas.duties import DutyStatus
from settings import Settings
from tests.house import CHIEF, TEAM, House, as_json, open_house, today
from tests.notices.post_office import PostOffice, posting
from tests.workflows.circular_samples import MUNICIPALITIES, circular, recipient, table, token_in
from tests.workflows.duty_samples import following, own
from tests.workflows.in_clear import history_of, text_of
from tests.workflows.planning import EVIDENCE
from tests.workflows.runs import runs_of
from tests.workflows.sandbox import SANDBOX
from tests.workflows.skipping import PATIENCE_S, skipping_environment, skipping_house
from tests.workflows.test_killed import mortal_house
from workflows.circular import PAGES_A_RUN

REFUSED_FOR_GOOD = {f"city{number}@example.lg.jp" for number in (13, 200, 1700)}
SLOW = 120
"""どれだけ待つか: 1,741 letters on a busy machine; a killed worker is missed after some seconds."""


class FlakyOffice(PostOffice):
    """A post office that fails: it refuses some at first and some for good, and cuts the line after some letters."""

    def __init__(self) -> None:
        super().__init__()
        self.cut: set[str] = set()

    async def handle_RCPT(  # noqa: N802 # aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in REFUSED_FOR_GOOD:
            return "550 no such user"
        if _number(address) % 50 == 7 and address not in self.refused:
            self.refused[address] = "once"
            return "451 try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 # as above
        answer = await super().handle_DATA(server, _session, envelope)
        [address] = envelope.rcpt_tos
        if _number(address) % 100 == 42 and address not in self.cut:
            self.cut.add(address)
            # The letter is taken, and whoever sent it never learns that.
            server.transport.abort()
        return answer


def _number(address: str) -> int:
    name = address.removeprefix("city").partition("@")[0]
    return int(name) if name.isdecimal() else 0


async def sent(house: House, one: str, round_: str = FIRST) -> Any:
    return await house.temporal.get_workflow_handle(sending_workflow_id(one, round_)).result()


@pytest.mark.whole
async def test_municipalities_each_have_one_letter_though_mails_fail_and_the_worker_is_killed(
    settings: Settings, tmp_path: Path
) -> None:
    async with (
        FlakyOffice() as office,
        mortal_house(posting(settings, office), tmp_path / "house") as (house, _, process),
    ):
        one, circulars = "circular:logout", house.minaoshi.circulars
        await circulars.open(one, circular(), as_=TEAM)
        imported = await circulars.import_recipients(one, table(MUNICIPALITIES, encoding="cp932"), as_=TEAM)
        assert (imported.encoding, imported.number) == ("Shift_JIS", MUNICIPALITIES)
        await circulars.send(one, as_=TEAM)
        async with asyncio.timeout(SLOW):
            while len(office.letters) < MUNICIPALITIES // 3:  # noqa: ASYNC110 # nobody tells
                await asyncio.sleep(0.02)
        await process.kill()
        await process.start()
        async with asyncio.timeout(SLOW):
            end = await sent(house, one)
        assert (end["given_up"], end["sweeps"]) == (0, 2)
        ids = defaultdict(list)
        for letter in office.letters:
            if recipient(letter).endswith("@example.lg.jp"):
                ids[recipient(letter)].append(str(letter["Message-ID"]))
        everybody = {f"city{number}@example.lg.jp" for number in range(MUNICIPALITIES)}
        assert set(ids) == everybody - REFUSED_FOR_GOOD
        # A reader's mail program shows one message of each number: whoever has several letters has one notice.
        assert {len(set(found)) for found in ids.values()} == {1}
        assert len({found[0] for found in ids.values()}) == len(ids)
        assert len(office.cut) == len(range(42, MUNICIPALITIES, 100))
        assert all(len(ids[address]) > 1 for address in office.cut)
        assert len([address for address in office.refused if address in ids]) == len(range(7, MUNICIPALITIES, 50))
        lengths = (await runs_of(house.temporal, sending_workflow_id(one, FIRST))).values()
        assert max(lengths) < 10 * PAGES_A_RUN, lengths
        assert len((await following(house, one).fetch_history()).events) < 50
        whole = (await circulars.coverage(one, as_=TEAM)).whole
        given_up = len(REFUSED_FOR_GOOD)
        assert (whole.total, whole.delivered, whole.failed) == (MUNICIPALITIES, MUNICIPALITIES - given_up, given_up)
        unreached = await circulars.unreached(one, as_=TEAM)
        assert {row.row.mail for row in unreached} == REFUSED_FOR_GOOD
        assert all(row.letter is not None and "550" in (row.letter.failure or "") for row in unreached)
        assert (await house.minaoshi.verify_audit()).problems == ()


@pytest.fixture
async def house(
    server: EmbeddedServer, client_connection: Client, office: PostOffice, tmp_path: Path
) -> AsyncIterator[House]:
    async with open_house(client_connection, posting(server.settings, office), tmp_path, runner=SANDBOX) as found:
        await found.furnish()
        yield found


async def test_a_round_of_many_goes_on_in_bounded_runs(house: House, office: PostOffice, monkeypatch: Any) -> None:
    monkeypatch.setattr(activities.circulars, "PAGE", 2)
    async with house.worker():
        one, circulars = own(house, "circular:long"), house.minaoshi.circulars
        await circulars.open(one, circular(), as_=TEAM)
        await circulars.import_recipients(one, table(120), as_=TEAM)
        await circulars.send(one, as_=TEAM)
        assert await sent(house, one) == {"given_up": 0, "sweeps": 1}
        lengths = (await runs_of(house.temporal, sending_workflow_id(one, FIRST))).values()
        assert len(lengths) == 3
        assert max(lengths) < 10 * PAGES_A_RUN
        assert len({recipient(letter) for letter in office.letters if "事務連絡" in str(letter["Subject"])}) >= 120


async def test_the_engine_keeps_no_name_address_or_token_in_clear(house: House, office: PostOffice) -> None:
    office.refused["city1@example.lg.jp"] = "550 city1@example.lg.jp is unknown"
    async with house.worker():
        one, circulars = own(house, "circular:secret"), house.minaoshi.circulars
        await circulars.open(one, circular(), as_=TEAM)
        await circulars.import_recipients(one, table(3), as_=TEAM)
        await circulars.send(one, as_=TEAM)
        await sent(house, one)
        token = token_in(next(letter for letter in office.letters if "事務連絡" in str(letter["Subject"])))
        await house.minaoshi.acknowledging.acknowledge(token, member="010101")
        handles = following(house, one), house.temporal.get_workflow_handle(sending_workflow_id(one, FIRST))
        kept = [event.SerializeToString() for each in handles for event in (await each.fetch_history()).events]
        readable = [text_of(await history_of(house, each.id)) for each in handles]
    assert any("city0@example.lg.jp" in one for one in readable), "what is looked for is there, encrypted"
    for words in ("example.lg.jp", "北海道第0市", "ログアウト", token):
        assert not any(words.encode() in one for one in kept), words


async def test_what_is_given_up_goes_out_when_it_is_sent_again(house: House, office: PostOffice) -> None:
    office.refused["city1@example.lg.jp"] = "550 no such user"
    async with house.worker():
        one, circulars = own(house, "circular:again"), house.minaoshi.circulars
        await circulars.open(one, circular(), as_=TEAM)
        await circulars.import_recipients(one, table(3), as_=TEAM)
        await circulars.send(one, as_=TEAM)
        await sent(house, one)
        (unreached,) = await circulars.unreached(one, as_=TEAM)
        assert unreached.row.member == "020101"
        del office.refused["city1@example.lg.jp"]
        await circulars.send(one, as_=TEAM)
        await sent(house, one)
        assert await circulars.unreached(one, as_=TEAM) == ()
        rows = await circulars.letters(one, as_=TEAM)
        assert [row.letter.rounds if row.letter else 0 for row in rows] == [1, 1, 1]


async def test_a_circular_that_is_over_sends_nothing_more(house: House, office: PostOffice) -> None:
    async with house.worker():
        one, minaoshi = own(house, "circular:over"), house.minaoshi
        await minaoshi.circulars.open(one, circular(), as_=TEAM)
        await minaoshi.circulars.import_recipients(one, table(2), as_=TEAM)
        await minaoshi.circulars.send(one, as_=TEAM)
        await sent(house, one)
        token = token_in(next(letter for letter in office.letters if "事務連絡" in str(letter["Subject"])))
        members = as_json(members=["010101", "020101"], completed_on=today().isoformat())
        await minaoshi.duties.complete(one, members, as_=TEAM)
        with pytest.raises(InvalidInputError, match="送る宛先がありません"):
            await minaoshi.circulars.remind(one, as_=TEAM)
        await minaoshi.duties.hand_in(one, as_json(text="終えた。", evidence=EVIDENCE), as_=TEAM)
        assert (await minaoshi.duties.confirm(one, as_=CHIEF)).status is DutyStatus.CLOSED
        invited = await minaoshi.acknowledging.invitation(token)
        assert (invited.is_acknowledged, invited.may_acknowledge) == (True, False)
        with pytest.raises(NotFoundError, match="使えません"):
            await minaoshi.acknowledging.invitation("nothing")
        with pytest.raises(NotFoundError, match="保存されていません"):
            await minaoshi.acknowledging.document(token)


async def test_the_clock_of_a_circular_reminds_whoever_has_not_acknowledged(
    server: EmbeddedServer, office: PostOffice, tmp_path: Path
) -> None:
    async with (
        skipping_environment() as environment,
        skipping_house(environment, posting(server.settings, office), tmp_path) as skipping,
    ):
        house, one = skipping.house, own(skipping.house, "circular:clock")
        await house.minaoshi.circulars.open(one, circular(), as_=TEAM)
        await house.minaoshi.circulars.import_recipients(one, table(2), as_=TEAM)
        done = as_json(members=["010101"], completed_on=today().isoformat())
        await house.minaoshi.duties.complete(one, done, as_=TEAM)
        await environment.fast_forward(following(house, one), timedelta(days=70))
        async with asyncio.timeout(PATIENCE_S):
            while sum("再送" in str(letter["Subject"]) for letter in office.letters) < 2:  # noqa: ASYNC110 # nobody tells
                await asyncio.sleep(0.05)
        reminders = [letter for letter in office.letters if "再送" in str(letter["Subject"])]
        assert {recipient(letter) for letter in reminders} == {"city1@example.lg.jp"}
        assert len({str(letter["Message-ID"]) for letter in reminders}) == 2
