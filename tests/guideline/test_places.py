"""場所: on which page stands what a notice tells of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from guideline.places import event_of, page_of
from schemas.records import Notice, RecordedReport
from tests.register import samples


@pytest.mark.parametrize(
    ("notice_id", "changes", "event_id", "page"),
    [
        pytest.param("act/1>sato", {"review_id": "a-1/2"}, None, "/reviews/a-1/2", id="見直し"),
        pytest.param("a-1/2/x>sato", {"review_id": "a-1/2"}, None, "/reviews/a-1/2", id="似た番号の行為"),
        pytest.param("a-1/2/3/0>sato", {"review_id": "a-1/2"}, None, "/countermeasures/a-1/2/3", id="対応策"),
        pytest.param("risk/1#4>sato", {"assessment_id": "a-1"}, None, "/events/risk/1", id="リスク事案の行為"),
        pytest.param("risk/1>0001>sato", {"assessment_id": "a-1"}, "risk/1", "/events/risk/1", id="リスク事案の報告"),
        pytest.param("measure:logout~4>sato", {}, None, "/duties/measure:logout", id="義務"),
        pytest.param("change/1>0001>sato", {"assessment_id": "a-1"}, None, "/assessments/a-1", id="環境の変化の報告"),
        pytest.param("change/1>0001>sato", {}, None, "/", id="何も示さない知らせ"),
    ],
)
def test_a_notice_leads_to_where_it_is_done(
    notice_id: str, changes: dict[str, Any], event_id: str | None, page: str
) -> None:
    given: dict[str, Any] = {"person": "sato", "review_id": None, "assessment_id": None, "subject": "知らせ", **changes}
    assert page_of(Notice(notice_id=notice_id, **given), event_id=event_id) == page


def test_a_report_of_a_risk_event_begins_one_or_adds_to_one() -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    first = samples.risk_intake("risk/1")
    added = first.model_copy(update={"act_id": "risk/2", "adds_to": "risk/1"})
    assert event_of(RecordedReport(intake=first, at=at)) == "risk/1"
    assert event_of(RecordedReport(intake=added, at=at)) == "risk/1"
    assert event_of(RecordedReport(intake=samples.intake(), at=at)) is None
    assert event_of(None) is None
