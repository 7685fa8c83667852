"""到着 (arrivals): how long an act takes that comes when it comes, whether the one before it is answered or not.

An open loop: the acts come at a fixed rate, and the time of each counts from when it should have been sent.
"""

from __future__ import annotations

import asyncio
import json
import math
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from itertools import cycle, islice
from typing import TYPE_CHECKING, NamedTuple

from bench.body import MANAGER, TEAM, furnish
from bench.measure import at_once, report_change
from bench.rows import Row, at_most
from bench.skeleton import BareWorkflow, skeleton_worker
from client.minaoshi import Minaoshi
from engine.connection import connect_embedded
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from engine.signing import Signatures
from register.register import open_register
from worker import build_worker

if TYPE_CHECKING:
    from temporalio.client import Client

    from settings import Settings

RATE = 5.0
"""Acts a second: a hundred times what 40,000 assessments, each reviewed twice a year, ask for in office hours."""

BAR = 1.5
ROUNDS, PER_ROUND = 8, 60
_WARM_UP = 24
_ACTS_OF_A_REVIEW = 3
_QUEUE = "bare"
_FINDING = json.dumps({"course": "no_change", "reason": "記載事項に変わりはない。"}).encode()

Act = Callable[[], Awaitable[object]]


class Waited(NamedTuple):
    """待った時間 (waited): the seconds of each act of one side."""

    acts_s: tuple[float, ...]

    def share(self, part: float) -> float:
        """Give the seconds within which that part of the acts was answered."""
        ordered = sorted(self.acts_s)
        return ordered[max(math.ceil(part * len(ordered)) - 1, 0)]


class Sides(NamedTuple):
    """両側 (both sides): the acts of reviews, and bare updates, each as long as it is asked for."""

    reviewed: Waited
    bare: Waited


async def measure_arrivals(settings: Settings) -> list[Row]:
    """Let acts of reviews and bare updates come at the same rate, in alternating rounds."""
    sides = await arrivals(settings, rate=RATE, rounds=ROUNDS, per_round=PER_ROUND)
    reviewed, bare = sides
    ratio = reviewed.share(0.99) / bare.share(0.99)
    each = "; ".join(
        f"{name} " + ", ".join(f"p{part:g} {side.share(part / 100) * 1000:.0f} ms" for part in (50, 90, 99))
        for name, side in (("act", reviewed), ("bare update", bare))
    )
    conditions = (
        f"open loop, {RATE:g}/s, {len(reviewed.acts_s)} acts each in {ROUNDS} alternating rounds, worker and caller in "
        f"one process: {each}"
    )
    return [at_most("an act's p99 at a fixed rate beside a bare update with one activity", ratio, BAR, conditions)]


async def arrivals(settings: Settings, *, rate: float, rounds: int, per_round: int) -> Sides:
    """Open as many reviews and bare workflows as are needed, then let the acts come."""
    number = -(-(rounds * per_round + _WARM_UP) // _ACTS_OF_A_REVIEW)
    async with AsyncExitStack() as opening:
        await opening.enter_async_context(EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES))
        temporal = await connect_embedded(settings)
        register = await open_register(settings.register_url)
        opening.push_async_callback(register.close)

        async def connected() -> Client:
            return temporal

        minaoshi = Minaoshi(register, connected, task_queue=settings.task_queue, signatures=Signatures(settings))
        await opening.enter_async_context(build_worker(temporal, register, settings))
        bare_worker = skeleton_worker(temporal, task_queue=_QUEUE, of=BareWorkflow)
        await opening.enter_async_context(bare_worker)
        ids = await furnish(minaoshi, assessments=number)
        await at_once(partial(report_change, minaoshi), ids)
        bare_ids = [f"bare/{uuid.uuid4()}" for _ in ids]
        await at_once(partial(_start_bare, temporal), bare_ids)
        acts, updates = iter(_acts(minaoshi, ids)), iter(_updates(temporal, bare_ids))
        for side in (acts, updates):
            await _come(list(islice(side, _WARM_UP)), rate=rate)
        waited: tuple[list[float], list[float]] = ([], [])
        for _ in range(rounds):
            for side, seconds in zip((acts, updates), waited, strict=True):
                seconds.extend(await _come(list(islice(side, per_round)), rate=rate))
    return Sides(*(Waited(tuple(seconds)) for seconds in waited))


async def _come(acts: Sequence[Act], *, rate: float) -> list[float]:
    """Send one act after the other at that rate; give the seconds of each from when it was due."""
    loop = asyncio.get_running_loop()
    begins_at = loop.time()

    async def one(act: Act, due_at: float) -> float:
        await asyncio.sleep(due_at - loop.time())
        await act()
        return loop.time() - due_at

    return await asyncio.gather(*(one(act, begins_at + place / rate) for place, act in enumerate(acts)))


def _acts(minaoshi: Minaoshi, ids: Sequence[str]) -> list[Act]:
    """Give all acts, so that those of one review come far from each other: receipt, and the findings of both."""
    reviews = [f"{one}/1" for one in ids]
    return [
        *(partial(minaoshi.reviews.acknowledge, one, as_=TEAM) for one in reviews),
        *(partial(minaoshi.reviews.find, one, _FINDING, as_=MANAGER) for one in reviews),
        *(partial(minaoshi.reviews.find, one, _FINDING, as_=TEAM) for one in reviews),
    ]


def _updates(temporal: Client, ids: Sequence[str]) -> list[Act]:
    handles = [temporal.get_workflow_handle(one) for one in ids]
    in_turn = islice(cycle(handles), _ACTS_OF_A_REVIEW * len(handles))
    return [partial(handle.execute_update, BareWorkflow.act, 1) for handle in in_turn]


async def _start_bare(temporal: Client, workflow_id: str) -> None:
    await temporal.start_workflow(BareWorkflow.run, id=workflow_id, task_queue=_QUEUE)
