"""行為の効果 (effects): what each permitted act does to the review. Pure: a state in, a new state out."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from guideline.gates import gate_row, is_met, step_needed
from guideline.procedure import AGAIN_AFTER_REVISION, BOTH
from guideline.step_checks import done_step
from guideline.turns import (
    findings_differ,
    is_first,
    level_of,
    next_step,
    standing_approvals,
    standing_findings,
    whole_document_checked,
)
from schemas.acts import (
    Acknowledgement,
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
    Revision,
    Ruling,
    Settlement,
    StepRecord,
    Submission,
    Withdrawal,
)
from schemas.canonical import message_digest
from schemas.courses import Course
from schemas.gates import PassedGate
from schemas.records import Recorded
from schemas.review import (
    BY_THE_CALENDAR,
    AskedWithdrawal,
    DoneStep,
    GivenApproval,
    GivenFinding,
    Ground,
    GroundKind,
    OpenDispute,
    Outcome,
    Participant,
    Party,
    ReviewState,
    Rung,
    Stage,
    Step,
)

_Given = TypeVar("_Given", GivenFinding, GivenApproval)

_OUTCOMES = {
    Course.NO_CHANGE: Outcome.VERIFIED,
    Course.AMEND: Outcome.AMENDED,
    Course.REASSESS: Outcome.REASSESSED,
    Course.END_BUSINESS: Outcome.ENDED,
    Course.END_PUBLICATION: Outcome.ENDED,
}


def _with(review: ReviewState, **changes: Any) -> ReviewState:
    return review.model_copy(update=changes)


def _voided(given: tuple[_Given, ...]) -> tuple[_Given, ...]:
    return tuple(one.model_copy(update={"stands": False}) for one in given)


def join(review: ReviewState, act: Join, *, at: datetime, **_: Party) -> ReviewState:
    """事由の追加: a new fact voids what was found and approved; one that comes by the calendar voids nothing."""
    ground = act.ground.model_copy(update={"joined_at": at})
    if review.stage is Stage.PROCEDURE:
        if _is_answered_by(review, ground):
            return review
        return _with(review, held=(*review.held, ground))
    grounds = (*review.grounds, ground)
    if ground.kind is GroundKind.NEW_BUSINESS:
        return _with(review, grounds=grounds, **_examined_anew(review, at=at))
    if ground.kind in BY_THE_CALENDAR:
        return _with(review, grounds=grounds, facts_revision=max(review.facts_revision, 1))
    return _with(review, grounds=grounds, steps=_still_heard(review, (ground,)), **_examined_anew(review, at=at))


def _still_heard(review: ReviewState, further: tuple[Ground, ...]) -> tuple[DoneStep, ...]:
    """Give the steps as they stand with further grounds: a material change that is new was not given notice of.

    番号法28条1項, 規則7条1項: 公示 comes before the change. That a business has ended is notified once.
    """
    if all(ground.minimum is not Course.REASSESS for ground in further):
        return review.steps
    return tuple(
        done if done.step is Step.NOTIFICATION else done.model_copy(update={"stands": False}) for done in review.steps
    )


def _is_answered_by(review: ReviewState, ground: Ground) -> bool:
    """Say whether the review in its procedure answers a ground of the calendar that comes only now."""
    if ground.kind is GroundKind.FIVE_YEARS:
        return review.course is Course.REASSESS
    return ground.kind is GroundKind.YEARLY and whole_document_checked(review)


def _examined_anew(review: ReviewState, *, at: datetime) -> dict[str, Any]:
    """Give what changes when both must examine anew: what was given is void and kept, a draft stays as it is.

    Of a first assessment nothing is published to be examined: it goes on with its draft.
    """
    return {
        "facts_revision": review.facts_revision + 1,
        "findings": _voided(review.findings),
        "approvals": _voided(review.approvals),
        "course": Course.REASSESS if is_first(review) else None,
        "dispute": None,
        "stage": Stage.DRAFTING if is_first(review) else Stage.EXAMINATION,
        "turn_began_at": at,
    }


def acknowledge(review: ReviewState, act: Acknowledgement, **_: object) -> ReviewState:
    """受領確認."""
    return _acknowledged(review, person=act.actor.person, ground_id=act.ground_id)


def _acknowledged(review: ReviewState, *, person: str, ground_id: str | None = None) -> ReviewState:
    def mark(ground: Ground) -> Ground:
        if ground.acknowledged_by is None and ground_id in (None, ground.ground_id):
            return ground.model_copy(update={"acknowledged_by": person})
        return ground

    return _with(review, grounds=tuple(mark(ground) for ground in review.grounds))


def acknowledged_by_acting(review: ReviewState, *, party: Party, person: str) -> ReviewState:
    """Acknowledge by the way: the team's first act of any kind does so too."""
    return _acknowledged(review, person=person) if party is Party.TEAM else review


