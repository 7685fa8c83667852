"""事由の理由 (reasons of a ground): what a ground of a review asks for at least, in sentences with their provisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from guideline.consequences import consequence_of_report
from guideline.deadlines import tokyo_date
from guideline.level_change import StatedNumbers
from guideline.procedure import steps_for
from guideline.provisions import Provision, cited
from guideline.triggers import Trigger, trigger_row
from schemas.courses import Course
from schemas.reports import AnyReport
from schemas.review import Ground, GroundKind, ReviewState


@dataclass(frozen=True, slots=True)
class GroundReasons:
    """事由の理由: why the minimum of the ground is what it is; `confirmed` where the texts were read."""

    sentences: tuple[str, ...]
    provisions: tuple[Provision, ...]
    confirmed: bool


_BY_THE_ENGINE = MappingProxyType(
    {
        GroundKind.YEARLY: Trigger.YEARLY,
        GroundKind.FIVE_YEARS: Trigger.FIVE_YEARS,
        GroundKind.LEVEL_CHANGE: Trigger.LEVEL_RISE,
    }
)


def reasons_of(
    ground: Ground, *, review: ReviewState, report: AnyReport | None, stated: StatedNumbers | None = None
) -> GroundReasons | None:
    """Give why a ground asks for its minimum; `report` is what it was told in, None where the engine added it.

    None where the rules give another minimum today than the ground has: what was decided then is not explained by what
    is known now.
    """
    on = tokyo_date(ground.joined_at or review.opened_at)
    if report is not None:
        told = consequence_of_report(report, level=review.opening.level, on=on, stated=stated)
        same = told.minimum is ground.minimum
        return GroundReasons(told.reasons, told.provisions, told.confirmed) if same else None
    if ground.kind is GroundKind.PUBLICATION_PERIOD:
        return _of_the_end(review, on=on)
    trigger = _BY_THE_ENGINE.get(ground.kind)
    if trigger is None:
        return None
    row = trigger_row(trigger, on=on)
    return GroundReasons((f"{row.sentence}（{cited(row.provisions)}）。",), row.provisions, row.confirmed)


def _of_the_end(review: ReviewState, *, on: date) -> GroundReasons:
    opening = review.opening
    row = steps_for(level=opening.level, body_kind=opening.body_kind, course=Course.END_PUBLICATION, on=on)[0]
    return GroundReasons((f"{row.sentence}（{cited(row.provisions)}）。",), row.provisions, row.confirmed)
