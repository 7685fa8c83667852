"""記入欄 (boxes): what a form asks for, in its order, with what a document says there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from schemas.forms import catalogue
from schemas.forms.catalogue import Keys, Schema
from schemas.forms.errors import pointer

_NOT_FILLED_IN = frozenset({"form", "form_version"})


class BoxKind(StrEnum):
    """記入欄の種類 (kind of box)."""

    GROUP = "group"  # 項目の組
    ENTRIES = "entries"  # 各件
    LINE = "line"  # 一行
    TEXT = "text"  # 何行でも
    DAY = "day"  # 日付
    DIGEST = "digest"  # ファイルのSHA-256
    CHOICE = "choice"  # 一つ選ぶ
    CHOICES = "choices"  # 幾つでも選ぶ
    LIST = "list"  # 一行に一つ


@dataclass(frozen=True)
class Condition:
    """条件 (condition): an answer to another item under which this one is asked for, or must be left out."""

    words: str
    control: str
    answers: tuple[str, ...]
    met: bool


@dataclass(frozen=True)
class Box:
    """記入欄 (box): one node of the form at one place of a document.

    `needed_if` and `barred_if` are the conditions that hold it to the answer of a neighbour; `required` says whether it
    is asked for as the document stands, `barred` whether it must be left out. `inside` are the boxes of a group, or one
    group for each entry of a repeated part.
    """

    keys: Keys
    number: str
    title: str
    kind: BoxKind
    value: object = field(repr=False)
    required: bool = False
    may_be_empty: bool = False
    longest: int | None = None
    most: int | None = None
    choices: Mapping[str, str] = field(default_factory=dict, repr=False)
    needed_if: tuple[Condition, ...] = ()
    barred_if: tuple[Condition, ...] = ()
    material: bool = False
    withholdable: bool = False
    confirmed: bool = True
    entry: str = ""
    name_key: str = ""
    inside: tuple[Box, ...] = field(default=(), repr=False)

    @property
    def pointer(self) -> str:
        """Where it stands in the document."""
        return pointer(self.keys)

    @property
    def barred(self) -> bool:
        """Whether it must be left out, as the document stands."""
        return any(one.met for one in self.barred_if)

    @property
    def is_leaf(self) -> bool:
        """Whether something is filled in here, and not only below."""
        return self.kind not in (BoxKind.GROUP, BoxKind.ENTRIES)

    @property
    def names(self) -> tuple[str, ...]:
        """What the entries are known by; of a table without names, their numbers."""
        return names_of(self.name_key, self.value)

    def leaves(self) -> Iterator[Box]:
        """Go through all that is filled in here and below."""
        if self.is_leaf:
            yield self
        for one in self.inside:
            yield from one.leaves()

    def parts(self) -> Iterator[Box]:
        """Go through this and all that is below."""
        yield self
        for one in self.inside:
            yield from one.parts()


def chapters(document: Mapping[str, Any]) -> tuple[tuple[catalogue.Section, Box], ...]:
    """Give every part of the form that is filled in, with its box; raises UnknownFormError."""
    form = catalogue.load(str(document.get("form")), str(document.get("form_version")))
    found = []
    for key, node in form.schema["properties"].items():
        if key not in _NOT_FILLED_IN:
            section = catalogue.Section(key, node["x-section"], node["title"])
            found.append((section, _box(form.schema, form.schema, document, (key,))))
    return tuple(found)


def boxes(document: Mapping[str, Any]) -> dict[str, Box]:
    """Give every box of a document by where it stands. Raises UnknownFormError."""
    return {box.pointer: box for _, chapter in chapters(document) for box in chapter.parts()}


def names_of(name_key: str, entries: object) -> tuple[str, ...]:
    """Give what each entry is known by: its name, with a number where it is not the first of that name."""
    names: list[str] = []
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        name = catalogue.value_at(entry, (name_key,)) if name_key else None
        words = name if isinstance(name, str) and name.strip() else f"#{index}"
        same = sum(1 for one in names if one == words or one.startswith(f"{words}#"))
        names.append(words if not same else f"{words}#{same + 1}")
    return tuple(names)


def _box(schema: Schema, parent: Schema, around: object, keys: Keys) -> Box:
    key = str(keys[-1])
    node = parent["properties"][key]
    value = catalogue.value_at(around, (key,))
    needed = tuple(_conditions(parent, around, keys, "needed"))
    barred = tuple(_conditions(parent, around, keys, "barred"))
    asked = key in parent.get("required", ()) or any(one.met for one in needed)
    return Box(
        keys=keys,
        number=node.get("x-item", node.get("x-section", "")),
        title=node["title"],
        value=value,
        required=asked and not any(one.met for one in barred),
        needed_if=needed,
        barred_if=barred,
        **_shape(schema, node, value, keys),
    )


def _shape(schema: Schema, node: Schema, value: object, keys: Keys) -> dict[str, Any]:
    if "properties" in node:
        return {"kind": BoxKind.GROUP, "inside": tuple(_box(schema, node, value, (*keys, key)) for key in _keys(node))}
    if "properties" in node.get("items", {}):
        entries = value if isinstance(value, list) else []
        return {
            "kind": BoxKind.ENTRIES,
            "most": node["maxItems"],
            "entry": node.get("x-repeat", node["title"]),
            "name_key": node.get("x-key", ""),
            "inside": tuple(_entry(schema, node, one, (*keys, index)) for index, one in enumerate(entries)),
        }
    target = catalogue.resolve(schema, node)
    return {
        "kind": _kind(node),
        "choices": catalogue.choices(schema, node),
        "longest": node.get("maxLength"),
        "most": node.get("maxItems"),
        "may_be_empty": _may_be_empty(node, target),
        "material": node.get("x-material-change", False),
        "withholdable": node.get("x-withholdable", False),
        "confirmed": node.get("x-confirmed", True),
    }


def _keys(node: Schema) -> Iterable[str]:
    properties: Mapping[str, Schema] = node["properties"]
    return properties


def _entry(schema: Schema, node: Schema, value: object, keys: Keys) -> Box:
    """Give the box of one entry of a repeated part; its title is its name, or else its number."""
    entry = node["items"]
    named = catalogue.name_of(node, value) if "x-repeat" in node else None
    kind = node.get("x-repeat", node["title"])
    return Box(
        keys=keys,
        number=node.get("x-item", node.get("x-section", "")),
        title=f"{kind}「{named}」" if named else f"{int(keys[-1]) + 1}件目の{kind}",
        kind=BoxKind.GROUP,
        value=value,
        required=True,
        inside=tuple(_box(schema, entry, value, (*keys, key)) for key in _keys(entry)),
    )


_KINDS = {
    "line": BoxKind.LINE,
    "text": BoxKind.TEXT,
    "date": BoxKind.DAY,
    "choice": BoxKind.CHOICE,
    "flag": BoxKind.CHOICE,
    "choices": BoxKind.CHOICES,
    "list": BoxKind.LIST,
}


def _kind(node: Schema) -> BoxKind:
    return BoxKind.DIGEST if node.get("$ref", "").endswith("/digest") else _KINDS[node["x-display"]]


def _may_be_empty(node: Schema, target: Schema) -> bool:
    """Say whether the form takes an empty text, or a list of nothing, as an answer."""
    if node.get("type") == "array":
        return not node.get("minItems")
    return "pattern" in target and re.search(target["pattern"], "") is not None


def _conditions(parent: Schema, around: object, keys: Keys, what: str) -> Iterator[Condition]:
    """Find the conditions of the group that speak of a key: each is on the answer to one neighbour."""
    key = keys[-1]
    for rule in parent.get("allOf", ()):
        then = rule["then"]
        speaks = (
            key in then.get("required", ()) if what == "needed" else "not" in then.get("properties", {}).get(key, {})
        )
        if speaks:
            ((control, answers),) = rule["if"]["properties"].items()
            given = catalogue.value_at(around, (control,))
            yield Condition(
                words=rule["x-when"],
                control=pointer((*keys[:-1], control)),
                answers=tuple(answers["enum"]),
                met=given in answers["enum"],
            )
