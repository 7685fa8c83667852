"""保存期間 (retention): proposed by one person and confirmed by another; it deletes nothing."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field

from client.errors import CallerError, InvalidInputError, NotFoundError, NotPermittedError
from guideline.deadlines import tokyo_date
from guideline.retention import may_decide_retention
from register.errors import OtherContentError
from schemas.base import Identifier, Message, Text
from schemas.records import AuditAction, Occurrence

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from client.acting import Acting
    from register.register import Register
    from schemas.organisation import Person


LONGEST_REASON = 4000


class Retention(Message):
    """保存期間 (retention): the documents of a body are kept until that day at least. In force once confirmed."""

    number: str = Field(title="番号")
    body: Identifier = Field(title="評価実施機関")
    until: date = Field(title="少なくともこの日まで保存する")
    reason: Text = Field(title="理由")
    proposed_by: Identifier = Field(title="提案した職員")
    confirmed_by: Identifier | None = Field(default=None, title="確認した職員")


class Retentions:
    """保存期間を扱う."""

    def __init__(self, register: Register, acting: Acting, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._acting = acting
        self._now = now

    async def every(self) -> tuple[Retention, ...]:
        """Give all that was proposed, the first one first; of each body the last that is confirmed is in force."""
        proposed = await self._register.occurrences(AuditAction.RETENTION_PROPOSED)
        confirmed = await self._register.occurrences(AuditAction.RETENTION_CONFIRMED)
        by = {one.subject: one.person for one in confirmed}
        return tuple(_retention(one, confirmed_by=by.get(one.occurrence_id)) for one in proposed)

    async def propose(self, *, until: date, reason: str, as_: str) -> Retention:
        """Propose until when the documents of the person's body are kept.

        Raises NotFoundError for an unknown person, NotPermittedError for who may not decide that, and InvalidInputError
        for a past day.
        """
        person = await self._deciding(as_)
        if until <= tokyo_date(self._now()):
            raise InvalidInputError(
                f"{until} はもう来ています。", where="--until", remedy="これから来る日を指定してください。"
            )
        if not reason.strip() or len(reason) > LONGEST_REASON:
            raise InvalidInputError(
                "理由がありません。又は、長すぎます。",
                where="--reason",
                remedy=f"理由を{LONGEST_REASON:,}文字までで書いてください。",
            )
        happened = Occurrence(
            occurrence_id=f"retention/{uuid.uuid4().hex[:12]}",
            kind=AuditAction.RETENTION_PROPOSED,
            person=as_,
            subject=person.body,
            detail={"until": until.isoformat(), "reason": reason},
            at=self._now(),
        )
        await self._register.record_occurrence(happened)
        return _retention(happened, confirmed_by=None)

    async def confirm(self, number: str, *, as_: str) -> Retention:
        """Confirm what another has proposed for one's own body; the same again by the same person changes nothing.

        Raises NotFoundError for an unknown number, NotPermittedError for who may not confirm it.
        """
        person = await self._deciding(as_)
        proposal = next((one for one in await self.every() if one.number == number), None)
        if proposal is None or proposal.body != person.body:
            raise NotFoundError(
                f"保存期間の提案 {number} はありません。",
                where="番号",
                remedy="`minaoshi audit retention show` で番号を確かめてください。",
            )
        if proposal.proposed_by == as_:
            raise NotPermittedError(
                "提案した職員は、自分の提案を確認できません。", where="--as", remedy="別の職員が確認してください。"
            )
        happened = Occurrence(
            occurrence_id=f"{_id_of(number)}/confirmed",
            kind=AuditAction.RETENTION_CONFIRMED,
            person=as_,
            subject=_id_of(number),
            at=self._now(),
        )
        try:
            await self._register.record_occurrence(happened)
        except OtherContentError:
            raise CallerError(
                f"保存期間の提案 {number} は、{proposal.confirmed_by or '別の職員'} が既に確認しています。",
                where="番号",
                remedy="`minaoshi audit retention show` で確かめてください。",
            ) from None
        return proposal.model_copy(update={"confirmed_by": as_})

    async def _deciding(self, as_: str) -> Person:
        person, revision = await self._acting.person(as_)
        if not may_decide_retention(revision.organisation, as_, body=person.body):
            raise NotPermittedError(
                f"職員「{as_}」は、保存期間を決める役割にありません。監査チームの職員は決められません。",
                where="--as",
                remedy="総括保護管理者、統括官、個人情報保護担当（対策チーム）の職員が行ってください。",
            )
        return person


def _id_of(number: str) -> str:
    return f"retention/{number}"


def _retention(proposed: Occurrence, *, confirmed_by: str | None) -> Retention:
    return Retention(
        number=proposed.occurrence_id.removeprefix("retention/"),
        body=proposed.subject,
        until=date.fromisoformat(str(proposed.detail["until"])),
        reason=str(proposed.detail["reason"]),
        proposed_by=proposed.person,
        confirmed_by=confirmed_by,
    )
