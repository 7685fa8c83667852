"""追跡の見出し: a malformed one is dropped in front of what would read it, and blocks nothing."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from temporalio import activity, workflow
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.client import Interceptor as ClientInterceptor
from temporalio.client import OutboundInterceptor as ClientOutbound
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    ExecuteWorkflowInput,
    HandleQueryInput,
    HandleSignalInput,
    HandleUpdateInput,
    Interceptor,
    StartActivityInput,
    UnsandboxedWorkflowRunner,
    Worker,
    WorkflowInboundInterceptor,
    WorkflowOutboundInterceptor,
)

from engine.trace_headers import TRACE_HEADER, TraceHeaderGuard, well_formed


def payload(content: object, encoding: bytes = b"json/plain") -> Payload:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Payload(metadata={"encoding": encoding}, data=data)


GOOD = payload({"traceparent": "00-1-2-01"})
MALFORMED = [
    pytest.param(payload(b"{"), id="壊れたJSON"),
    pytest.param(payload(b"\xff"), id="文字でないもの"),
    pytest.param(payload([]), id="配列"),
    pytest.param(payload({"traceparent": 1}), id="文字列でない値"),
    pytest.param(payload(b"[" * 100_000), id="深い入れ子"),
    pytest.param(payload({"traceparent": "x"}, b"binary/plain"), id="JSONでない符号"),
    pytest.param(Payload(), id="空"),
]


@pytest.mark.parametrize("trace", MALFORMED)
def test_a_malformed_trace_header_is_dropped_and_no_other(trace: Payload) -> None:
    assert well_formed({TRACE_HEADER: trace, "other": trace}) == {"other": trace}


def test_what_is_well_formed_or_not_there_stays() -> None:
    for headers in ({TRACE_HEADER: GOOD}, {TRACE_HEADER: payload({})}, {"other": GOOD}, {}):
        assert well_formed(headers) == headers


class _Sends(ClientInterceptor):
    """Sends a malformed header with everything, as a stranger's client may."""

    def intercept_client(self, next: ClientOutbound) -> ClientOutbound:  # noqa: A002 # Temporal's name
        return _SendsWithAll(next)


class _SendsWithAll(ClientOutbound):
    async def start_workflow(self, input: Any) -> Any:  # noqa: A002 # Temporal's name
        input.headers = {TRACE_HEADER: payload([1])}
        return await super().start_workflow(input)

    async def signal_workflow(self, input: Any) -> None:  # noqa: A002 # Temporal's name
        input.headers = {TRACE_HEADER: payload([1])}
        await super().signal_workflow(input)

    async def query_workflow(self, input: Any) -> Any:  # noqa: A002 # Temporal's name
        input.headers = {TRACE_HEADER: payload([1])}
        return await super().query_workflow(input)

    async def start_workflow_update(self, input: Any) -> Any:  # noqa: A002 # Temporal's name
        input.headers = {TRACE_HEADER: payload([1])}
        return await super().start_workflow_update(input)


class _Reads(Interceptor):
    """Reads the trace header as tracing does: by raising where there is a bad one."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 # Temporal's name
        return _ReadsAtActivities(next)

    def workflow_interceptor_class(self, input: Any) -> type[WorkflowInboundInterceptor]:  # noqa: A002, ARG002 # Temporal's name
        return _ReadsAtWorkflows


def _read(headers: Any) -> None:
    if TRACE_HEADER in headers:
        raise TypeError("a malformed trace header came through")


class _ReadsAtActivities(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 # Temporal's name
        _read(input.headers)
        return await super().execute_activity(input)


class _ReadsAtWorkflows(WorkflowInboundInterceptor):
    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_SendsToActivities(outbound))

    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002 # Temporal's name
        _read(input.headers)
        return await super().execute_workflow(input)

    async def handle_signal(self, input: HandleSignalInput) -> None:  # noqa: A002 # Temporal's name
        _read(input.headers)
        await super().handle_signal(input)

    async def handle_query(self, input: HandleQueryInput) -> Any:  # noqa: A002 # Temporal's name
        _read(input.headers)
        return await super().handle_query(input)

    def handle_update_validator(self, input: HandleUpdateInput) -> None:  # noqa: A002 # Temporal's name
        _read(input.headers)
        super().handle_update_validator(input)

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:  # noqa: A002 # Temporal's name
        _read(input.headers)
        return await super().handle_update_handler(input)


class _SendsToActivities(WorkflowOutboundInterceptor):
    def start_activity(self, input: StartActivityInput) -> Any:  # noqa: A002 # Temporal's name
        input.headers = {TRACE_HEADER: payload([1])}
        return super().start_activity(input)


@activity.defn
async def looked_up() -> int:
    return 7


@workflow.defn
class Traced:
    """Takes every kind of message there is."""

    def __init__(self) -> None:
        self._taken: list[str] = []

    @workflow.run
    async def run(self) -> list[str]:
        await workflow.wait_condition(lambda: len(self._taken) == 2)
        return self._taken

    @workflow.signal
    def told(self) -> None:
        self._taken.append("signal")

    @workflow.query
    def taken(self) -> int:
        return len(self._taken)

    @workflow.update
    async def act(self) -> int:
        found = await workflow.execute_activity(looked_up, start_to_close_timeout=timedelta(seconds=5))
        self._taken.append("update")
        return found

    @act.validator
    def _may_act(self) -> None:
        return


async def test_no_message_is_blocked_by_its_trace_header(client_connection: Client) -> None:
    config = client_connection.config()
    config["interceptors"] = [_Sends()]
    stranger, queue = Client(**config), f"traced-{uuid.uuid4().hex[:8]}"
    worker = Worker(
        client_connection,
        task_queue=queue,
        workflows=[Traced],
        activities=[looked_up],
        interceptors=[TraceHeaderGuard(), _Reads()],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    async with worker:
        handle = await stranger.start_workflow(Traced.run, id=queue, task_queue=queue)
        assert await handle.execute_update(Traced.act) == 7
        assert await handle.query(Traced.taken) == 1
        await handle.signal(Traced.told)
        assert await handle.result() == ["update", "signal"]
