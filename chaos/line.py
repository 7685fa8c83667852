"""回線 (line): between a process and what it speaks with; it can be cut, and closed for a while."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from engine.ports import free_port

HOST = "127.0.0.1"
_PIECE = 65536

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Reaching = Callable[[], Awaitable[Ends]]


class Line:
    """回線: listens at `port`, and reaches the other end anew for each connection."""

    def __init__(self, reach: Reaching) -> None:
        self.port = free_port()
        self._reach = reach
        self._server: asyncio.Server | None = None
        self._closed = False
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def connections(self) -> int:
        """How many there are now."""
        return len(self._open) // 2

    async def start(self) -> None:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._carry, HOST, self.port)

    async def stop(self) -> None:
        """Listen no longer, and cut what is open."""
        if self._server is not None:
            self._server.close()
            self.cut()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> int:
        """Cut every connection, as a cable would; new ones come about. Gives how many there were."""
        number = self.connections
        for writer in tuple(self._open):
            writer.transport.abort()
        return number

    def close(self) -> None:
        """Cut every connection, and let none come about."""
        self._closed = True
        self.cut()

    def open(self) -> None:
        """Let connections come about again."""
        self._closed = False

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._closed:
            writer.transport.abort()
            return
        try:
            there = await self._reach()
        except OSError:
            writer.transport.abort()
            return
        both = (self._copied(reader, there[1]), self._copied(there[0], writer))
        self._open |= {writer, there[1]}
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            # One direction that ends, ends both.
            await asyncio.wait([asyncio.ensure_future(one) for one in both], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._open -= {writer, there[1]}
            for one in (writer, there[1]):
                one.transport.abort()

    @staticmethod
    async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await reader.read(_PIECE):
                writer.write(piece)
                await writer.drain()
            await asyncio.sleep(0)  # what was written last goes out before the other end is closed


def to_port(port: int) -> Reaching:
    """Reach what listens at a port."""
    return lambda: asyncio.open_connection(HOST, port)


def to_socket(path: str) -> Reaching:
    """Reach what listens at a Unix socket."""
    return lambda: asyncio.open_unix_connection(path)
