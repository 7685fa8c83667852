"""都道府県 (prefectures): their codes (JIS X 0401) and names, and where each stands on a map made of tiles. Pure."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Prefecture(NamedTuple):
    """都道府県 (prefecture): `column` and `row` are its place on the map, from the upper left."""

    code: str
    name: str
    column: int
    row: int

    @property
    def short(self) -> str:
        """The name without 都, 府 or 県, as it fits on a tile."""
        return self.name if self.code == "01" else self.name[:-1]


_ROWS = (
    ("北海道", 13, 0),
    ("青森県", 12, 2),
    ("岩手県", 12, 3),
    ("宮城県", 12, 4),
    ("秋田県", 11, 3),
    ("山形県", 11, 4),
    ("福島県", 11, 5),
    ("茨城県", 12, 6),
    ("栃木県", 11, 6),
    ("群馬県", 10, 6),
    ("埼玉県", 10, 7),
    ("千葉県", 12, 7),
    ("東京都", 11, 7),
    ("神奈川県", 11, 8),
    ("新潟県", 10, 5),
    ("富山県", 9, 5),
    ("石川県", 8, 5),
    ("福井県", 8, 6),
    ("山梨県", 10, 8),
    ("長野県", 9, 7),
    ("岐阜県", 9, 6),
    ("静岡県", 9, 8),
    ("愛知県", 8, 8),
    ("三重県", 7, 8),
    ("滋賀県", 8, 7),
    ("京都府", 7, 6),
    ("大阪府", 6, 7),
    ("兵庫県", 6, 6),
    ("奈良県", 7, 7),
    ("和歌山県", 6, 8),
    ("鳥取県", 5, 6),
    ("島根県", 4, 6),
    ("岡山県", 5, 7),
    ("広島県", 4, 7),
    ("山口県", 3, 7),
    ("徳島県", 5, 10),
    ("香川県", 5, 9),
    ("愛媛県", 4, 9),
    ("高知県", 4, 10),
    ("福岡県", 1, 7),
    ("佐賀県", 0, 7),
    ("長崎県", 0, 8),
    ("熊本県", 1, 8),
    ("大分県", 2, 8),
    ("宮崎県", 2, 9),
    ("鹿児島県", 1, 9),
    ("沖縄県", 0, 11),
)

PREFECTURES: Mapping[str, Prefecture] = MappingProxyType(
    {f"{number:02d}": Prefecture(f"{number:02d}", *row) for number, row in enumerate(_ROWS, start=1)}
)
"""都道府県, by their codes, in their order."""

_BY_NAME = MappingProxyType({name: one for one in PREFECTURES.values() for name in (one.name, one.short)})


def prefecture_of(given: str) -> Prefecture | None:
    """Give the prefecture that a code (`1`, `01`) or a name (東京都, 東京) names; None when there is none."""
    if given.isascii() and given.isdecimal():
        return PREFECTURES.get(given.zfill(2))
    return _BY_NAME.get(given)
