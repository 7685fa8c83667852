"""見直しの手順 (decisions): the judgement of an act: by the table of duties first, then by what the act says.

Who may do what in which stage stands in `guideline.separation_of_duties`; what an act does, in `guideline.effects`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from types import MappingProxyType

from guideline import effects
from guideline.deadlines import tokyo_date
from guideline.document_sets import beyond_the_level, missing_forms
from guideline.form_versions import permitted_versions
from guideline.gates import gate_row, is_met, lacks_exception, step_needed
from guideline.measure_answers import check_answers
from guideline.minimum_course import (
    ground_lacking,
    ground_lacking_without,
    is_excepted,
    is_weaker,
    minimum_for_finding,
    minimum_for_review,
    minimum_without_exception,
)
from guideline.procedure import BOTH
from guideline.refusals import RefusedError, refuse
from guideline.separation_of_duties import (
    REVIEW_PERMITS,
    is_reporters_side,
    may_approve_own_draft,
    may_be_withdrawn,
    party_of,
)
from guideline.step_checks import check_step
from guideline.turns import (
    consenting_party,
    findings_differ,
    is_first,
    level_of,
    may_do_instead,
    standing_approvals,
    standing_findings,
    step_to_be_revised,
)
from guideline.yearly_checklist import is_asked_whole
from schemas.acts import (
    Acknowledgement,
    ActKind,
    Approval,
    Consent,
    Dispute,
    Finding,
    GatePassage,
    HandOver,
    Join,
    Recall,
    Reminder,
    Resolution,
    Return,
    ReviewAct,
    Revision,
    Ruling,
    Settlement,
    StepRecord,
    Submission,
    Withdrawal,
)
from schemas.canonical import message_digest
from schemas.courses import Course
from schemas.organisation import Actor, Role
from schemas.review import BY_THE_ENGINE, GroundKind, Opening, Party, ReviewState, Stage, Step


def open_review(opening: Opening, *, at: datetime) -> ReviewState:
    """Give the state of a review that has no ground yet."""
    return ReviewState(opening=opening, opened_at=at, turn_began_at=at)


def take(review: ReviewState, act: Join | ReviewAct, *, at: datetime) -> ReviewState:
    """Carry out an act: the state after it.

    `at` is the workflow's clock (aware). Raises RefusedError as `judge` does.
    """
    party = judge(review, act, at=at)
    _, effect = _ACTS[act.act]
    after = effect(review, act, party=party, at=at)
    after = effects.acknowledged_by_acting(after, party=party, person=act.actor.person)
    if after.turn_began_at != review.turn_began_at:
        after = after.model_copy(update={"due_on": None})
    return effects.counted(after, party=party, person=act.actor.person)


def judge(review: ReviewState, act: Join | ReviewAct, *, at: datetime) -> Party:
    """See that the act is permitted and fits the review, and give the party that acts.

    Raises RefusedError, naming the act, the stage, the rule and who may do what instead, when it is not or does not.
    """
    try:
        return _judged(review, act, at=at)
    except RefusedError as refused:
        raise refused.placed(act=act.act.label, stage=review.stage.label, instead=may_do_instead(review)) from None


def see_permitted(review: ReviewState, kind: ActKind, *, actor: Actor) -> Party:
    """See that the table permits an act of that kind now; gives the party that acts. Raises RefusedError."""
    if review.stage is Stage.CLOSED:
        raise refuse("closed")
    if not REVIEW_PERMITS.of(kind, stage=review.stage):
        raise refuse("stage", stage=review.stage.label, act=kind.label)
    return party_of(actor, act=kind, review=review)


def _judged(review: ReviewState, act: Join | ReviewAct, *, at: datetime) -> Party:
    if review.stage is not Stage.CLOSED and not isinstance(act, Join) and act.review_id != review.review_id:
        raise refuse("other_review", given=act.review_id, open=review.review_id or "なし")
    party = see_permitted(review, act.act, actor=act.actor)
    check, _ = _ACTS[act.act]
    check(review, act, party=party, at=at)
    return party


def _check_join(review: ReviewState, act: Join, **_: object) -> None:
    ground = act.ground
    if act.opening.assessment_id != review.opening.assessment_id:
        raise refuse("other_assessment")
    by_engine = act.actor.role is Role.ENGINE
    engines_own = ground.kind in BY_THE_ENGINE or ground in review.opening.carried
    if by_engine is not engines_own:
        raise refuse("ground_kind", kind=ground.kind.label, role=act.actor.role.label)
    if is_first(review) and not review.grounds and ground.kind is not GroundKind.NEW_BUSINESS:
        raise refuse("nothing_published")
    if not is_first(review) and ground.kind is GroundKind.NEW_BUSINESS:
        raise refuse("already_published")
    if any(known.ground_id == ground.ground_id for known in (*review.grounds, *review.held)):
        raise refuse("ground_twice")


def _check_acknowledge(review: ReviewState, act: Acknowledgement, **_: object) -> None:
    if act.ground_id is not None and all(ground.ground_id != act.ground_id for ground in review.grounds):
        raise refuse("unknown_ground", given=act.ground_id)


def _check_find(review: ReviewState, act: Finding, *, at: datetime, **_: object) -> None:
    _same_facts(review, act.facts_revision)
    if len(standing_findings(review)) == len(BOTH):
        raise refuse("both_found")
    asked = _check_checklist(review, act)
    check_answers(review.opening, act, asked=asked, today=tokyo_date(at))
    _may_be_decided(review, act.course)
    binding = minimum_without_exception(review)
    if is_weaker(act.course, than=binding):
        raise refuse("no_exception", minimum=binding.label)
    minimum = minimum_for_finding(review, act)
    if is_weaker(act.course, than=minimum) and not is_excepted(act, minimum=minimum):
        raise refuse("below_minimum", minimum=minimum.label)


def _check_checklist(review: ReviewState, act: Finding) -> bool:
    """Hold the rows against what is asked; say whether the whole checklist is."""
    asked = review.opening.checklist
    given = [row.item for row in act.checklist]
    wrong = sorted({item for item in given if item not in asked or given.count(item) > 1})
    if wrong:
        raise refuse("unknown_checklist_item", items="、".join(wrong))
    missing = [item for item in asked if item not in given]
    whole = is_asked_whole(review)
    if whole and missing:
        raise refuse("checklist", missing="、".join(missing))
    return whole


def _check_resolve(review: ReviewState, act: Resolution, **_: object) -> None:
    _same_facts(review, act.facts_revision)
    if not findings_differ(review):
        raise refuse("nothing_to_resolve")
    _may_be_decided(review, act.course)
    minimum = minimum_for_review(review)
    if is_weaker(act.course, than=minimum):
        raise refuse("resolved_below_minimum", minimum=minimum.label)


def _may_be_decided(review: ReviewState, course: Course) -> None:
    lacking = ground_lacking(review, course)
    if lacking is not None:
        raise refuse("course_without_ground", course=course.label, ground=lacking.label)


def _check_submit(review: ReviewState, act: Submission, *, at: datetime, **_: object) -> None:
    level, course = level_of(review), review.course or Course.AMEND
    lacking = missing_forms(act.manifest, level=level, course=course)
    if lacking:
        raise refuse("forms_missing", level=level.label, course=course.label, missing="・".join(lacking))
    beyond = beyond_the_level(act.manifest, level=level) if course is Course.REASSESS else ()
    if beyond:
        raise refuse("forms_beyond", level=level.label, course=course.label, beyond="・".join(beyond))
    for document in act.manifest.documents:
        rows = permitted_versions(document.form, opened_on=tokyo_date(review.opened_at), on=tokyo_date(at))
        if rows and document.form_version not in [row.version for row in rows]:
            permitted = "、".join(f"{row.version}（{row.era_label}）" for row in rows)
            raise refuse("form_version", given=document.form_version, permitted=permitted)
    if message_digest(act.manifest) == review.opening.published_digest:
        raise refuse("unchanged")
    waiting = step_to_be_revised(review)
    if waiting is not None and message_digest(act.manifest) == review.draft_digest:
        raise refuse("not_revised", step=waiting.step.label)


def _check_approve(review: ReviewState, act: Approval, *, party: Party, **_: object) -> None:
    _same_facts(review, act.facts_revision)
    _same_draft(review, act)
    if act.actor.person == review.drafted_by and not may_approve_own_draft(act.actor, party=party):
        raise refuse("own_draft")
    _not_disputed(review)
    if any(given.party is party for given in standing_approvals(review)):
        raise refuse("already_approved", party=party.label)


def _check_return(review: ReviewState, act: Return, **_: object) -> None:
    _same_draft(review, act)
    _not_disputed(review)


def _check_step(review: ReviewState, act: StepRecord, *, party: Party, at: datetime) -> None:
    check_step(review, act, party=party)
    _not_in_the_future(act.done_on, at=at)


def _check_withdraw(review: ReviewState, act: Withdrawal, *, party: Party, **_: object) -> None:
    if review.withdrawal is not None:
        raise refuse("withdrawal_open")
    found = [ground for ground in (*review.grounds, *review.held) if ground.ground_id == act.ground_id]
    if not found:
        raise refuse("unknown_ground", given=act.ground_id)
    ground = found[0]
    carried_out = review.stage is Stage.PROCEDURE and ground_lacking_without(review, ground) is not None
    if carried_out or not may_be_withdrawn(ground):
        raise refuse("not_withdrawable", kind=ground.kind.label, title=ground.title)
    if not is_reporters_side(act.actor, party=party, reported_by=ground.reported_by):
        raise refuse("not_reporters_side")


def _check_consent(review: ReviewState, _act: Consent, *, party: Party, **_: object) -> None:
    if review.withdrawal is None or review.withdrawal.contested:
        raise refuse("no_withdrawal")
    asked = consenting_party(review.withdrawal)
    if party is not asked:
        raise refuse("not_asked", asked=asked.label)


def _check_dispute(review: ReviewState, _act: Dispute, **_: object) -> None:
    _not_disputed(review)
    if all(given.approved for given in review.approvals):
        raise refuse("no_return")


def _check_settle(review: ReviewState, act: Settlement, **_: object) -> None:
    about_a_withdrawal = act.ruling in (Ruling.WITHDRAWN, Ruling.GROUND_STANDS)
    contested = review.withdrawal is not None and review.withdrawal.contested
    if not (contested if about_a_withdrawal else review.dispute is not None):
        raise refuse("nothing_to_settle", ruling=act.ruling.label)


def _check_recall(review: ReviewState, _act: Recall, **_: object) -> None:
    if any(done.step is Step.SUBMISSION for done in review.steps):
        raise refuse("already_submitted")


def _check_revise(review: ReviewState, _act: Revision, **_: object) -> None:
    if not review.steps:
        raise refuse("no_step_done")


def _check_pass_gate(review: ReviewState, act: GatePassage, *, at: datetime, **_: object) -> None:
    if all(planned.gate is not act.gate for planned in review.opening.gates):
        raise refuse("unknown_gate", gate=act.gate.label)
    if any(passed.gate is act.gate for passed in review.gates_passed):
        raise refuse("gate_passed", gate=act.gate.label)
    _not_in_the_future(act.passed_on, at=at)
    row = gate_row(act.gate, on=act.passed_on)
    needed = step_needed(row, level=level_of(review))
    if not is_met(review, needed, by=act.passed_on) and lacks_exception(row, act):
        raise refuse(f"gate_{row.exception.value}", gate=act.gate.label, step=needed.label)


def _not_in_the_future(day: date, *, at: datetime) -> None:
    today = tokyo_date(at)
    if day > today:
        raise refuse("future", given=day.isoformat(), today=today.isoformat())


def _check_hand_over(review: ReviewState, act: HandOver, **_: object) -> None:
    owner = review.opening.department
    if act.from_department != owner:
        raise refuse("other_owner", given=act.from_department, owner=owner)
    if act.department == owner:
        raise refuse("same_department", department=owner)


def _check_remind(review: ReviewState, act: Reminder, *, at: datetime, **_: object) -> None:
    if act.alarm not in review.alarms or act.alarm.at > at:
        raise refuse("alarm")


def _not_disputed(review: ReviewState) -> None:
    if review.dispute is not None:
        raise refuse("disputed")


def _same_facts(review: ReviewState, given: int) -> None:
    if given != review.facts_revision:
        raise refuse("old_facts", given=given, current=review.facts_revision)


def _same_draft(review: ReviewState, act: Approval | Return) -> None:
    if act.revision != review.revision:
        raise refuse("old_revision", given=act.revision, current=review.revision)
    if act.digest != review.draft_digest:
        raise refuse("old_digest")


_ACTS: MappingProxyType[ActKind, tuple[Callable[..., None], Callable[..., ReviewState]]] = MappingProxyType(
    {
        ActKind.JOIN: (_check_join, effects.join),
        ActKind.ACKNOWLEDGE: (_check_acknowledge, effects.acknowledge),
        ActKind.FIND: (_check_find, effects.find),
        ActKind.RESOLVE: (_check_resolve, effects.resolve),
        ActKind.SUBMIT: (_check_submit, effects.submit),
        ActKind.APPROVE: (_check_approve, effects.approve),
        ActKind.RETURN: (_check_return, effects.send_back),
        ActKind.RECORD_STEP: (_check_step, effects.record_step),
        ActKind.WITHDRAW: (_check_withdraw, effects.ask_withdrawal),
        ActKind.CONSENT: (_check_consent, effects.consent),
        ActKind.DISPUTE: (_check_dispute, effects.dispute),
        ActKind.SETTLE: (_check_settle, effects.settle),
        ActKind.RECALL: (_check_recall, effects.recall),
        ActKind.REVISE: (_check_revise, effects.revise),
        ActKind.REMIND: (_check_remind, effects.remind),
        ActKind.HAND_OVER: (_check_hand_over, effects.hand_over),
        ActKind.PASS_GATE: (_check_pass_gate, effects.pass_gate),
    }
)
"""行為ごとの検査と効果: what an act needs besides the table, and what it does."""
