"""費用の伸びの図 (pictures of growth): one for each part that `docs/performance.json` keeps, as SVG with its numbers.

Each line has a sign of its own beside its colour, and each point says its numbers in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import log10
from typing import NamedTuple

from bench.curves import Curves, Line, kept

_FONT = "'Noto Sans JP','Noto Sans CJK JP','Hiragino Sans','Yu Gothic UI',sans-serif"
_INK, _HAIR = "#1a1a1a", "#b3b3b3"
_COLOURS = ("#00118f", "#c74700", "#4979f5", "#8a5a00")
_SIGNS = ("●", "■", "▲", "◆")
_WIDTH, _HEIGHT = 760, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 30, 132, 400
_STEPS = (1, 2, 5)
_MOST_LINES = 5
_WIDE = 50
"""From this ratio of the largest number to the smallest on the numbers stand by their logarithm."""


def draw_growth() -> dict[str, str]:
    """Give each picture by the name of its file."""
    return {f"performance-{part}.svg": curves_svg(curves) for part, curves in kept().items()}


class _Scale(NamedTuple):
    """目盛り (scale): where a number and a cost stand in the picture."""

    first: float
    last: float
    most: float

    def across(self, number: float) -> float:
        span = _WIDTH - _RIGHT - _LEFT
        if self.last <= self.first:
            return _LEFT
        if self.last / self.first >= _WIDE:
            return _LEFT + span * (log10(number) - log10(self.first)) / (log10(self.last) - log10(self.first))
        return _LEFT + span * (number - self.first) / (self.last - self.first)

    def up(self, cost: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * cost / self.most


def curves_svg(curves: Curves) -> str:
    """Draw the lines over the numbers, the costs from zero."""
    numbers = sorted({number for line in curves.lines for number, _ in line.points})
    highest = max(cost for line in curves.lines for _, cost in line.points)
    step = _step(highest)
    ticks = [step * place for place in range(int(highest / step) + 2)]
    scale = _Scale(numbers[0], numbers[-1], ticks[-1])
    said = "。".join(_words(line, curves) for line in curves.lines)
    parts = [
        _text(20, 32, curves.title, size=18),
        *_legend(curves.lines),
        *_axes(curves, scale, numbers, ticks),
        *(part for place, line in enumerate(curves.lines) for part in _line(line, curves, scale, place)),
        _text(20, _HEIGHT - 10, f"測った条件: {curves.measured_on}", size=10),
    ]
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    spoken = 'role="img" aria-labelledby="t d" lang="ja"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {spoken} font-family="{_FONT}">',
            f'<title id="t">{escape(curves.title)}</title>',
            f'<desc id="d">{escape(said)}</desc>',
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            *parts,
            "</svg>",
            "",
        )
    )


def _step(most: float) -> float:
    """Give the distance of the marks: one, two or five times a power of ten, a few of them in all."""
    power = 10.0 ** int(log10(max(most, 1e-6)) - 1)
    while True:
        for times in _STEPS:
            if most / (times * power) <= _MOST_LINES:
                return times * power
        power *= 10


def _legend(lines: Sequence[Line]) -> Iterator[str]:
    for place, line in enumerate(lines):
        left, top = 20 + place % 2 * 370, 60 + place // 2 * 24
        yield _text(left, top, _SIGNS[place], size=13, fill=_COLOURS[place])
        yield _text(left + 22, top, line.name, size=13)


def _axes(curves: Curves, scale: _Scale, numbers: Sequence[float], ticks: Sequence[float]) -> Iterator[str]:
    for tick in ticks:
        up = scale.up(tick)
        yield f'<path d="M{_LEFT} {up:.1f} H{_WIDTH - _RIGHT}" stroke="{_HAIR}" stroke-width="1"/>'
        yield _text(_LEFT - 10, up + 4, f"{tick:,g}", size=11, anchor="end")
    yield _text(_LEFT - 10, _TOP - 14, curves.cost, size=11, anchor="end")
    for number in numbers:
        yield _text(scale.across(number), _BOTTOM + 18, f"{number:,g}", size=11, anchor="middle")
    yield _text(_WIDTH - _RIGHT, _BOTTOM + 36, curves.number, size=11, anchor="end")


def _line(line: Line, curves: Curves, scale: _Scale, place: int) -> Iterator[str]:
    colour, sign = _COLOURS[place], _SIGNS[place]
    path = " L".join(f"{scale.across(number):.1f} {scale.up(cost):.1f}" for number, cost in line.points)
    yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for number, cost in line.points:
        yield f"<g><title>{escape(f'{line.name}: {curves.number} {number:,g} で {cost:,g}')}</title>"
        yield _text(scale.across(number), scale.up(cost) + 5, sign, size=13, anchor="middle", fill=colour)
        yield "</g>"


def _words(line: Line, curves: Curves) -> str:
    points = "、".join(f"{number:,g} で {cost:,g}" for number, cost in line.points)
    return f"{line.name}（{curves.number}ごとの{curves.cost}）: {points}"


def _text(  # noqa: PLR0913 # where, what, and how it looks
    left: float, top: float, text: str, *, size: int, anchor: str = "start", fill: str = _INK
) -> str:
    place = f'x="{left:.1f}" y="{top:.1f}" text-anchor="{anchor}" font-size="{size}"'
    return f'<text {place} fill="{fill}">{escape(text)}</text>'
