"""見直しの見本 (sample reviews): states of a review in each stage, reached by real acts, for the tests of the table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from guideline.decisions import open_review, take
from guideline.refusals import RefusedError
from schemas.acts import (
    Acknowledgement,
    ActKind,
    Approval,
    Consent,
    Dispute,
    Finding,
    GatePassage,
    HandOver,
    ItemNote,
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
from schemas.gates import Gate, PlannedGate
from schemas.levels import Level
from schemas.organisation import Actor, BodyKind, Role
from schemas.review import (
    BY_THE_ENGINE,
    Alarm,
    Clock,
    Ground,
    GroundKind,
    Manifest,
    ManifestEntry,
    Opening,
    ReviewState,
    Stage,
    Step,
    Urgency,
)

AT = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
TODAY = date(2026, 6, 1)
REVIEW_ID = "digital-agency-1/1"
CHECKLIST = ("Ⅰ 関連情報", "Ⅳ8 人手を介在させる作業")
OPENING = Opening(
    body="digital-agency",
    body_kind=BodyKind.ADMINISTRATIVE_BODY,
    assessment_id="digital-agency-1",
    department="accounts",
    level=Level.ALL_ITEMS,
    published_digest="0" * 64,
    checklist=CHECKLIST,
)


def manifest_of(level: Level, *, sha: str = "a") -> Manifest:
    forms = ("basic_items",) if level is Level.BASIC_ITEMS else ("basic_items", level.value)
    entries = (ManifestEntry(form=form, form_version="2024-10", sha256=sha * 64) for form in forms)
    return Manifest(documents=tuple(entries))


MANIFEST = manifest_of(Level.ALL_ITEMS)
DIGEST = message_digest(MANIFEST)

ALARM = Alarm(clock=Clock.TURN, urgency=Urgency.REMINDER, began_at=AT, due_on=TODAY, at=AT)

_ids = iter(range(10**9))


def actor(role: Role, *, person: str | None = None, department: str = "accounts", **more: Any) -> Actor:
    return Actor(
        person=person or role.value.replace("_", "-"),
        role=role,
        body=more.pop("body", "digital-agency"),
        department=department,
        organisation_revision=1,
        **more,
    )


def ground(
    kind: GroundKind = GroundKind.CHANGE_REPORT, *, minimum: Course = Course.NO_CHANGE, ground_id: str | None = None
) -> Ground:
    return Ground(
        ground_id=ground_id or f"ground/{next(_ids)}",
        kind=kind,
        report_id="report/1",
        reported_by=actor(Role.STAFF),
        title="システムの更新",
        known_on=TODAY,
        minimum=minimum,
    )


def join(by: Actor | None = None, *, of: Ground | None = None, opening: Opening = OPENING) -> Join:
    of = of or ground()
    by = by or actor(Role.ENGINE if of.kind in BY_THE_ENGINE else Role.STAFF)
    return Join(act_id=f"act/{next(_ids)}", actor=by, opening=opening, ground=of)


def act_of(kind: ActKind, by: Actor, *, review: ReviewState, **more: Any) -> Join | ReviewAct:
    """Give an act of that kind whose content fits the review."""
    base: dict[str, Any] = {"act_id": f"act/{next(_ids)}", "actor": by, "review_id": review.review_id or REVIEW_ID}
    facts = {"facts_revision": max(review.facts_revision, 1)}
    draft = {"digest": review.draft_digest or DIGEST, "revision": max(review.revision, 1)}
    if kind is ActKind.JOIN:
        return join(by, of=ground(GroundKind.YEARLY if by.role is Role.ENGINE else GroundKind.RISK_EVENT))
    content: dict[ActKind, tuple[type[ReviewAct], dict[str, Any]]] = {
        ActKind.ACKNOWLEDGE: (Acknowledgement, {}),
        ActKind.FIND: (Finding, {**facts, "course": Course.AMEND, "reason": "記載が実態と異なる。"}),
        ActKind.RESOLVE: (Resolution, {**facts, "course": Course.AMEND, "reason": "修正が要る。"}),
        ActKind.SUBMIT: (Submission, {"manifest": manifest_of(review.opening.level)}),
        ActKind.APPROVE: (Approval, {**facts, **draft}),
        ActKind.RETURN: (Return, {**draft, "comments": (ItemNote(item="Ⅳ8", text="根拠が足りない。"),)}),
        ActKind.RECORD_STEP: (StepRecord, {"step": Step.SUBMISSION, "done_on": TODAY}),
        ActKind.WITHDRAW: (Withdrawal, {"ground_id": _first_ground(review), "reason": "誤って報告した。"}),
        ActKind.CONSENT: (Consent, {"agrees": False, "reason": "事実である。"}),
        ActKind.DISPUTE: (Dispute, {"reason": "指摘は当たらない。"}),
        ActKind.SETTLE: (Settlement, {"ruling": Ruling.GROUND_STANDS, "reason": "検討を要する。"}),
        ActKind.RECALL: (Recall, {"reason": "提出の前に改める。"}),
        ActKind.REVISE: (Revision, {"reason": "意見を受けて改める。"}),
        ActKind.HAND_OVER: (
            HandOver,
            {"from_department": "accounts", "department": "new-owner", "reason": "組織の改編による。"},
        ),
        ActKind.PASS_GATE: (GatePassage, {"gate": Gate.HOLD_START, "passed_on": TODAY, "emergency": "災害のため。"}),
        ActKind.REMIND: (Reminder, {"alarm": review.alarms[0] if review.alarms else ALARM}),
    }
    model, fields = content[kind]
    return model(**{**base, **fields, **more})


def _first_ground(review: ReviewState) -> str:
    return (*review.grounds, *review.held, ground())[0].ground_id


def opened(*grounds: Ground, opening: Opening = OPENING) -> ReviewState:
    review = open_review(opening, at=AT)
    for one in grounds or (ground(),):
        review = take(review, join(of=one, opening=opening), at=AT)
    return review.model_copy(update={"review_id": REVIEW_ID})


MANAGER = actor(Role.PRIVACY_MANAGER)
DRAFTER = actor(Role.DRAFTER)
TEAM = actor(Role.TEAM_MEMBER, department="privacy")
CHIEF = actor(Role.CHIEF_PRIVACY_OFFICER, department="privacy")


def done(review: ReviewState, kind: ActKind, by: Actor, **more: Any) -> ReviewState:
    return take(review, act_of(kind, by, review=review, **more), at=AT)


def differing() -> ReviewState:
    review = done(opened(), ActKind.FIND, MANAGER, course=Course.NO_CHANGE)
    return done(review, ActKind.FIND, TEAM, course=Course.AMEND)


def drafting(review: ReviewState | None = None) -> ReviewState:
    review = done(review or opened(), ActKind.FIND, MANAGER)
    return done(review, ActKind.FIND, TEAM)


def in_approval(review: ReviewState | None = None) -> ReviewState:
    return done(drafting(review), ActKind.SUBMIT, DRAFTER)


def in_procedure(review: ReviewState | None = None) -> ReviewState:
    return done(done(in_approval(review), ActKind.APPROVE, MANAGER), ActKind.APPROVE, TEAM)


def closed() -> ReviewState:
    review = done(in_procedure(), ActKind.RECORD_STEP, TEAM, step=Step.SUBMISSION)
    return done(review, ActKind.RECORD_STEP, TEAM, step=Step.PUBLICATION)


IN_STAGE: dict[Stage, Callable[[], ReviewState]] = {
    Stage.EXAMINATION: opened,
    Stage.DRAFTING: drafting,
    Stage.APPROVAL: in_approval,
    Stage.PROCEDURE: in_procedure,
    Stage.CLOSED: closed,
}


def asked_to_withdraw(review: ReviewState) -> ReviewState:
    return done(review, ActKind.WITHDRAW, MANAGER)


def contested(review: ReviewState) -> ReviewState:
    return done(asked_to_withdraw(review), ActKind.CONSENT, TEAM, agrees=False)


def returned_once() -> ReviewState:
    return done(done(in_approval(), ActKind.RETURN, TEAM), ActKind.SUBMIT, DRAFTER)


def submitted() -> ReviewState:
    return done(in_procedure(), ActKind.RECORD_STEP, TEAM)


def ready(stage: Stage, kind: ActKind) -> ReviewState:
    """Give a review in that stage in which the act would mean something, if it ever does there."""
    review = IN_STAGE[stage]()
    make = _READY.get(kind)
    return review if make is None or stage is Stage.CLOSED else make(review)


GATES = (PlannedGate(gate=Gate.HOLD_START, planned_on=date(2026, 9, 1)),)


def with_gates(review: ReviewState, *gates: PlannedGate) -> ReviewState:
    return review.model_copy(update={"opening": review.opening.model_copy(update={"gates": gates or GATES})})


_READY: dict[ActKind, Callable[[ReviewState], ReviewState]] = {
    ActKind.CONSENT: asked_to_withdraw,
    ActKind.SETTLE: contested,
    ActKind.PASS_GATE: with_gates,
    ActKind.REMIND: lambda review: review.model_copy(update={"alarms": (ALARM,)}),
    ActKind.RESOLVE: lambda review: differing() if review.stage is Stage.EXAMINATION else review,
    ActKind.DISPUTE: lambda review: returned_once() if review.stage is Stage.APPROVAL else review,
    ActKind.REVISE: lambda review: submitted() if review.stage is Stage.PROCEDURE else review,
}


def refusal_of(review: ReviewState, kind: ActKind, by: Actor, **more: object) -> str:
    """Give the code of the reason for which the act is refused."""
    with pytest.raises(RefusedError) as refused:
        done(review, kind, by, **more)
    return refused.value.refusal.code
