"""問い (questions): what a person asks of the rules without reporting anything; nothing is recorded."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Identifier, Line, Message, Text
from schemas.levels import Level
from schemas.reports import ChangeKind


class ThresholdQuestion(Message):
    """しきい値判断の問い (which level is needed)."""

    data_subjects: int = Field(ge=0, le=200_000_000, title="対象人数")
    handlers: int = Field(ge=0, le=10_000_000, title="取扱者数")
    serious_incident: bool = Field(title="過去1年以内の重大事故がある")
    on: date | None = Field(default=None, title="基準日（空なら今日）")


class ChangeQuestion(Message):
    """重要な変更の問い (what follows from a change): of an assessment, or of a level."""

    kind: ChangeKind = Field(title="変更の種類")
    level: Level | None = Field(default=None, title="評価の種類")
    assessment: Identifier | None = Field(default=None, title="評価書の識別子")
    items: Annotated[tuple[Line, ...], Field(max_length=50)] = Field(default=(), title="変わる項目")
    known_on: date | None = Field(default=None, title="把握した日（空なら今日）")
    takes_effect_on: date | None = Field(default=None, title="変更が生じる日（未定なら空）")
    data_subjects: int | None = Field(default=None, ge=0, le=200_000_000, title="新しい対象人数")
    handlers: int | None = Field(default=None, ge=0, le=10_000_000, title="新しい取扱者数")
    emergency: Text | None = Field(default=None, title="規則第9条第2項に当たる事由")


class DeadlineQuestion(Message):
    """漏えい等報告の期限の問い (by when to report)."""

    known_on: date = Field(title="いずれかの部署が最初に知った日")
    situations: Annotated[tuple[Literal["1", "2", "3", "4"], ...], Field(min_length=1)] = Field(title="当たる事態")
