"""拒否の記録 (refusals noted): what a signed-in person was refused is an entry of the trail, without what they typed.

A refusal is by a rule, or by what somebody may see or do; what was only written wrongly is none. What somebody is
refused over and over does not grow the trail without end: so many entries a minute, then how many more there were.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from client.errors import ActRefusedError, HiddenError, NotPermittedError
from register.errors import DatabaseFault
from register.occurrences import Limit, occurrence
from schemas.records import AuditAction

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pydantic import JsonValue

    from client.errors import CallerError
    from register.register import Register

AT_MOST = 10
"""So many refusals of one person are entries of their own, within `WITHIN`."""

WITHIN = timedelta(minutes=1)

FURTHER = "further"
"""更に (further): the code of an entry that stands for refusals that are none of their own."""

_LONGEST_ADDRESS = 300
_CODES: tuple[tuple[type[CallerError], str], ...] = ((NotPermittedError, "not_permitted"), (HiddenError, "hidden"))


def refusal_code(error: Exception) -> str | None:
    """Give the code by which a refusal is noted; None for what is no refusal."""
    if isinstance(error, ActRefusedError):
        return error.refusal.code
    return next((code for kind, code in _CODES if isinstance(error, kind)), None)


class Refusals:
    """拒否を記録する."""

    def __init__(self, register: Register, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._now = now
        self._further: Counter[str] = Counter()

    async def note(self, person: str, *, code: str, address: str, act: str = "") -> None:
        """Note that a person was refused: by which code, which act, at which address, without its question.

        Of many within a minute one entry tells that more follow; `sum_up` tells how many.
        """
        at = self._now()
        detail = {"code": code, "act": act, "address": address[:_LONGEST_ADDRESS]}
        kind = AuditAction.REFUSED_BY_PAGE
        written = await self._register.note_within(
            occurrence(kind, actor=person, subject=code, at=at, detail=detail),
            limit=Limit(AT_MOST, since=at - WITHIN),
            beyond=occurrence(kind, actor=person, subject=FURTHER, at=at, detail={"code": FURTHER}),
        )
        if not written:
            self._further[person] += 1

    async def note_error(self, person: str, error: CallerError, *, address: str) -> None:
        """Note an error where it is a refusal."""
        code = refusal_code(error)
        if code is not None:
            act = (error.refusal.act or "") if isinstance(error, ActRefusedError) else ""
            await self.note(person, code=code, address=address, act=act)

    async def sum_up(self) -> None:
        """Write for each person how many refusals are entries of nobody yet."""
        for person in tuple(self._further):
            times = self._further[person]
            detail: dict[str, JsonValue] = {"code": FURTHER, "times": times}
            kind = AuditAction.REFUSED_BY_PAGE
            await self._register.note(kind, actor=person, subject=FURTHER, at=self._now(), detail=detail)
            self._further[person] -= times
            self._further += Counter()  # whom nothing is left of is forgotten

    async def run(self) -> None:
        """Sum up once a minute until cancelled, and then a last time. A database that is silent is asked again."""
        try:
            while True:
                await asyncio.sleep(WITHIN.total_seconds())
                with suppress(DatabaseFault):
                    await self.sum_up()
        finally:
            await self.sum_up()
