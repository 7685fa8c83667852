"""記載箇所 (places): what a document fills in, place by place; of a repeated part one place for each of its entries."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from schemas.forms import catalogue
from schemas.forms.catalogue import EACH, Item, RiskMeasure, Schema, Step
from schemas.forms.errors import pointer


@dataclass(frozen=True)
class Place:
    """記載箇所 (place): one item as a document fills it in.

    `pointer` says where it stands; `key` is the same for the same item of the same entry in another version, wherever
    that entry stands there; `label` names the entry.
    """

    item: Item
    pointer: str
    key: str
    label: str
    value: object


def places(document: Mapping[str, Any], *, like: Mapping[str, Any] | None = None) -> tuple[Place, ...]:
    """Give every place of a document on a known form, in the order of the form.

    An entry is known by its name. `like` is another version: an entry whose name that one does not know, and which
    stands where that one has an entry whose name is not known here, is the same entry under a new name.
    Raises UnknownFormError.
    """
    form = catalogue.load(str(document.get("form")), str(document.get("form_version")))
    known = _items(form.name, form.version)
    return tuple(
        Place(known[at.template], pointer(at.path), at.key, catalogue.label(at.steps), at.value)
        for at in _spots(form.schema, document, like)
        if at.template in known
    )


def written_risk_measures(document: Mapping[str, Any]) -> tuple[RiskMeasure, ...]:
    """Give the risk measures that this document states: those of its form that were not left out as not needed."""
    form = catalogue.load(str(document["form"]), str(document["form_version"]))
    known = {measure.path: measure for measure in catalogue.risk_measures(form.name, form.version)}
    return tuple(
        replace(known[at.template], title=_with_entries(known[at.template].title, at.steps), path=pointer(at.path))
        for at in _spots(form.schema, document, None)
        if at.template in known and at.value is not None
    )


def _with_entries(title: str, steps: Sequence[Step]) -> str:
    entries = "、".join(step.entry for step in steps if step.entry)
    return f"{title}（{entries}）" if entries else title


@functools.cache
def _items(name: str, version: str) -> Mapping[str, Item]:
    return {item.path: item for item in catalogue.items(name, version)}


class _Spot(NamedTuple):
    """One node of the form at one place of a document."""

    path: tuple[str | int, ...]
    template: str
    key: str
    steps: tuple[Step, ...]
    value: object
    like: object


def _spots(schema: Schema, document: object, like: object) -> Iterator[_Spot]:
    """Go through the form and the document together; into each entry of a repeated part that the document has."""
    for position, (key, node) in enumerate(schema["properties"].items()):
        values = (catalogue.value_at(document, (key,)), catalogue.value_at(like, (key,)))
        yield from _under(_Spot((key,), f"/{key}", f"/{key}", (Step(key, position, node),), *values))


def _under(spot: _Spot) -> Iterator[_Spot]:
    yield spot
    node = spot.steps[-1].node
    entries = _entries(node, spot) if "x-repeat" in node else (spot,)
    for entry in entries:
        for position, (key, inner) in enumerate(entry.steps[-1].node.get("properties", {}).items()):
            yield from _under(
                _Spot(
                    (*entry.path, key),
                    f"{entry.template}/{key}",
                    f"{entry.key}/{key}",
                    (*entry.steps, Step(key, position, inner)),
                    catalogue.value_at(entry.value, (key,)),
                    catalogue.value_at(entry.like, (key,)),
                )
            )


def _entries(node: Schema, spot: _Spot) -> Iterator[_Spot]:
    values = spot.value if isinstance(spot.value, list) else []
    others = spot.like if isinstance(spot.like, list) else []
    names = _names(node, values)
    theirs = _names(node, others)
    for index, (value, name) in enumerate(zip(values, names, strict=True)):
        same = name if name in theirs else _renamed(index, names, theirs) or name
        other = others[theirs.index(same)] if same in theirs else None
        words = (
            catalogue.named(node, value) if catalogue.name_of(node, value) else f"{index + 1}件目の{node['x-repeat']}"
        )
        step = Step(index, index, node["items"], words)
        yield _Spot(
            (*spot.path, index), f"{spot.template}/{EACH}", f"{spot.key}/{same}", (*spot.steps, step), value, other
        )


def _names(node: Schema, entries: Sequence[object]) -> list[str]:
    """Give what each entry is known by: its name, with a number where it is not the first of that name."""
    seen: Counter[str] = Counter()
    names = []
    for index, entry in enumerate(entries):
        name = catalogue.name_of(node, entry) or f"#{index}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return names


def _renamed(index: int, names: Sequence[str], theirs: Sequence[str]) -> str | None:
    return theirs[index] if index < len(theirs) and theirs[index] not in names else None
