"""評価の種類 (levels): the kinds of assessment, from none to all items."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """評価の種類 (level of assessment)."""

    NOT_REQUIRED = "not_required"  # 義務なし
    BASIC_ITEMS = "basic_items"  # 基礎項目評価
    PRIORITY_ITEMS = "priority_items"  # 重点項目評価
    ALL_ITEMS = "all_items"  # 全項目評価

    @property
    def rank(self) -> int:
        """The place in the order, 0 the lowest."""
        return list(Level).index(self)

    @property
    def label(self) -> str:
        """The level in Japanese."""
        return _TITLES[self]


_TITLES = {
    Level.NOT_REQUIRED: "義務なし",
    Level.BASIC_ITEMS: "基礎項目評価",
    Level.PRIORITY_ITEMS: "重点項目評価",
    Level.ALL_ITEMS: "全項目評価",
}
