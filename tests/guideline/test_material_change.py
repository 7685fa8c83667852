"""重要な変更: what is material, from a report and from two documents."""

from datetime import date
from typing import Any

import pytest

from guideline.material_change import (
    EXCEPTION_PROVISION,
    faults_of_material_change,
    larger_form,
    material_between,
    material_by_difference,
    material_by_report,
)
from schemas.levels import Level
from schemas.reports import ChangeKind, ChangeReport

ON = date(2026, 5, 1)


def _document(form: str = "all_items", *, place: str = "甲センター", contractor: str = "甲社") -> dict[str, Any]:
    entries = [{"name": "入力", "contractor": contractor}]
    file = {"name": "宛名", "storage": {"place": place}, "outsourcing": {"entries": entries}}
    return {"form": form, "form_version": "2024-10", "files": [file]}


def _report(*items: str, kind: ChangeKind = ChangeKind.STORAGE_PLACE) -> ChangeReport:
    return ChangeReport(assessments=("a",), kind=kind, title="件", facts="事実", known_on=ON, items=items)


@pytest.mark.parametrize(
    ("level", "form"),
    [
        (Level.NOT_REQUIRED, None),
        (Level.BASIC_ITEMS, None),
        (Level.PRIORITY_ITEMS, "priority_items"),
        (Level.ALL_ITEMS, "all_items"),
    ],
    ids=lambda value: getattr(value, "label", str(value)),
)
def test_the_appendix_is_that_of_the_larger_form(level: Level, form: str | None) -> None:
    assert larger_form(level) == form


def test_a_change_of_the_place_of_storage_is_material_in_both_larger_forms() -> None:
    for level, number in ((Level.PRIORITY_ITEMS, "Ⅱ6"), (Level.ALL_ITEMS, "Ⅱ6①")):
        [found] = material_by_report(_report(f"{number} 保管場所"), level=level, on=ON)
        assert (found.row, found.confirmed) == ("保管場所", True)
    assert material_by_report(_report(), level=Level.BASIC_ITEMS, on=ON) == ()


def test_an_item_that_is_named_with_its_form_is_told_with_it_once() -> None:
    [found] = material_by_report(_report("様式4 Ⅱ6① 保管場所"), level=Level.ALL_ITEMS, on=ON)
    assert (found.form, found.item) == ("様式4", "Ⅱ6① 保管場所")


def test_the_difference_of_two_documents_names_the_file_whose_item_changed() -> None:
    [found] = material_between(_document(), _document(place="政府クラウド"), on=ON)
    assert (found.form, found.item, found.row) == ("様式4", "Ⅱ6① 保管場所（ファイル「宛名」）", "保管場所")
    assert material_between(_document(), _document(contractor="乙社"), on=ON) == ()


def test_without_an_earlier_document_on_the_form_nothing_is_said_to_have_changed() -> None:
    assert material_between(None, _document(), on=ON) == ()
    assert material_between(_document("priority_items"), _document(), on=ON) == ()


def test_a_basic_form_has_no_material_difference() -> None:
    assert material_by_difference((), form="basic_items", on=ON) == ()


def test_an_amendment_that_would_carry_a_material_change_is_told_why_it_cannot() -> None:
    [fault] = faults_of_material_change(_document(), _document(place="政府クラウド"), on=ON)
    assert "修正では改められません（指針別表）" in fault
    assert "両者" in fault
    assert EXCEPTION_PROVISION.article == "指針第6の2(2)"
