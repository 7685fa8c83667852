"""サインイン (sessions): who sits before a browser, kept by the server; the browser holds a token and nothing else."""

from __future__ import annotations

import secrets
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from guideline.organisation import department_names
from register.sessions import ClaimedRoles, SessionRow
from schemas.base import Instant, Message
from schemas.canonical import token_digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from client.acting import Acting
    from register.register import Register
    from register.sessions import Found

IDLE = timedelta(minutes=15)
"""After so long in which the person did nothing a session is over, unless the installation says otherwise."""

ABSOLUTE = timedelta(hours=12)
"""After so long a session is over, whatever was done in it."""

REMEMBERED = timedelta(days=7)
"""So long it is known who began a form, and what they typed into it is kept."""

WARNING = timedelta(minutes=2)
"""So long before its end a page warns."""

PART = 4
"""A session that is very short is warned of in its last part of so many."""

_SEEN_AGAIN = 60
"""A use is written where the last one lies further back than this part of the idle limit."""


class Ending(StrEnum):
    """終わり方 (how a session came to its end)."""

    IDLE = "idle"  # 操作がない
    ABSOLUTE = "absolute"  # 長く続いた
    OUT = "out"  # サインアウトした


class KeptForm(Message):
    """預かった様式の控え (note of a kept form): which form, since when; files are never kept."""

    address: str = Field(title="アドレス")
    title: str = Field(title="題名")
    has_files: bool = Field(title="ファイルが添えられていた")
    kept_at: Instant = Field(title="預かった日時")


class Way(StrEnum):
    """サインインの仕方 (way of signing in): it stands in the audit trail."""

    LOCAL = "local"  # 試すため、名前を選んで
    PAGE = "page"  # ページから、認証サーバーで
    TERMINAL = "terminal"  # 端末から、この機械のブラウザーで
    DEVICE = "device"  # 端末から、別の機械のブラウザーで


class SignedIn(Message):
    """サインインしている人 (who is signed in): shown on every page. `form_token` stands in each of their forms.

    `mark` is no secret: an address that carries on with what was begun names by it who began.
    """

    person: str = Field(title="職員")
    name: str = Field(title="氏名")
    body: str = Field(title="評価実施機関")
    department: str = Field(title="所属部署")
    department_name: str = Field(title="所属部署の名称")
    form_token: str = Field(title="様式の合い札")
    mark: str = Field(title="サインインの印")
    idle: timedelta = Field(title="操作がないまま続く長さ")
    kept: tuple[KeptForm, ...] = Field(default=(), title="預かっている様式")


class Left(Message):
    """残り (what is left): until the session ends by itself; `is_final` where nothing that is done puts it off."""

    left: timedelta = Field(title="残り")
    warning: timedelta = Field(title="知らせる時")
    is_final: bool = Field(title="延ばせない")


class Sessions:
    """サインイン: begun, found by its token, and ended."""

    def __init__(
        self, register: Register, acting: Acting, *, now: Callable[[], datetime], idle: timedelta = IDLE
    ) -> None:
        self._idle = idle
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
        await self._rows.forget(began_before=now - REMEMBERED)
        await self._rows.kept_forms.forget(kept_before=now - REMEMBERED)
        token = secrets.token_urlsafe(32)
        row = SessionRow(token_digest(token), person_id, secrets.token_urlsafe(32), began_at=now, seen_at=now)
        await self._rows.begin(row, detail={"by": by}, ends=token_digest(ends) if ends else None, claimed=claimed)
        if claimed is not None:
            self._register.read_organisation_anew()
        return token

    async def of(self, token: str) -> SignedIn | None:
        """Give who holds the token; None where nobody does, too long has passed, or they left the organisation.

        This is a use of the session: it goes on.
        """
        found = await self._open(token)
        if found is None:
            return None
        now = self._now()
        if now - found.session.seen_at > self._idle / _SEEN_AGAIN:
            await self._rows.seen(found.session.token_digest, at=now)
        return await self._person(found)

    async def look(self, token: str) -> SignedIn | None:
        """Give the same without a use: for what a page asks by itself, while nobody may sit before it."""
        found = await self._open(token)
        return None if found is None else await self._person(found)

    async def left(self, token: str) -> Left | None:
        """Give how long the session goes on by itself; None where it is over. This is no use of it."""
        found = await self._open(token)
        if found is None:
            return None
        now, session = self._now(), found.session
        idle, absolute = session.seen_at + self._idle - now, session.began_at + ABSOLUTE - now
        return Left(left=min(idle, absolute), warning=min(WARNING, self._idle / PART), is_final=absolute <= idle)

    async def ending(self, token: str) -> Ending | None:
        """Give how the session of a token came to its end; None where it is not remembered."""
        found = await self._rows.find(token_digest(token), kept_since=self._now())
        if found is None:
            return None
        session = found.session
        at = session.ended_at or self._now()
        return self._over(session, at=at) or Ending.OUT

    async def end(self, token: str) -> None:
        """Sign out here."""
        await self._rows.end(token_digest(token), at=self._now(), why=Ending.OUT)

    async def end_all(self, person_id: str) -> None:
        """Sign a person out everywhere."""
        await self._rows.end_all(person_id, at=self._now(), why=Ending.OUT)

    async def _open(self, token: str) -> Found | None:
        """Give the session of a token; one whose time is over is ended at the first look at it."""
        now = self._now()
        found = await self._rows.find(token_digest(token), kept_since=now - REMEMBERED)
        if found is None or found.session.ended_at is not None:
            return None
        over = self._over(found.session, at=now)
        if over is not None:
            await self._rows.end(found.session.token_digest, at=now, why=over)
            return None
        return found

    def _over(self, session: SessionRow, *, at: datetime) -> Ending | None:
        """Say whether its time was over at that instant, and why."""
        if at - session.began_at > ABSOLUTE:
            return Ending.ABSOLUTE
        return Ending.IDLE if at - session.seen_at > self._idle else None

    async def _person(self, found: Found) -> SignedIn | None:
        row = found.session
        known = await self._acting.find(row.person)
        if known is None:
            return None
        person, revision = known
        names = department_names(revision.organisation)
        return SignedIn(
            person=person.id,
            name=person.name,
            body=person.body,
            department=person.department,
            department_name=names.get(person.department, person.department),
            form_token=row.form_token,
            mark=row.token_digest,
            idle=self._idle,
            kept=tuple(KeptForm.model_validate(one._asdict()) for one in found.kept),
        )
