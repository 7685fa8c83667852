"""停止 (stopping): how what runs until it is told to end is told, and ends."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine


async def until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Do the work until it is done, or until Ctrl-C or SIGTERM: a clean stop is a clean end."""
    running = asyncio.create_task(work)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    with suppress(asyncio.CancelledError):
        await running
