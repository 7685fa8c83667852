"""混沌の入口 (chaos): runs once, tells what happened, and ends with 0 when all that must hold has held."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import signal
import sys
import tempfile
from pathlib import Path

from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from chaos.faults import FAULTS
from chaos.planted import PLANTS
from chaos.running import Outcome, Wanted, run
from chaos.telling import tell
from engine.exit import end_process

_SEEDS = 1_000_000


def main() -> int:
    """Read the options, run, and tell."""
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="the same seed draws the same faults and people")
    parser.add_argument("--duration", type=float, default=180.0, help="seconds in which faults begin")
    parser.add_argument("--register", choices=("postgresql", "sqlite"), default="postgresql")
    parser.add_argument("--faults", nargs="*", choices=sorted(FAULTS), default=[], help="these alone")
    parser.add_argument("--plant", choices=sorted(PLANTS), help="a bug that the run must find")
    parser.add_argument("--home", type=Path, help="an empty folder, which is kept with all logs")
    given = parser.parse_args()
    seed = secrets.randbelow(_SEEDS) if given.seed is None else given.seed
    # That calls are tried again is what is wanted here.
    quiet = LoggingConfig(filter=TelemetryFilter(core_level="ERROR", other_level="ERROR"))
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=quiet)))
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # a terminal, a pipe or a file
    print(f"SEED={seed} DURATION_S={given.duration:g} REGISTER={given.register}")  # noqa: T201 # it is told to whoever runs it
    wanted = Wanted(seed, given.duration, given.register, tuple(given.faults), given.plant)
    with tempfile.TemporaryDirectory(prefix="minaoshi-chaos-", ignore_cleanup_errors=True) as folder:
        outcome = asyncio.run(_run(given.home or Path(folder), wanted))
    tell(outcome, seed=seed)
    return 0 if outcome.ok else 1


async def _run(home: Path, wanted: Wanted) -> Outcome:
    # Told to end it ends as by Ctrl-C: a database server that it started would outlive it.
    signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
    return await run(home, wanted)


if __name__ == "__main__":
    end_process(main())
