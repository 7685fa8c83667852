"""鼓動 (heartbeat): by its silence the server knows soon that a worker was killed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio import activity

HEARTBEAT_S = 1.0
"""A mail server may take minutes, a roll of thousands too; that a worker was killed is to be known sooner."""


@asynccontextmanager
async def beating() -> AsyncIterator[None]:
    """Tell the server that we live while something takes its time; what is quick costs no word."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            activity.heartbeat()

    heart = asyncio.create_task(beat())
    try:
        yield
    finally:
        heart.cancel()
