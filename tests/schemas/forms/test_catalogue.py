import json
from importlib import resources
from typing import Any

import pytest

from schemas.forms.catalogue import (
    UnknownFormError,
    items,
    known_forms,
    label,
    load,
    risk_measures,
    sections,
    walk,
)
from schemas.forms.places import written_risk_measures

_FORM = ("basic_items", "2024-10")
_ACCEPT = resources.files("schemas") / "examples" / "basic_items_2024-10" / "accept"


def _example(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((_ACCEPT / f"{name}.json").read_text(encoding="utf-8"))
    return document


def test_the_known_forms_are_listed_by_name_and_version() -> None:
    assert [(form.name, form.version, form.title, form.era_label) for form in known_forms()] == [
        ("all_items", "2024-10", "様式4 全項目評価書", "令和6年10月"),
        ("basic_items", "2019-01", "様式2 基礎項目評価書", "平成31年1月"),
        ("basic_items", "2024-10", "様式2 基礎項目評価書", "令和6年10月"),
        ("breach_report", "2025-10", "別記様式 漏えい等報告書", "令和7年10月"),
        ("plan", "2024-10", "様式1 計画管理書", "令和6年10月"),
        ("priority_items", "2024-10", "様式3 重点項目評価書", "令和6年10月"),
    ]


@pytest.mark.parametrize(
    ("name", "version"), [("basic_items", "2014-04"), ("no_items", "2024-10")], ids=["未知の版", "未知の様式"]
)
def test_a_form_that_is_not_known_is_refused_by_name(name: str, version: str) -> None:
    with pytest.raises(UnknownFormError, match=f"「{name}」の版「{version}」"):
        load(name, version)


def test_the_yearly_review_looks_at_every_section_but_not_at_the_table_of_changes() -> None:
    assert [(section.id, section.label) for section in sections(*_FORM)] == [
        ("cover", "表紙 表題、宣言及び特記事項"),
        ("related_information", "Ⅰ 関連情報"),
        ("threshold_items", "Ⅱ しきい値判断項目"),
        ("threshold_result", "Ⅲ しきい値判断結果"),
        ("risk_measures", "Ⅳ リスク対策"),
    ]


def test_the_yearly_review_looks_at_every_risk_measure() -> None:
    assert [(measure.id, measure.number) for measure in risk_measures(*_FORM)] == [
        ("acquisition", "Ⅳ2"),
        ("linking", "Ⅳ3"),
        ("unauthorised_use", "Ⅳ3"),
        ("outsourcing", "Ⅳ4"),
        ("provision", "Ⅳ5"),
        ("network_acquisition", "Ⅳ6"),
        ("network_provision", "Ⅳ6"),
        ("storage", "Ⅳ7"),
        ("human_intervention", "Ⅳ8"),
        ("audit", "Ⅳ9"),
        ("training", "Ⅳ10"),
        ("top_priority", "Ⅳ11"),
    ]
    assert risk_measures(*_FORM)[8].label == "Ⅳ8 人手を介在させる作業"
    assert risk_measures(*_FORM)[8].path == "/risk_measures/human_intervention"


@pytest.mark.parametrize(
    ("example", "stated"),
    [("uchiko_child_allowance", True), ("kumagaya_resident_register", False)],
    ids=["基礎項目評価だけ", "重点項目評価も実施"],
)
def test_a_risk_measure_that_was_not_needed_is_not_asked_for_in_the_yearly_review(
    example: str, *, stated: bool
) -> None:
    document = _example(example)
    assert ("top_priority" in [measure.id for measure in written_risk_measures(document)]) is stated


def test_the_labels_of_the_items_are_all_different_and_fit_on_one_line() -> None:
    labels = [item.label for item in items(*_FORM)]
    assert len(set(labels)) == len(labels)
    assert max(len(words) for words in labels) <= 200


def test_the_items_stand_in_the_order_of_the_form() -> None:
    numbers = list(dict.fromkeys(item.number for item in items(*_FORM)))
    related = ["Ⅰ1①", "Ⅰ1②", "Ⅰ1③", "Ⅰ2", "Ⅰ3", "Ⅰ4①", "Ⅰ4②", "Ⅰ5①", "Ⅰ5②", "Ⅰ6", "Ⅰ7", "Ⅰ8", "Ⅰ9"]
    measures = [f"Ⅳ{number}" for number in range(1, 12)]
    assert numbers == ["表紙", *related, "Ⅱ1", "Ⅱ2", "Ⅱ3", "Ⅲ", *measures, "非公表", "別添"]


def test_an_item_carries_what_the_form_says_of_it() -> None:
    basis = next(item for item in items(*_FORM) if item.path == "/risk_measures/human_intervention/basis")
    assert basis.label == "Ⅳ8 人手を介在させる作業（判断の根拠）"
    assert (basis.section, basis.number, basis.title, basis.display) == ("risk_measures", "Ⅳ8", "判断の根拠", "text")
    assert (basis.required, basis.material_change, basis.withholdable, basis.confirmed) == (False, False, True, False)
    assert basis.risk == "human_intervention"


def test_the_choices_of_an_item_are_values_with_japanese_titles() -> None:
    kinds = next(item for item in items(*_FORM) if item.path == "/risk_measures/audit/kinds")
    assert list(kinds.choices.items()) == [
        ("self_inspection", "自己点検"),
        ("internal_audit", "内部監査"),
        ("external_audit", "外部監査"),
    ]


def test_no_change_of_the_basic_items_form_alone_is_a_material_change() -> None:
    assert not any(item.material_change for item in items(*_FORM))


def test_an_item_is_read_from_a_document_by_its_path() -> None:
    document = _example("uchiko_child_allowance")
    found = {item.path: item.value_in(document) for item in items(*_FORM)}
    assert found["/cover/assessing_body"] == "内子町長"
    assert found["/changes"] is None
    assert {item.value_in({"cover": "文字"}) for item in items(*_FORM)} == {None}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ((), "評価書"),
        (("form_version",), "評価書の様式の版"),
        (("related_information",), "Ⅰ 関連情報"),
        (("related_information", "business", "systems", 1), "Ⅰ1③ システムの名称（2件目）"),
        (("changes", 0, "before"), "別添 変更箇所（1件目）の変更前の記載"),
        (("risk_measures", "encryption"), "Ⅳ リスク対策"),
    ],
    ids=["全体", "様式の版", "区分", "一覧の二件目", "変更箇所の列", "未知の項目"],
)
def test_a_place_is_named_in_words(path: tuple[str | int, ...], words: str) -> None:
    assert label(tuple(walk(load(*_FORM).schema, path))) == words
