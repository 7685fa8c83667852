"""変更が先に生じること (changes that come first): where a change takes effect before its reassessment is published.

番号法28条1項 and 規則5条-7条・9条 want the reassessment first; what can't be in time any more is a violation as soon as
it is known, but for an emergency (規則9条2項).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from guideline.deadlines import tokyo_date
from guideline.document_sets import BASIC
from guideline.hearing import hearing_days
from guideline.provisions import LAW_28_1, RULE_5_1, RULE_9_1, RULE_9_2, Provision, cited
from guideline.turns import steps_of
from schemas.courses import Course
from schemas.forms.catalogue import value_at
from schemas.review import Ground, GroundKind, ReviewState, Stage, Step

PROVISIONS: tuple[Provision, ...] = (LAW_28_1, RULE_5_1, RULE_9_1)


@dataclass(frozen=True, slots=True)
class Violation:
    """違反 (violation): the ground whose change comes first, from which day that is certain, and the sentence."""

    ground: Ground
    takes_effect_on: date
    since_on: date
    sentence: str


def changes_awaited(review: ReviewState) -> Iterator[tuple[Ground, date]]:
    """Give the grounds whose change must wait for a reassessment, with the day of the change."""
    if review.stage is Stage.CLOSED:
        return
    for ground in review.grounds:
        waits = Course.REASSESS in (ground.minimum, review.course) and not ground.emergency
        of_a_change = ground.kind in (GroundKind.CHANGE_REPORT, GroundKind.NEW_BUSINESS)
        if waits and of_a_change and ground.takes_effect_on is not None:
            yield ground, ground.takes_effect_on


def certain_from(review: ReviewState, takes_effect_on: date) -> date:
    """Give the day from which the reassessment can't be published before the change any more.

    While opinions are still to be heard it is so many days before the change; afterwards the end of the hearing, or the
    day of the change itself.
    """
    opened_on = tokyo_date(review.opened_at)
    standing = {done.step: done for done in review.steps if done.stands}
    notice = standing.get(Step.PUBLIC_NOTICE)
    if notice is not None:
        heard_until = notice.until_on or notice.done_on
        return notice.done_on if heard_until >= takes_effect_on else takes_effect_on
    course = review.model_copy(update={"course": Course.REASSESS})
    if any(row.step is Step.PUBLIC_COMMENT for row in steps_of(course)):
        return takes_effect_on - timedelta(days=hearing_days(on=opened_on))
    return takes_effect_on


def violations(review: ReviewState, *, on: date) -> tuple[Violation, ...]:
    """Give the changes that by that day can't wait for their reassessment any more."""
    return tuple(
        Violation(ground, takes_effect_on, since_on, _sentence(ground, takes_effect_on, on=on))
        for ground, takes_effect_on in changes_awaited(review)
        if (since_on := certain_from(review, takes_effect_on)) <= on
    )


def _sentence(ground: Ground, takes_effect_on: date, *, on: date) -> str:
    when = "既に生じています" if takes_effect_on <= on else "評価書の公表より先に生じることになります"
    return (
        f"「{ground.title}」の変更（{takes_effect_on.isoformat()}）は、再実施した評価書の公表の前にはできません"
        f"（{cited(PROVISIONS)}）。この変更は{when}。変更を延ばすか、災害等の緊急のときはその事由を記してください"
        f"（{RULE_9_2.article}）。"
    )


def is_in_an_emergency(review: ReviewState) -> bool:
    """Say whether a reassessment follows its change by 規則9条2項."""
    return review.course is Course.REASSESS and any(ground.emergency for ground in review.grounds)


def faults_of_emergency(document: Mapping[str, object]) -> tuple[str, ...]:
    """Say what 様式2 lacks where the reassessment follows its change: Ⅰ9 tells that 規則9条2項 was applied, and why."""
    if document.get("form") != BASIC:
        return ()
    if value_at(document, ("related_information", "article_9_2", "status")) == "applied":
        return ()
    why = f"変更の後に実施するときは、{RULE_9_2.article}を適用した旨とその理由を記します"
    return (f"様式2 Ⅰ9: {why}。記載を改めてください。",)
