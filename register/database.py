"""データベース (database): opening it, working in it, and bringing it up to the newest schema.

Everything is transactional. A reader begins at its first statement and sees one moment. A writer holds the write lock
from its beginning, so that the chain of the audit trail has one order. A transaction is plain, synchronous code that
runs in a thread of its own: the write lock is then held for a millisecond, however busy the event loop is.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor, ExceptionContext
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import ConnectionPoolEntry

from register.errors import RegisterAway, SchemaBehindError
from register.schema_state import refuse_newer, revision_of
from register.triggers import make_triggers, triggers_are_there

HEAD_REVISION = "0017"
"""最新の移行: the newest migration. Said here so that a start without anything to migrate need not load Alembic."""

BUSY_TIMEOUT_S = 10.0
"""How long a writer waits for the write lock, in seconds."""

HELD_AT_MOST_S = 10.0
"""How long a transaction of PostgreSQL may lie idle, in seconds: a writer that is paused in the middle of one holds the
lock of all the others, and its connection is still alive."""

LINE_PATIENCE_S = 10
"""How long a connection to PostgreSQL may take to come about, and what is sent to be taken, in seconds."""

_STEP_S = 0.01
_READERS = 4
_MIGRATIONS = Path(__file__).parent / "migrations"
_WRITES = "minaoshi_writes"
_NOT_ALLOWED = "42501"
"""PostgreSQL's word for what a role may not do."""

