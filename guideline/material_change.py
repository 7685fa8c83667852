"""重要な変更 (material change): which changes are material, from what is reported and from what differs (規則11条).

A business that needs only a 基礎項目評価書 knows no 重要な変更: its changes are always a 修正.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from guideline.appendix import AppendixRow, appendix, row_of
from guideline.changes import ChangedItem, table_of_changes
from guideline.document_sets import BASIC, FORMS, forms_needed
from guideline.provisions import GUIDELINE_6_2_2, Provision, cited
from schemas.courses import Course
from schemas.forms.catalogue import Item, items, known_forms
from schemas.levels import Level
from schemas.reports import ChangeKind, ChangeReport


@dataclass(frozen=True, slots=True)
class MaterialItem:
    """重要な変更の項目 (material item): the form and the item that change, and the row of the 別表 that names it."""

    form: str
    item: str
    row: str
    provisions: tuple[Provision, ...]
    confirmed: bool


EXCEPTION = (
    "誤字脱字等の形式的な修正にとどまるもの、及びリスクを相当程度変動させないものは重要な変更に当たりません。"
    "ただし、その理由を書面に記し、もう一方の当事者が確認したときに限ります"
)
"""重要な変更に当たらない場合: 指針第6の2(2)."""

EXCEPTION_PROVISION = GUIDELINE_6_2_2


def larger_form(level: Level) -> str | None:
    """Give the form whose 別表 holds for a level; None where only 様式2 is needed."""
    needed = [form for form in forms_needed(level, Course.REASSESS) if form != "basic_items"]
    return needed[0] if needed else None


def material_by_report(report: ChangeReport, *, level: Level, on: date) -> tuple[MaterialItem, ...]:
    """Give the items of the 別表 that a reported change touches; none for a level without one.

    Where every item that the report names is known, they decide; else its kind does. A formal correction touches none.
    Raises NotInForceError for a day before the first 別表.
    """
    form = larger_form(level)
    if form is None or report.kind is ChangeKind.FORMAL_CORRECTION:
        return ()
    named = [(words, _items_named(form, words)) for words in report.items]
    if named and all(found for _, found in named):
        rows = [(words, row_of(item_form, item.path, on=on)) for words, found in named for item_form, item in found]
        return _distinct(_material(form, _without_form(words), row) for words, row in rows if row is not None)
    return tuple(_material(form, row.title, row) for row in appendix(form, on=on) if report.kind in row.kinds)


def material_by_difference(changed: Iterable[ChangedItem], *, form: str, on: date) -> tuple[MaterialItem, ...]:
    """Give those of the changed items of a form that the 別表 names; none for 様式2.

    Raises NotInForceError for a day before the first 別表.
    """
    found = ((one, row_of(form, one.item_path, on=on)) for one in changed)
    return _distinct(_material(form, one.label, row) for one, row in found if row is not None)


def material_between(
    before: Mapping[str, object] | None, after: Mapping[str, object], *, on: date
) -> tuple[MaterialItem, ...]:
    """Give what of the 別表 differs between two documents on the same form; nothing where there is none before.

    Without an earlier document on the form nothing can be said to have changed.
    """
    form = str(after.get("form"))
    if before is None or before.get("form") != form:
        return ()
    return material_by_difference(table_of_changes(before, after), form=form, on=on)


def _material(form: str, words: str, row: AppendixRow) -> MaterialItem:
    return MaterialItem(FORMS[form], words, row.title, row.provisions, row.confirmed)


def _distinct(found: Iterable[MaterialItem]) -> tuple[MaterialItem, ...]:
    return tuple({(one.item, one.row): one for one in found}.values())


def _without_form(words: str) -> str:
    """Give the words without the form with which they begin, as the form is told beside them."""
    said = words.strip()
    return next((said.removeprefix(name).strip() for name in FORMS.values() if said.startswith(name)), said)


_NUMBER = re.compile(r"[ⅠⅡⅢⅣⅤⅥ][0-9]*(?:リスク[0-9])?[①-⑳]?|別添[0-9]?|表紙")


def _items_named(form: str, words: str) -> tuple[tuple[str, Item], ...]:
    """Give the items, each with its form, whose number stands at the beginning of the words: 「様式4 Ⅱ4 委託の有無」.

    Without a form named, the larger one is meant where it has the number, else 様式2.
    """
    forms = tuple(one for one in (form, BASIC) if words.strip().startswith(FORMS[one])) or (form, BASIC)
    found = _NUMBER.search(words)
    for one in forms if found else ():
        version = max(known.version for known in known_forms() if known.name == one)
        of_the_number = _numbered(items(one, version), found.group() if found else "")
        titled = [item for item in of_the_number if item.title in words]
        if of_the_number:
            return tuple((one, item) for item in titled or of_the_number)
    return ()


def _numbered(of_the_form: Sequence[Item], number: str) -> list[Item]:
    """Give the items of that number, or else those of the group that it heads."""
    exact = [item for item in of_the_form if item.number == number]
    within = [item for item in of_the_form if re.match(rf"{number}(?![0-9])", item.number)]
    return exact or within


def faults_of_material_change(
    before: Mapping[str, object] | None, after: Mapping[str, object], *, on: date
) -> tuple[str, ...]:
    """Say for each material item that differs why a 修正 can't carry it; nothing where none differs (指針第6の2(2))."""
    return tuple(
        f"{one.item}: 別表の「{one.row}」が変わっており、修正では改められません（{cited(one.provisions)}）。"
        "変更を報告して両者が再実施として検討し直すか、重要な変更に当たらない理由を両者の検討結果に記してください。"
        for one in material_between(before, after, on=on)
    )
