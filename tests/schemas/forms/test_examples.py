import json
from importlib import resources
from pathlib import Path

import jsonschema_rs
import pytest

from schemas.forms.catalogue import items, load
from schemas.forms.validation import validate

_EXAMPLES = Path(str(resources.files("schemas"))) / "examples" / "basic_items_2024-10"
_DEMO = Path(str(resources.files("demo"))) / "documents"
_ACCEPT = sorted((_EXAMPLES / "accept").glob("*.json"))
_REFUSE = sorted((_EXAMPLES / "refuse").glob("*.json"))

_MISTAKES = {
    "article_9_2_without_reason": [("/related_information/article_9_2/reason", "required")],
    "assessment_name_of_two_lines": [("/cover/assessment_name", "control_character")],
    "blank_declaration": [("/cover/declaration", "blank")],
    "change_row_without_explanation": [("/changes/0/explanation", "required")],
    "files_empty": [("/related_information/files", "too_few")],
    "form_version_unknown": [("/form_version", "unknown_form_version")],
    "human_intervention_none_with_answer": [
        ("/risk_measures/human_intervention/answer", "not_needed"),
        ("/risk_measures/human_intervention/basis", "not_needed"),
    ],
    "human_intervention_without_basis": [("/risk_measures/human_intervention/basis", "required")],
    "impossible_date": [("/threshold_items/data_subjects/counted_on", "date")],
    "network_link_without_legal_basis": [("/related_information/network_link/legal_basis", "required")],
    "not_outsourced_with_answer": [("/risk_measures/outsourcing/answer", "not_needed")],
    "outsourcing_without_answer": [("/risk_measures/outsourcing/answer", "required")],
    "overview_too_long": [("/related_information/business/overview", "too_long")],
    "section_missing": [("/threshold_items", "required")],
    "system_named_twice": [("/related_information/business/systems", "duplicate")],
    "system_of_wrong_type": [("/related_information/business/systems/1", "type")],
    "too_many_bodies": [("/related_information/other_assessing_bodies", "too_many")],
    "top_priority_missing": [("/risk_measures/top_priority", "required")],
    "top_priority_not_needed": [("/risk_measures/top_priority", "not_needed")],
    "unknown_choice": [("/risk_measures/storage/answer", "choice")],
    "unknown_item": [("/risk_measures/encryption", "unknown_item")],
}


def _read(file: Path) -> object:
    return json.loads(file.read_text(encoding="utf-8"))


def _second_opinion(document: object) -> bool:
    schema = dict(load("basic_items", "2024-10").schema)
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(document)


@pytest.mark.parametrize("file", _ACCEPT, ids=lambda file: file.stem)
def test_an_example_to_accept_is_accepted_by_both_libraries(file: Path) -> None:
    document = _read(file)
    assert validate(document) == ()
    assert _second_opinion(document)


@pytest.mark.parametrize("file", _REFUSE, ids=lambda file: file.stem)
def test_an_example_to_refuse_gives_its_mistake_once_and_no_other(file: Path) -> None:
    document = _read(file)
    assert [(error.path, error.rule) for error in validate(document)] == _MISTAKES[file.stem]
    assert not _second_opinion(document)


def test_every_example_to_refuse_is_in_the_table() -> None:
    assert [file.stem for file in _REFUSE] == sorted(_MISTAKES)


_OF_2019 = _EXAMPLES.parent / "basic_items_2019-01"
_MISTAKES_OF_2019 = {
    "audit_missing": [("/risk_measures/audit", "required")],
    "human_intervention_not_yet_asked": [("/risk_measures/human_intervention", "unknown_item")],
    "top_priority_not_yet_asked": [("/risk_measures/top_priority", "unknown_item")],
    "unknown_choice": [("/risk_measures/storage/answer", "choice")],
}


@pytest.mark.parametrize("file", sorted((_OF_2019 / "accept").glob("*.json")), ids=lambda file: file.stem)
def test_an_example_on_the_form_of_2019_is_accepted(file: Path) -> None:
    assert validate(_read(file)) == ()


@pytest.mark.parametrize("file", sorted((_OF_2019 / "refuse").glob("*.json")), ids=lambda file: file.stem)
def test_an_example_on_the_form_of_2019_is_refused_for_its_mistake(file: Path) -> None:
    assert [(error.path, error.rule) for error in validate(_read(file))] == _MISTAKES_OF_2019[file.stem]


def test_the_form_of_2019_asks_for_less_and_numbers_what_follows_anew() -> None:
    now = {item.path: item.number for item in items("basic_items", "2024-10")}
    then = {item.path: item.number for item in items("basic_items", "2019-01")}
    asked = {path.split("/")[-2] for path in now.keys() - then.keys() - {"/withheld"}}
    assert asked == {"human_intervention", "top_priority"}
    assert then.keys() < now.keys()
    moved = {then[path]: now[path] for path in then if then[path] != now[path]}
    assert moved == {"Ⅳ8": "Ⅳ9", "Ⅳ9": "Ⅳ10"}


@pytest.mark.parametrize(
    ("name", "mistakes"),
    [
        ("digital-agency-1", []),
        (
            "digital-agency-1-incomplete",
            ["/risk_measures/human_intervention/answer", "/risk_measures/human_intervention/basis"],
        ),
        ("digital-agency-1-corrected", []),
        ("digital-agency-1-revised", []),
    ],
    ids=["公表前の評価書", "Ⅳ8が未回答の案", "直した案", "差戻し後の案"],
)
def test_a_document_of_the_demo_lacks_what_its_name_says(name: str, mistakes: list[str]) -> None:
    document = _read(_DEMO / f"{name}.json")
    assert [error.path for error in validate(document)] == mistakes


@pytest.mark.parametrize("file", [*_ACCEPT, *sorted(_DEMO.glob("*.json"))], ids=lambda file: file.stem)
def test_what_is_invented_says_so(file: Path) -> None:
    assert "見本：" in file.read_text(encoding="utf-8")
