"""落ちても失われない: worker and server are killed while acts are under way."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from temporalio.client import Client

import worker as worker_module
from engine.connection import connect_embedded
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from schemas.acts import Receipt
from settings import PREFIX, Settings
from tests.house import MANAGER, TEAM, House, as_json, open_house
from tests.workflows.sandbox import SANDBOX


class WorkerProcess:
    """A worker in a process of its own, which can be killed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        settings = self._settings
        environment = {
            **os.environ,
            f"{PREFIX}HOME": str(settings.home),
            f"{PREFIX}DATABASE_URL": settings.database_url or "",
            f"{PREFIX}TASK_QUEUE": settings.task_queue,
            f"{PREFIX}TEMPORAL_PORT": str(settings.temporal_port),
        }
        if settings.smtp_url is not None and settings.mail_from is not None:
            environment |= {f"{PREFIX}SMTP_URL": settings.smtp_url, f"{PREFIX}MAIL_FROM": settings.mail_from}
        environment[f"{PREFIX}CIRCULAR_PACE"] = str(settings.circular_pace)
        program = str(Path(worker_module.__file__))
        self._process = await asyncio.create_subprocess_exec(sys.executable, program, env=environment)

    @property
    def is_over(self) -> bool:
        return self._process is not None and self._process.returncode is not None

    async def kill(self, number: int = signal.SIGKILL) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        return await self._process.wait()


@asynccontextmanager
async def mortal_house(settings: Settings, home: Path) -> AsyncIterator[tuple[House, EmbeddedServer, WorkerProcess]]:
    async with EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES) as server:
        # The worker reads its keys in the house's home, and so do we.
        client: Client = await connect_embedded(settings.model_copy(update={"home": home}))
        async with open_house(client, settings, home, runner=SANDBOX) as house:
            process = WorkerProcess(house.settings)
            await process.start()
            await house.furnish()
            yield house, server, process
            await process.kill()


VICTIMS = [
    pytest.param(("worker",), id="作業者"),
    pytest.param(("server",), id="サーバー", marks=pytest.mark.whole),
    pytest.param(("worker", "server"), id="両方", marks=pytest.mark.whole),
]


@pytest.mark.parametrize("victims", VICTIMS)
async def test_an_act_under_way_is_taken_exactly_once(
    victims: tuple[str, ...], settings: Settings, tmp_path: Path
) -> None:
    async with mortal_house(settings, tmp_path / "house") as (house, server, process):
        review_id = await house.report_change()
        acts = [
            asyncio.create_task(house.find(review_id, as_=MANAGER)),
            asyncio.create_task(house.minaoshi.reviews.acknowledge(review_id, as_=TEAM)),
        ]
        reporting = asyncio.create_task(house.report_event())
        await asyncio.sleep(0)
        await strike(victims, server, process)
        answered = await asyncio.gather(*acts, return_exceptions=True)
        assert await reporting == review_id
        view = await house.show(review_id)
        ours = {one.act_id for one in answered if isinstance(one, Receipt)}
        recorded = [record.act.act_id for record in await house.register.acts_of(review_id)]
        assert ours <= set(recorded)
        assert len(recorded) == len(set(recorded))
        assert [row.sequence for row in view.timeline] == list(range(1, len(recorded) + 1))
        queried = await house.handle().query("state", result_type=type(view.state))
        assert queried.sequence == len(recorded)
        assert (await house.minaoshi.verify_audit()).ok


async def strike(victims: tuple[str, ...], server: EmbeddedServer, process: WorkerProcess) -> None:
    if "worker" in victims:
        await process.kill()
    if "server" in victims:
        server.kill()
        await server.wait_until_serving()
    if "worker" in victims:
        await process.start()


@pytest.mark.whole
async def test_a_report_goes_on_after_its_caller_was_killed(settings: Settings, tmp_path: Path) -> None:
    """Fifty assessments, and the worker dies among them: fifty reviews."""
    async with mortal_house(settings, tmp_path / "house") as (house, server, process):
        names = [f"{house.assessment_id}-{number}" for number in range(50)]
        for number, name in enumerate(names):
            legacy = {"form": "basic_items", "form_version_as_printed": "平成26年4月 様式2", "sha256": f"{number:064x}"}
            await house.add_assessment(name, document=None, legacy=legacy)
        reporting = asyncio.create_task(house.report_change(assessments=names))
        await until(house, 1)
        reporting.cancel()
        await strike(("worker", "server"), server, process)
        assert sorted(await until(house, len(names))) == sorted(names)


@pytest.mark.whole
async def test_an_event_is_followed_though_the_worker_died_between_its_report_and_its_start(
    settings: Settings, tmp_path: Path
) -> None:
    """Thirty assessments, and the worker dies among them, when the report is written and the event is not."""
    async with mortal_house(settings, tmp_path / "house") as (house, server, process):
        names = [f"{house.assessment_id}-{number}" for number in range(30)]
        for number, name in enumerate(names):
            legacy = {"form": "basic_items", "form_version_as_printed": "平成26年4月 様式2", "sha256": f"{number:064x}"}
            await house.add_assessment(name, document=None, legacy=legacy)
        reporting = asyncio.create_task(house.report_event(act_id="risk/killed", assessments=names))
        await until(house, 1)
        assert await house.register.report("risk/killed") is not None
        assert await house.register.find_event("risk/killed") is None
        reporting.cancel()
        await strike(("worker", "server"), server, process)
        assert sorted(await until(house, len(names))) == sorted(names)
        for _ in range(600):
            if await house.register.find_event("risk/killed") is not None:
                break
            await asyncio.sleep(0.05)
        receipt = await house.minaoshi.events.acknowledge("risk/killed", as_=TEAM)
        assert receipt.sequence == 1
        assert len((await house.minaoshi.events.show("risk/killed")).reviews) == len(names)
        assert (await house.minaoshi.verify_audit()).problems == ()


@pytest.mark.whole
async def test_an_act_on_an_event_that_is_under_way_when_the_worker_dies_is_taken_once(
    settings: Settings, tmp_path: Path
) -> None:
    async with mortal_house(settings, tmp_path / "house") as (house, server, process):
        await house.report_event(act_id="risk/killed")
        events = house.minaoshi.events
        acts = [
            asyncio.create_task(events.acknowledge("risk/killed", as_=TEAM)),
            asyncio.create_task(
                events.update("risk/killed", as_json(facts={"leak": "feared"}, reason="確かめた。"), as_=MANAGER)
            ),
        ]
        await asyncio.sleep(0)
        await strike(("worker",), server, process)
        answered = await asyncio.gather(*acts)
        view = await events.show("risk/killed")
        assert sorted(one.act_id for one in answered) == sorted(record.act.act_id for record in view.acts)
        assert [record.sequence for record in view.acts] == [1, 2]
        assert (view.state.acknowledged_by, len(view.state.judgements)) == (TEAM, 2)
        assert (await house.minaoshi.verify_audit()).problems == ()


async def until(house: House, number: int) -> list[str]:
    """Wait until that many reviews are in the register; give the assessments they are of."""
    for _ in range(600):
        reviews = await house.register.reviews(scope="all")
        if len(reviews) >= number:
            return [review.assessment_id for review in reviews]
        await asyncio.sleep(0.05)
    raise AssertionError(f"fewer than {number} reviews after half a minute")


async def test_a_worker_that_is_told_to_stop_ends_with_status_zero(settings: Settings, tmp_path: Path) -> None:
    async with mortal_house(settings, tmp_path / "house") as (house, _, process):
        await house.report_change()
        assert await process.kill(signal.SIGTERM) == 0
        await process.start()
