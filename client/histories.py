"""履歴の読取り (reading histories): what the engine's histories say was written to the register, act by act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from temporalio.api.enums.v1 import EventType
from temporalio.service import RPCError, RPCStatusCode

from activities.countermeasures import CountermeasureRequest
from activities.duties import DutyRequest
from activities.events import EventRequest
from activities.review_records import RecordRequest
from register.reconciled import Subject
from schemas.acts import Intake
from schemas.countermeasures import CountermeasureState
from schemas.duties import DutyStart
from schemas.events import EventState
from schemas.records import CountermeasureRecorded, DutyRecorded, EventRecorded, Recorded
from schemas.review import Opening, Resumption

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from temporalio.api.history.v1 import HistoryEvent
    from temporalio.client import Client, WorkflowExecution

_T = TypeVar("_T")

AnyRequest = RecordRequest | CountermeasureRequest | EventRequest | DutyRequest
AnyRecorded = Recorded | CountermeasureRecorded | EventRecorded | DutyRecorded

_RECORDING: dict[str, tuple[type[AnyRequest], type[AnyRecorded]]] = {
    "record": (RecordRequest, Recorded),
    "record_countermeasure_act": (CountermeasureRequest, CountermeasureRecorded),
    "record_event_act": (EventRequest, EventRecorded),
    "record_duty_act": (DutyRequest, DutyRecorded),
}
"""記帳の行為: the activities that write an act, what they are asked and what they answer."""

REPORT = "Report"
SUBJECTS = {
    "AssessmentReview": Subject.REVIEW,
    "Countermeasure": Subject.COUNTERMEASURE,
    "RiskEvent": Subject.EVENT,
    "Duty": Subject.DUTY,
}
_BEGUN_WITH: dict[str, Any] = {
    "AssessmentReview": Opening | Resumption,
    "Countermeasure": CountermeasureState,
    "RiskEvent": EventState,
    "Duty": DutyStart,
    REPORT: Intake,
}


@dataclass(frozen=True, slots=True)
class Written:
    """書かれた行為 (written act): what was asked to be written, and what was answered."""

    subject: Subject
    key: str
    request: AnyRequest
    recorded: AnyRecorded
    run_id: str


@dataclass(frozen=True, slots=True)
class Told:
    """一つの実行の履歴 (history of one run): what it began with, what it wrote, and how far it has come.

    `asked` are the ids of all acts that were to be written. `sequence` counts what is under way too: the engine brings
    that to its end by itself.
    """

    workflow_id: str
    run_id: str
    kind: str
    is_running: bool
    is_completed: bool
    began_with: Any
    began_at: datetime
    written: tuple[Written, ...]
    asked: tuple[str, ...]
    sequence: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """読めない履歴 (unreadable history)."""

    workflow_id: str
    run_id: str
    reason: str


async def histories(temporal: Client, *, task_queue: str) -> AsyncIterator[Told | Unreadable]:
    """Read every history of a task queue that tells of acts or reports, whether it goes on or is only retained."""
    kinds = ", ".join(f'"{kind}"' for kind in _BEGUN_WITH)
    async for one in temporal.list_workflows(f'TaskQueue = "{task_queue}" AND WorkflowType IN ({kinds})'):
        if (told := await _told(temporal, one)) is not None:
            yield told


async def history_of(temporal: Client, workflow_id: str) -> Told | Unreadable | None:
    """Read the history of a workflow's present run, as it is now; None where there is none."""
    try:
        described = await temporal.get_workflow_handle(workflow_id).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    return await _told(temporal, described)


async def _told(temporal: Client, one: WorkflowExecution) -> Told | Unreadable | None:
    try:
        history = await temporal.get_workflow_handle(one.id, run_id=one.run_id).fetch_history()
        return await _Reading(temporal, one).told(list(history.events))
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:  # its time was over meanwhile
            return None
        raise
    # What the converters raise for what they can't read, or can't open without its key.
    except (RuntimeError, KeyError, ValueError, TypeError) as error:
        return Unreadable(one.id, one.run_id, f"{type(error).__name__}")


class _Reading:
    def __init__(self, temporal: Client, execution: WorkflowExecution) -> None:
        self._converter = temporal.data_converter
        self._one = execution

    async def told(self, events: list[HistoryEvent]) -> Told:
        kind = self._one.workflow_type
        started = events[0].workflow_execution_started_event_attributes
        began_with = await self._read(started.input.payloads, _BEGUN_WITH[kind])
        asked: dict[int, AnyRequest] = {}
        written: list[Written] = []
        for event in events:
            scheduled = event.activity_task_scheduled_event_attributes
            if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                if scheduled.activity_type.name in _RECORDING:
                    request, _ = _RECORDING[scheduled.activity_type.name]
                    asked[event.event_id] = await self._read(scheduled.input.payloads, request)
            elif event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
                completed = event.activity_task_completed_event_attributes
                if (asked_for := asked.get(completed.scheduled_event_id)) is not None:
                    recorded = await self._read(completed.result.payloads, _answer_of(asked_for))
                    if not (isinstance(recorded, Recorded) and recorded.by_another_run):
                        written.append(self._written(asked_for, recorded))
            elif event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED:
                asked.pop(event.activity_task_failed_event_attributes.scheduled_event_id, None)
        return Told(
            workflow_id=self._one.id,
            run_id=self._one.run_id,
            kind=kind,
            is_running=self._one.close_time is None,
            is_completed=events[-1].event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
            began_with=began_with,
            began_at=_first_task_of(events),
            written=tuple(written),
            asked=tuple(request.act.act_id for request in asked.values()),
            sequence=max([_sequence_at_start(began_with), *map(_sequence_of, asked.values())]),
        )

    async def _read(self, payloads: Any, hint: type[_T]) -> _T:
        (value,) = await self._converter.decode(payloads, [hint])
        found: _T = value
        return found

    def _written(self, request: AnyRequest, recorded: AnyRecorded) -> Written:
        subject = SUBJECTS[self._one.workflow_type]
        return Written(subject, _key_of(request, recorded), request, recorded, self._one.run_id)


def _answer_of(request: AnyRequest) -> type[AnyRecorded]:
    return next(answer for asked, answer in _RECORDING.values() if isinstance(request, asked))


def _key_of(request: AnyRequest, recorded: AnyRecorded) -> str:
    match request:
        case RecordRequest():
            return recorded.receipt.review_id if isinstance(recorded, Recorded) else ""
        case CountermeasureRequest():
            return request.state.countermeasure_id
        case EventRequest():
            return request.state.event_id
        case DutyRequest():
            return request.state.duty_id


def _sequence_of(request: AnyRequest) -> int:
    return request.review.sequence if isinstance(request, RecordRequest) else request.state.sequence


def _sequence_at_start(began_with: Any) -> int:
    match began_with:
        case Resumption():
            return began_with.review.sequence
        case CountermeasureState() | EventState():
            return began_with.sequence
        case DutyStart(state=state) if state is not None:
            return state.sequence
        case _:
            return 0


def _first_task_of(events: list[HistoryEvent]) -> datetime:
    """Give the workflow's own clock at its first task, by which it dates what it does at once."""
    first = next(
        (event for event in events if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED), events[0]
    )
    # As the SDK computes it, by way of a float: its last digit differs from that of an exact conversion.
    return datetime.fromtimestamp(first.event_time.ToNanoseconds() / 1e9, tz=UTC)
