"""舞台 (stage): the real processes of the demo, which the story kills and brings back."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

import worker
from engine import child
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from settings import PREFIX, Settings

if TYPE_CHECKING:
    from types import TracebackType


class Stage:
    """舞台: the embedded server, and a worker in a process of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server = EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES)
        self._worker: asyncio.subprocess.Process | None = None

    @property
    def server_pid(self) -> int:
        return self._server.pid

    @property
    def worker_pid(self) -> int:
        """Process id of the worker; raises RuntimeError when none runs."""
        if self._worker is None:
            raise RuntimeError("no worker runs")
        return self._worker.pid

    async def __aenter__(self) -> Self:
        await self._server.start()
        await self._start_worker()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._worker is not None and self._worker.returncode is None:
            self._worker.send_signal(signal.SIGTERM)
            await self._worker.wait()
        await self._server.stop()

    async def kill_both(self) -> None:
        """Kill worker and server with SIGKILL, as a power cut would, and bring both back."""
        if self._worker is not None:
            self._worker.kill()
            await self._worker.wait()
        self._server.kill()
        await self._server.wait_until_serving()
        await self._start_worker()

    async def _start_worker(self) -> None:
        # The embedded engine is meant, whatever the variables of this terminal say.
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")},
            f"{PREFIX}HOME": str(self._settings.home),
            f"{PREFIX}TEMPORAL_PORT": str(self._settings.temporal_port),
            f"{PREFIX}TEMPORAL_UI_PORT": str(self._settings.temporal_ui_port),
            **self._mailing(),
        }
        command = [sys.executable, child.__file__, str(os.getpid()), sys.executable, str(Path(worker.__file__))]
        with (self._settings.home / "worker.log").open("ab") as log:
            self._worker = await asyncio.create_subprocess_exec(
                *command, env=environment, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
            )

    def _mailing(self) -> dict[str, str]:
        """Give what the worker is told of the mail server, where there is one."""
        settings = self._settings
        if settings.smtp_url is None or settings.mail_from is None:
            return {}
        return {
            f"{PREFIX}SMTP_URL": settings.smtp_url,
            f"{PREFIX}MAIL_FROM": settings.mail_from,
            f"{PREFIX}CIRCULAR_PACE": str(settings.circular_pace),
        }
