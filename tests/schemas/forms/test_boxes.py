"""記入欄: what a form asks for, with its conditions, and a document with something filled in."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.forms.boxes import BoxKind, boxes, chapters, names_of
from schemas.forms.catalogue import items, known_forms
from schemas.forms.filling import filled, fitted, not_needed
from schemas.forms.validation import validate

BASIC = {"form": "basic_items", "form_version": "2024-10"}
ALL = {"form": "all_items", "form_version": "2024-10"}

ASSESSMENT_FORMS = [form for form in known_forms() if form.name not in ("plan", "breach_report")]


@pytest.mark.parametrize("form", ASSESSMENT_FORMS, ids=lambda form: f"{form.title}（{form.era_label}）")
def test_every_item_of_a_form_has_a_box_once_its_parts_have_an_entry(form: Any) -> None:
    document: dict[str, Any] = {"form": form.name, "form_version": form.version}
    for _ in range(2):
        parts = [one for one in boxes(document).values() if one.kind is BoxKind.ENTRIES and one.value is None]
        document = filled(document, {one.keys: [{}] for one in parts})
    known = {one.pointer.replace("/0/", "/*/") for one in boxes(document).values()}
    assert {item.path for item in items(form.name, form.version)} <= known


def test_a_box_says_what_it_asks_for() -> None:
    there = boxes(BASIC)
    name = there["/related_information/business/name"]
    assert (name.number, name.title, name.kind, name.longest) == ("Ⅰ1①", "事務の名称", BoxKind.LINE, 200)
    assert (name.required, name.may_be_empty, name.is_leaf) == (True, False, True)
    notes = there["/cover/special_notes"]
    assert (notes.kind, notes.required, notes.may_be_empty) == (BoxKind.TEXT, True, True)
    assert there["/cover/published_on"].kind is BoxKind.DAY
    assert not there["/cover/published_on"].required
    assert there["/related_information/files"].kind is BoxKind.LIST
    assert not there["/related_information/files"].may_be_empty
    assert there["/related_information/other_assessing_bodies"].may_be_empty
    assert there["/risk_measures/audit/kinds"].choices["self_inspection"] == "自己点検"
    assert there["/threshold_result"].kind is BoxKind.CHOICE


def test_a_file_of_a_picture_is_asked_for_by_its_digest() -> None:
    there = boxes({**ALL, "business_flow": {"pictures": [{}]}})
    assert there["/business_flow/pictures/0/sha256"].kind is BoxKind.DIGEST
    assert there["/business_flow/pictures/0"].title == "1件目の図"


@pytest.mark.parametrize(
    ("answer", "required", "barred"),
    [(None, False, False), ("outsourced", True, False), ("not_outsourced", False, True)],
    ids=["答えがまだない", "委託する", "委託しない"],
)
def test_the_answer_to_one_item_asks_for_another_or_leaves_it_out(
    answer: str | None, *, required: bool, barred: bool
) -> None:
    given = {"outsourcing": {"status": answer}} if answer else {}
    box = boxes({**BASIC, "risk_measures": given})["/risk_measures/outsourcing/answer"]
    assert (box.required, box.barred) == (required, barred)
    assert [one.words for one in box.needed_if] == ["委託する"]
    assert [(one.words, one.control, one.answers) for one in box.barred_if] == [
        ("委託しない", "/risk_measures/outsourcing/status", ("not_outsourced",))
    ]


def test_the_entries_of_a_part_are_called_by_their_names() -> None:
    there = boxes({**ALL, "files": [{"name": "宛名"}, {}], "withheld": [{}]})
    assert [one.title for one in there["/files"].inside] == ["ファイル「宛名」", "2件目のファイル"]
    assert there["/files"].names == ("宛名", "#1")
    assert there["/withheld"].inside[0].title == "1件目の公表しない部分"
    assert there["/withheld"].names == ("#0",)
    assert {one.pointer for one in there["/files/0"].leaves()} >= {"/files/0/name", "/files/0/basic/kind"}


def test_entries_of_one_name_are_told_apart() -> None:
    assert names_of("name", [{"name": "甲"}, {"name": "甲"}, {"name": " "}]) == ("甲", "甲#2", "#2")
    assert names_of("name", "甲") == ()


def test_what_is_no_list_has_no_entries() -> None:
    assert boxes({**ALL, "files": "宛名"})["/files"].inside == ()


def test_a_document_that_is_fitted_says_item_by_item_what_lacks() -> None:
    empty = fitted(BASIC)
    assert sorted(empty) == ["cover", "form", "form_version", "related_information", "risk_measures", "threshold_items"]
    places = {error.path for error in validate(empty)}
    assert {"/cover/assessment_name", "/related_information/business/name", "/threshold_result"} <= places
    assert len(chapters(empty)) == len(chapters(BASIC))


def test_a_value_is_put_where_there_was_nothing_and_the_document_stays_as_it_was() -> None:
    before = {**ALL, "files": [{"name": "宛名"}]}
    after = filled(before, {("files", 0, "storage", "place"): "書庫", ("cover", "assessment_name"): "事務"})
    assert after["files"][0] == {"name": "宛名", "storage": {"place": "書庫"}}
    assert after["cover"] == {"assessment_name": "事務"}
    assert before == {**ALL, "files": [{"name": "宛名"}]}
    assert filled(after, {("files", 0, "name"): None})["files"] == [{"storage": {"place": "書庫"}}]


def test_what_is_empty_and_not_asked_for_is_left_out_and_what_was_written_stays() -> None:
    provision = {"status": "not_provided", "unjust": {}, "wrong": {"measures": "確かめる。"}}
    after = fitted({**ALL, "risks": [{"file": "宛名", "provision": provision}]})["risks"][0]["provision"]
    assert after == {"status": "not_provided", "wrong": {"measures": "確かめる。"}}
    outsourcing = {"status": "not_outsourced", "measures": ""}
    assert fitted({**ALL, "risks": [{"outsourcing": outsourcing}]})["risks"][0]["outsourcing"] == {
        "status": "not_outsourced"
    }
    assert not_needed({**ALL, "risks": [{"provision": after}]}, "/risks/0/provision") == (
        ("risks", 0, "provision", "wrong"),
    )
    assert not_needed(ALL, "/nowhere") == ()


def test_entries_are_fitted_too() -> None:
    after = fitted({**ALL, "files": [{}]})
    assert after["files"][0]["basic"] == {}
    assert "entries" not in after["files"][0]["outsourcing"]
