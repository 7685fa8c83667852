"""市の物語 (story of a city): a new 委託 is carried through its whole procedure before it begins; the clock is moved.

Every line is printed from what the register or the server answered.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from demo.errors import StoryError
from demo.papers import document, with_days
from demo.telling import as_json, file_of
from guideline.deadlines import add_business_days, tokyo_date
from schemas.acts import Reminder
from schemas.review import Outcome, Step

if TYPE_CHECKING:
    from datetime import date

    from demo.city_stage import CityStage
    from demo.telling import Telling

ASSESSMENT = "sapporo-7"

OPINIONS = (
    {
        "opinion": "民間の従事者が個人番号を見ることに不安がある。閲覧できる範囲を限ってほしい（見本）。",
        "answer": "従事者の権限の範囲、操作の記録の点検、及び私物の電子機器の持込みの禁止をⅢ4に追記します。",
        "reflected": True,
    },
    {
        "opinion": "委託先が変わるときに情報が残らないようにしてほしい（見本）。",
        "answer": "Ⅲ4に記載のとおり、終了時の返却及び消去を契約書に定めます。",
        "reflected": False,
    },
    {
        "opinion": "待ち時間が短くなることを期待する（見本）。",
        "answer": "御意見として承ります。",
        "reflected": False,
    },
)
"""意見聴取の意見: as Ⅵ2④ of the revised 様式4 of the city tells them."""

_LAST_CHECKED = timedelta(days=60)
_AHEAD = timedelta(days=120)
_HEARING = timedelta(days=30)
_COUNCIL = 10
"""審議会: so many business days after the hearing."""

_PAPER = "答申書又は意見書の写し"


class CityStory:
    """市の物語: what is the law's waiting time is skipped, and everything else happens as it would."""

    def __init__(self, told: Telling, stage: CityStage) -> None:
        self._told = told
        self._stage = stage
        self._reviews = told.minaoshi.reviews
        self._takes_effect_on = self._today + _AHEAD

    @property
    def _today(self) -> date:
        return tokyo_date(self._stage.now())

    async def tell(self) -> None:
        """Tell it all; raises StoryError where the engine did not do what the story says."""
        self._told.title("第二話 市: 窓口業務の新しい委託（見本。時計を進めて演じる）")
        await self._before()
        await self._a_change_is_planned()
        await self._both_find_and_approve()
        began_on = self._today
        until_on = began_on + _HEARING
        checked_on = add_business_days(until_on, _COUNCIL)
        await self._notice(began_on, until_on)
        await self._opinions(began_on, until_on, checked_on)
        await self._a_late_check(checked_on)
        await self._published_in_time()

    async def _before(self) -> None:
        self._told.scene("準備: 市の組織表と、公表中の評価書（様式2と様式4）")
        revision = await self._told.minaoshi.organisation.apply(file_of("city.toml"))
        self._told.say(f"組織表の第{revision}版を登録した。")
        entry = as_json(
            assessment_id=ASSESSMENT,
            body="sapporo",
            department="care-insurance",
            number="7",
            name="介護保険に関する事務",
            required_level="all_items",
            effective_level="all_items",
            published_on="2025-02-03",
            verified_on=(self._today - _LAST_CHECKED).isoformat(),
            systems=["介護保険システム"],
            files=["介護保険資格ファイル", "介護保険給付ファイル"],
            document=json.loads(document(f"{ASSESSMENT}-basic-items")),
            documents=[json.loads(document(f"{ASSESSMENT}-all-items"))],
            note="評価書番号と評価書名のほかは見本である。",
        )
        record = await self._told.minaoshi.assessments.add(entry)
        self._told.say(
            f"{record.assessment_id}: {record.name}（{record.effective_level.label}） 公表 {record.published_on}"
        )

    async def _a_change_is_planned(self) -> None:
        self._told.scene("四か月後に始まる委託: 報告の前に、重要な変更かを尋ねる")
        report = as_json(
            **json.loads(file_of("reports/new-outsourcing.json"))
            | {"known_on": self._today.isoformat(), "takes_effect_on": self._takes_effect_on.isoformat()}
        )
        await self._told.explain(report)
        reported = await self._told.minaoshi.reports.change(report, as_="care-drafter")
        self._told.review = reported[0].review_id
        await self._reviews.acknowledge(self._told.review, as_="team-lead")
        view = await self._told.view()
        ground = view.state.grounds[0]
        self._told.say(f"見直し {view.review_id}: {ground.title}、変更が生じる日 {ground.takes_effect_on}")
        self._told.say(f"公表より先に生じる変更: {len(view.violations)}件")

    async def _both_find_and_approve(self) -> None:
        self._told.scene("両者が再実施と判断し、案を承認する")
        for person, reason in (
            ("care-manager", "窓口での受付と入力を新たに委託するため、別表の項目が変わる。"),
            ("team-lead", "委託の開始の前に、意見聴取と第三者点検を経て公表する必要がある。"),
        ):
            found = as_json(course="reassess", reason=reason, items=["様式4 Ⅱ4", "様式4 Ⅲ4"])
            await self._told.say_act(await self._reviews.find(self._told.review, found, as_=person))
        await self._submit_and_approve(
            document(f"{ASSESSMENT}-basic-items-revised"),
            with_days(f"{ASSESSMENT}-all-items-first-draft", threshold=self._today),
        )

    async def _submit_and_approve(self, *documents: bytes) -> None:
        await self._told.say_act(await self._reviews.submit(self._told.review, *documents, as_="care-drafter"))
        for person in ("care-manager", "team-lead"):
            await self._reviews.approve(self._told.review, as_=person)
        await self._told.say_approvals()

    async def _notice(self, began_on: date, until_on: date) -> None:
        self._told.scene("公示し、三十日の間、住民の意見を聴く")
        await self._told.say_procedure()
        await self._told.step(
            Step.PUBLIC_NOTICE,
            as_="care-manager",
            done_on=began_on,
            notice={"method": "市のホームページ、区役所、市政刊行物コーナー（見本）", "until_on": until_on.isoformat()},
            papers={"公示文の写し": "公示文（見本）".encode()},
        )
        await self._told.refused(self._record_opinions())

    async def _record_opinions(self) -> None:
        await self._told.step(Step.PUBLIC_COMMENT, as_="care-manager", done_on=self._today, opinions=OPINIONS)

    async def _opinions(self, began_on: date, until_on: date, checked_on: date) -> None:
        await self._wait_until(add_business_days(until_on, 1))
        await self._record_opinions()
        reason = as_json(reason="意見を反映し、従事者の権限の範囲、操作の記録の点検、持込みの禁止を記載する。")
        await self._told.say_act(await self._reviews.revise(self._told.review, reason, as_="care-manager"))
        revised = with_days(
            f"{ASSESSMENT}-all-items-revised",
            threshold=began_on,
            began=began_on,
            ended=until_on,
            checked=checked_on,
        )
        await self._submit_and_approve(revised)

    async def _a_late_check(self, checked_on: date) -> None:
        due_on = (await self._told.view()).state.due_on
        if due_on is None:
            raise StoryError("the check of a third party has no date")
        self._told.scene(f"第三者点検: 記録が期限（{due_on}）に遅れ、督促が鳴る")
        await self._wait_until(add_business_days(due_on, 1))
        acts = await self._stage.register.acts_of(self._told.review)
        rung = [one.act.alarm for one in acts if isinstance(one.act, Reminder)]
        if not rung:
            raise StoryError("nobody was reminded of what is late")
        for alarm in rung:
            self._told.say(f"{alarm.urgency.label}: {alarm.clock.label}、期限 {alarm.due_on}")
        inbox = await self._told.minaoshi.inboxes.of("team-lead")
        self._told.say(f"知らせ → team-lead: {inbox.notices[0].subject}")
        for task in inbox.tasks:
            late = "、期限を過ぎている" if task.overdue else ""
            self._told.say(f"受信箱 team-lead: {task.act.label} {task.what}、期限 {task.due_on}{late}")
        answer = "答申書（見本）: 窓口業務の委託に伴うリスクへの対策は妥当である。".encode()
        wrong = [{"title": _PAPER, "sha256": "0" * 64}]
        await self._told.refused(self._record_check(checked_on, answer, evidence=wrong))
        await self._record_check(checked_on, answer)

    async def _record_check(self, checked_on: date, paper: bytes, **more: object) -> None:
        await self._told.step(
            Step.THIRD_PARTY_CHECK,
            as_="team-member",
            done_on=checked_on,
            papers={_PAPER: paper},
            judgement={"conditions": ["委託の開始の後に、点検の結果を審議会に報告すること（見本）。"]},
            **more,
        )

    async def _published_in_time(self) -> None:
        self._told.scene("提出し、委託の始まる前に公表する")
        await self._told.step(Step.SUBMISSION, as_="team-member", done_on=self._today)
        await self._wait_until(add_business_days(self._today, 1))
        await self._told.step(Step.PUBLICATION, as_="team-member", done_on=self._today)
        version = await self._told.published(ASSESSMENT, outcome=Outcome.REASSESSED)
        ground = (await self._told.view()).state.grounds[0]
        if ground.takes_effect_on is None or version.published_on >= ground.takes_effect_on:
            raise StoryError("the assessment was not published before its change")
        self._told.say(f"公表 {version.published_on} は、変更が生じる日 {ground.takes_effect_on} より前である。")
        await self._told.say_changes(version)
        await self._told.say_plan("7")
        self._told.scene("経過（台帳から。日時は進めた時計による）")
        await self._told.say_timeline()
        await self._told.say_audit()

    async def _wait_until(self, day: date) -> None:
        before = self._today
        await self._stage.pass_days((day - before).days, review_id=self._told.review)
        self._told.say(f"…… 時計を進めた: {before} → {self._today}")
