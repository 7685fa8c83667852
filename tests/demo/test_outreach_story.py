"""第五話: a circular, a rule and a training are told on the real engine, with real mail; a lost letter ends it."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from rich.console import Console

from demo.circular_scenes import AGAIN, FIRST, MOVED, MUNICIPALITIES, municipalities
from demo.city_stage import CityStage
from demo.errors import StoryError
from demo.outreach_story import OutreachStory
from demo.post_office import PostOffice
from demo.rule_scenes import RULE
from demo.telling import Telling
from demo.training_scenes import NEXT, TRAINING
from guideline.duty_roll import LEFT
from schemas.duties import DutyStatus, MemberStatus
from settings import Settings

FEW = 47 * 3
TEAM = "team-lead"


@asynccontextmanager
async def stage_for(settings: Settings, *, moved: Collection[str]) -> AsyncIterator[tuple[CityStage, PostOffice]]:
    async with PostOffice(moved=moved) as post:
        by_mail = {"smtp_url": post.url, "mail_from": "minaoshi@example.jp", "circular_pace": 1000.0}
        async with CityStage(settings.model_copy(update=by_mail)) as stage:
            yield stage, post


@pytest.mark.whole
async def test_the_fifth_story_says_what_the_engine_holds(settings: Settings, tmp_path: Path) -> None:
    spoken = StringIO()
    async with stage_for(settings, moved={MOVED}) as (stage, post):
        told = Telling(stage.minaoshi, stage.register, Console(file=spoken, width=1000))
        await OutreachStory(told, stage, post, number=FEW).tell(exported_to=tmp_path)
        duties, circulars = stage.minaoshi.duties, stage.minaoshi.circulars
        states = {one: (await duties.show(one, as_=TEAM)).state for one in (FIRST, AGAIN, TRAINING, NEXT)}
        whole = (await circulars.coverage(AGAIN, as_=TEAM)).whole
        excused = await duties.roll(TRAINING, as_=TEAM, status=MemberStatus.EXCUSED)
        rules = await stage.minaoshi.rules.show(RULE, as_=TEAM)
        assert (await stage.minaoshi.verify_audit()).ok
    assert [one.status for one in states.values()] == [
        DutyStatus.CANCELLED,
        DutyStatus.OPEN,
        DutyStatus.CLOSED,
        DutyStatus.OPEN,
    ]
    assert states[AGAIN].content["repeats"] == FIRST
    assert (whole.total, whole.delivered, whole.failed, whole.acknowledged) == (FEW, FEW - 1, 1, 0)
    assert {one.member: one.reason for one in excused} == {
        "allowance-drafter": "休職中（見本）",
        "p-104": LEFT,
        "p-202": "出向中（見本）",
    }
    assert [one.duty.status for one in rules] == [DutyStatus.CLOSED, DutyStatus.CANCELLED]
    for words in (
        f"{FEW}団体のうち、届いた {FEW - 1}、届かない 1",
        "550 no such user",
        "リンクから 6団体が確認した。",
        "全て確認した: 東京都",
        "に回答が届いた: 【照会への回答】",
        "まだの者: ",
        "22行目 職員番号: 「desk」は、2行目にもあります。",
        "児童手当担当（見本）の未了の者（2人）: 見本 手当起案（allowance-drafter）、見本 職員九（p-202）",
        "期間 2024-08-07 から 2024-10-20 まで",
    ):
        assert words in spoken.getvalue()
    _files_say_the_same(tmp_path)


def _files_say_the_same(folder: Path) -> None:
    assert "東京都: 3団体のうち3団体が受領を確認し" in (folder / "circular-coverage.svg").read_text(encoding="utf-8")
    rows = list(csv.reader(StringIO((folder / "circular-coverage.csv").read_text(encoding="utf-8-sig"))))
    assert rows[13] == ["13", "東京都", "3", "3", "0", "3", "0", "0"]
    assert "未了 0" in (folder / "training-coverage.svg").read_text(encoding="utf-8")
    sheet = load_workbook(BytesIO((folder / "training-roll.xlsx").read_bytes())).active
    assert sheet is not None
    assert "見本 職員九" in {cell.value for row in sheet for cell in row}
    assert "p-201,見本 職員八" in (folder / "training-roll.csv").read_text(encoding="utf-8-sig")


async def test_a_letter_that_is_not_where_the_story_says_ends_it(settings: Settings, tmp_path: Path) -> None:
    async with stage_for(settings, moved=()) as (stage, post):
        told = Telling(stage.minaoshi, stage.register, Console(file=StringIO()))
        with pytest.raises(StoryError, match="was lost, or went out twice"):
            await OutreachStory(told, stage, post, number=5).tell(exported_to=tmp_path)
        with pytest.raises(StoryError, match="has no link"):
            post.token_for(MOVED, words="なし")


def test_there_are_as_many_municipalities_as_there_are_and_none_is_another() -> None:
    found = municipalities(MUNICIPALITIES)
    assert len(found) == 1741
    for column in (0, 1, 3):
        assert len({one[column] for one in found}) == 1741
    assert all("見本" in name and address.endswith("@example.jp") for _, name, _, address in found)
