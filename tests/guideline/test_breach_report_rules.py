"""漏えい等報告書の記載の整合: each rule, broken and kept."""

from __future__ import annotations

from typing import Any

import pytest

from guideline.breach_report import judge_breach
from guideline.breach_report_rules import BREACH_REPORT_RULES, REPORT_RULES, check_report
from guideline.form_rules import check
from schemas.breach import Happening, ReportKind
from schemas.forms.errors import Severity
from schemas.forms.validation import validate
from tests.guideline.breaches import KNOWN, ON, draft, facts


def changed(path: str, value: object, document: dict[str, Any] | None = None) -> dict[str, Any]:
    whole = document or draft()
    *outer, last = path.split("/")[1:]
    place: Any = whole
    for key in outer:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return whole


ALONE = [
    pytest.param("/cover/known_on", "2026-05-19", "/cover/known_on", "breach_days_in_order", id="発生より前に知った"),
    pytest.param("/cover/reported_on", "2026-05-31", "/cover/reported_on", "breach_days_in_order", id="知る前に報告"),
    pytest.param(
        "/cover/previous_on", "2026-06-05", "/cover/reported_on", "breach_days_in_order", id="前回より前の報告"
    ),
    pytest.param(
        "/cover/situations", ["breach-2-4-a"], "/cover/situations", "breach_hundred_without_number", id="11人で百人超"
    ),
    pytest.param(
        "/data_subjects/greatest_number",
        "101",
        "/cover/situations",
        "breach_number_without_hundred",
        id="101人で選ばない",
    ),
    pytest.param(
        "/data_subjects/greatest_number",
        "2",
        "/data_subjects/greatest_number",
        "breach_counts_in_order",
        id="判明より少ない",
    ),
]


@pytest.mark.parametrize(("path", "value", "where", "rule"), ALONE)
def test_a_report_that_does_not_agree_with_itself_is_told(path: str, value: object, where: str, rule: str) -> None:
    document = changed(path, value)
    assert validate(document) == ()
    (error,) = check(document, on=ON)
    assert (error.path, error.rule) == (where, rule)
    expected = Severity.WARNING if rule == "breach_number_without_hundred" else Severity.ERROR
    assert error.severity is expected


KEPT = [
    pytest.param("/cover/happened_on", "2026-06-01", id="知った日に発生"),
    pytest.param("/cover/happened_on", None, id="発生した日が不明"),
    pytest.param("/cover/reported_on", "2026-06-01", id="知った日に報告"),
    pytest.param("/data_subjects/greatest_number", "3", id="判明と同じ"),
    pytest.param("/data_subjects/greatest_number", "100", id="100人で選ばない"),
    pytest.param("/data_subjects/confirmed_number", None, id="判明した数がない"),
    pytest.param("/cover/situations", [], id="事態を選ばない"),
]


@pytest.mark.parametrize(("path", "value"), KEPT)
def test_a_report_that_agrees_with_itself_is_not_told(path: str, value: object) -> None:
    assert check(changed(path, value), on=ON) == ()


@pytest.mark.parametrize(
    ("number", "rules"), [(100, ["breach_hundred_without_number"]), (101, [])], ids=["100人", "101人"]
)
def test_more_than_a_hundred_is_chosen_from_a_hundred_and_one_on(number: int, rules: list[str]) -> None:
    document = draft()
    document["cover"]["situations"] = ["breach-2-4-a"]
    document["data_subjects"]["greatest_number"] = str(number)
    assert [error.rule for error in check(document, on=ON)] == rules


def test_without_the_greatest_number_more_than_a_hundred_may_be_chosen() -> None:
    document = draft(persons_at_most=None)
    document["cover"]["situations"] = ["breach-2-4-a"]
    assert check(document, on=ON) == ()


@pytest.mark.parametrize("kind", [ReportKind.FINAL, ReportKind.SUPPLEMENT], ids=lambda kind: kind.label)
def test_after_the_preliminary_report_a_partly_known_number_needs_its_reason(kind: ReportKind) -> None:
    document = draft(kind=kind, persons_at_most=None, previous_on=ON)
    errors = check(document, on=ON)
    assert [error.path for error in errors] == ["/data_subjects/unknown_reason", "/data_subjects/follow_up"]
    assert errors[0].message.startswith(
        f"{kind.label}で「特定個人情報に係る本人の数」を不明とするには、不明である理由が要ります。"
    )
    assert "漏えい等報告規則第3条第2項" in errors[0].message


