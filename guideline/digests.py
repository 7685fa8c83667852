"""まとめて知らせる時刻 (digests): until when a notice is held for somebody who wants one mail a day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from guideline.deadlines import TOKYO, tokyo_date

if TYPE_CHECKING:
    from schemas.records import Notice

MORNING = time(8)
"""まとめを送る時刻, in Tokyo: before the work of the day begins."""


def may_be_held(notice: Notice) -> bool:
    """Say whether a notice may wait for the morning: never one of a risk event, nor one that calls a superior."""
    return not notice.urgent


def next_morning(at: datetime) -> datetime:
    """Give the first morning after that instant."""
    today = datetime.combine(tokyo_date(at), MORNING, tzinfo=TOKYO)
    morning = today if at < today else today + timedelta(days=1)
    return morning.astimezone(UTC)
