"""事由の理由: each ground says what it asks for and by which provisions; what is not explained is not told."""

from __future__ import annotations

import pytest

from guideline.ground_reasons import reasons_of
from schemas.courses import Course
from schemas.reports import ChangeKind, ChangeReport
from schemas.review import GroundKind
from tests.guideline.reviews import TODAY, ground, opened

REPORT = ChangeReport(
    assessments=("digital-agency-1",),
    kind=ChangeKind.SOURCE,
    title="入手元の追加",
    facts="入手元が増える。",
    known_on=TODAY,
)


@pytest.mark.parametrize(
    ("kind", "article"),
    [
        pytest.param(GroundKind.YEARLY, "第14条第1項", id="年次"),
        pytest.param(GroundKind.FIVE_YEARS, "第15条", id="五年"),
        pytest.param(GroundKind.LEVEL_CHANGE, "第6条第2項", id="しきい値"),
        pytest.param(GroundKind.PUBLICATION_PERIOD, "様式", id="公表期間"),
    ],
)
def test_a_ground_by_the_engine_is_explained_by_its_row(kind: GroundKind, article: str) -> None:
    found = reasons_of(ground(kind), review=opened(), report=None)
    assert found is not None
    assert article in found.sentences[0]
    assert found.provisions


def test_a_reported_ground_is_explained_by_its_report() -> None:
    told = ground(minimum=Course.REASSESS)
    found = reasons_of(told, review=opened(told), report=REPORT)
    assert found is not None
    assert "別表の項目が変わります" in found.sentences[0]


def test_what_the_rules_of_today_answer_otherwise_is_not_told() -> None:
    told = ground(minimum=Course.AMEND)
    assert reasons_of(told, review=opened(told), report=REPORT) is None


def test_a_report_that_is_not_at_hand_is_not_guessed() -> None:
    assert reasons_of(ground(), review=opened(), report=None) is None
