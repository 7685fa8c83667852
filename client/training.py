"""研修 (training): the staff and their completions from tables, what a person confirms, coverage, and files of it.

What is done goes through the acts of duties; here a table is held against the roll first, row by row, and one act
takes all of it or nothing.
"""

from __future__ import annotations

import asyncio
import json
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from client.csv_reading import read_table
from client.documents import one_of
from client.duties import WHOLE_ROLL
from client.errors import InvalidInputError, NotPermittedError
from client.staff_rows import COMPLETIONS, STAFF, completions_of, fault_of_member, staff_of
from guideline.deadlines import tokyo_date
from guideline.duties import may_act_on_duty, who_owes
from guideline.duty_rules import DUTY_RULES, RollOf
from guideline.training import change_of_roll, in_order, joiners_due_on, percent, why_not_completed
from rendering.coverage import Bar, coverage_svg
from rendering.rosters import RosterLine, roster_csv
from schemas.base import Message
from schemas.duties import Completions, MemberStatus, Roll
from schemas.duty_acts import DutyActKind, DutyReceipt

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from client.acting import Acting
    from client.duties import Duties
    from register.register import Register
    from schemas.duties import DutyState, RollRow
    from schemas.organisation import Actor

_STAFF_TABLE, _COMPLETIONS_TABLE = "職員の表", "受講の表"
MOST_FAULTS = 100
"""一度に示す誤りの数: of more it is said how many there are."""


class RosterFormat(StrEnum):
    """名簿を書き出す形 (format)."""

    XLSX = "xlsx"  # 表計算ファイル
    CSV = "csv"  # CSV
    SVG = "svg"  # 部署ごとの図


class DepartmentCoverage(Message):
    """部署ごとの受講の状況 (coverage of a department)."""

    department: str | None = Field(title="部署")
    name: str = Field(title="部署名")
    total: int = Field(title="全員")
    completed: int = Field(title="済")
    excused: int = Field(title="理由により除く")
    open: int = Field(title="未了")
    percent: int = Field(title="済又は除いた割合（%）")


class RollImport(Message):
    """職員の表の取込み (import of staff): what a table does to the roll, or did."""

    encoding: str = Field(title="文字コード")
    joined: tuple[str, ...] = Field(title="加わる者")
    left: tuple[str, ...] = Field(title="去った者（未了の分は、その理由で除く）")
    changed: tuple[str, ...] = Field(title="部署等の変わった者")
    same: int = Field(title="変わらない者の数")
    joiners_due_on: str | None = Field(title="加わる者の期限（空なら、研修の期限）")
    receipt: DutyReceipt | None = Field(default=None, title="受付の答え（確かめただけなら空）")


class CompletionImport(Message):
    """受講の表の取込み (import of completions): what a table records, or recorded."""

    encoding: str = Field(title="文字コード")
    completed: int = Field(title="受講を記録する者の数")
    receipt: DutyReceipt | None = Field(default=None, title="受付の答え（確かめただけなら空）")


