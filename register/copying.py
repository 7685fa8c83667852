"""台帳の写し (copying the register): all of it as of one moment at which nobody was writing, and back again.

SQLite copies itself; PostgreSQL is copied by its own `pg_dump` and `pg_restore`, of the same snapshot.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url

from register import audit
from register.audit import Head
from register.database import HEAD_REVISION, engine_for, reader_of, writer_of

SQLITE, POSTGRESQL = "sqlite", "postgresql"


class CopyingError(RuntimeError):
    """写せない (can't be copied): in the words of whoever refused; in Japanese where it was ours."""


class RegisterMoment:
    """台帳の一時点 (moment of the register): its schema, the head of its trail, and all that was in it then."""

    def __init__(self, url: str, reading: Connection) -> None:
        self._url = url
        self._reading = reading
        # The first statement: from here on the transaction sees this moment.
        self.revision: str = reading.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        self.head: Head = audit.head(reading)

    def copy_to(self, target: Path) -> None:
        """Write what was in it into a new file. Raises CopyingError."""
        if kind_of(self._url) == SQLITE:
            source = self._reading.connection.driver_connection
            with closing(sqlite3.connect(target)) as written:
                source.backup(written)  # type: ignore[union-attr] # SQLAlchemy's own view of a driver's connection
            return
        snapshot = self._reading.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        _run("pg_dump", (f"--snapshot={snapshot}", "--format=custom", f"--file={target}"), url=self._url)


@contextmanager
def one_moment(url: str, *, also: Callable[[], None]) -> Iterator[RegisterMoment]:
    """Give the register as of one moment, at which nobody was writing; `also` is called at that same moment.

    Writers wait for that long, which is some milliseconds; what is then copied, is copied while they go on.
    Raises CopyingError where there is no register.
    """
    if not is_there(url):
        raise CopyingError("台帳がありません")
    engine = engine_for(url)
    try:
        with reader_of(engine).connect() as reading:
            with writer_of(engine).begin():
                moment = RegisterMoment(url, reading)
                also()
            yield moment
    finally:
        engine.dispose()


def kind_of(url: str) -> str:
    """Give the kind of database at an address."""
    return make_url(url).get_backend_name()


def is_there(url: str) -> bool:
    """Tell whether there is anything at an address; looking makes nothing."""
    address = make_url(url)
    if address.get_backend_name() == SQLITE:
        return Path(address.database or "").exists()
    engine = engine_for(url)
    try:
        with engine.connect() as connection:
            return bool(inspect(connection).get_table_names())
    finally:
        engine.dispose()


def is_newer(revision: str) -> bool:
    """Tell whether a schema is newer than this program knows."""
    return revision > HEAD_REVISION


def place_of(url: str) -> Path | None:
    """Give the file in which the register is; None where a server has it."""
    address = make_url(url)
    return Path(address.database or "") if address.get_backend_name() == SQLITE else None


def restore(copy: Path, url: str) -> None:
    """Put a copy made by `pg_dump` into an empty database; all of it or nothing. Raises CopyingError."""
    _run("pg_restore", ("--single-transaction", "--exit-on-error", str(copy)), url=url)


def _run(program: str, arguments: Sequence[str], *, url: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise CopyingError(f"{program} がありません（PostgreSQL のクライアントを入れてください）")
    address = make_url(url).set(drivername=POSTGRESQL)
    # Not on the command line, where every user of the machine could read it.
    secret = {} if address.password is None else {"PGPASSWORD": str(address.password)}
    place = address._replace(password=None).render_as_string(hide_password=False)
    ended = subprocess.run(  # noqa: S603 # a program of PostgreSQL, with arguments of our own
        [found, "--no-owner", "--no-privileges", f"--dbname={place}", *arguments],
        env={**os.environ, **secret},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if ended.returncode:
        raise CopyingError(ended.stderr.decode("utf-8", "replace").strip())
