"""再開: a review whose history is lost goes on from the register, and from nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from temporalio.client import Client, WorkflowFailureError
from temporalio.exceptions import ApplicationError

from client.errors import ActRefusedError
from engine.server import EmbeddedServer
from schemas.review import Stage
from tests.house import MANAGER, TEAM, House, open_house, working_house
from tests.workflows.sandbox import SANDBOX


async def lost(house: House) -> str:
    """Bring a review half through the examination, and lose its history."""
    review_id = await house.report_change()
    await house.find(review_id, as_=MANAGER)
    await house.handle().terminate()
    return review_id


async def test_acts_that_come_with_the_start_wait_until_the_register_has_said_that_it_stands_so(
    client_connection: Client, server: EmbeddedServer, tmp_path: Path
) -> None:
    """They are in the first task, before the run itself begins."""
    async with open_house(client_connection, server.settings, tmp_path, runner=SANDBOX) as house:
        async with house.worker():
            await house.furnish()
            review_id = await lost(house)
        await house.sending.take_up((await house.register.review(review_id)).state)
        acts = [
            asyncio.create_task(house.find(review_id, as_=TEAM)),
            asyncio.create_task(house.report_change(title="別の変更")),
            asyncio.create_task(house.find(review_id, as_=MANAGER)),
        ]
        await asyncio.sleep(0.5)  # they are mostly on their way by then; where not, they come a little later
        async with house.worker():
            found, joined, again = await asyncio.gather(*acts, return_exceptions=True)
        assert joined == review_id
        # They come in whatever order; the side that had examined may do so anew until the other has.
        assert getattr(found, "sequence", None) in (3, 4, 5)
        assert isinstance(again, ActRefusedError) or getattr(again, "sequence", None) in (3, 4, 5)
        recorded = await house.register.acts_of(review_id)
        assert [one.sequence for one in recorded] == list(range(1, len(recorded) + 1))
        assert (await house.minaoshi.verify_audit()).problems == ()


async def test_a_start_with_a_state_that_the_register_does_not_have_ends_at_once(
    client_connection: Client, server: EmbeddedServer, tmp_path: Path
) -> None:
    """An old start that is sent again is encrypted as it should be, and yet nobody is believed but the register."""
    async with working_house(client_connection, server.settings, tmp_path, runner=SANDBOX) as house:
        review_id = await house.report_change()
        earlier = (await house.register.review(review_id)).state
        await house.find(review_id, as_=MANAGER)
        before = await house.register.review(review_id)
        await house.handle().terminate()
        made_up = before.state.model_copy(update={"stage": Stage.APPROVAL})
        unknown = before.state.model_copy(update={"review_id": f"{house.assessment_id}/9"})
        for state in (earlier, made_up, unknown):
            await house.sending.take_up(state)
            with pytest.raises(WorkflowFailureError) as failed:
                await house.handle().result()
            assert isinstance(failed.value.cause, ApplicationError)
            assert failed.value.cause.type == "DoesNotStand"
        assert await house.register.review(review_id) == before
        await house.sending.take_up(before.state)
        assert (await house.find(review_id, as_=TEAM)).stage is Stage.DRAFTING


async def test_a_review_that_is_taken_up_reminds_and_goes_on_to_its_end(
    client_connection: Client, server: EmbeddedServer, tmp_path: Path
) -> None:
    async with working_house(client_connection, server.settings, tmp_path, runner=SANDBOX) as house:
        review_id = await lost(house)
        state = (await house.register.review(review_id)).state
        assert state.alarms
        await house.sending.take_up(state)
        assert (await house.handle().query("state"))["alarms"] == state.model_dump(mode="json")["alarms"]
        await house.find(review_id, as_=TEAM)
        await house.submit(review_id)
        for person in (MANAGER, TEAM):
            await house.minaoshi.reviews.approve(review_id, as_=person)
        for step in ("submission", "publication"):
            await house.step(review_id, step)
        await house.handle().result()
        assert (await house.register.assessment(house.assessment_id)).version == 2
        assert (await house.minaoshi.verify_audit()).problems == ()
