import itertools
from importlib import resources
from pathlib import Path

import pytest

from guideline.basic_items_rules import BASIC_ITEMS_RULES
from guideline.breach_report_rules import BREACH_REPORT_RULES
from guideline.comment_rules import COMMENT_RULES
from guideline.form_answers import FormRule
from guideline.form_rules import RULES, check
from guideline.larger_form_rules import LARGER_FORM_RULES
from guideline.set_rules import SET_RULES
from schemas.forms.catalogue import items
from schemas.forms.errors import FormError, Severity
from schemas.forms.parsing import parse
from tests.guideline.sample_documents import ALL_ITEMS, ON, PRIORITY_ITEMS, changed

_SAMPLES = sorted(
    itertools.chain(
        Path(str(resources.files("demo"))).glob("documents/*.json"),
        Path(str(resources.files("schemas"))).glob("examples/*_items_20*/accept/*.json"),
    )
)


@pytest.mark.parametrize("file", _SAMPLES, ids=lambda file: f"{file.parts[-3]}: {file.stem}")
def test_a_sample_breaks_no_rule(file: Path) -> None:
    assert check(parse(file.read_bytes()).document, on=ON) == ()


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"form": "basic_items", "form_version": "1999-01"},
        *({"form": form, "form_version": "2024-10"} for form in ("basic_items", "priority_items", "all_items")),
    ],
    ids=["空", "一覧", "様式なし", "未知の版", "未記入の様式2", "未記入の様式3", "未記入の様式4"],
)
def test_where_the_answers_are_missing_the_rules_are_silent(document: object) -> None:
    assert check(document, on=ON) == ()


@pytest.mark.parametrize("form", ["priority_items", "all_items"], ids=["様式3", "様式4"])
@pytest.mark.parametrize("rubbish", [{}, [[]], [{}], ["宛名"], "宛名", 7, None], ids=repr)
def test_what_is_not_shaped_like_the_form_breaks_no_rule_and_nothing_else(form: str, rubbish: object) -> None:
    sections = {item.section for item in items(form, "2024-10")}
    assert check({"form": form, "form_version": "2024-10"} | dict.fromkeys(sections, rubbish), on=ON) == ()


def test_the_rules_of_a_form_are_in_the_room_of_that_form() -> None:
    assert (*BASIC_ITEMS_RULES, *LARGER_FORM_RULES, *COMMENT_RULES, *BREACH_REPORT_RULES) == RULES
    assert all(isinstance(rule, FormRule) for rule in RULES)


def test_every_rule_has_an_id_of_its_own_a_sentence_and_a_provision() -> None:
    rules = (*RULES, *SET_RULES)
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.sentence.endswith("。")
        assert rule.provision


def test_breaches_come_in_the_order_of_the_form_each_with_its_severity() -> None:
    content = changed(
        ALL_ITEMS,
        {
            "/procedure/public_comment/shortened_reason": "急ぐため。",
            "/risks/1/use/copying/answer": "issues_remain",
            "/basic_information/files/1": "別のファイル",
        },
    )
    found = check(content, on=ON)
    assert [(error.rule, error.severity.label) for error in found] == [
        ("file_names_agree", "誤り"),
        ("file_names_agree", "誤り"),
        ("file_names_agree", "誤り"),
        ("issue_has_countermeasure", "誤り"),
        ("comment_reason_without_need", "注意"),
    ]


def test_a_mistake_is_an_error_unless_it_is_said_to_be_a_warning() -> None:
    error = FormError(path="", item="評価書", message="誤り。", rule="rule")
    assert error.severity is Severity.ERROR


def test_a_broken_rule_names_the_file_and_the_item() -> None:
    [error] = check(changed(ALL_ITEMS, {"/risks/1/outsourcing": {"status": "not_outsourced"}}), on=ON)
    assert error.item == (
        "Ⅲ4 特定個人情報ファイルの取扱いの委託（委託の有無）（2件目のファイル「介護保険給付ファイル」）"
    )
    assert error.message == (
        "Ⅲ4の「委託しない」は、Ⅱ4の「委託する」と合いません。"
        "どちらが実態に合うかを確かめ、揃えてください。（様式3・様式4 Ⅱ4、Ⅲ4）"
    )


def test_a_rule_speaks_the_words_of_its_form() -> None:
    [error] = check(changed(PRIORITY_ITEMS, {"/procedure/basic_items/result": "all_items"}), on=ON)
    assert error.item == "Ⅴ1② しきい値判断結果"
    assert "重点項目評価書より詳しい評価書を要します" in error.message
