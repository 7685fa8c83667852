"""追跡の見出し (trace headers): one that is malformed is dropped in front of whatever would read it.

A tracing interceptor that meets one raises, and the workflow that it was sent to would not go on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    ExecuteWorkflowInput,
    HandleQueryInput,
    HandleSignalInput,
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

TRACE_HEADER = "_tracer-data"
"""The header in which the SDK's tracing carries its context."""

Headers = Mapping[str, Payload]


class TraceHeaderGuard(Interceptor):
    """見出しの番人 (guard of the trace header): stands before all other interceptors."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 # Temporal's name
        return _AtActivities(next)

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002, ARG002 # Temporal's name
    ) -> type[WorkflowInboundInterceptor]:
        return _AtWorkflows


class _AtActivities(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 # Temporal's name
        input.headers = well_formed(input.headers)
        return await super().execute_activity(input)


class _AtWorkflows(WorkflowInboundInterceptor):
    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002 # Temporal's name
        input.headers = well_formed(input.headers)
        return await super().execute_workflow(input)

    async def handle_signal(self, input: HandleSignalInput) -> None:  # noqa: A002 # Temporal's name
        input.headers = well_formed(input.headers)
        await super().handle_signal(input)

    async def handle_query(self, input: HandleQueryInput) -> Any:  # noqa: A002 # Temporal's name
        input.headers = well_formed(input.headers)
        return await super().handle_query(input)

    def handle_update_validator(self, input: HandleUpdateInput) -> None:  # noqa: A002 # Temporal's name
        input.headers = well_formed(input.headers)
        super().handle_update_validator(input)

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:  # noqa: A002 # Temporal's name
        input.headers = well_formed(input.headers)
        return await super().handle_update_handler(input)


def well_formed(headers: Headers) -> Headers:
    """Give the headers without a trace header that is no JSON object of strings."""
    trace = headers.get(TRACE_HEADER)
    if trace is None or _is_an_object_of_strings(trace):
        return headers
    return {name: payload for name, payload in headers.items() if name != TRACE_HEADER}


def _is_an_object_of_strings(payload: Payload) -> bool:
    if payload.metadata.get("encoding") != b"json/plain":
        return False
    try:
        content = json.loads(payload.data)
    except (ValueError, RecursionError):
        return False
    return isinstance(content, dict) and all(isinstance(one, str) for one in content.values())
