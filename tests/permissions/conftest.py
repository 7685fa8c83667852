"""全ての役割の者がいる家: two people of each role, one of the department concerned, one of another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib import resources

import pytest
from temporalio.client import Client

from engine.server import EmbeddedServer
from schemas.organisation import OF_A_DEPARTMENT, Role
from tests.house import House, open_house
from tests.permissions.pages import Browsers
from tests.permissions.people import DEPARTMENTS, PERSONS, person_id
from tests.web.conftest import browsers_on


def _organisation() -> str:
    text = resources.files("demo").joinpath("organisation.toml").read_text(encoding="utf-8")
    for role, own in PERSONS:
        one, department = person_id(role, own=own), DEPARTMENTS[own]
        text += f'\n[[people]]\nid = "{one}"\nname = "見本 {one}"\nbody = "digital-agency"\n'
        text += f'department = "{department}"\n'
        if role is not Role.STAFF:
            text += f'\n[[appointments]]\nrole = "{role.value}"\nbody = "digital-agency"\npersons = ["{one}"]\n'
            text += f'department = "{department}"\n' if role in OF_A_DEPARTMENT else ""
    return text


@pytest.fixture(scope="module")
async def office(
    client_connection: Client, server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    async with open_house(client_connection, server.settings, tmp_path_factory.mktemp("permissions")) as house:
        await house.furnish()
        await house.minaoshi.organisation.apply(_organisation().encode())
        async with house.worker():
            yield house


@pytest.fixture(scope="module")
async def browsers(office: House) -> AsyncIterator[Browsers]:
    """Sign two people of each role in."""
    async with browsers_on(office.minaoshi) as make:
        yield {(role, own): await make().sign_in(person_id(role, own=own)) for role, own in PERSONS}
