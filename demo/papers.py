"""書類 (papers): the documents that the stories hand in, with the days of the telling in them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from demo.telling import file_of

if TYPE_CHECKING:
    from datetime import date


def document(name: str) -> bytes:
    return file_of(f"documents/{name}.json")


def with_days(name: str, **days: date) -> bytes:
    """Give a 様式4 whose Ⅵ tells the days of this telling, each by what was done on it."""
    content = json.loads(document(name))
    for told, day in days.items():
        section, key = _PLACES[told]
        content["procedure"][section][key] = day.isoformat()
    return json.dumps(content, ensure_ascii=False).encode()


_PLACES = {
    "threshold": ("basic_items", "done_on"),
    "began": ("public_comment", "began_on"),
    "ended": ("public_comment", "ended_on"),
    "checked": ("third_party_check", "checked_on"),
    "submitted": ("commission_approval", "submitted_on"),
}
