"""役所 (office): one house for all tests of a module, so that they are quick; each test has its own things in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from temporalio.client import Client

from engine.server import EmbeddedServer
from tests.house import House, working_house
from tests.web.conftest import Browser, browsers_on


@pytest.fixture(scope="module")
async def office(
    client_connection: Client, server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    async with working_house(client_connection, server.settings, tmp_path_factory.mktemp("office")) as house:
        yield house


@asynccontextmanager
async def signed_in(office: House, person: str) -> AsyncIterator[Browser]:
    """Give the browser of a person."""
    async with browsers_on(office.minaoshi) as make:
        yield await make().sign_in(person)