def test_a_draft_agrees_with_the_facts_that_it_was_made_from() -> None:
    known = facts(**KNOWN)
    assert check_report(draft(), judgement=judge_breach(known, on=ON), on=ON) == ()


def test_the_guideline_is_not_named_where_its_report_is_not_asked_for_and_is_where_it_is() -> None:
    judgement = judge_breach(facts(**KNOWN), on=ON)
    assert draft()["cover"]["situations"] == ["breach-2-3"]
    named = changed("/cover/situations", ["breach-2-3", "guideline-incident"])
    assert check_report(named, judgement=judgement, on=ON) == ()
    alone = {**KNOWN, "seen_by_many": Happening.NONE, "leak": Happening.OCCURRED, "retained": False}
    only = judge_breach(facts(**alone), on=ON)
    assert draft(**alone)["cover"]["situations"] == ["guideline-incident"]
    nothing = changed("/cover/situations", ["breach-2-3"], draft(**alone))
    errors = check_report(nothing, judgement=only, on=ON)
    assert "がありません。選んでください" in errors[0].message


AGAINST = [
    pytest.param("/cover/known_on", "2026-06-02", ["breach_known_on_agrees"], "令和8年6月1日", id="知った日が異なる"),
    pytest.param("/cover/known_on", None, [], "", id="知った日がない"),
    pytest.param(
        "/cover/situations",
        ["guideline-incident"],
        ["breach_situations_agree"],
        "第2条第3号がありません",
        id="事態が足りない",
    ),
    pytest.param(
        "/cover/situations",
        ["breach-2-1-a", "breach-2-3", "guideline-incident"],
        ["breach_situations_agree"],
        "第2条第1号イを選んでいます",
        id="事態が多い",
    ),
    pytest.param("/data_subjects/greatest_number", "12", ["breach_numbers_agree"], "（11人）", id="最大の数が異なる"),
    pytest.param("/data_subjects/confirmed_number", "4", ["breach_numbers_agree"], "（3人）", id="判明した数が異なる"),
    pytest.param(
        "/cause",
        {"state": "unknown"},
        ["breach_known_is_told"],
        "「原因」は、記録では分かって",
        id="分かっているのに不明",
    ),
    pytest.param(
        "/data_subjects",
        {"state": "partly", "confirmed_number": "3"},
        ["breach_known_is_told"],
        "「特定個人情報に係る本人の数」は、記録では分かって",
        id="最大の数を書かない",
    ),
]


@pytest.mark.parametrize(("path", "value", "rules", "words"), AGAINST)
def test_a_report_that_does_not_agree_with_the_facts_is_told(
    path: str, value: object, rules: list[str], words: str
) -> None:
    judgement = judge_breach(facts(**KNOWN), on=ON)
    errors = check_report(changed(path, value), judgement=judgement, on=ON)
    assert [error.rule for error in errors] == rules
    assert all(words in error.message for error in errors)


def test_a_number_that_nobody_recorded_is_told() -> None:
    known = facts(**{**KNOWN, "persons_confirmed": None, "known_on": None})
    (error,) = check_report(draft(), judgement=judge_breach(known, on=ON), on=ON)
    assert "（不明）と異なります" in error.message


@pytest.mark.parametrize(
    "document",
    [{"form": "breach_report"}, {"form": "basic_items", "form_version": "2024-10"}],
    ids=["未知の版", "他の様式"],
)
def test_what_is_no_breach_report_is_not_held_against_facts(document: dict[str, object]) -> None:
    assert check_report(document, judgement=judge_breach(facts(), on=ON), on=ON) == ()


def test_each_rule_has_its_own_id_and_a_sentence() -> None:
    rules = (*BREACH_REPORT_RULES, *REPORT_RULES)
    assert len({rule.id for rule in rules}) == len(rules)
    assert all(rule.sentence.endswith("。") and rule.provision for rule in rules)
