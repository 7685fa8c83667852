"""第四話: the guidance of 2023 is entered on the real engine, and its report is the published one, approved by both."""

from __future__ import annotations

from io import BytesIO, StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from rich.console import Console

from client.guidance_views import ReportState
from demo.errors import StoryError
from demo.guidance import guidance_of_2023
from demo.guidance_story import GuidanceStory
from demo.telling import Telling
from rendering.guidance_sheets import REPORT_SHEET
from tests.demo.test_guidance import MEASURES
from tests.house import TEAM, House


@pytest.mark.whole
async def test_the_fourth_story_says_what_the_engine_holds_and_fails_where_that_differs(
    house: House, tmp_path: Path
) -> None:
    spoken = StringIO()
    told = Telling(house.minaoshi, house.register, Console(file=spoken, width=1000))
    file = tmp_path / "report.xlsx"
    await GuidanceStory(told, name=house.assessment_id).tell(exported_to=file)
    said = spoken.getvalue()
    for words in (
        f"義務{1 + len(MEASURES)}件。済と報告した18件は確認を待つ",
        "18件を確認した",
        "済 18、予定 9",
        "改善策 5-1（令和5年12月迄）: 期限を34日過ぎている",
        "承認済み",
    ):
        assert words in said
    (version,) = (await house.minaoshi.guidance.view(house.assessment_id)).versions
    assert version.state is ReportState.APPROVED
    cells = {cell.value for row in load_workbook(BytesIO(file.read_bytes()))[REPORT_SHEET] for cell in row}
    assert {"承認済み（第1版）", version.digest} <= cells
    planned = next(one for one in guidance_of_2023().measures if one.id == "2-6")
    other = planned.model_copy(update={"text": "また、令和5年度中に、別の文。"}).model_dump_json().encode()
    await house.minaoshi.guidance.measure(house.assessment_id, other, as_=TEAM, reason="見本")
    with pytest.raises(StoryError):
        await GuidanceStory(told, name=house.assessment_id).tell(exported_to=file)
