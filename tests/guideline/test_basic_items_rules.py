import json
from datetime import date
from importlib import resources
from typing import Any

import pytest

from guideline.form_rules import check
from schemas.forms.validation import validate

_EXAMPLES = resources.files("schemas") / "examples" / "basic_items_2024-10"
_ACCEPT = [
    "uchiko_child_allowance",
    "tsurugi_voluntary",
    "kumagaya_resident_register",
    "digital_agency_account_register",
]
_DEMO = ["digital-agency-1", "digital-agency-1-incomplete", "digital-agency-1-corrected", "digital-agency-1-revised"]
_ON = date(2024, 12, 2)


def _example(name: str = "uchiko_child_allowance") -> dict[str, Any]:
    document: dict[str, Any] = json.loads((_EXAMPLES / "accept" / f"{name}.json").read_text(encoding="utf-8"))
    return document


def _judged(band: str, handlers: str, incident: str, result: str, submitted: str) -> dict[str, Any]:
    document = _example()
    document["threshold_items"]["data_subjects"]["band"] = band
    document["threshold_items"]["handlers"]["band"] = handlers
    document["threshold_items"]["serious_incident"] = incident
    document["threshold_result"] = result
    document["risk_measures"]["submitted_level"] = submitted
    return document


def _rules(document: object) -> list[str]:
    return [error.rule for error in check(document, on=_ON)]


@pytest.mark.parametrize("name", _ACCEPT)
def test_an_example_to_accept_breaks_no_rule(name: str) -> None:
    assert check(_example(name), on=_ON) == ()


@pytest.mark.parametrize("name", _DEMO)
def test_a_document_of_the_demo_breaks_no_rule(name: str) -> None:
    text = (resources.files("demo") / "documents" / f"{name}.json").read_text(encoding="utf-8")
    assert check(json.loads(text), on=_ON) == ()


_NONE, _BASIC, _PRIORITY, _ALL = "not_required", "basic_items", "priority_items", "all_items"


@pytest.mark.parametrize(
    ("band", "handlers", "incident", "level"),
    [
        ("under_1000", "at_least_500", "occurred", _NONE),
        ("from_1000_under_10000", "at_least_500", "occurred", _BASIC),
        ("from_10000_under_100000", "under_500", "not_occurred", _BASIC),
        ("from_10000_under_100000", "under_500", "occurred", _PRIORITY),
        ("from_10000_under_100000", "at_least_500", "not_occurred", _PRIORITY),
        ("from_100000_under_300000", "under_500", "not_occurred", _PRIORITY),
        ("from_100000_under_300000", "under_500", "occurred", _ALL),
        ("from_100000_under_300000", "at_least_500", "not_occurred", _ALL),
        ("at_least_300000", "under_500", "not_occurred", _ALL),
    ],
    ids=[
        "1,000人未満",
        "1,000人以上",
        "1万人以上",
        "1万人以上で重大事故",
        "1万人以上で500人以上",
        "10万人以上",
        "10万人以上で重大事故",
        "10万人以上で500人以上",
        "30万人以上",
    ],
)
def test_the_result_is_the_one_that_the_three_items_lead_to(
    band: str, handlers: str, incident: str, level: str
) -> None:
    for stated in (_NONE, _BASIC, _PRIORITY, _ALL):
        found = _rules(_judged(band, handlers, incident, stated, _ALL))
        wrong = "voluntary_result" if level == _NONE else "threshold_result_matches"
        assert found == ([] if stated == level else [wrong])


@pytest.mark.parametrize(
    ("submitted", "found"),
    [(_BASIC, ["submitted_level_not_lower"]), (_PRIORITY, []), (_ALL, [])],
    ids=["低い種類", "求められる種類", "任意に高い種類"],
)
def test_the_submitted_level_may_be_higher_but_never_lower(submitted: str, found: list[str]) -> None:
    document = _judged("from_100000_under_300000", "under_500", "not_occurred", _PRIORITY, submitted)
    assert _rules(document) == found


def test_the_submitted_level_is_held_against_the_computed_one_where_the_stated_one_is_wrong() -> None:
    document = _judged("at_least_300000", "under_500", "not_occurred", _BASIC, _BASIC)
    assert _rules(document) == ["threshold_result_matches", "submitted_level_not_lower"]


def test_the_submitted_level_is_held_against_the_stated_one_where_none_can_be_computed() -> None:
    document = _judged("いくらか", "under_500", "not_occurred", _ALL, _BASIC)
    assert _rules(document) == ["submitted_level_not_lower"]


@pytest.mark.parametrize("submitted", [_BASIC, _PRIORITY, _ALL], ids=["基礎", "重点", "全項目"])
def test_a_voluntary_assessment_may_be_of_any_level(submitted: str) -> None:
    assert _rules(_judged("under_1000", "under_500", "not_occurred", _NONE, submitted)) == []


@pytest.mark.parametrize(
    ("measure", "original", "repeated", "found"),
    [
        ("storage", "sufficient", "sufficient", []),
        ("storage", "issues_remain", "sufficient", ["repeated_answer_matches"]),
        ("training", "particular_effort", "particular_effort", []),
        ("training", "insufficient", "issues_remain", []),
        ("training", "insufficient", "sufficient", ["repeated_answer_matches"]),
    ],
    ids=["同じ", "異なる", "教育・啓発で同じ", "教育・啓発で言い方だけ異なる", "教育・啓発で異なる"],
)
def test_the_repeated_answer_is_the_answer_of_the_chosen_measure(
    measure: str, original: str, repeated: str, found: list[str]
) -> None:
    document = _example()
    document["risk_measures"][measure] = {"answer": original}
    document["risk_measures"]["top_priority"] |= {"measure": measure, "answer": repeated}
    assert validate(document) == ()
    assert _rules(document) == found


@pytest.mark.parametrize(
    "measure", ["outsourcing", "provision", "network_provision"], ids=["委託", "提供・移転", "接続・提供"]
)
def test_a_measure_for_what_is_not_done_can_not_have_the_top_priority(measure: str) -> None:
    document = _example()
    document["risk_measures"]["top_priority"]["measure"] = measure
    assert validate(document) == ()
    assert _rules(document) == ["priority_measure_applies"]


@pytest.mark.parametrize("path", ["band", "result", "submitted", "answer", "original"])
def test_a_missing_answer_silences_its_own_rules(path: str) -> None:
    document = _judged("at_least_300000", "under_500", "not_occurred", _ALL, _ALL)
    document["risk_measures"]["storage"]["answer"] = "issues_remain"
    broken = {
        "band": lambda: document["threshold_items"].pop("data_subjects"),
        "result": lambda: document.pop("threshold_result"),
        "submitted": lambda: document["risk_measures"].pop("submitted_level"),
        "answer": lambda: document["risk_measures"]["top_priority"].pop("answer"),
        "original": lambda: document["risk_measures"]["storage"].pop("answer"),
    }
    broken[path]()
    assert _rules(document) == ([] if path in {"answer", "original"} else ["repeated_answer_matches"])


def test_a_broken_rule_is_told_with_its_place_its_remedy_and_its_provision() -> None:
    [error] = check(_judged("at_least_300000", "under_500", "not_occurred", _PRIORITY, _ALL), on=_ON)
    assert (error.path, error.item) == ("/threshold_result", "Ⅲ しきい値判断結果")
    assert "「基礎項目評価及び全項目評価の実施が義務付けられる」と異なります" in error.message
    assert "直してください。" in error.message
    assert error.message.endswith("（規則第4条第8号、第5条第1項、第6条第1項、第7条第1項）")
