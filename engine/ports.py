"""ポート (Ports): whether the embedded server may listen where it is told to; and a free one for what is tried out."""

import errno
import itertools
import os
import random
import socket
from collections.abc import Iterator
from functools import cache

import psutil

from engine.errors import PortRefusedError, PortTakenError
from engine.patience import comes_true

# A server killed a moment ago may still be closing its sockets.
_PATIENCE_SECONDS = 1.0

# Below the ports that the operating system hands out by itself, so that nobody takes one between choice and use; in an
# order of this process's own, so that another one that chooses at the same moment takes others.
_TRIED_OUT = range(15000, 30000)


def free_port() -> int:
    """Give a port of 127.0.0.1 on which nobody listens, none a second time: for an installation that is tried out."""
    return next(port for port in _in_turn() if _obstacle(port) is None)


@cache
def _in_turn() -> Iterator[int]:
    return itertools.cycle(random.SystemRandom().sample(_TRIED_OUT, len(_TRIED_OUT)))


async def require_free(port: int, *, variable: str) -> None:
    """Return when 127.0.0.1:`port` can be listened on; `variable` is the environment variable that would change it.

    Raises:
        PortTakenError: somebody listens there, Temporal or not.
        PortRefusedError: the operating system forbids it.

    """
    if await comes_true(lambda: _obstacle(port) is None, within=_PATIENCE_SECONDS):
        return
    error = _obstacle(port)
    if error is not None and error.errno != errno.EADDRINUSE:
        raise PortRefusedError(port, variable=variable, reason=os.strerror(error.errno or 0)) from error
    raise PortTakenError(port, variable=variable, owner=_owner(port)) from error


def _obstacle(port: int) -> OSError | None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the server itself does: connections that linger in TIME_WAIT are no obstacle, a listener is.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError as error:
            return error
    return None


def _owner(port: int) -> str | None:
    """Name the program that listens on `port`, if we may know it."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            if (
                connection.pid
                and connection.laddr
                and connection.laddr[1] == port
                and connection.status == psutil.CONN_LISTEN
            ):
                return f"{psutil.Process(connection.pid).name()}、PID {connection.pid}"
    except psutil.Error:
        return None
    return None
