"""端末 (terminal): runs the real console script, as a person does; most commands in a fork that has it loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from settings import PREFIX, Settings

MINAOSHI = Path(sys.executable).with_name("minaoshi")

PATIENCE_S = 60


def demo_file(name: str) -> bytes:
    return resources.files("demo").joinpath(name).read_bytes()


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


class Warm:
    """温めた端末: the process of `tests.cli.warm`, one for each process of the tests."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.warm"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, arguments: Sequence[str], *, environment: dict[str, str], folder: Path) -> int:
        """Run one command; give its exit status. A command that takes too long is ended by its alarm."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = {"arguments": arguments, "environment": environment, "folder": str(folder), "seconds": PATIENCE_S}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@cache
def _warm() -> Warm:
    return Warm()


@dataclass(frozen=True)
class Terminal:
    """A terminal in one home folder, where `more` variables are set."""

    settings: Settings
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            f"{PREFIX}HOME": str(self.settings.home),
            f"{PREFIX}TEMPORAL_PORT": str(self.settings.temporal_port),
            f"{PREFIX}TEMPORAL_UI_PORT": str(self.settings.temporal_ui_port),
            f"{PREFIX}WEB_ADDRESS": self.settings.web_address,
            f"{PREFIX}TASK_QUEUE": self.settings.task_queue,
            f"{PREFIX}DATABASE_URL": self.settings.database_url or "",
            f"{PREFIX}HOTLINE_SMTP": self.settings.hotline_smtp or "",
            f"{PREFIX}HOTLINE_DEPARTMENT": self.settings.hotline_department or "",
            f"{PREFIX}HOTLINE_PERSON": self.settings.hotline_person or "",
            **self.more,
        }

    def run(self, *arguments: str, given: bytes = b"") -> Ended:
        """Run a command in a process of its own that has its modules already."""
        with tempfile.TemporaryDirectory(prefix="minaoshi-terminal-") as name:
            folder = Path(name)
            for stream, content in (("in", given), ("out", b""), ("err", b"")):
                (folder / stream).write_bytes(content)
            status = _warm().run(arguments, environment=self.environment, folder=folder)
            return Ended(status, (folder / "out").read_text("utf-8"), (folder / "err").read_text("utf-8"))

    def run_anew(self, *arguments: str, given: bytes = b"") -> Ended:
        """Run a command from its first line on: for what its start says, encodings among it."""
        done = subprocess.run(
            [MINAOSHI, *arguments],
            input=given,
            env=self.environment,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [MINAOSHI, *arguments], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )


MakeSettings = Callable[[Path], Settings]


def until(is_so: Callable[[], bool], *, told: Callable[[], str] = str) -> None:
    """Ask in commands until it is so; where it never is, `told` gives what is said of that."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, told()
