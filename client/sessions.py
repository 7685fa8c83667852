"""サインイン (sessions): who sits before a browser, kept by the server; the browser holds a token and nothing else."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from register.sessions import ClaimedRoles, SessionRow
from schemas.base import Message

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from client.acting import Acting
    from register.register import Register

IDLE = timedelta(hours=1)
"""After so long without a page a session is over."""

ABSOLUTE = timedelta(hours=12)
"""After so long a session is over, whatever was done in it."""

_SEEN_AGAIN = timedelta(minutes=1)


class Way(StrEnum):
    """サインインの仕方 (way of signing in): it stands in the audit trail."""

    LOCAL = "local"  # 試すため、名前を選んで
    PAGE = "page"  # ページから、認証サーバーで
    TERMINAL = "terminal"  # 端末から、この機械のブラウザーで
    DEVICE = "device"  # 端末から、別の機械のブラウザーで


class SignedIn(Message):
    """サインインしている人 (who is signed in): shown on every page. `form_token` stands in each of their forms."""

    person: str = Field(title="職員")
    name: str = Field(title="氏名")
    body: str = Field(title="評価実施機関")
    department: str = Field(title="所属部署")
    department_name: str = Field(title="所属部署の名称")
    form_token: str = Field(title="様式の合い札")


class Sessions:
    """サインイン: begun, found by its token, and ended."""

    def __init__(self, register: Register, acting: Acting, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._rows = register.sessions
        self._acting = acting
        self._now = now

    async def begin(
        self,
        person_id: str,
        *,
        by: Way = Way.LOCAL,
        ends: str | None = None,
        claimed: ClaimedRoles | None = None,
    ) -> str:
        """Sign a person in, and give the token for their browser; the session of the token `ends` is over.

        Raises NotFoundError when the organisation does not know them.
        """
        await self._acting.person(person_id)
        now = self._now()
        await self._rows.forget(seen_before=now - ABSOLUTE)
        token = secrets.token_urlsafe(32)
        row = SessionRow(_digest(token), person_id, secrets.token_urlsafe(32), began_at=now, seen_at=now)
        await self._rows.begin(row, detail={"by": by}, ends=_digest(ends) if ends else None, claimed=claimed)
        if claimed is not None:
            self._register.read_organisation_anew()
        return token

    async def of(self, token: str) -> SignedIn | None:
        """Give who holds the token; None where nobody does, too long has passed, or they left the organisation."""
        row = await self._rows.find(_digest(token))
        now = self._now()
        if row is None or now - row.seen_at > IDLE or now - row.began_at > ABSOLUTE:
            return None
        if now - row.seen_at > _SEEN_AGAIN:
            await self._rows.seen(row.token_digest, at=now)
        return await self._person(row)

    async def end(self, token: str) -> None:
        """Sign out here."""
        await self._rows.end(_digest(token), at=self._now())

    async def end_all(self, person_id: str) -> None:
        """Sign a person out everywhere."""
        await self._rows.end_all(person_id, at=self._now())

    async def _person(self, row: SessionRow) -> SignedIn | None:
        found = await self._acting.find(row.person)
        if found is None:
            return None
        person, revision = found
        names = {one.id: one.name for one in revision.organisation.departments}
        return SignedIn(
            person=person.id,
            name=person.name,
            body=person.body,
            department=person.department,
            department_name=names.get(person.department, person.department),
            form_token=row.form_token,
        )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
