"""十年を過ごす: `make years` plays the ten years of so many assessments, and tells what each year brought."""

from __future__ import annotations

import asyncio
import sys
import time

from tests.years.days import opens_the_week
from tests.years.rules import amended_rules
from tests.years.scenes import scenes
from tests.years.table import rows
from tests.years.town import open_town


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")


async def live(count: int) -> bool:
    """Play the ten years; say whether everything was as it must be."""
    began = time.monotonic()
    async with open_town(count) as town:
        with amended_rules():
            await town.play(scenes(town.planned), swept_on=opens_the_week)
        verdict = await town.minaoshi.verify_audit()
        wrong = [*town.silent, *town.wrong_dates, *town.without_an_end, *verdict.problems]
        for line in (*rows(town), *wrong):
            tell(line)
        spent = time.monotonic() - began
        tell(f"評価書{len(town.planned)}件、行為{verdict.entries:,}件の証跡、{spent:.0f}秒。")
        tell(
            "督促のない遅れ、数え直しと異なる期日、証跡の誤りは"
            + (f"{len(wrong)}件あります。" if wrong else "ありません。")
        )
    return not wrong


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(live(int(sys.argv[1]))) else 1)
