"""公金受取口座の誤登録 (wrong registrations of 2022-2023): what was made public, read from one file.

The tests, the page of the docs and the third story all take the days from here.
"""

from __future__ import annotations

import tomllib
from datetime import date
from enum import StrEnum
from functools import cache

from pydantic import Field, JsonValue

from demo.telling import file_of
from schemas.base import Identifier, Line, Message, Text
from schemas.organisation import Organisation


class Kind(StrEnum):
    """記録の別 (kind of entry): as what an entry is recorded."""

    EVENT = "event"  # 事案の報告
    FACTS = "facts"  # 事実の更新
    FILING = "filing"  # 提出の記録
    BACKGROUND = "background"  # 記録しない


class Source(Message):
    """出典 (source)."""

    title: Line = Field(title="名称")
    address: Line | None = Field(default=None, title="所在")


class Entry(Message):
    """経過の一件 (entry): `on` is the day that is counted from, `said` what the sources say of it."""

    id: Identifier = Field(title="識別子")
    act: Kind = Field(title="記録の別")
    on: date = Field(title="日")
    said: Line = Field(title="資料の示す日")
    title: Line = Field(title="件名")
    text: Text = Field(title="内容")
    sources: tuple[Line, ...] = Field(min_length=1, title="出典")
    cases: int | None = Field(default=None, title="件数")
    learned: dict[str, JsonValue] = Field(default={}, title="分かった事実")
    assumed: Text | None = Field(default=None, title="仮定")


class History(Message):
    """経過 (history): every entry in the order of its day; `main` is the event with which the others are joined."""

    department: Identifier = Field(title="知った部署")
    main: Identifier = Field(title="合わせる先の事案")
    cause: Text = Field(title="原因")
    assumptions: tuple[Text, ...] = Field(title="全体の仮定")
    first_learned: dict[str, JsonValue] = Field(title="個別の申出を受けた日に分かったこと")
    sources: dict[str, Source] = Field(title="出典")
    entries: tuple[Entry, ...] = Field(title="経過")

    def entry(self, entry_id: str) -> Entry:
        return next(one for one in self.entries if one.id == entry_id)

    def of(self, kind: Kind) -> tuple[Entry, ...]:
        return tuple(one for one in self.entries if one.act is kind)

    @property
    def joined(self) -> tuple[Entry, ...]:
        """The events that are the same as the main one, and were known before it."""
        main = self.entry(self.main)
        return tuple(one for one in self.of(Kind.EVENT) if one.on < main.on)

    def report(self, entry: Entry) -> dict[str, JsonValue]:
        """Give what a desk reports of an entry that is an event."""
        return {
            "title": entry.title,
            "facts": entry.text,
            "known_on": entry.on.isoformat(),
            "known_by_department": self.department,
            "persons_affected": entry.cases,
            "persons_feared": entry.cases,
            "cause": self.cause,
        }

    def facts(self, entry: Entry) -> dict[str, JsonValue]:
        """Give what was learned on the day of an entry."""
        return self.first_learned if entry.act is Kind.EVENT else entry.learned


@cache
def history() -> History:
    """Give the history as it stands in its file."""
    return History.model_validate(tomllib.loads(file_of("account_registration.toml").decode()), strict=False)


@cache
def organisation() -> Organisation:
    """Give the sample organisation in which it is played."""
    return Organisation.model_validate(tomllib.loads(file_of("organisation.toml").decode()), strict=False)
