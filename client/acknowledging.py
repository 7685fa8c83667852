"""受領の確認 (acknowledging): another body follows the link in its letter; nobody signs in for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from client.errors import InvalidInputError, NotFoundError
from client.files import kept_content
from client.patience import same_content
from guideline.circulars import content_of_circular
from guideline.deadlines import tokyo_date
from guideline.organisation import engine_actor
from schemas.base import Message
from schemas.canonical import act_digest, token_digest
from schemas.duties import DutyState, DutyStatus, MemberStatus, RollRow
from schemas.duty_acts import DutyCompletion, DutyReceipt
from schemas.duty_papers import CircularContent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from client.duty_following import DutyFollowing
    from register.register import Register

_LONGEST_TOKEN = 100


class Invitation(Message):
    """受領の確認の求め (invitation): what the page of a link shows."""

    duty: DutyState = Field(title="事務連絡")
    content: CircularContent = Field(title="内容")
    sender: str = Field(title="発出した機関")
    recipient: RollRow = Field(title="宛先")

    @property
    def is_acknowledged(self) -> bool:
        """Whether this body has done it already."""
        return self.recipient.status is MemberStatus.COMPLETED

    @property
    def may_acknowledge(self) -> bool:
        """Whether it may do it now."""
        return self.duty.status is DutyStatus.OPEN and not self.is_acknowledged


class Acknowledging:
    """受領の確認: by the token of a link alone."""

    def __init__(
        self,
        register: Register,
        following: Callable[[], Awaitable[DutyFollowing]],
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._register = register
        self._following = following
        self._now = now

    async def invitation(self, token: str) -> Invitation:
        """Give what the link is for. Raises NotFoundError where it is none, or its body is on the roll no more."""
        link = await self._register.circulars.link(token_digest(token)) if len(token) <= _LONGEST_TOKEN else None
        state = await self._register.duties.find(link.duty_id) if link else None
        row = await self._register.duties.member(link.duty_id, link.member) if link else None
        if state is None or row is None or row.status is MemberStatus.REMOVED:
            raise NotFoundError(
                "このリンクは使えません。",
                where="受領のリンク",
                remedy="メールのリンクの全体を開いているか確かめ、開けないときは、発出した機関に連絡してください。",
            )
        organisation = (await self._register.current_organisation()).organisation
        sender = next((one.name for one in organisation.bodies if one.id == state.body), state.body)
        return Invitation(duty=state, content=content_of_circular(state), sender=sender, recipient=row)

    async def acknowledge(self, token: str, *, member: str) -> DutyReceipt:
        """受領の確認: once, for the body whose link it is; `member` is the body that the page named.

        Raises NotFoundError for a link that is none, InvalidInputError where it was used or is another body's,
        ActRefusedError where the circular is over.
        """
        invited = await self.invitation(token)
        if member != invited.recipient.member:
            raise InvalidInputError(
                f"このリンクは、{invited.recipient.name}だけのものです。ほかの団体の受領には使えません。",
                where="受領のリンク",
                remedy="貴団体に届いたメールのリンクを開いてください。",
            )
        if invited.is_acknowledged:
            raise InvalidInputError(
                f"{invited.recipient.name}の受領は、既に確認しています（{invited.recipient.completed_on}）。",
                where="受領のリンク",
                remedy="もう一度行う必要はありません。",
            )
        state = invited.duty
        act = DutyCompletion(
            act_id=f"acknowledge/{token_digest(token)}",
            actor=engine_actor(body=state.body, department=state.department),
            duty_id=state.duty_id,
            members=(member,),
            completed_on=tokyo_date(self._now()),
        )
        return same_content(await (await self._following()).act(act, state=state), digest=act_digest(act))

    async def document(self, token: str) -> tuple[str, bytes]:
        """Give the circular itself, with its name. Raises NotFoundError where there is none."""
        content = (await self.invitation(token)).content
        return content.document_name or "文書", await kept_content(self._register, content.stored_as or "")
