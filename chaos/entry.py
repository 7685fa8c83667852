"""過程の入口 (entry): a worker or the pages, as chaos runs them: with a clock that goes wrong, or with a planted bug.

    python -m chaos.entry worker|web [--clock-off SECONDS] [--plant NAME]

SIGUSR1 has the next act that is recorded be the last thing this process does: it dies when the register has the act and
nobody knows yet. SIGUSR2 has it die in the middle of that transaction.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Engine, event

import worker
from chaos.planted import PLANTS
from client.minaoshi import Minaoshi
from client.outbox import Outbox
from engine.exit import end_process
from engine.logs import write_logs
from engine.stopping import until_stopped
from register.register import Register
from schemas.records import Entry, Recorded
from settings import load_settings

RUN = {"worker": worker.run_worker, "web": worker.run_web}

ARM_AFTER, ARM_WITHIN = signal.SIGUSR1, signal.SIGUSR2


class Death:
    """予定の死 (death): told beforehand by a signal, and come to at a chosen place."""

    def __init__(self) -> None:
        self._armed: set[int] = set()

    def listen(self) -> None:
        """Wait for the signals, and look at what the register is sent."""
        for number in (ARM_AFTER, ARM_WITHIN):
            signal.signal(number, lambda number, _: self._armed.add(number))
        event.listen(Engine, "after_cursor_execute", self._within)
        Register.record = self._after(Register.record)  # type: ignore[method-assign] # of this process alone

    def _within(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if ARM_WITHIN in self._armed and statement.startswith("INSERT INTO acts"):
            os.kill(os.getpid(), signal.SIGKILL)

    def _after(self, record: Callable[..., Any]) -> Callable[..., Any]:
        async def recorded(register: Register, entry: Entry) -> Recorded:
            done: Recorded = await record(register, entry)
            if ARM_AFTER in self._armed:
                os.kill(os.getpid(), signal.SIGKILL)
            return done

        return recorded


def turn_clock(off: timedelta) -> None:
    """Have the clock that the facade and the outbox are given go wrong; the engine's own is not ours."""

    def now() -> datetime:
        return datetime.now(UTC) + off

    # The composition root gives each its clock: there it is exchanged.
    vars(worker).update(Minaoshi=partial(Minaoshi, now=now), Outbox=partial(Outbox, now=now), _now=now)


def main() -> None:
    """Run until told to end."""
    parser = argparse.ArgumentParser(prog="python -m chaos.entry")
    parser.add_argument("kind", choices=sorted(RUN))
    parser.add_argument("--clock-off", type=float, default=0.0)
    parser.add_argument("--plant", choices=sorted(PLANTS))
    given = parser.parse_args()
    write_logs()
    if given.clock_off:
        turn_clock(timedelta(seconds=given.clock_off))
    if given.plant:
        PLANTS[given.plant]()
    Death().listen()
    asyncio.run(until_stopped(RUN[given.kind](load_settings())))


if __name__ == "__main__":
    main()
    end_process(0)
