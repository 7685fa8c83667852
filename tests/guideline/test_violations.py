"""変更が先に生じること: what can't be in time any more is shown as soon as it is known, and called to the top."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guideline.clocks import alarms_of
from guideline.violations import faults_of_emergency, is_in_an_emergency, violations
from schemas.courses import Course
from schemas.levels import Level
from schemas.organisation import ServiceLevels
from schemas.review import Clock, GroundKind, ReviewState, Step, Urgency
from tests.guideline.reviews import AT, OPENING, TODAY, closed, ground, opened
from tests.guideline.steps import BEGAN_ON, UNTIL_ON, record, to_be_carried_out


def review_of(takes_effect_on: date | None, *, level: Level = Level.ALL_ITEMS, **more: object) -> ReviewState:
    one = ground(minimum=Course.REASSESS).model_copy(update={"takes_effect_on": takes_effect_on, **more})
    return opened(one, opening=OPENING.model_copy(update={"level": level}))


DAYS = [
    pytest.param(Level.ALL_ITEMS, 31, 0, id="全項目、31日後なら間に合う"),
    pytest.param(Level.ALL_ITEMS, 30, 1, id="全項目、30日後は間に合わない"),
    pytest.param(Level.PRIORITY_ITEMS, 1, 0, id="重点、明日なら間に合う"),
    pytest.param(Level.PRIORITY_ITEMS, 0, 1, id="重点、今日は間に合わない"),
    pytest.param(Level.ALL_ITEMS, -5, 1, id="既に生じた"),
]


@pytest.mark.parametrize(("level", "days", "found"), DAYS)
def test_a_change_that_cannot_wait_is_a_violation_as_soon_as_it_is_known(level: Level, days: int, found: int) -> None:
    assert len(violations(review_of(TODAY + timedelta(days=days), level=level), on=TODAY)) == found


def test_the_sentence_tells_the_provision_and_what_to_do() -> None:
    [past] = violations(review_of(TODAY - timedelta(days=5)), on=TODAY)
    [coming] = violations(review_of(TODAY + timedelta(days=5)), on=TODAY)
    assert "番号法第28条第1項" in past.sentence
    assert "規則第9条第2項" in past.sentence
    assert "既に生じています" in past.sentence
    assert "公表より先に生じることになります" in coming.sentence


EXEMPT = [
    pytest.param({"takes_effect_on": None}, id="変更の日が未定"),
    pytest.param({"emergency": True}, id="規則9条2項の緊急"),
    pytest.param({"minimum": Course.AMEND}, id="修正で足りる"),
    pytest.param({"kind": GroundKind.RISK_EVENT}, id="変更でない事由"),
]


@pytest.mark.parametrize("facts", EXEMPT)
def test_these_are_no_violations(facts: dict[str, object]) -> None:
    assert violations(review_of(**{"takes_effect_on": TODAY, **facts}), on=TODAY) == ()  # type: ignore[arg-type]


def test_a_closed_review_has_none() -> None:
    one = ground(minimum=Course.REASSESS).model_copy(update={"takes_effect_on": TODAY})
    assert violations(closed().model_copy(update={"grounds": (one,)}), on=TODAY) == ()


HEARD = [
    pytest.param(UNTIL_ON + timedelta(days=1), None, id="終了日の翌日の変更はその日まで間に合う"),
    pytest.param(UNTIL_ON, BEGAN_ON, id="終了日の変更は公示の日から間に合わない"),
]


@pytest.mark.parametrize(("takes_effect_on", "since_on"), HEARD)
def test_once_the_notice_is_given_the_end_of_the_hearing_decides(takes_effect_on: date, since_on: date | None) -> None:
    review = to_be_carried_out()
    one = ground(minimum=Course.REASSESS).model_copy(update={"takes_effect_on": takes_effect_on})
    review = record(review, Step.PUBLIC_NOTICE).model_copy(update={"grounds": (one,)})
    found = violations(review, on=takes_effect_on - timedelta(days=1))
    assert [violation.since_on for violation in found] == ([since_on] if since_on else [])


def test_the_party_and_the_top_are_called_at_once() -> None:
    late = alarms_of(review_of(TODAY + timedelta(days=5)), ServiceLevels())
    assert [(one.urgency, one.at) for one in late if one.clock is Clock.EFFECT] == [
        (Urgency.REMINDER, AT),
        (Urgency.TOP, AT),
    ]


def test_what_is_in_time_still_rings_on_the_day_from_which_it_is_not() -> None:
    alarms = alarms_of(review_of(TODAY + timedelta(days=60)), ServiceLevels())
    rings = {one.at for one in alarms if one.clock is Clock.EFFECT}
    assert len(rings) == 1
    assert rings.pop() > AT + timedelta(days=29)


EMERGENCIES = [
    pytest.param("basic_items", "not_applied", 1, id="様式2が適用していないとする"),
    pytest.param("basic_items", "applied", 0, id="様式2が適用したとする"),
    pytest.param("all_items", "not_applied", 0, id="様式4には項目がない"),
]


@pytest.mark.parametrize(("form", "status", "faults"), EMERGENCIES)
def test_an_emergency_is_told_in_the_basic_form(form: str, status: str, faults: int) -> None:
    document = {"form": form, "related_information": {"article_9_2": {"status": status}}}
    assert len(faults_of_emergency(document)) == faults


def test_only_a_reassessment_with_such_a_ground_is_in_an_emergency() -> None:
    urgent = review_of(TODAY, emergency=True)
    assert not is_in_an_emergency(urgent)
    assert is_in_an_emergency(urgent.model_copy(update={"course": Course.REASSESS}))
    assert not is_in_an_emergency(review_of(TODAY).model_copy(update={"course": Course.REASSESS}))
