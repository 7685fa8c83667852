"""エンジンの内容の閲覧 (payload reading): what Temporal's page and command line show, for those who watch over others.

Payloads hold everything of every body, also what is never published. So each reading is an entry of the trail.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from client.errors import InvalidInputError, NotPermittedError
from guideline.access import READERS_OF_THE_TRAIL, may_read_trail
from schemas.records import AuditAction

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pydantic import JsonValue

    from client.acting import Acting
    from register.register import Register

SUBJECT = "payloads"

_NAMESPACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")
_NOTHING = b'{"payloads": []}'


class Unsealing(Protocol):
    """開封 (unsealing) as the facade is given it."""

    async def __call__(self, content: bytes) -> tuple[int, bytes]:
        """Give how many payloads there are, and all of them opened. Raises ValueError for what is none."""


class PayloadReading:
    """エンジンの内容を読む."""

    def __init__(
        self, register: Register, acting: Acting, unsealing: Unsealing, *, now: Callable[[], datetime]
    ) -> None:
        self._register = register
        self._acting = acting
        self._unsealing = unsealing
        self._now = now

    async def decode(self, content: bytes, *, namespace: str, as_: str) -> bytes:
        """Open payloads, once it is noted that this person reads them. Raises NotPermittedError, InvalidInputError."""
        await self._permit(as_)
        if not _NAMESPACE.fullmatch(namespace):
            raise _unreadable("名前空間")
        number, opened = await self._opened(content)
        if number:
            detail: dict[str, JsonValue] = {"namespace": namespace, "payloads": number}
            await self._register.note(
                AuditAction.READ_WITHHELD, actor=as_, subject=SUBJECT, at=self._now(), detail=detail
            )
        return opened

    async def encode(self, content: bytes, *, as_: str) -> bytes:
        """Encrypt nothing: who only reads asks for nothing, and who writes must sign. Raises NotPermittedError."""
        await self._permit(as_)
        number, _ = await self._opened(content)
        if number:
            raise NotPermittedError(
                "ここでは暗号化しません。",
                where="内容",
                remedy="行為は、ページか `minaoshi` の命令で行ってください。署名のない行為は受け付けられません。",
            )
        return _NOTHING

    async def _opened(self, content: bytes) -> tuple[int, bytes]:
        try:
            return await self._unsealing(content)
        except ValueError:
            raise _unreadable("内容") from None

    async def _permit(self, person_id: str) -> None:
        person, revision = await self._acting.person(person_id)
        if not may_read_trail(revision.organisation, person):
            readers = "、".join(role.label for role in READERS_OF_THE_TRAIL)
            raise NotPermittedError(
                f"エンジンの内容を読めるのは{readers}です。",
                where="エンジンの内容",
                remedy="見直しの内容は、見直しのページで読めます。",
            )


def _unreadable(where: str) -> InvalidInputError:
    return InvalidInputError(
        f"{where}を読めません。", where=where, remedy="Temporal の画面か、temporal 命令から開いてください。"
    )
