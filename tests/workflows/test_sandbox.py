"""砂場: that of the tests stops what would not replay, and every workflow of the worker is run in it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from temporalio.client import Client, WorkflowFailureError
from temporalio.worker import Worker

from tests.workflows.clock_watcher import LooksAtTheClock
from tests.workflows.sandbox import SANDBOX
from worker import WORKFLOWS

if TYPE_CHECKING:
    from tests.house import House


async def test_a_workflow_that_looks_at_the_clock_is_stopped(client_connection: Client) -> None:
    queue = f"clock-{uuid.uuid4()}"
    strict = Worker(
        client_connection,
        task_queue=queue,
        workflows=[LooksAtTheClock],
        workflow_runner=SANDBOX,
        workflow_failure_exception_types=[Exception],
    )
    async with strict:
        with pytest.raises(WorkflowFailureError) as failed:
            await client_connection.execute_workflow(LooksAtTheClock.run, id=queue, task_queue=queue)
    assert "time.time" in str(failed.value.cause)


def test_no_workflow_is_left_out_of_it(house: House) -> None:
    assert house.runner is SANDBOX
    definitions = [getattr(one, "__temporal_workflow_definition") for one in WORKFLOWS]  # the SDK's
    assert len(definitions) > 10
    assert [one.name for one in definitions if not one.sandboxed] == []
