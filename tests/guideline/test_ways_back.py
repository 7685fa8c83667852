"""取下げ・異議・裁定・呼戻し・改訂: the ways back, and who must agree to them."""

from __future__ import annotations

from typing import cast

import pytest

from guideline import effects
from guideline.decisions import take
from guideline.turns import acts_awaited, next_step, waits_for
from schemas.acts import ActKind, Consent, Ruling
from schemas.courses import Course
from schemas.organisation import Actor, BodyKind, Role
from schemas.review import Ground, GroundKind, Outcome, Party, ReviewState, Stage, Step
from tests.guideline.reviews import (
    AT,
    CHIEF,
    MANAGER,
    TEAM,
    act_of,
    actor,
    asked_to_withdraw,
    contested,
    done,
    ground,
    in_approval,
    in_procedure,
    join,
    opened,
    refusal_of,
    returned_once,
    submitted,
)
from tests.guideline.steps import approved, recorded, to_be_carried_out

# --- 取下げ


def test_a_withdrawal_waits_for_the_team_and_changes_nothing_by_itself() -> None:
    review = asked_to_withdraw(opened())
    assert len(review.grounds) == 1
    assert waits_for(review) == (Party.DEPARTMENT, Party.TEAM)
    assert [one.act for one in acts_awaited(review)] == [ActKind.ACKNOWLEDGE, ActKind.FIND, ActKind.CONSENT]
    assert refusal_of(review, ActKind.CONSENT, MANAGER) == "not_asked"
    assert refusal_of(review, ActKind.WITHDRAW, MANAGER) == "withdrawal_open"


def test_with_the_last_ground_gone_the_review_ends_and_verifies_nothing() -> None:
    review = done(opened(), ActKind.FIND, TEAM, course=Course.NO_CHANGE)
    after = done(asked_to_withdraw(review), ActKind.CONSENT, TEAM, agrees=True)
    assert (after.stage, after.outcome, after.grounds) == (Stage.CLOSED, Outcome.WITHDRAWN, ())
    assert [one.title for one in after.withdrawn] == ["システムの更新"]
    assert not any(given.stands for given in after.findings)
    assert acts_awaited(after) == ()


def without_first(review: ReviewState, ground_id: str) -> ReviewState:
    return done(done(review, ActKind.WITHDRAW, MANAGER, ground_id=ground_id), ActKind.CONSENT, TEAM, agrees=True)


def test_with_another_ground_left_both_examine_anew() -> None:
    first, second = ground(), ground()
    review = in_approval(opened(first, second))
    after = without_first(review, first.ground_id)
    assert (after.stage, [one.ground_id for one in after.grounds]) == (Stage.EXAMINATION, [second.ground_id])
    assert after.facts_revision == review.facts_revision + 1
    assert after.draft == review.draft


def test_a_ground_that_is_only_held_goes_and_the_procedure_goes_on() -> None:
    review = take(in_procedure(), join(of=ground(ground_id="held/1")), at=AT)
    after = without_first(review, "held/1")
    assert (after.stage, after.held, after.approvals) == (Stage.PROCEDURE, (), review.approvals)


def test_a_ground_taken_out_of_the_procedure_leaves_the_rest_of_it_alone() -> None:
    first, second = ground(), ground()
    review = in_procedure(opened(first, second))
    after = without_first(review, first.ground_id)
    assert (after.stage, after.approvals) == (Stage.PROCEDURE, review.approvals)


def test_a_ground_that_is_not_there_is_named() -> None:
    assert refusal_of(opened(), ActKind.WITHDRAW, MANAGER, ground_id="none/1") == "unknown_ground"


def test_what_the_team_reported_it_withdraws_itself_and_the_department_consents() -> None:
    of = ground().model_copy(update={"reported_by": actor(Role.STAFF, person="team-lead", department="privacy")})
    review = done(opened(of), ActKind.WITHDRAW, TEAM)
    assert refusal_of(review, ActKind.CONSENT, TEAM) == "not_asked"
    assert done(review, ActKind.CONSENT, MANAGER, agrees=True).outcome is Outcome.WITHDRAWN


