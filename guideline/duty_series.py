"""義務の繰り返し (series of duties): which ones are to be opened on a day, after those that are there. Pure.

A duty that repeats is opened once by a person; each next one follows from the last, however many were missed.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from guideline.deadlines import add_business_days, last_of_month, years_after
from guideline.duty_rules import DUTY_RULES
from guideline.organisation import engine_actor
from schemas.duties import DutyStatus, Interval
from schemas.duty_acts import DutyOpening

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schemas.duties import DutyState

MOST_AT_ONCE = 60
"""一度に補う数: of one series, on one day; the rest the day after."""


def period_of(day: date, *, every: Interval) -> str:
    """Give the name of the period that the day is in, as the number of a duty ends: `2023-11`, or `2023`."""
    return f"{day:%Y-%m}" if every is Interval.MONTH else f"{day:%Y}"


def series_of(state: DutyState) -> str:
    """Give what the numbers of a series begin with: the number without its period."""
    return state.duty_id.rpartition(".")[0]


def latest_of_each(states: Iterable[DutyState]) -> tuple[DutyState, ...]:
    """Give the last duty of each series."""
    last: dict[str, DutyState] = {}
    for state in states:
        name = series_of(state)
        if name not in last or last[name].duty_id < state.duty_id:
            last[name] = state
    return tuple(last.values())


def due_to_open(states: Iterable[DutyState], *, on: date) -> tuple[DutyState, ...]:
    """Give the duties that are to be open on that day and are not yet, each as it would stand, series by series.

    A series ends with its last duty being cancelled. `states` are those that repeat.
    """
    found: list[DutyState] = []
    for last in latest_of_each(states):
        if last.status is not DutyStatus.CANCELLED:
            found.extend(_due_after(last, on=on))
    return tuple(found)


def _due_after(last: DutyState, *, on: date) -> Iterator[DutyState]:
    one = last
    for _ in range(MOST_AT_ONCE):
        following = _following(one)
        if following is None or following.begins_on is None or following.begins_on > on:
            return
        one = following
        yield one


def _following(state: DutyState) -> DutyState | None:
    """Give the duty that comes after one, an interval later; None where it does not repeat."""
    if state.repeats is None or state.begins_on is None:
        return None
    begins_on = _later(state.begins_on, state.repeats)
    period = period_of(begins_on, every=state.repeats)
    return state.model_copy(
        update={
            "duty_id": f"{series_of(state)}.{period}",
            "begins_on": begins_on,
            "due_on": _due_on(state, state.repeats, begins_on=begins_on),
            "first_due_on": None,
            # Whatever became of the one before: of one that is over nobody would be awaited.
            "status": DutyStatus.OPEN,
        }
    )


def _due_on(state: DutyState, interval: Interval, *, begins_on: date) -> date:
    days = DUTY_RULES[state.kind].due_business_day
    return (
        _later(state.first_due_on or state.due_on, interval)
        if days is None or interval is Interval.YEAR
        else due_after_month(begins_on, days)
    )


def due_after_month(day: date, days: int) -> date:
    """Give the business day of that number in the month after the one that the day is in."""
    return add_business_days(last_of_month(day), days)


def _later(day: date, interval: Interval) -> date:
    """Give the same day an interval later; the last day of a month stays the last one."""
    if interval is Interval.YEAR:
        return years_after(day, years=1)
    year, month = (day.year, day.month + 1) if day.month < _MONTHS else (day.year + 1, 1)
    last = last_of_month(date(year, month, 1))
    return last if day == last_of_month(day) else last.replace(day=min(day.day, last.day))


_MONTHS = 12


def opening_of(state: DutyState) -> DutyOpening:
    """Give the act by which the engine opens a duty of a series: the same however often it is asked."""
    return DutyOpening(
        act_id=f"open/{state.duty_id}",
        actor=engine_actor(body=state.body, department=state.department),
        duty_id=state.duty_id,
        parent=state.parent,
        department=state.department,
        owner=state.owner,
        title=state.title,
        begins_on=state.begins_on,
        due_on=state.due_on,
        repeats=state.repeats,
        content=state.content,
    )
