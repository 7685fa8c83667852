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
from datetime import timedelta
from functools import partial
from itertools import accumulate, repeat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil
from sqlalchemy import func, select
from temporalio.client import WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy

from activities.yearly import AT_ONCE, PAGE_SIZE
from bench.body import ORGANISATION, settings_in
from bench.conditions import conditions, show
from bench.curves import Curves, Line, keep
from bench.due_register import Group, fill_due
from bench.measure import at_once
from bench.registers import facade
from bench.rows import Row, at_least, at_most
from bench.skeleton import BareWorkflow, skeleton_worker
from demo.stage import Stage
from engine.connection import connect_embedded
from engine.exit import end_process
from register.database import engine_for
from register.register import open_register
from register.tables import acts, audit_entries, reviews
from workflows.yearly_review import Sweep, YearlyReviewWorkflow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from temporalio.client import Client

    from settings import Settings

SIZE, MANY = 5_000, 40_000
BAR, BAR_MEMORY = 0.7, 1.5

_ROUNDS = 5
_MOST_BARE = 1_000
"""So many bare workflows a round at most: of more in a long round nothing is learnt, and each takes its time."""

_LONG_BEFORE = timedelta(days=300)
_QUEUE = "bare"
_SETTLE_S = 3.0
MEBIBYTE = 1024 * 1024


class Round(NamedTuple):
    """一回 (one round): how many reviews, the seconds of both sides, the size of the worker after it."""

    number: int
    sweep_s: float
    bare_s: float
    worker_bytes: int


async def measure_sweep(settings: Settings, *, size: int = SIZE, rounds: int = _ROUNDS) -> list[Row]:
    """Open so many reviews in rounds, and after each as many bare workflows."""
    return [_row(await sweep(settings, size=size, rounds=rounds))]


def _row(swept: Sequence[Round]) -> Row:
    number, sweep_s, bare_s, _ = (sum(column) for column in zip(*swept, strict=True))
    conditions = (
        f"{number:,} due reviews in {len(swept)} alternating rounds, {AT_ONCE} at once on both sides; pages of "
        f"{PAGE_SIZE}; a worker process of its own with its outbox, "
        f"{swept[-1].worker_bytes / MEBIBYTE:.0f} MiB at the end; "
        f"sweep {number / sweep_s:.1f}/s, bare {number / bare_s:.1f}/s"
    )
    name = "yearly sweep: reviews/s beside update-with-start and one no-op activity"
    return at_least(name, bare_s / sweep_s, BAR, conditions)


async def sweep(settings: Settings, *, size: int, rounds: int) -> list[Round]:
    """Sweep, and see in the register that each review is there with its act and its audit entry."""
    per_round = size // rounds
    async with AsyncExitStack() as opening:
        register = await open_register(settings.register_url)
        opening.push_async_callback(register.close)
        await facade(register).organisation.apply(ORGANISATION.encode())
        groups = await fill_due(register, groups=rounds, per_group=per_round)
        stage = await opening.enter_async_context(Stage(settings))
        temporal = await connect_embedded(settings)
        of_bare = skeleton_worker(temporal, task_queue=_QUEUE, of=BareWorkflow)
        await opening.enter_async_context(of_bare)
        # The worker has just been started: a morning on which nothing is due tells when it is there.
        await _sweep_one(temporal, Group(groups[0].on - _LONG_BEFORE, None), settings.task_queue, number=0)
        await _open_bare(temporal, "")
        swept = []
        for group in groups:
            sweep_s = await _sweep_one(temporal, group, settings.task_queue, number=per_round)
            bare = min(per_round, _MOST_BARE)
            bare_s = await at_once(partial(_open_bare, temporal), repeat("", bare), number=AT_ONCE) * per_round / bare
            await asyncio.sleep(_SETTLE_S)
            worker_bytes = psutil.Process(stage.worker_pid).memory_info().rss
            swept.append(Round(per_round, sweep_s, bare_s, worker_bytes))
    _see_all_recorded(settings, per_round * rounds)
    return swept


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


def sweep_curves(swept: Sequence[Round], on: str) -> Curves:
    """Give how the seconds and the worker's memory grew over the rounds."""
    done = list(accumulate(one.number for one in swept))
    costs = {
        "年次の一巡（千件の秒）": [1000 * one.sweep_s / one.number for one in swept],
        "更新付きの開始だけ（千件の秒）": [1000 * one.bare_s / one.number for one in swept],
        "ワーカーの記憶（MiB）": [one.worker_bytes / MEBIBYTE for one in swept],
    }
    lines = (Line(name, tuple(zip(done, cost, strict=True))) for name, cost in costs.items())
    return Curves("年次の一巡の費用と、開いた見直しの数", "開いた見直し", "秒・MiB", on, tuple(lines))


def main(arguments: list[str]) -> int:
    """Sweep so many by hand, a round of five thousand at a time; 0 when both bars hold."""
    size = int(arguments[0]) if arguments else MANY
    rounds = max(size // SIZE, 1)
    with tempfile.TemporaryDirectory(prefix="minaoshi-sweep-") as folder:
        on = conditions(Path(folder))
        swept = asyncio.run(sweep(settings_in(Path(folder)), size=size, rounds=rounds))
    first, last = swept[0].worker_bytes, swept[-1].worker_bytes
    grown = f"{size:,} beside {size // rounds:,}: {last / MEBIBYTE:.0f} and {first / MEBIBYTE:.0f} MiB"
    keep("sweep", sweep_curves(swept, on))
    rows = [
        _row(swept),
        at_most("yearly sweep: worker's memory at the end beside the first round", last / first, BAR_MEMORY, grown),
    ]
    show(rows, on)
    return 0 if all(row.ok for row in rows) else 1


if __name__ == "__main__":
    end_process(main(sys.argv[1:]))
