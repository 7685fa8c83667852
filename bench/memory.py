"""作業者の記憶 (memory of the worker): 1,000 reviews must leave it as large as 200 did, and so must 1,741 letters."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from rich.console import Console

from bench.body import furnish, settings_in
from bench.circulars import FEW, MUNICIPALITIES, measure_letters
from bench.measure import at_once, review_without_change
from client.minaoshi import Minaoshi
from demo.stage import Stage
from engine.connection import connect_embedded
from engine.exit import end_process
from engine.signing import Signatures
from register.register import open_register

if TYPE_CHECKING:
    from settings import Settings

FIRST, ALL = 200, 1_000
BAR = 1.15
_SETTLE_S = 3.0
_MEBIBYTE = 1024 * 1024


async def measure(settings: Settings) -> tuple[int, int]:
    """Give the worker's resident memory after the first reviews and after all of them, in bytes."""
    async with Stage(settings) as stage:
        register = await open_register(settings.register_url)
        minaoshi = Minaoshi(
            register,
            partial(connect_embedded, settings),
            task_queue=settings.task_queue,
            signatures=Signatures(settings),
        )
        ids = await furnish(minaoshi, assessments=ALL)
        review = partial(review_without_change, minaoshi)
        sizes = []
        for some in (ids[:FIRST], ids[FIRST:]):
            await at_once(review, some)
            await asyncio.sleep(_SETTLE_S)
            sizes.append(psutil.Process(stage.worker_pid).memory_info().rss)
        await register.close()
    return sizes[0], sizes[1]


def main() -> int:
    """Measure in folders of their own; 0 when both stay within the bar."""
    with tempfile.TemporaryDirectory(prefix="minaoshi-memory-") as home:
        reviews = asyncio.run(measure(settings_in(Path(home) / "reviews")))
        letters = asyncio.run(measure_letters(settings_in(Path(home) / "letters")))
    ratios = [
        _told(reviews, f"{ALL} reviews beside that after {FIRST}"),
        _told(letters, f"a circular to {MUNICIPALITIES} beside that after one to {FEW}"),
    ]
    return 0 if max(ratios) <= BAR else 1


def _told(sizes: tuple[int, int], what: str) -> float:
    """Print how large the worker was, and give the ratio."""
    first, last = sizes
    ratio = last / first
    Console().print(
        f"worker's resident memory after {what}: {ratio:.2f} (bar {BAR}); "
        f"{first / _MEBIBYTE:.0f} and {last / _MEBIBYTE:.0f} MiB; {os.cpu_count()} cores, "
        f"Python {sys.version.split()[0]}",
        soft_wrap=True,
    )
    return ratio


if __name__ == "__main__":
    end_process(main())
