"""誤りの伝え方のテスト: a page speaks of pages, and calls a field by its title."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from client.errors import InvalidInputError, NotFoundError
from guideline.refusals import REASONS
from web.failures import PAGE_WORDS, failure_of, in_page_words

ROOT = Path(__file__).parents[2]
SOURCES = (*sorted(ROOT.glob("client/*.py")), *sorted(ROOT.glob("guideline/refusal_texts*.py")))


def sentences() -> list[tuple[str, str]]:
    """Give every line of the sources that a caller may be told, where it names a command or an option."""
    lines = [(path.name, line.strip()) for path in SOURCES for line in path.read_text("utf-8").splitlines()]
    told = [(name, line) for name, line in lines if re.search(r"`minaoshi |[^-]--[a-z]", line)]
    return [(name, re.sub(r'where="--\w+"', "", line)) for name, line in told if "`--json`" not in line]


def test_every_command_that_a_sentence_names_has_page_words() -> None:
    named = {command for _, line in sentences() for command in re.findall(r"`(minaoshi [^`]+)`", line)}
    assert len(named) > 15
    assert named <= set(PAGE_WORDS)


@pytest.mark.parametrize(("name", "line"), sentences())
def test_no_page_speaks_of_the_terminal(name: str, line: str) -> None:
    said = in_page_words(line)
    assert "minaoshi " not in said, name
    assert "--" not in said, name
    assert "`" not in said, name


@pytest.mark.parametrize("code", sorted(REASONS))
def test_no_refusal_speaks_of_the_terminal(code: str) -> None:
    row = REASONS[code]
    said = in_page_words(row.message + row.remedy)
    assert "minaoshi " not in said
    assert "--" not in said


def test_a_command_becomes_the_page_where_the_same_is_found() -> None:
    error = NotFoundError("なし", where="番号", remedy="`minaoshi schedule show` と `minaoshi review list` で見る。")
    assert failure_of(error).remedy == "「期限」のページと「見直し」の一覧で見る。"


def test_a_fault_is_called_by_its_title_and_stands_at_its_field() -> None:
    faults = (
        "known_on（把握した日）: 後です。",
        "assessments.0（評価書（複数））: 字が違う。",
        "全体: 誤り",
    )
    error = InvalidInputError("誤り", where="報告", remedy="直す。", faults=faults, at={"assessments.0": "字が違う。"})
    told = failure_of(error)
    assert told.faults == ("把握した日: 後です。", "評価書（複数）: 字が違う。", "全体: 誤り")
    assert told.at["known_on"] == "後です。"
    assert told.at["assessments"] == "字が違う。"
