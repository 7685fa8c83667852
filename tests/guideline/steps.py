"""手続の見本 (sample steps): a review of a 全項目評価 in its procedure, and the records of its steps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from guideline.decisions import take
from schemas.acts import ActKind
from schemas.courses import Course
from schemas.levels import Level
from schemas.organisation import BodyKind
from schemas.procedure import Hearing, Notice
from schemas.reports import Evidence
from schemas.review import ReviewState, Step
from tests.guideline.reviews import AT, DRAFTER, MANAGER, OPENING, TEAM, TODAY, act_of, done, manifest_of, opened

PAPER = Evidence(title="写し", sha256="e" * 64)
BEGAN_ON = TODAY - timedelta(days=60)
UNTIL_ON = BEGAN_ON + timedelta(days=30)


def approved(review: ReviewState) -> ReviewState:
    """Hand in the next text, and let both approve it."""
    manifest = manifest_of(review.opening.level, sha="abcdef"[review.revision])
    review = done(review, ActKind.SUBMIT, DRAFTER, manifest=manifest)
    for by in (MANAGER, TEAM):
        review = take(review, act_of(ActKind.APPROVE, by, review=review), at=AT + timedelta(minutes=1))
    return review


def to_be_carried_out(
    body_kind: BodyKind = BodyKind.ADMINISTRATIVE_BODY, *, level: Level = Level.ALL_ITEMS
) -> ReviewState:
    """Give a reassessment whose text both have approved."""
    review = opened(opening=OPENING.model_copy(update={"body_kind": body_kind, "level": level}))
    for by in (MANAGER, TEAM):
        review = done(review, ActKind.FIND, by, course=Course.REASSESS)
    return approved(review)


def content_of(step: Step) -> dict[str, Any]:
    """Give what the record of a step tells."""
    if step is Step.PUBLIC_NOTICE:
        return {"done_on": BEGAN_ON, "note": "見本", "notice": Notice(method="インターネット", until_on=UNTIL_ON)}
    if step is Step.PUBLIC_COMMENT:
        return {"done_on": UNTIL_ON, "note": "見本", "hearing": Hearing(opinions=2, reflected=0, sheet="f" * 64)}
    return {"done_on": TODAY}


def record(review: ReviewState, step: Step, **more: Any) -> ReviewState:
    """Record a step as its row asks for."""
    by = {
        Step.PUBLIC_NOTICE: MANAGER,
        Step.PUBLIC_COMMENT: MANAGER,
    }.get(step, TEAM)
    whole = {"step": step, "evidence": (PAPER,), **content_of(step), **more}
    return done(review, ActKind.RECORD_STEP, by, **whole)


def recorded(review: ReviewState, *steps: Step) -> ReviewState:
    for step in steps:
        review = record(review, step)
    return review


def days_before_today(days: int) -> date:
    return TODAY - timedelta(days=days)
