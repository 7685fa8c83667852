"""大きな台帳 (registers beside each other): the inbox and the list of a person in a large one and in a small one."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from bench.large_register import MINE, ORGANISATION, Size, fill
from bench.rows import Row, at_most
from bench.sealed import Unsigned
from client.minaoshi import Minaoshi
from register.database import engine_for, writer_of
from register.register import Register, open_register
from schemas.lists import PAGE, AssessmentOrder, AssessmentQuery

if TYPE_CHECKING:
    from temporalio.client import Client

BAR = 1.5
SMALL, LARGE = Size(100, 100), Size(40_000, 10_000)

_ROUNDS = 30
_PEOPLE = {
    "manager": "a 保護管理者",
    "team-of-small-body": "a 対策チーム",
    "deputy": "a substitute of the 総括保護管理者",
}
_LISTS = {
    "as it opens": AssessmentQuery(),
    "by name": AssessmentQuery(order=AssessmentOrder.NAME),
    "of a department": AssessmentQuery(department="owner"),
}

Look = Callable[[Minaoshi], Awaitable[None]]


class Compared(NamedTuple):
    """比べたもの (compared): the seconds of one look in the small register and in the large one."""

    small_s: float
    large_s: float

    @property
    def ratio(self) -> float:
        return self.large_s / self.small_s


async def measure_registers(home: Path) -> list[Row]:
    """Look at each in turns in both registers; of each kind the worst ratio of the medians counts."""
    small, large = [await filled(home / name, size) for name, size in (("small", SMALL), ("large", LARGE))]
    inboxes = {said: await compare(small, large, inbox_of(person)) for person, said in _PEOPLE.items()}
    lists = {
        f"{how}, {said}": await compare(small, large, list_of(person, query))
        for person, said in _PEOPLE.items()
        for how, query in _LISTS.items()
    }
    for one in (small, large):
        await one.close()
    return [_row("inbox", inboxes, f"; {MINE} reviews wait for the person in both"), _row("register", lists, "")]


def _row(what: str, looks: Mapping[str, Compared], more: str) -> Row:
    worst = max(one.ratio for one in looks.values())
    each = ", ".join(f"{said} {one.ratio:.2f} ({one.large_s * 1000:.0f} ms)" for said, one in looks.items())
    conditions = (
        f"{LARGE.assessments:,} assessments and {LARGE.reviews:,} open reviews beside {SMALL.assessments} of each"
        f"{more}; medians of {_ROUNDS} alternating rounds: {each}"
    )
    return at_most(f"{what}: seconds in a large register beside a small one, at most", worst, BAR, conditions)


async def compare(small: Register, large: Register, look: Look) -> Compared:
    """Give the medians of alternating rounds, so that both meet the same machine."""
    sides = [(facade(one), list[float]()) for one in (small, large)]
    for _ in range(_ROUNDS):
        for minaoshi, took in sides:
            began = time.perf_counter()
            await look(minaoshi)
            took.append(time.perf_counter() - began)
    return Compared(*(median(took) for _, took in sides))


def inbox_of(person: str) -> Look:
    """Give the look at a person's inbox. Raises AssertionError where it is not the one that was filled."""

    async def look(minaoshi: Minaoshi) -> None:
        inbox = await minaoshi.inboxes.of(person)
        if len(inbox.tasks) != MINE:
            raise AssertionError(f"{len(inbox.tasks)} reviews wait for {person}, not {MINE}")

    return look


def list_of(person: str, query: AssessmentQuery) -> Look:
    """Give the look at the first page of the register. Raises AssertionError where it is not as full as it can be."""

    async def look(minaoshi: Minaoshi) -> None:
        page = await minaoshi.assessments.page(query, viewer=person)
        if len(page.rows) != min(page.total, PAGE) or not page.rows:
            raise AssertionError(f"{len(page.rows)} rows of {page.total} stand on the first page")

    return look


def facade(register: Register) -> Minaoshi:
    """Give the facade of a register alone."""
    return Minaoshi(register, _no_engine, task_queue="none", signatures=Unsigned())


async def filled(folder: Path, size: Size) -> Register:
    """Open a register that was filled with that many rows, each as the engine would have written it."""
    register = await open_register(f"sqlite:///{folder}/register.db")
    await facade(register).organisation.apply(ORGANISATION.encode())
    engine = engine_for(f"sqlite:///{folder}/register.db")
    with writer_of(engine).begin() as connection:
        fill(connection, size)
    engine.dispose()
    return register


async def _no_engine() -> Client:
    raise AssertionError("a look asks the register alone")
