"""時計: a 再実施 that must be published before its change takes effect, and a withdrawal that waits."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guideline.clocks import alarms_of, due_on_of
from guideline.notices import told_of_act
from schemas.acts import ActKind, Reminder
from schemas.courses import Course
from schemas.levels import Level
from schemas.organisation import Role, ServiceLevels
from schemas.review import Clock, ReviewState, Step, Urgency
from tests.guideline.reviews import (
    AT,
    DRAFTER,
    MANAGER,
    OPENING,
    TEAM,
    TODAY,
    act_of,
    actor,
    asked_to_withdraw,
    contested,
    done,
    ground,
    opened,
)
from tests.guideline.test_clocks import ORGANISATION

LEVELS = ServiceLevels()
BASIC = OPENING.model_copy(update={"level": Level.BASIC_ITEMS})


def reassessing(takes_effect_on: date | None) -> ReviewState:
    """Give a review from Monday 1 June 2026 on: 10 days to draft, 5 to approve, 5 to submit, 5 to publish."""
    one = ground().model_copy(update={"takes_effect_on": takes_effect_on})
    review = opened(one, opening=BASIC)
    for by in (MANAGER, TEAM):
        review = done(review, ActKind.FIND, by, course=Course.REASSESS)
    return review


DRAFTING = [
    pytest.param(None, date(2026, 6, 15), id="変更の日が未定"),
    pytest.param(date(2026, 9, 1), date(2026, 6, 15), id="まだ先の変更"),
    pytest.param(date(2026, 7, 7), date(2026, 6, 15), id="ちょうど間に合う"),
    pytest.param(date(2026, 7, 6), date(2026, 6, 12), id="一日早い変更"),
    pytest.param(date(2026, 6, 10), date(2026, 6, 2), id="間に合わない変更でも翌開庁日"),
]


@pytest.mark.parametrize(("takes_effect_on", "due_on"), DRAFTING)
def test_a_draft_is_due_so_that_the_reassessment_is_published_before_its_change(
    takes_effect_on: date | None, due_on: date
) -> None:
    assert due_on_of(reassessing(takes_effect_on), LEVELS) == due_on


def test_each_turn_that_follows_leaves_the_time_of_the_rest() -> None:
    review = done(reassessing(date(2026, 6, 22)), ActKind.SUBMIT, DRAFTER)
    assert due_on_of(review, LEVELS) == date(2026, 6, 5)
    for by in (MANAGER, TEAM):
        review = done(review, ActKind.APPROVE, by)
    assert due_on_of(review, LEVELS) == date(2026, 6, 8)
    review = done(review, ActKind.RECORD_STEP, TEAM, step=Step.SUBMISSION)
    assert due_on_of(review, LEVELS) == date(2026, 6, 8)


def test_an_amendment_does_not_wait_for_its_change() -> None:
    one = ground().model_copy(update={"takes_effect_on": TODAY + timedelta(days=3)})
    review = opened(one, opening=BASIC)
    for by in (MANAGER, TEAM):
        review = done(review, ActKind.FIND, by, course=Course.AMEND)
    assert due_on_of(review, LEVELS) == date(2026, 6, 15)


def withdrawal_alarms(review: ReviewState) -> list[Urgency]:
    return [one.urgency for one in alarms_of(review, LEVELS) if one.clock is Clock.WITHDRAWAL]


def test_a_withdrawal_that_waits_has_a_clock_of_its_own() -> None:
    assert withdrawal_alarms(opened()) == []
    asked = asked_to_withdraw(opened())
    assert withdrawal_alarms(asked) == list(Urgency)
    assert {one.due_on for one in alarms_of(asked, LEVELS) if one.clock is Clock.WITHDRAWAL} == {date(2026, 6, 4)}


CALLED = [
    pytest.param(asked_to_withdraw, {"team"}, id="同意を待つ"),
    pytest.param(contested, {"chief"}, id="裁定を待つ"),
]


@pytest.mark.parametrize(("make", "called"), CALLED)
def test_the_clock_of_a_withdrawal_calls_who_is_asked(make: object, called: set[str]) -> None:
    assert callable(make)
    review = make(opened())
    alarm = next(one for one in alarms_of(review, LEVELS) if one.clock is Clock.WITHDRAWAL)
    act = act_of(ActKind.REMIND, actor(Role.ENGINE), review=review.model_copy(update={"alarms": (alarm,)}))
    assert isinstance(act, Reminder)
    told = told_of_act(act, review=review, organisation=ORGANISATION, at=AT)
    assert {notice.person for notice in told} == called
