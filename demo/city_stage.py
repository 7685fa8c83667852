"""時の進む舞台 (stage whose time moves): a server and register of its own, where the clock of a review is moved."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from temporalio.testing import TimeSkipper, TimeSkippingConfig

from activities.duties import Round, RoundResult
from client.duty_following import duty_workflow_id_of
from client.minaoshi import Minaoshi
from client.sending import workflow_id_of
from engine.connection import connect_embedded
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from engine.signing import Signatures
from register.register import open_register
from worker import build_outbox, build_worker
from workflows.duty_round import DutyRoundWorkflow

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
    from datetime import date
    from types import TracebackType

    from temporalio.client import Client, WorkflowHandle

    from register.register import Register
    from schemas.duties import DutyAlarm
    from settings import Settings

_PATIENCE_S = 30.0
_PAUSE_S = 0.05
_A_MINUTE = timedelta(minutes=1)
"""Past a timer and not exactly to it: then what was due has happened."""


class CityStage:
    """時の進む舞台: server, worker and register, and one clock for the review and for the people.

    The third story has it too, and lets the clock stand as it is.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ahead = timedelta()
        self._opened = AsyncExitStack()
        self.minaoshi: Minaoshi
        self.register: Register
        self._skipper: TimeSkipper

    def now(self) -> datetime:
        """Give the time of the story: what was skipped, beyond the wall clock."""
        return datetime.now(UTC) + self._ahead

    async def __aenter__(self) -> Self:
        self._settings.home.mkdir(parents=True, exist_ok=True)
        moves = ("frontend.WorkflowTimeSkippingEnabled=true",)
        async with AsyncExitStack() as opening:
            server = EmbeddedServer(self._settings, search_attributes=SEARCH_ATTRIBUTES, dynamic_config=moves)
            await opening.enter_async_context(server)
            self.register = await open_register(self._settings.register_url)
            opening.push_async_callback(self.register.close)
            stands_still = TimeSkippingConfig(enabled=False, disable_propagation=True)
            self._skipper = TimeSkipper(await connect_embedded(self._settings), config=stands_still)
            await opening.enter_async_context(
                build_worker(self._skipper.client, self.register, self._settings),
            )
            self.minaoshi = Minaoshi(
                self.register,
                self._connected,
                task_queue=self._settings.task_queue,
                signatures=Signatures(self._settings),
                now=self.now,
            )
            self._opened = opening.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._opened.aclose()

    async def pass_days(self, days: int, *, review_id: str) -> None:
        """Move the clock of an open review by so many days, and return when what was due by then is recorded."""
        record = await self.register.review(review_id)

        async def alarms() -> Iterable[datetime]:
            return (one.at for one in (await self.register.review(review_id)).state.alarms)

        await self._move(workflow_id_of(record.assessment_id), days, alarms)

    async def pass_days_of_duty(self, days: int, *, duty_id: str) -> None:
        """Do the same with the clock of a duty; nothing is moved for no days, but what is due is waited for."""

        async def alarms() -> Iterable[datetime]:
            state = await self.register.duties.find(duty_id)
            return () if state is None else (one.at for one in state.alarms)

        await self._move(duty_workflow_id_of(duty_id), days, alarms)

    async def _move(self, workflow_id: str, days: int, alarms: Callable[[], Awaitable[Iterable[datetime]]]) -> None:
        handle: WorkflowHandle[Any, Any] = self._skipper.client.get_workflow_handle(workflow_id)
        async with asyncio.timeout(_PATIENCE_S):
            if days:
                await self._skipper.fast_forward(handle, timedelta(days=days) + _A_MINUTE)
                self._ahead = await self._skipper.get_current_time(handle) - datetime.now(UTC)
            # An alarm that is due may not be in the register yet.
            while any(at <= self.now() for at in await alarms()):  # noqa: ASYNC110 # nobody tells
                await asyncio.sleep(_PAUSE_S)

    async def all_rung(self, *, viewer: str) -> None:
        """Return when every duty whose date has passed has called whom it calls."""
        async with asyncio.timeout(_PATIENCE_S):
            while any(one.at <= self.now() for one in await self._alarms(viewer)):  # noqa: ASYNC110 # nobody tells
                await asyncio.sleep(_PAUSE_S)

    async def _alarms(self, viewer: str) -> list[DutyAlarm]:
        return [alarm for state in await self.minaoshi.duties.list(as_=viewer) for alarm in state.alarms]

    async def round_on(self, day: date) -> RoundResult:
        """Open what repeats and is due by that day, as the Schedule of each morning does."""
        result: RoundResult = await self._skipper.client.execute_workflow(
            DutyRoundWorkflow.run, Round(on=day), id=f"duty-round/{day}", task_queue=self._settings.task_queue
        )
        return result

    @asynccontextmanager
    async def giving_out(self) -> AsyncIterator[None]:
        """Let notices go out by mail meanwhile."""
        outbox = asyncio.create_task(build_outbox(self._skipper.client, self.register, self._settings).run())
        try:
            yield
        finally:
            outbox.cancel()
            await asyncio.gather(outbox, return_exceptions=True)

    async def _connected(self) -> Client:
        return self._skipper.client
