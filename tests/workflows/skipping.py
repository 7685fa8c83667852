"""時を進める (time skipping): a house on a real server whose workflows' clocks a test moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.common import SearchAttributeKey
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment
from temporalio.worker import WorkflowRunner

from engine.server import find_executable
from schemas.acts import Reminder
from settings import Settings
from tests.house import House, working_house
from tests.workflows.sandbox import SANDBOX
from workflows import search_attributes

PATIENCE_S = 30.0
A_MINUTE = timedelta(minutes=1)
KEYS: tuple[SearchAttributeKey[Any], ...] = tuple(
    key for key in vars(search_attributes).values() if isinstance(key, SearchAttributeKey)
)


@dataclass
class SkippingHouse:
    """A house, and the hand on its clocks."""

    house: House
    environment: WorkflowEnvironment

    async def forward(self, span: timedelta) -> None:
        """Move the clock of the house's review, and a minute more, so that what was due then has happened."""
        async with asyncio.timeout(PATIENCE_S):
            await self.environment.fast_forward(self.house.handle(), span + A_MINUTE)

    async def reminders(self, review_id: str) -> list[tuple[str, str]]:
        """Give what has rung by the register: clock and urgency, in their order."""
        acts = await self.house.register.acts_of(review_id)
        alarms = [one.act.alarm for one in acts if isinstance(one.act, Reminder)]
        return [(alarm.clock.value, alarm.urgency.value) for alarm in alarms]

    async def has_rung(self, review_id: str, times: int) -> None:
        """Wait until so many alarms are in the register."""
        async with asyncio.timeout(PATIENCE_S):
            while len(await self.reminders(review_id)) < times:  # noqa: ASYNC110 # nobody tells
                await asyncio.sleep(0.05)


@asynccontextmanager
async def skipping_environment() -> AsyncIterator[WorkflowEnvironment]:
    """Start a real server of its own on which the clock of each workflow can be moved."""
    environment = await WorkflowEnvironment.start_time_skipping_v2(
        data_converter=pydantic_data_converter,
        search_attributes=KEYS,
        dev_server_existing_path=str(find_executable()),
        dev_server_extra_args=["--dynamic-config-value", "frontend.WorkflowTimeSkippingEnabled=true"],
        dev_server_startup_timeout=timedelta(seconds=30),
        ts_config=TimeSkippingConfig(enabled=False, disable_propagation=True),
    )
    try:
        yield environment
    finally:
        await environment.shutdown()


@asynccontextmanager
async def skipping_house(
    environment: WorkflowEnvironment, settings: Settings, home: Path, *, runner: WorkflowRunner | None = SANDBOX
) -> AsyncIterator[SkippingHouse]:
    """Furnish a house on that server, with a worker."""
    async with working_house(environment.client, settings, home, runner=runner) as house:
        yield SkippingHouse(house, environment)
