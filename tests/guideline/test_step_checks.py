"""手続の記録の検査: each step by whom, with which paper, on which day, and what it must tell."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from guideline.clocks import due_on_of
from guideline.deadlines import add_business_days
from guideline.decisions import take
from guideline.provisions import cited
from guideline.refusals import RefusedError
from guideline.step_checks import earliest_day
from guideline.turns import acts_awaited, next_step, step_to_be_revised
from schemas.acts import ActKind
from schemas.courses import Course
from schemas.levels import Level
from schemas.organisation import Actor, BodyKind, ServiceLevels
from schemas.procedure import Hearing, Judgement, Notice
from schemas.review import ReviewState, Stage, Step
from tests.guideline.reviews import AT, CHIEF, DRAFTER, MANAGER, TEAM, TODAY, act_of, done, ground, join
from tests.guideline.steps import (
    BEGAN_ON,
    PAPER,
    UNTIL_ON,
    approved,
    content_of,
    days_before_today,
    record,
    recorded,
    to_be_carried_out,
)

LOCAL, STATE = BodyKind.LOCAL_GOVERNMENT, BodyKind.ADMINISTRATIVE_BODY


def refusal(review: ReviewState, step: Step, by: Actor, **more: Any) -> tuple[str, str]:
    whole = {"step": step, "evidence": (PAPER,), **content_of(step), **more}
    with pytest.raises(RefusedError) as refused:
        take(review, act_of(ActKind.RECORD_STEP, by, review=review, **whole), at=AT)
    return refused.value.refusal.code, refused.value.refusal.provision


def test_the_state_goes_from_notice_to_hearing_approval_and_publication() -> None:
    review = recorded(
        to_be_carried_out(),
        Step.PUBLIC_NOTICE,
        Step.PUBLIC_COMMENT,
        Step.SUBMISSION,
        Step.COMMISSION_APPROVAL,
        Step.PUBLICATION,
    )
    assert review.stage is Stage.CLOSED


def test_a_city_goes_from_notice_to_hearing_check_submission_and_publication() -> None:
    review = recorded(
        to_be_carried_out(LOCAL),
        Step.PUBLIC_NOTICE,
        Step.PUBLIC_COMMENT,
        Step.THIRD_PARTY_CHECK,
        Step.SUBMISSION,
        Step.PUBLICATION,
    )
    assert review.stage is Stage.CLOSED


HEARD = (Step.PUBLIC_NOTICE, Step.PUBLIC_COMMENT)
SWAPS = [
    pytest.param(LOCAL, HEARD, Step.SUBMISSION, id="点検の前の提出"),
    pytest.param(LOCAL, (Step.PUBLIC_NOTICE,), Step.THIRD_PARTY_CHECK, id="意見聴取の前の点検"),
    pytest.param(BodyKind.ADMINISTRATIVE_BODY, (), Step.PUBLIC_COMMENT, id="公示の前の意見聴取"),
    pytest.param(BodyKind.ADMINISTRATIVE_BODY, HEARD, Step.COMMISSION_APPROVAL, id="提出の前の承認"),
    pytest.param(BodyKind.ADMINISTRATIVE_BODY, (*HEARD, Step.SUBMISSION), Step.PUBLICATION, id="承認の前の公表"),
]


@pytest.mark.parametrize(("body_kind", "before", "step"), SWAPS)
def test_a_swap_of_steps_is_refused(body_kind: BodyKind, before: tuple[Step, ...], step: Step) -> None:
    review = recorded(to_be_carried_out(body_kind), *before)
    by = MANAGER if step is Step.PUBLIC_COMMENT else TEAM
    expected = next_step(review)
    assert expected is not None
    assert refusal(review, step, by) == ("step_order", cited(expected.provisions))


SIDES = [
    pytest.param(LOCAL, (), Step.PUBLIC_NOTICE, TEAM, id="公示は担当部署"),
    pytest.param(LOCAL, (Step.PUBLIC_NOTICE,), Step.PUBLIC_COMMENT, TEAM, id="意見聴取は担当部署"),
    pytest.param(LOCAL, HEARD, Step.THIRD_PARTY_CHECK, MANAGER, id="点検は対策チーム"),
    pytest.param(
        BodyKind.ADMINISTRATIVE_BODY,
        (*HEARD, Step.SUBMISSION),
        Step.COMMISSION_APPROVAL,
        DRAFTER,
        id="承認は対策チーム",
    ),
]


@pytest.mark.parametrize(("body_kind", "before", "step", "by"), SIDES)
def test_a_step_is_recorded_by_its_own_side(
    body_kind: BodyKind, before: tuple[Step, ...], step: Step, by: Actor
) -> None:
    code, provision = refusal(recorded(to_be_carried_out(body_kind), *before), step, by)
    assert code == "step_side"
    assert "条" in provision


PAPERS = [
    pytest.param((), Step.PUBLIC_NOTICE, id="公示文"),
    pytest.param((*HEARD, Step.SUBMISSION), Step.COMMISSION_APPROVAL, id="承認の通知"),
]


@pytest.mark.parametrize(("before", "step"), PAPERS)
def test_what_others_must_be_able_to_see_is_proved_by_a_paper(before: tuple[Step, ...], step: Step) -> None:
    review = recorded(to_be_carried_out(), *before)
    by = MANAGER if step is Step.PUBLIC_NOTICE else TEAM
    assert refusal(review, step, by, evidence=())[0] == "step_evidence"


def test_a_submission_may_be_recorded_without_its_paper() -> None:
    review = recorded(to_be_carried_out(), *HEARD)
    assert record(review, Step.SUBMISSION, evidence=()).steps[-1].step is Step.SUBMISSION


PERIODS = [
    pytest.param(30, None, None, id="30日"),
    pytest.param(29, None, "hearing_too_short", id="29日"),
    pytest.param(29, "災害からの復旧のため。", None, id="29日、理由あり"),
    pytest.param(-1, "急ぐため。", "notice_missing", id="始まりより前の終わり"),
]


@pytest.mark.parametrize(("days", "reason", "code"), PERIODS)
def test_opinions_are_heard_for_thirty_days_or_the_reason_is_given(
    days: int, reason: str | None, code: str | None
) -> None:
    notice = Notice(method="広報紙", until_on=BEGAN_ON + timedelta(days=days), shortened_reason=reason)
    review = to_be_carried_out()
    if code is None:
        assert record(review, Step.PUBLIC_NOTICE, notice=notice).steps[0].until_on == notice.until_on
    else:
        assert refusal(review, Step.PUBLIC_NOTICE, MANAGER, notice=notice)[0] == code


def test_a_notice_tells_how_and_until_when() -> None:
    assert refusal(to_be_carried_out(), Step.PUBLIC_NOTICE, MANAGER, notice=None)[0] == "notice_missing"


def test_a_hearing_is_recorded_with_its_opinions_and_not_before_its_end() -> None:
    review = record(to_be_carried_out(), Step.PUBLIC_NOTICE)
    assert refusal(review, Step.PUBLIC_COMMENT, MANAGER, hearing=None)[0] == "hearing_missing"
    early = {"done_on": UNTIL_ON - timedelta(days=1)}
    code, provision = refusal(review, Step.PUBLIC_COMMENT, MANAGER, **early)
    assert (code, provision) == ("step_too_early", "番号法第28条第1項、指針第5の3")
    assert record(review, Step.PUBLIC_COMMENT, done_on=UNTIL_ON).steps[-1].step is Step.PUBLIC_COMMENT


def test_the_opinions_are_due_some_days_after_the_hearing_that_was_announced() -> None:
    review = record(to_be_carried_out(), Step.PUBLIC_NOTICE)
    assert due_on_of(review, ServiceLevels()) == add_business_days(UNTIL_ON, 10)
    heard = record(review, Step.PUBLIC_COMMENT)
    assert due_on_of(heard, ServiceLevels()) == add_business_days(TODAY, 5)


def test_no_step_is_done_before_the_one_before_it() -> None:
    review = recorded(to_be_carried_out(), *HEARD)
    code, _ = refusal(review, Step.SUBMISSION, TEAM, done_on=UNTIL_ON - timedelta(days=1))
    assert code == "step_too_early"
    row = next_step(review)
    assert row is not None
    assert earliest_day(review, row) == (UNTIL_ON, "「意見聴取」の実施日")


OTHERS = [
    pytest.param({"notice": Notice(method="広報紙", until_on=TODAY)}, id="公示"),
    pytest.param({"hearing": Hearing(opinions=0, reflected=0, sheet="f" * 64)}, id="意見"),
    pytest.param({"judgement": Judgement()}, id="審査の結果"),
]


@pytest.mark.parametrize("content", OTHERS)
def test_a_step_tells_nothing_of_another(content: dict[str, Any]) -> None:
    review = recorded(to_be_carried_out(), *HEARD)
    assert refusal(review, Step.SUBMISSION, TEAM, **content)[0] == "content_of_other_step"


def test_opinions_that_are_to_be_reflected_bring_the_text_back_to_drafting() -> None:
    heard = Hearing(opinions=3, reflected=1, sheet="f" * 64)
    review = record(record(to_be_carried_out(LOCAL), Step.PUBLIC_NOTICE), Step.PUBLIC_COMMENT, hearing=heard)
    assert [one.act for one in acts_awaited(review)] == [ActKind.REVISE]
    assert refusal(review, Step.THIRD_PARTY_CHECK, TEAM)[0] == "revision_needed"
    revised = done(review, ActKind.REVISE, MANAGER)
    assert (revised.stage, [one.step for one in revised.steps if one.stands]) == (Stage.DRAFTING, list(HEARD))
    after = approved(revised)
    assert step_to_be_revised(after) is None
    assert record(after, Step.THIRD_PARTY_CHECK).steps[-1].step is Step.THIRD_PARTY_CHECK


def test_a_material_change_that_is_reported_after_the_notice_is_given_notice_of_too() -> None:
    """番号法28条1項: 公示の後に報告された重要な変更は、改めて公示し、意見を聴く。"""
    heard = Hearing(opinions=3, reflected=1, sheet="f" * 64)
    review = record(record(to_be_carried_out(), Step.PUBLIC_NOTICE), Step.PUBLIC_COMMENT, hearing=heard)
    revised = done(review, ActKind.REVISE, MANAGER)
    other = take(revised, join(of=ground()), at=AT)
    assert [one.step for one in other.steps if one.stands] == list(HEARD)
    material = take(revised, join(of=ground(minimum=Course.REASSESS)), at=AT)
    assert (len(material.steps), [one for one in material.steps if one.stands]) == (2, [])


def test_a_material_change_that_was_held_is_given_notice_of_once_the_review_is_recalled() -> None:
    review = record(to_be_carried_out(), Step.PUBLIC_NOTICE)
    held = take(review, join(of=ground(minimum=Course.REASSESS)), at=AT)
    assert [one.step for one in held.steps if one.stands] == [Step.PUBLIC_NOTICE]
    assert not any(one.stands for one in done(held, ActKind.RECALL, CHIEF).steps)
    assert all(one.stands for one in done(review, ActKind.RECALL, CHIEF).steps)


@pytest.mark.parametrize(("body_kind", "step"), [(LOCAL, Step.THIRD_PARTY_CHECK), (STATE, Step.SUBMISSION)])
def test_what_others_judge_is_the_text_that_was_revised(body_kind: BodyKind, step: Step) -> None:
    """規則7条4項, 番号法28条2項: 点検と承認は、見直した後の評価書について受ける。"""
    heard = Hearing(opinions=3, reflected=1, sheet="f" * 64)
    review = record(record(to_be_carried_out(body_kind), Step.PUBLIC_NOTICE), Step.PUBLIC_COMMENT, hearing=heard)
    again = approved(done(review, ActKind.REVISE, MANAGER))
    assert refusal(again, step, TEAM, done_on=days_before_today(1))[0] == "step_too_early"
    row = next_step(again)
    assert row is not None
    assert earliest_day(again, row) == (TODAY, "改訂した案の承認の日")
    assert record(again, step, done_on=TODAY).steps[-1].step is step


def test_opinions_that_are_only_answered_change_nothing() -> None:
    review = recorded(to_be_carried_out(), *HEARD)
    assert step_to_be_revised(review) is None


def test_an_approval_with_conditions_is_asked_for_anew_after_the_revision() -> None:
    review = recorded(to_be_carried_out(), *HEARD, Step.SUBMISSION)
    judgement = Judgement(conditions=("Ⅲ3の措置を具体的に記すこと。",), requires_revision=True)
    review = record(review, Step.COMMISSION_APPROVAL, judgement=judgement)
    assert refusal(review, Step.PUBLICATION, TEAM)[0] == "revision_needed"
    again = next_step(approved(done(review, ActKind.REVISE, TEAM)))
    assert again is not None
    assert again.step is Step.SUBMISSION


def test_conditions_that_do_not_touch_the_text_let_the_procedure_go_on() -> None:
    review = recorded(to_be_carried_out(), *HEARD, Step.SUBMISSION)
    judgement = Judgement(conditions=("研修の実施状況を報告すること。",))
    review = record(review, Step.COMMISSION_APPROVAL, judgement=judgement)
    assert record(review, Step.PUBLICATION).stage is Stage.CLOSED


def test_a_priority_assessment_is_submitted_and_published_without_notice() -> None:
    review = recorded(to_be_carried_out(level=Level.PRIORITY_ITEMS), Step.SUBMISSION, Step.PUBLICATION)
    assert review.stage is Stage.CLOSED


def test_a_step_before_the_approval_of_its_text_needs_the_reason_in_writing() -> None:
    review = to_be_carried_out()
    code, provision = refusal(review, Step.PUBLIC_NOTICE, MANAGER, note=None)
    assert (code, provision) == ("step_before_approval", "番号法第28条第1項、規則第9条の2")
    assert record(review, Step.PUBLIC_NOTICE, note="手続の途中から用いるため。").steps[0].done_on == BEGAN_ON
    later = {"done_on": TODAY, "note": None, "notice": Notice(method="広報紙", until_on=TODAY + timedelta(days=30))}
    assert record(review, Step.PUBLIC_NOTICE, **later).steps[0].done_on == TODAY


def test_what_is_to_be_revised_may_not_be_handed_in_as_it_was() -> None:
    heard = Hearing(opinions=1, reflected=1, sheet="f" * 64)
    review = record(record(to_be_carried_out(), Step.PUBLIC_NOTICE), Step.PUBLIC_COMMENT, hearing=heard)
    revised = done(review, ActKind.REVISE, MANAGER)
    with pytest.raises(RefusedError) as refused:
        done(revised, ActKind.SUBMIT, DRAFTER)
    assert refused.value.refusal.code == "not_revised"
