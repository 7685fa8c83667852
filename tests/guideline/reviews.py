"""見直しの見本 (sample reviews): states of a review in each stage, reached by real acts, for the tests of the table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from guideline.decisions import open_review, take
from schemas.acts import (
    Acknowledgement,
    ActKind,
    Approval,
    Finding,
    ItemNote,
    Join,
    Resolution,
    Return,
    ReviewAct,
    StepRecord,
    Submission,
)
from schemas.canonical import message_digest
from schemas.courses import Course
from schemas.levels import Level
from schemas.organisation import Actor, BodyKind, Role
from schemas.review import (
    Ground,
    GroundKind,
    Manifest,
    ManifestEntry,
    Opening,
    ReviewState,
    Stage,
    Step,
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
MANIFEST = Manifest(documents=(ManifestEntry(form="basic_items", form_version="2024-10", sha256="a" * 64),))
DIGEST = message_digest(MANIFEST)

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
    by = by or actor(Role.ENGINE if of.kind is GroundKind.YEARLY else Role.STAFF)
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
        ActKind.SUBMIT: (Submission, {"manifest": MANIFEST}),
        ActKind.APPROVE: (Approval, {**facts, **draft}),
        ActKind.RETURN: (Return, {**draft, "comments": (ItemNote(item="Ⅳ8", text="根拠が足りない。"),)}),
        ActKind.RECORD_STEP: (StepRecord, {"step": Step.SUBMISSION, "done_on": TODAY}),
    }
    model, fields = content[kind]
    return model(**{**base, **fields, **more})


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
