"""しきい値の再判断: one incident opens the review of every business of the body, and a published rise the next one."""

from __future__ import annotations

import json
from datetime import timedelta

from schemas.levels import Level
from schemas.review import GroundKind, Stage
from tests.house import DRAFTER, MANAGER, TEAM, House, basic_document, today
from tests.workflows.test_yearly_review import sweep

YESTERDAY = (today() - timedelta(days=1)).isoformat()


async def small(house: House, name: str, *, band: str) -> None:
    await house.add_assessment(
        name,
        document=basic_document(band=band, result="basic_items"),
        required_level="basic_items",
        effective_level="basic_items",
        published_on=YESTERDAY,
    )


async def test_one_incident_looks_at_every_business_of_the_body_and_its_publication_opens_the_next(
    house: House,
) -> None:
    raised, same = f"{house.assessment_id}-raised", f"{house.assessment_id}-same"
    await small(house, raised, band="from_10000_under_100000")
    await small(house, same, band="from_1000_under_10000")
    review_id = await house.report_event(persons_affected=101, known_on=YESTERDAY)
    assert review_id.startswith(house.assessment_id)
    for name in (raised, same):
        found = await house.register.open_review_of(name)
        assert found is not None
        assert [ground.kind for ground in found.state.grounds] == [GroundKind.LEVEL_CHANGE]
    named = await house.register.open_review_of(house.assessment_id)
    assert named is not None
    assert [ground.kind for ground in named.state.grounds] == [GroundKind.RISK_EVENT]
    await amend_to_priority(house, f"{raised}/1")
    record = await house.register.assessment(raised)
    assert (record.required_level, record.effective_level) == (Level.PRIORITY_ITEMS, Level.BASIC_ITEMS)
    assert (await sweep(house, on=today())).opened >= 1
    following = await house.register.open_review_of(raised)
    assert following is not None
    assert (following.review_id, following.state.stage) == (f"{raised}/2", Stage.EXAMINATION)
    assert [ground.level for ground in following.state.grounds] == [Level.PRIORITY_ITEMS]
    again = await sweep(house, on=today())
    assert (again.opened, again.joined) == (0, 0)


async def amend_to_priority(house: House, review_id: str) -> None:
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person)
    content = basic_document(band="from_10000_under_100000", incident="occurred", result="priority_items")
    await house.minaoshi.reviews.submit(review_id, json.dumps(content).encode(), as_=DRAFTER)
    for person in (MANAGER, TEAM):
        await house.minaoshi.reviews.approve(review_id, as_=person)
    for step in ("submission", "publication"):
        await house.step(review_id, step, done_on=today().isoformat())
