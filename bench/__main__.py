"""計測の入口 (bench): prints a table and writes `bench/results/latest.json`."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.body import free_port
from bench.forms import measure_forms
from bench.inboxes import measure_inboxes
from bench.measure import Row, measure
from bench.notices import measure_notices
from bench.sealed import measure_sealed
from bench.training import measure_training
from engine.exit import end_process
from settings import Settings

RESULTS = Path(__file__).parent / "results" / "latest.json"


def main() -> int:
    """Measure in folders of their own; 0 when every row holds its bar."""
    with tempfile.TemporaryDirectory(prefix="minaoshi-bench-") as folder:
        reviews = asyncio.run(measure(_settings(Path(folder) / "reviews")))
        sealed = asyncio.run(measure_sealed(_settings(Path(folder) / "sealed")))
        notices = asyncio.run(measure_notices(_settings(Path(folder) / "notices")))
        training = asyncio.run(measure_training(_settings(Path(folder) / "training")))
        inboxes = asyncio.run(measure_inboxes(Path(folder) / "inboxes"))
        rows = [_on_this_machine(row) for row in (*reviews, sealed, *notices, *training, measure_forms(), inboxes)]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([dataclasses.asdict(row) for row in rows], ensure_ascii=False, indent=2) + "\n")
    _show(rows)
    return 0 if all(row.ok for row in rows) else 1


def _settings(home: Path) -> Settings:
    return Settings(home=home, temporal_port=free_port(), temporal_ui_port=free_port())


def _on_this_machine(row: Row) -> Row:
    return dataclasses.replace(
        row, conditions=f"{row.conditions}; {os.cpu_count()} cores, Python {sys.version.split()[0]}"
    )


def _show(rows: list[Row]) -> None:
    table = Table("name", "ratio", "bar", "ok", "conditions")
    for row in rows:
        table.add_row(row.name, f"{row.ratio:.2f}", f"{row.bar:g}", "✓" if row.ok else "✗", row.conditions)
    Console(width=None if sys.stdout.isatty() else 160).print(table)


if __name__ == "__main__":
    end_process(main())
