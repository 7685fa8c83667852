"""空いたポート (free ports): what is tried out side by side never meets."""

from __future__ import annotations

import socket

from engine.ports import free_port


def test_no_port_is_given_twice() -> None:
    assert len({free_port() for _ in range(2000)}) == 2000


def test_a_port_on_which_somebody_listens_is_not_given() -> None:
    with socket.create_server(("127.0.0.1", free_port())) as listening:
        taken = listening.getsockname()[1]
        # As many as there are to choose from: each would have come by now.
        assert taken not in {free_port() for _ in range(15000)}
