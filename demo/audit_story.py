"""監査の物語 (story of audits and log analyses): who inspects themselves first, what is found and put right.

The acts are recorded on the day of the telling, with the days of then. Which files there are, who was audited and what
was found is not told by the improvement report: it is a sample, and the output says so.
"""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

from client.audit_reports import AuditFormat
from client.errors import InvalidInputError
from demo.errors import StoryError
from demo.log_scenes import LogScenes
from demo.papers import evidence, own_assessment
from demo.telling import as_json, file_of
from guideline.audit_checks import inspection_of
from guideline.audit_plan import count_of
from schemas.duties import DutyKind

if TYPE_CHECKING:
    from pathlib import Path

    from demo.city_stage import CityStage
    from demo.telling import Telling
    from schemas.duties import DutyState

AUDITOR, CHIEF, DRAFTER = "auditor", "chief", "drafter"
AUDIT = "audit:accounts.2023"
ASSESSMENT = "digital-agency-1"
OWN = "desk"
"""併任の監査人: of the department that is audited."""

_MANAGERS = {
    "account-registration": "manager",
    "resident-records": "residents-manager",
    "child-allowance": "allowance-manager",
}
_PLAN = {
    "audited_on": "2024-01-25",
    "auditors": [AUDITOR],
    "scope": "口座登録担当の管理簿、操作の記録、評価書に記載したリスク対策（見本）",
    "method": "書面と実地（見本）",
}
_PATIENCE_S = 30.0
_PAUSE_S = 0.05


