"""手続の内容の読取り: opinions are kept by their digest, papers are held against theirs."""

from __future__ import annotations

import json

import pytest

from client.errors import InvalidInputError
from client.step_content import step_content_from
from schemas.canonical import digest_of, sha256_of
from tests.house import as_json

OPINION = {"opinion": "措置が足りない。", "answer": "措置を加えた。", "reflected": True}
PAPER = b"%PDF the answer of the council"


def test_opinions_become_their_digest_and_two_numbers() -> None:
    given = as_json(step="public_comment", done_on="2026-06-01", opinions=[OPINION, {**OPINION, "reflected": False}])
    read = step_content_from(given, papers={})
    [sheet] = read.kept
    assert sheet.sha256 == digest_of(sheet.content)
    hearing = json.loads(read.content)["hearing"]
    assert hearing == {"opinions": 2, "reflected": 1, "sheet": sheet.sha256}
    assert "opinions" not in json.loads(read.content)


def test_no_opinion_at_all_is_recorded_as_none() -> None:
    read = step_content_from(as_json(step="public_comment", opinions=[]), papers={})
    assert json.loads(read.content)["hearing"]["opinions"] == 0


UNANSWERED = [
    pytest.param([{"opinion": "足りない。", "reflected": False}], "answer", id="考え方がない"),
    pytest.param([{**OPINION, "answer": " "}], "answer", id="考え方が空白"),
    pytest.param([{**OPINION, "reflected": "yes"}], "reflected", id="反映が真偽でない"),
    pytest.param("なし", "opinions", id="一覧でない"),
]


@pytest.mark.parametrize(("opinions", "named"), UNANSWERED)
def test_every_opinion_is_answered(opinions: object, named: str) -> None:
    with pytest.raises(InvalidInputError) as invalid:
        step_content_from(as_json(step="public_comment", opinions=opinions), papers={})
    assert any(named in fault for fault in invalid.value.faults)


def test_a_paper_gets_its_digest_or_must_have_the_one_that_is_named() -> None:
    given = as_json(step="third_party_check")
    read = step_content_from(given, papers={"答申書": PAPER})
    assert json.loads(read.content)["evidence"] == [{"title": "答申書", "sha256": sha256_of(PAPER)}]
    named = as_json(step="third_party_check", evidence=[{"title": "答申書", "sha256": sha256_of(PAPER)}])
    assert json.loads(step_content_from(named, papers={"答申書": PAPER}).content)["evidence"][0]["title"] == "答申書"
    with pytest.raises(InvalidInputError) as refused:
        step_content_from(named, papers={"答申書": PAPER + b"!"})
    assert "何も記録していません" in refused.value.remedy
    assert sha256_of(PAPER + b"!") in refused.value.message
