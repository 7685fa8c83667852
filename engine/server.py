"""組み込みサーバー (Embedded server): the real Temporal server as a supervised child process, on SQLite."""

import asyncio
import contextlib
import logging
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from temporalio.service import ConnectConfig, RPCError, ServiceClient

from engine import child
from engine.errors import EngineError, ServerMissingError, ServerStartError
from engine.home import HomeLock
from engine.namespace import prepare
from engine.ports import require_free
from engine.process_record import ProcessRecord, end_orphan
from settings import PREFIX, Settings

_LOG = logging.getLogger("minaoshi.engine")

_START_SECONDS = 30.0
_STOP_SECONDS = 10.0
_STEP_SECONDS = 0.02
_ANSWER_SECONDS = 2.0
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 10.0
# A server that lived that long was well: its death is a first one again.
_WELL_AFTER_SECONDS = 5.0
_LOG_TURNS_AT_BYTES = 10_000_000
_TAIL_LINES = 15


class EmbeddedServer:
    """組み込みサーバー (Embedded server): started, watched, restarted when it dies, and stopped with us.

    Used as `async with EmbeddedServer(settings, search_attributes=…) as server:`, or by `start()` and `stop()`. It ends
    with this process however that ends. The signal that sees to that belongs to the thread that runs the event loop:
    when that thread ends, the server does. `dynamic_config` are Temporal's own settings, each as `name=value`.
    """

    def __init__(
        self, settings: Settings, *, search_attributes: Mapping[str, str], dynamic_config: Sequence[str] = ()
    ) -> None:
        self._settings = settings
        self._dynamic_config = tuple(dynamic_config)
        self._search_attributes = search_attributes
        self._lock = HomeLock(settings)
        self._child: asyncio.subprocess.Process | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._serving = asyncio.Event()
        self._pids: list[int] = []

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def pid(self) -> int:
        """Process id of the server that serves, or served last."""
        return self._pids[-1]

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids of all servers that served since `start()`, the oldest first."""
        return tuple(self._pids)

    @property
    def restarts(self) -> int:
        """How often the server was started again since `start()`."""
        return len(self._pids) - 1

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Return when the server answers and its namespace is ready.

        Raises:
            HomeInUseError: another living process uses the folder.
            PortTakenError: one of the two ports is taken.
            PortRefusedError: one of the two ports may not be opened.
            ServerMissingError: the executable is not installed.
            ServerStartError: it died or did not answer in time; with the end of its log.

        """
        await self._lock.acquire()
        try:
            if (orphan := await end_orphan(self._settings.temporal_pid_path)) is not None:
                _LOG.warning("前回の Temporal サーバー（PID %d）が残っていたため、終了させました。", orphan)
            _turn_log(self._settings.temporal_log_path)
            await self._launch()
        except BaseException:
            self._lock.release()
            raise
        self._supervisor = asyncio.create_task(self._supervise(), name="embedded-server")

    async def stop(self) -> None:
        """End the server, gently first. Its data stays."""
        supervisor, self._supervisor = self._supervisor, None
        try:
            if supervisor is not None:
                supervisor.cancel()
                await asyncio.wait([supervisor])
                if not supervisor.cancelled():
                    supervisor.result()  # a bug of ours is not swallowed
        finally:
            await self._end_child()
            self._lock.release()

    def kill(self) -> int:
        """Kill the server as a crash would (SIGKILL), and return its pid. The supervision brings it back."""
        if self._child is not None and self._child.returncode is None:
            self._serving.clear()
            self._child.kill()
            return self._child.pid
        return self.pid

    async def wait_until_serving(self, *, within: timedelta = timedelta(seconds=_START_SECONDS)) -> None:
        """Return at once if the server serves, otherwise when it does again.

        Raises:
            TimeoutError: it does not within that time.

        """
        await asyncio.wait_for(self._serving.wait(), within.total_seconds())

    async def _supervise(self) -> None:
        loop = asyncio.get_running_loop()
        pause = _FIRST_PAUSE_SECONDS
        while self._child is not None:
            since = loop.time()
            code = await self._child.wait()
            self._serving.clear()
            if loop.time() - since >= _WELL_AFTER_SECONDS:
                pause = _FIRST_PAUSE_SECONDS
            _LOG.warning("Temporal サーバーが止まりました（終了コード %d）。再起動します。", code)
            while not self._serving.is_set():
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
                try:
                    await self._launch()
                except EngineError as error:
                    # Not the end: what is in its way (a full disk, a taken port) may go away.
                    _LOG.error("%s", error)
            _LOG.warning("Temporal サーバーを再起動しました（%d 回目）。", self.restarts)

    async def _launch(self) -> None:
        # Each time: if another Temporal server took the port meanwhile, it would answer in the place of ours.
        await require_free(self._settings.temporal_port, variable=f"{PREFIX}TEMPORAL_PORT")
        await require_free(self._settings.temporal_ui_port, variable=f"{PREFIX}TEMPORAL_UI_PORT")
        log = self._settings.temporal_log_path
        log_start = log.stat().st_size if log.exists() else 0
        try:
            self._child = await self._spawn(log)
            record = ProcessRecord.of_running(self._child.pid, database=self._settings.temporal_database_path)
            record.write(self._settings.temporal_pid_path)
            service = await asyncio.wait_for(self._first_answer(self._child), _START_SECONDS)
            await prepare(service, self._settings.temporal_namespace, search_attributes=self._search_attributes)
        except (OSError, RPCError, _DiedError) as error:
            await self._end_child()
            raise ServerStartError(_reason(error), log=log, tail=_tail(log, log_start)) from error
        except BaseException:
            await self._end_child()
            raise
        self._pids.append(self._child.pid)
        self._serving.set()

    async def _spawn(self, log: Path) -> asyncio.subprocess.Process:
        command = [sys.executable, "-IS", child.__file__, str(os.getpid()), *self._command()]
        # Temporal's own variables say where *clients* connect; they must not reach the server's command line parser.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
        with log.open("ab") as output:
            return await asyncio.create_subprocess_exec(
                *command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                # Out of the terminal's process group: Ctrl-C goes to us, and we stop the server after its users.
                start_new_session=True,
            )

    def _command(self) -> list[str]:
        settings = self._settings
        options = {
            "--ip": "127.0.0.1",
            "--port": str(settings.temporal_port),
            "--ui-port": str(settings.temporal_ui_port),
            "--db-filename": str(settings.temporal_database_path),
            "--namespace": settings.temporal_namespace,
            "--log-level": "warn",
        }
        return [
            str(find_executable()),
            *("server", "start-dev"),
            *(word for option in options.items() for word in option),
            *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL"),
            *(word for value in self._dynamic_config for word in ("--dynamic-config-value", value)),
            *("--disable-config-file", "--disable-config-env", "--ui-disable-news-fetch"),
        ]

    async def _first_answer(self, process: asyncio.subprocess.Process) -> ServiceClient:
        while process.returncode is None:
            # RuntimeError: the SDK's word for a connection refused. TimeoutError: it listens but does not answer yet.
            with contextlib.suppress(RuntimeError, RPCError, TimeoutError):
                async with asyncio.timeout(_ANSWER_SECONDS):
                    service = await ServiceClient.connect(ConnectConfig(target_host=self._settings.temporal_address))
                    if await service.check_health():
                        return service
            await asyncio.sleep(_STEP_SECONDS)
        raise _DiedError(process.returncode)

    async def _end_child(self) -> None:
        process, self._child = self._child, None
        self._serving.clear()
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), _STOP_SECONDS)
            except TimeoutError:
                process.kill()
        await process.wait()
        self._settings.temporal_pid_path.unlink(missing_ok=True)


class _DiedError(Exception):
    """The server ended before it answered."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def find_executable() -> Path:
    """Find the `temporal` executable, which its package puts beside the interpreter's own scripts.

    Raises:
        ServerMissingError: it is in none of the places.

    """
    folders = (Path(sysconfig.get_path("scripts")), Path(sys.executable).parent)
    for folder in folders:
        if os.access(folder / "temporal", os.X_OK):
            return folder / "temporal"
    if on_path := shutil.which("temporal"):
        return Path(on_path).absolute()
    raise ServerMissingError


def _reason(error: Exception) -> str:
    match error:
        case _DiedError(code=code):
            return f"起動の途中で終わりました（終了コード {code}）。"
        case TimeoutError():
            return f"{_START_SECONDS:.0f} 秒以内に応答がありません。"
        case _:
            return f"準備の途中で誤りが返りました（{error}）。"


def _turn_log(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_TURNS_AT_BYTES:
        log.replace(log.with_suffix(".log.1"))


def _tail(log: Path, start: int) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as lines:
        lines.seek(start)
        return "\n".join(lines.read().decode("utf-8", "replace").splitlines()[-_TAIL_LINES:])
