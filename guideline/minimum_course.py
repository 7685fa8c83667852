"""最低限の対応 (minimum course): what the rules ask for at least, whatever the parties find."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from guideline.provisions import LAW_28_1, RULE_5_1, RULE_14_1, RULE_16, Provision
from schemas.acts import Finding
from schemas.courses import Course
from schemas.reports import AnyReport, ChangeKind, EndOfBusiness, NewBusiness, RiskEvent
from schemas.review import GroundKind, ReviewState

_ONLY_TO_BE_EXAMINED = frozenset(
    {ChangeKind.ENVIRONMENT, ChangeKind.LAW_OR_GUIDELINE, ChangeKind.FORM_AMENDED, ChangeKind.SYSTEM}
)
"""Kinds that name no item of the form: whether the text changes is what the two examine."""

MANY_PERSONS = 100
"""本人の数: more than this many make a 重大事故 by the definition remembered of the 指針 (2014); not confirmed."""

_ORDER = (Course.NO_CHANGE, Course.AMEND, Course.REASSESS, Course.END_PUBLICATION, Course.END_BUSINESS)


@dataclass(frozen=True, slots=True)
class MinimumCourse:
    """最低限の対応: the course, why, and by which provision."""

    course: Course
    reasons: tuple[str, ...]
    provisions: tuple[Provision, ...]
    confirmed: bool


def stronger(one: Course, other: Course) -> Course:
    """Give the stronger of two courses: 変更なし < 修正 < 再実施."""
    return max(one, other, key=_ORDER.index)


def is_weaker(course: Course, *, than: Course) -> bool:
    """Say whether the course is weaker than another."""
    return _ORDER.index(course) < _ORDER.index(than)


def minimum_for_report(report: AnyReport) -> MinimumCourse:
    """Say what a report asks for at least.

    A change of a written item, and a 重大事故, ask for an amendment (規則14条1項, by 3項 for 基礎項目評価書).
    """
    if isinstance(report, RiskEvent):
        return _minimum_for_event(report)
    if isinstance(report, NewBusiness):
        why = "新たに特定個人情報ファイルを保有する事務であり、保有する前に評価を実施します。"
        return MinimumCourse(Course.REASSESS, (why,), (RULE_5_1, LAW_28_1), confirmed=True)
    if isinstance(report, EndOfBusiness):
        why = "事務の実施をやめたときは、遅滞なく個人情報保護委員会に通知します。"
        return MinimumCourse(Course.END_BUSINESS, (why,), (RULE_16,), confirmed=True)
    if report.items or report.kind not in _ONLY_TO_BE_EXAMINED:
        what = "・".join(report.items) or report.kind.label
        return MinimumCourse(
            Course.AMEND,
            (f"評価書に記載した事項「{what}」に変更があるため、修正を要します。",),
            (RULE_14_1,),
            confirmed=True,
        )
    return MinimumCourse(
        Course.NO_CHANGE,
        (f"「{report.kind.label}」は、記載事項の変更の有無を両者が検討します。",),
        (RULE_14_1,),
        confirmed=True,
    )


def _minimum_for_event(event: RiskEvent) -> MinimumCourse:
    persons = max(event.persons_affected or 0, event.persons_feared or 0)
    if event.intentional or persons > MANY_PERSONS:
        why = (
            "不正の目的によるおそれがある"
            if event.intentional
            else f"本人の数が{persons:,}人で{MANY_PERSONS}人を超える"
        )
        return MinimumCourse(
            Course.AMEND, (f"{why}ため、重大事故として修正を要します（定義は要確認）。",), (RULE_14_1,), confirmed=False
        )
    return MinimumCourse(
        Course.NO_CHANGE,
        (f"本人の数（{persons:,}人、不明は0人と扱う）は{MANY_PERSONS}人以下であり、修正の要否を両者が検討します。",),
        (RULE_14_1,),
        confirmed=False,
    )


_ONLY_FOR = MappingProxyType(
    {Course.END_BUSINESS: GroundKind.END_OF_BUSINESS, Course.END_PUBLICATION: GroundKind.PUBLICATION_PERIOD}
)
"""終了の対応: each only where its ground is among those of the review."""


def ground_lacking(review: ReviewState, course: Course) -> GroundKind | None:
    """Give the kind of ground without which nobody may decide so; None where the course is open to the review."""
    kind = _ONLY_FOR.get(course)
    return None if kind is None or any(ground.kind is kind for ground in review.grounds) else kind


def minimum_for_review(review: ReviewState) -> Course:
    """Give the strongest minimum of the grounds."""
    course = Course.NO_CHANGE
    for ground in review.grounds:
        course = stronger(course, ground.minimum)
    return course


def minimum_for_finding(review: ReviewState, finding: Finding) -> Course:
    """Give the minimum for one finding: changed items and checklist rows that disagree ask for an amendment too."""
    changed = bool(finding.items) or any(not row.agrees for row in finding.checklist)
    return stronger(minimum_for_review(review), Course.AMEND if changed else Course.NO_CHANGE)
