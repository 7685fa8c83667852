"""待つこと (Patience): ask again until something holds, for things of the operating system that send no event."""

import asyncio
from collections.abc import Callable

_STEP_SECONDS = 0.02


async def comes_true(holds: Callable[[], bool], *, within: float) -> bool:
    """Ask until it holds or `within` seconds have passed; return whether it held. It is asked once at least."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within
    while not holds():
        if loop.time() >= deadline:
            return False
        await asyncio.sleep(_STEP_SECONDS)
    return True
