"""知らせの配達 (delivery of notices): one notice to its person, and what became of it into the register."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from pydantic import Field
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from guideline.letters import Addressee, letter_of
from guideline.notices import report_of
from guideline.organisation import person_of
from guideline.reporting_line import address_of
from schemas.base import Instant, Line, Message
from schemas.letters import Means, NotSentError
from schemas.records import NoticeId

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from activities.ports import MailPort, RegisterPort
    from schemas.letters import Letter, Outgoing
    from schemas.organisation import Organisation

DELIVERY = "deliver_notice"
"""配達の名: the activity that tries."""

HEARTBEAT_S = 2.0
"""A mail server may take minutes; that a worker was killed is to be known sooner."""

_LOG = logging.getLogger("minaoshi.notices")

_NOBODY = "組織表にいない職員です。後任の職員に、別の手段で伝えてください。"
_NO_MAIL_SERVER = "メールを送るサーバーの設定がないため、この宛先には届けられません。"


class GivingUp(Message):
    """配達の断念 (a notice that is given up), with the workflow's clock."""

    notice_id: NoticeId = Field(title="知らせの番号")
    failure: Line = Field(title="理由")
    at: Instant = Field(title="断念した日時")


class NoticeDelivery:
    """知らせの配達: the activities of `notice/<key>`. Without `mail` all are told by their inbox alone."""

    def __init__(self, register: RegisterPort, mail: MailPort | None) -> None:
        self._register = register
        self._mail = mail

    @activity.defn(name=DELIVERY)
    async def deliver(self, notice_id: str) -> None:
        """Send the notice unless it is delivered, and mark it; one that is refused for good is marked as failed.

        The instant is that at which the server gave out this try: Temporal tries for days with the same arguments.
        """
        outgoing = await self._register.outgoing_notice(notice_id)
        if outgoing.delivered_at is not None:
            return
        at = activity.info().current_attempt_scheduled_time
        organisation = (await self._register.current_organisation()).organisation
        address = address_of(organisation, outgoing.notice.person)
        if address is not None and self._mail is None:
            # Nobody looks into the inbox of an address: that would be told to nobody.
            await self._register.mark_notice_failed(notice_id, failure=_NO_MAIL_SERVER, at=at)
            return
        if address is None and person_of(organisation, outgoing.notice.person) is None:
            # Nor can somebody look into theirs who left while the mail server was down.
            await self._register.mark_notice_failed(notice_id, failure=_NOBODY, at=at)
            return
        letter = await self._letter(outgoing, organisation)
        if self._mail is None or letter is None:
            await self._register.mark_notice_delivered(notice_id, means=Means.INBOX, at=at)
            return
        refusal = await _tried(self._mail.send(letter))
        if refusal is None:
            await self._register.mark_notice_delivered(notice_id, means=Means.MAIL, at=at)
        else:
            await self._register.mark_notice_failed(notice_id, failure=refusal, at=at)

    @activity.defn(name="give_up_notice")
    async def give_up(self, request: GivingUp) -> None:
        """Mark the notice as failed, unless it is delivered."""
        await self._register.mark_notice_failed(request.notice_id, failure=request.failure, at=request.at)

    async def _letter(self, outgoing: Outgoing, organisation: Organisation) -> Letter | None:
        """Write the letter; None for somebody without an address."""
        notice = outgoing.notice
        address = address_of(organisation, notice.person)
        report = await self._register.recorded_report(report_of(notice.notice_id))
        if address is not None:
            return letter_of(outgoing, to=Addressee(address.title, address.mail, has_inbox=False), report=report)
        person = person_of(organisation, notice.person)
        if person is None or person.mail is None:
            return None
        assessment = review = None
        if notice.assessment_id is not None:
            assessment = (await self._register.assessment(notice.assessment_id)).name
        if notice.review_id is not None:
            review = (await self._register.review(notice.review_id)).state
        to = Addressee(person.name, person.mail)
        return letter_of(outgoing, to=to, assessment=assessment, review=review, report=report)


async def _tried(sending: Coroutine[Any, Any, str | None]) -> str | None:
    """Make one try; one that failed is told in a line, for a mail server that is down is tried for two weeks."""
    try:
        return await _with_heartbeat(sending)
    except NotSentError as error:
        _LOG.warning("a mail was not sent and is tried again: %s, try %d", error, activity.info().attempt)
        category = ApplicationErrorCategory.BENIGN
        raise ApplicationError(str(error), type=type(error).__name__, category=category) from None


async def _with_heartbeat(sending: Coroutine[Any, Any, str | None]) -> str | None:
    """Tell the server that we live while the letter is under way; a quick one costs no word."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            activity.heartbeat()

    beating = asyncio.create_task(beat())
    try:
        return await sending
    finally:
        beating.cancel()
