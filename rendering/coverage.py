"""受講の状況の図 (picture of coverage): one bar for each department, as SVG whose words say the same."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FONT = "'Noto Sans JP','Noto Sans CJK JP','Hiragino Sans','Yu Gothic UI',sans-serif"
_INK, _DONE, _EXCUSED, _OPEN = "#1a1a1a", "#00118f", "#4979f5", "#ffffff"
_WIDTH, _LEFT, _BAR, _ROW, _TOP, _HEIGHT = 760, 220, 380, 30, 84, 18
_MOST_LETTERS = 14
_WHOLE = 100


class Bar(NamedTuple):
    """棒 (bar): a department, and how many of it."""

    name: str
    done: int
    excused: int
    total: int


def coverage_svg(bars: Sequence[Bar], *, title: str) -> str:
    """Draw the bars; each part has a pattern of its own beside its colour, and its number in words."""
    height = _TOP + _ROW * len(bars) + 12
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    spoken = 'role="img" aria-labelledby="t d" lang="ja"'
    said = "。".join(f"{one.name}: {_words(one)}" for one in bars) or "名簿は空です"
    stripes = (
        '<pattern id="p" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="#ffffff"/><rect width="3" height="6" fill="{_EXCUSED}"/></pattern>'
    )
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {spoken} font-family="{_FONT}">',
            f'<title id="t">{escape(title)}</title>',
            f'<desc id="d">{escape(said)}</desc>',
            f"<defs>{stripes}</defs>",
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            _text(16, 28, "部署ごとの受講の状況", size=18),
            *_legend(),
            *(part for number, one in enumerate(bars) for part in _bar(one, _TOP + number * _ROW)),
            "</svg>",
            "",
        )
    )


def _legend() -> Iterator[str]:
    for place, (words, fill) in enumerate((("済", _DONE), ("理由により除く", "url(#p)"), ("未了", _OPEN))):
        left = 16 + place * 150
        yield _box(left, 44, 18, fill=fill)
        yield _text(left + 26, 58, words)


def _bar(bar: Bar, top: int) -> Iterator[str]:
    yield f"<g><title>{escape(f'{bar.name}: {_words(bar)}')}</title>"
    short = bar.name if len(bar.name) <= _MOST_LETTERS else f"{bar.name[: _MOST_LETTERS - 1]}…"
    yield _text(_LEFT - 12, top + 14, short, anchor="end")
    done, excused = (_BAR * part // max(bar.total, 1) for part in (bar.done, bar.excused))
    yield _box(_LEFT, top, _BAR, fill=_OPEN)
    yield _box(_LEFT, top, done, fill=_DONE)
    yield _box(_LEFT + done, top, excused, fill="url(#p)")
    covered = (bar.done + bar.excused) * _WHOLE // max(bar.total, 1)
    yield _text(_LEFT + _BAR + 12, top + 14, f"{covered}%（未了 {bar.total - bar.done - bar.excused}）")
    yield "</g>"


def _words(bar: Bar) -> str:
    open_ones = bar.total - bar.done - bar.excused
    return f"{bar.total}人のうち、済 {bar.done}、理由により除く {bar.excused}、未了 {open_ones}"


def _box(left: int, top: int, width: int, *, fill: str) -> str:
    place = f'x="{left}" y="{top}" width="{width}" height="{_HEIGHT}"'
    return f'<rect {place} fill="{fill}" stroke="{_INK}" stroke-width="1"/>' if width else ""


def _text(left: int, top: int, text: str, *, size: int = 14, anchor: str = "start") -> str:
    place = f'x="{left}" y="{top}" text-anchor="{anchor}" font-size="{size}"'
    return f'<text {place} fill="{_INK}">{escape(text)}</text>'
