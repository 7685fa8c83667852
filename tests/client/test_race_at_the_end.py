"""終わりの瞬間: an event that comes while a review closes is lost in none of many races."""

from __future__ import annotations

import asyncio
import hashlib
import itertools

import pytest

from schemas.records import ReviewRecord
from tests.amounts import amount
from tests.house import MANAGER, TEAM, House

RACES = amount(quick=12, whole=100)
AT_ONCE = 10


@pytest.mark.long
async def test_an_event_at_the_moment_of_closing_is_never_lost(house: House) -> None:
    ids = [f"{house.assessment_id}-{number}" for number in range(RACES)]
    for one in ids:
        legacy = {
            "form": "basic_items",
            "form_version_as_printed": "平成31年1月",
            "sha256": hashlib.sha256(one.encode()).hexdigest(),
        }
        await house.add_assessment(one, document=None, legacy=legacy)
    waiting = iter(ids)
    delays = itertools.cycle((0.0, 0.01, 0.02, 0.03, 0.04))

    async def race() -> None:
        for one, delay in zip(waiting, delays, strict=False):
            await one_race(house, one, delay=delay)

    await asyncio.gather(*(race() for _ in range(AT_ONCE)))
    following = [await next_review(house, one) for one in ids]
    for one, found in zip(ids, following, strict=True):
        assert [ground.title for ground in found.state.grounds].count("誤登録") == 1, one
    how = {record.review_id.rpartition("/")[2] for record in following}
    assert how <= {"1", "2"}
    assert (await house.minaoshi.verify_audit()).ok


async def one_race(house: House, assessment_id: str, *, delay: float) -> None:
    """Bring a review to its last step, and let an event meet the publication."""
    review_id = await house.report_change(assessments=[assessment_id])
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person)
    await house.submit(review_id)
    for person in (MANAGER, TEAM):
        await house.minaoshi.reviews.approve(review_id, as_=person)
    await house.step(review_id, "submission")

    async def event() -> None:
        await asyncio.sleep(delay)
        await house.report_event(assessments=[assessment_id], act_id=f"risk/{assessment_id}")

    await asyncio.gather(house.step(review_id, "publication"), event())


async def next_review(house: House, assessment_id: str) -> ReviewRecord:
    async with asyncio.timeout(30):
        while (found := await house.register.open_review_of(assessment_id)) is None:  # noqa: ASYNC110 # nobody tells
            await asyncio.sleep(0.02)
    return found