class AuditStory:
    """監査の物語: told in scenes, each a few acts of people."""

    def __init__(self, told: Telling, stage: CityStage) -> None:
        self._told = told
        self._minaoshi = told.minaoshi
        self._audits = told.minaoshi.privacy_audits
        self._duties = told.minaoshi.duties
        self._stage = stage

    async def tell(self, *, exported_to: Path) -> None:
        """Tell it all; raises StoryError where the engine did not do what the story says."""
        self._told.title("第六話 監査とログ分析: 自分の部署は監査できず、指摘は直るまで終わらない（改善策 6）")
        self._told.say("記録は本日、日付は公表資料のもの。")
        await self._programme()
        await self._nobody_audits_their_own()
        await self._inspections()
        await self._findings()
        await self._put_right()
        await self._report(exported_to)
        await self._the_years(exported_to)
        await LogScenes(self._told, self._stage).tell(to=exported_to)
        await self._stage.all_rung(viewer=AUDITOR)
        await self._told.say_audit()

    async def _programme(self) -> None:
        self._told.scene("監査計画: 11の個人情報ファイル、令和5年度中に5、令和6年9月までに6、令和5年度内に委託先も")
        organisation = file_of("organisation.toml").decode()
        with_own = organisation.replace(f'persons = ["{AUDITOR}"]', f'persons = ["{AUDITOR}", "{OWN}"]')
        await self._minaoshi.organisation.apply(with_own.encode())
        await self._minaoshi.assessments.add(own_assessment(ASSESSMENT, verified_on=date(2023, 3, 31)))
        applied = await self._audits.apply(file_of("duties/programme.json"), as_=AUDITOR)
        kinds = [one.partition(":")[0] for one in applied.opened]
        self._told.say(f"始めた: 自己点検 {kinds.count('inspection')}部署、監査 {kinds.count('audit')}件")
        plan = await self._audits.plan(as_=AUDITOR)
        for year in plan.years[:2]:
            own = sum(run.duty_id is not None for row in plan.rows if not row.contractor for run in row.in_year(year))
            others = sum(run.duty_id is not None for row in plan.rows if row.contractor for run in row.in_year(year))
            self._told.say(f"{year}年度が期限: ファイル {own}、委託先 {others}")
        self._told.say("ファイルの名称（一つを除く）、部署、委託先、指摘は見本である。")

    async def _nobody_audits_their_own(self) -> None:
        self._told.scene("自分の部署は、監査できない（併任の監査人で試す。見本）")
        named = as_json(**{**_PLAN, "auditors": [AUDITOR, OWN]})
        await self._told.refused(self._audits.set_plan(AUDIT, named, as_=AUDITOR))
        await self._told.refused(self._audits.set_plan(AUDIT, as_json(**_PLAN), as_=OWN))
        await self._audits.set_plan(AUDIT, as_json(**_PLAN), as_=AUDITOR)
        self._told.say(f"監査チームの{AUDITOR}が、実施計画を定めた（監査の日 {_PLAN['audited_on']} は見本）。")

    async def _inspections(self) -> None:
        self._told.scene("令和5年10月30日: まず、ファイルを保有する全部署が自己点検する")
        await self._told.refused(self._hand_in())
        for state in await self._duties.list(as_=AUDITOR, kind=DutyKind.INSPECTION):
            await self._inspect(state)

    async def _inspect(self, state: DutyState) -> None:
        content = inspection_of(state.content)
        answers = [
            {"question": one, "conforms": number > 0, "state": "見本の実態。"}
            for number, one in enumerate(content.questions)
        ]
        paper = as_json(text="自己点検をした。", done_on="2023-10-30", paper={"answers": answers})
        await self._duties.hand_in(state.duty_id, paper, as_=_MANAGERS[state.department])
        receipt = await self._duties.confirm(state.duty_id, as_=AUDITOR)
        names = await self._minaoshi.directory.names()
        department = names.department(state.department)
        self._told.say(f"{department}: {len(content.files)}ファイル、監査チームが確認した: {receipt.status.label}")

    async def _hand_in(self) -> None:
        checklist = (await self._items())[:3]
        texts = (
            ("improvable", "管理簿に、更新した日を書くとよい（見本）。"),
            ("minor", "操作の記録を点検した証跡が、二か月分ない（見本）。"),
            ("major", "窓口でのログアウトの確認について、評価書の記載が実態と合わない（見本）。"),
        )
        findings = [
            {"item": item, "grade": grade, "text": text} for item, (grade, text) in zip(checklist, texts, strict=True)
        ]
        findings[-1]["assessment"] = ASSESSMENT
        paper = {"findings": findings, "conclusion": "二件の是正と、評価書の見直しを要する（見本）。"}
        content = as_json(text="監査した。", done_on="2024-01-25", evidence=evidence("監査調書"), paper=paper)
        await self._duties.hand_in(AUDIT, content, as_=AUDITOR)

    async def _items(self) -> list[str]:
        content = (await self._duties.show(AUDIT, as_=AUDITOR)).state.content
        checklist = content["checklist"]
        return [str(one) for one in checklist] if isinstance(checklist, list) else []

    async def _findings(self) -> None:
        self._told.scene("監査の結果: 指摘は是正となり、評価書に関わる指摘はその見直しを開く（見本）")
        await self._hand_in()
        await self._until_the_review_is_open()
        for one in await self._audits.followed(AUDIT, as_=AUDITOR):
            self._told.say(f"{one.finding.grade.label}: {one.finding.item}")
            if one.correction is not None:
                self._told.say(f"  是正 {one.correction.duty_id}、期限 {one.correction.due_on}")
            for review in one.reviews:
                self._told.say(f"  見直し {review.review_id} が開いた。")
        await self._told.refused(self._duties.confirm(AUDIT, as_=CHIEF))

    async def _until_the_review_is_open(self) -> None:
        """Wait for the review that a finding opens; raises StoryError where none comes."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while not any(one.reviews for one in await self._audits.followed(AUDIT, as_=AUDITOR)):  # noqa: ASYNC110 # nobody tells
                    await asyncio.sleep(_PAUSE_S)
        except TimeoutError:
            raise StoryError("a finding about an assessment has not opened its review") from None

    async def _put_right(self) -> None:
        self._told.scene("回答と是正、確認、完了")
        for correction in await self._duties.below(AUDIT, as_=AUDITOR):
            paper = {"answer": "指摘のとおりである（見本）。", "action": "手順を改め、点検を始めた（見本）。"}
            content = as_json(text="是正した。", evidence=evidence("是正の記録"), paper=paper)
            await self._duties.hand_in(correction.duty_id, content, as_=DRAFTER)
            receipt = await self._duties.confirm(correction.duty_id, as_=AUDITOR)
            self._told.say(f"{correction.title}: 部署が回答し、監査チームが確かめた: {receipt.status.label}")
        receipt = await self._duties.confirm(AUDIT, as_=CHIEF)
        self._told.say(f"監査 {AUDIT}: 総括保護管理者が確認した: {receipt.status.label}")

    async def _report(self, to: Path) -> None:
        for form in AuditFormat:
            try:
                content = await self._audits.report(AUDIT, form, as_=AUDITOR)
            except InvalidInputError as error:
                # A machine without a Japanese font tells the story too.
                self._told.say(f"{form.value.upper()} は書き出していない: {error.message}")
            else:
                await self._told.write(to / f"audit-report.{form.value}", content)

    async def _the_years(self, to: Path) -> None:
        self._told.scene("令和6年10月以降も、定期的かつ計画的に")
        opened = (await self._stage.round_on(date(2024, 11, 1))).opened
        self._told.say(f"毎朝の一巡（2024-11-01 のもの）が、次の自己点検と監査 {opened}件を始めた。")
        plan = await self._audits.plan(as_=AUDITOR)
        counts = "、".join(f"{standing.sign} {standing.label} {number}" for standing, number in count_of(plan))
        self._told.say(f"今日から見て（{plan.years[-1]}年度まで）: {counts}")
        self._told.say("ほかの監査がどうなったかは公表資料にないため、入れていない。期限を過ぎたものは、そう示される。")
        svg = await self._audits.plan_svg(as_=AUDITOR)
        await self._told.write(to / "audit-plan.svg", svg.encode())
