"""都道府県ごとの受領の図 (map of coverage): a tile for each prefecture, as SVG.

A page may give the classes of the tiles its own colours. What a shade says the frame and the number say too.
"""

from __future__ import annotations

from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FONT = "'Noto Sans JP','Noto Sans CJK JP','Hiragino Sans','Yu Gothic UI',sans-serif"
_INK, _LINE, _KEY, _RED = "#1a1a1a", "#767676", "#00118f", "#c00000"
_BANDS = MappingProxyType(
    {
        "none": f'fill="#ffffff" stroke="{_LINE}" stroke-width="1"',
        "zero": f'fill="#ffffff" stroke="{_RED}" stroke-width="2" stroke-dasharray="4 3"',
        "some": f'fill="#e8f1fe" stroke="{_LINE}" stroke-width="1"',
        "most": f'fill="#c5d7fb" stroke="{_LINE}" stroke-width="1"',
        "all": f'fill="#c5d7fb" stroke="{_KEY}" stroke-width="4"',
    }
)
_TILE, _GAP, _TOP = 48, 2, 64
_WIDTH, _HEIGHT = 14 * _TILE, 12 * _TILE + _TOP + 12
_KEYS = (("all", "全て確認"), ("most", "半数以上"), ("some", "半数未満"), ("zero", "確認なし"), ("none", "宛先なし"))


class Tile(NamedTuple):
    """四角 (tile): a prefecture in its place, with the share that has acknowledged; None where it has nobody."""

    name: str
    column: int
    row: int
    percent: int | None
    band: str
    words: str


def coverage_map(tiles: Sequence[Tile], *, title: str, said: str) -> str:
    """Draw the tiles; `said` tells of the whole in words."""
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    spoken = 'role="img" aria-labelledby="coverage-title coverage-desc" lang="ja"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {spoken} font-family="{_FONT}">',
            f'<title id="coverage-title">{escape(title)}</title>',
            f'<desc id="coverage-desc">{escape(said)}</desc>',
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            _text(8, 24, title, anchor="start"),
            *_legend(),
            *(part for one in tiles for part in _tile(one)),
            "</svg>",
            "",
        )
    )


def _legend() -> Iterator[str]:
    for place, (band, words) in enumerate(_KEYS):
        left = 8 + place * 108
        yield f'<g class="tile {band}"><rect x="{left}" y="38" width="18" height="18" rx="2" {_BANDS[band]}/></g>'
        yield _text(left + 26, 52, words, anchor="start")


def _tile(one: Tile) -> Iterator[str]:
    left, top = one.column * _TILE + _GAP, one.row * _TILE + _TOP + _GAP
    side, middle = _TILE - 2 * _GAP, one.column * _TILE + _TILE // 2
    yield f'<g class="tile {one.band}"><title>{escape(one.words)}</title>'
    yield f'<rect x="{left}" y="{top}" width="{side}" height="{side}" rx="4" {_BANDS[one.band]}/>'
    yield _text(middle, top + 18, one.name)
    yield _text(middle, top + 35, "—" if one.percent is None else f"{one.percent}%", weight=700)
    yield "</g>"


def _text(x: int, y: int, text: str, *, anchor: str = "middle", weight: int = 400) -> str:
    place = f'x="{x}" y="{y}" text-anchor="{anchor}" font-size="12" font-weight="{weight}"'
    return f'<text {place} fill="{_INK}">{escape(text)}</text>'
