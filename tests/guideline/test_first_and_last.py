"""新規の評価と事務の終了 (first assessments, and the end of a business)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guideline.consequences import consequence_of_report
from guideline.decisions import open_review, take
from guideline.end_of_business import faults_of_ended, mark_of, published_on_until, published_until
from guideline.refusals import RefusedError
from guideline.threshold import level_of_new_business
from guideline.turns import next_step, steps_of, waits_for
from schemas.acts import ActKind
from schemas.courses import Course
from schemas.levels import Level
from schemas.organisation import Role
from schemas.reports import EndOfBusiness, NewBusiness
from schemas.review import Ground, GroundKind, Outcome, Party, ReviewState, Stage, Step
from tests.guideline.reviews import (
    AT,
    CHIEF,
    DRAFTER,
    MANAGER,
    OPENING,
    TEAM,
    TODAY,
    act_of,
    actor,
    done,
    ground,
    join,
    opened,
)

FIRST = OPENING.model_copy(update={"published_digest": None, "level": Level.BASIC_ITEMS, "checklist": ()})
ENDED_ON = TODAY - timedelta(days=3)


def first() -> ReviewState:
    return opened(ground(GroundKind.NEW_BUSINESS, minimum=Course.REASSESS), opening=FIRST)


def approved(review: ReviewState) -> ReviewState:
    review = done(review, ActKind.SUBMIT, DRAFTER)
    return done(done(review, ActKind.APPROVE, MANAGER), ActKind.APPROVE, TEAM)


def ended() -> Ground:
    what = ground(GroundKind.END_OF_BUSINESS, minimum=Course.END_BUSINESS)
    return what.model_copy(update={"takes_effect_on": ENDED_ON})


def code_of(review: ReviewState, kind: ActKind, by: object, **more: object) -> str:
    with pytest.raises(RefusedError) as refused:
        take(review, act_of(kind, by, review=review, **more), at=AT)  # type: ignore[arg-type] # an actor
    return refused.value.refusal.code


def test_a_first_assessment_begins_with_its_draft() -> None:
    review = first()
    assert (review.stage, review.course, waits_for(review)) == (
        Stage.DRAFTING,
        Course.REASSESS,
        (Party.DEPARTMENT,),
    )


def test_a_first_assessment_goes_the_way_of_a_reassessment_to_its_first_publication() -> None:
    review = approved(first())
    assert [row.step for row in steps_of(review)] == [Step.SUBMISSION, Step.PUBLICATION]
    for step in (Step.SUBMISSION, Step.PUBLICATION):
        review = done(review, ActKind.RECORD_STEP, TEAM, step=step)
    assert (review.stage, review.outcome) == (Stage.CLOSED, Outcome.FIRST_PUBLISHED)


def test_a_fact_that_joins_a_first_assessment_sends_it_back_to_its_draft_and_voids_the_approvals() -> None:
    review = done(done(first(), ActKind.SUBMIT, DRAFTER), ActKind.APPROVE, MANAGER)
    after = take(review, join(of=ground(GroundKind.RISK_EVENT), opening=FIRST), at=AT)
    assert (after.stage, after.course, after.facts_revision) == (Stage.DRAFTING, Course.REASSESS, 2)
    assert [given.stands for given in after.approvals] == [False]


def test_a_recalled_first_assessment_goes_back_to_its_draft() -> None:
    assert done(approved(first()), ActKind.RECALL, CHIEF).stage is Stage.DRAFTING


def test_a_plan_that_is_given_up_is_withdrawn_by_both() -> None:
    review = first()
    asked = done(review, ActKind.WITHDRAW, MANAGER)
    after = done(asked, ActKind.CONSENT, TEAM, agrees=True)
    assert (after.stage, after.outcome) == (Stage.CLOSED, Outcome.WITHDRAWN)


@pytest.mark.parametrize(
    ("opening", "kind", "code"),
    [
        pytest.param(FIRST, GroundKind.CHANGE_REPORT, "nothing_published", id="公表前の評価書の変更"),
        pytest.param(OPENING, GroundKind.NEW_BUSINESS, "already_published", id="公表中の評価書の新規"),
    ],
)
def test_a_ground_must_fit_what_is_published(opening: object, kind: GroundKind, code: str) -> None:
    review = open_review(opening, at=AT)  # type: ignore[arg-type] # an opening
    with pytest.raises(RefusedError) as refused:
        take(review, join(of=ground(kind), opening=review.opening), at=AT)
    assert refused.value.refusal.code == code


def both(review: ReviewState, course: Course) -> ReviewState:
    return done(done(review, ActKind.FIND, MANAGER, course=course), ActKind.FIND, TEAM, course=course)


def test_the_end_of_a_business_is_examined_by_both_marked_notified_and_published() -> None:
    review = both(opened(ended()), Course.END_BUSINESS)
    assert review.stage is Stage.DRAFTING
    review = approved(review)
    assert [row.step for row in steps_of(review)] == [Step.NOTIFICATION, Step.PUBLICATION]
    early = ENDED_ON - timedelta(days=1)
    assert code_of(review, ActKind.RECORD_STEP, TEAM, step=Step.NOTIFICATION, done_on=early) == "before_the_end"
    for step in (Step.NOTIFICATION, Step.PUBLICATION):
        review = done(review, ActKind.RECORD_STEP, TEAM, step=step)
    assert (review.stage, review.outcome, review.held) == (Stage.CLOSED, Outcome.ENDED, ())


def test_a_yearly_ground_ends_with_the_business() -> None:
    review = both(opened(ended(), ground(GroundKind.YEARLY)), Course.END_BUSINESS)
    review = approved(review)
    for step in (Step.NOTIFICATION, Step.PUBLICATION):
        review = done(review, ActKind.RECORD_STEP, TEAM, step=step)
    assert review.held == ()


def test_less_than_the_end_is_no_answer_to_it_not_even_as_an_exception() -> None:
    review = opened(ended())
    less = {"course": Course.REASSESS, "risk_not_moved": "変わらない。"}
    assert code_of(review, ActKind.FIND, MANAGER, **less) == "below_minimum"


@pytest.mark.parametrize("course", [Course.END_BUSINESS, Course.END_PUBLICATION])
def test_nobody_ends_what_was_not_reported_to_have_ended(course: Course) -> None:
    review = opened()
    assert code_of(review, ActKind.FIND, MANAGER, course=course) == "course_without_ground"
    differing = done(done(review, ActKind.FIND, MANAGER), ActKind.FIND, TEAM, course=Course.REASSESS)
    assert code_of(differing, ActKind.RESOLVE, CHIEF, course=course) == "course_without_ground"


def test_after_three_years_both_decide_whether_the_publication_ends() -> None:
    review = opened(ground(GroundKind.PUBLICATION_PERIOD))
    assert both(review, Course.NO_CHANGE).outcome is Outcome.VERIFIED
    ceasing = both(review, Course.END_PUBLICATION)
    step = next_step(ceasing)
    assert (ceasing.stage, step and step.step) == (Stage.PROCEDURE, Step.END_OF_PUBLICATION)
    after = done(ceasing, ActKind.RECORD_STEP, TEAM, step=Step.END_OF_PUBLICATION)
    assert (after.stage, after.outcome) == (Stage.CLOSED, Outcome.ENDED)


def test_the_period_is_brought_by_the_engine_alone() -> None:
    review = opened()
    with pytest.raises(RefusedError):
        take(review, join(actor(Role.STAFF), of=ground(GroundKind.PUBLICATION_PERIOD)), at=AT)


UNTIL = [
    pytest.param(date(2023, 3, 31), date(2026, 3, 31), id="年度末"),
    pytest.param(date(2024, 2, 29), date(2027, 2, 28), id="閏日"),
]


@pytest.mark.parametrize(("ended_on", "until"), UNTIL)
def test_an_ended_assessment_stays_published_for_three_years_from_the_end(ended_on: date, until: date) -> None:
    assert published_until(ended_on) == until
    assert published_on_until(until) == until.replace(year=until.year + 1)


def test_the_title_says_that_the_business_has_ended() -> None:
    mark = mark_of(date(2026, 3, 31))
    assert mark == "【令和8年3月31日 終了】"
    marked = {"cover": {"assessment_name": f"児童手当に関する事務{mark}"}}
    assert faults_of_ended(marked, ended_on=date(2026, 3, 31)) == ()
    for wrong in ({}, {"cover": {"assessment_name": "児童手当に関する事務"}}, {"cover": {"assessment_name": 1}}):
        assert mark in faults_of_ended(wrong, ended_on=date(2026, 3, 31))[0]


def new_business(**more: object) -> NewBusiness:
    fields = {
        "assessment_id": "new-1",
        "department": "accounts",
        "number": "1",
        "name": "新しい事務",
        "title": "新しい事務",
        "facts": "始める。",
        "known_on": TODAY,
        "data_subjects": 1_000,
        "handlers": 10,
        "serious_incident": False,
    }
    return NewBusiness.model_validate({**fields, **more})


LEVELS = [
    pytest.param({"data_subjects": 999}, Level.NOT_REQUIRED, id="千人未満"),
    pytest.param({"data_subjects": 999, "voluntary_level": Level.BASIC_ITEMS}, Level.BASIC_ITEMS, id="任意"),
    pytest.param({"data_subjects": 10_000, "serious_incident": True}, Level.PRIORITY_ITEMS, id="重大事故"),
    pytest.param({"data_subjects": 300_000}, Level.ALL_ITEMS, id="三十万人"),
]


@pytest.mark.parametrize(("facts", "level"), LEVELS)
def test_the_threshold_is_judged_before_a_file_is_held(facts: dict[str, object], level: Level) -> None:
    assert level_of_new_business(new_business(**facts), on=TODAY).effective is level


def test_what_each_report_asks_for_at_least() -> None:
    end = EndOfBusiness(assessments=("a",), title="終了", facts="やめた。", known_on=TODAY, ended_on=ENDED_ON)
    assert consequence_of_report(new_business(), level=Level.BASIC_ITEMS, on=TODAY).minimum is Course.REASSESS
    assert consequence_of_report(end, level=Level.BASIC_ITEMS, on=TODAY).minimum is Course.END_BUSINESS
