"""履歴 (history): what the simulated engine did with a run, written down as a server does, so that it is replayed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from temporalio.api.common.v1 import ActivityType, Payload, Payloads, WorkflowType
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.sdk.v1 import WorkflowTaskCompletedMetadata
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.update.v1 import Input, Meta, Outcome, Request
from temporalio.bridge.proto.workflow_activation.workflow_activation_pb2 import WorkflowActivationJob
from temporalio.bridge.proto.workflow_commands.workflow_commands_pb2 import UpdateResponse, WorkflowCommand
from temporalio.client import WorkflowHistory

_FLAGS_OF_CORE = (1, 2, 3, 4)
"""What the SDK's core writes into the first task of a history that it makes today."""


class History:
    """履歴: the events of one run."""

    def __init__(self, workflow_id: str, *, task_queue: str) -> None:
        self._workflow_id = workflow_id
        self._queue = TaskQueue(name=task_queue)
        self._events: list[HistoryEvent] = []
        self._scheduled: dict[int, int] = {}
        self._timers: dict[int, int] = {}
        self._updates: dict[str, int] = {}
        self._requests: dict[str, Request] = {}

    @property
    def whole(self) -> WorkflowHistory:
        """Give all events, as the SDK replays them."""
        return WorkflowHistory(self._workflow_id, self._events)

    def begin(
        self, workflow_type: str, payloads: Iterable[Payload], *, run_id: str, continued: str | None, at: datetime
    ) -> None:
        """Write down that the run was started."""
        event = self._add("WORKFLOW_EXECUTION_STARTED", at)
        started = event.workflow_execution_started_event_attributes
        started.workflow_type.CopyFrom(WorkflowType(name=workflow_type))
        started.task_queue.CopyFrom(self._queue)
        started.input.CopyFrom(Payloads(payloads=payloads))
        started.workflow_task_timeout.FromTimedelta(timedelta(seconds=10))
        started.original_execution_run_id = started.first_execution_run_id = run_id
        started.continued_execution_run_id = continued or ""
        started.workflow_id = self._workflow_id
        started.attempt = 1

    def task(
        self,
        jobs: Iterable[WorkflowActivationJob],
        commands: Iterable[WorkflowCommand],
        flags: Iterable[int],
        *,
        at: datetime,
    ) -> None:
        """Write down what came to the workflow, the task in which it answered, and what it answered."""
        for job in jobs:
            self._come(job, at)
        asked = self._add("WORKFLOW_TASK_SCHEDULED", at)
        asked.workflow_task_scheduled_event_attributes.task_queue.CopyFrom(self._queue)
        asked.workflow_task_scheduled_event_attributes.attempt = 1
        begun = self._add("WORKFLOW_TASK_STARTED", at)
        begun.workflow_task_started_event_attributes.scheduled_event_id = asked.event_id
        done = self._add("WORKFLOW_TASK_COMPLETED", at)
        completed = done.workflow_task_completed_event_attributes
        completed.scheduled_event_id, completed.started_event_id = asked.event_id, begun.event_id
        is_first = begun.event_id == 3
        used = WorkflowTaskCompletedMetadata(core_used_flags=_FLAGS_OF_CORE if is_first else (), lang_used_flags=flags)
        completed.sdk_metadata.CopyFrom(used)
        for command in commands:
            self._answer(command, asked_id=asked.event_id, done_id=done.event_id, at=at)

    def _add(self, name: str, at: datetime) -> HistoryEvent:
        event = HistoryEvent(event_id=len(self._events) + 1, event_type=EventType.Value(f"EVENT_TYPE_{name}"))
        event.event_time.FromDatetime(at)
        self._events.append(event)
        return event

    def _come(self, job: WorkflowActivationJob, at: datetime) -> None:
        match job.WhichOneof("variant"):
            case "do_update":
                update = job.do_update
                given = Input(name=update.name, args=Payloads(payloads=update.input))
                self._requests[update.id] = Request(meta=Meta(update_id=update.id), input=given)
            case "fire_timer":
                fired = self._add("TIMER_FIRED", at).timer_fired_event_attributes
                fired.timer_id, fired.started_event_id = str(job.fire_timer.seq), self._timers[job.fire_timer.seq]
            case "resolve_activity":
                scheduled_id = self._scheduled[job.resolve_activity.seq]
                began = self._add("ACTIVITY_TASK_STARTED", at)
                began.activity_task_started_event_attributes.scheduled_event_id = scheduled_id
                began.activity_task_started_event_attributes.attempt = 1
                ended = self._add("ACTIVITY_TASK_COMPLETED", at).activity_task_completed_event_attributes
                ended.scheduled_event_id, ended.started_event_id = scheduled_id, began.event_id
                ended.result.CopyFrom(Payloads(payloads=[job.resolve_activity.result.completed.result]))

    def _answer(self, command: WorkflowCommand, *, asked_id: int, done_id: int, at: datetime) -> None:
        match command.WhichOneof("variant"):
            case "update_response":
                self._update(command.update_response, asked_id=asked_id, at=at)
            case "schedule_activity":
                wanted = command.schedule_activity
                event = self._add("ACTIVITY_TASK_SCHEDULED", at)
                self._scheduled[wanted.seq] = event.event_id
                scheduled = event.activity_task_scheduled_event_attributes
                scheduled.activity_id = wanted.activity_id
                scheduled.activity_type.CopyFrom(ActivityType(name=wanted.activity_type))
                scheduled.task_queue.CopyFrom(self._queue)
                scheduled.input.CopyFrom(Payloads(payloads=wanted.arguments))
                scheduled.workflow_task_completed_event_id = done_id
            case "start_timer":
                event = self._add("TIMER_STARTED", at)
                self._timers[command.start_timer.seq] = event.event_id
                started = event.timer_started_event_attributes
                started.timer_id = str(command.start_timer.seq)
                started.start_to_fire_timeout.CopyFrom(command.start_timer.start_to_fire_timeout)
                started.workflow_task_completed_event_id = done_id
            case "cancel_timer":
                seq = command.cancel_timer.seq
                canceled = self._add("TIMER_CANCELED", at).timer_canceled_event_attributes
                canceled.timer_id, canceled.started_event_id = str(seq), self._timers[seq]
                canceled.workflow_task_completed_event_id = done_id
            case "upsert_workflow_search_attributes":
                told = self._add("UPSERT_WORKFLOW_SEARCH_ATTRIBUTES", at)
                upserted = told.upsert_workflow_search_attributes_event_attributes
                upserted.workflow_task_completed_event_id = done_id
                upserted.search_attributes.CopyFrom(command.upsert_workflow_search_attributes.search_attributes)
            case _:
                self._close(command, done_id=done_id, at=at)

    def _update(self, response: UpdateResponse, *, asked_id: int, at: datetime) -> None:
        update_id = response.protocol_instance_id
        if response.HasField("accepted"):
            event = self._add("WORKFLOW_EXECUTION_UPDATE_ACCEPTED", at)
            self._updates[update_id] = event.event_id
            accepted = event.workflow_execution_update_accepted_event_attributes
            accepted.protocol_instance_id = update_id
            accepted.accepted_request_message_id = f"{update_id}/request"
            accepted.accepted_request_sequencing_event_id = asked_id
            accepted.accepted_request.CopyFrom(self._requests.pop(update_id))
            return
        ended = self._add(
            "WORKFLOW_EXECUTION_UPDATE_COMPLETED", at
        ).workflow_execution_update_completed_event_attributes
        ended.meta.update_id = update_id
        ended.accepted_event_id = self._updates[update_id]
        ended.outcome.CopyFrom(Outcome(success=Payloads(payloads=[response.completed])))

    def _close(self, command: WorkflowCommand, *, done_id: int, at: datetime) -> None:
        if command.HasField("complete_workflow_execution"):
            ended = self._add("WORKFLOW_EXECUTION_COMPLETED", at).workflow_execution_completed_event_attributes
            ended.workflow_task_completed_event_id = done_id
            ended.result.CopyFrom(Payloads(payloads=[command.complete_workflow_execution.result]))
            return
        anew = command.continue_as_new_workflow_execution
        event = self._add("WORKFLOW_EXECUTION_CONTINUED_AS_NEW", at)
        continued = event.workflow_execution_continued_as_new_event_attributes
        continued.workflow_task_completed_event_id = done_id
        continued.workflow_type.CopyFrom(WorkflowType(name=anew.workflow_type))
        continued.input.CopyFrom(Payloads(payloads=anew.arguments))