_ADVISORY_LOCK = 0x6D696E616F736869
"""PostgreSQL's lock that every writer of a register takes: a number that nobody else uses."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Database:
    """データベース (database): reads and writes, each in one transaction, off the event loop."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reader_of(engine)
        self._writing = writer_of(engine)
        # One thread: the writers of a process queue here, where SQLite would have them ask again and again.
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="register-writer")
        self._readers = ThreadPoolExecutor(max_workers=_READERS, thread_name_prefix="register-reader")

    async def read(self, work: Callable[Concatenate[Connection, _P], _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Do the work on a connection that sees one moment."""

        def run() -> _T:
            with self._reading.connect() as connection:
                return work(connection, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._readers, run)

    async def write(self, work: Callable[Concatenate[Connection, _P], _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Do the work in a transaction that writes: all of it when it returns, nothing when it raises.

        Once begun it goes on to its end, even when the caller is cancelled.
        """

        def run() -> _T:
            with self._writing.begin() as connection:
                return work(connection, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._writer, run)

    async def close(self) -> None:
        """Let what has begun come to its end, and close all connections."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._writer.shutdown()
        self._readers.shutdown()
        self._engine.dispose()


def open_database(url: str) -> Database:
    """Open the database at `url` (`sqlite:///…` or `postgresql+psycopg://…`)."""
    return Database(engine_for(url))


async def migrate(url: str) -> None:
    """Bring the database up to the newest schema, with its triggers; make a SQLite file and its folder when missing.

    Raises SchemaAheadError where a newer program has been at it, SchemaBehindError where it may not be changed by us.
    """
    await asyncio.to_thread(_migrate, url)


async def is_current(url: str) -> bool:
    """Tell whether the database has the newest schema and its triggers."""
    return await asyncio.to_thread(_is_current, url)


def engine_for(url: str, *, foreign_keys: str = "ON", lock_patience_s: float | None = None) -> Engine:
    """Give an engine with the register's way of transactions and of writing JSON.

    A migration turns foreign keys off: batch mode makes a table anew and drops the old one, and SQLite would delete
    what points to it. On PostgreSQL it waits for others as long as it takes: `lock_patience_s` is 0.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        # What the address says itself goes before it.
        line = {name: value for name, value in _LINE.items() if name not in address.query}
        # What was connected before the server was started anew is no connection any more.
        engine = create_engine(address, json_serializer=to_json, connect_args=line, pool_pre_ping=True)
        patience_s = BUSY_TIMEOUT_S if lock_patience_s is None else lock_patience_s
        event.listen(engine, "connect", partial(_prepare_postgresql, lock_patience_s=patience_s))
        event.listen(engine, "begin", _begin_postgresql)
        event.listen(engine, "handle_error", _told_as_away, retval=True)
        return engine
    # The address may name the asynchronous driver: it is the same file.
    plain = address.set(drivername="sqlite")
    engine = create_engine(plain, json_serializer=to_json, connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", partial(_prepare_sqlite, foreign_keys=foreign_keys))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def writer_of(engine: Engine) -> Engine:
    """Give the same engine for transactions that hold the write lock."""
    held = engine.execution_options(**{_WRITES: True})
    # Whatever the server's default is: after the lock each statement must see what was written before it.
    return held if engine.dialect.name == "sqlite" else held.execution_options(isolation_level="READ COMMITTED")


def reader_of(engine: Engine) -> Engine:
    """Give the same engine for transactions that see one moment, and write nothing."""
    if engine.dialect.name == "sqlite":  # where it is so anyway
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def to_json(value: Any) -> str:
    """Write JSON as it is stored: Japanese unescaped, or a query by a Japanese key would find nothing."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


_LINE = {
    "connect_timeout": LINE_PATIENCE_S,
    "keepalives_idle": LINE_PATIENCE_S,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 1000 * LINE_PATIENCE_S,
}
"""回線: by libpq's names. A line that was cut without a word is found out, or its reader would wait for ever."""


def _prepare_postgresql(connection: DBAPIConnection, _: ConnectionPoolEntry, *, lock_patience_s: float) -> None:
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = {int(1000 * lock_patience_s)}")
    cursor.execute(f"SET idle_in_transaction_session_timeout = {int(1000 * HELD_AT_MOST_S)}")
    cursor.close()
    connection.autocommit = False


def _told_as_away(context: ExceptionContext) -> RegisterAway | None:
    """Tell a connection that the server has ended as what it is, however the server called it."""
    if not context.is_disconnect or isinstance(context.sqlalchemy_exception, RegisterAway):
        return None
    return RegisterAway(context.statement, None, context.original_exception, connection_invalidated=True)


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry, *, foreign_keys: str) -> None:
    # The driver begins no transaction by itself: it would not begin one for SELECT or CREATE TABLE.
    connection.isolation_level = None
    cursor = connection.cursor()
    _turn_to_wal(cursor)
    for pragma in ("synchronous = FULL", f"foreign_keys = {foreign_keys}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _turn_to_wal(cursor: DBAPICursor) -> None:
    """Turn the file to WAL; two that open a new one at once would meet, for SQLite waits for nobody there."""
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_STEP_S)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get(_WRITES):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")


def _migrate(url: str) -> None:
    _make_folder(make_url(url))
    if _is_current(url):
        return
    engine = engine_for(url, foreign_keys="OFF", lock_patience_s=0)
    try:
        with writer_of(engine).begin() as connection:
            refuse_newer(connection, head=HEAD_REVISION)
            _upgrade(connection)
            make_triggers(connection)
            _refuse_dangling_keys(connection)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != _NOT_ALLOWED:
            raise
        raise SchemaBehindError(wanted=HEAD_REVISION, reason=str(error.orig).strip().splitlines()[0]) from error
    finally:
        engine.dispose()


def _make_folder(address: URL) -> None:
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def _is_current(url: str) -> bool:
    engine = engine_for(url)
    try:
        with engine.connect() as connection:
            return revision_of(connection) == HEAD_REVISION and triggers_are_there(connection)
    finally:
        engine.dispose()


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 # a third of a second, needed only when there is something to migrate
    from alembic.config import Config  # noqa: PLC0415 # as above

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _refuse_dangling_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        dangling = connection.execute(text("PRAGMA foreign_key_check")).all()
        if dangling:
            raise RuntimeError(f"a migration left rows that point to nothing: {dangling[:5]}")
