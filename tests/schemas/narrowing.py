"""狭めること (narrowing): what of a released message a later schema no longer takes or always adds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemas.widening import ADDED

_LEAST = ("minLength", "minItems", "minimum", "exclusiveMinimum")
_MOST = ("maxLength", "maxItems", "maximum", "exclusiveMaximum")
_SAID_ELSEWHERE = frozenset(
    {
        "$ref",
        "$defs",
        "$comment",
        "title",
        "description",
        "default",
        "properties",
        "required",
        "items",
        "anyOf",
        "oneOf",
    }
    | {"enum", "const", "type", "prefixItems", "discriminator", *_LEAST, *_MOST}
)

Schema = dict[str, Any]


def narrowed(released: Schema, present: Schema) -> list[str]:
    """Give each place at which the present schema is narrower than the released one, or is widened in a wrong way."""
    return list(dict.fromkeys(_Comparing(released, present).complaints()))


class _Comparing:
    def __init__(self, released: Schema, present: Schema) -> None:
        self._released, self._present = released, present
        # A message may hold itself.
        self._under_way: set[tuple[str, str]] = set()

    def complaints(self) -> Iterator[str]:
        return self._of(self._released, self._present, "")

    def _of(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        pair = (str(old.get("$ref", "")), str(new.get("$ref", "")))
        if all(pair):
            if pair in self._under_way:
                return
            self._under_way.add(pair)
        old, new = _resolved(old, self._released), _resolved(new, self._present)
        before, after = _alternatives(old), _alternatives(new)
        if before != [old] or after != [new]:
            for one in before:
                yield from self._taken(one, after, place)
            return
        yield from self._plain(old, new, place)

    def _taken(self, one: Schema, after: list[Schema], place: str) -> Iterator[str]:
        """Say what is wrong where none of the alternatives takes it; of the one of the same name all that is."""
        for other in after:
            if "$ref" in one and one["$ref"] == other.get("$ref"):
                yield from self._of(one, other, place)
                return
        if not any(not list(self._of(one, other, place)) for other in after):
            yield f"{place}: {_named(one)} is no longer taken"

    def _plain(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        values = _values(new)
        if values is not None and (_values(old) is None or not set(_values(old) or ()) <= set(values)):
            yield f"{place}: fewer values are taken"
        if values is None and _values(old) is None and old.get("type") != new.get("type"):
            yield f"{place}: {old.get('type')} became {new.get('type')}"
        for name in _LEAST:
            if name in new and old.get(name, float("-inf")) < new[name]:
                yield f"{place}: {name} was raised"
        for name in _MOST:
            if name in new and old.get(name, float("inf")) > new[name]:
                yield f"{place}: {name} was lowered"
        for name in sorted({*old, *new} - _SAID_ELSEWHERE):
            if name in new and old.get(name) != new[name]:
                yield f"{place}: {name} was changed"
        if "items" in old and "items" in new:
            yield from self._of(old["items"], new["items"], f"{place}/*")
        yield from self._fields(old, new, place)

    def _fields(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name in before.keys() - after.keys():
            yield f"{place}/{name}: is gone"
        for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
            yield f"{place}/{name}: became required"
        for name in after.keys() - before.keys():
            if name not in new.get("required", ()) and after[name].get("$comment") != ADDED:
                yield f"{place}/{name}: was added, and is not made by schemas.widening.added"
        for name in before.keys() & after.keys():
            yield from self._of(before[name], after[name], f"{place}/{name}")


def _resolved(schema: Schema, whole: Schema) -> Schema:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Schema = whole["$defs"][reference.rpartition("/")[2]]
    return found


def _alternatives(schema: Schema) -> list[Schema]:
    several: list[Schema] = schema.get("anyOf") or schema.get("oneOf") or [schema]
    return several


def _values(schema: Schema) -> list[Any] | None:
    values: list[Any] | None = [schema["const"]] if "const" in schema else schema.get("enum")
    return values


def _named(schema: Schema) -> str:
    return str(schema.get("$ref", schema.get("title", schema.get("type", schema)))).rpartition("/")[2]
