"""検索属性 (search attributes): where a review stands, for `temporal workflow list`. Nothing personal."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributePair, SearchAttributeUpdate, TypedSearchAttributes

with workflow.unsafe.imports_passed_through():
    from guideline.turns import waits_for
    from schemas.countermeasures import CountermeasureState
    from schemas.events import EventState
    from schemas.review import Ground, GroundKind, Opening, Party, ReviewState, Stage

BODY = SearchAttributeKey.for_keyword("MinaoshiBody")
ASSESSMENT = SearchAttributeKey.for_keyword("MinaoshiAssessment")
DEPARTMENT = SearchAttributeKey.for_keyword("MinaoshiDepartment")
STAGE = SearchAttributeKey.for_keyword("MinaoshiStage")
WAITS_FOR = SearchAttributeKey.for_keyword_list("MinaoshiWaitsFor")
DUE = SearchAttributeKey.for_datetime("MinaoshiDue")
GROUND = SearchAttributeKey.for_keyword_list("MinaoshiGround")

_JAPAN = timezone(timedelta(hours=9))
_END_OF_DAY = time(23, 59, 59)


def at_opening(opening: Opening, ground: Ground, *, due_on: date) -> TypedSearchAttributes:
    """Give the attributes with which a review is started, as they will stand after its first act."""
    first = ground.kind is GroundKind.NEW_BUSINESS
    return TypedSearchAttributes(
        [
            SearchAttributePair(BODY, opening.body),
            SearchAttributePair(ASSESSMENT, opening.assessment_id),
            SearchAttributePair(DEPARTMENT, opening.department),
            SearchAttributePair(STAGE, (Stage.DRAFTING if first else Stage.EXAMINATION).value),
            SearchAttributePair(WAITS_FOR, [Party.DEPARTMENT.value, *([] if first else [Party.TEAM.value])]),
            SearchAttributePair(DUE, _end_of(due_on)),
            SearchAttributePair(GROUND, [ground.kind.value]),
        ]
    )


def of_review(review: ReviewState) -> TypedSearchAttributes:
    """Give the attributes with which a review is started that is taken up where it stands."""
    due = [] if review.due_on is None else [SearchAttributePair(DUE, _end_of(review.due_on))]
    return TypedSearchAttributes(
        [
            SearchAttributePair(BODY, review.opening.body),
            SearchAttributePair(ASSESSMENT, review.opening.assessment_id),
            SearchAttributePair(DEPARTMENT, review.opening.department),
            SearchAttributePair(STAGE, review.stage.value),
            SearchAttributePair(WAITS_FOR, [party.value for party in waits_for(review)]),
            SearchAttributePair(GROUND, sorted({ground.kind.value for ground in review.grounds})),
            *due,
        ]
    )


def _end_of(day: date) -> datetime:
    return datetime.combine(day, _END_OF_DAY, tzinfo=_JAPAN)


def changed_attributes(review: ReviewState) -> list[SearchAttributeUpdate[Any]]:
    """Give the attributes that no longer show where the review stands."""
    shown = workflow.info().typed_search_attributes
    now: list[tuple[SearchAttributeKey[Any], Any]] = [
        (DEPARTMENT, review.opening.department),
        (STAGE, review.stage.value),
        (WAITS_FOR, [party.value for party in waits_for(review)]),
        (GROUND, sorted({ground.kind.value for ground in review.grounds})),
    ]
    updates = [key.value_set(value) for key, value in now if shown.get(key) != value]
    if review.due_on is not None:
        due = _end_of(review.due_on)
        if shown.get(DUE) != due:
            updates.append(DUE.value_set(due))
    elif shown.get(DUE) is not None:
        updates.append(DUE.value_unset())
    return updates


def of_countermeasure(state: CountermeasureState) -> TypedSearchAttributes:
    """Give the attributes with which the following of a countermeasure is started; they do not change."""
    assessment = [] if state.assessment_id is None else [SearchAttributePair(ASSESSMENT, state.assessment_id)]
    return TypedSearchAttributes(
        [SearchAttributePair(BODY, state.body), *assessment, SearchAttributePair(DEPARTMENT, state.department)]
    )


def of_event(state: EventState) -> TypedSearchAttributes:
    """Give the attributes with which the following of a risk event is started; they do not change."""
    return TypedSearchAttributes(
        [SearchAttributePair(BODY, state.body), SearchAttributePair(DEPARTMENT, state.department)]
    )


def of_duty(*, body: str, department: str) -> TypedSearchAttributes:
    """Give the attributes with which the following of a duty is started; they do not change."""
    return TypedSearchAttributes([SearchAttributePair(BODY, body), SearchAttributePair(DEPARTMENT, department)])
