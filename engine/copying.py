"""組み込みサーバーの写し (copying the embedded server): its database as of one moment, while it goes on serving."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from engine.errors import EngineCopyError

BUSY_TIMEOUT_S = 10.0
"""How long a reader waits where the file is being opened or closed by the server, in seconds."""


class EngineMoment:
    """エンジンの一時点 (moment of the engine): what its database held when `begin` was called, however it goes on.

    To be used in one thread. In WAL mode a reader keeps nobody from writing.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._reading: sqlite3.Connection | None = None

    def begin(self) -> None:
        """Let the moment be now. Raises EngineCopyError where there is no such database."""
        address = f"file:{quote(str(self._database))}?mode=rw"  # never makes one
        try:
            self._reading = sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_S)
            self._reading.execute("BEGIN")
            # A transaction sees the moment of its first statement, not that of its beginning.
            self._reading.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            raise EngineCopyError(self._database, reason=str(error)) from error

    def copy_to(self, target: Path) -> None:
        """Write the database of that moment into a new file. Raises EngineCopyError, and ValueError before `begin`."""
        if self._reading is None:
            raise ValueError("no moment has begun")
        try:
            with closing(sqlite3.connect(target)) as written:
                self._reading.backup(written)
        except sqlite3.Error as error:
            raise EngineCopyError(self._database, reason=str(error)) from error

    def end(self) -> None:
        """Let the moment go."""
        if self._reading is not None:
            self._reading.close()
            self._reading = None


def faults_of_copy(database: Path) -> tuple[str, ...]:
    """Look through a copy; give what SQLite says is wrong with it, in its own words."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(database))}?mode=rw", uri=True)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check")]
    except sqlite3.Error as error:
        return (str(error),)
    return () if found == ["ok"] else tuple(found)
