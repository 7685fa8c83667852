"""控えを取る家 (a house that is backed up): server, register and worker in one home, as `minaoshi up` has them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from temporalio.client import Client, WorkflowExecutionStatus

from client.archives import Manifest
from client.backups import Secrets, back_up
from client.minaoshi import Minaoshi
from client.restoring import Examined, restore
from client.sending import workflow_id_of
from engine.connection import connect_embedded
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from engine.signing import Signatures
from register.register import open_register
from schemas.review import Stage
from settings import Settings
from tests.house import House, working_house


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def living(settings: Settings) -> AsyncIterator[House]:
    """Give a house whose worker runs, in the home in which its server is."""
    async with EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES):
        temporal = await connect_embedded(settings)
        async with working_house(temporal, settings, settings.home) as house:
            yield house


@asynccontextmanager
async def living_again(settings: Settings, assessment_id: str) -> AsyncIterator[House]:
    """Give the house that is there, as it stands, with a worker."""
    async with resting(settings, assessment_id) as house, house.worker():
        yield house


@asynccontextmanager
async def resting(settings: Settings, assessment_id: str) -> AsyncIterator[House]:
    """Give the house that is there, as it stands, and no worker: nothing moves."""
    async with EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES):
        temporal = await connect_embedded(settings)

        async def connected() -> Client:
            return temporal

        register = await open_register(settings.register_url)
        minaoshi = Minaoshi(register, connected, task_queue=settings.task_queue, signatures=Signatures(settings))
        yield House(temporal, register, minaoshi, settings, assessment_id=assessment_id)
        await register.close()


async def settled(house: House) -> None:
    """See that each open review's own history and the register tell of the same acts, when what was begun is done.

    What the engine has of a review that has come to its end, if anything, tells the same too.
    """
    for _ in range(200):
        told = {
            one.id: (await house.temporal.get_workflow_handle(one.id).query("state"))["sequence"]
            async for one in house.temporal.list_workflows('WorkflowType = "AssessmentReview"')
            if one.status in (WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.COMPLETED)
        }
        recorded, are_open = {}, set()
        for one in await house.register.reviews(scope="all"):
            workflow_id = workflow_id_of(one.assessment_id)
            recorded[workflow_id] = len(await house.register.acts_of(one.review_id))
            are_open |= set() if one.state.stage is Stage.CLOSED else {workflow_id}
        differ = {one: (seq, recorded.get(one)) for one, seq in told.items() if recorded.get(one) != seq}
        if not differ and are_open <= told.keys():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"histories and register tell of other acts: {differ}, and not of {are_open - told.keys()}")


async def backed_up(settings: Settings, path: Path, *, secrets: Secrets = Secrets.TAKEN) -> Manifest:
    return await back_up(settings, path, secrets=secrets, now=now)


async def restored(path: Path, settings: Settings) -> Examined:
    return await restore(path, settings, now=now)
