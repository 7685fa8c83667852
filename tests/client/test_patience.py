"""答えが分かるまで: an act is sent until its answer is known, but not longer than whoever sends it is there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.house import DRAFTER, TEAM, House, as_json
from tests.workflows.duty_samples import measure, own

ACTS: list[Callable[[House], Awaitable[object]]] = [
    lambda house: house.minaoshi.duties.open(own(house, "measure:other"), measure(), as_=TEAM),
    lambda house: house.minaoshi.duties.report_progress(
        own(house, "measure:one"), as_json(text="案を作った。"), as_=DRAFTER
    ),
]


@pytest.mark.parametrize("act", ACTS, ids=["始める", "行う"])
async def test_whoever_stops_sends_no_longer(empty_house: House, act: Callable[[House], Awaitable[object]]) -> None:
    """The SDK gives an end of ours as if the engine had been silent: a worker that stops would send for ever."""
    async with empty_house.worker():
        await empty_house.minaoshi.duties.open(own(empty_house, "measure:one"), measure(), as_=TEAM)
    sending = asyncio.ensure_future(act(empty_house))
    await asyncio.sleep(0.3)
    assert not sending.done(), "nobody answers"
    sending.cancel()
    async with asyncio.timeout(5):
        with pytest.raises(asyncio.CancelledError):
            await sending
