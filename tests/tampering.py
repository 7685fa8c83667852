"""改竄 (tampering): what somebody can do behind the register's back who may do all in its database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, text

from register.database import engine_for, writer_of
from register.triggers import trigger_statements
from tests.new_register import administrator_url


def lift_guards(connection: Connection) -> None:
    """Take away, for this transaction on PostgreSQL, what keeps rows as they are and pointing to what is there."""
    if connection.dialect.name == "sqlite":
        for name in trigger_statements():
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))


@contextmanager
def administering(url: str) -> Iterator[Engine]:
    """Open a register past all that guards it."""
    engine = engine_for(administrator_url(url), foreign_keys="OFF")
    yield engine
    engine.dispose()


def tamper(engine: Engine, *statements: str, **values: Any) -> None:
    """Do what an administrator of the database could do: lift the guards first; each statement must reach a row."""
    with writer_of(engine).begin() as connection:
        lift_guards(connection)
        for statement in statements:
            assert connection.execute(text(statement), values).rowcount > 0, statement
