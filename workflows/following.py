"""追跡の共通の部分 (following): what the workflows of countermeasures and of risk events do alike."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.refused import REFUSED, refused_error
    from guideline.refusals import RefusedError, refuse


class Ringing(Protocol):
    """督促の時 (alarm): the instant at which it is due."""

    @property
    def at(self) -> datetime:
        """When it rings."""


A = TypeVar("A", bound=Ringing)


async def wait_for_the_next_alarm(
    next_alarm: Callable[[], A | None],
    ring: Callable[[A], Awaitable[None]],
    *,
    is_over: Callable[[], bool],
    pen: asyncio.Lock,
) -> None:
    """Wait until it is over, or what is to ring next has changed, or that alarm is due; and ring it."""
    alarm = next_alarm()

    def is_over_or_changed() -> bool:
        return is_over() or next_alarm() != alarm

    if alarm is None:
        await workflow.wait_condition(is_over_or_changed)
        return
    with contextlib.suppress(TimeoutError):
        await workflow.wait_condition(is_over_or_changed, timeout=max(alarm.at - workflow.now(), timedelta()))
    async with pen:
        if not is_over_or_changed() and alarm.at <= workflow.now():
            await ring(alarm)


def refused_in_recording(
    failed: ActivityError, *, act_id: str, moved_on: RefusedError | None = None
) -> ApplicationError | None:
    """Give the refusal for which an act was not recorded; None when it failed for something else.

    `moved_on` is said where another act came first.
    """
    cause = failed.cause
    if not isinstance(cause, ApplicationError):
        return None
    if cause.type == "OtherContentError":
        return refused_error(refuse("act_id_taken", given=act_id).refusal)
    if cause.type == "MovedOnError" and moved_on is not None:
        return refused_error(moved_on.refusal)
    if cause.type == REFUSED:
        return ApplicationError(cause.message, *cause.details, type=REFUSED, non_retryable=True)
    return None
