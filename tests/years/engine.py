"""模擬のエンジン (simulated engine): runs the real workflow code on a clock that the test moves.

The SDK's own workflow runtime is given activations, as a worker gives them: an update, a timer that fires, the result
of an activity. What it answers (run this activity, start this timer) is done at once, on the same clock. The client is
the SDK's too: its outbound interceptor answers here, so the facade and the activities are the product's, unchanged.
Of what a server does besides, the history is written for some (`tests.years.history`); there are no retries, no
visibility and no schedule.
"""

from __future__ import annotations

import asyncio
import dataclasses
import heapq
import uuid
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from temporalio import activity, workflow
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.update.v1 import Outcome
from temporalio.bridge.proto.activity_result.activity_result_pb2 import ActivityResolution, Success
from temporalio.bridge.proto.workflow_activation.workflow_activation_pb2 import (
    DoUpdate,
    FireTimer,
    InitializeWorkflow,
    RemoveFromCache,
    ResolveActivity,
    WorkflowActivation,
    WorkflowActivationJob,
)
from temporalio.bridge.proto.workflow_commands.workflow_commands_pb2 import UpdateResponse, WorkflowCommand
from temporalio.common import Priority, TypedSearchAttributes
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import ActivityEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, WorkflowInstance, WorkflowInstanceDetails
from temporalio.workflow import Info

from tests.years.history import History

T = TypeVar("T")
NAMESPACE = "years"
_CONVERTER = pydantic_data_converter
PAYLOADS = _CONVERTER.payload_converter


@dataclass
class Run:
    """実行 (run): one workflow that is open, and what it waits for."""

    workflow_id: str
    workflow_type: str
    run_id: str
    instance: WorkflowInstance
    result: asyncio.Future[Payload | None]
    history: History | None = None
    updates: dict[str, asyncio.Future[Outcome]] = field(default_factory=dict)
    timers: set[int] = field(default_factory=set)


