"""別表の項目 (items of the 別表): which items of a form a report of a change may name, in the words that it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from guideline.appendix import row_of
from guideline.document_sets import BASIC, FORMS
from schemas.base import Message
from schemas.forms.catalogue import items, known_forms

if TYPE_CHECKING:
    from datetime import date


class AppendixItems(Message):
    """別表の項目 of one form, by the row of the 別表 that they stand in."""

    form: str = Field(title="様式")
    rows: tuple[tuple[str, tuple[str, ...]], ...] = Field(title="別表の行と、その項目")


def appendix_items(*, on: date) -> tuple[AppendixItems, ...]:
    """Give the items of each form of which a change is a 重要な変更 on that day, each as a report names it."""
    newest = {one.name: one.version for one in known_forms() if one.name in FORMS and one.name != BASIC}
    found = []
    for form, version in newest.items():
        rows: dict[str, dict[str, None]] = {}
        for item in items(form, version):
            row = row_of(form, item.path, on=on)
            if row is not None:
                rows.setdefault(row.title, {})[f"{FORMS[form]} {item.number} {item.title}"] = None
        found.append(
            AppendixItems(form=FORMS[form], rows=tuple((title, tuple(words)) for title, words in rows.items()))
        )
    return tuple(found)
