"""公示・公表の特例: which document may leave what out of its publication."""

from datetime import date
from typing import Any

import pytest

from guideline.provisions import NotInForceError
from guideline.withholding import (
    WITHHOLDING,
    Permission,
    WithholdingError,
    keys_of,
    rules_of_withholding,
    withheld_places,
    withholding_errors,
)
from schemas.courses import Course
from schemas.forms.validation import validate
from schemas.organisation import BodyKind
from tests.filled import filled

LOCAL, OTHER = BodyKind.LOCAL_GOVERNMENT, BodyKind.ADMINISTRATIVE_BODY
_ON = date(2026, 4, 1)
_PLACE = {"basic_items": "/related_information/business/overview", "priority_items": "/files/0/remarks"}


def _withholding(form: str, clause: str) -> dict[str, Any]:
    document: dict[str, Any] = filled(form, withheld={_PLACE.get(form, "/files/0/remarks"): clause})
    assert validate(document) == ()
    return document


@pytest.mark.parametrize(
    ("form", "kind", "course", "clause", "permission", "cites"),
    [
        pytest.param("all_items", OTHER, "reassess", "rule_10_1", "permitted", "13", id="全項目 行政機関等 一項"),
        pytest.param("all_items", OTHER, "reassess", "rule_10_2", "permitted", "13", id="全項目 行政機関等 二項"),
        pytest.param("all_items", LOCAL, "reassess", "rule_10_1", "permitted", "7-6", id="全項目 地方公共団体等 一項"),
        pytest.param("all_items", LOCAL, "reassess", "rule_10_2", "permitted", "7-3", id="全項目 地方公共団体等 二項"),
        pytest.param("priority_items", OTHER, "reassess", "rule_10_1", "permitted", "6-3", id="重点 一項"),
        pytest.param("priority_items", LOCAL, "reassess", "rule_10_2", "permitted", "6-3", id="重点 二項"),
        pytest.param("basic_items", OTHER, "reassess", "rule_10_1", "permitted", "5-2", id="基礎 一項"),
        pytest.param("basic_items", LOCAL, "reassess", "rule_10_2", "refused", "5-2", id="基礎 二項"),
        pytest.param("basic_items", LOCAL, "amend", "rule_10_1", "permitted", "14-3", id="基礎の修正 一項"),
        pytest.param("basic_items", OTHER, "amend", "rule_10_2", "to_be_decided", "14-3", id="基礎の修正 二項"),
        pytest.param("priority_items", OTHER, "amend", "rule_10_2", "permitted", "14-3", id="重点の修正 二項"),
        pytest.param("all_items", LOCAL, "amend", "rule_10_2", "permitted", "14-3", id="全項目 地方の修正 二項"),
        pytest.param("all_items", OTHER, "amend", "rule_10_2", "permitted", "14-2", id="全項目 行政の修正 二項"),
        pytest.param("basic_items", OTHER, "end_business", "rule_10_1", "permitted", "14-2", id="基礎の終了 一項"),
    ],
)
def test_each_document_goes_by_its_own_row(  # noqa: PLR0913, PLR0917 # one row of the table
    form: str, kind: BodyKind, course: str, clause: str, permission: str, cites: str
) -> None:
    document = _withholding(form, clause)
    verdict = rules_of_withholding(document, body_kind=kind, course=Course(course), on=_ON)
    assert bool(verdict.faults) is (permission == "refused")
    assert bool(verdict.to_be_decided) is (permission == "to_be_decided")
    assert verdict.confirmed is (permission != "to_be_decided")
    assert f"rule-{cites}" in {one.id for one in verdict.provisions}


def test_a_first_basic_document_is_told_what_to_do() -> None:
    document = _withholding("basic_items", "rule_10_2")
    verdict = rules_of_withholding(document, body_kind=OTHER, course=Course.REASSESS, on=_ON)
    [fault] = verdict.faults
    assert fault == (
        "「Ⅰ1② 事務の概要」: 初めての、又は再実施の基礎項目評価書の公表に規則第10条第2項を用いることはできません"
        "（規則第5条第2項は規則第10条第1項だけを準用しています）。この場所を公表するか、公表できる書き方に改めてください。"
    )


