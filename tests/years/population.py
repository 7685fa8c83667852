"""登場するもの (population): the bodies, their people, and the assessments with their documents."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

SEED = 20200401
PER_BODY = 50
DEPARTMENTS = 2


@dataclass(frozen=True, slots=True)
class Planned:
    """評価書の素性 (what an assessment is): where it belongs, and the days with which it is entered."""

    assessment_id: str
    body: str
    department: str
    number: str
    published_on: date
    verified_on: date
    band: str = "from_1000_under_10000"
    level: str = "basic_items"

    @property
    def entry(self) -> bytes:
        """As it is entered: its document is of an older form and known by its digest alone."""
        legacy = {
            "form": "basic_items",
            "form_version_as_printed": "平成28年1月 様式2",
            "sha256": hashlib.sha256(self.assessment_id.encode()).hexdigest(),
        }
        return json.dumps(
            {
                "assessment_id": self.assessment_id,
                "body": self.body,
                "department": self.department,
                "number": self.number,
                "name": f"{self.assessment_id}に関する事務",
                "required_level": self.level,
                "effective_level": self.level,
                "published_on": self.published_on.isoformat(),
                "verified_on": self.verified_on.isoformat(),
                "legacy": legacy,
            },
            ensure_ascii=False,
        ).encode()


def body_of(number: int) -> str:
    return f"city-{number // PER_BODY}"


def assessments(numbers: range) -> list[Planned]:
    """Give the assessments of these numbers; the first ones of all are those whose days are special."""
    ordinary = [(number, _ordinary(number)) for number in numbers]
    return [replace(one, **SPECIAL[number]) if number < len(SPECIAL) else one for number, one in ordinary]


def _ordinary(number: int) -> Planned:
    chance = random.Random(f"{SEED}/{number}")  # noqa: S311 # the same in each run
    published_on = date(2016, 1, 4) + timedelta(days=chance.randrange(1548))
    last = published_on.replace(year=2019, day=min(published_on.day, 28))
    verified_on = max(published_on, last if last >= date(2019, 4, 1) else last.replace(year=2020))
    return Planned(
        assessment_id=f"a-{number:03}",
        body=body_of(number),
        department=f"{body_of(number)}-d{number % DEPARTMENTS}",
        number=str(number + 1),
        published_on=published_on,
        verified_on=verified_on,
    )


TOLD_OF = tuple(f"a-{number:03}" for number in range(9))
LEAP, YEAR_END, YEAR_BEGIN, NEW_YEAR, AMENDED, RISING, LARGE, ENDED, STAYING = TOLD_OF
"""特別なもの: by their names; nothing is left to chance in what is decided about them."""

SPECIAL: tuple[dict[str, Any], ...] = (
    {"published_on": date(2020, 2, 29), "verified_on": date(2020, 2, 29)},
    {"published_on": date(2019, 3, 31), "verified_on": date(2020, 3, 31)},
    {"published_on": date(2019, 4, 1), "verified_on": date(2019, 4, 1)},
    {"published_on": date(2020, 1, 30), "verified_on": date(2020, 1, 30)},
    {"published_on": date(2019, 6, 3), "verified_on": date(2019, 6, 3)},
    {"published_on": date(2018, 10, 1), "verified_on": date(2019, 10, 1), "band": "from_10000_under_100000"},
    {
        "published_on": date(2018, 7, 2),
        "verified_on": date(2019, 7, 1),
        "band": "at_least_300000",
        "level": "all_items",
    },
    {"published_on": date(2019, 9, 2), "verified_on": date(2019, 9, 2)},
    {"published_on": date(2019, 9, 3), "verified_on": date(2019, 9, 3)},
)
"""その日付: 29 February; the two sides of a fiscal year; a date that opens in the outage; one that is amended before
its five years; one under the amended threshold; one of 全項目評価; one that ends; one that goes on being published."""
