"""漏えい等報告書の例: accepted and refused, each refusal for its own mistake."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from schemas.breach import FORM, FORM_VERSION, ReportItem
from schemas.forms.catalogue import items, load
from schemas.forms.validation import validate

_EXAMPLES = Path(str(resources.files("schemas"))) / "examples" / "breach_report_2025-10"
_ACCEPT = sorted((_EXAMPLES / "accept").glob("*.json"))
_REFUSE = sorted((_EXAMPLES / "refuse").glob("*.json"))

_MISTAKES = {
    "assessment_item": [("/threshold_items", "unknown_item")],
    "form_version_unknown": [("/form_version", "unknown_form_version")],
    "harm_without_content": [("/secondary_harm/content", "required")],
    "impossible_date": [("/cover/known_on", "date")],
    "item_left_out": [("/cause", "required")],
    "known_with_reason": [("/cause/unknown_reason", "not_needed")],
    "known_without_content": [("/cause/content", "required")],
    "no_data_item": [("/data_items/entries", "too_few")],
    "nothing_else_with_content": [("/other/content", "not_needed")],
    "number_known_without_greatest": [("/data_subjects/greatest_number", "required")],
    "number_partly_without_number": [("/data_subjects/confirmed_number", "required")],
    "number_unknown_with_number": [
        ("/data_subjects/greatest_number", "not_needed"),
        ("/data_subjects/confirmed_number", "not_needed"),
    ],
    "number_with_separator": [("/data_subjects/greatest_number", "shape")],
    "something_else_without_content": [("/other/content", "required")],
    "supplement_of_nothing": [("/cover/previous_on", "required")],
    "unknown_kind": [("/cover/kind", "choice")],
    "unknown_situation": [("/cover/situations/0", "choice")],
    "unknown_with_content": [("/publication/content", "not_needed")],
}


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _second_opinion(document: object) -> bool:
    schema = dict(load(FORM, FORM_VERSION).schema)
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(document)


@pytest.mark.parametrize("file", _ACCEPT, ids=lambda file: file.stem)
def test_a_report_to_accept_is_accepted_by_both_libraries_and_says_that_it_is_invented(file: Path) -> None:
    document = _read(file)
    assert validate(document) == ()
    assert _second_opinion(document)
    assert "見本：" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", _REFUSE, ids=lambda file: file.stem)
def test_a_report_to_refuse_gives_its_mistake_once_and_no_other(file: Path) -> None:
    document = _read(file)
    assert [(error.path, error.rule) for error in validate(document)] == _MISTAKES[file.stem]
    assert not _second_opinion(document)


def test_every_report_to_refuse_is_in_the_table_and_every_kind_is_accepted() -> None:
    assert [file.stem for file in _REFUSE] == sorted(_MISTAKES)
    assert {_read(file)["cover"]["kind"] for file in _ACCEPT} == {"preliminary", "final", "supplement"}


def test_the_form_has_the_nine_items_of_the_ordinance_in_their_order() -> None:
    parts = [(key, node["title"]) for key, node in load(FORM, FORM_VERSION).schema["properties"].items()][3:]
    assert parts == [(item.value, item.label) for item in ReportItem]


def test_a_mistake_names_the_item_and_what_to_do() -> None:
    document = _read(_EXAMPLES / "refuse" / "known_without_content.json")
    assert [error.message for error in validate(document)] == [
        "原因を把握している場合に必要な「4 原因（原因）」が記入されていません。記入してください。"
    ]


def test_no_item_of_a_report_is_withheld_or_a_material_change() -> None:
    of_the_form = items(FORM, FORM_VERSION)
    assert not any(item.withholdable or item.material_change for item in of_the_form)
    labels = [item.label for item in of_the_form]
    assert len(set(labels)) == len(labels)
