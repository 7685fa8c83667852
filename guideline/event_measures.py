"""再発防止策の追跡 (follow-up of prevention measures): each becomes a countermeasure as soon as it is named. Pure.

Closing an event asks for measures with owner and date; that they are done, and that another person says so, is asked
of them as of any countermeasure (`guideline.countermeasures`), before and after the event is closed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from guideline.follow_up import alarms_of_countermeasure
from guideline.organisation import person_of
from schemas.canonical import sha256_of
from schemas.countermeasures import CountermeasureState

if TYPE_CHECKING:
    from schemas.events import EventState
    from schemas.organisation import Organisation

_ID_LENGTH = 16
_LONGEST_ITEM = 200


def measure_id_of(event_id: str, number: int) -> str:
    """Give the number under which the n-th measure of an event is followed; as short for every event."""
    return f"event:{sha256_of(event_id.encode())[:_ID_LENGTH]}/{number}"


def measures_to_follow(
    state: EventState, *, organisation: Organisation, followed: Collection[str], at: datetime
) -> tuple[CountermeasureState, ...]:
    """Give the measures of an event that nobody follows yet, with their alarms."""
    numbered = ((measure_id_of(state.event_id, number), one) for number, one in enumerate(state.measures, start=1))
    new = (
        CountermeasureState(
            countermeasure_id=number,
            event_id=state.event_id,
            body=state.body,
            department=department_of_owner(measure.owner, organisation, otherwise=state.department),
            item=f"再発防止策（{state.title}）"[:_LONGEST_ITEM],
            text=measure.text,
            owner=measure.owner,
            due_on=measure.due_on,
            opened_at=at,
            began_at=at,
        )
        for number, measure in numbered
        if number not in followed
    )
    levels = organisation.service_levels
    return tuple(one.model_copy(update={"alarms": alarms_of_countermeasure(one, levels)}) for one in new)


def department_of_owner(owner: str, organisation: Organisation, *, otherwise: str) -> str:
    """Give the department that answers for a measure: that of its owner, whom a reorganisation may have moved."""
    person = person_of(organisation, owner)
    return otherwise if person is None else person.department
