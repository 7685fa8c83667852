"""端末 (terminal): runs the real console script, as a person does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from settings import PREFIX, Settings

MINAOSHI = Path(sys.executable).with_name("minaoshi")


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


@dataclass(frozen=True)
class Terminal:
    """A terminal in one home folder."""

    settings: Settings

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            f"{PREFIX}HOME": str(self.settings.home),
            f"{PREFIX}TEMPORAL_PORT": str(self.settings.temporal_port),
            f"{PREFIX}TEMPORAL_UI_PORT": str(self.settings.temporal_ui_port),
            f"{PREFIX}WEB_ADDRESS": self.settings.web_address,
            f"{PREFIX}TASK_QUEUE": self.settings.task_queue,
            f"{PREFIX}HOTLINE_SMTP": self.settings.hotline_smtp or "",
            f"{PREFIX}HOTLINE_DEPARTMENT": self.settings.hotline_department or "",
            f"{PREFIX}HOTLINE_PERSON": self.settings.hotline_person or "",
        }

    def run(self, *arguments: str, given: bytes = b"") -> Ended:
        done = subprocess.run(
            [MINAOSHI, *arguments], input=given, env=self.environment, capture_output=True, timeout=60, check=False
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [MINAOSHI, *arguments], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )


MakeSettings = Callable[[Path], Settings]