NOT_THEIRS = [
    pytest.param(actor(Role.STAFF, person="someone-else"), id="別の職員"),
    pytest.param(TEAM, id="報告していない対策チーム"),
]


@pytest.mark.parametrize("by", NOT_THEIRS)
def test_only_the_side_that_reported_withdraws(by: Actor) -> None:
    assert refusal_of(opened(), ActKind.WITHDRAW, by) == "not_reporters_side"


NOT_WITHDRAWABLE = [
    pytest.param(ground(GroundKind.RISK_EVENT, minimum=Course.AMEND), id="重大事故"),
    pytest.param(ground(GroundKind.YEARLY), id="年次"),
    pytest.param(ground(GroundKind.FIVE_YEARS), id="五年"),
    pytest.param(ground(GroundKind.FORM_AMENDED), id="様式の改正"),
]


@pytest.mark.parametrize("of", NOT_WITHDRAWABLE)
def test_what_the_law_or_the_engine_made_is_not_withdrawn(of: Ground) -> None:
    assert refusal_of(opened(of), ActKind.WITHDRAW, actor(Role.STAFF)) == "not_withdrawable"


def test_a_small_event_may_be_withdrawn() -> None:
    assert done(opened(ground(GroundKind.RISK_EVENT)), ActKind.WITHDRAW, actor(Role.STAFF)).withdrawal is not None


def test_without_consent_the_chief_decides() -> None:
    review = contested(opened())
    assert Party.CHIEF in waits_for(review)
    assert refusal_of(review, ActKind.CONSENT, TEAM, agrees=True) == "no_withdrawal"
    stands = done(review, ActKind.SETTLE, CHIEF, ruling=Ruling.GROUND_STANDS)
    assert (stands.withdrawal, stands.grounds) == (None, review.grounds)
    gone = done(review, ActKind.SETTLE, CHIEF, ruling=Ruling.WITHDRAWN)
    assert gone.outcome is Outcome.WITHDRAWN


def test_where_nothing_is_open_there_is_nothing_to_consent_to_or_to_settle() -> None:
    assert refusal_of(opened(), ActKind.CONSENT, TEAM) == "no_withdrawal"
    for ruling in Ruling:
        assert refusal_of(asked_to_withdraw(opened()), ActKind.SETTLE, CHIEF, ruling=ruling) == "nothing_to_settle"


def test_an_effect_without_its_withdrawal_is_a_bug_and_says_so() -> None:
    with pytest.raises(ValueError, match="no withdrawal"):
        effects.consent(opened(), cast("Consent", act_of(ActKind.CONSENT, TEAM, review=opened())), at=AT)


# --- 異議


def test_a_dispute_stops_approvals_until_the_chief_has_settled_it() -> None:
    review = done(returned_once(), ActKind.DISPUTE, MANAGER)
    assert waits_for(review) == (Party.CHIEF,)
    for kind in (ActKind.APPROVE, ActKind.RETURN, ActKind.DISPUTE):
        assert refusal_of(review, kind, TEAM) == "disputed"


def test_the_text_stands_and_the_approvals_are_asked_again() -> None:
    review = done(returned_once(), ActKind.APPROVE, MANAGER)
    after = done(done(review, ActKind.DISPUTE, MANAGER), ActKind.SETTLE, CHIEF, ruling=Ruling.TEXT_STANDS)
    assert (after.stage, after.dispute) == (Stage.APPROVAL, None)
    assert waits_for(after) == (Party.DEPARTMENT, Party.TEAM)


def test_a_redraft_goes_back_to_the_drafters() -> None:
    review = done(returned_once(), ActKind.DISPUTE, TEAM)
    after = done(review, ActKind.SETTLE, CHIEF, ruling=Ruling.REDRAFT, reason="Ⅳ8を改める。")
    assert (after.stage, waits_for(after)) == (Stage.DRAFTING, (Party.DEPARTMENT,))


