"""事務連絡の発出 (sending of circulars): a page of letters, each marked as it goes; what fails is tried again."""

from __future__ import annotations

import asyncio
import logging
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from temporalio import activity

from activities.heartbeat import beating
from guideline.circulars import ANSWER, answer_letter, circular_letter, content_of_answer
from guideline.organisation import department_names
from schemas.canonical import token_digest
from schemas.circulars import LetterKey, PageRequest, PageSent
from schemas.duties import OVER
from schemas.duty_acts import DutyHandIn
from schemas.duty_papers import AnswerPaper
from schemas.letters import NotSentError

if TYPE_CHECKING:
    from activities.ports import CircularRowsPort, DutyRowsPort, MailPort, RegisterPort
    from schemas.duties import DutyState, RollMember
    from schemas.letters import Letter

PAGE = 100
"""一頁の宛先の数."""

AT_ONCE = 5
"""同時に送る数: a mail server that is slow to answer holds up the others less."""

NEWEST = 50
"""回答を探す行為の数: an answer that is confirmed was handed in among the last acts."""

_LOG = logging.getLogger("minaoshi.circulars")
_NO_MAIL_SERVER = "メールを送るサーバーの設定がないため、届けられません。"


class Pace:
    """歩調 (pace): letters begin at that many a second at most, those of all circulars of a worker together."""

    def __init__(self, per_second: float) -> None:
        self._interval_s = 1 / per_second
        self._next_s = 0.0

    async def wait(self) -> None:
        """Wait for the next turn."""
        now_s = asyncio.get_running_loop().time()
        turn_s = max(self._next_s, now_s)
        self._next_s = turn_s + self._interval_s
        await asyncio.sleep(turn_s - now_s)


class CircularDelivery:
    """事務連絡の発出: the activities of `circular/<duty id>/<round>`. `pages` is where the pages are reached."""

    def __init__(  # noqa: PLR0913 # the adapters
        self,
        register: RegisterPort,
        duties: DutyRowsPort,
        rows: CircularRowsPort,
        mail: MailPort | None,
        *,
        pages: str,
        pace: Pace,
    ) -> None:
        self._register = register
        self._duties = duties
        self._rows = rows
        self._mail = mail
        self._pages = pages
        self._pace = pace

    @activity.defn(name="send_circular_page")
    async def send_page(self, request: PageRequest) -> PageSent:
        """Send the next page of a round, and mark what became of each letter.

        After a crash it is done again for those who are not marked: at most a letter that was under way goes out once
        more, with the Message-ID that it had.
        """
        state = await self._duties.find(request.duty_id)
        async with beating():
            if state is not None and request.round == ANSWER:
                return PageSent(is_left=not await self._answer(state, request))
            if state is None or state.status in OVER:
                return PageSent()
            return await self._page(state, request)

    @activity.defn(name="give_up_circular")
    async def give_up(self, request: PageRequest) -> int:
        """Give up what of a round could not be delivered, and say how many that are."""
        return await self._rows.give_up(request.duty_id, round_=request.round)

    async def _page(self, state: DutyState, request: PageRequest) -> PageSent:
        found = await self._rows.to_send(request.duty_id, round_=request.round, after=request.after, limit=PAGE)
        if not found:
            # Who was put on the roll meanwhile may stand before where this sweep was then.
            left = await self._rows.to_send(request.duty_id, round_=request.round, after=None, limit=1)
            return PageSent(is_left=bool(left))
        sender = await self._sender(state)
        tokens = {one.member: secrets.token_urlsafe(32) for one in found}
        digests = {member: token_digest(token) for member, token in tokens.items()}
        await self._rows.keep_links(request.duty_id, digests, at=_now())
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(member: RollMember) -> None:
            letter = circular_letter(
                state,
                member,
                round_=request.round,
                sender=sender,
                link=f"{self._pages}/acknowledge/{tokens[member.member]}",
                made_at=request.began_at,
            )
            async with gate:
                await self._send(letter, _key(request, member.member))

        await asyncio.gather(*(one(member) for member in found))
        return PageSent(last=found[-1].member)

    async def _answer(self, state: DutyState, request: PageRequest) -> bool:
        """Send the answer that was handed in; say whether nothing more is to be tried."""
        key = _key(request, content_of_answer(state).member or ANSWER)
        history = await self._duties.history(state.duty_id, limit=NEWEST)
        papers = [one.act.paper for one in history.acts if isinstance(one.act, DutyHandIn)] if history else []
        if not papers or await self._rows.is_delivered(key):
            return True
        paper = AnswerPaper.read(papers[-1])
        letter = answer_letter(state, paper, sender=await self._sender(state), made_at=request.began_at)
        return letter is None or await self._send(letter, key)

    async def _send(self, letter: Letter, key: LetterKey) -> bool:
        """Make one try and mark it; say whether nothing more is to be tried."""
        await self._pace.wait()
        try:
            refusal = await self._mail.send(letter) if self._mail is not None else _NO_MAIL_SERVER
        except NotSentError as error:
            _LOG.warning("a circular was not sent and is tried again: %s", error)
            failure = f"まだ届けられません。試し続けています（{error}）。"[:200]
            await self._rows.mark_failed(key, failure=failure, given_up=False, at=_now())
            return False
        if refusal is None:
            await self._rows.mark_delivered(key, at=_now())
        else:
            await self._rows.mark_failed(key, failure=refusal, given_up=True, at=_now())
        return True

    async def _sender(self, state: DutyState) -> str:
        organisation = (await self._register.current_organisation()).organisation
        body = next((one.name for one in organisation.bodies if one.id == state.body), state.body)
        return f"{body} {department_names(organisation).get(state.department, state.department)}"


def _key(request: PageRequest, member: str) -> LetterKey:
    return LetterKey(duty_id=request.duty_id, member=member, round=request.round)


def _now() -> datetime:
    return datetime.now(UTC)
