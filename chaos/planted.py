"""仕込む欠陥 (planted bugs): what a run of chaos must find; each patches the process that it is planted in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine

from register import database, recording
from schemas.records import Entry


def no_act_id_check() -> None:
    """Record an act without asking whether it is recorded already."""
    before = recording._before  # noqa: SLF001 # the very check that is planted away

    def unasked(connection: Connection, entry: Entry) -> Any:
        return _Unknown(before(connection, entry))

    recording._before = unasked  # noqa: SLF001 # as above


class _Unknown:
    """行為を知らない行: the same row, in which no act is known."""

    act_id = None

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def no_transaction() -> None:
    """Write each statement by itself: what comes after a death is missing."""

    def each_by_itself(engine: Engine) -> Engine:
        return engine.execution_options(isolation_level="AUTOCOMMIT")

    database.writer_of = each_by_itself


PLANTS: Mapping[str, Callable[[], None]] = MappingProxyType(
    {"no-act-id-check": no_act_id_check, "no-transaction": no_transaction}
)
"""仕込める欠陥, by the name of the option `--plant`."""