def counted(review: ReviewState, *, party: Party, person: str) -> ReviewState:
    """Give the act its number, and remember for which party the person acted (reporting takes no side)."""
    seen = Participant(person=person, party=party)
    takes_no_side = party in (Party.REPORTER, Party.ENGINE)
    if takes_no_side or seen in review.participants:
        return _with(review, sequence=review.sequence + 1)
    return _with(review, sequence=review.sequence + 1, participants=(*review.participants, seen))


def with_what_was_learnt(review: ReviewState, *, recorded: Recorded, as_of: ReviewState) -> ReviewState:
    """Take over what the register gave: the number, and while no later act was taken, the due date and the alarms."""
    numbered = _with(review, review_id=recorded.receipt.review_id)
    if review.turn_began_at == as_of.turn_began_at:
        numbered = _with(numbered, due_on=recorded.due_on)
    return _with(numbered, alarms=recorded.alarms) if review.sequence == as_of.sequence else numbered


def without_ground(review: ReviewState, ground_id: str) -> ReviewState:
    """Take back a ground that an earlier review had already dealt with."""
    return _with(review, grounds=tuple(ground for ground in review.grounds if ground.ground_id != ground_id))


def find(review: ReviewState, act: Finding, *, party: Party, at: datetime) -> ReviewState:
    """検討結果: replaces the party's own; when both agree the course is decided."""
    given = GivenFinding(
        act_id=act.act_id,
        party=party,
        person=act.actor.person,
        course=act.course,
        facts_revision=act.facts_revision,
        yearly_checked={row.item for row in act.checklist} == set(review.opening.checklist),
        excepted=act.risk_not_moved is not None or act.formal_only is not None,
        countermeasures=sum(row.countermeasure is not None for row in act.checklist),
        at=at,
    )
    earlier = tuple(one.model_copy(update={"stands": False}) if one.party is party else one for one in review.findings)
    after = _with(review, findings=(*earlier, given))
    if findings_differ(after):
        return _with(after, turn_began_at=at)
    if len(standing_findings(after)) == len(BOTH):
        return _decided(after, course=act.course, at=at)
    return after


def resolve(review: ReviewState, act: Resolution, *, at: datetime, **_: Party) -> ReviewState:
    """総括保護管理者の決定: as if both had found so."""
    return _decided(review, course=act.course, at=at)


def _decided(review: ReviewState, *, course: Course, at: datetime) -> ReviewState:
    decided = _with(review, course=course)
    if course is Course.NO_CHANGE:
        return _closed(decided, at=at)
    if course is Course.END_PUBLICATION:
        return _with(decided, stage=Stage.PROCEDURE, turn_began_at=at)
    return _with(decided, stage=Stage.DRAFTING, turn_began_at=at)


def submit(review: ReviewState, act: Submission, *, at: datetime, **_: Party) -> ReviewState:
    """案の提出: a new revision empties the approvals."""
    return _with(
        review,
        draft=act.manifest,
        draft_digest=message_digest(act.manifest),
        drafted_by=act.actor.person,
        revision=review.revision + 1,
        approvals=_voided(review.approvals),
        stage=Stage.APPROVAL,
        turn_began_at=at,
    )


def approve(review: ReviewState, act: Approval, *, party: Party, at: datetime) -> ReviewState:
    """承認: with the second one the procedure begins."""
    after = _with(review, approvals=(*review.approvals, _verdict(act, party=party, at=at)))
    if len(standing_approvals(after)) == len(BOTH):
        return _with(after, stage=Stage.PROCEDURE, turn_began_at=at)
    return after


def send_back(review: ReviewState, act: Return, *, party: Party, at: datetime) -> ReviewState:
    """差戻し: approvals are emptied, all verdicts kept."""
    approvals = (*_voided(review.approvals), _verdict(act, party=party, at=at))
    return _with(review, approvals=approvals, stage=Stage.DRAFTING, turn_began_at=at)


def _verdict(act: Approval | Return, *, party: Party, at: datetime) -> GivenApproval:
    return GivenApproval(
        act_id=act.act_id,
        party=party,
        person=act.actor.person,
        approved=isinstance(act, Approval),
        digest=act.digest,
        revision=act.revision,
        at=at,
    )


def record_step(review: ReviewState, act: StepRecord, *, at: datetime, **_: Party) -> ReviewState:
    """手続の記録: the last step, publication, closes the review."""
    given = {"act_id": act.act_id, "step": act.step, "done_on": act.done_on, "person": act.actor.person, "at": at}
    done = DoneStep.model_validate({**given, **done_step(review, act)})
    after = _with(review, steps=(*review.steps, done), turn_began_at=at)
    return after if next_step(after) else _closed(after, at=at)


def ask_withdrawal(review: ReviewState, act: Withdrawal, *, party: Party, at: datetime) -> ReviewState:
    """取下げの申出: nothing is withdrawn until the other party consents."""
    asked = AskedWithdrawal(act_id=act.act_id, ground_id=act.ground_id, party=party, person=act.actor.person, at=at)
    return _with(review, withdrawal=asked)


