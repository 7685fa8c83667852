"""リスク対策の実態: what a finding must say of the written measures, and which countermeasures come of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from guideline.measure_answers import planned, plans_countermeasures
from guideline.refusals import RefusedError
from schemas.acts import ActKind, Finding, SectionCheck
from schemas.countermeasures import Countermeasure, MeasureAnswer
from schemas.courses import Course
from schemas.review import GroundKind, OpenCountermeasure, Outcome, Party, ReviewState
from tests.guideline.reviews import (
    AT,
    CHECKLIST,
    MANAGER,
    OPENING,
    TEAM,
    TODAY,
    act_of,
    asked_to_withdraw,
    done,
    ground,
    in_procedure,
    opened,
)

SECTION, MEASURE = CHECKLIST
WITH_MEASURES = OPENING.model_copy(
    update={
        "measures": (MEASURE,),
        "open_countermeasures": (OpenCountermeasure(countermeasure_id="digital-agency-1/1/1", item=MEASURE),),
    }
)
PLAN = Countermeasure(text="複数人で確かめる。", owner="drafter", due_on=TODAY)


def row(item: str = MEASURE, **more: Any) -> SectionCheck:
    return SectionCheck(item=item, agrees=True, state="実態", **more)


def code_of(review: ReviewState, *rows: SectionCheck) -> str:
    with pytest.raises(RefusedError) as refused:
        done(review, ActKind.FIND, MANAGER, course=Course.NO_CHANGE, checklist=rows)
    assert refused.value.refusal.provision == "改善策の実施状況 5"
    return refused.value.refusal.code


def test_a_yearly_finding_answers_each_measure_and_no_section() -> None:
    review = opened(ground(GroundKind.YEARLY), opening=WITH_MEASURES)
    assert code_of(review, row(SECTION), row()) == "measure_answers"
    rows = (row(SECTION), row(answer=MeasureAnswer.SUFFICIENT))
    after = done(review, ActKind.FIND, MANAGER, course=Course.NO_CHANGE, checklist=rows)
    assert (after.findings[-1].yearly_checked, after.findings[-1].countermeasures) == (True, 0)


def test_other_grounds_ask_for_no_answer() -> None:
    review = opened(opening=WITH_MEASURES)
    assert done(review, ActKind.FIND, MANAGER, course=Course.NO_CHANGE, checklist=(row(),)).findings


@pytest.mark.parametrize("answer", [MeasureAnswer.ISSUES_REMAIN, MeasureAnswer.INSUFFICIENT])
def test_what_remains_needs_a_countermeasure_or_one_that_is_open(answer: MeasureAnswer) -> None:
    review = opened(opening=WITH_MEASURES)
    assert code_of(review, row(answer=answer)) == "without_countermeasure"
    for more in ({"countermeasure": PLAN}, {"open_countermeasure": "digital-agency-1/1/1"}):
        rows = (row(answer=answer, **more),)
        after = done(review, ActKind.FIND, MANAGER, course=Course.NO_CHANGE, checklist=rows)
        assert after.findings[-1].countermeasures == ("countermeasure" in more)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(row(SECTION, open_countermeasure="digital-agency-1/1/1"), id="別の項目の対応策"),
        pytest.param(row(open_countermeasure="digital-agency-1/1/2"), id="知らない対応策"),
    ],
)
def test_only_an_open_countermeasure_of_the_item_is_named(given: SectionCheck) -> None:
    assert code_of(opened(opening=WITH_MEASURES), given) == "unknown_countermeasure"


def test_a_countermeasure_is_not_due_before_the_finding() -> None:
    past = PLAN.model_copy(update={"due_on": TODAY - timedelta(days=1)})
    assert code_of(opened(opening=WITH_MEASURES), row(countermeasure=past)) == "countermeasure_past"


def finding(by: Any, *rows: SectionCheck) -> Finding:
    act = act_of(ActKind.FIND, by, review=opened(), course=Course.NO_CHANGE, checklist=rows)
    assert isinstance(act, Finding)
    return act


def closed_with(*rows: SectionCheck) -> ReviewState:
    review = done(opened(opening=WITH_MEASURES), ActKind.FIND, MANAGER, course=Course.NO_CHANGE, checklist=rows)
    return done(review, ActKind.FIND, TEAM, course=Course.NO_CHANGE)


def test_a_review_that_closes_with_countermeasures_plans_them() -> None:
    assert plans_countermeasures(closed_with(row(countermeasure=PLAN)))
    assert not plans_countermeasures(closed_with())
    assert not plans_countermeasures(in_procedure())
    withdrawn = done(asked_to_withdraw(opened()), ActKind.CONSENT, TEAM, agrees=True)
    assert withdrawn.outcome is Outcome.WITHDRAWN
    assert not plans_countermeasures(withdrawn)


def test_what_the_department_says_of_an_item_counts() -> None:
    of_team = PLAN.model_copy(update={"text": "対策チームの案"})
    review = closed_with()
    both = {
        Party.DEPARTMENT: finding(MANAGER, row(countermeasure=PLAN), row("Ⅰ 関連情報")),
        Party.TEAM: finding(TEAM, row(countermeasure=of_team), row(SECTION, countermeasure=of_team)),
    }
    states = planned(review, both, at=AT)
    assert {(one.countermeasure_id, one.item, one.text) for one in states} == {
        ("digital-agency-1/1/1", MEASURE, PLAN.text),
        ("digital-agency-1/1/2", SECTION, of_team.text),
    }
    named = {**both, Party.DEPARTMENT: finding(MANAGER, row(open_countermeasure="digital-agency-1/1/1"))}
    assert [one.item for one in planned(review, named, at=AT)] == [SECTION]
    assert len(planned(review, {Party.TEAM: both[Party.TEAM]}, at=AT)) == 2
