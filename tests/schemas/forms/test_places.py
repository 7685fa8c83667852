"""記載箇所: the places of a document with repeated parts."""

from typing import Any

import pytest

from schemas.forms.catalogue import items, label, load, walk
from schemas.forms.places import Place, places, written_risk_measures
from schemas.forms.validation import validate

_FORM = {"form": "all_items", "form_version": "2024-10"}


def _document(*files: str, **of_each: object) -> dict[str, Any]:
    return {**_FORM, "files": [{"name": name, "remarks": f"{name}の備考", **of_each} for name in files]}


def _named(document: dict[str, Any], *, like: dict[str, Any] | None = None) -> dict[str, Place]:
    return {place.key: place for place in places(document, like=like) if place.item.path == "/files/*/remarks"}


def test_each_file_of_a_document_has_places_of_its_own_named_after_it() -> None:
    found = [place for place in places(_document("宛名", "口座")) if place.item.path == "/files/*/remarks"]
    assert [(place.pointer, place.label, place.value) for place in found] == [
        ("/files/0/remarks", "Ⅱ7 備考（ファイル「宛名」）", "宛名の備考"),
        ("/files/1/remarks", "Ⅱ7 備考（ファイル「口座」）", "口座の備考"),
    ]


def test_a_file_keeps_its_key_wherever_it_stands() -> None:
    before, after = _document("宛名", "口座"), _document("収納", "口座", "宛名")
    now = _named(after, like=before)
    assert {key: place.value for key, place in now.items()} == {
        "/files/収納/remarks": "収納の備考",
        "/files/口座/remarks": "口座の備考",
        "/files/宛名/remarks": "宛名の備考",
    }


def test_a_file_that_got_a_new_name_is_the_one_that_stood_in_its_place() -> None:
    before, after = _document("宛名", "口座"), _document("宛名", "公金受取口座")
    assert set(_named(after, like=before)) == set(_named(before))


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (("宛名", "宛名"), ["ファイル「宛名」", "ファイル「宛名」"]),
        (("", " "), ["1件目のファイル", "2件目のファイル"]),
    ],
    ids=["同じ名称の二つ", "名称のない二つ"],
)
def test_files_of_one_name_or_of_none_are_still_told_apart(names: tuple[str, ...], labels: list[str]) -> None:
    found = _named(_document(*names))
    assert len(found) == len(names)
    assert [place.label for place in found.values()] == [f"Ⅱ7 備考（{words}）" for words in labels]


def test_a_part_within_a_part_names_both() -> None:
    outsourcing = {"status": "outsourced", "entries": [{"name": "入力", "contractor": "甲社"}]}
    found = [p for p in places(_document("宛名", outsourcing=outsourcing)) if p.value == "甲社"]
    assert [(p.label, p.key) for p in found] == [
        ("Ⅱ4⑥ 委託先名（ファイル「宛名」、委託事項「入力」）", "/files/宛名/outsourcing/entries/入力/contractor")
    ]


def test_what_is_no_list_of_parts_has_no_places() -> None:
    assert not _named({**_FORM, "files": "宛名"})
    assert [place.value for place in _named({**_FORM, "files": ["宛名"]}).values()] == [None]


@pytest.mark.parametrize("form", ["all_items", "priority_items"], ids=["様式4", "様式3"])
def test_labels_of_items_are_all_different_and_fit_on_one_line(form: str) -> None:
    labels = [item.label for item in items(form, "2024-10")]
    assert len(set(labels)) == len(labels)
    assert max(len(words) for words in labels) <= 120  # the names of a file and of a part of it come behind


def test_a_risk_measure_is_asked_for_in_each_file_that_states_it() -> None:
    stated = {"file": "宛名", "acquisition": {"leak": {"answer": "sufficient"}}}
    left_out = {"file": "口座", "acquisition": {}}
    found = written_risk_measures({**_FORM, "risks": [stated, left_out]})
    assert [(measure.label, measure.path) for measure in found] == [
        ("Ⅲ2リスク4 入手の際に特定個人情報が漏えい・紛失するリスク（ファイル「宛名」）", "/risks/0/acquisition/leak")
    ]


def test_a_mistake_in_the_ninth_file_names_that_file_and_its_item() -> None:
    document = _document(*[f"ファイル{number}" for number in range(1, 10)])
    document["files"][8]["remarks"] = 9
    found = [error for error in validate(document) if error.path == "/files/8/remarks"]
    assert [(error.rule, error.item) for error in found] == [("type", "Ⅱ7 備考（9件目のファイル「ファイル9」）")]
    missing = next(error for error in validate(document) if error.path == "/files/8/storage")
    assert "9件目のファイル「ファイル9」" in missing.message


def test_a_file_without_a_name_is_called_by_its_number() -> None:
    document = _document("宛名", " ")
    found = [error for error in validate(document) if error.path == "/files/1/name"]
    assert [(error.rule, error.item) for error in found] == [("blank", "Ⅱ1 特定個人情報ファイル名（2件目のファイル）")]


def test_what_is_not_shaped_like_a_digest_is_told_so() -> None:
    document = {**_FORM, "business_flow": {"pictures": [{"title": "流れ図", "sha256": "abc", "file_name": "a.png"}]}}
    found = [error for error in validate(document) if error.path == "/business_flow/pictures/0/sha256"]
    assert [error.rule for error in found] == ["shape"]
    assert "SHA-256（16進数64文字）" in found[0].message


def test_a_place_of_the_form_itself_speaks_of_each_file() -> None:
    steps = tuple(walk(load("all_items", "2024-10").schema, ("files", 0, "basic", "kind")))
    assert label(steps) == "Ⅱ2① ファイルの種類（各ファイル）"