class Trainings:
    """研修を扱う."""

    def __init__(self, register: Register, acting: Acting, duties: Duties, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._acting = acting
        self._duties = duties
        self._now = now

    # --- 読む

    async def own(self, duty_id: str, *, as_: str) -> RollRow | None:
        """Give a person's own row; None where they are not on the roll. Raises as `Duties.show` does."""
        await self._duties.show(duty_id, as_=as_)
        row = await self._register.duties.member(duty_id, as_)
        return None if row is None or row.status is MemberStatus.REMOVED else row

    async def coverage(self, duty_id: str, *, as_: str) -> tuple[DepartmentCoverage, ...]:
        """Give the coverage by department, the least complete first. Raises as `Duties.show` does."""
        await self._duties.show(duty_id, as_=as_)
        counts = in_order(await self._register.duties.coverage(duty_id))
        names = {one.id: one.name for one in await self._acting.departments()}
        return tuple(
            DepartmentCoverage(
                **one.model_dump(),
                name=names.get(one.department, one.department) if one.department else "部署なし",
                open=one.open,
                percent=percent(one),
            )
            for one in counts
        )

    async def coverage_svg(self, duty_id: str, *, as_: str) -> str:
        """Draw the coverage by department; the same stands in the table."""
        state = (await self._duties.show(duty_id, as_=as_)).state
        rows = await self.coverage(duty_id, as_=as_)
        bars = [Bar(one.name, done=one.completed, excused=one.excused, total=one.total) for one in rows]
        return coverage_svg(bars, title=f"部署ごとの受講の状況: {state.title}")

    async def export(self, duty_id: str, form: str, *, as_: str) -> bytes:
        """Give the roll, as far as the person sees it, as `csv` or `xlsx`, or its coverage as `svg`.

        Raises InvalidInputError for another form and for a duty without a roll, NotPermittedError for whoever sees
        their own row alone.
        """
        state = (await self._duties.show(duty_id, as_=as_)).state
        wanted = one_of(RosterFormat, form, where="形")
        if DUTY_RULES[state.kind].roll is not RollOf.STAFF:
            raise InvalidInputError(
                f"義務 {duty_id} は{state.kind.label}で、職員の名簿がありません。",
                where="義務番号",
                remedy="研修か庁内周知の番号（training: か publicity: で始まる）を指定してください。",
            )
        if wanted is RosterFormat.SVG:
            return (await self.coverage_svg(duty_id, as_=as_)).encode()
        names = {one.id: one.name for one in await self._acting.departments()}
        rows = [
            RosterLine(
                one.member,
                one.name,
                names.get(one.department, one.department) if one.department else "",
                one.status.label,
                one.completed_on,
                one.reason or "",
                max(state.due_on, one.due_on or state.due_on),
            )
            for one in await self._duties.whole_roll(duty_id, as_=as_)
        ]
        if wanted is RosterFormat.CSV:
            return roster_csv(rows)
        from rendering.roster_sheets import roster_sheet  # noqa: PLC0415 # it takes a while to load

        return await asyncio.to_thread(roster_sheet, state.title, rows)

    # --- 名簿

    async def check_roll(self, duty_id: str, table: bytes, *, as_: str) -> RollImport:
        """Say what a table of all staff would change; nothing is written. Raises as `import_roll` does."""
        return (await self._roll(duty_id, table, as_=as_))[0]

    async def import_roll(self, duty_id: str, table: bytes, *, as_: str, act_id: str | None = None) -> RollImport:
        """Put who is new on the roll, and excuse who is gone and has not done it, in one act.

        Raises InvalidInputError with every fault row by row; NotPermittedError for whoever may not enrol.
        """
        known = await self._register.duties.receipt(act_id) if act_id is not None else None
        if known is not None:
            return RollImport(encoding="", joined=(), left=(), changed=(), same=0, joiners_due_on=None, receipt=known)
        planned, roll, due_on = await self._roll(duty_id, table, as_=as_)
        if roll is None:
            raise InvalidInputError(
                "名簿は、この表のとおりです。変わるものがありません。",
                where=_STAFF_TABLE,
                remedy="新しい表を選んでください。",
            )
        receipt = await self._duties.enrol_many(duty_id, roll, as_=as_, act_id=act_id, joiners_due_on=due_on)
        return planned.model_copy(update={"receipt": receipt})

    async def _roll(self, duty_id: str, content: bytes, *, as_: str) -> tuple[RollImport, Roll | None, date | None]:
        state, _ = await self._permitted(duty_id, DutyActKind.ENROL, as_=as_)
        table = await asyncio.to_thread(read_table, content, STAFF, where=_STAFF_TABLE)
        departments = [one for one in await self._acting.departments() if one.body == state.body]
        staff, faults = await asyncio.to_thread(staff_of, table.lines, departments=departments)
        _raise(faults, where=_STAFF_TABLE)
        change = change_of_roll(staff, await self._rows(duty_id))
        # Who is put on an empty roll joins nothing: the campaign begins with them.
        due_on = joiners_due_on(state, today=tokyo_date(self._now())) if change.joined and state.roll else None
        planned = RollImport(
            encoding=table.encoding.label,
            joined=tuple(f"{one.name}（{one.member}）" for one in change.joined),
            left=tuple(f"{one.name}（{one.member}）" for one in change.left),
            changed=tuple(f"{one.name}（{one.member}）" for one in change.changed),
            same=change.same,
            joiners_due_on=due_on.isoformat() if due_on else None,
        )
        if change.is_none:
            return planned, None, None
        left = tuple(one.member for one in change.left)
        return planned, Roll(members=change.joined, left=left, changed=change.changed), due_on

    # --- 受講

    async def complete(self, duty_id: str, *, completed_on: str, as_: str, act_id: str | None = None) -> DutyReceipt:
        """Record that a person has done it themselves."""
        content = json.dumps({"members": [as_], "completed_on": completed_on}).encode()
        return await self._duties.complete(duty_id, content, as_=as_, act_id=act_id)

    async def check_completions(self, duty_id: str, table: bytes, *, as_: str) -> CompletionImport:
        """Say what a table of completions would record; nothing is written. Raises as `import_completions` does."""
        return (await self._completions(duty_id, table, as_=as_))[0]

    async def import_completions(
        self, duty_id: str, table: bytes, *, as_: str, act_id: str | None = None
    ) -> CompletionImport:
        """Record completions, each with its day, in one act.

        Raises InvalidInputError with every fault row by row: somebody who is not on the roll or of another department,
        a day before the campaign or its material, or in the future.
        """
        known = await self._register.duties.receipt(act_id) if act_id is not None else None
        if known is not None:
            return CompletionImport(encoding="", completed=0, receipt=known)
        planned, completions = await self._completions(duty_id, table, as_=as_)
        receipt = await self._duties.complete_many(duty_id, completions, as_=as_, act_id=act_id)
        return planned.model_copy(update={"receipt": receipt})

    async def _completions(self, duty_id: str, content: bytes, *, as_: str) -> tuple[CompletionImport, Completions]:
        state, actor = await self._permitted(duty_id, DutyActKind.COMPLETE, as_=as_)
        table = await asyncio.to_thread(read_table, content, COMPLETIONS, where=_COMPLETIONS_TABLE)
        found, faults = await asyncio.to_thread(completions_of, table.lines)
        rows, today = await self._rows(duty_id), tokyo_date(self._now())
        for line, one in found:
            why = why_not_completed(state, rows.get(one.member), on=one.completed_on, actor=actor, today=today)
            if why is not None:
                faults.append(fault_of_member(line, why))
        _raise(faults, where=_COMPLETIONS_TABLE)
        planned = CompletionImport(encoding=table.encoding.label, completed=len(found))
        return planned, Completions(completed=tuple(one for _, one in found))

    async def _rows(self, duty_id: str) -> dict[str, RollRow]:
        return {one.member: one for one in await self._register.duties.roll(duty_id, limit=WHOLE_ROLL)}

    async def _permitted(self, duty_id: str, act: DutyActKind, *, as_: str) -> tuple[DutyState, Actor]:
        """Give the duty and the actor. Raises NotPermittedError where the act is not theirs now."""
        state = (await self._duties.show(duty_id, as_=as_)).state
        actor = await self._acting.actor_on_duty(as_, act=act, kind=state.kind, state=state)
        rule = DUTY_RULES[state.kind]
        if rule.roll is not RollOf.STAFF or not may_act_on_duty(state, act, actor=actor):
            raise NotPermittedError(
                f"「{state.title}」（{state.status.label}）について、この者は今「{act.label}」を行えません。",
                where="表の取込み",
                remedy=f"{who_owes(rule)}が、実施中に行ってください。",
            )
        return state, actor


def _raise(faults: list[str], *, where: str) -> None:
    if faults:
        more = [f"ほかに{len(faults) - MOST_FAULTS}件の誤りがあります。"] if len(faults) > MOST_FAULTS else []
        raise InvalidInputError(
            f"{len(faults)}件の誤りがあります。何も取り込んでいません。",
            where=where,
            remedy="示された行を直して、もう一度取り込んでください。",
            faults=(*faults[:MOST_FAULTS], *more),
        )
