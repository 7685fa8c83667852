"""プロセスの記録 (Process record): the pid file by which a later start recognises a server that was left behind."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import psutil

from engine.patience import comes_true

# The start time is counted from the boot time, which moves with corrections of the clock.
_CLOCK_TOLERANCE_SECONDS = 2.0
_TERMINATE_PATIENCE_SECONDS = 3.0
_KILL_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True)
class ProcessRecord:
    """プロセスの記録 (Process record): a pid with what tells its process from a later one with the same pid."""

    pid: int
    started_at: float  # seconds since the epoch
    database: str  # stands among the arguments of the server

    @classmethod
    def of_running(cls, pid: int, *, database: Path) -> Self:
        """Record a process that was just started.

        Raises:
            ProcessLookupError: it has ended already.

        """
        try:
            return cls(pid=pid, started_at=psutil.Process(pid).create_time(), database=str(database))
        except psutil.NoSuchProcess as error:
            raise ProcessLookupError(f"no process {pid}") from error

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Return the record in `path`, or None where there is none or it can't be understood."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                pid=int(content["pid"]), started_at=float(content["started_at"]), database=str(content["database"])
            )
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def write(self, path: Path) -> None:
        # Beside, then renamed: a reader never sees half a record.
        beside = path.with_suffix(".pid.new")
        beside.write_text(json.dumps(asdict(self)), encoding="utf-8")
        beside.replace(path)

    def find(self) -> psutil.Process | None:
        """Return the very process that was recorded, if it still lives."""
        try:
            process = psutil.Process(self.pid)
            if (
                abs(process.create_time() - self.started_at) <= _CLOCK_TOLERANCE_SECONDS
                and process.status() != psutil.STATUS_ZOMBIE
                and self.database in process.cmdline()
            ):
                return process
        except psutil.Error:
            return None
        return None


async def end_orphan(path: Path) -> int | None:
    """End the server that `path` records, if it still lives, and wait until it has ended.

    Returns its pid, or None if there was nothing to end. A record of a process that is gone, or whose pid now belongs
    to another program, is removed without touching anybody. The caller holds the lock of the folder, so whoever started
    that server is dead.
    """
    record = ProcessRecord.read(path)
    process = record.find() if record else None
    if record and process:
        process.terminate()
        if not await comes_true(lambda: record.find() is None, within=_TERMINATE_PATIENCE_SECONDS):
            process.kill()
            await comes_true(lambda: record.find() is None, within=_KILL_PATIENCE_SECONDS)
    path.unlink(missing_ok=True)  # noqa: ASYNC240 # one small local file
    return process.pid if process else None
