"""記載の文言 (wording): what a document says at an item, as a person reads it."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date

from schemas.forms.catalogue import Item

NOTHING = "（記載なし）"
"""What stands where an item says nothing."""

_ERAS = ((date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"), (date(1926, 12, 25), "昭和"))


def wording(item: Item, value: object) -> str:
    """Give the value in Japanese: choices by title, lists joined, days by era. Total, so that drafts can be shown."""
    if isinstance(value, list):
        return "、".join(wording(item, entry) for entry in value) or NOTHING
    if value is None or value == "":
        return NOTHING
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if item.display == "date":
        return _day(value)
    return item.choices.get(value, value)


def japanese_day(day: date) -> str:
    """Give the day by its era, such as 令和6年10月1日; before 昭和 by the Western year."""
    for began_on, era in _ERAS:
        if day >= began_on:
            year = day.year - began_on.year + 1
            return f"{era}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return f"{day.year}年{day.month}月{day.day}日"


_WRITTEN_DAY = re.compile(
    r"(?:(?P<era>明治|大正|昭和|平成|令和)(?P<year>元|\d{1,2})年|(?P<western>\d{4})[-/年])"
    r"(?P<month>\d{1,2})[-/月](?P<day>\d{1,2})日?"
)


def day_from_japanese(text: str) -> date:
    """Read a day as people write it: 令和6年10月1日, 2024-10-01, 2024/10/1 or 2024年10月1日, in any width.

    Raises ValueError for what is no such day, and for a day outside its era.
    """
    found = _WRITTEN_DAY.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if found is None:
        raise ValueError(text)
    month, day = int(found["month"]), int(found["day"])
    if found["western"]:
        return date(int(found["western"]), month, day)
    began_on = next((began_on for began_on, era in _ERAS if era == found["era"]), None)
    if began_on is None:
        raise ValueError(text)
    written = date(began_on.year + (1 if found["year"] == "元" else int(found["year"])) - 1, month, day)
    if not japanese_day(written).startswith(found["era"]):
        raise ValueError(text)
    return written


def _day(value: str) -> str:
    try:
        return japanese_day(date.fromisoformat(value))
    except ValueError:
        return value
