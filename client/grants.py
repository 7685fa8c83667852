"""権限 (grants): the statements that give a role of a PostgreSQL register what it may do, and no more."""

from __future__ import annotations

from client.errors import InvalidInputError
from register.grants import Use, grants_for

__all__ = ["Use", "grants"]


def grants(role: str, *, use: Use = Use.WRITE) -> tuple[str, ...]:
    """Give the statements; raises InvalidInputError for a name that a role can't have."""
    try:
        return tuple(grants_for(role, use=use))
    except ValueError:
        raise InvalidInputError(
            f"「{role}」はロールの名前として使えません。", where="--role", remedy="英小文字、数字、_ で書いてください。"
        ) from None
