"""十年を過ごす: `make years` plays the ten years of so many assessments, and tells what each year brought.

Bodies have nothing to do with one another: each has a register and a process of its own, as many at once as there are
processors.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from tests.years.population import PER_BODY
from tests.years.rules import amended_rules
from tests.years.scenes import scenes
from tests.years.table import counted, lines
from tests.years.town import open_town


class Lived(NamedTuple):
    """過ごした十年 (what came of ten years): the counts by year, and everything that is not as it must be."""

    found: Counter[tuple[int, str]]
    wrong: tuple[str, ...]
    assessments: int
    entries: int


def live(numbers: range) -> Lived:
    """Play the ten years of one body."""
    return asyncio.run(_live(numbers))


async def _live(numbers: range) -> Lived:
    async with open_town(numbers) as town:
        with amended_rules():
            await town.play(scenes(town.planned))
        verdict = await town.minaoshi.verify_audit()
        wrong = (*town.wrong, *verdict.problems)
        return Lived(counted(town), wrong, len(town.planned), verdict.entries)


def main(count: int) -> int:
    """Play the ten years of all bodies; give the exit status."""
    began = time.monotonic()
    bodies = [range(first, min(first + PER_BODY, count)) for first in range(0, count, PER_BODY)]
    with ProcessPoolExecutor() as processes:
        lived = list(processes.map(live, bodies))
    wrong = [line for one in lived for line in one.wrong]
    entries, assessments = sum(one.entries for one in lived), sum(one.assessments for one in lived)
    judged = f"{len(wrong)}件あります。" if wrong else "ありません。"
    tell(*lines(sum((one.found for one in lived), Counter())), *wrong)
    tell(f"評価書{assessments}件、証跡{entries:,}行、{time.monotonic() - began:.0f}秒。")
    tell(f"督促の記録のない遅れ、数え直しと異なる期日、だれも待たない見直し、証跡の誤りは{judged}")
    return 1 if wrong else 0


def tell(*told: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in told))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
