"""文書の見本 (sample documents): what the rules across items are tried on, and a way to change one of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from importlib import resources
from typing import Any

from guideline.form_rules import check

ON = date(2026, 4, 1)

ALL_ITEMS = "sapporo-7-all-items"
BASIC_ITEMS = "sapporo-7-basic-items"
PRIORITY_ITEMS = "koriyama_late_elderly_medical_care"


def document(name: str) -> dict[str, Any]:
    """Give a sample by its name."""
    if name == PRIORITY_ITEMS:
        file = resources.files("schemas").joinpath(f"examples/priority_items_2024-10/accept/{name}.json")
    else:
        file = resources.files("demo").joinpath(f"documents/{name}.json")
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def changed(name: str, places: Mapping[str, object]) -> dict[str, Any]:
    """Give a sample with other values at these paths; None takes out what stands there."""
    content = document(name)
    for path, value in places.items():
        *outer, last = path.split("/")[1:]
        place: Any = content
        for key in outer:
            place = place[int(key)] if isinstance(place, list) else place[key]
        if isinstance(place, list):
            place[int(last)] = value
        elif value is None:
            place.pop(last, None)
        else:
            place[last] = value
    return content


def broken_rules(content: object) -> list[tuple[str, str]]:
    """Give the place and the rule of each breach."""
    return [(error.path, error.rule) for error in check(content, on=ON)]
