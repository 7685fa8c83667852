"""ログ分析の場面 (scenes of log analyses): a month from a CSV, an anomaly that is an event, a missing month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from demo.errors import StoryError
from demo.papers import evidence
from demo.telling import as_json, file_of
from guideline.deadlines import tokyo_date
from schemas.duty_acts import DutyReminder

if TYPE_CHECKING:
    from pathlib import Path

    from demo.city_stage import CityStage
    from demo.telling import Telling

NOVEMBER, DECEMBER = "log_analysis:account-registration.2023-11", "log_analysis:account-registration.2023-12"
AUDITOR, DRAFTER = "auditor", "drafter"
_A_WEEK = timedelta(days=7)


class LogScenes:
    """ログ分析の場面: 令和5年11月より運用開始."""

    def __init__(self, told: Telling, stage: CityStage) -> None:
        self._told = told
        self._minaoshi = told.minaoshi
        self._logs = told.minaoshi.log_analyses
        self._stage = stage

    async def tell(self, *, to: Path) -> None:
        """Tell it all; raises StoryError where the engine did not do what the story says."""
        await self._a_month()
        await self._an_anomaly()
        await self._a_month_is_missing()
        await self._told.write(to / "log-volume.svg", (await self._logs.volume_svg(NOVEMBER, as_=AUDITOR)).encode())

    async def _a_month(self) -> None:
        self._told.scene("令和5年11月から: ログを毎月分析し、監査チームが確かめる（件数と異常は見本）")
        applied = await self._logs.apply(file_of("duties/systems.json"), as_=AUDITOR)
        self._told.say(f"始めた: {'、'.join(applied.opened)}")
        summary = file_of("duties/log-2023-11.csv").decode().encode("cp932")
        unread = summary.replace(b"2023-11-09,398", "2023-11-09,多数".encode("cp932"))
        await self._told.refused(self._submit("問題なし。", summary=unread))
        await self._submit("問題なし。", summary=summary)
        new_date = tokyo_date(self._stage.now()) + _A_WEEK
        reason = as_json(reason="異常についての結論がない（見本）。", due_on=new_date.isoformat())
        await self._minaoshi.duties.send_back(NOVEMBER, reason, as_=AUDITOR)
        self._told.say(f"監査チームが差し戻した: 異常についての結論がない（新しい期限 {new_date} は見本）。")
        await self._submit("一件の異常を、リスク事案として調べる。", summary=summary)
        receipt = await self._minaoshi.duties.confirm(NOVEMBER, as_=AUDITOR)
        (month,) = await self._logs.months(NOVEMBER, as_=AUDITOR)
        if month.paper is None:
            raise StoryError("the paper of a month is not there")
        self._told.say(f"監査チームが確認した: {receipt.status.label}")
        self._told.say(f"期間 {month.paper.first_on}～{month.paper.last_on}、{month.paper.volume:,}件")
        for one in await self._logs.anomalies(NOVEMBER, as_=AUDITOR):
            self._told.say(f"異常 {one.number}: {one.text}")

    async def _submit(self, conclusion: str, *, summary: bytes) -> None:
        paper = {"method": "利用者番号ごと、時間帯ごとの件数の比較（見本）", "conclusion": conclusion}
        content = as_json(text="ログを分析した。", evidence=evidence("ログの集計"), paper=paper)
        await self._logs.submit(NOVEMBER, content, summary=summary, as_=DRAFTER)

    async def _an_anomaly(self) -> None:
        self._told.scene("異常を、一つの行為でリスク事案にする")
        event_id = await self._logs.report_anomaly(NOVEMBER, 1, as_=DRAFTER)
        again = await self._logs.report_anomaly(NOVEMBER, 1, as_=AUDITOR)
        if again != event_id:
            raise StoryError("one anomaly became two events")
        event = (await self._minaoshi.events.show(event_id)).state
        self._told.say(f"リスク事案 {event_id}: {event.title}")
        rows = await self._stage.register.notices_of_act(event_id)
        self._told.say(f"知らせ → {'、'.join(row.notice.person for row in rows)}")

    async def _a_month_is_missing(self) -> None:
        self._told.scene("12月の分析が出ない: 督促が、上へ上がる")
        await self._stage.round_on(date(2023, 12, 31))
        await self._stage.pass_days_of_duty(0, duty_id=DECEMBER)
        history = await self._minaoshi.duties.show(DECEMBER, as_=AUDITOR)
        self._told.say(f"毎朝の一巡（2023-12-31 のもの）が始めた: {DECEMBER}、期限 {history.state.due_on}")
        for record in history.acts:
            if isinstance(record.act, DutyReminder):
                rows = await self._stage.register.notices_of_act(f"{DECEMBER}~{record.sequence}")
                people = "、".join(row.notice.person for row in rows)
                self._told.say(f"{record.act.alarm.urgency.label} → {people}")
