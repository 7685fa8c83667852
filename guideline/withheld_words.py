"""公表しない語 (withheld words): the strings that a document withholds, replaced wherever else they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import NamedTuple

from guideline.withholding import TABLE, Keys, WithheldPlace
from schemas.forms import catalogue
from schemas.forms.catalogue import Schema
from schemas.forms.errors import shortened

CHANGES = "changes"
"""変更箇所の表: the key of the table of changes in a document."""

WITHHELD = "（公表しない）"
"""What stands where no row of the table says why."""

_SURE = 4  # characters; a shorter name or line is taken for one only where it stands alone
_LONG = 20  # characters; a withheld text of this length that is found word for word elsewhere is no accident


class Sort(Enum):
    """語の別 (sort) of a withheld string."""

    NAME = auto()  # 各件の名称、一覧の項目
    LINE = auto()  # 一行の記載、日付
    TEXT = auto()  # 文章


class Leaf(NamedTuple):
    """公表しない語 (withheld string)."""

    text: str
    sort: Sort


class Entry(NamedTuple):
    """各件 (entry of a repeated part), by its name."""

    kind: str
    number: int
    name: str


def withheld_leaves(schema: Schema, document: Mapping[str, object], rows: tuple[WithheldPlace, ...]) -> Iterator[Leaf]:
    """Find every string that the rows withhold, but for those of choices, which are words of the form."""

    def leaves(node: Schema, value: object, keys: Keys, sort: Sort) -> Iterator[Leaf]:
        if isinstance(value, str):
            if value.strip() and any(row.covers(keys) for row in rows) and not catalogue.choices(schema, node):
                yield Leaf(value, sort)
            return
        for key, inner, below in parts_of(node, value):
            yield from leaves(inner, below, (*keys, key), _sort(node, inner, key))

    for key, node, value in parts_of(schema, document):
        if key not in (TABLE, CHANGES):
            yield from leaves(node, value, (key,), Sort.LINE)


def _sort(node: Schema, inner: Schema, key: str | int) -> Sort:
    """Say what a string at this key would be; `node` is the list or group that it stands in."""
    if node.get("x-display") == "list" or node.get("x-names") == key:
        return Sort.NAME
    return Sort.TEXT if inner.get("x-display") == "text" else Sort.LINE


def named_entries(schema: Schema, document: object) -> Iterator[Entry]:
    """Find every named entry of every repeated part, in the order of the document."""
    for key, inner, below in parts_of(schema, document):
        name = catalogue.name_of(schema, below) if isinstance(key, int) and "x-repeat" in schema else None
        if name is not None:
            yield Entry(schema["x-repeat"], int(key) + 1, name)
        yield from named_entries(inner, below)


def parts_of(node: Schema, value: object) -> Iterator[tuple[str | int, Schema, object]]:
    """Go one step down a document, with the node of the form that each part stands on; an empty one where none does.

    The node of an entry of a repeated part says in `x-names` which of its keys is the name of the entry.
    """
    if isinstance(value, list):
        inner = {**node.get("items", {}), "x-names": node.get("x-key")}
        yield from ((index, inner, entry) for index, entry in enumerate(value))
    elif isinstance(value, Mapping):
        properties = node.get("properties", {})
        yield from ((str(key), properties.get(key, {}), below) for key, below in value.items())


@dataclass(frozen=True)
class Words:
    """置き換える語 (words to be replaced): names by what the entry is called instead, and long texts."""

    names: Mapping[str, str]
    leaves: tuple[Leaf, ...]
    _pattern: re.Pattern[str] | None
    _forms: Mapping[str, str]

    @classmethod
    def of(cls, leaves: Iterable[Leaf], entries: Iterable[Entry], *, former: Iterable[str] = ()) -> Words:
        """Gather them; `former` are names that a withheld entry had before.

        An entry whose name is withheld anywhere, if only in a list of names, is called by its kind and number.
        """
        found = tuple(dict.fromkeys(leaves))
        texts = {leaf.text for leaf in found}
        names = dict.fromkeys(former, WITHHELD)
        names |= {leaf.text: WITHHELD for leaf in found if leaf.sort is Sort.NAME}
        called: dict[str, str] = {}
        for entry in entries:
            if entry.name in texts:
                called.setdefault(entry.name, f"{entry.kind}{entry.number}{WITHHELD}")
        names |= called
        forms = {leaf.text: WITHHELD for leaf in found if len(leaf.text) >= _LONG}
        forms |= {form: names[name] for name in names for form in (name, name.strip(), shortened(name))}
        longest_first = sorted(forms, key=len, reverse=True)
        pattern = re.compile("|".join(map(_pattern, longest_first))) if forms else None
        return cls(MappingProxyType(names), found, pattern, MappingProxyType(forms))

    def clean(self, text: str) -> str:
        """Give the text without the withheld names and long texts."""
        if text in self.names:
            return self.names[text]
        return self._pattern.sub(lambda found: self._forms[found.group()], text) if self._pattern else text

    def clean_metadata(self, text: str) -> str:
        """Give what is published beside the documents, such as the title; a mark where they withhold it.

        A title may be part of a withheld line, as the name of a business is part of that of its assessment.
        """
        if any(_tells(text, leaf) for leaf in self.leaves):
            return self.names.get(text, WITHHELD)
        return self.clean(text)


def _pattern(form: str) -> str:
    words = re.escape(form)
    return words if len(form) >= _SURE else rf"(?<!\w){words}(?!\w)"


def _tells(text: str, leaf: Leaf) -> bool:
    if leaf.text == text:
        return True
    part_of = leaf.sort is not Sort.TEXT and len(text) >= _SURE and text in leaf.text
    return part_of or (len(leaf.text) >= _SURE and leaf.text in text)
