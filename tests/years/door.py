"""入口 (door): the SDK's client, whose calls the simulated engine answers instead of a server."""

from __future__ import annotations

import asyncio
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.api.update.v1 import Outcome
from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    StartWorkflowInput,
    StartWorkflowUpdateInput,
    StartWorkflowUpdateWithStartInput,
    WorkflowHandle,
    WorkflowUpdateHandle,
)
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import WorkflowAlreadyStartedError

from tests.years.engine import NAMESPACE, PAYLOADS, Engine


async def client_of(engine: Engine) -> Client:
    """Give a client whose calls that engine answers; it never opens a connection."""
    return await Client.connect(
        "nowhere.invalid:1",
        namespace=NAMESPACE,
        lazy=True,
        data_converter=pydantic_data_converter,
        interceptors=[Door(engine)],
    )


class Door(Interceptor):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 # the SDK's name
        return _Calls(next, self._engine)


class _Calls(OutboundInterceptor):
    """The calls of the client that the product makes."""

    def __init__(self, next_: OutboundInterceptor, engine: Engine) -> None:
        super().__init__(next_)
        self._client: Client = next_._client  # type: ignore[attr-defined]  # noqa: SLF001 # for the handles
        self._engine = engine

    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:  # noqa: A002 # the SDK's name
        if self._engine.is_known(input.id):
            raise WorkflowAlreadyStartedError(input.id, input.workflow)
        run = await self._engine.start(input.workflow, input.args, workflow_id=input.id)
        return _Handle(self._client, input.id, run.result, input.ret_type)

    async def start_workflow_update(self, input: StartWorkflowUpdateInput) -> WorkflowUpdateHandle[Any]:  # noqa: A002 # as above
        outcome = await self._engine.update(input.id, input.update, input.args, update_id=str(input.update_id))
        return self._handle(input.id, input.update_id, outcome, input.ret_type)

    async def start_update_with_start_workflow(
        self,
        input: StartWorkflowUpdateWithStartInput,  # noqa: A002 # as above
    ) -> WorkflowUpdateHandle[Any]:
        start, update = input.start_workflow_input, input.update_workflow_input
        outcome = await self._engine.update_with_start(
            start.workflow,
            start.args,
            update.update,
            update.args,
            workflow_id=start.id,
            update_id=str(update.update_id),
        )
        return self._handle(start.id, update.update_id, outcome, update.ret_type)

    def _handle(
        self, workflow_id: str, update_id: str | None, outcome: Outcome, ret_type: type | None
    ) -> WorkflowUpdateHandle[Any]:
        return WorkflowUpdateHandle(
            self._client, str(update_id), workflow_id, result_type=ret_type, known_outcome=outcome
        )


class _Handle(WorkflowHandle[Any, Any]):
    def __init__(
        self, client: Client, workflow_id: str, result: asyncio.Future[Payload | None], ret_type: type | None
    ) -> None:
        super().__init__(client, workflow_id, result_type=ret_type)
        self._answer, self._type = result, ret_type

    async def result(self, **_: Any) -> Any:
        payload = await self._answer
        types = [self._type] if self._type else None
        return PAYLOADS.from_payloads([payload], types)[0] if payload else None
