"""サインインを盗む: what is planted is not used, what is stolen dies, and what was captured does nothing elsewhere."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from temporalio.client import Client

from client.minaoshi import Minaoshi
from client.sessions import ABSOLUTE, IDLE
from register.metadata import metadata
from tests.guideline.test_signatures import Sworn
from tests.house import MANAGER, TEAM, House
from tests.new_register import register_url_in
from tests.tampering import administering
from tests.waiting import open_desk
from tests.web.conftest import Browser, browsers_on, carried_by
from web.signed_in import COOKIE

SECOND = timedelta(seconds=1)


@dataclass
class Clock:
    """時計: it stands until it is moved."""

    at: datetime = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Hall:
    """広間: browsers on one desk whose clock is ours."""

    minaoshi: Minaoshi
    clock: Clock
    folder: Path
    make: Callable[[], Browser]

    async def signed_in(self, person: str = MANAGER) -> tuple[Browser, str]:
        """Sign in, and give the browser with its token."""
        browser = await self.make().sign_in(person)
        return browser, browser.web.cookies[COOKIE]

    async def opens(self, token: str, address: str = "/settings") -> bool:
        """Say whether a token that somebody else's browser sends opens anything."""
        answer = await self.make().web.get(address, headers={"cookie": f"{COOKIE}={token}"})
        assert answer.status_code in (200, 303)
        return answer.status_code == 200


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with open_desk(tmp_path) as (_, register):

        async def no_engine() -> Client:
            raise AssertionError("nothing here needs the engine")

        clock = Clock()
        minaoshi = Minaoshi(register, no_engine, task_queue="none", signatures=Sworn(), now=clock)
        async with browsers_on(minaoshi) as make:
            yield Hall(minaoshi, clock, tmp_path, make)


async def form_token(browser: Browser) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', await browser.open("/settings"))
    assert found
    return found[1]


async def test_what_was_planted_before_the_sign_in_is_not_used_after_it(hall: Hall) -> None:
    victim = hall.make()
    victim.web.cookies.set(COOKIE, "planted", domain="127.0.0.1")
    await victim.sign_in(MANAGER)
    assert not await hall.opens("planted")
    assert "planted" not in [one.value for one in victim.web.cookies.jar]


async def test_a_planted_session_of_another_ends_when_the_victim_signs_in(hall: Hall) -> None:
    """The attacker signed in as himself, and hoped that the victim would go on in that session."""
    _, planted = await hall.signed_in("desk")
    answer = await hall.make().web.post("/sign-in", data={"person": MANAGER}, headers={"cookie": f"{COOKIE}={planted}"})
    token = answer.cookies[COOKIE]
    assert token != planted
    assert not await hall.opens(planted)
    assert await hall.opens(token)


async def test_each_sign_in_has_a_token_and_a_form_token_of_its_own(hall: Hall) -> None:
    browser, first = await hall.signed_in()
    before = await form_token(browser)
    await browser.sign_in(MANAGER)
    assert browser.web.cookies[COOKIE] != first
    assert await form_token(browser) != before
    assert not await hall.opens(first)
    assert min(len(first), len(before)) >= 43  # 256 bits


async def test_a_stolen_token_dies_with_the_sign_out(hall: Hall) -> None:
    browser, stolen = await hall.signed_in()
    assert await hall.opens(stolen)
    await browser.web.post("/sign-out", data={"form_token": await form_token(browser)})
    assert not await hall.opens(stolen)


async def test_all_stolen_tokens_die_with_the_sign_out_everywhere(hall: Hall) -> None:
    (browser, first), (_, second), (_, of_another) = [
        await hall.signed_in(person) for person in (MANAGER, MANAGER, "desk")
    ]
    await browser.web.post("/settings/sign-out-everywhere", data={"form_token": await form_token(browser)})
    assert [await hall.opens(one) for one in (first, second, of_another)] == [False, False, True]


async def test_a_stolen_token_dies_when_nobody_uses_it(hall: Hall) -> None:
    _, stolen = await hall.signed_in()
    hall.clock.at += IDLE + SECOND
    assert not await hall.opens(stolen)


async def test_a_stolen_token_dies_though_it_is_used_all_the_time(hall: Hall) -> None:
    _, stolen = await hall.signed_in()
    until = hall.clock.at + ABSOLUTE
    while hall.clock.at + IDLE < until:
        hall.clock.at += IDLE
        assert await hall.opens(stolen)
    hall.clock.at = until + SECOND
    assert not await hall.opens(stolen)