def consent(review: ReviewState, act: Consent, *, at: datetime, **_: Party) -> ReviewState:
    """取下げへの同意: the ground goes; without consent the 総括保護管理者 is asked."""
    asked = _asked(review)
    if act.agrees:
        return _withdrawn(review, asked.ground_id, at=at)
    return _with(review, withdrawal=asked.model_copy(update={"contested": True, "at": at}))


def settle(review: ReviewState, act: Settlement, *, at: datetime, **_: Party) -> ReviewState:
    """総括保護管理者の裁定."""
    if act.ruling is Ruling.WITHDRAWN:
        return _withdrawn(review, _asked(review).ground_id, at=at)
    if act.ruling is Ruling.GROUND_STANDS:
        return _with(review, withdrawal=None)
    stage = Stage.DRAFTING if act.ruling is Ruling.REDRAFT else Stage.APPROVAL
    return _with(review, dispute=None, approvals=_voided(review.approvals), stage=stage, turn_began_at=at)


def _asked(review: ReviewState) -> AskedWithdrawal:
    if review.withdrawal is None:  # the table has seen to it
        raise ValueError("no withdrawal is open")
    return review.withdrawal


def _withdrawn(review: ReviewState, ground_id: str, *, at: datetime) -> ReviewState:
    """Take the ground away: with the last one gone the review ends and verifies nothing."""
    gone = tuple(ground for ground in (*review.grounds, *review.held) if ground.ground_id == ground_id)
    held = tuple(ground for ground in review.held if ground.ground_id != ground_id)
    after = without_ground(_with(review, held=held, withdrawal=None, withdrawn=(*review.withdrawn, *gone)), ground_id)
    if not after.grounds:
        anew = _examined_anew(after, at=at)
        return _with(after, **{**anew, "stage": Stage.CLOSED, "closed_at": at, "outcome": Outcome.WITHDRAWN})
    if after.stage is Stage.PROCEDURE or after.grounds == review.grounds:
        return after
    return _with(after, **_examined_anew(after, at=at))


def dispute(review: ReviewState, act: Dispute, *, party: Party, at: datetime) -> ReviewState:
    """異議: the draft waits for the 総括保護管理者."""
    opened = OpenDispute(act_id=act.act_id, party=party, person=act.actor.person)
    return _with(review, dispute=opened, turn_began_at=at)


def recall(review: ReviewState, _act: Recall, *, at: datetime, **_: Party) -> ReviewState:
    """呼戻し: both examine anew, also what was held for the next review; all that was given is kept."""
    grounds, steps = (*review.grounds, *review.held), _still_heard(review, review.held)
    return _with(review, grounds=grounds, held=(), steps=steps, **_examined_anew(review, at=at))


def revise(review: ReviewState, _act: Revision, *, at: datetime, **_: Party) -> ReviewState:
    """意見・条件を受けた改訂: the steps done so far are kept, those that a new text needs again no longer stand."""
    steps = tuple(
        done.model_copy(update={"stands": False}) if done.step in AGAIN_AFTER_REVISION else done
        for done in review.steps
    )
    approvals = _voided(review.approvals)
    return _with(review, steps=steps, approvals=approvals, stage=Stage.DRAFTING, turn_began_at=at)


def hand_over(review: ReviewState, act: HandOver, *, at: datetime, **_: Party) -> ReviewState:
    """所管替え: the new department takes over what is open; what was given stands, and the turn begins anew."""
    return _with(review, opening=review.opening.model_copy(update={"department": act.department}), turn_began_at=at)


def pass_gate(review: ReviewState, act: GatePassage, *, at: datetime, **_: Party) -> ReviewState:
    """関門の通過: noted, with whether it was by exception."""
    row = gate_row(act.gate, on=act.passed_on)
    needed = step_needed(row, level=level_of(review))
    passed = PassedGate(
        act_id=act.act_id,
        gate=act.gate,
        passed_on=act.passed_on,
        person=act.actor.person,
        by_exception=not is_met(review, needed, by=act.passed_on),
        at=at,
    )
    return _with(review, gates_passed=(*review.gates_passed, passed))


def remind(review: ReviewState, act: Reminder, **_: object) -> ReviewState:
    """督促: the alarm has rung, and rings no more."""
    alarm = act.alarm
    rung = Rung(clock=alarm.clock, urgency=alarm.urgency, began_at=alarm.began_at)
    return _with(review, rung=(*review.rung, rung), alarms=tuple(one for one in review.alarms if one != alarm))


def _closed(review: ReviewState, *, at: datetime) -> ReviewState:
    """終了: a yearly ground that both did not answer in full is held for the next review."""
    outcome = Outcome.FIRST_PUBLISHED if is_first(review) else _OUTCOMES[review.course or Course.NO_CHANGE]
    unanswered = (
        ()
        if whole_document_checked(review) or outcome is Outcome.ENDED
        else tuple(ground for ground in review.grounds if ground.kind is GroundKind.YEARLY)
    )
    return _with(
        review,
        stage=Stage.CLOSED,
        closed_at=at,
        turn_began_at=at,
        withdrawal=None,
        outcome=outcome,
        held=(*review.held, *unanswered),
    )
