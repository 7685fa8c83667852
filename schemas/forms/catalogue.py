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
    """項目 (item): one place of a form that is filled in."""

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
        value = document
        for key in self.path.split("/")[1:]:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value


@dataclass(frozen=True)
class RiskMeasure:
    """リスク対策 (risk measure): one item of the yearly checklist; the id is the key in the section of a document."""

    id: str
    number: str
    title: str
    path: str

    @property
    def label(self) -> str:
        """Number and title, as a person reads them."""
        return f"{self.number} {self.title}"


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


def _items_under(schema: Schema, keys: tuple[str, ...], risk: str | None) -> Iterator[Item]:
    steps = tuple(walk(schema, keys))
    node = steps[-1].node
    if node.get("x-risk"):
        risk = keys[-1]
    if "x-item" in node and "x-display" in node:
        parent = resolve(schema, steps[-2].node) if len(steps) > 1 else schema
        yield Item(
            section=keys[0],
            number=node["x-item"],
            title=node["title"],
            label=label(steps),
            path="/" + "/".join(keys),
            display=node["x-display"],
            choices=choices(schema, node),
            required=keys[-1] in parent["required"],
            material_change=node["x-material-change"],
            withholdable=node["x-withholdable"],
            confirmed=node["x-confirmed"],
            risk=risk,
        )
    for key in node.get("properties", {}):
        yield from _items_under(schema, (*keys, key), risk)


@functools.cache
def risk_measures(name: str, version: str) -> tuple[RiskMeasure, ...]:
    """Give every risk measure that the form asks for, in the order of the form."""
    schema = load(name, version).schema
    return tuple(
        RiskMeasure(key, node["x-item"], node["title"], f"/{section}/{key}")
        for section, body in schema["properties"].items()
        for key, node in body.get("properties", {}).items()
        if node.get("x-risk")
    )


def written_risk_measures(document: Mapping[str, Any]) -> tuple[RiskMeasure, ...]:
    """Give the risk measures that this document states: those of its form that were not left out as not needed."""
    return tuple(
        measure
        for measure in risk_measures(document["form"], document["form_version"])
        if measure.id in document[measure.path.split("/")[1]]
    )


@dataclass(frozen=True)
class Step:
    """位置 (step): one key or index on the way into a schema, its place among its neighbours, and the node there."""

    key: str | int
    position: int
    node: Schema


def walk(schema: Schema, path: Sequence[str | int]) -> Iterator[Step]:
    """Follow the path of a document through its schema; ends early at a key that the schema does not know."""
    node = schema
    for key in path:
        if isinstance(key, int):
            node, position = resolve(schema, node)["items"], key
        else:
            properties = resolve(schema, node).get("properties", {})
            if key not in properties:
                return
            node, position = properties[key], list(properties).index(key)
        yield Step(key, position, node)


def label(steps: Sequence[Step]) -> str:
    """Give the number and title of the place in words, such as 「Ⅳ8 人手を介在させる作業（判断の根拠）」."""
    words, outer = "評価書", ""
    for step in steps:
        title, number = step.node.get("title"), step.node.get("x-item")
        if isinstance(step.key, int):
            words = f"{words}（{step.key + 1}件目）"
        elif number is None:
            words = f"{step.node['x-section']} {title}" if "x-section" in step.node else f"{words}の{title}"
        else:
            words = f"{words}（{title}）" if number == outer else f"{number} {title}"
        outer = number or ""
    return words


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
