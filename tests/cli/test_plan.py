"""計画管理書: the plan in the terminal, without an engine."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator, FormatChecker

from schemas.forms.catalogue import load
from tests.cli.terminal import Terminal, demo_file


def furnish(terminal: Terminal) -> None:
    assert terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml")).status == 0
    for number in (8, 9, 10):
        assert terminal.run("assessment", "add", "-", given=demo_file(f"assessments/sample-{number}.json")).status == 0


def test_the_plan_is_a_table_that_words_the_items_of_the_form(terminal: Terminal) -> None:
    furnish(terminal)
    shown = terminal.run("plan", "show")
    assert shown.status == 0, shown.err
    assert "計画管理書 内閣総理大臣（デジタル庁）（" in shown.out
    for words in ("児童手当担当（見本）", "実施する評価の種類 基礎項目評価", "意見聴取の要否 要しない", "公表中"):
        assert words in shown.out
    assert "公表日 2015-07-07" in shown.out
    assert "【注意】" not in shown.out
    assert "\x1b" not in shown.out


def test_the_plan_in_json_is_a_document_on_its_form(terminal: Terminal) -> None:
    furnish(terminal)
    (plan,) = terminal.run("plan", "show", "--body", "digital-agency", "--json").data
    assert (plan["body"], plan["warnings"]) == ("digital-agency", [])
    schema = dict(load("plan", "2024-10").schema)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(plan["document"])
    numbers = [row["number"] for row in plan["document"]["assessments"]]
    assert numbers == ["1-1（見本）", "8（見本）", "11（見本）"]


def test_a_number_given_twice_is_told_above_the_table(terminal: Terminal) -> None:
    furnish(terminal)
    again = {**json.loads(demo_file("assessments/sample-8.json")), "assessment_id": "sample-again"}
    assert terminal.run("assessment", "add", "-", given=json.dumps(again).encode()).status == 0
    assert f"【注意】評価書番号「{again['number']}」: 2件の評価書" in terminal.run("plan", "show").out


def test_an_unknown_body_is_told_with_what_to_do(terminal: Terminal) -> None:
    furnish(terminal)
    refused = terminal.run("plan", "show", "--body", "nowhere")
    assert refused.status == 1
    assert "評価実施機関「nowhere」は組織表にありません" in refused.err
    assert "すべきこと" in refused.err
