"""示し方 (how facts are shown): the fields of a message by their titles, in the words of a page."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from typing import Any

from pydantic import BaseModel

from web.pages import show_day, show_instant

UNKNOWN = "分からない"

Row = tuple[str, str]
"""項目の名称とその内容."""


def rows_of(message: BaseModel, *, leave_out: Iterable[str] = (), nothing: str = UNKNOWN) -> tuple[Row, ...]:
    """Give each field of a message with its title and its words, in their order."""
    skipped = set(leave_out)
    names = (name for name in type(message).model_fields if name not in skipped)
    return tuple((title_of(type(message), name), words_of(getattr(message, name), nothing=nothing)) for name in names)


_HINT = re.compile("（[^（）]*(?:なら空|分かっていれば|のとき)）$")


def title_of(model: type[BaseModel], name: str) -> str:
    """Give the title of a field, without what it says to whoever writes JSON."""
    return _HINT.sub("", model.model_fields[name].title or name)


def words_of(value: Any, *, nothing: str = UNKNOWN) -> str:  # noqa: PLR0911 # a word for each kind of value
    """Give a value in words."""
    if value is None or value in ((), ""):
        return nothing
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, datetime):
        return show_instant(value)
    if isinstance(value, date):
        return show_day(value)
    if isinstance(value, Enum):
        return str(getattr(value, "label", value.value))
    if isinstance(value, BaseModel):
        return "　".join(words for _, words in rows_of(value))
    if isinstance(value, tuple):
        return "\n".join(words_of(one) for one in value)
    return str(value)
