"""見直しの手順: every act in every stage by every role, and what each permitted one does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pytest

from guideline.decisions import judge, open_review, take
from guideline.refusals import RefusedError
from guideline.turns import waits_for
from schemas.acts import ActKind, SectionCheck
from schemas.courses import Course
from schemas.levels import Level
from schemas.organisation import Actor, Role
from schemas.review import Ground, GroundKind, Manifest, ManifestEntry, Outcome, Party, ReviewState, Stage, Step
from tests.guideline.reviews import (
    AT,
    CHECKLIST,
    CHIEF,
    DIGEST,
    DRAFTER,
    MANAGER,
    MANIFEST,
    OPENING,
    TEAM,
    TODAY,
    act_of,
    actor,
    closed,
    differing,
    done,
    drafting,
    ground,
    in_approval,
    in_procedure,
    join,
    manifest_of,
    opened,
    ready,
    refusal_of,
)
from tests.permission_table import REVIEW_CELLS

OPEN = (Stage.EXAMINATION, Stage.DRAFTING, Stage.APPROVAL, Stage.PROCEDURE)
AGAIN = {Stage.EXAMINATION, Stage.DRAFTING}

LEADS_TO = {
    (Stage.EXAMINATION, ActKind.JOIN): AGAIN,
    (Stage.EXAMINATION, ActKind.FIND): {*AGAIN, Stage.PROCEDURE, Stage.CLOSED},
    (Stage.EXAMINATION, ActKind.RESOLVE): {Stage.DRAFTING, Stage.PROCEDURE, Stage.CLOSED},
    (Stage.DRAFTING, ActKind.JOIN): AGAIN,
    (Stage.DRAFTING, ActKind.SUBMIT): {Stage.APPROVAL},
    (Stage.APPROVAL, ActKind.JOIN): {*AGAIN, Stage.APPROVAL},
    (Stage.APPROVAL, ActKind.APPROVE): {Stage.APPROVAL, Stage.PROCEDURE},
    (Stage.APPROVAL, ActKind.RETURN): {Stage.DRAFTING},
    (Stage.PROCEDURE, ActKind.RECORD_STEP): {Stage.PROCEDURE, Stage.CLOSED},
    (Stage.PROCEDURE, ActKind.REVISE): {Stage.DRAFTING},
    (Stage.PROCEDURE, ActKind.RECALL): AGAIN,
    **{(stage, act): {stage, *AGAIN, Stage.CLOSED} for stage in OPEN for act in (ActKind.CONSENT, ActKind.SETTLE)},
}
"""行為の後の段階: where an act leads; every other one leaves the review in its stage."""

EVERY_PERMITTED = [
    pytest.param(cell.stage, cell.act, cell.role, id=f"{cell.stage.label}-{cell.act.label}-{cell.role.label}")
    for cell in REVIEW_CELLS
    if cell.own and cell.permitted and (cell.act, cell.role) != (ActKind.CONSENT, Role.PRIVACY_MANAGER)
]
"""許される全ての行為, each in a review that is ready for it; in these the team is asked for its consent."""


def ids(grounds: Iterable[Ground]) -> list[str]:
    return [one.ground_id for one in grounds]


@pytest.mark.parametrize(("stage", "kind", "role"), EVERY_PERMITTED)
def test_what_is_permitted_is_done_and_leads_where_it_should(stage: Stage, kind: ActKind, role: Role) -> None:
    review = ready(stage, kind)
    after = take(review, act_of(kind, actor(role), review=review), at=AT)
    assert after.sequence == review.sequence + 1
    assert after.stage in LEADS_TO.get((stage, kind), {stage})


def test_the_chief_resolves_only_differing_findings() -> None:
    assert refusal_of(opened(), ActKind.RESOLVE, CHIEF) == "nothing_to_resolve"


def test_both_finding_no_change_closes_the_review_as_verified() -> None:
    review = done(opened(), ActKind.FIND, MANAGER, course=Course.NO_CHANGE)
    assert review.stage is Stage.EXAMINATION
    assert waits_for(review) == (Party.TEAM,)
    after = done(review, ActKind.FIND, TEAM, course=Course.NO_CHANGE)
    assert (after.stage, after.outcome) == (Stage.CLOSED, Outcome.VERIFIED)


def test_one_finding_alone_decides_nothing() -> None:
    for by in (MANAGER, TEAM):
        review = done(opened(), ActKind.FIND, by, course=Course.REASSESS)
        assert (review.stage, review.course) == (Stage.EXAMINATION, None)


def test_a_finding_may_be_replaced_until_both_stand() -> None:
    review = done(opened(), ActKind.FIND, MANAGER, course=Course.NO_CHANGE)
    review = done(review, ActKind.FIND, MANAGER, course=Course.REASSESS)
    assert [(given.course, given.stands) for given in review.findings] == [
        (Course.NO_CHANGE, False),
        (Course.REASSESS, True),
    ]
    assert refusal_of(differing(), ActKind.FIND, MANAGER) == "both_found"


def test_differing_findings_are_put_to_the_chief() -> None:
    assert waits_for(differing()) == (Party.CHIEF,)
    after = done(differing(), ActKind.RESOLVE, CHIEF, course=Course.NO_CHANGE)
    assert (after.stage, after.outcome) == (Stage.CLOSED, Outcome.VERIFIED)


@pytest.mark.parametrize("by", [MANAGER, TEAM], ids=["担当部署", "対策チーム"])
def test_the_second_approval_begins_the_procedure_and_never_the_first(by: Actor) -> None:
    review = done(in_approval(), ActKind.APPROVE, by)
    assert review.stage is Stage.APPROVAL
    other = TEAM if by is MANAGER else MANAGER
    assert waits_for(review) == ((Party.TEAM,) if by is MANAGER else (Party.DEPARTMENT,))
    assert done(review, ActKind.APPROVE, other).stage is Stage.PROCEDURE
    assert refusal_of(review, ActKind.APPROVE, by) == "already_approved"


def test_a_return_empties_the_approvals_and_keeps_the_verdicts() -> None:
    review = done(done(in_approval(), ActKind.APPROVE, MANAGER), ActKind.RETURN, TEAM)
    assert review.stage is Stage.DRAFTING
    assert [(given.approved, given.stands) for given in review.approvals] == [(True, False), (False, True)]
    again = done(review, ActKind.SUBMIT, DRAFTER)
    assert (again.revision, [given.stands for given in again.approvals]) == (2, [False, False])
    assert done(again, ActKind.APPROVE, TEAM).stage is Stage.APPROVAL


@pytest.mark.parametrize("before", [differing, drafting, in_approval], ids=["両者の検討", "起案", "承認"])
def test_a_further_event_before_the_second_approval_voids_what_was_given(before: Callable[[], ReviewState]) -> None:
    review = before()
    after = take(review, join(of=ground(GroundKind.RISK_EVENT)), at=AT + timedelta(hours=1))
    assert after.stage is Stage.EXAMINATION
    assert after.facts_revision == review.facts_revision + 1
    assert not any(given.stands for given in after.findings)
    assert not any(given.stands for given in after.approvals)
    assert len(after.findings) == len(review.findings)
    assert after.draft == review.draft
    assert refusal_of(after, ActKind.FIND, MANAGER, facts_revision=review.facts_revision) == "old_facts"


def test_a_further_event_after_the_second_approval_is_held_for_the_next_review() -> None:
    event = ground(GroundKind.RISK_EVENT)
    after = take(in_procedure(), join(of=event), at=AT)
    assert (after.stage, ids(after.held), after.facts_revision) == (Stage.PROCEDURE, [event.ground_id], 1)


def test_a_yearly_ground_voids_nothing() -> None:
    review = done(in_approval(), ActKind.APPROVE, MANAGER)
    after = take(review, join(of=ground(GroundKind.YEARLY)), at=AT)
    assert (after.stage, after.facts_revision) == (Stage.APPROVAL, review.facts_revision)
    assert [given.stands for given in after.approvals] == [True]


def checked(**more: bool) -> tuple[SectionCheck, ...]:
    return tuple(SectionCheck(item=item, agrees=more.get("agrees", True), state="実態どおり") for item in CHECKLIST)


def test_a_yearly_review_asks_for_every_section_and_measure() -> None:
    review = opened(ground(GroundKind.YEARLY))
    assert refusal_of(review, ActKind.FIND, MANAGER, course=Course.NO_CHANGE) == "checklist"
    part = checked()[:1]
    assert refusal_of(review, ActKind.FIND, MANAGER, course=Course.NO_CHANGE, checklist=part) == "checklist"
    for by in (MANAGER, TEAM):
        review = done(review, ActKind.FIND, by, course=Course.NO_CHANGE, checklist=checked())
    assert (review.outcome, review.held) == (Outcome.VERIFIED, ())


def test_a_checklist_row_that_disagrees_asks_for_an_amendment() -> None:
    review = opened(ground(GroundKind.YEARLY))
    rows = checked(agrees=False)
    assert refusal_of(review, ActKind.FIND, TEAM, course=Course.NO_CHANGE, checklist=rows) == "below_minimum"
    assert done(review, ActKind.FIND, TEAM, course=Course.AMEND, checklist=rows).findings[-1].yearly_checked


def test_an_unknown_or_repeated_checklist_row_is_refused() -> None:
    other = SectionCheck(item="Ⅸ ない項目", agrees=True, state="-")
    assert refusal_of(opened(), ActKind.FIND, TEAM, checklist=(other,)) == "unknown_checklist_item"
    assert refusal_of(opened(), ActKind.FIND, TEAM, checklist=checked()[:1] * 2) == "unknown_checklist_item"


def test_a_yearly_ground_that_was_not_answered_in_full_opens_the_next_review() -> None:
    yearly = ground(GroundKind.YEARLY)
    review = opened(ground(), yearly)
    review = done(review, ActKind.FIND, MANAGER, course=Course.NO_CHANGE, checklist=checked())
    review = done(review, ActKind.FIND, TEAM, course=Course.NO_CHANGE)
    assert (review.stage, ids(review.held)) == (Stage.CLOSED, [yearly.ground_id])


def test_a_yearly_ground_during_the_procedure_is_dropped_if_the_whole_document_was_checked() -> None:
    review = opened()
    for by in (MANAGER, TEAM):
        review = done(review, ActKind.FIND, by, checklist=checked())
    review = done(review, ActKind.SUBMIT, DRAFTER)
    for by in (MANAGER, TEAM):
        review = done(review, ActKind.APPROVE, by)
    assert take(review, join(of=ground(GroundKind.YEARLY)), at=AT).held == ()
    assert len(take(in_procedure(), join(of=ground(GroundKind.YEARLY)), at=AT).held) == 1


def test_a_finding_below_the_minimum_needs_the_written_exception_of_both() -> None:
    review = opened(ground(minimum=Course.AMEND))
    assert refusal_of(review, ActKind.FIND, MANAGER, course=Course.NO_CHANGE) == "below_minimum"
    alone = done(review, ActKind.FIND, MANAGER, course=Course.NO_CHANGE, risk_not_moved="運用の細部に限られる。")
    assert refusal_of(alone, ActKind.FIND, TEAM, course=Course.NO_CHANGE) == "below_minimum"
    both = done(alone, ActKind.FIND, TEAM, course=Course.NO_CHANGE, risk_not_moved="同じ判断である。")
    assert both.outcome is Outcome.VERIFIED


@pytest.mark.parametrize(
    ("kind", "minimum", "less"),
    [
        (GroundKind.RISK_EVENT, Course.AMEND, Course.NO_CHANGE),
        (GroundKind.LEVEL_CHANGE, Course.AMEND, Course.NO_CHANGE),
        (GroundKind.LEVEL_CHANGE, Course.REASSESS, Course.AMEND),
    ],
    ids=["重大事故の修正", "しきい値の修正", "上位の評価"],
)
def test_a_serious_incident_and_a_new_level_know_no_exception(kind: GroundKind, minimum: Course, less: Course) -> None:
    """指針第6の2(2)の例外は、重要な変更についてだけある。"""
    review = opened(ground(kind, minimum=minimum))
    said = {"course": less, "risk_not_moved": "影響がない。", "formal_only": "誤字のみ。"}
    assert refusal_of(review, ActKind.FIND, MANAGER, **said) == "no_exception"
    assert done(review, ActKind.FIND, MANAGER, course=minimum).findings[0].course is minimum


def test_the_chief_may_not_resolve_below_the_minimum() -> None:
    review = opened(ground(minimum=Course.AMEND))
    review = done(review, ActKind.FIND, MANAGER, course=Course.NO_CHANGE, risk_not_moved="運用の細部に限られる。")
    review = done(review, ActKind.FIND, TEAM)
    assert refusal_of(review, ActKind.RESOLVE, CHIEF, course=Course.NO_CHANGE) == "resolved_below_minimum"
    assert done(review, ActKind.RESOLVE, CHIEF, course=Course.REASSESS).course is Course.REASSESS


def test_naming_changed_items_asks_for_an_amendment() -> None:
    assert refusal_of(opened(), ActKind.FIND, TEAM, course=Course.NO_CHANGE, items=("Ⅳ8",)) == "below_minimum"


@pytest.mark.parametrize("kind", [ActKind.APPROVE, ActKind.RETURN], ids=lambda kind: kind.label)
def test_a_verdict_on_another_digest_or_revision_is_refused(kind: ActKind) -> None:
    review = in_approval()
    assert refusal_of(review, kind, TEAM, digest="b" * 64) == "old_digest"
    assert refusal_of(review, kind, TEAM, revision=2) == "old_revision"


def test_an_approval_on_old_facts_is_refused() -> None:
    assert refusal_of(in_approval(), ActKind.APPROVE, TEAM, facts_revision=2) == "old_facts"


def test_an_act_on_another_review_is_refused() -> None:
    assert refusal_of(opened(), ActKind.ACKNOWLEDGE, TEAM, review_id="digital-agency-1/9") == "other_review"


def test_no_person_acts_for_both_parties() -> None:
    both = "two-hats"
    review = done(opened(), ActKind.FIND, actor(Role.PRIVACY_MANAGER, person=both))
    assert refusal_of(review, ActKind.FIND, actor(Role.TEAM_MEMBER, person=both)) == "both_parties"


def test_whoever_reports_may_still_act_for_a_party() -> None:
    review = open_review(OPENING, at=AT)
    review = take(review, join(actor(Role.STAFF, person=MANAGER.person)), at=AT)
    review = review.model_copy(update={"review_id": "digital-agency-1/1"})
    assert done(review, ActKind.FIND, MANAGER).participants[-1].party is Party.DEPARTMENT


def test_another_department_may_not_act_for_the_owner() -> None:
    other = actor(Role.PRIVACY_MANAGER, department="elsewhere")
    assert refusal_of(opened(), ActKind.FIND, other) == "other_department"


def test_another_body_may_not_act_at_all() -> None:
    assert refusal_of(opened(), ActKind.FIND, actor(Role.TEAM_MEMBER, body="other-body")) == "other_body"


def test_the_drafter_does_not_approve_unless_the_department_has_nobody_else() -> None:
    review = done(drafting_before_any_department_act(), ActKind.SUBMIT, actor(Role.DRAFTER, person="alone"))
    manager = actor(Role.PRIVACY_MANAGER, person="alone")
    assert refusal_of(review, ActKind.APPROVE, manager) == "own_draft"
    alone = actor(Role.PRIVACY_MANAGER, person="alone", alone_in_department=True)
    assert len(done(review, ActKind.APPROVE, alone).approvals) == 1


def drafting_before_any_department_act() -> ReviewState:
    return drafting(opened())


def test_a_draft_without_the_basic_items_form_or_without_a_change_is_refused() -> None:
    other = Manifest(documents=(ManifestEntry(form="all_items", form_version="2024-10", sha256="a" * 64),))
    assert refusal_of(drafting(), ActKind.SUBMIT, DRAFTER, manifest=other) == "forms_missing"
    review = opened(opening=OPENING.model_copy(update={"level": Level.BASIC_ITEMS}))
    for by in (MANAGER, TEAM):
        review = done(review, ActKind.FIND, by, course=Course.REASSESS)
    assert refusal_of(review, ActKind.SUBMIT, DRAFTER, manifest=manifest_of(Level.ALL_ITEMS)) == "forms_beyond"
    same = opened(opening=OPENING.model_copy(update={"published_digest": DIGEST}))
    assert refusal_of(drafting(same), ActKind.SUBMIT, DRAFTER, manifest=MANIFEST) == "unchanged"


def test_the_procedure_goes_from_submission_to_publication_and_in_no_other_order() -> None:
    assert refusal_of(in_procedure(), ActKind.RECORD_STEP, TEAM, step=Step.PUBLICATION) == "step_order"
    submitted = done(in_procedure(), ActKind.RECORD_STEP, TEAM, step=Step.SUBMISSION)
    assert refusal_of(submitted, ActKind.RECORD_STEP, TEAM, step=Step.SUBMISSION) == "step_order"
    assert (closed().stage, closed().outcome) == (Stage.CLOSED, Outcome.AMENDED)


@pytest.mark.parametrize(
    ("done_on", "accepted"), [(TODAY, True), (TODAY + timedelta(days=1), False)], ids=["今日", "明日"]
)
def test_a_step_is_recorded_only_when_it_is_done(done_on: date, *, accepted: bool) -> None:
    if accepted:
        assert done(in_procedure(), ActKind.RECORD_STEP, TEAM, done_on=done_on).steps
    else:
        assert refusal_of(in_procedure(), ActKind.RECORD_STEP, TEAM, done_on=done_on) == "future"


def test_the_teams_first_act_of_any_kind_acknowledges() -> None:
    assert done(opened(), ActKind.FIND, MANAGER).grounds[0].acknowledged_by is None
    assert done(opened(), ActKind.FIND, TEAM).grounds[0].acknowledged_by == TEAM.person


def test_one_ground_may_be_acknowledged_by_itself() -> None:
    first, second = ground(), ground()
    review = done(opened(first, second), ActKind.ACKNOWLEDGE, TEAM, ground_id=second.ground_id)
    assert refusal_of(review, ActKind.ACKNOWLEDGE, TEAM, ground_id="none/such") == "unknown_ground"
    assert review.grounds[1].acknowledged_by == TEAM.person


def test_the_calendar_adds_only_yearly_grounds_and_people_never_do() -> None:
    for by, kind in ((Role.STAFF, GroundKind.YEARLY), (Role.ENGINE, GroundKind.RISK_EVENT)):
        with pytest.raises(RefusedError) as refused:
            judge(opened(), join(actor(by), of=ground(kind)), at=AT)
        assert refused.value.refusal.code == "ground_kind"


def test_the_same_ground_twice_and_the_ground_of_another_assessment_are_refused() -> None:
    one = ground()
    with pytest.raises(RefusedError) as twice:
        judge(opened(one), join(of=one), at=AT)
    elsewhere = OPENING.model_copy(update={"assessment_id": "digital-agency-2"})
    with pytest.raises(RefusedError) as other:
        judge(opened(), join(opening=elsewhere), at=AT)
    assert (twice.value.refusal.code, other.value.refusal.code) == ("ground_twice", "other_assessment")


def test_the_engine_joins_what_the_review_before_held() -> None:
    carried = ground(GroundKind.RISK_EVENT)
    opening = OPENING.model_copy(update={"carried": (carried,), "carried_from": "digital-agency-1/1"})
    review = take(open_review(opening, at=AT), join(actor(Role.ENGINE), of=carried, opening=opening), at=AT)
    assert ids(review.grounds) == [carried.ground_id]


def test_a_due_date_does_not_outlive_its_turn() -> None:
    review = drafting().model_copy(update={"due_on": TODAY})
    after = take(review, act_of(ActKind.SUBMIT, DRAFTER, review=review), at=AT + timedelta(hours=1))
    assert after.due_on is None
