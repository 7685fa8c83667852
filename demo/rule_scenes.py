"""規程等の場面 (scenes of rules): a version is made known, each reads it, it takes the place of the last."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from demo.errors import StoryError
from demo.papers import evidence
from demo.telling import as_json
from guideline.deadlines import tokyo_date
from schemas.duties import MemberStatus

if TYPE_CHECKING:
    from demo.city_stage import CityStage
    from demo.telling import Telling

RULE = "incident-procedure"
TEAM, CHIEF = "team-lead", "chief"
_NAME = "情報セキュリティインシデント手順書"
_TO_BE_READ_WITHIN = timedelta(days=14)


class RuleScenes:
    """規程等の場面: rules are versions, and making one known is a duty with proof."""

    def __init__(self, told: Telling, stage: CityStage) -> None:
        self._told = told
        self._minaoshi = told.minaoshi
        self._stage = stage

    async def tell(self) -> None:
        """Tell it all; raises StoryError where the engine did not do what the story says."""
        self._told.scene("令和5年10月27日: 委員会への報告手順を明記した手順書を、全職員に周知する")
        before = await self._make_known("改正前の版（見本）", in_force_on="2022-04-01", changes="制定（見本）。")
        for reader in ("desk", "drafter"):
            await self._minaoshi.rules.confirm_read(before, as_=reader)
        changes = "委員会への報告を明記したフローチャートを、付属資料として加えた。"
        now = await self._make_known("令和5年9月27日の版", in_force_on="2023-09-27", changes=changes)
        await self._read(now)
        await self._close(now)
        self._told.scene("規程等の版: 何を、だれの決裁で、だれが読んだか")
        for one in await self._minaoshi.rules.show(RULE, as_=TEAM):
            roll = one.duty.roll
            read = f"、読了 {roll.completed}/{roll.total}" if roll else ""
            told = f"施行 {one.content.in_force_on}、周知「{one.duty.status.label}」{read}"
            self._told.say(f"{one.content.version}: {told}")
            self._told.say(f"  文書の SHA-256 {one.content.document_sha256}")

    async def _make_known(self, version: str, *, in_force_on: str, changes: str) -> str:
        due_on = tokyo_date(self._stage.now()) + _TO_BE_READ_WITHIN
        content = as_json(
            department="privacy",
            due_on=due_on.isoformat(),
            rule=_NAME,
            number="手順書（見本）",
            version=version,
            in_force_on=in_force_on,
            changes=changes,
            approved_by="総括保護管理者（見本）",
            approved_on=in_force_on,
            channel="庁内ポータルサイト",
        )
        paper = (f"{_NAME}.txt", f"{_NAME}\n{version}\n{changes}\n".encode())
        done = await self._minaoshi.rules.make_known(RULE, content, as_=TEAM, file=paper)
        self._told.say(f"{version}を{done.members}人に周知した（庁内ポータルサイト、期限 {due_on} は見本）。")
        for title in done.replaced:
            self._told.say(f"  「{title}」は、この版に替わり、取りやめとなった。")
        return done.receipt.duty_id

    async def _read(self, duty: str) -> None:
        """Let everybody but one confirm that they have read it; without that one it can't be closed."""
        waiting = await self._minaoshi.duties.roll(duty, as_=TEAM, status=MemberStatus.OPEN)
        *readers, last = (one.member for one in waiting)
        for reader in readers:
            await self._minaoshi.rules.confirm_read(duty, as_=reader)
        (left,) = await self._minaoshi.duties.roll(duty, as_=TEAM, status=MemberStatus.OPEN)
        self._told.say(f"{len(readers)}人が、読んだことを自分で確かめた。まだの者: {left.name}（{last}）")
        await self._told.refused(self._hand_in(duty))
        await self._minaoshi.rules.confirm_read(duty, as_=last)

    async def _hand_in(self, duty: str) -> None:
        proof = evidence("庁内ポータルサイトの掲載（令和5年10月27日）")
        content = as_json(text="全員が読んだことを確かめた。", evidence=proof)
        await self._minaoshi.duties.hand_in(duty, content, as_=TEAM)

    async def _close(self, duty: str) -> None:
        await self._hand_in(duty)
        receipt = await self._minaoshi.duties.confirm(duty, as_=CHIEF)
        if receipt.roll is None or receipt.roll.open:
            raise StoryError("a rule was made known, and somebody has not read it")
        self._told.say(f"{receipt.roll.completed}人の読了を、総括保護管理者が確認した: {receipt.status.label}")
