"""項目 (fields): what a form asks for, and how what was typed becomes the content of an act."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from web.posted import Posted


class Kind(Enum):
    """入力の種類 (kind of input)."""

    LINE = "line"  # 一行
    TEXT = "text"  # 何行でも
    DAY = "day"  # 日付
    NUMBER = "number"  # 数
    CHOICE = "choice"  # 一つ選ぶ
    CHOICES = "choices"  # 幾つでも選ぶ
    YES_NO = "yes_no"  # はい・いいえ・不明
    CHECK = "check"  # する
    LINES = "lines"  # 一行に一つ
    FILE = "file"  # ファイル
    GIVEN = "given"  # ページが示したもの（送り返すだけ）


@dataclass(frozen=True)
class Field:
    """項目: `name` is the place in the content (`account.cause`); a choice is a value with its words.

    `suggestions` is the id of a list of what is usual there, in the same page; `many` says that several files may be
    chosen.
    """

    name: str
    title: str
    kind: Kind = Kind.TEXT
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False
    value: str = ""
    suggestions: str = ""
    many: bool = False


def content_of(fields: Iterable[Field], posted: Posted) -> bytes:
    """Give the content as JSON: what was left empty is left out; what is no number stays text, and is refused."""
    content: dict[str, Any] = {}
    for field in fields:
        value = _value(field, posted)
        if value is not None:
            place = content
            *outer, last = field.name.split(".")
            for part in outer:
                place = place.setdefault(part, {})
            place[last] = value
    return json.dumps(content).encode()


def _value(field: Field, posted: Posted) -> Any:
    text = posted.text(field.name)
    match field.kind:
        case Kind.FILE:
            return None
        case Kind.CHOICES:
            return posted.texts(field.name) or None
        case Kind.LINES:
            return [line.strip() for line in text.splitlines() if line.strip()] or None
        case Kind.YES_NO | Kind.CHECK:
            return {"yes": True, "no": False}.get(text)
        case Kind.NUMBER | Kind.GIVEN:
            return _number(text) if text else None
    return text or None


def _number(text: str) -> int | str:
    """Read a number as people write it: in any width, with or without separators."""
    plain = text.replace(",", "").replace("，", "").replace("、", "").removesuffix("人")
    try:
        return int(plain)
    except ValueError:
        return text
