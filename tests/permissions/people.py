"""役割の者 (people by role): who stands for a cell of the table, and how an act is sent past the facade."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Awaitable, Callable, Iterable
from itertools import product
from typing import Any, TypeVar

from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from schemas.organisation import Actor, Role
from schemas.records import AuditAction
from tests.house import House

OWN, OTHER = "account-registration", "resident-records"
DEPARTMENTS = {True: OWN, False: OTHER}
PERSONS = tuple(product((role for role in Role if role is not Role.ENGINE), (True, False)))
"""役割と部署: the engine is nobody of the organisation."""

AT_ONCE = 10
"""How many updates of one workflow are under way at the same time: Temporal takes no more."""

GONE = "gone"
NO_HANDLER = "no handler"

_numbers = itertools.count()
_One = TypeVar("_One")


def person_id(role: Role, *, own: bool) -> str:
    return f"{role.value.replace('_', '-')}-{'own' if own else 'other'}"


def actor_of(role: Role, *, own: bool, **more: Any) -> Actor:
    """Give an actor in the role, of the department concerned or of another one: the act says so itself."""
    person = {"person": person_id(role, own=own), **more}
    return Actor(role=role, body="digital-agency", department=DEPARTMENTS[own], organisation_revision=2, **person)


def new_id(stem: str) -> str:
    return f"{stem}/{uuid.uuid4().hex[:12]}/{next(_numbers)}"


async def answer_of(house: House, handle: Any, act: Any) -> str:
    """Send an act as a direct update, signed as by the gateway; give what `answered` does."""
    return await answered(handle.execute_update(act.act.value, house.signed(act), id=act.act_id))


async def answered(update: Awaitable[Any]) -> str:
    """Give the code of the refusal of an update; empty where there is none.

    `GONE` where the workflow has come to its end, `NO_HANDLER` where it does not know such an update.
    """
    try:
        await update
    except WorkflowUpdateFailedError as failed:
        cause = failed.cause
        assert isinstance(cause, ApplicationError)
        return str(cause.details[0]["code"]) if cause.type == "Refused" else NO_HANDLER
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return GONE
    return ""


async def all_at_once(ask: Callable[[_One], Awaitable[str]], ones: Iterable[_One]) -> dict[_One, str]:
    """Ask for each one, some at a time."""
    door = asyncio.Semaphore(AT_ONCE)

    async def in_turn(one: _One) -> tuple[_One, str]:
        async with door:
            return one, await ask(one)

    return dict(await asyncio.gather(*(in_turn(one) for one in ones)))


async def changes_of(house: House) -> int:
    """Count what stands in the trail, but for the refusals of pages, which are noted there."""
    refused = await house.register.occurrences(AuditAction.REFUSED_BY_PAGE)
    return (await house.register.audit_head()).seq - len(refused)


async def events_of(handle: Any) -> int:
    return len((await handle.fetch_history()).events)
