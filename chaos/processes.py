"""過程 (processes): a worker or the pages in a process of its own, kept running as a service manager would keep it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from engine import child

_PAUSE_S = 0.5
_PATIENCE_S = 20.0


class KeptProcess:
    """続ける過程: started again when it ends, until it is held back or stopped. It ends with us."""

    def __init__(self, name: str, *arguments: str, environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.more: tuple[str, ...] = ()
        self.ended_by_itself = 0
        self._arguments = arguments
        self._environment = {**os.environ, **environment}
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._may_run = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process is not None else None

    def start(self, *more: str) -> None:
        """Let it run, with these further arguments."""
        self.more = more
        self._may_run.set()
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep(), name=self.name)

    async def kill(self) -> None:
        """Kill it (SIGKILL), and keep it from being started again until `start`."""
        await self._end(signal.SIGKILL)

    async def end(self) -> None:
        """Tell it to end (SIGTERM), and keep it from being started again; kill it where it does not."""
        await self._end(signal.SIGTERM)

    async def stop(self) -> None:
        """End it for good."""
        await self.kill()
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)

    def send(self, number: int) -> None:
        """Send it a signal; nothing where it has ended."""
        if self.pid is not None:
            os.kill(self.pid, number)

    async def wait_for_its_end(self, *, within_s: float) -> bool:
        """Wait until the process that runs now has ended; say whether it has. It is not started again then."""
        self._may_run.clear()
        process = self._process
        if process is None:
            return True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), within_s)
        return process.returncode is not None

    async def _end(self, number: int) -> None:
        self._may_run.clear()
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGCONT)  # who is paused hears nothing else
        process.send_signal(number)
        try:
            await asyncio.wait_for(process.wait(), _PATIENCE_S)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _keep(self) -> None:
        while True:
            await self._may_run.wait()
            command = [sys.executable, "-IS", child.__file__, str(os.getpid())]
            command += [sys.executable, "-m", "chaos.entry", *self._arguments, *self.more]
            with self._log.open("ab") as output:
                self._process = await asyncio.create_subprocess_exec(
                    *command,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    cwd=Path(__file__).parent.parent,
                    start_new_session=True,
                )
            await self._process.wait()
            if self._may_run.is_set():
                self.ended_by_itself += 1
                await asyncio.sleep(_PAUSE_S)
