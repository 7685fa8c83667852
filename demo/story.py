"""物語 (story): a misregistration is reported, examined by both, and the assessment amended; a year comes round.

Every line is printed from what the register or the server answered.
"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import TYPE_CHECKING

from client.errors import InvalidDocumentError
from client.sending import workflow_id_of
from demo.errors import StoryError
from guideline.deadlines import TOKYO, tokyo_date
from schemas.review import Outcome

if TYPE_CHECKING:
    from rich.console import Console
    from temporalio.client import Client

    from client.minaoshi import Minaoshi
    from client.views import ReviewView
    from demo.stage import Stage
    from schemas.records import AssessmentRecord

ASSESSMENT = "digital-agency-1"
_LAST_CHECKED = timedelta(days=60)


def _file(name: str) -> bytes:
    return resources.files("demo").joinpath(name).read_bytes()


def _json(**content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


class Story:
    """物語: told in scenes, each a few acts of people."""

    def __init__(self, minaoshi: Minaoshi, stage: Stage, temporal: Client, console: Console) -> None:
        self._minaoshi = minaoshi
        self._stage = stage
        self._temporal = temporal
        self._console = console
        self._review = ""
        self._killed_at = datetime.max.replace(tzinfo=UTC)

    async def tell(self) -> None:
        """Tell it all; raises StoryError where the engine did not do what the story says."""
        await self._before()
        await self._a_desk_knows_and_reports()
        await self._a_change_joins()
        await self._both_examine()
        await self._a_power_cut_while_the_chief_resolves()
        await self._drafting_and_approval()
        await self._procedure()
        await self._a_year_comes_round()
        await self._proof()

    async def _before(self) -> None:
        self._scene("準備: 組織表と、公表中の評価書")
        revision = await self._minaoshi.organisation.apply(_file("organisation.toml"))
        self._say(f"組織表の第{revision}版を登録した。")
        for content in (self._own_assessment(), *(_file(f"assessments/sample-{n}.json") for n in (8, 9, 10))):
            record = await self._minaoshi.assessments.add(content)
            kind = "様式2" if record.validated else f"旧様式（{_form_version(record)}）"
            self._say(f"{record.assessment_id}: {record.name} [{kind}] 次の年次期日 {record.yearly_due_on}")

    def _own_assessment(self) -> bytes:
        last_checked = tokyo_date(datetime.now(UTC)) - _LAST_CHECKED
        return _json(
            assessment_id=ASSESSMENT,
            body="digital-agency",
            department="account-registration",
            number="1",
            name="公的給付支給等口座登録簿への登録等に関する事務",
            required_level="all_items",
            effective_level="all_items",
            published_on="2022-03-28",
            verified_on=last_checked.isoformat(),
            systems=["口座情報登録システム"],
            files=["公的給付支給等口座登録簿"],
            document=json.loads(_file("documents/digital-agency-1.json")),
            note="公表日、直近に実態と照らした日、様式2の回答の一部は見本である。",
        )

    async def _a_desk_knows_and_reports(self) -> None:
        self._scene("窓口が誤登録を知り、報告する（リスク事案）")
        reported = await self._minaoshi.reports.risk(_file("reports/misregistration.json"), as_="desk")
        self._review = reported[0].review_id
        self._say(f"見直し {self._review} が開いた（既に開いていた見直しに加わったか: {_yes(reported[0].joined)}）。")
        for person in ("team-lead", "team-member", "manager", "chief", "director-general"):
            notices = (await self._minaoshi.inboxes.of(person)).notices
            self._say(f"知らせ → {person}: {notices[0].subject}")
        receipt = await self._minaoshi.reviews.acknowledge(self._review, as_="team-lead")
        self._say(f"対策チームが受領を確認した（通し番号 {receipt.sequence}）。")

    async def _a_change_joins(self) -> None:
        self._scene("ログアウト忘れ防止機能の搭載が、環境の変化として加わる")
        reported = await self._minaoshi.reports.change(_file("reports/logout-prevention.json"), as_="drafter")
        if reported[0].review_id != self._review or not reported[0].joined:
            raise StoryError("the change did not join the open review")
        view = await self._view()
        for ground in view.state.grounds:
            self._say(f"事由: {ground.kind.label} {ground.title}（把握 {ground.known_on}）")

    async def _both_examine(self) -> None:
        self._scene("担当部署だけで判断しない: 両者が検討する")
        await self._minaoshi.reviews.find(
            self._review,
            _json(
                course="no_change",
                reason="防止機能は既に稼働しており、評価書の記載は概括的であるため、改めるまでもない。",
                risk_not_moved="措置の追加は記載済みの対策の範囲内であり、リスクを相当程度変動させない。",
            ),
            as_="manager",
        )
        seen = (await self._view(viewer="team-lead")).findings[0]
        self._say(f"担当部署が結論を示した。対策チームから見ると → {seen.reason}")
        await self._minaoshi.reviews.find(
            self._review,
            _json(
                course="amend",
                reason="人手を介する作業での取り違えは、評価書に書かれていないリスクである。記載を改め、防止策を示すべきである。",
                items=["Ⅳ8"],
            ),
            as_="team-lead",
        )
        view = await self._view()
        for finding in view.findings:
            conclusion = finding.course.label if finding.course else "伏せられている"
            self._say(f"{finding.party.label}の結論: {conclusion}")
            self._say(f"  {finding.reason}")
        self._say(f"結論が異なる。番にある者: {'・'.join(party.label for party in view.waits_for)}")

    async def _a_power_cut_while_the_chief_resolves(self) -> None:
        self._scene("総括保護管理者が決めるさなかに、ワーカーとTemporalサーバーが落ちる（SIGKILL）")
        before = self._stage.worker_pid, self._stage.server_pid
        self._killed_at = datetime.now(UTC)
        resolving = asyncio.create_task(
            self._minaoshi.reviews.resolve(
                self._review,
                _json(course="amend", reason="対策チームの結論による。実態に即して記載を改める。"),
                as_="chief",
            )
        )
        await self._stage.kill_both()
        receipt = await resolving
        after = self._stage.worker_pid, self._stage.server_pid
        self._say(f"プロセス番号 ワーカー {before[0]} → {after[0]}、サーバー {before[1]} → {after[1]}")
        self._say(f"決定は一度だけ受け付けられた（通し番号 {receipt.sequence}、段階「{receipt.stage.label}」）。")

    async def _drafting_and_approval(self) -> None:
        self._scene("起案: 記入漏れは受け付けられない")
        try:
            await self._submit("incomplete")
        except InvalidDocumentError as invalid:
            for error in invalid.errors:
                self._say(f"✗ {error.item}: {error.message}")
        else:
            raise StoryError("the incomplete draft was accepted")
        await self._submit("corrected")
        self._say("直した案を提出した。")
        self._scene("承認: 一度差し戻され、改めて両者が承認する")
        comment = "判断の根拠に、防止機能の内容と、窓口での確認の手順を書いてください。"
        await self._minaoshi.reviews.send_back(
            self._review, _json(comments=[{"item": "Ⅳ8", "text": comment}]), as_="team-lead"
        )
        self._say(f"差戻し Ⅳ8: {comment}")
        await self._submit("revised")
        await self._minaoshi.reviews.approve(self._review, as_="manager")
        await self._minaoshi.reviews.approve(self._review, as_="team-lead")
        state = (await self._view()).state
        for approval in state.approvals:
            if approval.stands and approval.approved:
                self._say(
                    f"承認 {approval.party.label}（{approval.person}） 案の第{approval.revision}版 {approval.digest}"
                )

    async def _submit(self, which: str) -> None:
        await self._minaoshi.reviews.submit(
            self._review, _file(f"documents/digital-agency-1-{which}.json"), as_="drafter"
        )

    async def _procedure(self) -> None:
        self._scene("提出と公表")
        today = tokyo_date(datetime.now(UTC)).isoformat()
        for step in ("submission", "publication"):
            content = _json(step=step, done_on=today, note="見本")
            await self._minaoshi.reviews.record_step(self._review, content, as_="team-member")
        view = await self._view()
        version = (await self._minaoshi.assessments.history(ASSESSMENT))[-1]
        approved = {a.digest for a in view.state.approvals if a.stands and a.approved}
        if view.state.outcome is not Outcome.AMENDED or approved != {version.digest}:
            raise StoryError("what was published is not what both approved")
        self._say(
            f"第{version.number}版を公表した（{version.published_on}、{version.digest}）。結果: {Outcome.AMENDED.label}"
        )
        for row in version.changes:
            self._say(f"変更箇所 {row.item} [{row.submission_timing.label}]")
            self._say(f"  前: {row.before}")
            self._say(f"  後: {row.after}")
            self._say(f"  説明: {row.explanation}")

    async def _a_year_comes_round(self) -> None:
        self._scene("一年が巡る: 報告がなくても、公表中の評価書は年に一度見直される")
        sweep = await self._minaoshi.schedule.trigger()
        self._say(f"年次の一巡（基準日 {sweep.on}）: 新たに開いた見直し {sweep.opened}件")
        self._say(f"開いている見直しに加えた {sweep.joined}件、既に始めていた {sweep.known}件")
        for view in await self._minaoshi.reviews.list():
            grounds = "、".join(ground.title for ground in view.state.grounds)
            self._say(f"{view.review_id} {view.assessment_name}: {grounds}、期限 {view.state.due_on}")

    async def _proof(self) -> None:
        self._scene("経過（台帳から）")
        view = await self._view()
        for row in view.timeline:
            at = row.at.astimezone(TOKYO).strftime("%H:%M:%S")
            self._say(f"{row.sequence:>2} {at} {row.act.label}（{row.role.label} {row.person}） {row.text}")
        handle = self._temporal.get_workflow_handle(workflow_id_of(ASSESSMENT), run_id=view.run_id)
        history = await handle.fetch_history()
        times = [event.event_time.ToDatetime(tzinfo=UTC) for event in history.events]
        if not times[0] < self._killed_at < times[-1]:
            raise StoryError("the run does not span the power cut")
        spoken = "、".join(
            f"{what} {at.astimezone(TOKYO):%H:%M:%S}"
            for what, at in (("開始", times[0]), ("停止", self._killed_at), ("終了", times[-1]))
        )
        self._say(f"実行は一つ: {workflow_id_of(ASSESSMENT)} / {view.run_id}")
        self._say(f"その履歴 {len(history.events)}件は停止をまたぐ（{spoken}）。")
        verdict = await self._minaoshi.verify_audit()
        self._say(f"証跡 {verdict.entries}件を検証した: {'正しい' if verdict.ok else '誤りがある'}（{verdict.head}）")
        if not verdict.ok:
            raise StoryError("the audit trail does not verify")

    async def _view(self, *, viewer: str = "auditor") -> ReviewView:
        return await self._minaoshi.reviews.show(self._review, viewer=viewer)

    def _scene(self, title: str) -> None:
        self._console.print(f"\n■ {title}", style="bold", soft_wrap=True, markup=False)

    def _say(self, line: str) -> None:
        self._console.print(f"  {line}", soft_wrap=True, markup=False, highlight=False)


def _form_version(record: AssessmentRecord) -> str:
    return record.manifest.documents[0].form_version if record.manifest else ""


def _yes(value: object) -> str:
    return "はい" if value else "いいえ"
