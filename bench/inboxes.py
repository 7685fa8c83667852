"""大きな台帳の受信箱 (inboxes of a large register): what waits for one person, beside the same in a small register."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.large_register import MINE, ORGANISATION, Size, fill
from bench.measure import Row
from bench.sealed import Unsigned
from client.minaoshi import Minaoshi
from register.database import engine_for, writer_of
from register.register import Register, open_register

if TYPE_CHECKING:
    from temporalio.client import Client

BAR = 1.5

_ROUNDS = 30
_PEOPLE = {
    "manager": "a 保護管理者",
    "team-of-small-body": "a 対策チーム",
    "deputy": "a substitute of the 総括保護管理者",
}


SMALL, LARGE = Size(100, 100), Size(40_000, 10_000)


async def measure_inboxes(home: Path) -> Row:
    """Ask for each person's inbox in turns in both registers; the worst ratio of the medians counts."""
    small, large = [await _register(home / name, size) for name, size in (("small", SMALL), ("large", LARGE))]
    ratios = {person: await _ratio(small, large, person) for person in _PEOPLE}
    for one in (small, large):
        await one.close()
    worst = max(ratios.values())
    each = ", ".join(f"{_PEOPLE[person]} {ratio:.2f}" for person, ratio in ratios.items())
    conditions = (
        f"{LARGE.assessments:,} assessments and {LARGE.reviews:,} open reviews beside {SMALL.assessments} of each; "
        f"{MINE} reviews wait for the person in both; medians of {_ROUNDS} alternating rounds: {each}"
    )
    return Row("inbox: seconds in a large register beside a small one, at most", worst, BAR, worst <= BAR, conditions)


async def _ratio(small: Register, large: Register, person: str) -> float:
    boxes = [_facade(one).inboxes for one in (small, large)]
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(_ROUNDS):
        for inboxes, seconds in zip(boxes, took, strict=True):
            began = time.perf_counter()
            inbox = await inboxes.of(person)
            seconds.append(time.perf_counter() - began)
            if len(inbox.tasks) != MINE:
                raise AssertionError(f"{len(inbox.tasks)} reviews wait for {person}, not {MINE}")
    return median(took[1]) / median(took[0])


def _facade(register: Register) -> Minaoshi:
    return Minaoshi(register, _no_engine, task_queue="none", signatures=Unsigned())


async def _register(folder: Path, size: Size) -> Register:
    """Open a register that was filled with that many rows, each as the engine would have written it."""
    register = await open_register(f"sqlite:///{folder}/register.db")
    await _facade(register).organisation.apply(ORGANISATION.encode())
    engine = engine_for(f"sqlite:///{folder}/register.db")
    with writer_of(engine).begin() as connection:
        fill(connection, size)
    engine.dispose()
    return register


async def _no_engine() -> Client:
    raise AssertionError("an inbox asks the register alone")