def test_a_draft_that_was_never_returned_cannot_be_disputed() -> None:
    assert refusal_of(in_approval(), ActKind.DISPUTE, MANAGER) == "no_return"


def test_a_new_event_ends_the_dispute_for_both_examine_anew() -> None:
    review = done(returned_once(), ActKind.DISPUTE, MANAGER)
    after = take(review, join(of=ground(GroundKind.RISK_EVENT)), at=AT)
    assert (after.stage, after.dispute) == (Stage.EXAMINATION, None)


# --- 呼戻しと改訂


def test_a_recall_brings_both_back_with_what_was_held() -> None:
    review = take(in_procedure(), join(of=ground(GroundKind.RISK_EVENT)), at=AT)
    after = done(review, ActKind.RECALL, CHIEF)
    assert (after.stage, after.held, len(after.grounds)) == (Stage.EXAMINATION, (), 2)
    assert after.draft == review.draft
    assert not any(given.stands for given in after.findings)
    assert not any(given.stands for given in after.approvals)


def test_after_submission_nothing_is_recalled() -> None:
    assert refusal_of(submitted(), ActKind.RECALL, CHIEF) == "already_submitted"


def test_after_opinions_the_text_is_revised_and_opinions_are_not_asked_again() -> None:
    heard = (Step.PUBLIC_NOTICE, Step.PUBLIC_COMMENT)
    review = recorded(to_be_carried_out(BodyKind.LOCAL_GOVERNMENT), *heard, Step.THIRD_PARTY_CHECK)
    revised = done(review, ActKind.REVISE, MANAGER)
    assert (revised.stage, len(revised.steps)) == (Stage.DRAFTING, 3)
    again = next_step(approved(revised))
    assert again is not None
    assert again.step is Step.THIRD_PARTY_CHECK


def test_before_the_first_step_there_is_nothing_to_revise_after() -> None:
    assert refusal_of(in_procedure(), ActKind.REVISE, MANAGER) == "no_step_done"


# --- 五年ごとの再実施


@pytest.mark.parametrize(
    ("course", "held"),
    [
        pytest.param(Course.REASSESS, 0, id="再実施の途中に来れば答えが出ている"),
        pytest.param(Course.AMEND, 1, id="修正の途中に来れば次の見直しへ"),
    ],
)
def test_the_five_years_are_answered_by_a_reassessment_alone(course: Course, held: int) -> None:
    review = opened()
    for by in (MANAGER, TEAM):
        review = done(review, ActKind.FIND, by, course=course)
    after = take(approved(review), join(of=ground(GroundKind.FIVE_YEARS)), at=AT)
    assert (after.stage, len(after.held)) == (Stage.PROCEDURE, held)


def test_the_five_years_void_nothing() -> None:
    review = done(in_approval(), ActKind.APPROVE, MANAGER)
    after = take(review, join(of=ground(GroundKind.FIVE_YEARS)), at=AT)
    assert (after.stage, after.approvals) == (Stage.APPROVAL, review.approvals)


# --- 所管替え


def test_a_hand_over_moves_the_open_work_and_keeps_what_was_given() -> None:
    review = done(in_approval(), ActKind.APPROVE, TEAM)
    after = done(review, ActKind.HAND_OVER, CHIEF)
    assert after.opening.department == "new-owner"
    assert (after.approvals, after.findings) == (review.approvals, review.findings)
    assert refusal_of(after, ActKind.APPROVE, MANAGER) == "other_department"
    new_manager = actor(Role.PRIVACY_MANAGER, person="new-manager", department="new-owner")
    assert done(after, ActKind.APPROVE, new_manager).stage is Stage.PROCEDURE
    assert refusal_of(after, ActKind.HAND_OVER, CHIEF) == "other_owner"
    assert refusal_of(after, ActKind.HAND_OVER, CHIEF, from_department="new-owner") == "same_department"
