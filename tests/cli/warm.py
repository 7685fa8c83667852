"""温めた端末 (warm): the console script, all of it loaded and put together; each command is a fork of that.

It never loads the engine's runtime or opens a database itself, so it has one thread, and a fork is whole.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn

from cli.main import commands, run

LOADED = (
    *("client.opening", "client.minaoshi", "engine.connection", "settings", "worker", "rich.table"),
    *("psycopg", "sqlalchemy.dialects.postgresql.psycopg"),
)
"""What commands load when they run: loaded before, it is loaded once."""


def main() -> int:
    """Take one request a line (JSON), fork, and answer with the exit status, a line each."""
    for name in LOADED:
        importlib.import_module(name)
    commands()
    for line in sys.stdin:
        if threading.active_count() != 1:
            raise RuntimeError("a process of several threads is not whole after a fork")
        child = os.fork()
        if child == 0:
            _become(json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    return 0


def _become(request: dict[str, Any]) -> NoReturn:
    """Be the console script: its arguments, environment and three streams."""
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["minaoshi", *request["arguments"]]
    folder = Path(request["folder"])
    for number, name, flags in ((0, "in", os.O_RDONLY), (1, "out", os.O_WRONLY), (2, "err", os.O_WRONLY)):
        handle = os.open(folder / name, flags)
        os.dup2(handle, number)
        os.close(handle)
    # What the parent had read ahead is not ours.
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 # the process ends with it
    signal.alarm(request["seconds"])
    run()
    raise AssertionError("the console script ends the process")


if __name__ == "__main__":
    raise SystemExit(main())
