"""新しい台帳 (a new register): copied from one that was migrated once, since most tests need one.

A file of SQLite; or, with `--register postgresql`, a database on the run's PostgreSQL, opened by the role that writes.
"""

from __future__ import annotations

import asyncio
import atexit
import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import make_url

from register.database import migrate
from register.register import Register, open_register
from tests.postgres import OWNER, WRITER, Postgres

_SERVERS: list[Postgres] = []
"""The run's PostgreSQL, where it has one: what the switch says, set before the first test."""


def use_postgres(server: Postgres) -> None:
    """Let every new register be a database of that server."""
    _SERVERS.append(server)


def postgres() -> Postgres:
    """Give the run's PostgreSQL, to tests that are of it alone."""
    return _SERVERS[0]


def database_url_in(home: Path) -> str | None:
    """Give what the settings of that home say of the database: nothing where it is the file in that home."""
    name = f"test_{hashlib.sha256(str(home).encode()).hexdigest()[:24]}"
    return _SERVERS[0].address(name, role=WRITER) if _SERVERS else None


def register_url_in(home: Path) -> str:
    """Give the address of the register of that home."""
    return database_url_in(home) or f"sqlite:///{home}/register.db"


def empty_url_in(home: Path) -> str:
    """Give the address at which the owner makes a register where there is none yet."""
    url = register_url_in(home)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _SERVERS:
        _SERVERS[0].create_empty(make_url(url).database or "")
    return owner_url(url)


def owner_url(url: str) -> str:
    """Give the address at which the tables' owner opens the same register, who alone can change what only grows."""
    return url_as(url, OWNER)


def url_as(url: str, role: str) -> str:
    """Give the address at which another role opens the same register; of a file there is but one."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        address = address.set(username=role)
    return address.render_as_string(hide_password=False)


def administrator_url(url: str) -> str:
    """Give the address at which the database's administrator opens the same register: on PostgreSQL the superuser."""
    return url_as(url, make_url(_SERVERS[0].superuser).username or "") if _SERVERS else url


async def new_register(url: str) -> Register:
    """Open the register at an address; one that is not there yet is laid there with its tables."""
    await lay_register(url)
    return await open_register(url)


async def lay_register(url: str) -> None:
    """Lay a register with its tables and nothing in them; one that is there stays as it is."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        await migrate(f"sqlite:///{_pattern()}")
        await asyncio.to_thread(_lay, Path(address.database or ""))
    else:
        await asyncio.to_thread(_SERVERS[0].create, address.database or "")


def lay_database(url: str | None) -> None:
    """Lay a register on PostgreSQL, where the settings name one; nothing to do for a file, which any start makes."""
    if url is not None:
        _SERVERS[0].create(make_url(url).database or "")


def drop_database(url: str | None) -> None:
    """Take the register away where it is one on PostgreSQL; a file goes with its folder."""
    if url is not None and make_url(url).get_backend_name() != "sqlite":
        _SERVERS[0].drop(make_url(url).database or "")


def _lay(place: Path) -> None:
    if not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(_pattern(), place)


@cache
def _pattern() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="minaoshi-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder / "register.db"
