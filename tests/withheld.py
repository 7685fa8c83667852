"""公表しない場所の組 (withheld places): random ones, and which marks of a filled document lie below them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from guideline.renditions import Withholding
from tests.filled import filled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MARK = re.compile(r"固有\d{4}")


def public_rendition(document: Mapping[str, object]) -> Any:
    """Give a document that stands alone as it is published."""
    return Withholding((document,)).documents[0]


def withheld_sets(form: str) -> st.SearchStrategy[list[str]]:
    """Draw some places of a filled document: items, groups, entries and whole sections."""
    spots = [spot for spot, _ in _spots(filled(form)) if spot not in ("", "/form", "/form_version")]
    return st.lists(st.sampled_from(spots), min_size=1, max_size=6, unique=True)


def withheld_marks(document: dict[str, Any]) -> set[str]:
    """Give the marks of all that the document withholds."""
    values = dict(_spots(document))
    return {mark for row in document.get("withheld", ()) for mark in marks_in(repr(values[row["place"]]))}


def marks_in(text: str) -> set[str]:
    return set(_MARK.findall(text))


def _spots(value: object, at: str = "") -> Iterator[tuple[str, object]]:
    yield at, value
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in parts:
        yield from _spots(inner, f"{at}/{key}")
