"""鍵の更新 (rotation): reviews that are open go on with both keys, and no key is removed that one of them needs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from temporalio.worker import Replayer
from typer.testing import CliRunner

from cli.keys import app
from engine.connection import connect_embedded
from engine.key_use import use_of_key
from engine.keys import key_ring
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from schemas.records import AuditAction
from schemas.review import Stage
from settings import Settings
from tests.house import MANAGER, TEAM, House, open_house
from tests.workflows.events import event_handle, learn, reported
from tests.workflows.sandbox import SANDBOX
from workflows.assessment_review import AssessmentReviewWorkflow
from workflows.risk_event import RiskEventWorkflow


@pytest.fixture(scope="module")
async def server(
    tmp_path_factory: pytest.TempPathFactory, settings_in: Callable[[Path], Settings]
) -> AsyncIterator[EmbeddedServer]:
    """Run a server that holds no history but those of these tests: all of them are read."""
    settings = settings_in(tmp_path_factory.mktemp("rotation"))
    async with EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES) as running:
        yield running


@pytest.fixture
async def house(server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[House]:
    """Furnish a house with payload keys of its own, on the run's server."""
    own = server.settings.model_copy(update={"home": tmp_path})
    async with open_house(await connect_embedded(own), server.settings, tmp_path, runner=SANDBOX) as house:
        await house.furnish()
        yield house


async def anew(house: House) -> None:
    """Connect as a process does that was started just now: nothing of the keys is known, and no workflow is cached."""
    house.temporal = await connect_embedded(house.settings)


async def keys_in(house: House, handle: object) -> set[str]:
    history = await handle.fetch_history()  # type: ignore[attr-defined]
    whole = b"".join(event.SerializeToString() for event in history.events)
    return {one for one in key_ring(house.settings).ids() if one.encode() in whole}


async def test_open_reviews_and_events_go_on_after_both_keys_were_rotated(house: House) -> None:
    first = key_ring(house.settings).ids()[-1]
    async with house.worker():
        review_id = await house.report_change()
        event_id = await reported(house)
        await house.find(review_id, as_=MANAGER)
    signer = house.signatures.current()
    second = key_ring(house.settings).rotate()
    assert house.signatures.rotate() != signer
    await anew(house)
    async with house.worker():
        await house.find(review_id, as_=TEAM)
        await house.submit(review_id)
        await learn(house, event_id, {"leak": "occurred"})
        assert (await house.show(review_id)).state.stage is Stage.APPROVAL
    for handle in (house.handle(), event_handle(house, event_id)):
        assert await keys_in(house, handle) == {first, second}
    third = key_ring(house.settings).rotate()
    await anew(house)
    async with house.worker():
        for person in (MANAGER, TEAM):
            await house.minaoshi.reviews.approve(review_id, as_=person)
    assert third in await keys_in(house, house.handle())
    assert (await house.minaoshi.verify_audit()).problems == ()


async def test_a_history_of_two_keys_replays_from_its_beginning(house: House) -> None:
    async with house.worker():
        review_id = await house.report_change()
    key_ring(house.settings).rotate()
    await anew(house)
    async with house.worker():
        await house.find(review_id, as_=MANAGER)
    replayer = Replayer(
        workflows=[AssessmentReviewWorkflow, RiskEventWorkflow], data_converter=house.temporal.data_converter
    )
    await replayer.replay_workflow(await house.handle().fetch_history())


async def test_it_is_known_which_reviews_need_a_key(house: House) -> None:
    async with house.worker():
        review_id = await house.report_change()
        old = key_ring(house.settings).ids()[-1]
        await house.minaoshi.reviews.acknowledge(review_id, as_=TEAM)
        new = key_ring(house.settings).rotate()
        use = await use_of_key(house.temporal, old)
        assert house.handle().id in use.running
        assert any(one.startswith("report/") for one in use.ended)
        assert not (await use_of_key(house.temporal, new)).any
        assert not (await use_of_key(house.temporal, "k9-00000000")).any


def run(monkeypatch: pytest.MonkeyPatch, settings: Settings, *arguments: str) -> tuple[int, str]:
    monkeypatch.setenv("MINAOSHI_HOME", str(settings.home))
    monkeypatch.setenv("MINAOSHI_DATABASE_URL", settings.database_url or "")
    monkeypatch.setenv("MINAOSHI_TEMPORAL_PORT", str(settings.temporal_port))
    monkeypatch.setenv("MINAOSHI_TEMPORAL_UI_PORT", str(settings.temporal_ui_port))
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, done.output


async def test_a_key_that_an_open_review_needs_is_not_removed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async with house.worker():
        await house.report_change()
    ring = key_ring(house.settings)
    [needed] = ring.ids()
    unused = ring.rotate()
    current = ring.rotate()

    async def remove(key_id: str) -> tuple[int, str]:
        return await asyncio.to_thread(run, monkeypatch, house.settings, "remove", key_id)

    status, said = await remove(needed)
    assert status == 1
    assert re.search(rf"続いているもの \d+件: .*{house.handle().id}", said), said
    for key_id, words in ((current, "今の鍵"), ("k9-00000000", "ありません")):
        status, said = await remove(key_id)
        assert (status, words in said) == (1, True)
    assert (await remove(unused))[0] == 0
    assert key_ring(house.settings).ids() == (needed, current)
    [noted] = await house.register.occurrences(AuditAction.CONFIGURATION_CHANGED)
    assert (noted.subject, noted.detail) == (unused, {"key_id": unused, "removed": True})
