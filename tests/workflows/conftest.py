"""家と作業者: each test of the workflows has a register and a worker of its own on the run's real server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from engine.server import EmbeddedServer
from tests.house import House, open_house
from tests.notices.post_office import PostOffice
from tests.workflows.sandbox import SANDBOX
from tests.workflows.skipping import skipping_environment


@pytest.fixture
async def empty_house(client_connection: Client, server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[House]:
    """Furnish a house without a worker."""
    async with open_house(client_connection, server.settings, tmp_path, runner=SANDBOX) as house:
        await house.furnish()
        yield house


@pytest.fixture(scope="module")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    async with skipping_environment() as running:
        yield running


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with PostOffice() as office:
        yield office


@pytest.fixture
async def house(empty_house: House) -> AsyncIterator[House]:
    async with empty_house.worker():
        yield empty_house
