"""実行 (running): a house is opened, people work in it, one fault after another strikes, and all is judged."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from temporalio.client import ScheduleOverlapPolicy
from temporalio.service import RPCError

from chaos.drawing import CALM_S, Strike, draw
from chaos.faults import FAULTS, Fault, NotStruckError
from chaos.findings import what_is_wrong
from chaos.house import House, open_house
from chaos.ledger import Ledger, Struck
from chaos.people import People
from chaos.reading import read, unsettled
from chaos.vacuity import shows_nothing
from client.schedule import SCHEDULE_ID

_RECOVERY_S = 40.0
_STEP_S = 0.25


@dataclass(frozen=True)
class Wanted:
    """頼まれたこと: the seed, how long faults begin (seconds), the register; which faults alone, which planted bug.

    `settling_s` is how long, after the last fault, everything may take until it has its answer (seconds).
    """

    seed: int
    duration_s: float
    register: str = "postgresql"
    faults: tuple[str, ...] = ()
    plant: str | None = None
    settling_s: float = 90.0


@dataclass(frozen=True)
class Outcome:
    """結果: what was struck, what is wrong, and which faults have shown nothing."""

    struck: tuple[Struck, ...]
    wrong: tuple[str, ...]
    empty: tuple[str, ...]
    ledger: Ledger
    ended_by_themselves: int

    @property
    def ok(self) -> bool:
        """Whether all that must hold holds, and every fault has shown that it does."""
        return not self.wrong and not self.empty


def faults_on(register: str, named: Sequence[str] = ()) -> dict[str, Fault]:
    """Give the faults that can be brought about on that register: all, or those that are named."""
    possible = {name: one for name, one in FAULTS.items() if one.only_on in (None, register)}
    return {name: possible[name] for name in named or possible}


async def run(home: Path, wanted: Wanted, *, told: Callable[[str], None] = print) -> Outcome:
    """Run once in a folder of its own."""
    table = faults_on(wanted.register, wanted.faults)
    lasts = {name: one.lasts for name, one in table.items()}
    strikes = draw(lasts, seed=wanted.seed, duration_s=wanted.duration_s)
    async with open_house(home, register=wanted.register, plant=wanted.plant) as house:
        began = time.monotonic()

        def now() -> float:
            return time.monotonic() - began

        ledger = Ledger()
        people = People(house, ledger, seed=wanted.seed, now=now)
        people.start()
        sweeping = asyncio.create_task(_sweep(house))
        struck = [await _strike(house, ledger, one, now=now, told=told) for one in strikes]
        told(f"{now():6.1f} s  障害は終わり。答えを待つ。")
        await people.stop(within_s=wanted.settling_s)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wanted.settling_s):
                await sweeping
                await _all_told(house)
        sweeping.cancel()
        found = await read(house)
        by_themselves = sum(one.ended_by_itself for one in house.processes)
    wrong, empty = what_is_wrong(found, ledger), shows_nothing(ledger, struck, table)
    return Outcome(tuple(struck), wrong, empty, ledger, by_themselves)


async def _all_told(house: House) -> None:
    while True:
        if not await unsettled(house):
            return
        await asyncio.sleep(_STEP_S)


async def _strike(
    house: House, ledger: Ledger, strike: Strike, *, now: Callable[[], float], told: Callable[[str], None]
) -> Struck:
    fault, note = FAULTS[strike.fault], ""
    await asyncio.sleep(strike.after_s)
    began = now()
    told(f"{began:6.1f} s  {strike.fault}（{fault.title}）")
    try:
        await fault.inject(house, strike.choice)
        await asyncio.sleep(strike.lasts_s)
    except NotStruckError as missed:
        note = str(missed)
    await fault.heal(house, strike.choice)
    healed = now()
    # The next one comes when this one has been got over, or it would be taken for the other's doing.
    await asyncio.sleep(CALM_S)
    for _ in range(int(_RECOVERY_S / _STEP_S)):
        if ledger.answered_between(healed, now()) >= fault.taken_after:
            break
        await asyncio.sleep(_STEP_S)
    return Struck(strike.fault, began, healed, now(), note)


async def _sweep(house: House) -> None:
    """Ask for the yearly sweep, as the morning does, in the middle of it all; asked until it is heard."""
    await asyncio.sleep(CALM_S)
    temporal = await house.directly()
    while True:
        try:
            await temporal.get_schedule_handle(SCHEDULE_ID).trigger(overlap=ScheduleOverlapPolicy.BUFFER_ONE)
        except RPCError:
            await asyncio.sleep(1)
        else:
            break
    while True:  # until it is over
        with contextlib.suppress(RPCError):
            described = await temporal.get_schedule_handle(SCHEDULE_ID).describe()
            if described.info.recent_actions and not described.info.running_actions:
                return
        await asyncio.sleep(1)
