"""新旧の比較 (comparison): two versions item by item, the entries of a repeated part each with its own."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from guideline.changes import ChangedItem, table_of_changes
from guideline.renditions import public_comparison
from rendering.comparison import sides
from schemas.forms import catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rendering.edition import Edition
    from rendering.words_changed import Run

    Found = Sequence[tuple[Mapping[str, object], tuple[ChangedItem, ...]]]


@dataclass(frozen=True, slots=True)
class ComparedItem:
    """比べた項目 (compared item): both wordings, cut into what stayed, what is gone and what is new."""

    label: str
    before: tuple[Run, ...]
    after: tuple[Run, ...]
    changed: bool
    material: bool


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """比べた部分 (compared part): a section of a form, or one entry of a section that is repeated."""

    title: str
    items: tuple[ComparedItem, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """二つの版の比較 (comparison of two versions), in one rendition."""

    before: Edition
    after: Edition
    parts: tuple[ComparedPart, ...]

    @property
    def changed(self) -> int:
        """How many items changed."""
        return sum(one.changed for part in self.parts for one in part.items)

    @property
    def material(self) -> int:
        """How many of those the 別表 names."""
        return sum(one.changed and one.material for part in self.parts for one in part.items)


def compared(
    before: Sequence[Mapping[str, object] | None],
    after: Sequence[Mapping[str, object]],
    *,
    public: bool,
    everything: bool = False,
) -> Found:
    """Compare each document with the one on the same form; one that is new is compared with nothing.

    Raises WithholdingError where a public rendition can't be made.
    """
    left = [one for one in before if one is not None]
    found: list[tuple[Mapping[str, object], tuple[ChangedItem, ...]]] = []
    for document in after:
        former = next((one for one in left if one.get("form") == document.get("form")), None)
        left = [one for one in left if one is not former]
        if public:
            beside = [one for one in (*before, *after) if one is not None and one is not former and one is not document]
            found.append((document, public_comparison(former, document, beside=beside, everything=everything)))
        else:
            found.append((document, table_of_changes(former, document, everything=everything)))
    return found


def comparison_of(before: Edition, after: Edition, found: Found) -> Comparison:
    """Put what was compared into the parts of its forms."""
    parts: list[ComparedPart] = []
    for document, items in found:
        form = catalogue.load(str(document.get("form")), str(document.get("form_version")))
        named = f"{form.title.split()[0]} " if len(found) > 1 else ""
        for title, group in groupby(items, key=lambda one: _part(form.schema, one.path)):
            parts.append(ComparedPart(f"{named}{title}", tuple(map(_item, group))))
    return Comparison(before, after, tuple(parts))


def _part(schema: Mapping[str, Any], path: str) -> str:
    """Name the section of a place by the form alone: the name of an entry may be withheld."""
    _, key, *below = path.split("/")
    node = schema["properties"][key]
    title = f"{node.get('x-section', '')} {node['title']}".strip()
    return f"{title}　{node['x-repeat']}{int(below[0]) + 1}" if "x-repeat" in node and below else title


def _item(one: ChangedItem) -> ComparedItem:
    before, after = sides(one)
    return ComparedItem(one.label, before, after, changed=one.changed, material=one.material)
