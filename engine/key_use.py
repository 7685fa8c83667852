"""鍵の用い所 (use of a key): which histories and schedules hold what was encrypted with it, and can't be read without.

The key's id stands in clear beside each payload; it is long and by chance, so that it is sought as it is.
"""

from __future__ import annotations

from typing import NamedTuple

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode


class KeyUse(NamedTuple):
    """鍵の用い所: the ids of workflows that go on, of those that ended and are still kept, and of schedules."""

    running: tuple[str, ...]
    ended: tuple[str, ...]
    schedules: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether something can't be read without the key."""
        return any(self)


async def use_of_key(temporal: Client, key_id: str) -> KeyUse:
    """Read every history and schedule of the namespace, and give those that hold the key's id."""
    sought = key_id.encode("ascii")
    running: list[str] = []
    ended: list[str] = []
    async for one in temporal.list_workflows():
        handle = temporal.get_workflow_handle(one.id, run_id=one.run_id)
        try:
            history = await handle.fetch_history()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:  # its time was over meanwhile
                continue
            raise
        if any(sought in event.SerializeToString() for event in history.events):
            (ended if one.close_time else running).append(one.id)
    schedules = []
    async for listed in await temporal.list_schedules():
        described = await temporal.get_schedule_handle(listed.id).describe()
        if sought in described.raw_description.SerializeToString():
            schedules.append(listed.id)
    return KeyUse(tuple(running), tuple(ended), tuple(schedules))
