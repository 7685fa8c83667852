"""時期の記載 (words of time): which days 令和5年12月迄 or 令和5年度中 can mean, so that words and days agree. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import NamedTuple

from guideline.deadlines import last_of_month
from schemas.forms.wording import day_from_japanese, japanese_day
from schemas.guidance import When

_POINT = re.compile(
    r"(?P<year>(?:令和|平成|昭和)(?:元|\d{1,2})|\d{4}|同)年"
    r"(?:(?P<fiscal>度)|(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?)"
    r"(?P<how>迄|まで|末|中|内|より|から)?(?:に|予定)?"
)
_SAME = "同"
_FROM = frozenset({"より", "から"})


class Span(NamedTuple):
    """日の幅 (span): the first and the last day that words can mean."""

    first_on: date
    last_on: date


def span_of(said: str, *, year: int) -> Span | None:
    """Give the days that words of time mean, None where they name none; 同年 is `year`, or that of the period's begin.

    A month or a fiscal year ends with its last day; 令和5年11月より begins with its first, and is that day. 以降 names
    no last day.
    """
    plain = "".join(unicodedata.normalize("NFKC", said).split()).replace("〜", "~")
    begin, _, end = plain.partition("~")
    first = _point(begin, year=year)
    if first is None or not end:
        return first
    last = _point(end, year=first.first_on.year)
    return None if last is None or last.last_on < first.first_on else Span(first.first_on, last.last_on)


def _point(words: str, *, year: int) -> Span | None:
    found = _POINT.fullmatch(words)
    if found is None:
        return _plain_day(words)
    of_year = f"{year}年" if found["year"] == _SAME else f"{found['year']}年"
    try:
        if found["fiscal"]:
            first = day_from_japanese(f"{of_year}4月1日")
            span = Span(first, date(first.year + 1, 3, 31))
        else:
            first = day_from_japanese(f"{of_year}{found['month']}月{found['day'] or 1}日")
            last = first if found["day"] else last_of_month(first)
            span = Span(first, last)
    except ValueError:
        return None
    return Span(span.first_on, span.first_on) if found["how"] in _FROM else span


def _plain_day(words: str) -> Span | None:
    try:
        day = day_from_japanese(words)
    except ValueError:
        return None
    return Span(day, day)


def fault_of_when(when: When) -> str | None:
    """Say how the words and the days of a time disagree; None where they do not."""
    span = span_of(when.said, year=when.latest_on.year)
    if span is None:
        if when.assumed is not None:
            return None
        return f"「{when.said}」からは日が定まりません。その日とした理由（assumed）を書いてください。"
    if when.latest_on != span.last_on:
        return _differs(when.said, "最も遅い", span.last_on, when.latest_on)
    if when.first_on is not None and when.first_on != span.first_on:
        return _differs(when.said, "最初の", span.first_on, when.first_on)
    return None


def _differs(said: str, which: str, meant: date, given: date) -> str:
    return f"「{said}」の{which}日は {japanese_day(meant)} です（{japanese_day(given)} とあります）。"


def is_told(when: When, text: str) -> bool:
    """Say whether a sentence tells the time in its own words, whatever their width."""
    return _plain(when.said) in _plain(text)


def _plain(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).split())
