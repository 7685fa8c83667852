"""対応表の検査は効く: a provision without a rule, a rule without a test, and a stale page do not pass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from docs.generate import FOLDER, NOT_YET, NotYet, Sources, find_gaps, main, read_sources, write_pages
from docs.rule_uses import Rule, Use, read_rules, read_tests, says, uses_of
from docs.unconfirmed import FormItems, find_rows
from guideline.provisions import Provision

CLAUSE = Provision("sample-99", "見本法", "見本法第99条", "https://example.org/99")
OTHER = Provision("sample-100", "見本法", "見本法第100条", None, confirmed=False)


@dataclass(frozen=True)
class _Row:
    """見本の行 (sample row)."""

    in_force_on: date
    sentence: str
    provisions: tuple[Provision, ...]
    days: int
    confirmed: bool


UNCONFIRMED = _Row(date(2016, 1, 1), "見本を出します", (OTHER,), 7, confirmed=False)
CONFIRMED = _Row(date(2024, 10, 1), "確かめた見本を出します", (CLAUSE,), 8, confirmed=True)

RULES = '''
"""見本の規則 (sample rules): planted."""
_ROWS = (Row(SAMPLE_99),)
TABLE = (*_ROWS, Row(SAMPLE_100))

def judge_sample():
    return TABLE
'''
TESTS = "from guideline.sample import judge_sample\n"


@pytest.fixture
def sound() -> Sources:
    """Make a world of one module, one table of two clauses, and one test."""
    return Sources(
        provisions={"SAMPLE_99": CLAUSE, "SAMPLE_100": OTHER},
        modules={"sample": read_rules(RULES)},
        tests={"tests/guideline/test_sample.py": read_tests(TESTS)},
        tables={"sample": {"TABLE": (UNCONFIRMED, CONFIRMED)}},
        forms=(FormItems("様式9 見本", "令和9年9月", 3, ("Ⅰ1", "Ⅰ1")),),
        not_yet=(),
    )


def check(sources: Sources, folder: Path) -> int:
    """Write the pages, and check them at once: nothing is stale, so only gaps can fail."""
    assert main([], sources=sources, folder=folder) == 0
    return main(["--check"], sources=sources, folder=folder)


def test_where_nothing_is_missing_the_check_passes(
    sound: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(sound, tmp_path) == 0
    assert capsys.readouterr().err == ""
    assert "## 欠けているもの\n\nありません。\n" in (tmp_path / "guideline-map.md").read_text(encoding="utf-8")


def test_a_provision_that_no_rule_uses_fails_and_stands_on_the_page(
    sound: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without = replace(sound, modules={"sample": read_rules(RULES.replace("Row(SAMPLE_100)", ""))})
    assert check(without, tmp_path) == 1
    gap = "見本法第100条（`SAMPLE_100`）を用いる規則がありません。"
    assert gap in capsys.readouterr().err
    assert f"## 欠けているもの\n\n- {gap}" in (tmp_path / "guideline-map.md").read_text(encoding="utf-8")


def test_a_provision_that_waits_for_its_rule_passes_with_its_reason(sound: Sources, tmp_path: Path) -> None:
    waiting = replace(
        sound,
        modules={"sample": read_rules(RULES.replace("Row(SAMPLE_100)", ""))},
        not_yet=(NotYet(("SAMPLE_100",), "まだ書いていない。"),),
    )
    assert check(waiting, tmp_path) == 0
    assert "規則なし: まだ書いていない。" in (tmp_path / "guideline-map.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("not_yet", "says_so"),
    [
        ((NotYet(("SAMPLE_99",), "まだ。"),), "`NOT_YET` の `SAMPLE_99` は、規則（sample.TABLE）で使われています。"),
        ((NotYet(("SAMPLE_1",), "まだ。"),), "`NOT_YET` の `SAMPLE_1` は guideline/provisions.py にありません。"),
        ((NotYet(("SAMPLE_1", "SAMPLE_1"), "まだ。"),), "`NOT_YET` に `SAMPLE_1` が二度あります。"),
    ],
    ids=["規則で使われている", "登録されていない", "二度ある"],
)
def test_a_wrong_entry_of_what_has_no_rule_yet_fails(
    sound: Sources,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    not_yet: tuple[NotYet, ...],
    says_so: str,
) -> None:
    assert check(replace(sound, not_yet=not_yet), tmp_path) == 1
    assert says_so in capsys.readouterr().err


@pytest.mark.parametrize(
    ("tests", "says_so"),
    [
        ("", "guideline/sample.py のテストがありません。"),
        ("from guideline.sample import another\n", "`TABLE` も、それを使うものも、取り込むテストがありません。"),
        ("from guideline.sample import another\n", "見本法第99条（`SAMPLE_99`）を用いる規則のテストがありません。"),
    ],
    ids=["モジュールのテストがない", "表のテストがない", "条項のテストがない"],
)
def test_a_rule_without_a_test_fails(
    sound: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str], tests: str, says_so: str
) -> None:
    untested = replace(sound, tests={"tests/guideline/test_sample.py": read_tests(tests)})
    assert check(untested, tmp_path) == 1
    assert says_so in capsys.readouterr().err


@pytest.mark.parametrize("page", ["guideline-map.md", "unconfirmed.md"])
def test_a_stale_or_missing_page_fails_until_it_is_written(
    sound: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str], page: str
) -> None:
    assert check(sound, tmp_path) == 0
    for spoil in (lambda path: path.write_text("古い", encoding="utf-8"), Path.unlink):
        spoil(tmp_path / page)
        assert main(["--check"], sources=sound, folder=tmp_path) == 1
        said = f"docs/{page} が古くなっています。`python docs/generate.py` で作り直してください。\n"
        assert capsys.readouterr().err == said
        assert check(sound, tmp_path) == 0


@pytest.mark.whole
def test_the_pages_of_the_project_are_fresh_and_without_a_gap() -> None:
    assert main(["--check"]) == 0
    assert find_gaps(read_sources(FOLDER.parent)) == ()


@pytest.mark.whole
def test_taking_an_entry_from_the_list_of_the_project_opens_a_gap() -> None:
    sources = replace(read_sources(FOLDER.parent), not_yet=NOT_YET[1:])
    assert len(find_gaps(sources)) == len(NOT_YET[0].constants)


def test_a_private_row_counts_for_the_public_table_in_which_it_stands() -> None:
    modules = {"sample": read_rules(RULES)}
    assert uses_of("SAMPLE_99", CLAUSE.article, modules) == (Use(Rule("sample", "TABLE"), in_words=False),)


def test_a_clause_named_in_a_sentence_is_a_use_and_in_a_docstring_is_none() -> None:
    modules = {"sample": read_rules('def refuse():\n    """見本法第99条."""\n')}
    assert uses_of("SAMPLE_99", CLAUSE.article, modules) == ()
    modules = {"sample": read_rules('def refuse(n):\n    return f"{n}は、見本法第99条により受け付けません。"\n')}
    assert uses_of("SAMPLE_99", CLAUSE.article, modules) == (Use(Rule("sample", "refuse"), in_words=True),)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("規則第99条・第100条", True),
        ("規則第99条の規定", True),
        ("規則第99条第1項", False),
        ("規則第99条の2", False),
        ("規則第99条イ", False),
        ("漏えい等報告規則第99条", False),
    ],
)
def test_only_the_very_article_is_named(text: str, named: object) -> None:
    assert says("規則第99条", [text]) is named


def test_the_rows_found_are_those_that_are_not_confirmed() -> None:
    values = {"TABLE": (CONFIRMED, UNCONFIRMED), "SINGLE": UNCONFIRMED, "BY_NAME": {"a": UNCONFIRMED}, "CLAUSE": OTHER}
    assert [found.table for found in find_rows(values)] == ["TABLE", "SINGLE", "BY_NAME"]


def test_the_page_for_lawyers_says_what_the_row_says(sound: Sources) -> None:
    page = write_pages(sound)["unconfirmed.md"]
    assert "### 見本の行（1行）" in page
    assert "| 見本を出します。<br>`days`: 7 | 平成28年1月1日 | 見本法第100条 |" in page
    assert "確かめた見本" not in page
    assert "| 見本法第100条<br>`SAMPLE_100` | 見本法 | [sample](../guideline/sample.py) `TABLE` |" in page
    assert "| 様式9 見本（令和9年9月） | 3 | 2 | Ⅰ1 |" in page


def test_the_page_for_lawyers_names_a_judgement_that_depends_on_the_facts(sound: Sources) -> None:
    doubtful = 'def judge(n):\n    return Result(f"{n}人は要確認です。", confirmed=n > 1)\n'
    passed_on = "def pass_on(row):\n    return (Result(confirmed=row.confirmed), Result(confirmed=True))\n"
    sources = replace(sound, modules={"sample": read_rules(RULES), "doubt": read_rules(doubtful + passed_on)})
    page = write_pages(sources)["unconfirmed.md"]
    assert "| [doubt](../guideline/doubt.py) `judge` | …人は要確認です。 |" in page
    assert "pass_on" not in page
