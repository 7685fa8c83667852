"""出す知らせ (outbox): notices in the register that nobody has sent out yet are given to workflows that deliver them.

Each worker runs one. Two at once do no harm: a notice has one workflow, and that asks the register first.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from guideline.digests import may_be_held, next_morning
from register.errors import DatabaseFault
from schemas.letters import Digest, Means, key_of
from workflows.notice import DigestWorkflow, NoticeWorkflow

if TYPE_CHECKING:
    from collections.abc import Callable

    from temporalio.client import Client

    from register.register import Register

PAUSE_S = 0.25
"""How long a notice waits at most until it is seen, in seconds: of a risk event all must know at once."""

AT_ONCE = 20
"""How many are given out in one go."""

_LOG = logging.getLogger("minaoshi.outbox")


def _now() -> datetime:
    return datetime.now(UTC)


def notice_workflow_id(notice_id: str) -> str:
    """Give the id of the workflow that delivers a notice; it names nobody."""
    return f"notice/{key_of(notice_id)}"


def digest_workflow_id(digest: Digest) -> str:
    """Give the id of the workflow that delivers a digest; it names nobody."""
    return f"digest/{key_of(f'{digest.until.isoformat()}>{digest.person}')}"


class Outbox:
    """出す知らせ (outbox): by which `means` people are told at best is given."""

    def __init__(
        self, temporal: Client, register: Register, *, task_queue: str, means: Means, now: Callable[[], datetime] = _now
    ) -> None:
        self._temporal = temporal
        self._register = register
        self._task_queue = task_queue
        self._means = means
        self._now = now

    async def run(self) -> None:
        """Give notices out until cancelled. An engine or a database that does not answer is asked again."""
        while True:
            try:
                number = await self.give_out()
            except (RPCError, DatabaseFault) as error:
                _LOG.warning("notices wait: %s", type(error).__name__)
                number = 0
            if number < AT_ONCE:
                await asyncio.sleep(PAUSE_S)

    async def give_out(self) -> int:
        """Give out those that wait, the oldest first, and the digests whose morning has come; give how many.

        A person without mail is told by the inbox. What may wait is held for whoever wants one mail a day.
        """
        waiting = await self._register.waiting_notices(limit=AT_ONCE)
        if waiting:
            told = frozenset(notice.person for notice in waiting)
            with_inbox_only = await self._with_inbox_only(told)
            daily = await self._register.digests.who_chose_daily(told - with_inbox_only)
            by_inbox = [one.notice_id for one in waiting if one.person in with_inbox_only]
            held = [one.notice_id for one in waiting if one.person in daily and may_be_held(one)]
            delivered = [one.notice_id for one in waiting if one.notice_id not in {*by_inbox, *held}]
            await asyncio.gather(*(self._start(notice_id) for notice_id in delivered))
            await self._register.mark_notices_given_out(by_mail=delivered, by_inbox=by_inbox, at=self._now())
            if held:
                await self._register.digests.hold(held, until=next_morning(self._now()))
        return len(waiting) + await self._give_out_digests()

    async def _give_out_digests(self) -> int:
        due = await self._register.digests.due(now=self._now(), limit=AT_ONCE)
        for digest in due:
            await self._start_digest(digest)
            await self._register.digests.mark_given_out(digest, at=self._now())
        return len(due)

    async def _with_inbox_only(self, told: frozenset[str]) -> frozenset[str]:
        """Give who is told by the inbox alone: never an address or somebody who is gone, for whom nobody looks."""
        try:
            organisation = (await self._register.current_organisation()).organisation
        except LookupError:
            return told
        people = organisation.people
        return told & {one.id for one in people if not one.mail or self._means is Means.INBOX}

    async def _start_digest(self, digest: Digest) -> None:
        workflow_id = digest_workflow_id(digest)
        try:
            await self._temporal.start_workflow(DigestWorkflow.run, digest, id=workflow_id, task_queue=self._task_queue)
        except WorkflowAlreadyStartedError:
            return

    async def _start(self, notice_id: str) -> None:
        workflow_id = notice_workflow_id(notice_id)
        try:
            # The worker of this connection gets the first task with the answer; if it dies, another gets it.
            await self._temporal.start_workflow(
                NoticeWorkflow.run,
                notice_id,
                id=workflow_id,
                task_queue=self._task_queue,
                request_eager_start=True,
            )
        except WorkflowAlreadyStartedError:
            return
