"""開く (opening): the facade on a register, for as long as it is used."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from client.errors import RegisterNotReadyError
from client.minaoshi import Minaoshi
from client.readiness import MIGRATE, UPDATE_US
from client.sessions import IDLE
from register.errors import SchemaAheadError, SchemaBehindError
from register.register import Register, open_register

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from datetime import timedelta

    from temporalio.client import Client

    from client.identity import Identity
    from schemas.signatures import Signatures


async def open_own_register(url: str) -> Register:
    """Open the register, brought up to the newest schema.

    Raises RegisterNotReadyError where a newer program has been at it, or where it may not be changed by us.
    """
    try:
        return await open_register(url)
    except SchemaAheadError as error:
        raise RegisterNotReadyError(str(error), where="台帳", remedy=UPDATE_US) from error
    except SchemaBehindError as error:
        raise RegisterNotReadyError(str(error), where="台帳", remedy=MIGRATE) from error


@asynccontextmanager
async def open_minaoshi(  # noqa: PLR0913 # what the facade is put together of
    register_url: str,
    connect: Callable[[], Awaitable[Client]],
    *,
    task_queue: str,
    signatures: Signatures,
    identity: Identity | None = None,
    idle: timedelta = IDLE,
) -> AsyncIterator[Minaoshi]:
    """Open the register, brought up to the newest schema, and give the facade; `connect` is called when needed."""
    register = await open_own_register(register_url)
    try:
        yield Minaoshi(register, connect, task_queue=task_queue, signatures=signatures, identity=identity, idle=idle)
    finally:
        await register.close()
