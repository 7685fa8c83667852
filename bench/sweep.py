"""年次の一巡 (sweep): all reviews that are due are opened, each with its rows, beside the same number of bare openings.

`python -m bench.sweep 40000` measures another number by hand, and the worker's memory beside that at five thousand.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
import uuid
from contextlib import AsyncExitStack
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil
from sqlalchemy import func, select
from temporalio.client import WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.worker import Worker

from activities.yearly import AT_ONCE, PAGE_SIZE
from bench.body import ORGANISATION, settings_in
from bench.conditions import conditions, show
from bench.due_register import Group, fill_due
from bench.measure import at_once
from bench.registers import facade
from bench.rows import Row, at_least, at_most
from bench.skeleton import BareWorkflow, nothing
from demo.stage import Stage
from engine.connection import connect_embedded
from engine.exit import end_process
from register.database import engine_for
from register.register import open_register
from register.tables import acts, audit_entries, reviews
from workflows.yearly_review import Sweep, YearlyReviewWorkflow

if TYPE_CHECKING:
    from temporalio.client import Client

    from settings import Settings

SIZE, MANY = 5_000, 40_000
BAR, BAR_MEMORY = 0.7, 1.5

_ROUNDS = 5
_QUEUE = "bare"
_SETTLE_S = 3.0
_MEBIBYTE = 1024 * 1024


class Swept(NamedTuple):
    """一巡の費用 (what it cost): the seconds of both sides, and how large the worker was after each round, in bytes."""

    number: int
    sweep_s: float
    bare_s: float
    sizes: tuple[int, ...]

    @property
    def ratio(self) -> float:
        return self.bare_s / self.sweep_s


async def measure_sweep(settings: Settings, *, size: int = SIZE, rounds: int = _ROUNDS) -> list[Row]:
    """Open so many reviews in rounds, and after each as many bare workflows."""
    return [_row(await sweep(settings, size=size, rounds=rounds))]


def _row(swept: Swept) -> Row:
    number = swept.number
    conditions = (
        f"{number:,} due reviews in {len(swept.sizes)} alternating rounds, {AT_ONCE} at once on both sides; pages of "
        f"{PAGE_SIZE}, a second between them; a worker process of its own with its outbox, "
        f"{swept.sizes[-1] / _MEBIBYTE:.0f} MiB at the end; "
        f"sweep {number / swept.sweep_s:.1f}/s, bare {number / swept.bare_s:.1f}/s"
    )
    name = "yearly sweep: reviews/s beside update-with-start and one no-op activity"
    return at_least(name, swept.ratio, BAR, conditions)


async def sweep(settings: Settings, *, size: int, rounds: int) -> Swept:
    """Sweep, and see in the register that each review is there with its act and its audit entry."""
    per_round = size // rounds
    async with AsyncExitStack() as opening:
        register = await open_register(settings.register_url)
        opening.push_async_callback(register.close)
        await facade(register).organisation.apply(ORGANISATION.encode())
        groups = await fill_due(register, groups=rounds, per_group=per_round)
        stage = await opening.enter_async_context(Stage(settings))
        temporal = await connect_embedded(settings)
        bare = Worker(temporal, task_queue=_QUEUE, workflows=[BareWorkflow], activities=[nothing])
        await opening.enter_async_context(bare)
        sweep_s = bare_s = 0.0
        sizes = []
        for group in groups:
            sweep_s += await _sweep_one(temporal, group, settings.task_queue, number=per_round)
            bare_s += await at_once(partial(_open_bare, temporal), repeat("", per_round), number=AT_ONCE)
            await asyncio.sleep(_SETTLE_S)
            sizes.append(psutil.Process(stage.worker_pid).memory_info().rss)
    _see_all_recorded(settings, per_round * rounds)
    return Swept(per_round * rounds, sweep_s, bare_s, tuple(sizes))


async def _sweep_one(temporal: Client, group: Group, task_queue: str, *, number: int) -> float:
    """Give the seconds of one morning. Raises AssertionError where it did not open all, or others."""
    began = time.perf_counter()
    done = await temporal.execute_workflow(
        YearlyReviewWorkflow.run,
        Sweep(on=group.on, after=group.after),
        id=f"sweep/{group.on}",
        task_queue=task_queue,
    )
    took_s = time.perf_counter() - began
    if (done.opened, done.joined, done.known) != (number, 0, 0):
        raise AssertionError(f"{done} is not {number} reviews opened")
    return took_s


async def _open_bare(temporal: Client, _: str) -> None:
    start = WithStartWorkflowOperation(
        BareWorkflow.run,
        id=f"bare/{uuid.uuid4()}",
        task_queue=_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    await temporal.execute_update_with_start_workflow(BareWorkflow.act, 1, start_workflow_operation=start)


def _see_all_recorded(settings: Settings, number: int) -> None:
    """Raise AssertionError unless the register has a review, its act and the act's audit entry for each."""
    engine = engine_for(settings.register_url)
    of_acts = audit_entries.c.subject_table == acts.name
    with engine.connect() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table).where(*only)).scalar_one()
            for table, only in ((reviews, ()), (acts, ()), (audit_entries, (of_acts,)))
        ]
    engine.dispose()
    if counts != [number] * len(counts):
        raise AssertionError(f"reviews, acts and audit entries in the register: {counts}, not {number} each")


def main(arguments: list[str]) -> int:
    """Sweep so many by hand, a round of five thousand at a time; 0 when both bars hold."""
    size = int(arguments[0]) if arguments else MANY
    rounds = max(size // SIZE, 1)
    with tempfile.TemporaryDirectory(prefix="minaoshi-sweep-") as folder:
        on = conditions(Path(folder))
        swept = asyncio.run(sweep(settings_in(Path(folder)), size=size, rounds=rounds))
    first, last = swept.sizes[0], swept.sizes[-1]
    grown = (
        f"{swept.number:,} beside {swept.number // rounds:,}: {last / _MEBIBYTE:.0f} and {first / _MEBIBYTE:.0f} MiB"
    )
    rows = [
        _row(swept),
        at_most("yearly sweep: worker's memory at the end beside the first round", last / first, BAR_MEMORY, grown),
    ]
    show(rows, on)
    return 0 if all(row.ok for row in rows) else 1


if __name__ == "__main__":
    end_process(main(sys.argv[1:]))
