"""語り (telling): what the stories tell with: scenes, lines, and the acts that the engine takes or refuses."""

from __future__ import annotations

import asyncio
import json
from importlib import resources
from typing import TYPE_CHECKING

from client.errors import ActRefusedError, CallerError, InvalidInputError
from demo.errors import StoryError
from guideline.deadlines import TOKYO
from guideline.provisions import cited
from schemas.acts import StepRecord
from schemas.procedure import OpinionSheet

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping
    from datetime import date
    from pathlib import Path

    from rich.console import Console

    from client.minaoshi import Minaoshi
    from client.views import ReviewView
    from register.register import Register
    from schemas.acts import Receipt
    from schemas.changes import ChangeRow
    from schemas.records import VersionRecord
    from schemas.review import Outcome, Step

_SHOWN = 90


def file_of(name: str) -> bytes:
    """Give a file of the demo."""
    return resources.files("demo").joinpath(name).read_bytes()


def as_json(**content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def yes(value: object) -> str:
    return "はい" if value else "いいえ"


class Telling:
    """語り: a review that people act on, and what is said of it; every line is an answer of register or server."""

    def __init__(self, minaoshi: Minaoshi, register: Register, console: Console) -> None:
        self.minaoshi = minaoshi
        self.review = ""
        self._register = register
        self._console = console

    def title(self, title: str) -> None:
        self._console.print(f"\n━━ {title} ━━", style="bold", soft_wrap=True, markup=False)

    def scene(self, title: str) -> None:
        self._console.print(f"\n■ {title}", style="bold", soft_wrap=True, markup=False)

    def say(self, line: str) -> None:
        self._console.print(f"  {line}", soft_wrap=True, markup=False, highlight=False)

    async def view(self, *, viewer: str = "auditor") -> ReviewView:
        return await self.minaoshi.reviews.show(self.review, viewer=viewer)

    async def explain(self, report: bytes) -> None:
        """Say what follows from a report before it is made: material or not, where, what, by when, and why."""
        answer = await self.minaoshi.explanations.change(report)
        self.say(f"重要な変更か: {yes(answer.material)}。すべきこと: {answer.follows.label}、期限 {answer.by}")
        for item in answer.items:
            doubt = "" if item.confirmed else "、要確認"
            self.say(f"  {item.form} {item.item}（別表「{item.row}」{doubt}）")
        for reason in answer.reasons:
            self.say(f"  {reason}")
        self.say(f"  根拠: {cited(answer.provisions)}")

    async def refused(self, act: Awaitable[object]) -> None:
        """Say why the engine refuses an act; raises StoryError where it takes it."""
        try:
            await act
        except ActRefusedError as error:
            refusal = error.refusal
            self.say(f"✗ {refusal.act or refusal.where}: {refusal.message}（{refusal.provision}）")
            self.say(f"  {refusal.remedy}")
        except CallerError as error:
            self.say(f"✗ {error.where}: {error.message}")
            for fault in error.faults if isinstance(error, InvalidInputError) else ():
                self.say(f"  {fault}")
            self.say(f"  {error.remedy}")
        else:
            raise StoryError("an act that must be refused was taken")

    async def step(
        self, step: Step, *, as_: str, done_on: date, papers: Mapping[str, bytes] | None = None, **content: object
    ) -> None:
        """Let a person record a step of the procedure, and say what the register then holds of it."""
        said = as_json(step=step.value, done_on=done_on.isoformat(), **content)
        receipt = await self.minaoshi.reviews.record_step(self.review, said, as_=as_, papers=papers)
        recorded = await self._register.acts_of(self.review)
        act = next(one.act for one in recorded if one.sequence == receipt.sequence)
        if isinstance(act, StepRecord):
            await self._say_step(act)

    async def _say_step(self, act: StepRecord) -> None:
        by = f"{act.actor.role.label} {act.actor.person}"
        until = f"、意見聴取は{act.notice.until_on}まで、{act.notice.method}" if act.notice else ""
        self.say(f"記録した: {act.step.label} {act.done_on}（{by}）{until}")
        for paper in act.evidence:
            self.say(f"  資料「{paper.title}」 SHA-256 {paper.sha256}")
        if act.hearing is not None:
            self.say(f"  意見 {act.hearing.opinions}件、うち反映 {act.hearing.reflected}件")
            sheet = (await self._register.document(act.hearing.sheet)).content or {}
            for one in OpinionSheet.read(sheet).opinions:
                self.say(f"  意見: {one.opinion}")
                self.say(f"    考え方: {one.answer}{'（反映する）' if one.reflected else ''}")
        for condition in act.judgement.conditions if act.judgement else ():
            self.say(f"  条件又は意見: {condition}")

    async def say_act(self, receipt: Receipt) -> None:
        """Say an act as the review's timeline tells it."""
        row = next(one for one in (await self.view()).timeline if one.sequence == receipt.sequence)
        self.say(f"{row.act.label}（{row.role.label} {row.person}） {row.text} → 段階「{receipt.stage.label}」")

    async def say_approvals(self) -> None:
        for approval in (await self.view()).state.approvals:
            if approval.stands and approval.approved:
                self.say(
                    f"承認 {approval.party.label}（{approval.person}） 案の第{approval.revision}版 {approval.digest}"
                )

    async def say_procedure(self) -> None:
        """Say the steps that the procedure of the review has, who records each, and with which paper."""
        for number, row in enumerate((await self.view()).procedure, start=1):
            paper = f"、資料「{row.paper}」が要る" if row.paper_needed else ""
            by = "・".join(party.label for party in row.by)
            self.say(f"{number} {row.step.label}: {row.sentence}（{row.provisions}）。記録: {by}{paper}")

    async def say_violations(self) -> None:
        violations = (await self.view()).violations
        if not violations:
            raise StoryError("no violation is seen where a change comes first")
        for sentence in violations:
            self.say(f"⚠ {sentence}")

    async def published(self, assessment: str, *, outcome: Outcome) -> VersionRecord:
        """Say which version the review published; raises StoryError where it is not what both approved."""
        view = await self.view()
        version = (await self.minaoshi.assessments.history(assessment))[-1]
        approved = {given.digest for given in view.state.approvals if given.stands and given.approved}
        if view.state.outcome is not outcome or approved != {version.digest}:
            raise StoryError("what was published is not what both approved")
        self.say(f"第{version.number}版を公表した（{version.published_on}、{version.digest}）。結果: {outcome.label}")
        return version

    async def say_changes(self, version: VersionRecord) -> None:
        """Say the table of changes: with its wording what the 別表 names, by its item what else changed."""
        compared = await self.minaoshi.assessments.diff(version.assessment_id, after=version.number)
        named = {one.label for one in compared if one.material}
        for row in version.changes:
            if row.item in named:
                self._say_change(row)
        others = [row.item.split("（")[0] for row in version.changes if row.item not in named]
        self.say(
            f"変更箇所 {len(version.changes)}件、うち別表の項目 {len(version.changes) - len(others)}件。ほかの項目:"
        )
        self.say(f"  {'、'.join(dict.fromkeys(others))}")
        for timing, explanation in sorted({(row.submission_timing.label, row.explanation) for row in version.changes}):
            self.say(f"提出時期 [{timing}]: {explanation}")

    def _say_change(self, row: ChangeRow) -> None:
        """Say a row of the table of changes, each wording from where the two begin to differ."""
        same = _alike(row.before, row.after)
        self.say(f"変更箇所 {row.item} [{row.submission_timing.label}]")
        self.say(f"  前: {_cut(row.before, same)}")
        self.say(f"  後: {_cut(row.after, same)}")

    async def say_timeline(self) -> None:
        for row in (await self.view()).timeline:
            at = row.at.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M:%S")
            self.say(f"{row.sequence:>2} {at} {row.act.label}（{row.role.label} {row.person}） {row.text}")

    async def say_plan(self, number: str) -> None:
        """Say what the 計画管理書 has of the assessment of that number."""
        for plan in await self.minaoshi.plans.show():
            for row in plan.assessments:
                if row.number == number:
                    days = {
                        "意見聴取": row.public_comment_on,
                        "第三者点検": row.third_party_check_on,
                        "提出": row.submitted_on,
                        "公表": row.published_on,
                        "次の再実施（5年）": row.five_years_due_on,
                    }
                    told = "、".join(f"{what} {day}" for what, day in days.items() if day is not None)
                    self.say(f"{plan.assessing_body} {plan.as_of}: {row.number} {row.name}（{row.department}）")
                    self.say(f"  {row.effective_level.label}、{told}、状況 {row.standing.label}")

    async def export(self, assessment: str, *, to: Path) -> None:
        """Write what is published of the present version as one page, and say where it is."""
        page = await self.minaoshi.documents.export(assessment, as_="html", rendition="public")
        await asyncio.to_thread(to.write_bytes, page)
        self.say(f"公表用を書き出した: {to}（{len(page):,}バイト）")

    async def write(self, to: Path, content: bytes) -> None:
        """Write a file, and say where it is."""
        await asyncio.to_thread(to.write_bytes, content)
        self.say(f"書き出した: {to}（{len(content):,}バイト）")

    async def say_audit(self) -> None:
        verdict = await self.minaoshi.verify_audit()
        self.say(f"証跡 {verdict.entries}件を検証した: {'正しい' if verdict.ok else '誤りがある'}（{verdict.head}）")
        if not verdict.ok:
            raise StoryError("the audit trail does not verify")


def _alike(before: str, after: str) -> int:
    """Give where two wordings begin to differ, a few words earlier."""
    first = next((place for place, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    return max((min(len(before), len(after)) if first is None else first) - 15, 0)


def _cut(words: str, begin: int) -> str:
    shown = words[begin : begin + _SHOWN].replace("\n", " ")
    return f"{'…' if begin else ''}{shown}{'…' if len(words) > begin + _SHOWN else ''}"
