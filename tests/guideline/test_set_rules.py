from typing import Any

import pytest

from guideline.set_rules import check_set, errors_of_set
from schemas.courses import Course
from tests.guideline.sample_documents import ALL_ITEMS, BASIC_ITEMS, ON, PRIORITY_ITEMS, changed, document


def _found(*documents: dict[str, Any], number: str | None = None) -> list[tuple[str, str]]:
    return [(error.item, error.rule) for error in check_set(documents, on=ON, number=number)]


def _beside(places: dict[str, object]) -> list[tuple[str, str]]:
    return _found(document(BASIC_ITEMS), changed(ALL_ITEMS, places))


def _basic_beside_priority(**of_the_basic: object) -> list[dict[str, Any]]:
    larger = document(PRIORITY_ITEMS)
    basic = changed(
        BASIC_ITEMS,
        {
            "/cover": {**larger["cover"], "assessment_name": "後期高齢者医療制度に関する事務 基礎項目評価書"},
            "/related_information/files": larger["basic_information"]["files"],
            "/threshold_items/data_subjects/band": "from_100000_under_300000",
            "/threshold_items/handlers/band": "under_500",
            "/threshold_result": "priority_items",
            "/risk_measures/submitted_level": "priority_items",
        },
    )
    return [basic | of_the_basic, larger]


@pytest.mark.parametrize(
    ("basic", "larger", "number"),
    [
        ("digital-agency-1", "digital-agency-1-all-items", "1"),
        ("digital-agency-1-corrected", "digital-agency-1-all-items-first-draft", "1"),
        ("digital-agency-1-revised", "digital-agency-1-all-items-revised", "1"),
        (BASIC_ITEMS, ALL_ITEMS, "7"),
        ("sapporo-7-basic-items-revised", "sapporo-7-all-items-first-draft", "7"),
        ("sapporo-7-basic-items-revised", "sapporo-7-all-items-revised", "7"),
    ],
    ids=[
        "公金受取口座",
        "公金受取口座の案",
        "公金受取口座の再実施後",
        "介護保険",
        "介護保険の案",
        "介護保険の再実施後",
    ],
)
def test_the_samples_make_up_sets(basic: str, larger: str, number: str) -> None:
    assert _found(document(basic), document(larger), number=number) == []
    assert _found(document(larger), document(basic), number=number) == []


def test_a_priority_assessment_makes_up_a_set_with_its_basic_items() -> None:
    assert _found(*_basic_beside_priority()) == []


def test_an_amendment_may_say_first_that_a_larger_form_is_to_come() -> None:
    """規則14条3項, 7条2項, 8条: 上がったしきい値は、まず様式2の修正として公表される。"""
    basic, larger = _basic_beside_priority()
    basic["threshold_items"]["data_subjects"]["band"] = "at_least_300000"
    basic["threshold_result"] = basic["risk_measures"]["submitted_level"] = "all_items"
    assert errors_of_set([basic, larger], on=ON, course=Course.AMEND) == ()
    refused = {error.rule for error in errors_of_set([basic, larger], on=ON, course=Course.REASSESS)}
    assert refused == {"level_is_the_set", "data_subjects_agree", "results_agree"}
    basic["risk_measures"]["submitted_level"] = "basic_items"
    fallen = errors_of_set([basic, larger], on=ON, course=Course.AMEND)
    assert "level_is_the_set" in {error.rule for error in fallen}


@pytest.mark.parametrize(
    ("number", "found"),
    [
        (None, []),
        ("7", []),
        ("8", [("様式2 表紙 評価書番号", "number_of_the_plan"), ("様式4 表紙 評価書番号", "number_of_the_plan")]),
    ],
    ids=["計画管理書を照らさない", "計画管理書と同じ", "計画管理書と異なる"],
)
def test_the_number_is_that_of_the_plan(number: str | None, found: list[tuple[str, str]]) -> None:
    assert _found(document(BASIC_ITEMS), document(ALL_ITEMS), number=number) == found


def test_a_number_that_is_missing_is_left_to_the_validation() -> None:
    basic, larger = (changed(name, {"/cover/assessment_number": None}) for name in (BASIC_ITEMS, ALL_ITEMS))
    assert _found(basic, larger, number="7") == []


@pytest.mark.parametrize(
    ("path", "value", "item", "rule"),
    [
        ("/cover/assessment_number", "8", "様式4 表紙 評価書番号", "numbers_agree"),
        ("/cover/assessment_name", "国民年金に関する事務 全項目評価書", "様式4 表紙 評価書名", "names_agree"),
        ("/cover/assessing_body", "札幌市教育委員会", "様式4 表紙 評価実施機関名", "bodies_agree"),
        (
            "/basic_information/business/data_subjects",
            "from_100000_under_300000",
            "様式4 Ⅰ1③ 対象人数",
            "data_subjects_agree",
        ),
        ("/procedure/basic_items/result", "priority_items", "様式4 Ⅵ1② しきい値判断結果", "results_agree"),
    ],
    ids=["評価書番号", "評価書名", "評価実施機関名", "対象人数", "しきい値判断結果"],
)
def test_what_both_documents_say_is_the_same(path: str, value: str, item: str, rule: str) -> None:
    assert _beside({path: value}) == [(item, rule)]
    assert _beside({path: None}) == []


