"""二つずつ (two of each): workers and processes of the pages on one PostgreSQL, as past one machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from engine.connection import connect_embedded
from engine.ports import free_port
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from settings import Settings
from tests.cli.terminal import Terminal
from tests.house import AUDITOR, DRAFTER, MANAGER, TEAM, House, open_house
from tests.notices.post_office import PostOffice, posting
from tests.web.conftest import Browser, carried_by
from tests.web.test_reviews import act
from tests.workflows.test_killed import WorkerProcess

pytestmark = pytest.mark.postgres

REVIEWS = 12
PATIENCE_S = 60


@dataclass
class Installation:
    """一式: a house, whose acts go through two processes of the pages to whichever worker takes them."""

    house: House
    workers: list[WorkerProcess]
    pages: list[str]
    office: PostOffice


@asynccontextmanager
async def pages_of(settings: Settings) -> AsyncIterator[str]:
    """Run `minaoshi web` in a process of its own until it answers, and to its end; give its address."""
    own = settings.model_copy(update={"web_address": f"127.0.0.1:{free_port()}"})
    process, address = Terminal(own).start("web"), f"http://{own.web_address}"
    async with httpx2.AsyncClient() as asking, asyncio.timeout(PATIENCE_S):
        while True:
            with suppress(httpx2.TransportError):
                await asking.get(f"{address}/sign-in")
                break
            await asyncio.sleep(0.05)
    yield address
    process.terminate()
    said, _ = await asyncio.to_thread(process.communicate)
    assert process.returncode == 0, said.decode()


@pytest.fixture
async def installation(settings: Settings, tmp_path: Path) -> AsyncIterator[Installation]:
    home = tmp_path / "house"
    async with PostOffice() as office, EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES):
        client = await connect_embedded(settings.model_copy(update={"home": home}))
        async with open_house(client, settings, home) as house:
            await house.furnish()
            house.settings = posting(house.settings, office)
            workers = [WorkerProcess(house.settings) for _ in range(2)]
            await asyncio.gather(*(one.start() for one in workers))
            async with pages_of(house.settings) as first, pages_of(house.settings) as second:
                yield Installation(house, workers, [first, second], office)
            for one in workers:
                if not one.is_over:
                    await one.kill()


@asynccontextmanager
async def signed_in(address: str, person: str) -> AsyncIterator[Browser]:
    async with httpx2.AsyncClient(base_url=address, timeout=PATIENCE_S) as web:
        yield await Browser(web).sign_in(person)


@asynccontextmanager
async def at_the_other(browser: Browser, address: str) -> AsyncIterator[Browser]:
    """Take a browser with its cookies to another process of the pages, as a balancer in front would."""
    async with httpx2.AsyncClient(base_url=address, cookies=browser.web.cookies, timeout=PATIENCE_S) as web:
        yield Browser(web)


async def test_many_acts_through_both_are_each_taken_once_though_a_worker_dies(installation: Installation) -> None:
    house, pages = installation.house, installation.pages
    names = [house.assessment_id, *(f"{house.assessment_id}-{number}" for number in range(1, REVIEWS))]
    for name in names[1:]:
        await house.add_assessment(name)
    reviews = [await house.report_change(assessments=[name]) for name in names]

    async def find(browsers: list[Browser], review_id: str) -> None:
        """Send the same form through both at once, as a person does who clicks again while one of them is slow."""
        carried = carried_by(await browsers[0].open(act(review_id, "find")))
        form = {**carried, "course": "amend", "reason": "実態と異なる。"}
        answers = await asyncio.gather(*(one.web.post(act(review_id, "find"), data=form) for one in browsers))
        assert [one.status_code for one in answers] == [303, 303], [one.text for one in answers]

    async with (
        signed_in(pages[0], MANAGER) as manager,
        signed_in(pages[1], TEAM) as team,
        at_the_other(manager, pages[1]) as manager_2,
        at_the_other(team, pages[0]) as team_2,
    ):
        acting = [
            asyncio.ensure_future(find(browsers, review_id))
            for review_id in reviews
            for browsers in ([manager, manager_2], [team, team_2])
        ]
        await asyncio.wait(acting, return_when=asyncio.FIRST_COMPLETED)
        await installation.workers[0].kill()
        await asyncio.gather(*acting)
        await manager_2.web.post("/sign-out", data={"form_token": form_token_of(await manager_2.open("/"))})
        assert (await manager.web.get("/")).status_code == 303, "who signs out at one is signed out at both"
        assert (await team.web.get("/")).status_code == 200

    for review_id in reviews:
        acts = await house.register.acts_of(review_id)
        assert sorted(one.act.actor.person for one in acts) == sorted([DRAFTER, MANAGER, TEAM])
        assert [one.sequence for one in acts] == [1, 2, 3]
    verdict = await house.register.verify_audit()
    assert verdict.problems == ()
    await all_told_once(installation)


def form_token_of(page: str) -> str:
    return page.split('name="form_token" value="')[1].split('"', maxsplit=1)[0]


async def all_told_once(installation: Installation) -> None:
    """Wait until nobody has a letter to come; each came as one to its reader's eye."""
    house = installation.house
    people = (await house.register.current_organisation()).organisation.people
    told = [one for person in people for one in await house.register.notices_for(person.id)]
    by_mail = {one.id for one in people if one.mail is not None}
    expected = [one for one in told if one.person in by_mail]
    async with asyncio.timeout(PATIENCE_S):
        while len(set(installation.office.ids())) < len(expected):  # noqa: ASYNC110 # nobody tells
            await asyncio.sleep(0.1)
    assert expected
    assert len(set(installation.office.ids())) == len(expected)


async def test_what_comes_round_comes_once(installation: Installation) -> None:
    """Both workers have made the schedules as they started; each round of them is one."""
    house = installation.house
    for schedule in ("audit-checkpoint", "duty-round"):
        await house.temporal.get_schedule_handle(schedule).trigger()
    path = house.settings.checkpoints_path
    async with asyncio.timeout(PATIENCE_S):
        while not (path.exists() and await house.register.notices_for(AUDITOR)):  # noqa: ASYNC110 # nobody tells
            await asyncio.sleep(0.1)
    seen = [one async for one in await house.temporal.list_schedules()]
    assert {one.id for one in seen} >= {"audit-checkpoint", "duty-round"}
    assert len(path.read_text("utf-8").splitlines()) == 1  # a line
    assert len(await house.register.notices_for(AUDITOR)) == 1
