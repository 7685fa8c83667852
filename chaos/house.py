"""家 (house): a whole installation of real processes: engine, two workers, pages, database and mail server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

from temporalio.client import Client

from chaos.databases import Postgres, Sqlite
from chaos.line import HOST, Line, to_port
from chaos.post_office import PostOffice
from chaos.processes import KeptProcess
from client.minaoshi import Minaoshi
from engine.connection import connect_embedded
from engine.ports import free_port
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from engine.signing import prepared_signatures
from guideline.deadlines import tokyo_date
from register.register import Register, open_register
from settings import PREFIX, Settings

SENDER = "minaoshi@example.jp"
_WORKED_ON, _DUE = 8, 12
_PUBLISHED_AGO = timedelta(days=30)
_ANSWERS_WITHIN_S = 60.0


@dataclass
class House:
    """家: what the people use, and of what chaos takes hold. `minaoshi` reaches engine and register over the lines."""

    settings: Settings
    server: EmbeddedServer
    database: Postgres | Sqlite
    office: PostOffice
    engine_line: Line
    minaoshi: Minaoshi
    register: Register
    workers: tuple[KeptProcess, KeptProcess]
    web: KeptProcess
    options: tuple[str, ...]
    worked_on: tuple[str, ...] = ()
    due: tuple[tuple[str, date], ...] = ()

    @property
    def processes(self) -> tuple[KeptProcess, ...]:
        """The workers and the pages."""
        return (*self.workers, self.web)

    @property
    def pages(self) -> str:
        """The address of the pages."""
        return f"http://{self.settings.web_address}"

    async def directly(self) -> Client:
        """Give a connection to the engine past the line."""
        return await connect_embedded(self.settings)

    async def wait_until_served(self) -> None:
        """Wait until the pages answer."""
        host, port = self.settings.web_host_and_port
        async with asyncio.timeout(_ANSWERS_WITHIN_S):
            while True:
                try:
                    _, writer = await asyncio.open_connection(host, port)
                except OSError:
                    await asyncio.sleep(0.1)
                else:
                    writer.close()
                    return


@asynccontextmanager
async def open_house(home: Path, *, register: str, plant: str | None = None) -> AsyncIterator[House]:
    """Open and furnish a house; `register` is `postgresql` or `sqlite`. All ends with it."""
    database = Postgres(home) if register == "postgresql" else Sqlite(home)
    office = PostOffice()
    settings = Settings(
        home=home / "home",
        temporal_port=free_port(),
        temporal_ui_port=free_port(),
        web_address=f"{HOST}:{free_port()}",
        smtp_url=office.url,
        mail_from=SENDER,
    )
    settings.home.mkdir(parents=True)
    engine_line = Line(to_port(settings.temporal_port))
    prepared_signatures(settings)
    try:
        await database.start()
        await office.start()
        await engine_line.start()
        async with EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES) as server:
            house = await _furnished(settings, server, database, office, engine_line, plant=plant)
            try:
                yield house
            finally:
                await asyncio.gather(*(one.stop() for one in house.processes))
                await house.register.close()
    finally:
        await engine_line.stop()
        await office.stop()
        await database.stop()


async def _furnished(  # noqa: PLR0913 # what a house is made of
    settings: Settings,
    server: EmbeddedServer,
    database: Postgres | Sqlite,
    office: PostOffice,
    engine_line: Line,
    *,
    plant: str | None,
) -> House:
    by_line = settings.model_copy(update={"temporal_port": engine_line.port})
    register = await open_register(database.url)

    async def connected() -> Client:
        return await connect_embedded(by_line)

    minaoshi = Minaoshi(register, connected, task_queue=settings.task_queue, signatures=prepared_signatures(settings))
    environment = {
        f"{PREFIX}HOME": str(settings.home),
        f"{PREFIX}DATABASE_URL": database.url,
        f"{PREFIX}TEMPORAL_PORT": str(engine_line.port),
        f"{PREFIX}WEB_ADDRESS": settings.web_address,
        f"{PREFIX}SMTP_URL": office.url,
        f"{PREFIX}MAIL_FROM": SENDER,
    }
    first, second, web = (
        KeptProcess(name, kind, environment=environment, log=settings.home / f"{name}.log")
        for name, kind in (("worker-1", "worker"), ("worker-2", "worker"), ("web", "web"))
    )
    options = ("--plant", plant) if plant else ()
    house = House(settings, server, database, office, engine_line, minaoshi, register, (first, second), web, options)
    await _furnish(house)
    for one in house.processes:
        one.start(*options)
    await house.wait_until_served()
    return house


async def _furnish(house: House) -> None:
    """Enter the organisation, what is worked on, and what the year has come round for."""
    demo = resources.files("demo")
    await house.minaoshi.organisation.apply(demo.joinpath("organisation.toml").read_bytes())
    document = json.loads(demo.joinpath("documents/digital-agency-1.json").read_text(encoding="utf-8"))
    today = tokyo_date(datetime.now(UTC))
    house.worked_on = tuple(f"worked-on-{number}" for number in range(_WORKED_ON))
    for name in house.worked_on:
        await _add(house, name, published_on=(today - _PUBLISHED_AGO).isoformat(), document=document)
    published_on = today - timedelta(days=360)
    for number in range(_DUE):
        name = f"due-{number}"
        legacy = {
            "form": "basic_items",
            "form_version_as_printed": "平成31年1月 様式2",
            "sha256": sha256(name.encode()).hexdigest(),
        }
        await _add(house, name, published_on=published_on.isoformat(), legacy=legacy, level="basic_items")
    known = [await house.register.assessment(f"due-{number}") for number in range(_DUE)]
    house.due = tuple((one.assessment_id, one.yearly_due_on) for one in known if one.yearly_due_on is not None)


async def _add(house: House, name: str, *, level: str = "all_items", **more: Any) -> None:
    whole = {
        "assessment_id": name,
        "body": "digital-agency",
        "department": "account-registration",
        "number": "1",
        "name": f"{name}に関する事務",
        "required_level": level,
        "effective_level": level,
        **more,
    }
    await house.minaoshi.assessments.add(json.dumps(whole).encode())
