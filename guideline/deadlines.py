"""期限 (deadlines): business days in Japan, the yearly date and the five years.

Closed days are those of the State (行政機関の休日に関する法律1条): Saturdays, Sundays, national holidays, and 29
December to 3 January. National holidays are known until 2099; the equinoxes of later years are computed, not yet fixed.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache

from guideline.provisions import GUIDELINE_6_2_4, RULE_14_1, RULE_14_3, RULE_15, Provision

TOKYO = timezone(timedelta(hours=9), "Asia/Tokyo")
"""日本時間: no summer time since 1951, so a fixed offset says the same as a time-zone file and needs none."""

_SATURDAY = 5
_SUNDAY = 6
_TURN_OF_THE_YEAR = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """期間 (period) in whole years, in force from a day on."""

    in_force_on: date
    years: int
    provisions: tuple[Provision, ...]
    confirmed: bool = True


YEARLY_REVIEW = PeriodRow(date(2016, 1, 1), 1, (RULE_14_1, RULE_14_3))
"""見直しの間隔: at least every year, an obligation to endeavour. From which day it runs is not said: the last check."""

REASSESSMENT = PeriodRow(date(2016, 1, 1), 5, (RULE_15, GUIDELINE_6_2_4), confirmed=False)
"""再実施の間隔: the ordinance leaves the length to the 指針; five years were read in secondary sources only."""


@cache
def _national_holidays(year: int) -> frozenset[date]:
    # A third of a second, for the calendars of all countries: only who counts business days pays it.
    from holidays.countries.japan import Japan  # noqa: PLC0415 # as said above

    # One frozen set a year: the calendar of the library fills itself on being asked, which two threads must not see.
    return frozenset(Japan(years=year))


def is_closed(day: date) -> bool:
    """Say whether the offices of the State are closed (行政機関の休日に関する法律1条)."""
    return closed_as(day) is not None


def closed_as(day: date) -> str | None:
    """Say in Japanese why the offices are closed; None for an open day."""
    if (day.month, day.day) in _TURN_OF_THE_YEAR:
        return "年末年始"
    if day in _national_holidays(day.year):
        return "祝日"
    return {_SATURDAY: "土曜日", _SUNDAY: "日曜日"}.get(day.weekday())


def next_open_day(day: date) -> date:
    """Give the day itself if it is open, else the first open day after it (行政機関の休日に関する法律2条)."""
    while is_closed(day):
        day += timedelta(days=1)
    return day


def add_business_days(day: date, days: int) -> date:
    """Give the open day that many business days after `day`, which does not count itself, open or closed.

    With 0 it is `next_open_day`. Raises ValueError for a negative number.
    """
    if days < 0:
        raise ValueError(f"開庁日の数は0以上で指定してください（{days}が指定されました）。")
    if days == 0:
        return next_open_day(day)
    for _ in range(days):
        day = next_open_day(day + timedelta(days=1))
    return day


def subtract_business_days(day: date, days: int) -> date:
    """Give the open day that many business days before `day`, which does not count itself, open or closed.

    With 0 it is the day itself if it is open, else the last open day before it. Raises ValueError for a negative
    number.
    """
    if days < 0:
        raise ValueError(f"開庁日の数は0以上で指定してください（{days}が指定されました）。")
    for _ in range(days):
        day = _last_open_day(day - timedelta(days=1))
    return _last_open_day(day)


def _last_open_day(day: date) -> date:
    while is_closed(day):
        day -= timedelta(days=1)
    return day


def tokyo_date(instant: datetime) -> date:
    """Give the date in Japan of an aware instant. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("日時には時間帯が要ります。")
    return instant.astimezone(TOKYO).date()


def stage_due_on(*, began_at: datetime, business_days: int) -> date:
    """Give the date in Japan on which a stage that began at that instant is due; the day it began does not count."""
    return add_business_days(tokyo_date(began_at), business_days)


def last_of_month(day: date) -> date:
    """Give the last day of the month that the day is in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def years_after(day: date, *, years: int) -> date:
    """Give the same day that many years later, or earlier if negative.

    Where the year has no 29 February it is the 28th: the last day of that month, and so the end of a period; as the
    beginning of one it is the wider side.
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def yearly_due_on(verified_on: date) -> date:
    """Give the day by which the text is to be held against reality again (規則14条1項・3項), closed or not.

    One year after the last check; after a check on 29 February it is 28 February, so that the year is never exceeded.
    """
    return years_after(verified_on, years=YEARLY_REVIEW.years)


def five_years_due_on(published_on: date) -> date:
    """Give the day by which the assessment is to be done anew (規則15条, an obligation to endeavour).

    `published_on` is the day of publication after a first assessment or a 再実施. A publication after a 修正
    (規則14条2項) is not among those that 規則15条 lists: it does not restart the five years.
    """
    return years_after(published_on, years=REASSESSMENT.years)


def five_years_asked_on(due_on: date, *, on: date) -> date:
    """Give the day for which 再実施 is asked on that day: the date itself, or the last of the same days of later years.

    It is asked again where it was not done. The ordinance asks for an endeavour (規則15条) and sets no second date:
    that it is every year is our own choice.
    """
    if on < due_on:
        return due_on
    asked_on = years_after(due_on, years=on.year - due_on.year)
    return asked_on if asked_on <= on else years_after(due_on, years=on.year - due_on.year - 1)
