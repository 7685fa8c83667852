"""最低限の対応: what a report asks for at least."""

from __future__ import annotations

from datetime import date

import pytest

from guideline.minimum_course import is_weaker, minimum_for_report, stronger
from schemas.courses import Course
from schemas.reports import ChangeKind, ChangeReport, RiskEvent

ON = date(2026, 5, 1)
ONLY_EXAMINED = {ChangeKind.ENVIRONMENT, ChangeKind.LAW_OR_GUIDELINE, ChangeKind.FORM_AMENDED, ChangeKind.SYSTEM}


def change(kind: ChangeKind, *items: str) -> ChangeReport:
    return ChangeReport(assessments=("a",), kind=kind, title="件", facts="事実", known_on=ON, items=items)


def event(*, affected: int | None = None, feared: int | None = None, intentional: bool | None = None) -> RiskEvent:
    return RiskEvent(
        assessments=("a",),
        title="件",
        facts="事実",
        known_on=ON,
        known_by_department="d",
        persons_affected=affected,
        persons_feared=feared,
        intentional=intentional,
    )


@pytest.mark.parametrize("kind", list(ChangeKind), ids=lambda kind: kind.label)
def test_a_change_of_a_written_item_asks_for_an_amendment(kind: ChangeKind) -> None:
    minimum = minimum_for_report(change(kind))
    assert minimum.course is (Course.NO_CHANGE if kind in ONLY_EXAMINED else Course.AMEND)
    assert kind.label in minimum.reasons[0]
    assert minimum.provisions


def test_a_named_item_asks_for_an_amendment_whatever_the_kind() -> None:
    minimum = minimum_for_report(change(ChangeKind.ENVIRONMENT, "Ⅳ8"))
    assert minimum.course is Course.AMEND
    assert "Ⅳ8" in minimum.reasons[0]


EVENTS = [
    pytest.param(event(), Course.NO_CHANGE, id="不明"),
    pytest.param(event(affected=100), Course.NO_CHANGE, id="100人"),
    pytest.param(event(affected=101), Course.AMEND, id="101人"),
    pytest.param(event(affected=1, feared=101), Course.AMEND, id="おそれ101人"),
    pytest.param(event(affected=1, intentional=True), Course.AMEND, id="不正の目的"),
    pytest.param(event(affected=1, intentional=False), Course.NO_CHANGE, id="不正の目的でない"),
]


@pytest.mark.parametrize(("report", "course"), EVENTS)
def test_a_serious_incident_asks_for_an_amendment(report: RiskEvent, course: Course) -> None:
    minimum = minimum_for_report(report)
    assert minimum.course is course
    assert not minimum.confirmed


def test_courses_are_ordered() -> None:
    assert stronger(Course.AMEND, Course.REASSESS) is Course.REASSESS
    assert stronger(Course.AMEND, Course.NO_CHANGE) is Course.AMEND
    assert is_weaker(Course.NO_CHANGE, than=Course.AMEND)
    assert not is_weaker(Course.AMEND, than=Course.AMEND)
