"""伸びの記録 (curves): how a cost grows, as measured; kept in `docs/performance.json`, drawn by `docs/generate.py`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

KEPT = Path(__file__).resolve().parent.parent / "docs" / "performance.json"


class Line(NamedTuple):
    """線 (line): what was measured, each point as number and cost."""

    name: str
    points: tuple[tuple[float, float], ...]


class Curves(NamedTuple):
    """図の中身 (content of a picture): lines over one number, and what they were measured on."""

    title: str
    number: str
    cost: str
    measured_on: str
    lines: tuple[Line, ...]


def kept() -> dict[str, Curves]:
    """Give what was kept, by the name of its part."""
    return {part: _curves(one) for part, one in _content().items()}


def keep(part: str, curves: Curves) -> None:
    """Keep what was measured in the place of what was kept of that part."""
    lines = {one.name: [[number, round(cost, 2)] for number, cost in one.points] for one in curves.lines}
    whole = {**_content(), part: {**curves._asdict(), "lines": lines}}
    KEPT.write_text(json.dumps(dict(sorted(whole.items())), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _content() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    return content


def _curves(one: Mapping[str, Any]) -> Curves:
    lines = tuple(Line(name, tuple((number, cost) for number, cost in points)) for name, points in one["lines"].items())
    return Curves(one["title"], one["number"], one["cost"], one["measured_on"], lines)
