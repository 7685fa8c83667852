"""診断 (examination): what `doctor` is told of the register."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from register.health import RegisterHealth, look

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["RegisterHealth", "examine_register"]


async def examine_register(url: str, *, at: datetime) -> RegisterHealth:
    """Look at the register without opening it: nothing is made, nothing is brought up to date."""
    return await asyncio.to_thread(look, url, at=at)
