"""診断 (examination): what `doctor` is told of the register."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from register import health

if TYPE_CHECKING:
    from datetime import datetime


async def examine_register(url: str, *, at: datetime) -> health.RegisterHealth:
    """Look at the register without opening it: nothing is made, nothing is brought up to date."""
    return await asyncio.to_thread(health.look, url, at=at)