@pytest.mark.parametrize(
    "name", ["介護保険に関する事務", "介護保険に関する事務　全項目評価書"], ids=["種類の語なし", "全角の空き"]
)
def test_the_word_for_the_kind_of_document_is_no_part_of_its_name(name: str) -> None:
    assert _beside({"/cover/assessment_name": name}) == []


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (["介護保険給付ファイル", "介護保険資格ファイル"], []),
        (["介護保険資格ファイル"], [("様式4 Ⅰ3 特定個人情報ファイル名", "files_agree")]),
        (
            ["介護保険資格ファイル", "介護保険給付ファイル", "宛名ファイル"],
            [("様式2 Ⅰ2 特定個人情報ファイル名", "files_agree")],
        ),
        ([], []),
    ],
    ids=["順が異なる", "様式4に欠ける", "様式2に欠ける", "未記入"],
)
def test_the_files_of_both_documents_are_the_same(files: list[str], found: list[tuple[str, str]]) -> None:
    larger = changed(ALL_ITEMS, {"/basic_information/files": files})
    assert _found(document(BASIC_ITEMS), larger) == found


_LEVEL = ("様式2 Ⅳ1 提出する特定個人情報保護評価書の種類", "level_is_the_set")


def _submitting(level: str | None) -> dict[str, Any]:
    return changed(BASIC_ITEMS, {"/risk_measures/submitted_level": level})


@pytest.mark.parametrize(
    ("level", "beside", "found"),
    [
        ("all_items", [ALL_ITEMS], []),
        ("all_items", [], [_LEVEL]),
        ("priority_items", [], [_LEVEL]),
        ("priority_items", [ALL_ITEMS], [_LEVEL, _LEVEL]),
        ("basic_items", [ALL_ITEMS], [_LEVEL]),
        ("basic_items", [], []),
        (None, [ALL_ITEMS], []),
    ],
    ids=[
        "全項目と様式4",
        "全項目で様式2だけ",
        "重点で様式2だけ",
        "重点で様式4",
        "基礎で様式4",
        "基礎で様式2だけ",
        "未記入",
    ],
)
def test_the_submitted_level_is_that_of_the_set(
    level: str | None, beside: list[str], found: list[tuple[str, str]]
) -> None:
    assert _found(_submitting(level), *map(document, beside)) == found


def test_a_larger_form_stands_beside_the_basic_items() -> None:
    assert _found(document(ALL_ITEMS)) == [("様式4 表紙 評価書名", "basic_items_in_the_set")]
    assert _found() == []


def test_a_set_has_one_document_of_each_form() -> None:
    twice = _found(document(BASIC_ITEMS), document(ALL_ITEMS), document(ALL_ITEMS))
    assert twice == [("様式4 表紙 評価書名", "one_document_of_each_form")]


_OCCURRED = {"occurred": "occurred", "content": "誤って送付した。", "prevention": "二人で確かめる。"}


@pytest.mark.parametrize(
    ("one_year", "three_years", "wrong"),
    [
        ("occurred", "not_occurred", True),
        ("occurred", "occurred", False),
        ("not_occurred", "occurred", False),
        ("not_occurred", "not_occurred", False),
    ],
    ids=["一年だけあり", "どちらもあり", "三年だけあり", "どちらもなし"],
)
def test_an_incident_of_one_year_lies_within_three(one_year: str, three_years: str, *, wrong: bool) -> None:
    basic = changed(BASIC_ITEMS, {"/threshold_items/serious_incident": one_year})
    told = _OCCURRED if three_years == "occurred" else {"occurred": three_years}
    larger = changed(ALL_ITEMS, {f"/risks/{at}/storage/leak/serious_incident": told for at in (0, 1)})
    asked = "過去3年以内に、評価実施機関において、個人情報に関する重大事故が発生したか（重大事故の発生）"
    files = ("1件目のファイル「介護保険資格ファイル」", "2件目のファイル「介護保険給付ファイル」")
    items = [f"様式4 Ⅲ7リスク1⑨ {asked}（{file}）" for file in files]
    found = [(item, "incident_of_one_year_within_three") for item in items] if wrong else []
    assert _found(basic, larger) == found


def test_an_incident_is_asked_for_in_the_place_of_each_form() -> None:
    basic, larger = _basic_beside_priority()
    basic["threshold_items"]["serious_incident"] = "occurred"
    [error] = check_set([basic, larger], on=ON)
    assert (error.path, error.rule) == ("/risks/0/leak/serious_incident/occurred", "incident_of_one_year_within_three")
    assert error.message.endswith("（様式2 Ⅱ3、様式4 Ⅲ7リスク1⑨・様式3 Ⅲ7②）")


def test_a_document_on_an_unknown_form_is_left_out() -> None:
    unknown = {"form": "all_items", "form_version": "1999-01"}
    assert _found(document(BASIC_ITEMS), document(ALL_ITEMS), unknown) == []


def test_of_a_document_that_stands_alone_only_what_it_says_itself_is_an_error() -> None:
    basic, larger = document(BASIC_ITEMS), document(ALL_ITEMS)
    assert errors_of_set([basic], on=ON, number="7") == ()
    assert errors_of_set([basic, larger], on=ON, number="7") == ()
    assert [error.rule for error in errors_of_set([basic], on=ON, number="8")] == ["number_of_the_plan"]
    assert "level_is_the_set" in [error.rule for error in check_set([basic], on=ON)]


def test_a_basic_form_alone_that_names_a_larger_one_is_no_reassessment() -> None:
    errors = errors_of_set([document(BASIC_ITEMS)], on=ON, number="7", course=Course.REASSESS)
    assert [error.rule for error in errors] == ["level_is_the_set"]