class Engine:
    """エンジン: the workflows that are open, and the clock."""

    def __init__(self, *, at: datetime, task_queue: str, kept: Collection[str] = ()) -> None:
        self.now = at
        self.histories: list[History] = []
        self._kept = frozenset(kept)
        self.task_queue = task_queue
        self.begun: list[str] = []
        self._number = 0
        self._runs: dict[str, Run] = {}
        self._ended: dict[str, asyncio.Future[Payload | None]] = {}
        self._definitions: dict[str, Any] = {}
        self._activities: dict[str, Callable[..., Awaitable[Any]]] = {}
        self._timers: list[tuple[datetime, int, Run, int]] = []
        self._order = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def register(self, *, workflows: Iterable[type], activities: Iterable[Callable[..., Awaitable[Any]]]) -> None:
        """Take the workflows and the activities of a worker."""
        for one in workflows:
            definition = workflow._Definition.must_from_class(one)  # noqa: SLF001 # as the SDK's worker does
            self._definitions[str(definition.name)] = definition
        for method in activities:
            self._activities[str(_definition_of(method).name)] = method

    # --- time

    @property
    def next_timer(self) -> datetime | None:
        """Give when the next timer fires; None where none is set."""
        while self._timers and not self._is_set(self._timers[0]):
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    def _is_set(self, timer: tuple[datetime, int, Run, int]) -> bool:
        _, _, run, seq = timer
        return seq in run.timers and self._runs.get(run.workflow_id) is run

    async def until(self, instant: datetime) -> None:
        """Let what has begun come to its end, then move the clock; each timer fires at its own time on the way."""
        await self.quiet()
        while (next_at := self.next_timer) is not None and next_at <= instant:
            _, _, run, seq = heapq.heappop(self._timers)
            run.timers.discard(seq)
            self.now = max(self.now, next_at)
            await self._activate(run, WorkflowActivationJob(fire_timer=FireTimer(seq=seq)))
            await self.quiet()
        self.now = max(self.now, instant)

    async def quiet(self) -> None:
        """Wait until nothing runs any more on this instant."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """Let go of the workflows that are still open, as a worker does that stops."""
        for run in self._runs.values():
            run.history = None  # of that a server knows nothing
            await self._activate(run, WorkflowActivationJob(remove_from_cache=RemoveFromCache()))

    def answer_of(self, run: Run, answer: type[T]) -> T:
        """Give what a workflow has answered that has come to its end."""
        given: T = PAYLOADS.from_payloads([run.result.result() or Payload()], [answer])[0]
        return given

    # --- workflows

    def is_known(self, workflow_id: str) -> bool:
        """Say whether a workflow of that id is open or has come to its end."""
        return workflow_id in self._runs or workflow_id in self._ended

    async def start(
        self, workflow_type: str, args: Iterable[Any], *, workflow_id: str, more: Iterable[WorkflowActivationJob] = ()
    ) -> Run:
        """Start a workflow; `more` comes with its first task."""
        payloads = PAYLOADS.to_payloads(list(args))
        return await self._begin(workflow_type, payloads, workflow_id=workflow_id, more=more)

    async def _begin(
        self,
        workflow_type: str,
        payloads: Iterable[Payload],
        *,
        workflow_id: str,
        more: Iterable[WorkflowActivationJob] = (),
        continued: Run | None = None,
    ) -> Run:
        run_id = str(uuid.uuid4())
        self._number += 1
        self.begun.append(workflow_id)
        info = self._info(workflow_type, workflow_id=workflow_id, run_id=run_id, continued=continued)
        instance = UnsandboxedWorkflowRunner().create_instance(
            WorkflowInstanceDetails(
                payload_converter_factory=lambda: PAYLOADS,
                failure_converter_class=_CONVERTER.failure_converter_class,
                interceptor_classes=(),
                defn=self._definitions[workflow_type],
                info=info,
                randomness_seed=self._number,
                extern_functions={"__temporal_assert_local_activity_valid": self._activities.__getitem__},
                disable_eager_activity_execution=True,
                worker_level_failure_exception_types=(),
                patch_activation_callback=None,
                last_completion_result=Payloads(),
                last_failure=None,
            )
        )
        result = continued.result if continued else asyncio.get_running_loop().create_future()
        history = self._history(workflow_type, payloads, run_id=run_id, workflow_id=workflow_id, continued=continued)
        run = Run(workflow_id, workflow_type, run_id, instance, result, history)
        self._runs[workflow_id] = run
        init = InitializeWorkflow(workflow_type=workflow_type, workflow_id=workflow_id, arguments=payloads)
        await self._activate(run, WorkflowActivationJob(initialize_workflow=init), *more)
        return run

    def _history(
        self, workflow_type: str, payloads: Iterable[Payload], *, run_id: str, workflow_id: str, continued: Run | None
    ) -> History | None:
        if workflow_id not in self._kept:
            return None
        history = History(workflow_id, task_queue=self.task_queue)
        history.begin(
            workflow_type, payloads, run_id=run_id, continued=continued.run_id if continued else None, at=self.now
        )
        self.histories.append(history)
        return history

    def _info(self, workflow_type: str, *, workflow_id: str, run_id: str, continued: Run | None) -> Info:
        return Info(
            attempt=1,
            continued_run_id=continued.run_id if continued else None,
            cron_schedule=None,
            execution_timeout=None,
            first_execution_run_id=run_id,
            headers={},
            namespace=NAMESPACE,
            original_execution_run_id=run_id,
            parent=None,
            root=None,
            priority=Priority.default,
            raw_memo={},
            retry_policy=None,
            run_id=run_id,
            run_timeout=None,
            search_attributes={},
            start_time=self.now,
            task_queue=self.task_queue,
            task_timeout=timedelta(seconds=10),
            typed_search_attributes=TypedSearchAttributes([]),
            workflow_id=workflow_id,
            workflow_start_time=self.now,
            workflow_type=workflow_type,
        )

    async def update(self, workflow_id: str, name: str, args: Iterable[Any], *, update_id: str) -> Outcome:
        """Send an update to an open workflow, and give what became of it."""
        run = self._runs.get(workflow_id)
        if run is None:
            raise RPCError("workflow not found", RPCStatusCode.NOT_FOUND, b"")
        if update_id not in run.updates:
            await self._activate(run, _update_job(name, args, update_id=update_id))
        return await run.updates[update_id]

    async def update_with_start(  # noqa: PLR0913 # what is started, and what it is told
        self,
        workflow_type: str,
        start_args: Iterable[Any],
        name: str,
        args: Iterable[Any],
        *,
        workflow_id: str,
        update_id: str,
    ) -> Outcome:
        """Send an update to the workflow of that id, which is started with it where it is not open."""
        if workflow_id in self._runs:
            return await self.update(workflow_id, name, args, update_id=update_id)
        job = _update_job(name, args, update_id=update_id)
        run = await self.start(workflow_type, start_args, workflow_id=workflow_id, more=[job])
        return await run.updates[update_id]

    # --- activations

    async def _activate(self, run: Run, *jobs: WorkflowActivationJob) -> None:
        for job in jobs:
            if job.HasField("do_update"):
                run.updates[job.do_update.id] = asyncio.get_running_loop().create_future()
        activation = WorkflowActivation(run_id=run.run_id, jobs=jobs)
        activation.timestamp.FromDatetime(self.now)
        loop = asyncio.get_running_loop()
        # A workflow is an event loop of its own, for which the SDK takes a thread; here ours steps aside for it.
        asyncio._set_running_loop(None)  # noqa: SLF001 # as above
        try:
            completion = run.instance.activate(activation)
        finally:
            asyncio._set_running_loop(loop)  # noqa: SLF001 # as above
        if completion.HasField("failed"):
            raise AssertionError(f"a workflow task failed: {completion.failed.failure}")
        commands = completion.successful.commands
        if run.history is not None and not _is_refusal(commands):
            run.history.task(jobs, commands, completion.successful.used_internal_flags, at=self.now)
        for command in commands:
            await self._obey(run, command)

    async def _obey(self, run: Run, command: WorkflowCommand) -> None:
        match command.WhichOneof("variant"):
            case "schedule_activity":
                one = command.schedule_activity
                self._soon(self._perform(run, one.activity_type, one.arguments, seq=one.seq, is_local=False))
            case "schedule_local_activity":
                local = command.schedule_local_activity
                self._soon(self._perform(run, local.activity_type, local.arguments, seq=local.seq, is_local=True))
            case "start_timer":
                timer = command.start_timer
                run.timers.add(timer.seq)
                self._order += 1
                at = self.now + timer.start_to_fire_timeout.ToTimedelta()
                heapq.heappush(self._timers, (at, self._order, run, timer.seq))
            case "cancel_timer":
                run.timers.discard(command.cancel_timer.seq)
            case "update_response":
                _answer(run, command.update_response)
            case "complete_workflow_execution":
                self._end(run)
                run.result.set_result(command.complete_workflow_execution.result)
            case "continue_as_new_workflow_execution":
                anew = command.continue_as_new_workflow_execution
                self._end(run, goes_on=True)
                await self._begin(run.workflow_type, anew.arguments, workflow_id=run.workflow_id, continued=run)
            case "upsert_workflow_search_attributes":
                pass
            case other:
                raise AssertionError(f"the simulated engine does not know {other}: {command}")

    def _end(self, run: Run, *, goes_on: bool = False) -> None:
        del self._runs[run.workflow_id]
        run.timers.clear()
        if not goes_on:
            self._ended[run.workflow_id] = run.result

    def _soon(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _perform(self, run: Run, name: str, arguments: Iterable[Payload], *, seq: int, is_local: bool) -> None:
        method = self._activities[name]
        args = PAYLOADS.from_payloads(list(arguments), _definition_of(method).arg_types)
        environment = ActivityEnvironment()
        environment.info = dataclasses.replace(
            environment.info, workflow_id=run.workflow_id, workflow_run_id=run.run_id, task_queue=self.task_queue
        )
        result = await environment.run(method, *args)
        success = Success(result=PAYLOADS.to_payloads([result])[0])
        resolved = ResolveActivity(seq=seq, result=ActivityResolution(completed=success), is_local=is_local)
        await self._activate(run, WorkflowActivationJob(resolve_activity=resolved))


def _definition_of(method: Callable[..., Awaitable[Any]]) -> activity._Definition:
    return activity._Definition.must_from_callable(method)  # noqa: SLF001 # as the SDK's worker does


def _update_job(name: str, args: Iterable[Any], *, update_id: str) -> WorkflowActivationJob:
    given = PAYLOADS.to_payloads(list(args))
    return WorkflowActivationJob(
        do_update=DoUpdate(id=update_id, protocol_instance_id=update_id, name=name, input=given, run_validator=True)
    )


def _is_refusal(commands: Sequence[WorkflowCommand]) -> bool:
    """Say whether an update was refused and nothing else happened: of that a server writes nothing down."""
    return len(commands) == 1 and commands[0].update_response.HasField("rejected")


def _answer(run: Run, response: UpdateResponse) -> None:
    waiting = run.updates[response.protocol_instance_id]
    if response.HasField("completed"):
        waiting.set_result(Outcome(success=Payloads(payloads=[response.completed])))
    elif response.HasField("rejected"):
        waiting.set_result(Outcome(failure=response.rejected))