async def test_the_register_has_the_token_nowhere(hall: Hall) -> None:
    _, token = await hall.signed_in()
    with administering(register_url_in(hall.folder)) as engine, engine.connect() as connection:
        rows = {name: str(connection.execute(select(table)).all()) for name, table in metadata.tables.items()}
    # On SQLite also what stands in the file and in no row.
    kept = [*rows.values(), *(one.read_bytes().decode("latin-1") for one in hall.folder.iterdir())]
    assert MANAGER in rows["sessions"]
    assert not any(token in one for one in kept)


async def test_the_cookie_is_for_this_host_and_no_script(hall: Hall) -> None:
    answer = await hall.make().web.post("/sign-in", data={"person": MANAGER})
    [cookie] = [one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{COOKIE}=")]
    attributes = {one.strip().lower() for one in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= attributes
    assert not any(one.startswith("domain") for one in attributes)


async def test_a_token_is_taken_from_its_cookie_alone(hall: Hall) -> None:
    _, token = await hall.signed_in()
    someone = hall.make().web
    answers = [
        await someone.get("/settings", params={COOKIE: token, "token": token}),
        await someone.get("/settings", headers={"authorization": f"Bearer {token}"}),
        await someone.get(f"/settings;{COOKIE}={token}"),
        await someone.post("/settings", data={COOKIE: token, "form_token": token}),
    ]
    assert [one.status_code for one in answers] == [303, 303, 404, 401]
    assert not any(token in one.text for one in answers)


async def test_a_person_at_two_browsers_has_two_sessions_whose_forms_differ(hall: Hall) -> None:
    (first, one), (second, other) = [await hall.signed_in() for _ in range(2)]
    assert one != other
    answer = await second.web.post("/sign-out", data={"form_token": await form_token(first)})
    assert answer.status_code == 409
    await first.web.post("/sign-out", data={"form_token": await form_token(first)})
    assert [await hall.opens(token) for token in (one, other)] == [False, True]


async def test_two_sign_ins_of_one_browser_at_the_same_moment_end_the_session_before(hall: Hall) -> None:
    browser, before = await hall.signed_in()
    answers = await asyncio.gather(
        *(browser.web.post("/sign-in", data={"person": person}) for person in (MANAGER, "desk"))
    )
    tokens = [one.cookies[COOKIE] for one in answers]
    assert len({before, *tokens}) == 3
    assert [await hall.opens(one) for one in (before, *tokens)] == [False, True, True]
    assert browser.web.cookies[COOKIE] in tokens


REASON = "窓口の受付簿と照らした。"


async def test_a_captured_form_does_nothing_in_another_s_session_nor_a_second_time(house: House) -> None:
    review_id = await house.report_change()
    door = f"/reviews/{review_id}/acts/find"
    async with browsers_on(house.minaoshi) as make:
        manager, team = await make().sign_in(MANAGER), await make().sign_in(TEAM)
        captured = {**carried_by(await manager.open(door)), "course": "amend", "reason": REASON}
        assert (await team.web.post(door, data=captured)).status_code == 409
        answer = await make().web.post(door, data=captured)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?ended=unsent&kept=yes")
        assert (await house.show(review_id)).findings == ()

        for _ in range(2):
            assert (await manager.web.post(door, data=captured)).status_code == 303
        found = (await house.show(review_id)).findings
        assert [one.reason for one in found] == [REASON]

        own = carried_by(await team.open(door))["form_token"]
        answer = await team.web.post(door, data={**captured, "form_token": own})
        assert answer.status_code == 422
        assert "行為番号" in answer.text
        assert (await house.show(review_id)).findings == found

        await manager.web.post("/sign-out", data={"form_token": captured["form_token"]})
        assert (await manager.web.post(door, data=captured)).headers["location"] == "/sign-in?ended=unsent&kept=yes"
        await manager.sign_in(MANAGER)
        assert (await manager.web.post(door, data={**captured, "act_id": ""})).status_code == 409
        assert (await house.show(review_id)).findings == found


async def test_a_form_captured_for_one_review_does_nothing_at_another(house: House) -> None:
    first = await house.report_change()
    await house.add_assessment("other")
    second = await house.report_change(assessments=["other"])
    async with browsers_on(house.minaoshi) as make:
        manager = await make().sign_in(MANAGER)
        page = await manager.open(f"/reviews/{first}/acts/find")
        captured = {**carried_by(page), "course": "amend", "reason": REASON}
        assert (await manager.web.post(f"/reviews/{first}/acts/find", data=captured)).status_code == 303
        answer = await manager.web.post(f"/reviews/{second}/acts/find", data=captured)
        assert answer.status_code == 422
        assert "行為番号" in answer.text
        assert [len((await house.show(one)).findings) for one in (first, second)] == [1, 0]
