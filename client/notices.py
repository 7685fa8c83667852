"""知らせ (notices) of one person: what they were told, when, by which way, and whether it reached them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from guideline.notices import report_of
from guideline.organisation import person_of
from guideline.places import page_of
from schemas.base import Instant, Message
from schemas.letters import MailChoice, Means

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from client.acting import Acting
    from register.register import Register
    from schemas.letters import NoticeProgress
    from schemas.organisation import Organisation

AT_ONCE = 50
"""一度に示す知らせの数."""


class NoticeRow(Message):
    """知らせの行 (a notice as its person reads it): `page` is where what it tells of is seen."""

    subject: str = Field(title="件名")
    about: str = Field(title="評価書名")
    page: str = Field(title="ページ")
    told_at: Instant = Field(title="知らせた日時")
    way: str = Field(title="方法")
    outcome: str = Field(title="届いたかどうか")
    reached: bool = Field(title="届いた、又はこれから届く")


class NoticePage(Message):
    """知らせの一覧の一頁 (one page of the list), the newest first."""

    rows: tuple[NoticeRow, ...] = Field(title="知らせ")
    number: int = Field(ge=1, title="頁")
    more: bool = Field(title="次の頁がある")


class Notices:
    """自分への知らせと、その受け方."""

    def __init__(self, register: Register, acting: Acting, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._acting = acting
        self._now = now

    async def of(self, person_id: str, *, page: int = 1) -> NoticePage:
        """Give one page of a person's notices; raises NotFoundError when the organisation does not know them."""
        _, revision = await self._acting.person(person_id)
        rows = self._register.inboxes
        found = await rows.notices(person_id, limit=AT_ONCE + 1, after=AT_ONCE * (page - 1))
        shown = found[:AT_ONCE]
        events = await rows.events_of_reports({report_of(one.notice.notice_id) for one in shown})
        names = await rows.names_of({one.notice.assessment_id for one in shown if one.notice.assessment_id})
        return NoticePage(
            rows=tuple(
                _row(
                    one,
                    event_id=events.get(report_of(one.notice.notice_id)),
                    about=names.get(one.notice.assessment_id or "", ""),
                    organisation=revision.organisation,
                )
                for one in shown
            ),
            number=page,
            more=len(found) > len(shown),
        )

    async def choice_of(self, person_id: str) -> MailChoice:
        """Give how a person wants to be told by mail."""
        return await self._register.digests.choice_of(person_id)

    async def choose(self, choice: MailChoice, *, as_: str) -> None:
        """Write how a person wants to be told; raises NotFoundError when the organisation does not know them."""
        await self._acting.person(as_)
        await self._register.digests.choose(as_, choice, at=self._now())

    async def mail_of(self, person_id: str) -> str | None:
        """Give a person's address, None without one. Raises NotFoundError as above."""
        person, _ = await self._acting.person(person_id)
        return person.mail


def _row(one: NoticeProgress, *, event_id: str | None, about: str, organisation: Organisation) -> NoticeRow:
    return NoticeRow(
        subject=one.notice.subject,
        about=about,
        page=page_of(one.notice, event_id=event_id),
        told_at=one.made_at,
        way="受信箱" if one.means is Means.INBOX else "メール",
        outcome=_outcome(one, organisation),
        reached=one.failed_at is None or one.settled_at is not None,
    )


def _outcome(one: NoticeProgress, organisation: Organisation) -> str:
    if one.delivered_at is not None:
        return "受信箱に示しました" if one.means is Means.INBOX else "送りました"
    if one.settled_by is not None:
        by = person_of(organisation, one.settled_by)
        return f"{by.name if by else one.settled_by}が、別の手段で伝えました"
    if one.failed_at is not None:
        return f"届きませんでした: {one.failure}"
    return "次のまとめで送ります" if one.held_until is not None else "送っています"
