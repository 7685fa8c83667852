"""席を離れる: a session ends by itself, only what a person does keeps it, and no answer is left in the browser."""

from __future__ import annotations

import re

import pytest

from client.minaoshi import Minaoshi
from client.sessions import ABSOLUTE, IDLE
from schemas.records import AuditAction
from tests.house import CHIEF, MANAGER, TEAM
from tests.waiting import open_reviews
from tests.web.one_machine import Machine, machine
from web.application import build_application

__all__ = ["machine"]

MINUTES = int(IDLE.total_seconds() / 60)
PLACES = {"slug": "change", "number": "1", "assessment": "one", "form": "basic_items", "act": "find", "entry": "0"}


async def ended(machine: Machine) -> bool:
    answer = await machine.browser.web.get("/deadlines")
    return answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")


async def test_a_session_ends_when_nobody_does_anything(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    for _ in range(3):
        machine.clock.on(minutes=MINUTES - 1)
        assert not await ended(machine)
    machine.clock.on(minutes=MINUTES, seconds=1)
    assert "操作がないまま時間がたったため、サインアウトしました" in await machine.browser.open("/deadlines")
    assert await ended(machine)
    [entry] = await machine.trail(AuditAction.SIGNED_OUT)
    assert entry.actor == MANAGER
    machine.clock.on(minutes=-10)
    assert await ended(machine)
    assert len(await machine.trail(AuditAction.SIGNED_OUT)) == 1


async def test_a_session_ends_after_twelve_hours_whatever_is_done(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    page = await machine.browser.open("/")
    for _ in range(int(ABSOLUTE.total_seconds() / 600)):
        assert not await ended(machine)
        machine.clock.on(minutes=10)
    told = await machine.asked(page)
    assert (told["left"], told["final"]) == (0, True)
    machine.clock.on(seconds=1)
    assert await ended(machine)
    assert await machine.asked(page) == {"state": "absolute"}
    assert "サインインしてから長い時間がたったため" in await machine.browser.open("/")


async def test_what_a_page_asks_by_itself_keeps_no_session_alive(machine: Machine) -> None:
    [review] = await open_reviews((machine.minaoshi, machine.register), ["one"])
    await machine.browser.sign_in(MANAGER)
    page = await machine.browser.open(f"/reviews/{review}")
    for minute in range(1, MINUTES):
        machine.clock.on(minutes=1)
        assert (await machine.browser.web.get(f"/reviews/{review}/state")).status_code == 200
        assert (await machine.browser.web.get("/waiting/none/state")).status_code == 404
        assert (await machine.browser.web.get("/waiting/none")).status_code == 404
        assert (await machine.browser.web.get(f"/reviews/{review}", headers={"x-by-itself": "yes"})).status_code == 200
        assert (await machine.browser.web.get("/nowhere")).status_code == 404
        assert (await machine.asked(page))["left"] == (MINUTES - minute) * 60
    machine.clock.on(minutes=1, seconds=1)
    assert await machine.asked(page) == {"state": "idle"}
    assert await ended(machine)


async def test_what_a_person_does_on_a_page_keeps_the_session_alive(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    page = await machine.browser.open("/report/change")
    for _ in range(3):
        machine.clock.on(minutes=MINUTES - 2)
        told = await machine.asked(page)
        assert told == {"state": "open", "left": 120, "warning": 120, "final": False}
        assert (await machine.asked(page, seen="yes"))["left"] == MINUTES * 60
    assert not await ended(machine)


async def test_a_page_is_told_whether_it_is_still_its_persons(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    page = await machine.browser.open("/")
    await machine.browser.sign_in(MANAGER)
    assert (await machine.asked(page))["state"] == "open"
    await machine.browser.sign_in(CHIEF)
    machine.clock.on(minutes=5)
    assert await machine.asked(page, seen="yes") == {"state": "other"}
    assert (await machine.asked(await machine.browser.open("/deadlines", status=200)))["state"] == "open"
    assert (await machine.browser.web.post("/session", data={})).json() == {"state": "other"}
    machine.browser.web.cookies.clear()
    assert await machine.asked(page) == {"state": "out"}


async def test_signing_out_everywhere_ends_this_session_and_is_noted_once(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    await machine.minaoshi.sessions.end_all(MANAGER)
    assert await ended(machine)
    assert "サインアウトしました" not in await machine.browser.open("/")
    assert len(await machine.trail(AuditAction.SIGNED_OUT)) == 1


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("idle", "操作がないまま時間がたったため、サインアウトしました。"),
        ("other", "ほかの人がサインインしたため"),
        ("unsent", "まだ何も記録していません"),
    ],
)
async def test_the_sign_in_says_how_the_session_came_to_its_end(machine: Machine, why: str, words: str) -> None:
    page = await machine.browser.open(f"/sign-in?ended={why}&kept=yes")
    assert words in page
    assert "本人がサインインし直すと" in page
    assert "預かれなかった内容があります" in await machine.browser.open(f"/sign-in?ended={why}&kept=no")
    assert "本人がサインインし直すと" not in await machine.browser.open(f"/sign-in?ended={why}")
    assert "サインアウトしました" not in await machine.browser.open("/sign-in?ended=<b>")


def addresses(minaoshi: Minaoshi, method: str) -> list[str]:
    """Give an address of each route, with something in its places."""
    paths = build_application(minaoshi).openapi()["paths"]
    routes = [path for path, verbs in paths.items() if method in verbs]
    return [re.sub(r"\{(\w+)\}", lambda found: PLACES.get(found[1], "nothing"), route) for route in routes]


async def test_every_page_shows_who_is_signed_in_and_none_stays_in_the_browser(machine: Machine) -> None:
    await open_reviews((machine.minaoshi, machine.register), ["one"])
    await machine.browser.sign_in(TEAM)
    seen = 0
    for address in [*addresses(machine.minaoshi, "get"), "/nowhere", "/reviews/one/1"]:
        answer = await machine.browser.web.get(address)
        assert answer.headers["cache-control"] == "no-store", address
        if answer.status_code != 303 and answer.headers["content-type"].startswith("text/html"):
            assert "<strong>見本 参事官</strong>" in answer.text, address
            assert "分たつと、サインアウトします" in answer.text, address
            seen += 1
    assert seen > 40
    answer = await machine.browser.web.post("/nowhere")
    assert "<strong>見本 参事官</strong>" in answer.text
    answer = await machine.browser.web.post("/settings", headers={"sec-fetch-site": "cross-site"})
    assert (answer.status_code, answer.headers["cache-control"]) == (403, "no-store")
    assert "<strong>見本 参事官</strong>" in answer.text
    assert "cache-control" not in (await machine.browser.web.get("/static/page.css")).headers