def test_of_a_version_that_was_entered_nobody_knows_the_course_and_a_person_decides() -> None:
    document = _withholding("basic_items", "rule_10_2")
    verdict = rules_of_withholding(document, body_kind=OTHER, course=None, on=_ON)
    assert (verdict.faults, len(verdict.to_be_decided), verdict.confirmed) == ((), 1, False)
    assert "総括保護管理者が判断してください" in verdict.to_be_decided[0]


def test_a_document_that_withholds_nothing_uses_no_clause() -> None:
    verdict = rules_of_withholding(filled("basic_items"), body_kind=OTHER, course=Course.AMEND, on=_ON)
    assert verdict == type(verdict)((), (), (), confirmed=True)


@pytest.mark.parametrize(("clause", "refused"), [("rule_10_1", False), ("rule_10_2", True)], ids=["一項", "二項"])
def test_all_may_be_withheld_by_the_first_paragraph_and_only_a_part_by_the_second(
    clause: str, *, refused: bool
) -> None:
    plain = filled("all_items")
    sections = [key for key in plain if key not in ("form", "form_version")]
    whole = filled("all_items", withheld={f"/{key}": clause for key in sections})
    verdict = rules_of_withholding(whole, body_kind=OTHER, course=Course.REASSESS, on=_ON)
    assert bool(verdict.faults) is refused
    part = filled("all_items", withheld={f"/{key}": clause for key in sections[1:]})
    assert rules_of_withholding(part, body_kind=OTHER, course=Course.REASSESS, on=_ON).faults == ()


@pytest.mark.parametrize(
    "place",
    [
        "/files/2",
        "/files/00",
        "/files/-",
        "/nowhere",
        "/cover/assessment_name/x",
        "files/0",
        "/",
        "",
        "/form",
        "/withheld/0/reason",
    ],
)
def test_a_row_that_leads_nowhere_is_an_error(place: str) -> None:
    document = filled("all_items", withheld={"/files/0/remarks": "rule_10_1", place: "rule_10_1"})
    [error] = withholding_errors(document)
    assert (error.path, error.rule) == ("/withheld/1/place", "withheld_leads_nowhere")
    assert f"場所「{place}」には、この文書の記載がありません" in error.message
    with pytest.raises(WithholdingError, match="公表しない部分の2件目"):
        withheld_places(document)
    verdict = rules_of_withholding(document, body_kind=OTHER, course=Course.REASSESS, on=_ON)
    assert len(verdict.faults) == 1


@pytest.mark.parametrize("table", ["/files/0", ["/files/0"], [None]], ids=["文字列", "文字列の一覧", "空の行"])
def test_a_table_that_cannot_be_read_is_an_error_and_never_nothing(table: object) -> None:
    assert len(withholding_errors({**filled("all_items"), "withheld": table})) == 1


def test_of_an_unknown_form_nothing_is_said() -> None:
    assert withholding_errors({"form": "unknown", "withheld": [1]}) == ()


def test_a_pointer_may_hold_escaped_signs() -> None:
    document = {"a/b": {"c~d": ["x", "y"]}}
    assert keys_of("/a~1b/c~0d/1", document) == ("a/b", "c~d", 1)


def test_a_row_says_by_which_clause_and_why_and_where_it_leads() -> None:
    [row] = withheld_places(filled("all_items", withheld={"/files/1/storage": "rule_10_2"}))
    assert row.mark == "（規則第10条第2項により公表しない。理由: 管理に支障があるため）"
    assert row.label.startswith("Ⅱ6 特定個人情報の保管・消去（2件目のファイル「固有")


def test_a_clause_that_is_not_known_is_shown_as_it_stands_and_permits_nothing() -> None:
    document = filled("all_items", withheld={"/files/1/storage": "条例"})
    assert withheld_places(document)[0].mark.startswith("（条例により公表しない。")
    assert rules_of_withholding(document, body_kind=OTHER, course=Course.AMEND, on=_ON).provisions == ()


def test_before_the_first_rows_nothing_is_known() -> None:
    with pytest.raises(NotInForceError, match="公示・公表の特例"):
        rules_of_withholding(filled("basic_items"), body_kind=OTHER, course=None, on=date(2015, 12, 31))


def test_only_one_row_waits_for_a_person() -> None:
    assert {row.permission for row in WITHHOLDING if row.confirmed} == {Permission.PERMITTED, Permission.REFUSED}
    assert [row.clause.id for row in WITHHOLDING if not row.confirmed] == ["rule-10-2"]
