"""できる行為: what the rules would accept is offered, with its choices; what they refuse is not, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from guideline.decisions import take
from guideline.offers import Offer, offers
from guideline.separation_of_duties import REVIEW_PERMITS
from schemas.acts import ActKind
from schemas.courses import Course
from schemas.gates import Gate, PlannedGate
from schemas.organisation import Actor, Role
from schemas.review import GroundKind, ReviewState, Step
from tests.guideline.reviews import (
    AT,
    MANAGER,
    OPENING,
    TEAM,
    act_of,
    actor,
    closed,
    differing,
    drafting,
    ground,
    in_approval,
    in_procedure,
    opened,
)

STAGES = (opened, differing, drafting, in_approval, in_procedure, closed)
BY_NOBODY = frozenset({ActKind.JOIN, ActKind.REMIND})


def offered(review: ReviewState, by: Actor) -> dict[ActKind, Offer]:
    return {one.act: one for one in offers(review, dict.fromkeys(ActKind, by), at=AT)}


def may(review: ReviewState, by: Actor) -> set[ActKind]:
    return {act for act, one in offered(review, by).items() if one.is_open}


@pytest.mark.parametrize("review", STAGES)
@pytest.mark.parametrize("role", Role)
def test_nothing_is_offered_that_the_table_does_not_permit(review: Callable[[], ReviewState], role: Role) -> None:
    state = review()
    permitted = {act for act in REVIEW_PERMITS.acts_in(state.stage) if role in REVIEW_PERMITS.roles(act)}
    assert may(state, actor(role)) <= permitted - BY_NOBODY


def test_every_act_that_people_do_is_answered() -> None:
    assert set(offered(opened(), MANAGER)) == set(ActKind) - BY_NOBODY


def test_what_is_offered_at_each_stage_to_whom() -> None:
    assert may(opened(), TEAM) == {ActKind.ACKNOWLEDGE, ActKind.FIND}
    assert may(differing(), actor(Role.CHIEF_PRIVACY_OFFICER)) == {ActKind.RESOLVE, ActKind.HAND_OVER}
    assert ActKind.SUBMIT in may(drafting(), actor(Role.DRAFTER))
    assert may(in_approval(), TEAM) == {ActKind.APPROVE, ActKind.RETURN}
    assert ActKind.RECALL in may(in_procedure(), actor(Role.CHIEF_PRIVACY_OFFICER))
    assert may(closed(), TEAM) == set()


def test_who_reported_may_withdraw_what_they_reported() -> None:
    reported = ground()
    assert offered(opened(reported), actor(Role.STAFF))[ActKind.WITHDRAW].choices == (reported.ground_id,)
    stranger = offered(opened(reported), actor(Role.STAFF, person="stranger"))[ActKind.WITHDRAW]
    assert stranger.refusal is not None
    assert stranger.refusal.code == "not_reporters_side"


def test_a_review_without_grounds_has_nothing_to_withdraw() -> None:
    reported = ground()
    bare = opened(reported).model_copy(update={"grounds": ()})
    assert ActKind.WITHDRAW not in may(bare, actor(Role.STAFF))


def test_only_the_courses_that_can_be_found_are_offered() -> None:
    usual = offered(opened(), TEAM)[ActKind.FIND].choices
    assert usual == (Course.NO_CHANGE, Course.AMEND, Course.REASSESS)
    serious = opened(ground(GroundKind.RISK_EVENT, minimum=Course.AMEND))
    assert offered(serious, TEAM)[ActKind.FIND].choices == (Course.AMEND, Course.REASSESS)


def test_the_yearly_checklist_stands_in_the_way_of_no_finding() -> None:
    opening = OPENING.model_copy(update={"measures": OPENING.checklist[1:]})
    yearly = opened(ground(GroundKind.YEARLY), opening=opening)
    assert Course.NO_CHANGE in offered(yearly, TEAM)[ActKind.FIND].choices


def test_whoever_has_approved_is_told_why_it_is_not_offered_again() -> None:
    review = in_approval()
    after = take(review, act_of(ActKind.APPROVE, TEAM, review=review), at=AT)
    refusal = offered(after, TEAM)[ActKind.APPROVE].refusal
    assert refusal is not None
    assert refusal.code == "already_approved"
    assert refusal.instead == ("担当部署: 承認",)


def test_the_step_that_comes_next_is_offered_to_who_records_it() -> None:
    found = offered(in_procedure(), TEAM)[ActKind.RECORD_STEP]
    assert found.choices == (Step.SUBMISSION,)


def test_the_first_steps_of_a_reassessment_are_offered_one_after_the_other() -> None:
    review = in_procedure().model_copy(update={"course": Course.REASSESS})
    assert offered(review, MANAGER)[ActKind.RECORD_STEP].choices == (Step.PUBLIC_NOTICE,)
    refusal = offered(review, TEAM)[ActKind.RECORD_STEP].refusal
    assert refusal is not None
    assert refusal.code == "step_side"


def test_gates_that_are_planned_and_have_an_exception_may_be_passed() -> None:
    planned = tuple(
        PlannedGate(gate=gate, planned_on=date(2026, 9, 1)) for gate in (Gate.HOLD_START, Gate.NETWORK_LINK_START)
    )
    review = opened(ground(), opening=OPENING.model_copy(update={"gates": planned}))
    assert offered(review, MANAGER)[ActKind.PASS_GATE].choices == (Gate.HOLD_START,)


def test_a_department_of_any_name_can_hand_over() -> None:
    review = opened(ground(), opening=OPENING.model_copy(update={"department": "another"}))
    assert ActKind.HAND_OVER in may(review, actor(Role.CHIEF_PRIVACY_OFFICER))


def test_without_a_known_version_of_a_form_there_is_nothing_to_submit_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guideline.offers.version_in_force", lambda _form, *, on: None)  # noqa: ARG005
    assert ActKind.SUBMIT not in may(drafting(), actor(Role.DRAFTER))
