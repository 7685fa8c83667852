"""計測の入口 (bench): all parts, or those that are named; prints a table and writes `bench/results/latest.json`."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import sys
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.arrivals import measure_arrivals
from bench.body import settings_in
from bench.conditions import conditions, show
from bench.forms import measure_forms
from bench.measure import measure
from bench.notices import measure_notices
from bench.registers import measure_registers
from bench.rows import Row
from bench.sealed import measure_sealed
from bench.sweep import measure_sweep
from bench.training import measure_training
from engine.exit import end_process

RESULTS = Path(__file__).parent / "results" / "latest.json"

Part = Callable[[Path], Coroutine[Any, Any, Sequence[Row]]]


async def _forms(_: Path) -> Sequence[Row]:
    return [measure_forms()]


async def _sealed(home: Path) -> Sequence[Row]:
    return [await measure_sealed(settings_in(home))]


PARTS: dict[str, Part] = {
    "reviews": lambda home: measure(settings_in(home)),
    "arrivals": lambda home: measure_arrivals(settings_in(home)),
    "sweep": lambda home: measure_sweep(settings_in(home)),
    "registers": measure_registers,
    "sealed": _sealed,
    "notices": lambda home: measure_notices(settings_in(home)),
    "training": lambda home: measure_training(settings_in(home)),
    "forms": _forms,
}
"""計測の部分 (parts), by the names that the command takes."""


def main(names: Sequence[str]) -> int:
    """Measure the parts, each in a folder of its own; 0 when every row holds its bar, 2 for an unknown part."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        Console(stderr=True).print(
            f"計測の部分「{'、'.join(unknown)}」はありません。次から選んでください: {', '.join(PARTS)}"
        )
        return 2
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="minaoshi-bench-") as folder:
        on = conditions(Path(folder))
        for name in names or PARTS:
            home = Path(folder) / name
            home.mkdir()
            rows.extend(asyncio.run(PARTS[name](home)))
    RESULTS.parent.mkdir(exist_ok=True)
    kept = {"measured_on": on, "rows": [dataclasses.asdict(row) for row in rows]}
    RESULTS.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n")
    show(rows, on)
    return 0 if all(row.ok for row in rows) else 1


if __name__ == "__main__":
    end_process(main(sys.argv[1:]))
