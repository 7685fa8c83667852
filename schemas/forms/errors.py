"""記載の誤り (form error): what is wrong at one place of a document, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from pydantic import Field

from schemas.base import Message

WHOLE = "評価書"
"""評価書の全体: the place of an error that belongs to no item."""


_QUOTABLE = 30  # characters


class Severity(StrEnum):
    """重さ (severity): whether a document is refused for it, or a person is asked to look again."""

    ERROR = "error"  # 誤り
    WARNING = "warning"  # 注意

    @property
    def label(self) -> str:
        """The severity in Japanese."""
        return "誤り" if self is Severity.ERROR else "注意"


class FormError(Message):
    """記載の誤り (form error): one mistake, at one place."""

    path: str = Field(title="場所（JSONポインター）")
    item: str = Field(title="項目")
    message: str = Field(title="誤りとすべきこと")
    rule: str = Field(title="規則の符号")
    severity: Severity = Field(default=Severity.ERROR, title="重さ")


def pointer(path: Iterable[str | int]) -> str:
    """Give the JSON pointer (RFC 6901) of a path."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)


def shortened(words: str) -> str:
    """Give the words as they can stand in a sentence: cut short, on one line."""
    line = "".join(letter if letter.isprintable() else " " for letter in words)
    return line if len(line) <= _QUOTABLE else line[:_QUOTABLE] + "…"
