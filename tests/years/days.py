"""暦 (days): open and closed days, and periods of years, counted otherwise than the rules count them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import holidays

FIRST, LAST = date(2020, 4, 1), date(2030, 3, 31)
"""十年: from the first day of 令和2年度 to the last of 令和11年度."""

_NATIONAL = set(holidays.country_holidays("JP", years=range(2015, 2033)))
_EVERY = [date(2015, 1, 1) + timedelta(days=number) for number in range(366 * 17)]
OPEN = [
    day
    for day in _EVERY
    if day.isoweekday() < 6
    and day not in _NATIONAL
    and (day.month, day.day) not in {(12, 29), (12, 30), (12, 31), (1, 2), (1, 3)}
]
"""開庁日: a list, in which days are counted by their place."""


def is_open(day: date) -> bool:
    return OPEN[bisect_left(OPEN, day)] == day


def after(day: date, open_days: int) -> date:
    """Give the open day so many open days later; with 0 the next one that is open."""
    if open_days == 0:
        return OPEN[bisect_left(OPEN, day)]
    return OPEN[bisect_right(OPEN, day) + open_days - 1]


def opens_a_week_or_a_month(day: date) -> bool:
    """Say whether a day is the first open one of its week or of its month."""
    firsts = (day - timedelta(days=day.weekday()), day.replace(day=1))
    return is_open(day) and any(OPEN[bisect_left(OPEN, first)] == day for first in firsts)


def years_later(day: date, years: int) -> date:
    """Give the end of so many years: the same day, or the last of the month where the month has no such day."""
    year = day.year + years
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Give the instant of an hour in Japan."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 9, minutes=minute)


def every_day() -> Iterator[date]:
    """Give the days of the ten years."""
    day = FIRST
    while day <= LAST:
        yield day
        day += timedelta(days=1)


def fiscal_year(day: date) -> int:
    return day.year if day.month >= 4 else day.year - 1
