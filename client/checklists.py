"""年次の確認表 (checklists): the next check starts from the last one's answers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from guideline.separation_of_duties import PARTY_OF_ROLE
from guideline.yearly_checklist import beside_the_last
from schemas.acts import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from register.register import Register
    from schemas.acts import SectionCheck
    from schemas.checklists import ChecklistRow
    from schemas.records import ReviewRecord
    from schemas.review import Party


async def checklist_for(
    register: Register, record: ReviewRecord, *, parties: Sequence[Party]
) -> tuple[ChecklistRow, ...]:
    """Give what the review asks, beside what the same party answered in the last review that asked."""
    opening = record.state.opening
    followed = await register.countermeasures(assessment=record.assessment_id)
    beside = partial(beside_the_last, opening.checklist, measures=opening.measures, followed=followed)
    reviews = await register.reviews(scope="all", assessment=record.assessment_id)
    earlier = [one for one in reviews if _number(one.review_id) < _number(record.review_id)]
    for one in earlier:
        last = await _answers(register, one, parties)
        if last:
            changed = await _changed_since(register, record.assessment_id, since=one.review_id)
            return beside(last=last, changed=changed)
    return beside(last=(), changed=())


async def _answers(register: Register, review: ReviewRecord, parties: Sequence[Party]) -> tuple[SectionCheck, ...]:
    findings = [one.act for one in await register.acts_of(review.review_id) if isinstance(one.act, Finding)]
    own = [one.checklist for one in findings if one.checklist and PARTY_OF_ROLE.get(one.actor.role) in parties]
    return own[-1] if own else ()


async def _changed_since(register: Register, assessment_id: str, *, since: str) -> set[str]:
    return {
        row.item
        for version in await register.versions(assessment_id)
        if version.review_id is not None and _number(version.review_id) >= _number(since)
        for row in version.changes
    }


def _number(review_id: str) -> int:
    return int(review_id.rpartition("/")[2])
