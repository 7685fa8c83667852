"""最低限の対応 (minimum course): what the rules ask for at least, whatever the parties find."""

from __future__ import annotations

from types import MappingProxyType

from schemas.acts import Finding
from schemas.courses import Course
from schemas.review import Ground, GroundKind, ReviewState

_ORDER = (Course.NO_CHANGE, Course.AMEND, Course.REASSESS, Course.END_PUBLICATION, Course.END_BUSINESS)


def stronger(one: Course, other: Course) -> Course:
    """Give the stronger of two courses: 変更なし < 修正 < 再実施."""
    return max(one, other, key=_ORDER.index)


def is_weaker(course: Course, *, than: Course) -> bool:
    """Say whether the course is weaker than another."""
    return _ORDER.index(course) < _ORDER.index(than)


_ONLY_FOR = MappingProxyType(
    {Course.END_BUSINESS: GroundKind.END_OF_BUSINESS, Course.END_PUBLICATION: GroundKind.PUBLICATION_PERIOD}
)
"""終了の対応: each only where its ground is among those of the review."""


def ground_lacking(review: ReviewState, course: Course) -> GroundKind | None:
    """Give the kind of ground without which nobody may decide so; None where the course is open to the review."""
    kind = _ONLY_FOR.get(course)
    return None if kind is None or any(ground.kind is kind for ground in review.grounds) else kind


def ground_lacking_without(review: ReviewState, ground: Ground) -> GroundKind | None:
    """Give the kind of ground that the course which was decided would lack if that one were gone; None for none."""
    left = tuple(one for one in review.grounds if one.ground_id != ground.ground_id)
    return ground_lacking(review.model_copy(update={"grounds": left}), review.course) if review.course else None


def minimum_for_review(review: ReviewState) -> Course:
    """Give the strongest minimum of the grounds."""
    course = Course.NO_CHANGE
    for ground in review.grounds:
        course = stronger(course, ground.minimum)
    return course


_WITHOUT_EXCEPTION = frozenset({GroundKind.RISK_EVENT, GroundKind.LEVEL_CHANGE})


def minimum_without_exception(review: ReviewState) -> Course:
    """Give what a 重大事故 (規則14条1項) and a new level (6条2項, 7条2項, 8条) ask for, whatever is said in writing.

    The exception of 指針第6の2(2) is one from 重要な変更 alone.
    """
    course = Course.NO_CHANGE
    for ground in review.grounds:
        course = stronger(course, ground.minimum) if ground.kind in _WITHOUT_EXCEPTION else course
    return course


def minimum_for_finding(review: ReviewState, finding: Finding) -> Course:
    """Give the minimum for one finding: changed items and checklist rows that disagree ask for an amendment too."""
    changed = bool(finding.items) or any(not row.agrees for row in finding.checklist)
    return stronger(minimum_for_review(review), Course.AMEND if changed else Course.NO_CHANGE)


def is_excepted(finding: Finding, *, minimum: Course) -> bool:
    """Say whether the finding gives in writing why less than the minimum suffices (指針第6の2(2)).

    That a correction is formal makes of a 再実施 a 修正, and never that nothing is corrected.
    """
    if minimum is Course.END_BUSINESS:
        return False
    formal = finding.formal_only is not None and finding.course is Course.AMEND
    return finding.risk_not_moved is not None or formal
