"""ホットラインの取込み (hotline intake): each mail that was kept becomes a risk event, once."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from temporalio.client import WorkflowFailureError
from temporalio.service import RPCError

from client.errors import CallerError, InvalidInputError
from engine.errors import EngineError
from guideline.deadlines import tokyo_date
from guideline.organisation import only_audits
from register.errors import DatabaseFault

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from client.reports import Reports
    from register.register import Register
    from schemas.hotline import IncomingMail

UNREADABLE = "読めないメール"
"""The title of an event whose mail could not be read whole."""

PAUSE_S = 5.0
"""How long a mail that could not be taken in waits for the next try, in seconds."""

PATIENCE_S = 30.0
"""How long one mail may take, in seconds; the others wait for it."""

LONGEST_TITLE, LONGEST_FACTS = 200, 4000
_CUT = "\n（以下略。全文は、保管したメールにあります。）"
_UNTITLED = "件名のないメール"

_LOG = logging.getLogger("minaoshi.hotline")


class MailsPort(Protocol):
    """保管したメール (kept mails) as the intake sees them."""

    def waiting(self) -> tuple[str, ...]:
        """Give the SHA-256 of those that were not taken in yet, the oldest first."""

    def read(self, sha256: str) -> IncomingMail:
        """Read one; raises OSError when it can't be had."""

    def mark_taken(self, sha256: str, *, as_: str, at: datetime) -> None:
        """Write down as what it was taken in."""


@dataclass(frozen=True, slots=True)
class HotlineDesk:
    """ホットラインの受付 (desk): who reports what comes from nobody of the organisation, and for which department."""

    person: str
    department: str


class HotlineIntake:
    """ホットラインの取込み."""

    def __init__(
        self, mails: MailsPort, reports: Reports, register: Register, *, desk: HotlineDesk, now: Callable[[], datetime]
    ) -> None:
        self._mails = mails
        self._reports = reports
        self._register = register
        self._desk = desk
        self._now = now
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look at once, for a mail was kept."""
        self._woken.set()

    async def run(self) -> None:
        """Take in what is there and what comes, until cancelled."""
        while True:
            self._woken.clear()
            await self.take_in()
            try:
                async with asyncio.timeout(PAUSE_S):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def take_in(self) -> int:
        """Take in all that waits, and give how many were; one that can't be now stays for the next time."""
        taken = 0
        for sha256 in await asyncio.to_thread(self._mails.waiting):
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._take_in_one(sha256)
                taken += 1
            except (EngineError, RPCError, DatabaseFault) as outage:
                _LOG.warning("hotline: mails wait: %s", type(outage).__name__)
                break
            except (CallerError, WorkflowFailureError, TimeoutError, OSError) as error:
                _LOG.warning("hotline: mail %s waits: %s: %s", sha256, type(error).__name__, error)
        return taken

    async def _take_in_one(self, sha256: str) -> None:
        mail = await asyncio.to_thread(self._mails.read, sha256)
        act_id = f"hotline/{mail.identity}"
        if mail.answers_us:
            await self._mark(sha256, as_="自動の応答")
            return
        # The same mail by another way, or taken in and not marked: its event is there.
        if await self._register.report(act_id) is None:
            await self._report(mail, act_id)
        await self._mark(sha256, as_=act_id)

    async def _mark(self, sha256: str, *, as_: str) -> None:
        await asyncio.to_thread(self._mails.mark_taken, sha256, as_=as_, at=self._now())

    async def _report(self, mail: IncomingMail, act_id: str) -> None:
        person, department = await self._reporter(mail)
        try:
            await self._reports.risk(_event(mail, person=person, department=department), as_=person, act_id=act_id)
        except InvalidInputError as refused:
            if await self._register.report(act_id) is not None:
                return
            # What can't be said in the words of the mail is said about it.
            said = mail.model_copy(update={"title": "", "text": "", "obstacles": (refused.message, *refused.faults)})
            content = _event(said, person=self._desk.person, department=self._desk.department)
            await self._reports.risk(content, as_=self._desk.person, act_id=act_id)

    async def _reporter(self, mail: IncomingMail) -> tuple[str, str]:
        """Give who sent the mail, and their department; else who reports for the hotline.

        That is so for who is not of the organisation, and for who only audits: they report nothing themselves.
        """
        desk = (self._desk.person, self._desk.department)
        sender = (mail.sender or "").casefold()
        try:
            organisation = (await self._register.current_organisation()).organisation
        except LookupError:
            return desk
        senders = (
            one
            for one in organisation.people
            if sender and (one.mail or "").casefold() == sender and not only_audits(organisation, one)
        )
        return next(((one.id, one.department) for one in senders), desk)


def _event(mail: IncomingMail, *, person: str, department: str) -> bytes:
    """Write the event: who sent the mail stands in it, for the one who reports it may be another."""
    sender = f"差出人: {mail.sender or '不明'}（受付: {person}）"
    if mail.obstacles:
        title = UNREADABLE
        facts = "\n".join(
            (
                "読めないところのあるメールを受信しました。メールは全て保管してあります。原本を確かめてください。",
                f"保管: hotline/{mail.sha256}.eml",
                f"理由: {'、'.join(mail.obstacles)}",
                sender,
                f"件名: {mail.title or '不明'}",
                "読めたところ:",
                mail.text or "なし",
            )
        )
    else:
        title, facts = mail.title or _UNTITLED, f"{sender}\n{mail.text}"
    content = {
        "title": title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…",
        "facts": facts if len(facts) <= LONGEST_FACTS else facts[: LONGEST_FACTS - len(_CUT)] + _CUT,
        "known_on": tokyo_date(mail.received_at).isoformat(),
        "known_by_department": department,
        "evidence": [{"title": "受信したメール", "sha256": mail.sha256}],
    }
    return json.dumps(content, ensure_ascii=False).encode()
