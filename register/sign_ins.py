"""途中のサインイン (sign-ins under way): kept on the server while somebody is at the provider's page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, delete, insert

from register.tables import sign_ins

if TYPE_CHECKING:
    from register.database import Database


class SignInRow(NamedTuple):
    """途中のサインイン: whose browser began it, what was asked of the provider, and where it goes on afterwards."""

    state_digest: str
    browser_digest: str
    nonce: str
    verifier: str
    redirect_uri: str
    goes_on: str
    began_at: datetime


class SignInRows:
    """途中のサインインの表."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, row: SignInRow, *, forget_before: datetime) -> None:
        """Write what was asked, and forget what nobody has answered in time."""
        await self._database.write(_begin, row, forget_before=forget_before)

    async def take(self, state_digest: str, *, browser_digest: str) -> SignInRow | None:
        """Give what that browser began, and forget it: it is answered once. None where it began no such thing."""
        return await self._database.write(_take, state_digest, browser_digest=browser_digest)


def _begin(connection: Connection, row: SignInRow, *, forget_before: datetime) -> None:
    connection.execute(delete(sign_ins).where(sign_ins.c.began_at < forget_before))
    connection.execute(insert(sign_ins), row._asdict())


def _take(connection: Connection, state_digest: str, *, browser_digest: str) -> SignInRow | None:
    is_it = (sign_ins.c.state_digest == state_digest) & (sign_ins.c.browser_digest == browser_digest)
    row = connection.execute(delete(sign_ins).where(is_it).returning(*sign_ins.c)).one_or_none()
    return None if row is None else SignInRow(**row._mapping)  # noqa: SLF001 # SQLAlchemy's public name
