"""記載例 (filled documents): every item of a form filled in from its schema alone, each text with a mark of its own."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from schemas.forms import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ENTRIES = 2
_LONG = 40  # characters; what may be shorter holds its mark alone


def filled(
    form: str, version: str = "2024-10", *, prefix: str = "固有", withheld: Mapping[str, str] | None = None
) -> Any:
    """Fill in a form: the first choice, two entries of each repeated part, and of each text a number of its own.

    `withheld` names places and the clause by which they are withheld.
    """
    schema = catalogue.load(form, version).schema
    document = _value(schema, schema, count(1), prefix)
    document |= {"form": form, "form_version": version}
    for key in ("withheld", "changes"):
        document.pop(key, None)
    _agree(document)
    if withheld:
        document["withheld"] = [
            {"place": place, "reason": "管理に支障があるため", "provision": clause}
            for place, clause in withheld.items()
        ]
    return document


def filled_set(*, withheld: Mapping[str, str] | None = None) -> tuple[Any, Any]:
    """Give 様式2 and 様式4, filled in so that they agree; `withheld` is of the latter."""
    basic, larger = filled("basic_items"), filled("all_items", withheld=withheld)
    basic["related_information"]["files"] = larger["basic_information"]["files"]
    basic["risk_measures"]["submitted_level"] = "all_items"
    basic["risk_measures"].pop("top_priority", None)
    return basic, larger


def _value(schema: Any, node: Any, numbers: Iterator[int], prefix: str) -> Any:
    resolved = {**catalogue.resolve(schema, node), **node}
    if resolved.get("type") == "array":
        choices = catalogue.choices(schema, node)
        if choices:
            return list(choices)[:1]
        return [_value(schema, node["items"], numbers, prefix) for _ in range(ENTRIES)]
    if "properties" in resolved:
        values = {key: _value(schema, inner, numbers, prefix) for key, inner in resolved["properties"].items()}
        _drop_what_is_not_needed(resolved, values)
        return values
    return _word(resolved, next(numbers), prefix)


def _word(node: Any, number: int, prefix: str) -> str:
    if "x-choices" in node:
        return str(next(iter(node["x-choices"])))
    if node.get("format") == "date":
        return f"2024-{1 + number % 12:02}-01"
    if "x-shape" in node:
        return f"{number:064x}"
    words = f"{prefix}{number:04}"
    return words if node.get("maxLength", 0) < _LONG else f"{words}{node.get('title', '')}の記載"


def _drop_what_is_not_needed(node: Any, values: dict[str, Any]) -> None:
    for condition in node.get("allOf", []):
        met = all(values.get(key) in one.get("enum", []) for key, one in condition["if"]["properties"].items())
        if met:
            for key, one in condition["then"].get("properties", {}).items():
                if one == {"not": {}}:
                    values.pop(key, None)


def _agree(document: dict[str, Any]) -> None:
    """Let Ⅰ3 and Ⅲ1 name the files that Ⅱ1 names, and Ⅱ name the network that Ⅲ6 speaks of."""
    if isinstance(document.get("files"), list):
        names = [one["name"] for one in document["files"]]
        document["basic_information"]["files"] = names
        for one, name in zip(document["risks"], names, strict=True):
            one["file"] = name
        for one in document["files"]:
            for place in (one["use"]["methods"], *(entry["method"] for entry in one["provision"]["entries"])):
                place.append("network_system")
