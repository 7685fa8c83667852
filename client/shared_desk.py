"""共用の机 (shared desk): who began a form; what they typed is kept for them alone, what another sends is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from client.sessions import REMEMBERED
from client.typed import UNREADABLE
from guideline.shared_desk import told_of_foreign_form
from register.kept_forms import KeptFormRow
from register.occurrences import occurrence
from schemas.base import Instant, Message, is_text
from schemas.canonical import canonical_bytes
from schemas.records import AuditAction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from client.acting import Acting
    from register.register import Register
    from register.sessions import SessionRow

MOST_KEPT = 20
"""預かる様式の数 of one person: beyond it the oldest gives way."""

LARGEST_KEPT = 2_000_000
"""Bytes of one form that is kept, as JSON."""

_LONGEST_ADDRESS, _LONGEST_TITLE = 400, 200


class Beginner(Message):
    """書き始めた人 (who began a form), in which sign-in."""

    person: str = Field(title="職員")
    name: str = Field(title="氏名")
    mark: str = Field(title="サインインの印")


class Typed(Message):
    """打たれたもの (what was typed) into a form, as it was kept."""

    values: dict[str, list[str]] = Field(title="値")
    has_files: bool = Field(title="ファイルが添えられていた")
    kept_at: Instant = Field(title="預かった日時")


class SharedDesk:
    """共用の机: forms belong to the person who began them."""

    def __init__(self, register: Register, acting: Acting, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._rows = register.sessions.kept_forms
        self._acting = acting
        self._now = now

    async def beginner(self, form_token: str) -> Beginner | None:
        """Give who began the form in which the token stands; None where that is not remembered."""
        # What no page ever held is not looked for: PostgreSQL takes no NUL in a text.
        row = await self._register.sessions.by_form_token(form_token) if form_token.isprintable() else None
        return None if row is None else await self._beginner(row)

    async def beginner_by(self, mark: str) -> Beginner | None:
        """Give who began what an address carries on with, by the mark of their sign-in; None as above."""
        found = await self._register.sessions.find(mark, kept_since=self._now()) if mark.isprintable() else None
        return None if found is None else await self._beginner(found.session)

    async def keep(
        self, values: Mapping[str, list[str]], *, of: Beginner, address: str, title: str, has_files: bool
    ) -> bool:
        """Keep what was typed for the person who began the form; False, and nothing is kept, where that can't be."""
        content = dict(values)
        if not address.isprintable() or not _is_as_sent(address + title):
            return False
        if len(address) > _LONGEST_ADDRESS or len(canonical_bytes(content)) > LARGEST_KEPT:
            return False
        now = self._now()
        row = KeptFormRow(of.person, address, title[:_LONGEST_TITLE] or address, content, has_files, now)
        await self._rows.keep(row, most=MOST_KEPT, since=now - REMEMBERED)
        return True

    async def kept(self, address: str, *, as_: str) -> Typed | None:
        """Give what is kept of a form for this person; None where nothing is."""
        row = await self._rows.find(as_, address, since=self._now() - REMEMBERED)
        return None if row is None else Typed(values=row.content, has_files=row.has_files, kept_at=row.kept_at)

    async def drop(self, address: str, *, as_: str) -> None:
        """Forget what is kept of a form for this person."""
        if address.isprintable():
            await self._rows.drop(as_, address)

    async def refuse(self, begun: Beginner, *, address: str, as_: str) -> None:
        """Note that a form begun by one person was sent, or carried on with, by another; tell the one who began it."""
        by, _ = await self._acting.person(as_)
        now = self._now()
        happened = occurrence(
            AuditAction.REFUSED_BY_PAGE,
            actor=by.id,
            subject=begun.person,
            at=now,
            detail={"begun_by": begun.person, "page": address},
        )
        notice = told_of_foreign_form(begun_by=begun.person, mark=begun.mark, page=address, by=by)
        await self._rows.refused(happened, (notice,))

    async def _beginner(self, row: SessionRow) -> Beginner:
        known = await self._acting.find(row.person)
        return Beginner(person=row.person, name=known[0].name if known else row.person, mark=row.token_digest)


def _is_as_sent(text: str) -> bool:
    """Say whether it is text, and has no � in the place of what was none."""
    return is_text(text) and UNREADABLE not in text
