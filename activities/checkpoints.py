"""証跡の控え (checkpoints): each day the head of the trail is signed, kept outside the database, and mailed."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field
from temporalio import activity

from guideline.checkpoint_letters import checkpoint_notice_id, subject_of_checkpoint
from guideline.organisation import holders_everywhere
from schemas.base import Message
from schemas.organisation import Role
from schemas.records import Notice

if TYPE_CHECKING:
    from activities.ports import CheckpointPort, RegisterPort


class CheckpointRequest(Message):
    """控えの依頼 (request): for which day; today unless told."""

    on: date | None = Field(default=None, title="日（空なら今日）")


class CheckpointKeeping:
    """控えを取る: the activity of the daily checkpoint."""

    def __init__(self, register: RegisterPort, checkpoints: CheckpointPort) -> None:
        self._register = register
        self._checkpoints = checkpoints

    @activity.defn(name="keep_checkpoint")
    async def keep(self, request: CheckpointRequest) -> None:
        """Sign the head, and tell the auditors, whose mailboxes lie outside the database as well.

        Where the chain does not go through the last checkpoint nothing is signed: that would be a head to go through.
        Auditors and team are told so each day instead.
        """
        at = activity.info().current_attempt_scheduled_time
        # The disk may be a slow mount: nothing else of the worker waits for it.
        last = await asyncio.to_thread(self._checkpoints.last)
        if last is not None and last.seq > 0 and await self._register.audit_hash(last.seq) != last.hash:
            subject = f"至急: 証跡が、控え（{last.seq}番）を通りません。書き直されたか、切り詰められています。"
            roles = [Role.AUDITOR, Role.TEAM_MEMBER]
        else:
            seq, head = await self._register.audit_head()
            kept = await asyncio.to_thread(self._checkpoints.keep, seq, head, at=at)
            subject = subject_of_checkpoint(kept)
            roles = [Role.AUDITOR]
        told = tuple(
            Notice(
                notice_id=checkpoint_notice_id(request.on, person),
                person=person,
                review_id=None,
                assessment_id=None,
                subject=subject,
            )
            for person in await self._holders(*roles)
        )
        await self._register.tell(told, at=at)

    async def _holders(self, *roles: Role) -> tuple[str, ...]:
        try:
            organisation = (await self._register.current_organisation()).organisation
        except LookupError:
            return ()
        return holders_everywhere(organisation, *roles)
