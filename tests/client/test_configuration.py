"""設定の変更: an entry where a process is told something else than before, and none where it is not."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from client.configuration import Configurations
from client.schedule import SCHEDULE_ID, ensure_schedule, states_of_schedules
from schemas.records import AuditAction
from tests.register import samples
from worker import note_configuration, run_web

if TYPE_CHECKING:
    from schemas.records import Occurrence
    from tests.house import House


async def noted(house: House) -> tuple[Occurrence, ...]:
    return await house.register.occurrences(AuditAction.CONFIGURATION_CHANGED)


async def test_a_change_is_an_entry_with_what_it_was_and_what_it_is(empty_house: House) -> None:
    house = empty_house
    for _ in range(2):
        await note_configuration(house.register, house.settings, process="worker")
    [first] = await noted(house)
    assert (first.person, first.subject, first.detail["changed"]) == ("operator", "configuration/worker", {})
    secret = {"smtp_url": "smtp://u:swordfish@mail.example.jp", "mail_from": "minaoshi@example.jp"}
    changed = house.settings.model_copy(update={**secret, "forged_acts_alarm": 3})
    for _ in range(2):
        await note_configuration(house.register, changed, process="worker")
    _, second = await noted(house)
    what = second.detail["changed"]
    assert isinstance(what, dict)
    assert set(what) == {"smtp_url", "mail_from", "forged_acts_alarm"}
    assert what["forged_acts_alarm"] == ["10", "3"]
    assert what["mail_from"] == [None, "minaoshi@example.jp"]
    assert "swordfish" not in second.model_dump_json()
    await note_configuration(house.register, house.settings, process="worker")
    assert len(await noted(house)) == 3
    assert (await house.minaoshi.verify_audit()).ok


async def test_each_kind_of_process_is_told_its_own(empty_house: House) -> None:
    configurations = Configurations(empty_house.register, now=lambda: samples.AT)
    await configurations.note("worker", {"a": "1"}, before={})
    await configurations.note("web", {"a": "2"}, before={})
    assert await configurations.last("worker") == {"a": "1"}
    assert await configurations.last("web") == {"a": "2"}
    assert await configurations.last("hotline") == {}


async def test_the_pages_note_it_when_they_start(empty_house: House) -> None:
    serving = asyncio.create_task(run_web(empty_house.settings, empty_house.temporal))
    async with asyncio.timeout(10):
        while not await noted(empty_house):  # noqa: ASYNC110 # nobody tells
            await asyncio.sleep(0.02)
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving
    assert [one.subject for one in await noted(empty_house)] == ["configuration/web"]


async def test_a_schedule_that_somebody_pauses_in_temporal_is_a_change(empty_house: House) -> None:
    house = empty_house
    await ensure_schedule(house.temporal, task_queue=house.settings.task_queue)
    handle = house.temporal.get_schedule_handle(SCHEDULE_ID)
    states = []
    try:
        states.append(await states_of_schedules(house.temporal))
        await handle.pause(note="休み")
        states.append(await states_of_schedules(house.temporal))
    finally:
        await handle.unpause()
    assert [one[f"schedule {SCHEDULE_ID}"] for one in states] == ["on", "paused"]
    for one in states:
        await note_configuration(house.register, house.settings, process="worker", more=one)
    assert (await noted(house))[-1].detail["changed"] == {f"schedule {SCHEDULE_ID}": ["on", "paused"]}
