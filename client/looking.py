"""見る者を確かめる (looking): how much of a thing a person may see, before any of it is shown.

Who is not named is the operator, who sees all. What is of another body is told of as if it were not there; of the own
body it is said whose it is, and whom to ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from client.errors import (
    HiddenError,
    NotPermittedError,
    no_assessment,
    no_countermeasure,
    no_duty,
    no_event,
    no_report,
    no_review,
)
from guideline.access import Reading, Relation, Sight, Thing, reading_of, relation_to, sight_of

if TYPE_CHECKING:
    from client.acting import Acting
    from client.errors import NotFoundError
    from register.readings import Place
    from register.register import Register


class Looking:
    """見る者を確かめる: one question for each kind of thing; each asks the register once."""

    def __init__(self, register: Register, acting: Acting) -> None:
        self._readings = register.readings
        self._acting = acting

    async def sight(self, person_id: str | None) -> Sight | None:
        """Give what a person may look at; None for the operator. Raises NotFoundError for an unknown person."""
        if person_id is None:
            return None
        person, revision = await self._acting.person(person_id)
        return sight_of(revision.organisation, person)

    async def assessment(self, assessment_id: str, *, viewer: str | None) -> Reading:
        """Say how much of an assessment is seen. Raises NotFoundError and NotPermittedError where nothing is."""
        sight = await self.sight(viewer)
        if sight is None:
            return Reading.WHOLE
        place = await self._readings.assessment(assessment_id, sight=sight)
        return await self._seen(Thing.ASSESSMENT, place, sight, unknown=no_assessment(assessment_id))

    async def review(self, review_id: str, *, viewer: str | None) -> Reading:
        """Say how much of a review is seen. Raises as `assessment` does."""
        sight = await self.sight(viewer)
        if sight is None:
            return Reading.WHOLE
        place = await self._readings.review(review_id, sight=sight)
        return await self._seen(Thing.REVIEW, place, sight, unknown=no_review(review_id))

    async def event(self, event_id: str, *, viewer: str | None) -> None:
        """See that a person may see a risk event. Raises as `assessment` does."""
        sight = await self.sight(viewer)
        if sight is not None:
            place = await self._readings.event(event_id, sight=sight)
            await self._seen(Thing.EVENT, place, sight, unknown=no_event(event_id))

    async def report(self, report_id: str, *, viewer: str | None) -> None:
        """See that a person may see a report. Raises as `assessment` does."""
        sight = await self.sight(viewer)
        if sight is not None:
            place = await self._readings.report(report_id, sight=sight)
            await self._seen(Thing.REPORT, place, sight, unknown=no_report(report_id))

    async def countermeasure(self, countermeasure_id: str, *, viewer: str | None) -> None:
        """See that a person may see a countermeasure. Raises as `assessment` does."""
        sight = await self.sight(viewer)
        if sight is not None:
            place = await self._readings.countermeasure(countermeasure_id, sight=sight)
            await self._seen(Thing.COUNTERMEASURE, place, sight, unknown=no_countermeasure(countermeasure_id))

    async def duty(self, duty_id: str, *, viewer: str) -> Sight:
        """See that a person may see a duty; give what they may look at. Raises as `assessment` does."""
        person, revision = await self._acting.person(viewer)
        sight = sight_of(revision.organisation, person)
        place = await self._readings.duty(duty_id, sight=sight)
        await self._seen(Thing.DUTY, place, sight, unknown=no_duty(duty_id))
        return sight

    async def _seen(self, thing: Thing, place: Place | None, sight: Sight, *, unknown: NotFoundError) -> Reading:
        if place is None:
            raise unknown
        relation = relation_to(sight, body=place.body, is_own=place.is_own, is_involved=place.is_involved)
        reading = reading_of(thing, relation, is_published=place.is_published)
        if reading is not Reading.NOTHING:
            return reading
        if relation is Relation.ELSEWHERE:
            raise HiddenError(unknown.message, where=unknown.where, remedy=unknown.remedy)
        raise await self._of_another_department(thing, place)

    async def _of_another_department(self, thing: Thing, place: Place) -> NotPermittedError:
        departments = await self._acting.departments()
        owner = next((one.name for one in departments if one.id == place.department), place.department)
        return NotPermittedError(
            f"この{thing.value}は、{owner}のものです。",
            where=thing.value,
            remedy=f"内容は、{owner}又は対策チームに尋ねてください。",
        )


def not_in_full() -> NotPermittedError:
    """Build the error of one who asks for an assessment in full and sees what is published."""
    return NotPermittedError(
        "公表しない部分を含む全部を見られるのは、その評価書の担当部署と、その機関の全体を見る者です。",
        where="版面",
        remedy="公表用を選んでください。",
    )


def see_whole(reading: Reading) -> None:
    """See that all of a review is seen, its drafts too. Raises NotPermittedError."""
    if reading is not Reading.WHOLE:
        raise NotPermittedError(
            "案と書きかけの文書を見られるのは、担当部署と、機関の全体を見る者です。",
            where=Thing.REVIEW.value,
            remedy="見直しのページで、経過を見てください。",
        )
