"""偽の行為の予鈴 (forgery alarm): tells auditors and team when a worker refuses many acts that nobody here has signed.

Each worker runs one. What it tells has an id of the day in the register: it is told once, by however many workers.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Protocol

from guideline.deadlines import tokyo_date
from guideline.forged_acts import told_of_forged_acts
from register.errors import DatabaseFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from register.register import Register

PAUSE_S = 1.0
"""How long an alarm waits at most until it is raised, in seconds."""

SUMMARY_S = 3600
"""How often the log says what was refused, where anything was, in seconds."""

_LOG = logging.getLogger("minaoshi.refusals")


class Counted(Protocol):
    """拒否の数 (refusal count) as the alarm sees it."""

    def is_alarming(self) -> bool:
        """Say whether somebody must be told."""

    def totals(self) -> Mapping[str, int]:
        """Give how many were refused since the worker began, by reason."""

    def since_told(self) -> Mapping[str, int]:
        """Give how many were refused since this was last asked, by reason."""


def _now() -> datetime:
    return datetime.now(UTC)


class ForgeryAlarm:
    """偽の行為の予鈴: reads the count of one worker."""

    def __init__(self, register: Register, counted: Counted, *, now: Callable[[], datetime] = _now) -> None:
        self._register = register
        self._counted = counted
        self._now = now
        self._raised_on: date | None = None

    async def run(self) -> None:
        """Look once a second until cancelled, and sum up for the log. A database that is silent is asked again."""
        loop = asyncio.get_running_loop()
        summed_up_at = loop.time()
        while True:
            try:
                await self.look()
            except DatabaseFault as error:
                _LOG.warning("alarm waits: %s", type(error).__name__)
            if loop.time() - summed_up_at >= SUMMARY_S:
                self.sum_up()
                summed_up_at = loop.time()
            await asyncio.sleep(PAUSE_S)

    async def look(self) -> bool:
        """Raise the alarm where it is due and was not raised today; say whether it was raised by this look."""
        at = self._now()
        if not self._counted.is_alarming() or self._raised_on == tokyo_date(at):
            return False
        try:
            organisation = (await self._register.current_organisation()).organisation
        except LookupError:  # nobody is there yet who could be told
            return False
        told = told_of_forged_acts(organisation, on=tokyo_date(at), refused=self._counted.totals())
        await self._register.tell(told, at=at)
        self._raised_on = tokyo_date(at)
        _LOG.warning("many acts without a trusted signature were refused: auditors and team are told")
        return True

    def sum_up(self) -> None:
        """Write one line of what was refused since the last one, where anything was."""
        refused = self._counted.since_told()
        if refused:
            _LOG.warning("refused: %s", ", ".join(f"{code} {number}" for code, number in sorted(refused.items())))
