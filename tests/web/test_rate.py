"""試みの上限: who tries too often waits, and is told how long; nobody else waits, and little is remembered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI

from client.minaoshi import Minaoshi
from tests.house import MANAGER
from tests.waiting import open_desk
from tests.web.asking import Answered, Asked, ask, faults_of
from web.application import build_application
from web.rate import PER_ADDRESS, PER_PERSON, Limit, TooManyTriesError, Tries


@dataclass
class Clock:
    """時計: it stands until it is moved."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tries(clock: Clock) -> Tries:
    return Tries(per_address=Limit(3, 10.0), per_person=Limit(2, 60.0), now=clock, most_kept=100)


def wait_of(tries: Tries, address: str) -> float:
    """Give how long that address has to wait; 0 where it need not, and one try is counted then."""
    try:
        tries.count_from(address)
    except TooManyTriesError as error:
        return error.wait_s
    return 0.0


def test_so_many_at_once_and_then_one_after_another(tries: Tries, clock: Clock) -> None:
    assert [wait_of(tries, "192.0.2.1") for _ in range(5)] == [0, 0, 0, 10, 10]
    clock.at += 9.5
    assert wait_of(tries, "192.0.2.1") == pytest.approx(0.5)
    clock.at += 0.5
    assert [wait_of(tries, "192.0.2.1") for _ in range(2)] == [0, 10]
    clock.at += 1000
    assert [wait_of(tries, "192.0.2.1") for _ in range(4)] == [0, 0, 0, 10]


def test_nobody_waits_for_another(tries: Tries) -> None:
    assert [wait_of(tries, "192.0.2.1") for _ in range(4)][-1] == 10
    assert wait_of(tries, "192.0.2.2") == 0
    tries.count_for("192.0.2.1")


def test_who_has_many_addresses_of_one_network_has_one(tries: Tries) -> None:
    assert [wait_of(tries, f"2001:db8:0:1:{one}::1") for one in range(4)] == [0, 0, 0, 10]
    assert wait_of(tries, "2001:db8:0:2::1") == 0
    assert [wait_of(tries, one) for one in ("::ffff:192.0.2.9", "192.0.2.9", "192.0.2.9", "192.0.2.9")][-1] == 10


@pytest.mark.parametrize("address", ["", "unix", "unknown", "256.1.1.1", "fe80::1%eth0"])
def test_what_is_no_address_is_counted_as_it_is(tries: Tries, address: str) -> None:
    assert [wait_of(tries, address) for _ in range(4)] == [0, 0, 0, 10]


def test_little_is_remembered_and_who_tries_now_longest(tries: Tries) -> None:
    for _ in range(3):
        wait_of(tries, "192.0.2.1")
    for number in range(5000):
        tries.count_for(f"person-{number}")
        assert len(tries) <= 100
    assert wait_of(tries, "192.0.2.1") == 0
    for _ in range(2):
        tries.count_for("一" * 100_000)
    with pytest.raises(TooManyTriesError):
        tries.count_for("一" * 200_000)


@pytest.fixture(scope="module")
async def minaoshi(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Minaoshi]:
    async with open_desk(tmp_path_factory.mktemp("rate")) as (found, _):
        yield found


@pytest.fixture
def application(minaoshi: Minaoshi, tries: Tries) -> FastAPI:
    built = build_application(minaoshi)
    built.state.tries = tries
    return built


async def sign_in(application: FastAPI, person: str, *, address: str) -> Answered:
    form = (b"content-type", b"application/x-www-form-urlencoded")
    asked = Asked("POST", b"/sign-in", headers=(form,), body=b"person=" + person.encode())
    return await ask(application, asked, client=address)


async def test_who_tries_too_often_from_one_place_is_told_when_to_try_again(application: FastAPI, clock: Clock) -> None:
    tried = [(await sign_in(application, f"nobody-{one}", address="192.0.2.1")).status for one in range(4)]
    assert tried == [404, 404, 404, 429]
    told = await sign_in(application, MANAGER, address="192.0.2.1")
    assert "<h1>試みが多すぎます。</h1>" in told.text
    assert "10秒後（令和" in told.text
    assert told.headers["retry-after"] == "10"
    assert faults_of(told) == []
    assert told.cookies == ()
    assert (await sign_in(application, MANAGER, address="192.0.2.2")).status == 303
    clock.at += 10
    assert (await sign_in(application, MANAGER, address="192.0.2.1")).status == 303


async def test_who_guesses_links_waits_and_nobody_else(application: FastAPI, clock: Clock) -> None:
    def link(number: int) -> Asked:
        return Asked("GET", f"/acknowledge/guess-{number}".encode())

    tried = [(await ask(application, link(number), client="192.0.2.1")).status for number in range(4)]
    assert tried == [404, 404, 404, 429]
    form = (b"content-type", b"application/x-www-form-urlencoded")
    posted = Asked("POST", b"/acknowledge/guess-5", headers=(form,), body=b"member=x")
    assert (await ask(application, posted, client="192.0.2.1")).status == 429
    assert (await ask(application, Asked("GET", b"/acknowledge/x/document"), client="192.0.2.1")).status == 429
    assert (await ask(application, link(6), client="192.0.2.2")).status == 404
    clock.at += 10
    assert (await ask(application, link(7), client="192.0.2.1")).status == 404


async def test_one_person_is_not_tried_from_everywhere(application: FastAPI) -> None:
    tried = [(await sign_in(application, MANAGER, address=f"192.0.2.{one}")).status for one in range(3)]
    assert tried == [303, 303, 429]
    assert (await sign_in(application, "desk", address="192.0.2.9")).status == 303


async def test_what_is_tried_too_often_is_not_even_read(application: FastAPI) -> None:
    for _ in range(3):
        await sign_in(application, "nobody", address="192.0.2.1")
    form = (b"content-type", b"multipart/form-data; boundary=x")
    asked = Asked("POST", b"/sign-in", headers=(form,), body=b"--x unreadable")
    assert (await ask(application, asked, client="192.0.2.1")).status == 429


async def test_an_office_in_the_morning_does_not_wait_and_a_guesser_does(minaoshi: Minaoshi) -> None:
    """Five hundred people of one address within ten minutes; whoever tries ten times a second is held to one."""
    clock = Clock()
    tries = Tries(now=clock)
    for number in range(500):
        clock.at += 1.2
        tries.count_from("192.0.2.1")
        tries.count_for(f"person-{number}")
    assert PER_ADDRESS.at_once + 60 / PER_ADDRESS.then_every_s <= 180
    assert PER_PERSON.at_once + 3600 / PER_PERSON.then_every_s <= 130
    assert build_application(minaoshi).state.tries is not build_application(minaoshi).state.tries
