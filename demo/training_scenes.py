"""研修の場面 (scenes of a training): the campaign of 2023 for all staff, until nobody is missing without a reason."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from demo.errors import StoryError
from demo.papers import evidence
from demo.post_office import text_of
from demo.telling import as_json, file_of
from guideline.deadlines import tokyo_date
from schemas.duties import DutyStatus, MemberStatus
from schemas.review import Urgency

if TYPE_CHECKING:
    from pathlib import Path

    from demo.city_stage import CityStage
    from demo.post_office import PostOffice
    from demo.telling import Telling
    from schemas.duties import DutyState

TRAINING, NEXT = "training:all.2023", "training:all.2024"
TEAM, CHIEF, MANAGER = "team-lead", "chief", "manager"
_NEXT_YEAR = date(2024, 8, 7)


def table(name: str) -> bytes:
    """Give a table as a spreadsheet in Japan saves it."""
    return file_of(f"duties/{name}.csv").decode().encode("cp932")


class TrainingScenes:
    """研修の場面: the clock of the training is moved, and with it the time of the story."""

    def __init__(self, told: Telling, stage: CityStage, post: PostOffice) -> None:
        self._told = told
        self._minaoshi = told.minaoshi
        self._trainings = told.minaoshi.trainings
        self._stage = stage
        self._post = post

    async def tell(self, *, to: Path) -> None:
        """Tell it all; raises StoryError where the engine did not do what the story says."""
        await self._begin()
        await self._complete()
        await self._joiners_and_leavers()
        await self._late()
        await self._close()
        await self._files(to)
        await self._next_year()

    async def _begin(self) -> None:
        self._told.scene("令和5年8月7日～10月20日: 全職員の研修（名簿と受講日は見本）")
        topics = [{"title": "個人情報保護法全般"}, {"title": "個人情報保護委員会への漏えい等の報告"}]
        opening = as_json(
            department="privacy",
            title="個人情報の適正な取扱いのための研修",
            begins_on="2023-08-07",
            due_on="2023-10-20",
            repeats="year",
            content={"material": "研修資料（見本）", "topics": topics},
        )
        await self._minaoshi.duties.open(TRAINING, opening, as_=TEAM)
        # It is recorded after its date: what that calls for has rung before there is a roll.
        await self._stage.pass_days_of_duty(0, duty_id=TRAINING)
        staff = table("staff")
        first = staff.splitlines()[1]
        wrong = staff + first + "\r\np-999,見本 職員,ない部署,\r\n".encode("cp932")
        await self._told.refused(self._trainings.import_roll(TRAINING, wrong, as_=TEAM))
        done = await self._trainings.import_roll(TRAINING, staff, as_=TEAM)
        self._told.say(f"職員の表を取り込んだ（{done.encoding} と判断した）: {len(done.joined)}人")

    async def _complete(self) -> None:
        early = "職員番号,受講日\r\ndesk,2023-08-01\r\n".encode("cp932")
        await self._told.refused(self._trainings.import_completions(TRAINING, early, as_=TEAM))
        done = await self._trainings.import_completions(TRAINING, table("completions"), as_=TEAM)
        self._told.say(f"受講の表を取り込んだ: {done.completed}人")
        await self._say_coverage()

    async def _say_coverage(self) -> None:
        for one in await self._trainings.coverage(TRAINING, as_=TEAM):
            self._told.say(f"  {one.name}: {one.total}人のうち済 {one.completed}、除く {one.excused}、未了 {one.open}")

    async def _joiners_and_leavers(self) -> None:
        self._told.scene("人事異動: 今の職員の表を、もう一度取り込む")
        done = await self._trainings.import_roll(TRAINING, table("staff-later"), as_=TEAM)
        self._told.say(f"加わる者: {'、'.join(done.joined)}（期限 {done.joiners_due_on}。10開庁日ある）")
        self._told.say(f"去った者: {'、'.join(done.left)}（その理由で除かれる）")

    async def _late(self) -> None:
        self._told.scene("督促と、保護管理者への手紙")
        await self._stage.pass_days_of_duty(0, duty_id=TRAINING)
        if (await self._state()).alarms[0].urgency is Urgency.REMINDER:
            await self._to_the_next_call()
        before = await self._post.letter_to("manager@example.jp", words="督促（研修")
        self._say_letter("保護管理者（期限の前。登録のない職員のこと）", text_of(before))
        await self._to_the_next_call()
        for who in ("manager", "allowance-manager"):
            letter = await self._post.letter_to(f"{who}@example.jp", words="上位者への報告（研修")
            self._say_letter(f"保護管理者（{who}）", text_of(letter))

    async def _to_the_next_call(self) -> None:
        """Move the clock to the day on which the training calls somebody next."""
        today, day = tokyo_date(self._stage.now()), tokyo_date((await self._state()).alarms[0].at)
        await self._stage.pass_days_of_duty((day - today).days, duty_id=TRAINING)
        self._told.say(f"…… 時計を進めた: {today} → {tokyo_date(self._stage.now())}")

    async def _state(self) -> DutyState:
        return (await self._minaoshi.duties.show(TRAINING, as_=TEAM)).state

    def _say_letter(self, who: str, text: str) -> None:
        subject, *lines = text.splitlines()
        self._told.say(f"手紙 → {who}: {subject}")
        for line in lines:
            if "未了の者" in line:
                self._told.say(f"  {line}")

    async def _close(self) -> None:
        self._told.scene("100%にならなければ閉じられない: 一人ずつ、受講か理由か")
        await self._told.refused(self._hand_in())
        today = tokyo_date(self._stage.now()).isoformat()
        await self._minaoshi.duties.complete(TRAINING, as_json(members=["p-201"], completed_on=today), as_=MANAGER)
        self._told.say("p-201 の受講を、その保護管理者が記録した。")
        for member, reason in (("allowance-drafter", "休職中（見本）"), ("p-202", "出向中（見本）")):
            await self._minaoshi.duties.excuse(TRAINING, as_json(members=[member], reason=reason), as_=TEAM)
        for one in await self._minaoshi.duties.roll(TRAINING, as_=TEAM, status=MemberStatus.EXCUSED):
            self._told.say(f"  除く: {one.name}（{one.member}） {one.reason}")
        await self._hand_in()
        receipt = await self._minaoshi.duties.confirm(TRAINING, as_=CHIEF)
        self._told.say(f"総括保護管理者が確認した: {receipt.status.label}")

    async def _hand_in(self) -> None:
        proof = evidence("個人情報の適正な取扱いのための研修の受講記録")
        await self._minaoshi.duties.hand_in(TRAINING, as_json(text="受講を終えた。", evidence=proof), as_=TEAM)

    async def _files(self, to: Path) -> None:
        svg = await self._trainings.coverage_svg(TRAINING, as_=TEAM)
        await self._told.write(to / "training-coverage.svg", svg.encode())
        for form in ("xlsx", "csv"):
            content = await self._trainings.export(TRAINING, form, as_=TEAM)
            await self._told.write(to / f"training-roll.{form}", content)

    async def _next_year(self) -> None:
        self._told.scene("今後も1年に1回: 翌年の研修は、自動で始まる")
        opened = (await self._stage.round_on(_NEXT_YEAR)).opened
        await self._stage.pass_days_of_duty(0, duty_id=NEXT)
        following = (await self._minaoshi.duties.show(NEXT, as_=TEAM)).state
        if opened != 1 or following.status is not DutyStatus.OPEN:
            raise StoryError("the training of the next year has not begun by itself")
        self._told.say(f"毎朝の一巡（{_NEXT_YEAR} のもの）が始めた: {following.duty_id} {following.title}")
        self._told.say(f"  期間 {following.begins_on} から {following.due_on} まで。名簿は、その年の職員を取り込む。")
