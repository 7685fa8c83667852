"""移行の環境 (environment of the migrations): the connection that is given, or the one that `-x url=…` names."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from register.column_types import PlainJson, UtcInstant
from register.database import engine_for, writer_of
from register.tables import metadata


def _render(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write our own types by their names, which `script.py.mako` imports."""
    return f"{type(item).__name__}()" if kind == "type" and isinstance(item, PlainJson | UtcInstant) else False


def _run_on(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=_render,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _run_by_hand(url: str) -> None:
    engine = engine_for(url, foreign_keys="OFF")
    with writer_of(engine).begin() as connection:
        _run_on(connection)
    engine.dispose()


given = context.config.attributes.get("connection")
if given is None:
    _run_by_hand(context.get_x_argument(as_dictionary=True)["url"])
else:
    _run_on(given)
