"""更新の予行 (rehearsal): docs/upgrades.md, step by step, with two releases at work together on the real server."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from client.errors import OutcomeNotKnownError
from client.sending import Sending
from engine.connection import connect_embedded
from engine.server import EmbeddedServer
from schemas.acts import Finding
from schemas.courses import Course
from schemas.organisation import Role
from tests.house import CHIEF, MANAGER, TEAM, House, as_json, open_house
from tests.upgrades.releases import KNOWS, TREE, USES, Edits, Release, Worker, copied
from tests.workflows.test_assessment_review import actor_of

pytestmark = pytest.mark.whole

MakeRelease = Callable[..., Release]

FIND = ("--course", "no_change", "--reason", "記載と実態を比べた。")


@pytest.fixture
async def house(server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[House]:
    """Furnish a house whose keys the processes of every release share."""
    home = tmp_path / "house"
    temporal = await connect_embedded(server.settings.model_copy(update={"home": home}))
    async with open_house(temporal, server.settings, home) as opened:
        opened.settings = opened.settings.model_copy(update={"deployment": f"test-{uuid.uuid4().hex[:8]}"})
        await opened.furnish()
        yield opened


@pytest.fixture
def release(house: House, tmp_path: Path) -> MakeRelease:
    def make(build_id: str, *several: Edits) -> Release:
        folder = copied(tmp_path / build_id, *several) if several else TREE
        return Release(build_id, folder, house.settings)

    return make


@asynccontextmanager
async def at_work(release: Release) -> AsyncIterator[Worker]:
    worker = Worker(release)
    await worker.start()
    try:
        yield worker
    finally:
        worker.kill()


async def made_current(release: Release) -> None:
    """Have all work given to the release; it is refused until a worker of it has come."""
    for _ in range(30):
        if (await release.run("version", "current"))[0] == 0:
            return
        await asyncio.sleep(0.2)
    pytest.fail(await release.does("version", "status"))


async def judged(release: Release) -> dict[str, str]:
    """Give the state of each check of the release's own `doctor`."""
    _, said = await release.run("doctor", "--json")
    return {line["check"]: line["state"] for line in json.loads(said)}


async def versions_of(house: House, assessment_id: str | None = None) -> list[str]:
    """Give by which versions the tasks of a review were done, in their order."""
    history = await house.handle(assessment_id).fetch_history()
    done = (event.workflow_task_completed_event_attributes for event in history.events)
    builds = [one.deployment_version.build_id for one in done if one.started_event_id]
    return [build for place, build in enumerate(builds) if place == 0 or builds[place - 1] != build]


async def test_open_reviews_go_on_through_an_upgrade_and_through_the_way_back(
    house: House, release: MakeRelease
) -> None:
    old, new = release("old"), release("new", KNOWS)
    async with at_work(old) as old_worker:
        await made_current(old)
        review_id = await house.report_change()
        # A terminal of the next release, a worker of this one.
        await new.does("review", "acknowledge", review_id, "--as", TEAM)
        async with at_work(new) as new_worker:
            await house.find(review_id, as_=MANAGER)
            assert await versions_of(house) == ["old"]
            await made_current(new)
            await new.does("version", "drain", "old")
            assert await old_worker.stop() == 0
            assert (await judged(new))["workers"] != "mend"
            # A terminal of the last release, a worker of this one.
            await house.find(review_id, as_=TEAM)
            await new.does("review", "show", review_id, "--as", "auditor")
            await house.submit(review_id)
            assert await versions_of(house) == ["old", "new"]
            # The way back.
            await old_worker.start()
            await made_current(old)
            await old.does("version", "drain", "new")
            assert await new_worker.stop() == 0
            for person in (MANAGER, TEAM):
                await house.minaoshi.reviews.approve(review_id, as_=person)
            for step in ("submission", "publication"):
                await house.step(review_id, step)
            assert await versions_of(house) == ["old", "new", "old"]
            assert await old_worker.stop() == 0
    view = await house.show(review_id)
    recorded = [record.act.act for record in await house.register.acts_of(review_id)]
    assert recorded == [
        *("join", "acknowledge", "find", "find", "submit", "approve", "approve", "record_step", "record_step")
    ]
    assert view.state.stage == "closed"
    assert (await house.minaoshi.verify_audit()).ok


async def test_a_field_that_is_used_one_release_after_it_is_known_has_a_way_back(
    house: House, release: MakeRelease
) -> None:
    knows, uses = release("knows", KNOWS), release("uses", KNOWS, USES)
    async with at_work(knows):
        await made_current(knows)
        review_id = await house.report_change()
        async with at_work(uses) as later_worker:
            await made_current(uses)
            await uses.does("review", "acknowledge", review_id, "--as", TEAM)
            await made_current(knows)
            await knows.does("version", "drain", "uses")
            assert await later_worker.stop() == 0
        await knows.does("review", "find", review_id, "--as", MANAGER, *FIND)
        await knows.does("review", "find", review_id, "--as", TEAM, *FIND)
        shown = await knows.tells("review", "show", review_id, "--as", "auditor")
        assert shown["state"]["remarks"] == ["後で見る。"]
        assert shown["state"]["stage"] == "closed"
        assert await versions_of(house) == ["knows", "uses", "knows"]
        await knows.does("audit", "verify")


async def test_a_release_that_does_not_know_a_field_refuses_it_and_loses_nothing(
    house: House, release: MakeRelease
) -> None:
    """What the two steps are for."""
    other = f"{house.assessment_id}-other"
    await house.add_assessment(other)
    old, uses = release("old"), release("uses", KNOWS, USES)
    async with at_work(old), at_work(uses):
        await made_current(old)
        review_id = await house.report_change()
        untouched = await house.report_change(assessments=[other])
        before = len((await house.handle(other).fetch_history()).events)
        status, said = await uses.run("review", "acknowledge", untouched, "--as", TEAM)
        assert status != 0, said
        assert len((await house.handle(other).fetch_history()).events) == before
        await made_current(uses)
        await uses.does("review", "acknowledge", review_id, "--as", TEAM)
        await made_current(old)
        finding = Finding(
            act_id="find/stands-still",
            review_id=review_id,
            actor=actor_of(MANAGER, Role.PRIVACY_MANAGER),
            facts_revision=1,
            course=Course.NO_CHANGE,
            reason="記載と実態を比べた。",
        )
        sending = Sending(
            house.temporal,
            house.register,
            task_queue=house.settings.task_queue,
            signer=house.signatures,
            patience_s=5,
        )
        with pytest.raises(OutcomeNotKnownError):
            await sending.act(finding, assessment_id=house.assessment_id)
        # Those that never met the field go on.
        moved = as_json(department="child-allowance", reason="組織の改編による。")
        await house.minaoshi.reviews.hand_over(untouched, moved, as_=CHIEF)
        await made_current(uses)
        await sending.act(finding, assessment_id=house.assessment_id)
        shown = await uses.tells("review", "show", review_id, "--as", "auditor")
        assert (shown["state"]["remarks"], shown["state"]["sequence"]) == (["後で見る。"], 3)
