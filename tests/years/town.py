"""年月を過ごす (town): each week the sweep runs, on open days people act, at each midnight what is due rings."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor, Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client

from client.minaoshi import Minaoshi
from client.schedule import HOUR, SCHEDULE_ID
from engine.signing import Signatures
from register.register import Register
from settings import Settings
from tests.new_register import new_register
from tests.years.days import FIRST, at, every_day, is_open, opens_a_week_or_a_month
from tests.years.door import client_of
from tests.years.engine import Engine
from tests.years.office import Office
from tests.years.oracle import Oracle
from tests.years.population import AMENDED, LARGE, LEAP, NEW_YEAR, RISING, Planned, assessments
from tests.years.staff import organisation
from worker import WORKFLOWS, activities_of
from workflows.yearly_review import Sweep

OUTAGE = (date(2020, 12, 28), date(2021, 1, 6))
"""停止: over new year neither engine nor register answers; on the morning of the second day both are back."""

BACK_AT = 9
"""復旧の時刻: hours, in Japan."""

KEPT = (LEAP, NEW_YEAR, AMENDED, RISING, LARGE)
"""履歴を残すもの: the assessments of whose reviews the engine writes the histories."""

_SHARED = Path("/dev/shm")  # noqa: S108 # a folder of one's own is made in it
_IN_MEMORY = _SHARED if _SHARED.is_dir() else None
"""メモリーの中の場所: where there is one, the disk is not waited for ten thousand times."""

Scene = Callable[["Town"], Awaitable[None]]


@dataclass
class Town:
    """町: the simulated engine, the real register and facade, and everyone in it."""

    engine: Engine
    register: Register
    minaoshi: Minaoshi
    planned: dict[str, Planned]
    office: Office
    oracle: Oracle
    sweeps: dict[date, Sweep] = field(default_factory=dict)
    silent: list[str] = field(default_factory=list)
    wrong_dates: list[str] = field(default_factory=list)
    without_an_end: list[str] = field(default_factory=list)
    waiting_for_nobody: list[str] = field(default_factory=list)

    @property
    def bodies(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.body for one in self.planned.values()))

    @property
    def wrong(self) -> list[str]:
        """Everything that was not as it must be."""
        return [*self.silent, *self.wrong_dates, *self.without_an_end, *self.waiting_for_nobody]

    async def play(self, scenes: dict[date, list[Scene]]) -> None:
        """Let the ten years go by."""
        went_down_on, back_on = OUTAGE
        for day in every_day():
            if went_down_on <= day < back_on:
                continue
            if day == back_on:
                self.engine.now = at(day, BACK_AT)  # what should have rung meanwhile rings now
            if opens_a_week_or_a_month(day) or day == back_on:
                await self._sweep(day)
            if is_open(day):
                await self.engine.until(at(day, 10))
                for scene in scenes.get(day, ()):
                    await scene(self)
                await self._take_up()
                await self.office.work()
                await self._take_up()
            if day + timedelta(days=1) != went_down_on:
                await self._midnight(day + timedelta(days=1))

    async def _sweep(self, day: date) -> None:
        await self.engine.until(at(day, HOUR))
        run = await self.engine.start("YearlyReview", [Sweep()], workflow_id=SCHEDULE_ID)
        await self.engine.quiet()
        while not run.result.done():
            await self.engine.until(self.engine.now + timedelta(seconds=1))
        self.sweeps[day] = self.engine.answer_of(run, Sweep)
        await self._take_up()

    async def _midnight(self, today: date) -> None:
        await self.engine.until(at(today, 0, 1))
        await self._take_up()
        self.silent.extend(self.oracle.silent(today, swept_on=next(reversed(self.sweeps), FIRST)))
        if today.day == 1:
            self.wrong_dates.extend(self.oracle.wrong_dates(today))
            self.without_an_end.extend(self.oracle.without_an_end(today))
            if today.month % 3 == 1:
                await self._look_into_inboxes(today)

    async def _look_into_inboxes(self, today: date) -> None:
        """See that each open review stands in somebody's inbox."""
        people = (await self.register.current_organisation()).organisation.people
        inboxes = [await self.minaoshi.inboxes.of(one.id) for one in people]
        seen = {task.review_id for inbox in inboxes for task in inbox.tasks}
        self.waiting_for_nobody.extend(f"{today} {one}" for one in self.oracle.open_reviews() if one not in seen)

    async def _take_up(self) -> None:
        """Let the office see the reviews and countermeasures that have begun."""
        begun, self.engine.begun = self.engine.begun, []
        for workflow_id in begun:
            kind, _, subject = workflow_id.partition("/")
            if kind == "assessment-review":
                await self.office.look_at(subject)
            elif kind == "countermeasure":
                await self.office.entrust(subject)


class InTurn(Executor):
    """同じ糸で (in turn): does what it is given at once, in the thread that asks; waiting for another costs more."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as failed:  # noqa: BLE001 # it is raised where the answer is asked for
            done.set_exception(failed)
        return done


@asynccontextmanager
async def open_town(numbers: range) -> AsyncIterator[Town]:
    """Build a town with the assessments of these numbers as it stands on the first day."""
    with tempfile.TemporaryDirectory(prefix="minaoshi-years-", dir=_IN_MEMORY) as home:
        async with _town_in(Path(home), numbers) as town:
            yield town


@asynccontextmanager
async def _town_in(home: Path, numbers: range) -> AsyncIterator[Town]:
    settings = Settings(home=home, task_queue="years")
    register = await new_register(settings.register_url)
    database = register._database  # noqa: SLF001 # nobody else works here, and other threads cost more than the work
    database._writer = database._readers = InTurn()  # type: ignore[assignment]  # noqa: SLF001
    kept = [f"assessment-review/{one}" for one in KEPT]
    engine = Engine(at=at(FIRST, 1), task_queue=settings.task_queue, kept=kept)
    temporal = await client_of(engine)
    signer = Signatures(settings)
    engine.register(workflows=WORKFLOWS, activities=activities_of(temporal, register, settings, signer=signer))

    async def connected() -> Client:
        return temporal

    minaoshi = Minaoshi(register, connected, task_queue=settings.task_queue, signatures=signer, now=lambda: engine.now)
    planned = {one.assessment_id: one for one in assessments(numbers)}
    await minaoshi.organisation.apply(organisation(dict.fromkeys(one.body for one in planned.values())))
    for one in planned.values():
        await minaoshi.assessments.add(one.entry)
    office = Office(minaoshi, register, engine, planned)
    oracle = Oracle(Path(settings.register_url.removeprefix("sqlite:///")), planned, office.diary)
    try:
        yield Town(engine, register, minaoshi, planned, office, oracle)
    finally:
        oracle.close()
        await engine.close()
        await register.close()
