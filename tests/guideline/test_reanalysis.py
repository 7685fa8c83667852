"""しきい値の再判断: one incident touches every business of the body, and again when its year has passed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guideline.reanalysis import Reanalysis, due_reanalyses, incidents_of
from schemas.acts import Intake
from schemas.courses import Course
from schemas.levels import Level
from schemas.organisation import Role
from schemas.records import AssessmentRecord, StatedThreshold
from schemas.reports import RiskEvent
from tests.guideline.reviews import actor

BODY = "digital-agency"
KNOWN_ON = date(2026, 5, 1)
WITHIN, AFTER = date(2026, 6, 1), date(2027, 6, 1)


def stated(
    band: str = "from_10000_under_100000",
    handlers: str = "under_500",
    incident: str = "not_occurred",
    *,
    name: str = "a",
    level: Level = Level.BASIC_ITEMS,
) -> StatedThreshold:
    record = AssessmentRecord(
        assessment_id=name,
        body=BODY,
        department="accounts",
        number="1",
        name="事務",
        required_level=level,
        effective_level=level,
        systems=(),
        files=(),
        version=3,
        manifest=None,
        digest=None,
        validated=True,
        published_on=date(2025, 4, 1),
        verified_on=None,
        yearly_due_on=None,
        five_years_due_on=None,
    )
    items: dict[str, Any] = {
        "data_subjects": {"band": band},
        "handlers": {"band": handlers},
        "serious_incident": incident,
    }
    document: dict[str, Any] = {"form": "basic_items", "form_version": "2024-10", "threshold_items": items}
    return StatedThreshold(record=record, document=document)


def event(
    *, affected: int = 101, body: str = BODY, happened_on: date | None = None, known_on: date = KNOWN_ON
) -> Intake:
    report = RiskEvent(
        assessments=("named",),
        title="名簿の誤送付",
        facts="事実",
        happened_on=happened_on,
        known_on=known_on,
        known_by_department="d",
        persons_affected=affected,
    )
    return Intake(act_id="risk/1", actor=actor(Role.STAFF, body=body), report=report)


def due(*given: StatedThreshold, events: tuple[Intake, ...] = (event(),), on: date = WITHIN) -> list[Reanalysis]:
    return list(due_reanalyses(given, incidents_of(events, on=on), body=BODY, on=on))


RANGES = [
    pytest.param("under_1000", "under_500", "評価の種類は変わらない", id="1,000人未満"),
    pytest.param("from_1000_under_10000", "under_500", "評価の種類は変わらない", id="1万人未満"),
    pytest.param("from_10000_under_100000", "under_500", "「基礎項目評価」から「重点項目評価」へ", id="1万人以上"),
    pytest.param("from_10000_under_100000", "at_least_500", "評価の種類は変わらない", id="1万人以上、500人以上"),
    pytest.param("from_100000_under_300000", "under_500", "「重点項目評価」から「全項目評価」へ", id="10万人以上"),
    pytest.param("at_least_300000", "under_500", "評価の種類は変わらない", id="30万人以上"),
]


@pytest.mark.parametrize(("band", "handlers", "words"), RANGES)
def test_an_incident_touches_every_business_and_raises_those_in_between(band: str, handlers: str, words: str) -> None:
    [found] = due(stated(band, handlers, level=Level.ALL_ITEMS))
    assert (found.ground_id, found.minimum, found.level) == ("level_change/incident/risk/1/a", Course.AMEND, None)
    assert words in found.title
    assert found.known_on == KNOWN_ON


def test_a_business_whose_text_says_so_already_is_not_asked_again() -> None:
    assert due(stated(incident="occurred", level=Level.ALL_ITEMS)) == []


def test_where_the_text_cannot_be_read_a_person_looks() -> None:
    legacy = stated().model_copy(update={"document": None})
    [found] = due(legacy)
    assert found.minimum is Course.NO_CHANGE
    assert "人が確かめる" in found.title


NOTHING = [
    pytest.param((event(affected=100),), id="重大事故でない"),
    pytest.param((event(body="other-body"),), id="他の機関の事故"),
    pytest.param((), id="事故がない"),
]


@pytest.mark.parametrize("events", NOTHING)
def test_these_change_nothing(events: tuple[Intake, ...]) -> None:
    assert due(stated(), events=events) == []


def test_when_the_year_has_passed_the_business_is_looked_at_again() -> None:
    assert due(stated(), on=AFTER) == []
    [found] = due(stated(incident="occurred", level=Level.PRIORITY_ITEMS), on=AFTER)
    assert (found.ground_id, found.minimum) == ("level_change/passed/risk/1/a", Course.AMEND)
    assert "1年の経過" in found.title


def test_what_is_stated_of_an_incident_that_nobody_reported_here_is_left_alone() -> None:
    assert due(stated(incident="occurred", level=Level.PRIORITY_ITEMS), events=(), on=AFTER) == []


def test_a_higher_level_that_is_published_asks_for_the_larger_form() -> None:
    [found] = due(stated("from_100000_under_300000"), events=())
    assert (found.ground_id, found.minimum, found.level) == (
        "level_change/rise/a/3",
        Course.REASSESS,
        Level.PRIORITY_ITEMS,
    )
    assert due(stated("from_100000_under_300000", level=Level.PRIORITY_ITEMS), events=()) == []


def test_the_event_itself_may_have_come_to_the_assessment_before() -> None:
    [found] = due(stated(name="named"))
    assert found.same_as == "risk/1/named"


def test_an_event_that_happened_after_it_was_known_counts_by_the_day_it_was_known() -> None:
    odd = event(happened_on=date(2026, 7, 1))
    assert incidents_of((odd,), on=WITHIN)[0].incident.occurred_on is None
    old = event(happened_on=date(2020, 1, 1))
    assert incidents_of((old,), on=WITHIN)[0].incident.occurred_on == date(2020, 1, 1)
