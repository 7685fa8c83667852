"""実施手続の場面 (scenes of the procedure): from 公示 to 公表, as 番号法28条 has it for a ministry.

公示 and 意見聴取 are dated in the past, because nobody waits thirty days for a demo, and what follows on the day of the
telling; the output says so.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from demo.papers import with_days
from demo.telling import as_json
from guideline.deadlines import tokyo_date
from schemas.review import Outcome, Step

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from demo.telling import Telling

OPINIONS = (
    {
        "opinion": "自動のログアウトだけでなく、窓口での確認の手順も定めるべきである（見本）。",
        "answer": "御意見のとおり、支援員の手順、その点検及び教材をⅢ2リスク3、Ⅳ1及びⅣ2に記載します。",
        "reflected": True,
    },
    {
        "opinion": "誤って登録された者への連絡の方法を明らかにしてほしい（見本）。",
        "answer": "Ⅲ3のその他のリスクに記載した、登録の停止及び申出の窓口によります。",
        "reflected": False,
    },
    {
        "opinion": "家族の口座の登録を機械で検知できるようにしてほしい（見本）。",
        "answer": "Ⅲ2リスク3に記載した氏名の突合により検知します。",
        "reflected": False,
    },
)
"""意見聴取の意見: as Ⅵ2④ of the revised 様式4 of the ministry tells them."""

_BEGAN, _ENDED, _RECORDED = timedelta(days=45), timedelta(days=15), timedelta(days=14)
_IN_ADVANCE = "見本のため、承認の記録より前の日とした。"


class ProcedureScenes:
    """実施手続の場面: of the review that is told of, once both have approved its text."""

    def __init__(self, told: Telling, assessment: str) -> None:
        self._told = told
        self._reviews = told.minaoshi.reviews
        self._assessment = assessment
        self._today = tokyo_date(datetime.now(UTC))

    @property
    def _began_on(self) -> date:
        return self._today - _BEGAN

    @property
    def _ended_on(self) -> date:
        return self._today - _ENDED

    async def tell(self, *, exported_to: Path) -> None:
        await self._opinions_are_heard()
        await self._an_opinion_changes_the_text()
        await self._the_commission_approves()
        await self._what_is_published(exported_to)

    async def _opinions_are_heard(self) -> None:
        self._told.scene("実施手続: 公示し、広く国民の意見を聴く")
        await self._told.say_procedure()
        self._told.say(
            f"（見本: 三十日も審査も待たず、公示を{self._began_on}、意見聴取の終了を{self._ended_on}、"
            f"提出から後を{self._today}として記録する。）"
        )
        notice = {"method": "電子政府の総合窓口（見本）", "until_on": self._ended_on.isoformat()}
        await self._told.refused(
            self._told.step(Step.PUBLIC_NOTICE, as_="manager", done_on=self._began_on, notice=notice)
        )
        await self._told.step(
            Step.PUBLIC_NOTICE,
            as_="manager",
            done_on=self._began_on,
            notice=notice,
            note=_IN_ADVANCE,
            papers={"公示文の写し": "公示文（見本）".encode()},
        )
        await self._told.step(
            Step.PUBLIC_COMMENT,
            as_="manager",
            done_on=self._today - _RECORDED,
            opinions=OPINIONS,
            note=_IN_ADVANCE,
        )

    async def _an_opinion_changes_the_text(self) -> None:
        self._told.scene("反映する意見がある: 案を改めるまで、先へ進めない")
        await self._told.refused(self._told.step(Step.SUBMISSION, as_="team-member", done_on=self._today))
        reason = as_json(reason="意見を反映し、窓口での確認の手順、その点検及び教材を記載する。")
        await self._told.say_act(await self._reviews.revise(self._told.review, reason, as_="manager"))
        revised = with_days(
            f"{self._assessment}-all-items-revised",
            threshold=self._began_on,
            began=self._began_on,
            ended=self._ended_on,
            submitted=self._today,
        )
        await self._told.say_act(await self._reviews.submit(self._told.review, revised, as_="drafter"))
        for person in ("manager", "team-lead"):
            await self._reviews.approve(self._told.review, as_=person)
        await self._told.say_approvals()

    async def _the_commission_approves(self) -> None:
        self._told.scene("提出し、個人情報保護委員会の承認を受け、公表する")
        await self._told.step(Step.SUBMISSION, as_="team-member", done_on=self._today)
        await self._told.refused(self._told.step(Step.PUBLICATION, as_="team-member", done_on=self._today))
        await self._told.step(
            Step.COMMISSION_APPROVAL,
            as_="team-member",
            done_on=self._today,
            papers={"承認の通知の写し": "承認の通知（見本）".encode()},
            judgement={
                "conditions": ["措置の実施の状況を、次の年次の見直しで確かめること（見本）。"],
                "requires_revision": False,
            },
        )
        await self._told.say_violations()
        await self._told.step(Step.PUBLICATION, as_="team-member", done_on=self._today)

    async def _what_is_published(self, exported_to: Path) -> None:
        self._told.scene("公表された版と、変更箇所")
        version = await self._told.published(self._assessment, outcome=Outcome.REASSESSED)
        await self._told.say_changes(version)
        self._told.scene("計画管理書（様式1）と、公表用")
        await self._told.say_plan("1")
        await self._told.export(self._assessment, to=exported_to)
