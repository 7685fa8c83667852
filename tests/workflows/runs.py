"""実行の列 (runs): a server that soon asks for another run, and the runs of which a workflow consists."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from engine.server import find_executable
from tests.workflows.skipping import KEYS

FEW_EVENTS = 100
"""少ない数: after so many events of a history the server asks for another run."""


@asynccontextmanager
async def few_events_a_run() -> AsyncIterator[Client]:
    """Start a real server of its own that asks for another run after few events."""
    limit = f"limit.historyCount.suggestContinueAsNew={FEW_EVENTS}"
    environment = await WorkflowEnvironment.start_local(
        data_converter=pydantic_data_converter,
        dev_server_existing_path=str(find_executable()),
        dev_server_extra_args=["--dynamic-config-value", limit],
        search_attributes=KEYS,
    )
    async with environment:
        yield environment.client


async def runs_of(client: Client, workflow_id: str) -> dict[str, int]:
    """Give the runs of a workflow from the first one on, each with the number of its events."""
    described = await client.get_workflow_handle(workflow_id).describe()
    run_id = described.raw_description.workflow_execution_info.first_run_id
    found: dict[str, int] = {}
    while run_id:
        history = await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
        found[run_id] = len(history.events)
        last = history.events[-1]
        is_continued = last.HasField("workflow_execution_continued_as_new_event_attributes")
        run_id = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id if is_continued else ""
    return found
