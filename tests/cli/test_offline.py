"""エンジンなしの命令: what the rules and the register alone can answer, and every kind of exit status."""

from __future__ import annotations

import json
import re

import pytest

from tests.cli.terminal import Terminal, demo_file


def test_threshold_says_level_reasons_and_provisions(terminal: Terminal) -> None:
    done = terminal.run_anew(
        "threshold", "--data-subjects", "10000", "--handlers", "499", "--serious-incident", "--json"
    )
    assert done.status == 0
    assert done.data["level"] == "priority_items"
    assert any("重大事故" in reason for reason in done.data["reasons"])
    assert "規則第6条第1項第1号" in done.data["provisions"]


@pytest.mark.parametrize(
    ("number", "level"),
    [("999", "not_required"), ("1000", "basic_items"), ("300000", "all_items")],
    ids=["999人", "1,000人", "300,000人"],
)
def test_threshold_stands_on_the_right_side_of_each_number(terminal: Terminal, number: str, level: str) -> None:
    done = terminal.run("threshold", "--data-subjects", number, "--handlers", "1", "--json")
    assert done.data["level"] == level


def test_validate_names_every_error_with_its_item(terminal: Terminal) -> None:
    incomplete = demo_file("documents/digital-agency-1-incomplete.json")
    done = terminal.run("assessment", "validate", "-", "--json", given=incomplete)
    assert done.status == 1
    assert done.data["valid"] is False
    assert {frozenset(error) for error in done.data["errors"]} == {
        frozenset({"path", "item", "message", "rule", "severity"})
    }
    assert all(error["item"].startswith("Ⅳ8") for error in done.data["errors"])
    corrected = demo_file("documents/digital-agency-1-corrected.json")
    assert terminal.run("assessment", "validate", "-", "--json", given=corrected).data == {"valid": True, "errors": []}


RUBBISH = [
    pytest.param(b"", id="空"),
    pytest.param(b"{", id="壊れたJSON"),
    pytest.param(b"[]", id="配列"),
    pytest.param(b"\xff\xfe\x00", id="文字でないもの"),
    pytest.param(b'{"a": 1, "a": 2}', id="二度の項目"),
    pytest.param(b'{"form": "basic_items", "form_version": "1999-01"}', id="知らない様式の版"),
    pytest.param(b'{"x": "' + b"a" * 10_000_000 + b'"}', id="10MB"),
    pytest.param(b"[" * 100_000, id="深い入れ子"),
]


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_is_refused_in_words_and_never_with_a_traceback(terminal: Terminal, rubbish: bytes) -> None:
    terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml"))
    before = terminal.run("audit", "verify", "--json").data
    for command in (
        ("assessment", "validate", "-"),
        ("assessment", "add", "-"),
        ("report", "change", "-", "--as", "desk"),
    ):
        done = terminal.run(*command, given=rubbish)
        assert done.status == 1
        assert "Traceback" not in done.err
        assert re.search(r"[ぁ-ん]", done.out + done.err)
    assert terminal.run("audit", "verify", "--json").data == before


USAGE = [
    pytest.param(("nothing",), id="知らない命令"),
    pytest.param(("inbox",), id="--asがない"),
    pytest.param(("threshold", "--data-subjects", "x", "--handlers", "1"), id="数でない"),
    pytest.param(("assessment", "validate", "/nowhere/at/all.json"), id="ないファイル"),
    pytest.param(("review", "return", "a/1", "--as", "x", "--comment", "no equals sign"), id="形の誤り"),
]


@pytest.mark.parametrize("arguments", USAGE)
def test_wrong_usage_ends_with_two(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    assert terminal.run_anew(*arguments).status == 2


def test_bad_settings_end_with_two(terminal: Terminal) -> None:
    bad = Terminal(terminal.settings.model_copy(update={"temporal_port": 99_999}))
    done = bad.run_anew("up")
    assert done.status == 2
    assert "MINAOSHI_TEMPORAL_PORT" in done.err


def test_an_engine_that_is_not_there_ends_with_three(terminal: Terminal) -> None:
    terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml"))
    terminal.run("assessment", "add", "-", given=demo_file("assessments/sample-9.json"))
    report = demo_file("reports/logout-prevention.json").replace(b"digital-agency-1", b"sample-jidoteate-8")
    done = terminal.run("report", "change", "-", "--as", "desk", given=report)
    assert done.status == 3
    assert "minaoshi up" in done.err
    assert terminal.run("schedule", "show").status == 3
    assert terminal.run_anew("doctor").status == 3


UNKNOWN = [
    pytest.param(("assessment", "show", "none"), "評価書「none」", id="評価書"),
    pytest.param(("inbox", "--as", "nobody"), "職員「nobody」", id="職員"),
    pytest.param(("review", "show", "none/1"), "見直し none/1", id="見直し"),
    pytest.param(("review", "acknowledge", "none/1", "--as", "team-lead"), "見直し none/1", id="見直しへの行為"),
]


@pytest.mark.parametrize(("arguments", "words"), UNKNOWN)
def test_an_unknown_name_is_named(terminal: Terminal, arguments: tuple[str, ...], words: str) -> None:
    terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml"))
    done = terminal.run(*arguments)
    assert done.status == 1
    assert words in done.err
    assert "すべきこと" in done.err


def test_an_error_is_json_where_json_was_asked_for(terminal: Terminal) -> None:
    terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml"))
    done = terminal.run("assessment", "show", "none", "--json")
    assert json.loads(done.err)["error"]["where"] == "評価書"
    assert done.out == ""


def test_a_faulty_organisation_is_refused_whole(terminal: Terminal) -> None:
    faulty = demo_file("organisation.toml").decode().replace('persons = ["chief"]', "persons = []")
    faulty = faulty.replace('substitutes = ["deputy"]', "substitutes = []").replace('kind = "administrative_body"', "")
    done = terminal.run("organisation", "apply", "-", given=faulty.encode())
    assert done.status == 1
    assert "bodies.0.kind" in done.err
    assert terminal.run("inbox", "--as", "chief").status == 1


def test_a_pipe_gets_no_colours_and_no_cut_ids(terminal: Terminal) -> None:
    terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml"))
    terminal.run("assessment", "add", "-", given=demo_file("assessments/sample-9.json"))
    listed = terminal.run_anew("assessment", "list").out
    assert "\x1b" not in listed
    assert "sample-jidoteate-8" in listed


def test_a_head_that_was_kept_outside_must_be_in_the_chain(terminal: Terminal) -> None:
    terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml"))
    head = terminal.run("audit", "verify", "--json").data["head"]
    terminal.run("assessment", "add", "-", given=demo_file("assessments/sample-9.json"))
    assert terminal.run("audit", "verify", "--expect", head).status == 0
    done = terminal.run("audit", "verify", "--expect", "0" * 63 + "1", "--json")
    assert done.status == 1
    assert done.data["ok"] is False
