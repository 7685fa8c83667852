"""時計 (clocks): when a review calls whom, because what it waits for has not come.

Each clock calls three times, once each: the party (reminder), its superior, and the 総括保護管理者 with the 統括官. A
clock restarts when what it counts begins anew. All days are business days but the yearly date and that of the five
years, which are the law's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

from guideline.deadlines import TOKYO, add_business_days, stage_due_on, subtract_business_days, tokyo_date
from guideline.gates import gate_row, is_met, step_needed
from guideline.turns import business_days_of, days_that_follow, next_step
from guideline.violations import certain_from, changes_awaited
from schemas.courses import Course
from schemas.organisation import ServiceLevels
from schemas.review import Alarm, Clock, GroundKind, ReviewState, Rung, Stage, Step, Urgency


def due_on_of(review: ReviewState, levels: ServiceLevels) -> date | None:
    """Give the date in Japan on which the present turn is due; None when the review is closed."""
    days = business_days_of(review, levels)
    if days is None:
        return None
    due_on = _after_the_hearing(review) or stage_due_on(began_at=review.turn_began_at, business_days=days)
    latest = _in_time_for_the_change(review, levels)
    if latest is None:
        return due_on
    return min(due_on, max(latest, stage_due_on(began_at=review.turn_began_at, business_days=1)))


def _after_the_hearing(review: ReviewState) -> date | None:
    """Give the day by which opinions are to be recorded: some business days after the hearing that was announced."""
    row = next_step(review) if review.stage is Stage.PROCEDURE else None
    if row is None or row.step is not Step.PUBLIC_COMMENT:
        return None
    until = next((done.until_on for done in review.steps if done.stands and done.until_on is not None), None)
    return add_business_days(until, _AFTER_THE_HEARING) if until else None


_AFTER_THE_HEARING = 10
"""意見聴取の後: our service level for weighing and answering the opinions, in business days."""


def _in_time_for_the_change(review: ReviewState, levels: ServiceLevels) -> date | None:
    """Give the day by which this turn must end for 再実施 to be published before its change (番号法28条1項).

    What follows keeps its own service levels. None where no change of the review waits for a 再実施.
    """
    effects = [ground.takes_effect_on for ground in review.grounds if ground.takes_effect_on is not None]
    if review.course is not Course.REASSESS or not effects:
        return None
    following = sum(days_that_follow(review, levels))
    published_on = subtract_business_days(min(effects) - timedelta(days=1), 0)
    return subtract_business_days(published_on, following)


def alarms_of(review: ReviewState, levels: ServiceLevels) -> tuple[Alarm, ...]:
    """Give the alarms that are still to ring, the next one first; none when the review is closed."""
    due_on = due_on_of(review, levels)
    if due_on is None:
        return ()
    turn = _three(Clock.TURN, review.turn_began_at, due_on=due_on, called_on=due_on, levels=levels)
    every = (
        *_acknowledgement(review, levels),
        *turn,
        *_by_the_calendar(review, levels),
        *_gates(review, levels),
        *_withdrawal(review, levels),
        *_effects(review),
    )
    left = (
        alarm
        for alarm in every
        if Rung(clock=alarm.clock, urgency=alarm.urgency, began_at=alarm.began_at) not in review.rung
    )
    return tuple(sorted(left, key=lambda alarm: (alarm.at, alarm.clock, alarm.urgency)))


def end_of(day: date) -> datetime:
    """Give the instant at which the day ends in Japan: from then on what was due on it is overdue."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=TOKYO).astimezone(UTC)


def _acknowledgement(review: ReviewState, levels: ServiceLevels) -> Iterator[Alarm]:
    """受領確認: the reminder comes at half of the time."""
    waiting = [one.joined_at for one in review.grounds if one.acknowledged_by is None and one.joined_at is not None]
    if not waiting:
        return
    began_at = min(waiting)
    due_on = stage_due_on(began_at=began_at, business_days=levels.acknowledgement)
    half = began_at + (end_of(due_on) - began_at) / 2
    later = add_business_days(due_on, levels.escalation)
    for urgency, at in (
        (Urgency.REMINDER, half),
        (Urgency.SUPERIOR, end_of(due_on)),
        (Urgency.TOP, end_of(later)),
    ):
        yield Alarm(clock=Clock.ACKNOWLEDGEMENT, urgency=urgency, began_at=began_at, due_on=due_on, at=at)


_OF_THE_CALENDAR = MappingProxyType({GroundKind.YEARLY: Clock.YEARLY, GroundKind.FIVE_YEARS: Clock.FIVE_YEARS})


def _by_the_calendar(review: ReviewState, levels: ServiceLevels) -> Iterator[Alarm]:
    """年次・五年の期日: overdue on that day; a date long past calls from the day on which the review was opened.

    Also for a ground that is held for the next review: what it waits for is this one, and its date does not wait.
    """
    for ground in (*review.grounds, *review.held):
        clock = _OF_THE_CALENDAR.get(ground.kind)
        if clock is not None and ground.due_on is not None and ground.joined_at is not None:
            called_on = max(ground.due_on - timedelta(days=1), tokyo_date(ground.joined_at))
            yield from _three(clock, ground.joined_at, due_on=ground.due_on, called_on=called_on, levels=levels)


def _gates(review: ReviewState, levels: ServiceLevels) -> Iterator[Alarm]:
    """関門: called so many days before the planned day while what it needs is not done, or from the opening on."""
    opened_on = tokyo_date(review.opened_at)
    passed = {one.gate for one in review.gates_passed}
    for planned in review.opening.gates:
        needs = step_needed(gate_row(planned.gate, on=opened_on), level=review.opening.level)
        if planned.gate in passed or is_met(review, needs, by=date.max):
            continue
        called_on = max(planned.planned_on - timedelta(days=levels.gate_lead_days), opened_on)
        began_at = end_of(planned.planned_on)  # tells the gates apart
        yield from _three(Clock.GATE, began_at, due_on=planned.planned_on, called_on=called_on, levels=levels)


def _withdrawal(review: ReviewState, levels: ServiceLevels) -> Iterator[Alarm]:
    """取下げ: the consent, and the ruling where it is contested, have a clock of their own beside the stage's."""
    asked = review.withdrawal
    if asked is not None and asked.at is not None:
        due_on = stage_due_on(began_at=asked.at, business_days=levels.resolution)
        yield from _three(Clock.WITHDRAWAL, asked.at, due_on=due_on, called_on=due_on, levels=levels)


def _effects(review: ReviewState) -> Iterator[Alarm]:
    """変更が生じる日: from the day on which the change is certain to come first, the party and the top at once."""
    for ground, takes_effect_on in changes_awaited(review):
        began_at = end_of(takes_effect_on - timedelta(days=1))  # tells the changes apart
        certain_at = end_of(certain_from(review, takes_effect_on) - timedelta(days=1))
        at = max(certain_at, ground.joined_at or review.opened_at)
        for urgency in (Urgency.REMINDER, Urgency.TOP):
            yield Alarm(clock=Clock.EFFECT, urgency=urgency, began_at=began_at, due_on=takes_effect_on, at=at)


def _three(
    clock: Clock, began_at: datetime, *, due_on: date, called_on: date, levels: ServiceLevels
) -> Iterator[Alarm]:
    for urgency in Urgency:
        yield Alarm(clock=clock, urgency=urgency, began_at=began_at, due_on=due_on, at=end_of(called_on))
        called_on = add_business_days(called_on, levels.escalation)
