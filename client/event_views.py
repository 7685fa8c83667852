"""リスク事案の見え方 (view of a risk event): what happened, who knew when, what is due, and what is left."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field

from client.report_versions import ReportVersionRow
from guideline.breach_deadlines import delay_of
from guideline.deadlines import stage_due_on, tokyo_date
from guideline.event_closing import missing_for_closing, waiting
from guideline.event_lateness import days_late, first_done_on
from schemas.base import Message, ReviewId
from schemas.countermeasures import CountermeasureState
from schemas.event_acts import EventActRecord
from schemas.events import Answer, EventClock, EventDeadline, EventState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from schemas.event_acts import EventHistory
    from schemas.organisation import ServiceLevels
    from schemas.records import ReportedReview


class DeadlineRow(Message):
    """期限の行 (a deadline as it is shown): with the days that are left, and whether it is done."""

    what: str = Field(title="すべきこと")
    kind: EventClock = Field(title="種類")
    due_on: date | None = Field(title="期限")
    days_left: int | None = Field(title="残りの日数（過ぎたときは負）")
    done: bool = Field(title="済んでいる")
    done_on: date | None = Field(default=None, title="行った日（記録があるとき）")
    days_late: int | None = Field(default=None, title="遅れの日数（行った日と期限があるとき）")
    reasons: tuple[str, ...] = Field(title="理由")
    provisions: tuple[str, ...] = Field(title="根拠")
    confirmed: bool = Field(title="根拠が確認済みである")


class EventRow(Message):
    """リスク事案の一覧の行 (an event as a list shows it)."""

    event_id: str = Field(title="番号")
    title: str = Field(title="件名")
    known_on: date = Field(title="最初に知った日")
    reportable: Answer = Field(title="報告の要否")
    next_due: str | None = Field(title="次にすべきこと")
    due_on: date | None = Field(title="その期限")
    acknowledged: bool = Field(title="受領確認済み")
    status: str = Field(title="状況")


class EventTask(Message):
    """リスク事案についてすべきこと (task): an event that waits for the person."""

    event_id: str = Field(title="リスク事案の番号")
    title: str = Field(title="件名")
    what: str = Field(title="すべきこと")
    due_on: date | None = Field(title="期限")
    overdue: bool = Field(title="期限を過ぎている")


def tasks_of(state: EventState, *, levels: ServiceLevels, today: date) -> tuple[EventTask, ...]:
    """Give what an event waits for, what is due first at the head: the acknowledgement, each report and each notice."""
    awaited = {(one.kind, one.due_on) for one in waiting(state)}
    if state.acknowledged_by is None:
        due_on = stage_due_on(began_at=state.reported_at, business_days=levels.acknowledgement)
        awaited.add((EventClock.ACKNOWLEDGEMENT, due_on))
    return tuple(
        EventTask(
            event_id=state.event_id,
            title=state.title,
            what=kind.label,
            due_on=due_on,
            overdue=due_on is not None and due_on < today,
        )
        for kind, due_on in sorted(awaited, key=lambda one: (one[1] or date.max, one[0]))
    )


class EventView(Message):
    """リスク事案の見え方 (view)."""

    state: EventState = Field(title="状態")
    delay: str = Field(title="知ってから報告までの日数")
    deadlines: tuple[DeadlineRow, ...] = Field(title="期限")
    missing: tuple[str, ...] = Field(title="終了までに要るもの")
    reviews: tuple[ReviewId, ...] = Field(title="開かれた見直し")
    reports: tuple[ReportVersionRow, ...] = Field(default=(), title="報告書の版")
    measures: tuple[CountermeasureState, ...] = Field(default=(), title="追跡されている再発防止策")
    acts: tuple[EventActRecord, ...] = Field(title="これまでの経過")


def view_of(
    history: EventHistory,
    *,
    reviews: Sequence[ReportedReview],
    reports: tuple[ReportVersionRow, ...] = (),
    measures: tuple[CountermeasureState, ...] = (),
    now: datetime,
) -> EventView:
    """Give the view of an event at that instant."""
    state = history.state
    left = waiting(state)
    today = tokyo_date(now)
    missing = missing_for_closing(state) if state.closed_at is None else ()
    opened = () if reviews or state.closed_at else ("関係する評価書の見直し、又はこれを要しない理由",)
    return EventView(
        state=state,
        delay=_delay(state),
        deadlines=tuple(_row(one, state, done=one not in left, today=today) for one in state.deadlines),
        missing=(*missing, *opened),
        reviews=tuple(one.review_id for one in reviews),
        reports=reports,
        measures=measures,
        acts=history.acts,
    )


def row_of(state: EventState) -> EventRow:
    """Give the row of an event in a list; the next thing to do is the one that is due first."""
    dated = sorted((one.due_on, one.kind.label) for one in waiting(state) if one.due_on is not None)
    due_on, what = dated[0] if dated else (None, None)
    return EventRow(
        event_id=state.event_id,
        title=state.title,
        known_on=state.known_on,
        reportable=state.judgements[-1].reportable,
        next_due=what,
        due_on=due_on,
        acknowledged=state.acknowledged_by is not None,
        status=state.status.label,
    )


def _delay(state: EventState) -> str:
    try:
        return delay_of(state.known_on, state.reported_at).sentence
    except ValueError as error:
        return str(error)


def _row(deadline: EventDeadline, state: EventState, *, done: bool, today: date) -> DeadlineRow:
    return DeadlineRow(
        what=f"{deadline.kind.label}（{deadline.law}）",
        kind=deadline.kind,
        due_on=deadline.due_on,
        days_left=None if deadline.due_on is None or done else (deadline.due_on - today).days,
        done=done,
        done_on=first_done_on(deadline, state),
        days_late=days_late(deadline, state),
        reasons=deadline.reasons,
        provisions=deadline.provisions,
        confirmed=deadline.confirmed,
    )
