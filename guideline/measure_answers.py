"""リスク対策の実態 (measure answers): what a finding says of each written measure, and which countermeasures follow.

Improvement report, item 5: what is written is carried out for certain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from guideline.refusals import refuse
from guideline.turns import standing_findings
from schemas.countermeasures import WITH_ISSUES, CountermeasureState
from schemas.review import Outcome, Party, ReviewState, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from schemas.acts import Finding, SectionCheck
    from schemas.review import Opening


def check_answers(opening: Opening, act: Finding, *, asked: bool, today: date) -> None:
    """Hold the rows of a finding against the rules; `asked` where each written measure must be answered.

    Raises RefusedError.
    """
    answered = {row.item for row in act.checklist if row.answer is not None}
    missing = [item for item in opening.measures if item not in answered] if asked else []
    if missing:
        raise refuse("measure_answers", missing="、".join(missing))
    for row in act.checklist:
        _check_row(opening, row, today=today)


def _check_row(opening: Opening, row: SectionCheck, *, today: date) -> None:
    named = row.open_countermeasure
    known = {(one.countermeasure_id, one.item) for one in opening.open_countermeasures}
    if named is not None and (named, row.item) not in known:
        raise refuse("unknown_countermeasure", given=named, item=row.item)
    if row.answer in WITH_ISSUES and row.countermeasure is None and named is None:
        raise refuse("without_countermeasure", item=row.item)
    if row.countermeasure is not None and row.countermeasure.due_on < today:
        raise refuse(
            "countermeasure_past", given=row.countermeasure.due_on.isoformat(), today=today.isoformat(), item=row.item
        )


def plans_countermeasures(review: ReviewState) -> bool:
    """Say whether the review has closed with findings that name countermeasures; one that was withdrawn plans none."""
    if review.stage is not Stage.CLOSED or review.outcome is Outcome.WITHDRAWN:
        return False
    return any(given.countermeasures for given in standing_findings(review))


def planned(review: ReviewState, findings: Mapping[Party, Finding], *, at: datetime) -> tuple[CountermeasureState, ...]:
    """Give the countermeasures of the standing findings; what the department says of an item counts for both."""
    rows = {row.item: row for party in (Party.TEAM, Party.DEPARTMENT) for row in _rows_of(findings, party)}
    new = [(item, row.countermeasure) for item, row in rows.items() if row.countermeasure is not None]
    return tuple(
        CountermeasureState(
            countermeasure_id=f"{review.review_id}/{number}",
            review_id=review.review_id or "",
            assessment_id=review.opening.assessment_id,
            body=review.opening.body,
            department=review.opening.department,
            item=item,
            text=plan.text,
            owner=plan.owner,
            due_on=plan.due_on,
            opened_at=at,
            began_at=at,
        )
        for number, (item, plan) in enumerate(new, start=1)
    )


def _rows_of(findings: Mapping[Party, Finding], party: Party) -> tuple[SectionCheck, ...]:
    found = findings.get(party)
    if found is None:
        return ()
    return tuple(row for row in found.checklist if row.countermeasure is not None or row.open_countermeasure)
