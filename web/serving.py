"""ページを出す (serving): the application behind an address, until it is cancelled."""

import contextlib
from collections.abc import Generator
from typing import Any

import uvicorn


class _Server(uvicorn.Server):
    """The signals belong to whoever runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


async def serve(application: Any, *, host: str, port: int) -> None:
    """Serve until cancelled. Raises OSError when the address is taken."""
    config = uvicorn.Config(
        application, host=host, port=port, log_config=None, access_log=False, server_header=False, lifespan="off"
    )
    await _Server(config).serve()
