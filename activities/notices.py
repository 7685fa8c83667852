"""知らせの配達 (delivery of notices): one notice, or those of a day, to their person, and what became of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from pydantic import Field
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.heartbeat import beating
from guideline.letters import Addressee, Told, digest_letter_of, facts_of, letter_of
from guideline.notices import report_of
from guideline.organisation import person_of
from guideline.places import event_of, page_of
from guideline.reporting_line import address_of
from schemas.base import Instant, Line, Message
from schemas.letters import Digest, Means, NotSentError
from schemas.records import NoticeId

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from activities.ports import DigestPort, MailPort, RegisterPort
    from schemas.letters import Letter, Outgoing
    from schemas.organisation import Organisation
    from schemas.records import Notice
    from schemas.review import ReviewState

MOST_TOLD = 50
"""まとめに書く知らせの数: of more the letter says how many there are."""

DELIVERY = "deliver_notice"
"""配達の名: the activity that tries."""

_LOG = logging.getLogger("minaoshi.notices")

_NOBODY = "組織表にいない職員です。後任の職員に、別の手段で伝えてください。"
_NO_MAIL_SERVER = "メールを送るサーバーの設定がないため、この宛先には届けられません。"


class GivingUp(Message):
    """配達の断念 (a notice that is given up), with the workflow's clock."""

    notice_id: NoticeId = Field(title="知らせの番号")
    failure: Line = Field(title="理由")
    at: Instant = Field(title="断念した日時")


class DigestGivingUp(Message):
    """まとめの配達の断念 (a digest that is given up), with the workflow's clock."""

    digest: Digest = Field(title="まとめ")
    failure: Line = Field(title="理由")
    at: Instant = Field(title="断念した日時")


class _NotToldError(Exception):
    """届かない知らせ (told to nobody): refused for good, or there is nobody to tell."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


class NoticeDelivery:
    """知らせの配達: the activities of `notice/<key>` and `digest/<key>`. Without `mail` all are told by their inbox.

    `pages` is where the pages are reached.
    """

    def __init__(self, register: RegisterPort, digests: DigestPort, mail: MailPort | None, *, pages: str) -> None:
        self._register = register
        self._digests = digests
        self._mail = mail
        self._pages = pages

    @activity.defn(name=DELIVERY)
    async def deliver(self, notice_id: str) -> None:
        """Send the notice unless it is delivered, and mark it; one that is refused for good is marked as failed."""
        outgoing = await self._register.outgoing_notice(notice_id)
        if outgoing.delivered_at is not None:
            return
        organisation = (await self._register.current_organisation()).organisation
        letter = await self._letter(outgoing, organisation)
        await self._send([notice_id], to=outgoing.notice.person, organisation=organisation, letter=letter)

    @activity.defn(name="give_up_notice")
    async def give_up(self, request: GivingUp) -> None:
        """Mark the notice as failed, unless it is delivered."""
        await self._register.mark_notices_failed([request.notice_id], failure=request.failure, at=request.at)

    @activity.defn(name="deliver_digest")
    async def deliver_digest(self, digest: Digest) -> None:
        """Send what was held for a person as one letter, and mark all of it; nothing where nothing is left."""
        held = await self._digests.notices_in(digest)
        if not held:
            return
        organisation = (await self._register.current_organisation()).organisation
        ids = [one.notice.notice_id for one in held]
        letter = await self._digest_letter(digest.person, held, organisation)
        await self._send(ids, to=digest.person, organisation=organisation, letter=letter)

    @activity.defn(name="give_up_digest")
    async def give_up_digest(self, request: DigestGivingUp) -> None:
        """Mark what is in the digest as failed, unless it is delivered."""
        ids = [one.notice.notice_id for one in await self._digests.notices_in(request.digest)]
        await self._register.mark_notices_failed(ids, failure=request.failure, at=request.at)

    async def _send(self, ids: Sequence[str], *, to: str, organisation: Organisation, letter: Letter | None) -> None:
        """Send the letter in which these notices are told, and mark them by what became of it.

        The instant is that at which the server gave out this try: Temporal tries for days with the same arguments.
        """
        at = activity.info().current_attempt_scheduled_time
        try:
            means = await self._sent(to, organisation, letter)
        except _NotToldError as refused:
            await self._register.mark_notices_failed(ids, failure=refused.failure, at=at)
        else:
            await self._register.mark_notices_delivered(ids, means=means, at=at)

    async def _sent(self, to: str, organisation: Organisation, letter: Letter | None) -> Means:
        """Give by what the person is told; raises _NotToldError where nobody would be."""
        if address_of(organisation, to) is not None:
            # Nobody looks into the inbox of an address: that would be told to nobody.
            if self._mail is None:
                raise _NotToldError(_NO_MAIL_SERVER)
        elif person_of(organisation, to) is None:
            # Nor can somebody look into theirs who left while the mail server was down.
            raise _NotToldError(_NOBODY)
        if self._mail is None or letter is None:
            return Means.INBOX
        refusal = await _tried(self._mail.send(letter))
        if refusal is not None:
            raise _NotToldError(refusal)
        return Means.MAIL

    async def _letter(self, outgoing: Outgoing, organisation: Organisation) -> Letter | None:
        """Write the letter; None for somebody without an address."""
        notice = outgoing.notice
        report = await self._register.recorded_report(report_of(notice.notice_id))
        address = address_of(organisation, notice.person)
        if address is not None:
            return letter_of(outgoing, to=Addressee(address.title, address.mail, has_inbox=False), report=report)
        to = _addressee(organisation, notice.person)
        if to is None:
            return None
        assessment, review = await self._about(notice)
        page = self._pages + page_of(notice, event_id=event_of(report))
        return letter_of(outgoing, to=to, assessment=assessment, review=review, report=report, page=page)

    async def _digest_letter(self, person: str, held: Sequence[Outgoing], organisation: Organisation) -> Letter | None:
        to = _addressee(organisation, person)
        if to is None:
            return None
        told = [await self._told(one) for one in held[:MOST_TOLD]]
        return digest_letter_of(told, to=to, others=len(held) - len(told))

    async def _told(self, outgoing: Outgoing) -> Told:
        notice = outgoing.notice
        report = await self._register.recorded_report(report_of(notice.notice_id))
        assessment, review = await self._about(notice)
        facts = facts_of(outgoing, assessment=assessment, review=review, report=report)
        return Told(outgoing, facts, self._pages + page_of(notice, event_id=event_of(report)))

    async def _about(self, notice: Notice) -> tuple[str | None, ReviewState | None]:
        assessment = review = None
        if notice.assessment_id is not None:
            assessment = (await self._register.assessment(notice.assessment_id)).name
        if notice.review_id is not None:
            review = (await self._register.review(notice.review_id)).state
        return assessment, review


def _addressee(organisation: Organisation, person_id: str) -> Addressee | None:
    person = person_of(organisation, person_id)
    return None if person is None or person.mail is None else Addressee(person.name, person.mail)


async def _tried(sending: Coroutine[Any, Any, str | None]) -> str | None:
    """Make one try; one that failed is told in a line, for a mail server that is down is tried for two weeks."""
    try:
        async with beating():
            return await sending
    except NotSentError as error:
        _LOG.warning("a mail was not sent and is tried again: %s, try %d", error, activity.info().attempt)
        category = ApplicationErrorCategory.BENIGN
        raise ApplicationError(str(error), type=type(error).__name__, category=category) from None
