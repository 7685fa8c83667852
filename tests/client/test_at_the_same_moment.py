"""同時に: many act at the same moment, and each act is one act."""

from __future__ import annotations

import asyncio

from client.errors import CallerError
from schemas.acts import Receipt
from schemas.review import Stage
from tests.house import MANAGER, TEAM, TEAM_2, House


async def known(*acts: asyncio.Future[Receipt]) -> list[Receipt]:
    """Give the receipts of those that were accepted; the others must have been refused in words."""
    ended = await asyncio.gather(*acts, return_exceptions=True)
    assert [one for one in ended if not isinstance(one, Receipt | CallerError)] == []
    return [one for one in ended if isinstance(one, Receipt)]


async def test_two_members_of_the_team_approve_once(house: House) -> None:
    review_id = await house.to_approval()
    approve = house.minaoshi.reviews.approve
    accepted = await known(
        asyncio.ensure_future(approve(review_id, as_=TEAM)), asyncio.ensure_future(approve(review_id, as_=TEAM_2))
    )
    assert len(accepted) == 1
    assert (await house.show(review_id)).state.stage is Stage.APPROVAL


async def test_an_event_that_races_the_second_approval_is_never_unheard(house: House) -> None:
    """Either the event voids the approvals, or it is held for the next review: never is it lost."""
    review_id = await house.to_approval()
    await house.minaoshi.reviews.approve(review_id, as_=MANAGER)
    event = asyncio.ensure_future(house.report_event())
    await known(asyncio.ensure_future(house.minaoshi.reviews.approve(review_id, as_=TEAM)))
    assert await event == review_id
    state = (await house.show(review_id)).state
    heard = [ground.title for ground in (*state.grounds, *state.held)]
    assert "誤登録" in heard
    if state.stage is Stage.PROCEDURE:
        assert [ground.title for ground in state.held] == ["誤登録"]
    else:
        assert not any(given.stands for given in state.approvals)


async def test_more_acts_at_once_than_a_workflow_takes_all_come_to_be_known(house: House) -> None:
    review_id = await house.report_change()
    sends = [asyncio.ensure_future(house.minaoshi.reviews.acknowledge(review_id, as_=TEAM)) for _ in range(30)]
    accepted = await known(*sends)
    assert len(accepted) == 30
    recorded = await house.register.acts_of(review_id)
    assert [one.sequence for one in recorded] == list(range(1, 32))
    assert {one.receipt.act_id for one in recorded[1:]} == {one.act_id for one in accepted}


async def test_ten_reports_at_once_are_ten_grounds_of_one_review(house: House) -> None:
    reports = [house.report_event(title=f"事案{number}", act_id=f"event/{number}") for number in range(10)]
    opened = await asyncio.gather(*reports)
    assert set(opened) == {f"{house.assessment_id}/1"}
    state = (await house.show(opened[0])).state
    assert len(state.grounds) == 10
    assert state.facts_revision == 10
    assert (await house.minaoshi.verify_audit()).ok
