"""人々 (crowd): several people at their browsers on one house in which something stands on every page."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from temporalio.client import Client

from engine.server import EmbeddedServer
from tests.browser.scene import Scene, set_scene
from tests.house import AUDITOR, CHIEF, DRAFTER, MANAGER, TEAM, House, working_house
from tests.web.asking import Answered, Asked, ask, asked_in, operations
from tests.web.conftest import Browser, browsers_on
from tests.web.duties_there import put_duties_there
from tests.web.fuzzing import Ground
from tests.web.walking import forms_in, walk
from web.rate import Limit, Tries

OFTEN = Limit(at_once=100_000, then_every_s=0.1)
"""They are signed out by what they send, and sign in again."""

FORMS_OF_DUTIES = {
    TEAM: (
        "/duties/{duty}/acts/progress",
        "/duties/{circular}/recipients",
        "/duties/{circular}/send",
        "/duties/{circular}/remind",
        "/duties/{circular}/questions/new",
        "/duties/{training}/roll/import",
        "/duties/{training}/completions/import",
        "/guidance/{guidance}/acts/measure",
        "/guidance/enter",
        "/rules/new",
        "/duties/new/training",
        "/acknowledge/{token}",
    ),
    AUDITOR: ("/duties/{audit}/plan", "/duties/new/audit", "/duties/audit-plan", "/duties/{audited}"),
    DRAFTER: ("/duties/{log}", "/duties/{log}/anomalies/1", "/duties/{log}/months"),
    "desk": ("/duties/{training}/mine", "/duties/{publicity}/read"),
}
"""義務の様式: who opens it where it is shown."""

PEOPLE = (TEAM, MANAGER, DRAFTER, CHIEF, AUDITOR, "desk")


@dataclass
class Person:
    """送る者: a browser that is signed in, and how its forms are told to be its own."""

    browser: Browser
    name: str
    cookie: bytes = b""
    token: str = ""

    async def sign_in(self) -> None:
        await self.browser.sign_in(self.name)
        page = await self.browser.open("/settings")
        found = re.search(r'name="form_token" value="([^"]+)"', page)
        assert found, page
        self.token = found[1]
        self.cookie = "; ".join(f"{name}={value}" for name, value in self.browser.web.cookies.items()).encode()

    def sends(self, asked: Asked) -> Asked:
        """Put in what the person's browser would send along."""
        own = any(name == b"cookie" for name, _ in asked.headers)
        headers = asked.headers if own else (*asked.headers, (b"cookie", self.cookie))
        return replace(asked, headers=headers, body=asked.body.replace(b"TOKEN", self.token.encode()))


@dataclass
class Crowd:
    """人々: the people, the application that they share, and what they could see of it."""

    application: FastAPI
    people: list[Person]
    ground: Ground
    pages: dict[str, str]
    house: House

    def person(self, name: str) -> Person:
        return next(one for one in self.people if one.name == name)

    def address_of(self, template: str) -> str:
        """Give an address of a route at which there is something."""
        shown = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)))
        known = next((one for one in self.ground.forms if shown.fullmatch(one)), template)
        return re.sub(r"{(\w+)}", lambda name: quote([*self.ground.numbers.get(name[1], ()), "1"][0]), known)

    def addresses_of(self, template: str) -> list[str]:
        """Give an address of a route for each duty, where it is about one."""
        duties = self.ground.numbers["duty_id"] if "{duty_id}" in template else [""]
        return [self.address_of(template.replace("{duty_id}", quote(one))) for one in duties]

    def fields_of(self, template: str) -> dict[str, str]:
        """Give what the form at that address sends, as it was shown."""
        return dict(self.ground.forms.get(self.address_of(template), {}))

    async def send(self, person: Person, asked: Asked) -> tuple[Asked, Answered]:
        """Send a request from the browser of a person; who was signed out by it signs in again."""
        sent = person.sends(asked)
        answer = await ask(self.application, sent)
        if any(one.startswith("minaoshi=") for one in answer.cookies) or answer.status == 401:
            await person.sign_in()
        return sent, answer


@pytest.fixture(scope="module")
async def crowd(
    client_connection: Client, server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Crowd]:
    async with (
        working_house(client_connection, server.settings, tmp_path_factory.mktemp("fuzz")) as house,
        browsers_on(house.minaoshi) as make,
    ):
        scene = await set_scene(house, name=f"crowd-{uuid.uuid4().hex[:8]}")
        things = await put_duties_there(house, owner=DRAFTER, on_the_roll={"desk": "account-registration"})
        people = [Person(make(), name) for name in PEOPLE]
        application = application_of(people[0].browser)
        application.state.tries = Tries(per_address=OFTEN, per_person=OFTEN)
        for one in people:
            await one.sign_in()
        pages = await seen_by(people, scene, things)
        yield Crowd(application, people, ground_of(scene, things, pages, application), pages, house)


async def seen_by(people: list[Person], scene: Scene, things: dict[str, str]) -> dict[str, str]:
    """Look at the pages; give what stands on them by their address."""
    pages: dict[str, str] = {}
    for one in people:
        starts = [shown.address for shown in scene.pages() if shown.person == one.name]
        pages |= await walk(one.browser, starts, at_most=40)
        pages |= await walk(one.browser, [at.format(**things) for at in FORMS_OF_DUTIES.get(one.name, ())], at_most=20)
    return pages


def ground_of(scene: Scene, things: dict[str, str], pages: dict[str, str], application: FastAPI) -> Ground:
    """Give what is sent by who means well."""
    duties = [things[name] for name in ("training", "circular", "audit", "audited", "log", "publicity", "duty")]
    reviews = (scene.examined, scene.drafting, scene.drafted, scene.procedure)
    assessments = [one.rpartition("/")[0] for one in reviews]
    numbers = {
        "assessment": assessments,
        "assessment_id": assessments,
        "event_id": [scene.event],
        "report_id": [scene.event],
        "number": ["1"],
        "form": ["basic_items"],
        "section": ["risk_measures", "related_information", "withheld"],
        "entry": ["0"],
        "act": [address.rpartition("/")[2] for address in pages if "/acts/" in address],
        "slug": [address.rpartition("/")[2] for address in pages if re.fullmatch("/(explain|report)/[a-z-]+", address)],
        "department_id": ["account-registration"],
        "duty_id": duties,
        "guidance_id": [things["guidance"]],
        "token": [things["token"]],
        "kind": ["measure", "training", "circular", "audit", "log_analysis"],
        "any": [
            *(*reviews, *assessments, scene.event, *duties, *PEOPLE),
            *("account-registration", "digital-agency", "all", "amend"),
        ],
    }
    return Ground(
        operations(application),
        numbers,
        asked_in(application, forms_in(pages, method="GET")),
        forms_in(pages, method="POST"),
    )


def application_of(browser: Browser) -> FastAPI:
    found = browser.web._transport.app  # type: ignore[attr-defined]  # noqa: SLF001 # a transport on an application
    assert isinstance(found, FastAPI)
    return found
