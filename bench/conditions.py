"""計測の条件 (conditions): what a ratio was measured on; without them nobody can judge it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.rows import Row

SQLITE = "SQLite WAL, synchronous=FULL (server and register)"

_WRITES = 60
_BLOCK = b"\0" * 4096


def conditions(folder: Path) -> str:
    """Say how many cores there are, what a forced write costs in that folder just now, and how busy the machine is."""
    return (
        f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {SQLITE}, "
        f"fsync {_forced_write_s(folder) * 1000:.1f} ms, load {os.getloadavg()[0]:.1f}"
    )


def _forced_write_s(folder: Path) -> float:
    """Give the median seconds of writing one block behind the others and forcing it to the disk."""
    took: list[float] = []
    path = folder / "forced"
    with path.open("wb", buffering=0) as file:
        for _ in range(_WRITES):
            began = time.perf_counter()
            file.write(_BLOCK)
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    path.unlink()
    return median(took)


def show(rows: list[Row], on: str) -> None:
    """Print the rows, what they were measured on, and at the end what does not hold."""
    console = Console(width=None if sys.stdout.isatty() else 160)
    table = Table("name", "measured", "bar", "ok", "conditions")
    for row in rows:
        table.add_row(row.name, f"{row.ratio:.2f}", f"{row.bar:g}", "✓" if row.ok else "✗", row.conditions)
    console.print(table)
    console.print(f"measured on: {on}")
    missed = [row for row in rows if not row.ok]
    console.print(f"{len(rows) - len(missed)} of {len(rows)} bars hold.")
    for row in missed:
        console.print(f"✗ {row.name}: {row.ratio:.2f}, bar {row.bar:g}")
