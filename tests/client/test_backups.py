"""バックアップと復元: taken while people act, restored elsewhere, and everything goes on from that moment."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.review import Stage
from settings import Settings
from tests.client.backed_up import backed_up, living, living_again, restored, settled
from tests.house import MANAGER, TEAM, House

pytestmark = pytest.mark.sqlite("a file is copied here; PostgreSQL is copied by its own programs")

MakeSettings = Callable[[Path], Settings]

AT_ONCE = 6


class Desks:
    """机: what was answered, and whether people still act."""

    def __init__(self) -> None:
        self.answered: list[str] = []
        self.are_busy = asyncio.Event()
        self.is_over = False

    def answer(self, review_id: str) -> None:
        self.answered.append(review_id)
        if len(self.answered) >= AT_ONCE:
            self.are_busy.set()


async def acting(house: House, number: int, desks: Desks) -> None:
    """Report and find, again and again; note each review of which both acts were answered."""
    for turn in itertools.count():
        if desks.is_over:
            return
        name = f"{house.assessment_id}-{number}-{turn}"
        sha256 = f"{number:032x}{turn:032x}"
        legacy = {"form": "basic_items", "form_version_as_printed": "平成26年4月 様式2", "sha256": sha256}
        await house.add_assessment(name, document=None, legacy=legacy)
        review_id = await house.report_change(assessments=[name], act_id=f"busy/{number}/{turn}")
        await house.find(review_id, as_=MANAGER)
        desks.answer(review_id)


@pytest.mark.whole
async def test_all_that_was_answered_before_is_there_and_an_open_review_goes_on(
    settings: Settings, settings_in: MakeSettings, tmp_path: Path
) -> None:
    """Acts go on while it is taken; elsewhere the history and the register then know of the same acts."""
    file, desks = tmp_path / "backup.tar.gz", Desks()
    async with living(settings) as house:
        review_id = await house.report_change()
        await house.find(review_id, as_=MANAGER)
        async with asyncio.TaskGroup() as tasks:
            for number in range(AT_ONCE):
                tasks.create_task(acting(house, number, desks))
            await desks.are_busy.wait()
            before = set(desks.answered)
            manifest = await backed_up(house.settings, file)
            desks.is_over = True
        assert set(desks.answered) > before
        own = house.settings
    there = settings_in(tmp_path / "elsewhere").model_copy(update={"task_queue": own.task_queue})
    found = await restored(file, there)
    assert found.verdict.problems == ()
    assert found.manifest == manifest
    async with living_again(there, house.assessment_id) as again:
        known = {one.review_id for one in await again.register.reviews(scope="all")}
        assert known >= {review_id, *before}
        await settled(again)
        for one in before:
            assert len(await again.register.acts_of(one)) == 2
        receipt = await again.find(review_id, as_=TEAM)
        assert (receipt.stage, receipt.sequence) == (Stage.DRAFTING, 3)
        assert (await again.minaoshi.verify_audit()).problems == ()
