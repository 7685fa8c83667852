"""報告・通知の遅れ (lateness): on which day what a deadline asks for was done, and how many days after it. Pure.

Improvement report, item 4: an event is to be reported promptly; how late it was is said, and not only that it is done.
"""

from __future__ import annotations

from datetime import date

from guideline.event_closing import answering
from schemas.events import EventClock, EventDeadline, EventState


def first_done_on(deadline: EventDeadline, state: EventState) -> date | None:
    """Give the first day on which it was done; None where it was not, or where it is not to be done."""
    if deadline.kind is EventClock.NOTICE_TO_PERSONS:
        return min((one.done_on for one in state.notifications if one.done_on is not None), default=None)
    if deadline.kind is EventClock.NOTICE_TO_PRINCIPAL:
        return state.facts.principal_notified_on
    return min((one.filed_on for one in answering(deadline, state)), default=None)


def days_late(deadline: EventDeadline, state: EventState) -> int | None:
    """Give by how many calendar days it was late, 0 in time; None where it is not done, or the law sets no day."""
    done_on = first_done_on(deadline, state)
    if done_on is None or deadline.due_on is None:
        return None
    return max((done_on - deadline.due_on).days, 0)
