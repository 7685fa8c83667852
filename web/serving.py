"""ページを出す (serving): the application behind an address, until it is cancelled."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Generator
from typing import Any

import uvicorn

PATIENCE_S = 5
"""So long a page that is being made may take when the serving ends (seconds)."""


class _Server(uvicorn.Server):
    """The signals belong to whoever runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


async def serve(
    application: Any, *, host: str, port: int, proxies: str = "", listening: Callable[[], None] = lambda: None
) -> None:
    """Serve until cancelled, then bring to their end the pages that are being made.

    Of `proxies` (networks) it is believed for whom they ask. `listening` is called when whoever asks is waited for.
    Raises OSError when the address is taken.
    """
    # uvicorn would end the whole process where it can't listen.
    door = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    config = uvicorn.Config(
        application,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        lifespan="off",
        timeout_graceful_shutdown=PATIENCE_S,
    )
    server = _Server(config)
    serving = asyncio.ensure_future(server.serve(sockets=[door]))
    listening()
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise
    finally:
        door.close()
