"""物語 (story): a misregistration and what was built against it lead a ministry to a 再実施; then a year comes round.

Every line is printed from what the register or the server answered.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from client.errors import InvalidDocumentError
from client.sending import workflow_id_of
from demo.errors import StoryError
from demo.papers import document, own_assessment
from demo.procedure_scenes import ProcedureScenes
from demo.telling import as_json, file_of, yes
from guideline.deadlines import TOKYO, tokyo_date
from guideline.document_sets import FORMS

if TYPE_CHECKING:
    from pathlib import Path

    from temporalio.client import Client

    from demo.stage import Stage
    from demo.telling import Telling
    from schemas.acts import Receipt
    from schemas.records import AssessmentRecord

ASSESSMENT = "digital-agency-1"
_LAST_CHECKED = timedelta(days=60)
_CHANGE = "reports/logout-prevention.json"


class Story:
    """物語: told in scenes, each a few acts of people."""

    def __init__(self, told: Telling, stage: Stage, temporal: Client) -> None:
        self._told = told
        self._minaoshi = told.minaoshi
        self._stage = stage
        self._temporal = temporal
        self._killed_at = datetime.max.replace(tzinfo=UTC)

    async def tell(self, *, exported_to: Path) -> None:
        """Tell it all; raises StoryError where the engine did not do what the story says."""
        self._told.title("第一話 行政機関: 令和5年の誤登録（見本）")
        await self._before()
        await self._a_desk_knows_and_reports()
        await self._a_change_joins()
        await self._both_examine()
        await self._the_chief_may_not_go_below_the_rules()
        await self._a_power_cut_while_the_chief_resolves()
        await self._drafting_and_approval()
        await ProcedureScenes(self._told, ASSESSMENT).tell(exported_to=exported_to)
        await self._a_year_comes_round()
        await self._proof()

    async def _before(self) -> None:
        self._told.scene("準備: 組織表と、公表中の評価書")
        revision = await self._minaoshi.organisation.apply(file_of("organisation.toml"))
        self._told.say(f"組織表の第{revision}版を登録した。")
        for content in (self._own_assessment(), *(file_of(f"assessments/sample-{n}.json") for n in (8, 9, 10))):
            record = await self._minaoshi.assessments.add(content)
            self._told.say(
                f"{record.assessment_id}: {record.name} [{_forms(record)}] 次の年次期日 {record.yearly_due_on}"
            )

    def _own_assessment(self) -> bytes:
        last_checked = tokyo_date(datetime.now(UTC)) - _LAST_CHECKED
        return own_assessment(ASSESSMENT, verified_on=last_checked)

    async def _a_desk_knows_and_reports(self) -> None:
        self._told.scene("窓口が誤登録を知り、報告する（リスク事案）")
        reported = await self._minaoshi.reports.risk(file_of("reports/misregistration.json"), as_="desk")
        self._told.review = reported[0].review_id
        self._told.say(
            f"見直し {self._told.review} が開いた（既に開いていた見直しに加わったか: {yes(reported[0].joined)}）。"
        )
        for person in ("team-lead", "team-member", "manager", "chief", "director-general"):
            notices = (await self._minaoshi.inboxes.of(person)).notices
            self._told.say(f"知らせ → {person}: {notices[0].subject}")
        receipt = await self._minaoshi.reviews.acknowledge(self._told.review, as_="team-lead")
        self._told.say(f"対策チームが受領を確認した（通し番号 {receipt.sequence}）。")

    async def _a_change_joins(self) -> None:
        self._told.scene("報告の前に尋ねる: ログアウト忘れ防止機能の搭載は、重要な変更か")
        await self._told.explain(file_of(_CHANGE))
        self._told.scene("その搭載が、環境の変化として加わる: 変更は、評価書の公表より先に生じていた")
        reported = await self._minaoshi.reports.change(file_of(_CHANGE), as_="drafter")
        if reported[0].review_id != self._told.review or not reported[0].joined:
            raise StoryError("the change did not join the open review")
        for ground in (await self._told.view()).state.grounds:
            self._told.say(
                f"事由: {ground.kind.label} {ground.title}（把握 {ground.known_on}、"
                f"規則が求める最低限の対応「{ground.minimum.label}」）"
            )
        await self._told.say_violations()

    async def _both_examine(self) -> None:
        self._told.scene("担当部署だけで判断しない: 両者が検討する")
        await self._minaoshi.reviews.find(
            self._told.review,
            as_json(
                course="no_change",
                reason="防止機能は既に稼働しており、評価書の記載は概括的であるため、改めるまでもない。",
                risk_not_moved="措置の追加は記載済みの対策の範囲内であり、リスクを相当程度変動させない。",
            ),
            as_="manager",
        )
        seen = (await self._told.view(viewer="team-lead")).findings[0]
        self._told.say(f"担当部署が結論を示した。対策チームから見ると → {seen.reason}")
        await self._minaoshi.reviews.find(
            self._told.review,
            as_json(
                course="reassess",
                reason="人手を介する作業での取り違えは、評価書に書かれていないリスクであり、現に本人の利益を害した。"
                "これに対する措置はリスクを相当程度変動させるものであり、意見聴取と委員会の承認を経るべきである。",
                items=["様式4 Ⅲ2リスク3", "様式4 Ⅲ3リスク2", "様式2 Ⅳ8"],
            ),
            as_="team-lead",
        )
        view = await self._told.view()
        for finding in view.findings:
            conclusion = finding.course.label if finding.course else "伏せられている"
            self._told.say(f"{finding.party.label}の結論: {conclusion}")
            self._told.say(f"  {finding.reason}")
        self._told.say(f"結論が異なる。番にある者: {'・'.join(party.label for party in view.waits_for)}")

    async def _the_chief_may_not_go_below_the_rules(self) -> None:
        self._told.scene("総括保護管理者も、規則が求める最低限を下回る決定はできない")
        amend = as_json(course="amend", reason="記載の修正で足りる。")
        await self._told.refused(self._minaoshi.reviews.resolve(self._told.review, amend, as_="chief"))

    async def _a_power_cut_while_the_chief_resolves(self) -> None:
        self._told.scene("総括保護管理者が決めるさなかに、ワーカーとTemporalサーバーが落ちる（SIGKILL）")
        before = self._stage.worker_pid, self._stage.server_pid
        self._killed_at = datetime.now(UTC)
        resolving = asyncio.create_task(
            self._minaoshi.reviews.resolve(
                self._told.review,
                as_json(course="reassess", reason="対策チームの結論による。実態に即して評価を再実施する。"),
                as_="chief",
            )
        )
        await self._stage.kill_both()
        receipt = await resolving
        after = self._stage.worker_pid, self._stage.server_pid
        self._told.say(f"プロセス番号 ワーカー {before[0]} → {after[0]}、サーバー {before[1]} → {after[1]}")
        self._told.say(f"決定は一度だけ受け付けられた（通し番号 {receipt.sequence}、段階「{receipt.stage.label}」）。")

    async def _drafting_and_approval(self) -> None:
        self._told.scene("起案（様式2と様式4）: 記入漏れは受け付けられない")
        try:
            await self._submit("incomplete")
        except InvalidDocumentError as invalid:
            for error in invalid.errors:
                self._told.say(f"✗ {error.item}: {error.message}")
        else:
            raise StoryError("the incomplete draft was accepted")
        await self._told.say_act(await self._submit("corrected"))
        self._told.scene("承認: 一度差し戻され、改めて両者が承認する")
        comment = "判断の根拠に、防止機能の内容と、窓口での確認の手順を書いてください。"
        comments = as_json(comments=[{"item": "Ⅳ8", "text": comment}])
        returned = await self._minaoshi.reviews.send_back(self._told.review, comments, as_="team-lead")
        await self._told.say_act(returned)
        await self._told.say_act(await self._submit("revised"))
        for person in ("manager", "team-lead"):
            await self._minaoshi.reviews.approve(self._told.review, as_=person)
        await self._told.say_approvals()

    async def _submit(self, which: str) -> Receipt:
        """Hand in a 様式2 with the first draft of 様式4, as it is before opinions are heard."""
        documents = (document(f"{ASSESSMENT}-{which}"), document(f"{ASSESSMENT}-all-items-first-draft"))
        return await self._minaoshi.reviews.submit(self._told.review, *documents, as_="drafter")

    async def _a_year_comes_round(self) -> None:
        self._told.scene("一年が巡る: 報告がなくても、公表中の評価書は年に一度見直される")
        sweep = await self._minaoshi.schedule.trigger()
        self._told.say(f"年次の一巡（基準日 {sweep.on}）: 新たに開いた見直し {sweep.opened}件")
        self._told.say(f"開いている見直しに加えた {sweep.joined}件、既に始めていた {sweep.known}件")
        for view in await self._minaoshi.reviews.list():
            grounds = "、".join(ground.title for ground in view.state.grounds)
            self._told.say(f"{view.review_id} {view.assessment_name}: {grounds}、期限 {view.state.due_on}")

    async def _proof(self) -> None:
        self._told.scene("経過（台帳から）")
        await self._told.say_timeline()
        view = await self._told.view()
        handle = self._temporal.get_workflow_handle(workflow_id_of(ASSESSMENT), run_id=view.run_id)
        history = await handle.fetch_history()
        times = [event.event_time.ToDatetime(tzinfo=UTC) for event in history.events]
        if not times[0] < self._killed_at < times[-1]:
            raise StoryError("the run does not span the power cut")
        spoken = "、".join(
            f"{what} {at.astimezone(TOKYO):%H:%M:%S}"
            for what, at in (("開始", times[0]), ("停止", self._killed_at), ("終了", times[-1]))
        )
        self._told.say(f"実行は一つ: {workflow_id_of(ASSESSMENT)} / {view.run_id}")
        self._told.say(f"その履歴 {len(history.events)}件は停止をまたぐ（{spoken}）。")
        await self._told.say_audit()


def _forms(record: AssessmentRecord) -> str:
    """Name the forms of the set that is published."""
    documents = record.manifest.documents if record.manifest else ()
    if record.validated:
        return "・".join(FORMS[one.form] for one in documents)
    return f"旧様式（{'・'.join(one.form_version for one in documents)}）"
