"""費用の伸び (growth): how the costs grow, by hand, for the pictures in `docs/performance.md`.

`python -m bench.growth`, or some of its parts; the curve of the sweep is kept by `python -m bench.sweep`.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.arrivals import arrivals
from bench.body import settings_in
from bench.conditions import conditions
from bench.curves import Curves, Line, keep
from bench.large_register import Size
from bench.measure import at_once, both_sides
from bench.registers import compare, filled, inbox_of, list_of
from engine.exit import end_process
from schemas.lists import AssessmentQuery

_AT_ONCE = (1, 2, 4, 8, 16, 24, 48)
_REVIEWS = 48
_RATES = (2.0, 5.0, 10.0, 15.0, 20.0)
_ROUNDS, _PER_ROUND = 4, 30
_SIZES = (100, 1_000, 10_000, 40_000)
_OPEN = 4
"""Every fourth assessment is under review."""


async def reviews(home: Path, on: str) -> Curves:
    """Measure reviews and skeletons a second, with ever more of them at once."""
    measured: list[tuple[float, float, float]] = []
    async with both_sides(settings_in(home), assessments=_REVIEWS * (len(_AT_ONCE) + 1)) as sides:
        following = iter(sides.ids)
        for number in (_AT_ONCE[-1], *_AT_ONCE):  # the first warms up
            skeleton_s = await at_once(sides.skeleton, itertools.repeat("", _REVIEWS), number=number)
            review_s = await at_once(sides.review, list(itertools.islice(following, _REVIEWS)), number=number)
            measured.append((number, _REVIEWS / skeleton_s, _REVIEWS / review_s))
    lines = _lines(("骨組み（毎秒）", "変更のない見直し（毎秒）"), measured[1:])
    return Curves("同時に進む見直しの数と、毎秒の件数", "同時の数", "件／秒", on, lines)


async def acts(home: Path, on: str) -> Curves:
    """Measure how long an act waits when ever more of them come in a second."""
    measured = []
    for rate in _RATES:
        folder = home / f"{rate:g}"
        folder.mkdir()
        reviewed, bare = await arrivals(settings_in(folder), rate=rate, rounds=_ROUNDS, per_round=_PER_ROUND)
        shares = (side.share(part) * 1000 for side in (reviewed, bare) for part in (0.5, 0.99))
        measured.append((rate, *shares))
    names = ("行為（中央値）", "行為（99%点）", "更新だけ（中央値）", "更新だけ（99%点）")
    return Curves("毎秒に届く行為の数と、答えまでの時間", "行為／秒", "ミリ秒", on, _lines(names, measured))


async def registers(home: Path, on: str) -> Curves:
    """Measure an inbox and the first page of the register in ever larger registers."""
    measured = []
    for number in _SIZES:
        register = await filled(home / str(number), Size(number, max(number // _OPEN, _SIZES[0])))
        looks = (inbox_of("manager"), list_of("manager", AssessmentQuery()))
        measured.append((number, *[(await compare(register, register, look)).large_s * 1000 for look in looks]))
        await register.close()
    return Curves("評価書の数と、一頁を作る時間", "評価書", "ミリ秒", on, _lines(("受信箱", "台帳の一頁目"), measured))


def _lines(names: Sequence[str], measured: Sequence[tuple[float, ...]]) -> tuple[Line, ...]:
    columns = [tuple((row[0], row[place]) for row in measured) for place in range(1, len(names) + 1)]
    return tuple(Line(name, points) for name, points in zip(names, columns, strict=True))


PARTS: dict[str, Callable[[Path, str], Coroutine[Any, Any, Curves]]] = {
    "reviews": reviews,
    "arrivals": acts,
    "registers": registers,
}


def main(names: Sequence[str]) -> int:
    """Measure and keep the curves of these parts, of all where none is named; 2 for an unknown part."""
    if unknown := [name for name in names if name not in PARTS]:
        Console(stderr=True).print(f"「{'、'.join(unknown)}」はありません。次から選んでください: {', '.join(PARTS)}")
        return 2
    with tempfile.TemporaryDirectory(prefix="minaoshi-growth-") as folder:
        on = conditions(Path(folder))
        for name in names or PARTS:
            home = Path(folder) / name
            home.mkdir()
            keep(name, asyncio.run(PARTS[name](home, on)))
    return 0


if __name__ == "__main__":
    end_process(main(sys.argv[1:]))
