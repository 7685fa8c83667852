"""ページを出す (serving), for tests that need an address: a browser, or a program of somebody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx2

from tests.house import House
from web.application import build_application
from web.codec import CodecEndpoint
from web.serving import serve


@asynccontextmanager
async def served(house: House, *, port: int, codec: CodecEndpoint | None = None) -> AsyncIterator[str]:
    """Serve the pages of a house, and give their address."""
    address = f"http://127.0.0.1:{port}"
    serving = asyncio.create_task(serve(build_application(house.minaoshi, codec=codec), host="127.0.0.1", port=port))
    try:
        async with httpx2.AsyncClient() as asking, asyncio.timeout(10):
            while True:
                with suppress(httpx2.TransportError):
                    await asking.get(f"{address}/sign-in")
                    break
                await asyncio.sleep(0.02)
        yield address
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
