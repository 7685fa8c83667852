"""新しい台帳 (a new register): copied from one that was migrated once in this process, since most tests need one."""

from __future__ import annotations

import asyncio
import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import make_url

from register.database import migrate
from register.register import Register, open_register


async def new_register(url: str) -> Register:
    """Open the register at an address; a file that is not there yet is laid there with its tables."""
    await lay_register(url)
    return await open_register(url)


async def lay_register(url: str) -> None:
    """Lay a register with its tables and nothing in them; one that is there stays as it is."""
    await migrate(f"sqlite:///{_pattern()}")
    await asyncio.to_thread(_lay, Path(make_url(url).database or ""))


def _lay(place: Path) -> None:
    if not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(_pattern(), place)


@cache
def _pattern() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="minaoshi-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder / "register.db"
