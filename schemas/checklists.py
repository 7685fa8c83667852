"""年次の確認表 (checklist): what is asked this year, beside what was answered last time."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.acts import SectionCheck
from schemas.base import Line, Message
from schemas.countermeasures import CountermeasureState


class Mark(StrEnum):
    """印 (mark): how an item stands to the last answers."""

    NEW = "new"  # 新しい
    CHANGED = "changed"  # 記載が変わった
    SAME = "same"  # 前回と同じ
    GONE = "gone"  # なくなった

    @property
    def label(self) -> str:
        """The mark in Japanese."""
        return {"new": "新しい", "changed": "記載が変わった", "same": "前回と同じ", "gone": "なくなった"}[self.value]


class ChecklistRow(Message):
    """確認表の一行 (row): the item, how it stands, and what was said of it last time."""

    item: Line = Field(title="区分又はリスク対策の項目")
    mark: Mark = Field(title="前回との違い")
    last: SectionCheck | None = Field(title="前回の確認")
    is_measure: bool = Field(default=False, title="記載されたリスク対策")
    countermeasures: tuple[CountermeasureState, ...] = Field(default=(), title="実施中の対応策")
