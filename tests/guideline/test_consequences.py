"""変更の帰結: what follows from a report or a difference, with its provisions."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guideline.consequences import Consequence, consequence_of_difference, consequence_of_report
from guideline.level_change import StatedNumbers
from guideline.provisions import NotInForceError
from schemas.courses import Course
from schemas.levels import Level
from schemas.reports import ChangeKind, ChangeReport, RiskEvent

ON = date(2026, 5, 1)
ONLY_EXAMINED = {
    ChangeKind.ENVIRONMENT,
    ChangeKind.LAW_OR_GUIDELINE,
    ChangeKind.FORM_AMENDED,
    ChangeKind.SYSTEM,
    ChangeKind.AUDIT_FINDING,
}
NOT_IN_THE_APPENDIX = {
    ChangeKind.PROVISION,
    ChangeKind.DATA_SUBJECTS,
    ChangeKind.HANDLERS,
    ChangeKind.FORMAL_CORRECTION,
}
ONLY_IN_THE_FULL_FORM = {ChangeKind.BUSINESS_CONTENT, ChangeKind.USING_DEPARTMENT}


def change(kind: ChangeKind, *items: str, **more: Any) -> ChangeReport:
    return ChangeReport(assessments=("a",), kind=kind, title="件", facts="事実", known_on=ON, items=items, **more)


def event(*, affected: int | None = None, feared: int | None = None, intentional: bool | None = None) -> RiskEvent:
    return RiskEvent(
        assessments=("a",),
        title="件",
        facts="事実",
        known_on=ON,
        known_by_department="d",
        persons_affected=affected,
        persons_feared=feared,
        intentional=intentional,
    )


def of(
    report: ChangeReport | RiskEvent, *, level: Level = Level.ALL_ITEMS, stated: StatedNumbers | None = None
) -> Consequence:
    return consequence_of_report(report, level=level, on=ON, stated=stated)


def _expected(kind: ChangeKind, level: Level) -> Course:
    if kind in ONLY_EXAMINED:
        return Course.NO_CHANGE
    if level is Level.BASIC_ITEMS or kind in NOT_IN_THE_APPENDIX:
        return Course.AMEND
    return Course.AMEND if level is Level.PRIORITY_ITEMS and kind in ONLY_IN_THE_FULL_FORM else Course.REASSESS


@pytest.mark.parametrize("level", [Level.BASIC_ITEMS, Level.PRIORITY_ITEMS, Level.ALL_ITEMS], ids=lambda x: x.label)
@pytest.mark.parametrize("kind", list(ChangeKind), ids=lambda kind: kind.label)
def test_a_reported_change_is_reassessed_where_the_appendix_names_it(kind: ChangeKind, level: Level) -> None:
    answer = of(change(kind), level=level)
    assert answer.follows is answer.minimum is _expected(kind, level)
    assert answer.material is (answer.follows is Course.REASSESS)
    assert bool(answer.items) is answer.material
    assert answer.provisions
    assert answer.reasons


def test_a_business_with_a_basic_assessment_alone_knows_no_material_change() -> None:
    answer = of(change(ChangeKind.OUTSOURCING), level=Level.BASIC_ITEMS)
    assert not answer.material
    assert "基礎項目評価のみの事務に重要な変更はなく" in " ".join(answer.reasons)


NAMED = [
    pytest.param(("Ⅱ4⑥ 委託先名",), [], id="委託先名だけ"),
    pytest.param(("Ⅱ4⑦ 再委託の有無",), ["再委託の有無"], id="再委託の有無"),
    pytest.param(("Ⅱ2③",), ["対象となる本人の範囲"], id="本人の範囲の番号"),
    pytest.param(("Ⅱ2③ その必要性",), [], id="その必要性だけ"),
    pytest.param(("Ⅱ4⑥", "Ⅲ4"), ["リスク対策（重大事故の発生を除く。）"], id="二つの項目"),
    pytest.param(("Ⅲ7リスク1⑨",), [], id="重大事故の発生"),
    pytest.param(("Ⅳ8",), [], id="様式2だけにある番号"),
    pytest.param(("様式2 Ⅳ1",), [], id="様式2と名指した番号"),
    pytest.param(("様式4 Ⅳ1",), ["その他のリスク対策"], id="様式4と名指した番号"),
    pytest.param(
        ("窓口の掲示",), ["委託の有無", "委託するファイルの対象となる本人の範囲", "再委託の有無"], id="項目でない言葉"
    ),
]


@pytest.mark.parametrize(("named", "rows"), NAMED)
def test_the_items_that_a_report_names_decide_and_else_its_kind(named: tuple[str, ...], rows: list[str]) -> None:
    answer = of(change(ChangeKind.OUTSOURCING, *named))
    assert [one.row for one in answer.items] == rows
    assert answer.follows is (Course.REASSESS if rows else Course.AMEND)


def test_a_named_item_asks_for_an_amendment_whatever_the_kind() -> None:
    answer = of(change(ChangeKind.ENVIRONMENT, "Ⅳ8"), level=Level.BASIC_ITEMS)
    assert answer.follows is Course.AMEND
    assert "Ⅳ8" in answer.reasons[0]


def test_a_formal_correction_is_not_material_but_only_with_a_reason_that_the_other_side_confirms() -> None:
    answer = of(change(ChangeKind.FORMAL_CORRECTION, "Ⅱ6①"))
    assert (answer.material, answer.follows) == (False, Course.AMEND)
    assert "その理由を書面に記し、もう一方の当事者が確認したときに限ります" in " ".join(answer.reasons)


DATES = [
    pytest.param({"takes_effect_on": date(2026, 8, 1)}, date(2026, 7, 31), id="変更の前日"),
    pytest.param({}, None, id="変更の日が未定"),
    pytest.param(
        {"takes_effect_on": date(2026, 5, 1), "emergency": "地震による庁舎の損壊"}, date(2026, 6, 17), id="緊急のとき"
    ),
]


@pytest.mark.parametrize(("facts", "by"), DATES)
def test_a_material_change_is_published_before_it_takes_effect(facts: dict[str, Any], by: date | None) -> None:
    answer = of(change(ChangeKind.OUTSOURCING, **facts))
    assert answer.by == by
    assert ("変更が生じる日が未定" in " ".join(answer.reasons)) is (by is None)
    assert ("規則第9条第2項" in " ".join(answer.reasons)) is ("emergency" in facts)


EVENTS = [
    pytest.param(event(), Course.NO_CHANGE, id="不明"),
    pytest.param(event(affected=100), Course.NO_CHANGE, id="100人"),
    pytest.param(event(affected=101), Course.AMEND, id="101人"),
    pytest.param(event(affected=1, feared=101), Course.AMEND, id="おそれ101人"),
    pytest.param(event(affected=1, intentional=True), Course.AMEND, id="不正の目的"),
    pytest.param(event(affected=1, intentional=False), Course.NO_CHANGE, id="不正の目的でない"),
]


@pytest.mark.parametrize(("report", "course"), EVENTS)
def test_a_serious_incident_asks_for_an_amendment(report: RiskEvent, course: Course) -> None:
    answer = of(report)
    assert answer.minimum is answer.follows is course
    assert not answer.confirmed


RISES = [
    pytest.param(StatedNumbers(10_000, 499, serious_incident=False), Course.REASSESS, id="1万人以上500人未満"),
    pytest.param(StatedNumbers(100_000, 499, serious_incident=False), Course.REASSESS, id="10万人以上500人未満"),
    pytest.param(StatedNumbers(1_000, 499, serious_incident=False), Course.AMEND, id="1万人未満"),
    pytest.param(StatedNumbers(300_000, 499, serious_incident=False), Course.AMEND, id="30万人以上"),
    pytest.param(StatedNumbers(10_000, 500, serious_incident=False), Course.AMEND, id="500人以上"),
    pytest.param(StatedNumbers(10_000, 499, serious_incident=True), Course.AMEND, id="既に発生あり"),
]


@pytest.mark.parametrize(("stated", "follows"), RISES)
def test_a_serious_incident_raises_the_level_where_the_numbers_lie_between(
    stated: StatedNumbers, follows: Course
) -> None:
    answer = of(event(affected=101), stated=stated)
    assert (answer.follows, answer.minimum) == (follows, Course.AMEND)


NUMBERS = [
    pytest.param({"data_subjects": 100_000}, Course.REASSESS, "規則第6条第2項", id="増えて重点"),
    pytest.param({"handlers": 500}, Course.REASSESS, "規則第6条第2項", id="取扱者が増えて重点"),
    pytest.param({"data_subjects": 9_999}, Course.AMEND, "規則第14条第1項", id="同じ種類のまま"),
    pytest.param({"data_subjects": 999}, Course.AMEND, "規則第14条第1項", id="義務がなくなる"),
]


@pytest.mark.parametrize(("facts", "follows", "article"), NUMBERS)
def test_new_numbers_lead_to_the_level_they_ask_for(facts: dict[str, Any], follows: Course, article: str) -> None:
    stated = StatedNumbers(10_000, 499, serious_incident=False)
    answer = of(change(ChangeKind.DATA_SUBJECTS, **facts), level=Level.BASIC_ITEMS, stated=stated)
    assert (answer.follows, answer.minimum) == (follows, Course.AMEND)
    assert article in [one.article for one in answer.provisions]


def test_a_rise_from_below_a_thousand_has_no_article_and_goes_to_a_person_at_once() -> None:
    stated = StatedNumbers(999, 499, serious_incident=False)
    answer = of(change(ChangeKind.DATA_SUBJECTS, data_subjects=1_000), stated=stated)
    assert not answer.confirmed
    assert "直ちに人が判断してください" in " ".join(answer.reasons)


def _document(*, range_: str = "口座を登録した者", name: str = "甲社", remarks: str = "") -> dict[str, Any]:
    entries = [{"name": "入力", "contractor": name}]
    file = {
        "name": "宛名",
        "basic": {"data_subject_range": range_},
        "outsourcing": {"entries": entries},
        "remarks": remarks,
    }
    return {"form": "all_items", "form_version": "2024-10", "files": [file]}


DIFFERENCES = [
    pytest.param(
        {"range_": "全ての住民"}, Course.REASSESS, ["Ⅱ2③ 対象となる本人の範囲（ファイル「宛名」）"], id="本人の範囲"
    ),
    pytest.param({"name": "乙社"}, Course.AMEND, [], id="委託先名"),
    pytest.param({}, Course.NO_CHANGE, [], id="違いなし"),
]


@pytest.mark.parametrize(("changed", "follows", "items"), DIFFERENCES)
def test_the_difference_of_two_documents_decides(changed: dict[str, str], follows: Course, items: list[str]) -> None:
    answer = consequence_of_difference(_document(), _document(**changed), on=ON, takes_effect_on=date(2026, 9, 1))
    assert (answer.follows, [one.item for one in answer.items]) == (follows, items)
    assert answer.material is bool(items)


def test_a_new_file_is_a_material_change() -> None:
    after = _document()
    after["files"].append({"name": "収納", "basic": {"kind": "system_file"}})
    answer = consequence_of_difference(_document(), after, on=ON)
    assert answer.material
    assert answer.by is None
    assert "特定個人情報ファイルの種類" in [one.row for one in answer.items]


def test_many_changed_items_are_counted_rather_than_listed() -> None:
    before = {"form": "basic_items", "form_version": "2024-10"}
    after: dict[str, Any] = {
        **before,
        "cover": dict.fromkeys(("assessment_name", "declaration", "special_notes", "assessing_body"), "新"),
        "related_information": dict.fromkeys(
            ("files", "number_use_legal_basis", "other_assessing_bodies", "disclosure_requests", "inquiries"), "新"
        ),
        "threshold_result": "all_items",
        "risk_measures": {"submitted_level": "all_items"},
    }
    answer = consequence_of_difference(before, after, on=ON)
    assert answer.follows is Course.AMEND
    assert "ほか1件" in " ".join(answer.reasons)


def test_no_rule_is_known_before_the_first_one() -> None:
    with pytest.raises(NotInForceError):
        consequence_of_report(change(ChangeKind.OUTSOURCING), level=Level.ALL_ITEMS, on=date(2015, 12, 31))
