"""指導の物語 (story of the guidance of 2023): entered, its measures confirmed, its report approved by both sides.

The acts are recorded on the day of the telling, with the days of then. What became of the planned measures is not told:
they stand there as overdue.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from demo.errors import StoryError
from demo.guidance import guidance_of_2023
from demo.telling import file_of
from guideline.guidance import as_entered
from guideline.guidance_report import report_on
from schemas.forms.wording import japanese_day
from schemas.guidance import MeasuresReport, Standing

if TYPE_CHECKING:
    from pathlib import Path

    from demo.telling import Telling

TEAM, CHIEF = "team-lead", "chief"

_PUBLISHED = date(2023, 11, 15)
_LATER = date(2024, 2, 3)


class GuidanceStory:
    """指導の物語: `name` is the id of its guidance."""

    def __init__(self, told: Telling, *, name: str | None = None) -> None:
        self._told = told
        self._minaoshi = told.minaoshi
        self._name = name or guidance_of_2023().id

    async def tell(self, *, exported_to: Path) -> None:
        """Tell it all; raises StoryError where the engine did not do what the story says."""
        self._told.title("第四話 指導と改善策: 「改善策の実施状況」を、いつの日でも作る（令和5年9月20日の指導）")
        await self._enter()
        await self._report_as_published()
        await self._approve(exported_to)
        await self._what_is_left()

    async def _enter(self) -> None:
        self._told.scene("令和5年9月20日: 個人情報保護委員会が指導し、10月31日までの報告を求める")
        await self._minaoshi.organisation.apply(file_of("organisation.toml"))
        content = file_of("guidance.toml").replace(guidance_of_2023().id.encode(), self._name.encode())
        done = await self._minaoshi.guidance.enter(content, as_=TEAM)
        waiting = f"済と報告した{len(done.handed_in)}件は確認を待つ。"
        self._told.say(f"指導と改善策を登録した: 義務{len(done.entered)}件。{waiting}")
        receipts = await self._minaoshi.guidance.confirm_all(self._name, as_=CHIEF)
        self._told.say(f"報告した者とは別の者（総括保護管理者）が、{len(receipts)}件を確認した。")

    async def _report_as_published(self) -> None:
        self._told.scene(f"{japanese_day(_PUBLISHED)}現在: 公表資料と同じ報告")
        made = await self._report(_PUBLISHED)
        document = guidance_of_2023()
        expected = report_on(document, as_entered(document), on=_PUBLISHED).model_copy(update={"guidance": self._name})
        if made != expected:
            raise StoryError("報告が、公表資料を入れたものと違います。")
        self._told.say(f"{made.title}: {_counted(made)}")
        later = await self._report(_LATER)
        self._told.scene(f"{japanese_day(_LATER)}現在: 期限を過ぎた予定は、そう示される")
        self._told.say(_counted(later))
        for line in later.lines:
            if line.days_overdue:
                self._told.say(f"改善策 {line.measure}（{line.said}）: 期限を{line.days_overdue}日過ぎている")

    async def _report(self, on: date) -> MeasuresReport:
        return MeasuresReport.model_validate_json(await self._minaoshi.guidance.report(self._name, as_="json", on=on))

    async def _approve(self, exported_to: Path) -> None:
        self._told.scene("報告書の承認: 対策チーム、次に総括保護管理者が、同じ内容を")
        for person in (TEAM, CHIEF):
            version = await self._minaoshi.guidance.approve(self._name, as_=person, on=_PUBLISHED)
            self._told.say(f"第{version.version}版（{japanese_day(version.on)}現在）: {version.state.label}")
        self._told.say(f"SHA-256 {version.digest}")
        content = await self._minaoshi.guidance.report(self._name, as_="xlsx", version=version.version)
        self._told.say("公表資料の並びの表計算ファイルとする。")
        await self._told.write(exported_to, content)

    async def _what_is_left(self) -> None:
        view = await self._minaoshi.guidance.view(self._name)
        self._told.scene("その後: 予定の改善策は義務として、終わるまで督促される")
        self._told.say(f"今日の状況: {_counted(view.report)}。どうなったかは公表資料にないため、入れていない。")


def _counted(report: MeasuresReport) -> str:
    counts = Counter(line.standing for line in report.lines)
    return "、".join(f"{one.label} {counts[one]}" for one in Standing if counts[one])
