"""様式の一覧 (catalogue of forms): which forms are known, and the sections and items that each of them has.

Everything comes from the annotations of the schema file; no item is listed anywhere else.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from schemas.forms.errors import shortened

_SUFFIX = ".schema.json"

Schema = Mapping[str, Any]


class UnknownFormError(LookupError):
    """未知の様式 (unknown form): no schema file has this form and version."""


@dataclass(frozen=True)
class Form:
    """様式 (form): one schema file."""

    name: str
    version: str
    title: str
    era_label: str
    schema: Schema = field(repr=False, compare=False)


@dataclass(frozen=True)
class Section:
    """区分 (section) of a form; the id is the key in a document."""

    id: str
    number: str
    title: str

    @property
    def label(self) -> str:
        """Number and title, as a person reads them."""
        return f"{self.number} {self.title}"


@dataclass(frozen=True)
class Item:
    """項目 (item): one place of a form that is filled in; `*` in its path stands for each entry of a repeated part."""

    section: str
    number: str
    title: str
    label: str
    path: str
    display: str
    choices: Mapping[str, str] = field(repr=False, compare=False)
    required: bool
    material_change: bool
    withholdable: bool
    confirmed: bool
    risk: str | None

    def value_in(self, document: object) -> object:
        """Give what the document says at this item; None where it says nothing."""
        return value_at(document, self.path.split("/")[1:])


@dataclass(frozen=True)
class RiskMeasure:
    """リスク対策 (risk measure): one item of the yearly checklist; the id is the key of its part of a document."""

    id: str
    number: str
    title: str
    path: str

    @property
    def label(self) -> str:
        """Number and title, as a person reads them."""
        return f"{self.number} {self.title}"


EACH = "*"
"""各件: what stands in the path of an item for each entry of a repeated part."""


@functools.cache
def known_forms() -> tuple[Form, ...]:
    """Give every known form, by name and version."""
    forms = []
    for folder in resources.files(__package__).iterdir():
        if folder.is_dir():
            files = [file for file in folder.iterdir() if file.name.endswith(_SUFFIX)]
            forms += [_form(json.loads(file.read_text(encoding="utf-8"))) for file in files]
    return tuple(sorted(forms, key=lambda form: (form.name, form.version)))


def _form(schema: Schema) -> Form:
    return Form(schema["x-form"], schema["x-form-version"], schema["x-title"], schema["x-era-label"], schema)


def load(name: str, version: str) -> Form:
    """Give one form; raises UnknownFormError."""
    for form in known_forms():
        if (form.name, form.version) == (name, version):
            return form
    raise UnknownFormError(f"様式「{name}」の版「{version}」は登録されていません。")


@functools.cache
def sections(name: str, version: str) -> tuple[Section, ...]:
    """Give the sections that the yearly review holds against reality, in the order of the form (規則第14条第1項)."""
    return tuple(
        Section(key, node["x-section"], node["title"])
        for key, node in load(name, version).schema["properties"].items()
        if node.get("x-yearly-check")
    )


@functools.cache
def items(name: str, version: str) -> tuple[Item, ...]:
    """Give every item, in the order of the form; a table is one item."""
    form = load(name, version)
    return tuple(item for key in form.schema["properties"] for item in _items_under(form.schema, (key,), None))


def _items_under(schema: Schema, keys: Keys, risk: str | None) -> Iterator[Item]:
    steps = tuple(walk(schema, keys))
    node = steps[-1].node
    if node.get("x-risk"):
        risk = str(keys[-1])
    if "x-item" in node and "x-display" in node:
        parent = resolve(schema, steps[-2].node) if len(steps) > 1 else schema
        yield Item(
            section=str(keys[0]),
            number=node["x-item"],
            title=node["title"],
            label=label(steps),
            path=_template(keys),
            display=node["x-display"],
            choices=choices(schema, node),
            required=keys[-1] in parent["required"],
            material_change=node["x-material-change"],
            withholdable=node["x-withholdable"],
            confirmed=node["x-confirmed"],
            risk=risk,
        )
    for inner in _below(node, keys):
        yield from _items_under(schema, inner, risk)


Keys = tuple[str | int, ...]
"""位置の鍵: keys on the way into a schema; the number 0 stands for each entry of a repeated part."""


def _template(keys: Keys) -> str:
    return "/" + "/".join(EACH if isinstance(key, int) else key for key in keys)


def _below(node: Schema, keys: Keys) -> Iterator[Keys]:
    """Go down: into the properties of a group, and into the entry of a repeated part."""
    inner, here = (node["items"], (*keys, 0)) if "x-repeat" in node else (node, keys)
    for key in inner.get("properties", {}):
        yield (*here, key)


@functools.cache
def risk_measures(name: str, version: str) -> tuple[RiskMeasure, ...]:
    """Give every risk measure that the form asks for, in the order of the form."""
    schema = load(name, version).schema
    return tuple(one for key in schema["properties"] for one in _measures_under(schema, (key,)))


def _measures_under(schema: Schema, keys: Keys) -> Iterator[RiskMeasure]:
    node = tuple(walk(schema, keys))[-1].node
    if node.get("x-risk"):
        yield RiskMeasure(str(keys[-1]), node["x-item"], node["title"], _template(keys))
        return
    for inner in _below(node, keys):
        yield from _measures_under(schema, inner)


@dataclass(frozen=True)
class Step:
    """位置 (step): one key or index on the way into a schema, its place among its neighbours, and the node there.

    `entry` names the entry of a repeated part, such as 「9件目のファイル「住民記録」」.
    """

    key: str | int
    position: int
    node: Schema
    entry: str = ""


def walk(schema: Schema, path: Sequence[str | int], document: object = None) -> Iterator[Step]:
    """Follow the path of a document through its schema; ends early at a key that the schema does not know.

    Where the document is given, the entries of repeated parts are called by their names.
    """
    node, value = schema, document
    for key in path:
        value = value_at(value, (key,))
        if isinstance(key, int):
            entry = "" if "x-repeat" not in node else f"各{node['x-repeat']}"
            if entry and document is not None:
                entry = f"{key + 1}件目の{named(node, value)}"
            node = resolve(schema, node)["items"]
            yield Step(key, key, node, entry)
            continue
        properties = resolve(schema, node).get("properties", {})
        if key not in properties:
            return
        node = properties[key]
        yield Step(key, list(properties).index(key), node)


def named(node: Schema, entry: object) -> str:
    """Call an entry of a repeated part by its name, such as 「ファイル「住民記録」」; without one by its kind alone."""
    name = name_of(node, entry)
    return f"{node['x-repeat']}「{shortened(name)}」" if name else str(node["x-repeat"])


def name_of(node: Schema, entry: object) -> str | None:
    """Give the name of an entry of a repeated part; None where it has none."""
    name = value_at(entry, (node["x-key"],))
    return name if isinstance(name, str) and name.strip() else None


def value_at(value: object, path: Sequence[str | int]) -> object:
    """Give what stands at a path; None where nothing does."""
    for key in path:
        if isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            return None
    return value


def label(steps: Sequence[Step]) -> str:
    """Give the number and title of the place in words, such as 「Ⅳ8 人手を介在させる作業（判断の根拠）」.

    The entries of repeated parts stand behind it: 「Ⅱ2① ファイルの種類（9件目のファイル「住民記録」）」.
    """
    words, outer = "評価書", ""
    for step in steps:
        title, number = step.node.get("title"), step.node.get("x-item")
        if step.entry:
            continue
        if isinstance(step.key, int):
            words = f"{words}（{step.key + 1}件目）"
        elif number is None:
            words = f"{step.node['x-section']} {title}" if "x-section" in step.node else f"{words}の{title}"
        else:
            words = f"{words}（{title}）" if number == outer else f"{number} {title}"
        outer = number or ""
    entries = "、".join(step.entry for step in steps if step.entry)
    return f"{words}（{entries}）" if entries else words


def resolve(schema: Schema, node: Schema) -> Schema:
    """Follow the reference of a node into the definitions of its schema; a node without one is itself."""
    if "$ref" not in node:
        return node
    target: Schema = schema["$defs"][node["$ref"].rpartition("/")[2]]
    return target


def choices(schema: Schema, node: Schema) -> Mapping[str, str]:
    """Give the choices of a node, value to Japanese title; those of its entries for a list of choices."""
    inner = node.get("items", node)
    found: Mapping[str, str] = resolve(schema, inner).get("x-choices", {})
    return found
