"""砂場: the worker's is as strict as the SDK's, and no codec of ours asks where a payload stands."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

import pytest
from temporalio import workflow
from temporalio.client import Client, WorkflowFailureError
from temporalio.converter import WithSerializationContext
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from engine.keys import key_ring
from engine.sandbox import WithoutContexts
from engine.secrecy import secret_converter
from worker import RESTRICTIONS

if TYPE_CHECKING:
    from settings import Settings


@workflow.defn
class LooksAtTheClock:
    @workflow.run
    async def run(self) -> float:
        return time.time()


async def test_a_workflow_that_looks_at_the_clock_is_stopped(client_connection: Client) -> None:
    queue = f"clock-{uuid.uuid4()}"
    strict = Worker(
        client_connection,
        task_queue=queue,
        workflows=[LooksAtTheClock],
        workflow_runner=WithoutContexts(SandboxedWorkflowRunner(restrictions=RESTRICTIONS)),
        workflow_failure_exception_types=[Exception],
    )
    async with strict:
        with pytest.raises(WorkflowFailureError) as failed:
            await client_connection.execute_workflow(LooksAtTheClock.run, id=queue, task_queue=queue)
    assert "time.time" in str(failed.value.cause)


def test_the_codec_reads_no_context(settings: Settings) -> None:
    # One that did would be left without it by `WithoutContexts`.
    assert not isinstance(secret_converter(key_ring(settings)).payload_codec, WithSerializationContext)
