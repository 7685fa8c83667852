"""事務連絡 (circulars): to whom they go, sending, reminding, who has acknowledged, and the questions that come back."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from client.circular_views import Coverage, CoverageFormat, LetterRow, coverage_of, csv_of, svg_of
from client.documents import one_of
from client.errors import InvalidInputError, NotFoundError
from client.files import keep_file
from client.input import object_from
from client.recipients import read_recipients
from guideline.circulars import ANSWER, FIRST, reminder_round
from guideline.deadlines import add_business_days, tokyo_date
from schemas.circulars import LetterState
from schemas.duties import DutyKind, MemberStatus, Roll, RollMember

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date, datetime

    from client.circular_sending import CircularSending
    from client.duties import Duties
    from register.register import Register
    from schemas.duties import DutyState
    from schemas.duty_acts import DutyReceipt

ANSWERED_WITHIN = 5
"""回答の期限: business days after the question, unless another date is given."""

_SENDING = "宛先への発出を始めた。"
_REMINDING = "受領を確認していない宛先に、改めて送る。"
_ROLL_AT_ONCE = 20_000


class Imported(NamedTuple):
    """取り込んだ宛先 (what an import did)."""

    receipt: DutyReceipt
    encoding: str
    number: int


class Circulars:
    """事務連絡: the verbs that a circular has beside those of every duty."""

    def __init__(
        self,
        register: Register,
        duties: Duties,
        sending: Callable[[], Awaitable[CircularSending]],
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._register = register
        self._rows = register.circulars
        self._duties = duties
        self._sending = sending
        self._now = now

    # --- 始める

    async def open(
        self,
        duty_id: str,
        content: bytes,
        *,
        as_: str,
        file: tuple[str, bytes] | None = None,
        act_id: str | None = None,
    ) -> DutyReceipt:
        """事務連絡の開始: as every duty is opened; `file` is the circular itself, which is stored.

        Raises NotFoundError where the circular that it says again is unknown.
        """
        said = object_from(content, where="事務連絡の開始")
        about = said.get("content")
        if isinstance(about, dict):
            if isinstance(about.get("repeats"), str):
                await self._circular(about["repeats"], as_=as_)
            if file is not None and DutyKind.CIRCULAR in await self._duties.openable(as_=as_):
                kept = await keep_file(self._register, *file, by=as_, at=self._now())
                named = {"document_name": kept.name, "document_sha256": kept.sha256, "stored_as": kept.stored_as}
                said = {**said, "content": {**about, **named}}
        return await self._duties.open(duty_id, json.dumps(said).encode(), as_=as_, act_id=act_id)

    async def import_recipients(self, duty_id: str, table: bytes, *, as_: str, act_id: str | None = None) -> Imported:
        """宛先の取込み: all rows of the CSV, or none. Raises InvalidInputError with every fault, row by row."""
        await self._circular(duty_id, as_=as_)
        roll, encoding = read_recipients(table)
        receipt = await self._duties.enrol_many(duty_id, roll, as_=as_, act_id=act_id)
        return Imported(receipt, encoding, len(roll.members))

    async def take_recipients(self, duty_id: str, *, earlier: str, as_: str, act_id: str | None = None) -> Imported:
        """宛先の引継ぎ: put on the roll who stands on that of an earlier circular, whatever they did there."""
        await self._circular(duty_id, as_=as_)
        await self._circular(earlier, as_=as_)
        rows = await self._register.duties.roll(earlier, status=None, limit=_ROLL_AT_ONCE)
        members = tuple(
            RollMember(member=one.member, name=one.name, mail=one.mail)
            for one in rows
            if one.status is not MemberStatus.REMOVED
        )
        if not members:
            raise InvalidInputError(
                f"事務連絡 {earlier} には、宛先がありません。",
                where="元の事務連絡",
                remedy="宛先の表（CSV）を取り込んでください。",
            )
        receipt = await self._duties.enrol_many(duty_id, Roll(members=members), as_=as_, act_id=act_id)
        return Imported(receipt, "", len(members))

    # --- 送る

    async def send(self, duty_id: str, *, as_: str, act_id: str | None = None) -> DutyReceipt:
        """発出: to all who were not reached yet; what was given up is tried once more."""
        return await self._send(duty_id, _SENDING, as_=as_, act_id=act_id)

    async def remind(self, duty_id: str, *, as_: str, act_id: str | None = None) -> DutyReceipt:
        """督促: to all who have not acknowledged."""
        return await self._send(duty_id, _REMINDING, as_=as_, act_id=act_id)

    async def _send(self, duty_id: str, words: str, *, as_: str, act_id: str | None) -> DutyReceipt:
        state = await self._circular(duty_id, as_=as_)
        if state.roll is None or state.roll.open == 0:
            raise InvalidInputError(
                "送る宛先がありません。",
                where="宛先",
                remedy="宛先の表（CSV）を取り込んでから、もう一度行ってください。",
            )
        content = json.dumps({"text": words}).encode()
        receipt = await self._duties.report_progress(duty_id, content, as_=as_, act_id=act_id)
        round_ = FIRST if words is _SENDING else reminder_round(receipt.sequence)
        await self._rows.try_again(duty_id, round_=round_)
        await (await self._sending()).start(duty_id, round_=round_)
        return receipt

    # --- 読む

    async def letters(
        self, duty_id: str, *, as_: str, status: MemberStatus | None = None, page: int = 1
    ) -> tuple[LetterRow, ...]:
        """Give a page of the recipients with what became of the letters to each."""
        rows = await self._duties.roll(duty_id, as_=as_, status=status, page=page)
        found = await self._rows.letters(duty_id, [one.member for one in rows])
        return tuple(LetterRow(row=one, letter=found.get(one.member)) for one in rows)

    async def unreached(self, duty_id: str, *, as_: str) -> tuple[LetterRow, ...]:
        """Give the first hundred of those who were tried and not reached, with the reason."""
        await self._circular(duty_id, as_=as_)
        rows = await self._rows.unreached(duty_id, limit=100)
        found = await self._rows.letters(duty_id, [one.member for one in rows])
        return tuple(LetterRow(row=one, letter=found.get(one.member)) for one in rows)

    async def coverage(self, duty_id: str, *, as_: str) -> Coverage:
        """Give by prefecture whom the circular has reached, and who has acknowledged it."""
        state = await self._circular(duty_id, as_=as_)
        return coverage_of(await self._rows.parts(duty_id), duty_id=duty_id, title=state.title)

    async def coverage_csv(self, duty_id: str, *, as_: str) -> str:
        """Give the coverage as CSV."""
        return csv_of(await self.coverage(duty_id, as_=as_))

    async def coverage_svg(self, duty_id: str, *, as_: str) -> str:
        """Draw the coverage by prefecture."""
        return svg_of(await self.coverage(duty_id, as_=as_))

    async def export(self, duty_id: str, form: str, *, as_: str) -> bytes:
        """Give the coverage as a file, `csv` or `svg`. Raises InvalidInputError for another form."""
        if one_of(CoverageFormat, form, where="形") is CoverageFormat.SVG:
            return (await self.coverage_svg(duty_id, as_=as_)).encode()
        return (await self.coverage_csv(duty_id, as_=as_)).encode()

    async def repeated_by(self, duty_id: str, *, as_: str) -> tuple[str, ...]:
        """Give the circulars that say this one again."""
        await self._circular(duty_id, as_=as_)
        return await self._rows.repeated_by(duty_id)

    async def answer_sent(self, duty_id: str, *, as_: str) -> LetterState | None:
        """Give what became of the letter with an answer; None before it was tried."""
        state = (await self._duties.show(duty_id, as_=as_)).state
        member = state.content.get("member") or ANSWER
        return (await self._rows.letters(duty_id, [str(member)])).get(str(member))

    # --- 照会

    async def ask(self, duty_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> DutyReceipt:
        """照会の受付: `content` is JSON with member (or asked_by), question, and where given asked_on, due_on, mail.

        Opens the duty to answer under the circular. What the recipient left out is taken from the roll.
        """
        state = await self._circular(duty_id, as_=as_)
        said = object_from(content, where="照会")
        # The same question about another circular is another question.
        asked = act_id or json.dumps([duty_id, said], sort_keys=True)
        number = str(said.pop("slug", "") or hashlib.sha256(asked.encode()).hexdigest()[:12])
        due_on = said.pop("due_on", None) or self._answered_by().isoformat()
        about = await self._question(state, said)
        opening = {
            "parent": duty_id,
            "department": state.department,
            "owner": state.owner,
            "title": f"{about.get('asked_by', '')}からの照会（{state.title}）"[:200],
            "due_on": due_on,
            "content": about,
        }
        return await self._duties.open(f"answer:{number}", json.dumps(opening).encode(), as_=as_, act_id=act_id)

    def _answered_by(self) -> date:
        return add_business_days(tokyo_date(self._now()), ANSWERED_WITHIN)

    async def _question(self, state: DutyState, said: dict[str, Any]) -> dict[str, Any]:
        about = {"asked_on": tokyo_date(self._now()).isoformat(), **said}
        if not isinstance(said.get("member"), str):
            return about
        row = await self._register.duties.member(state.duty_id, said["member"])
        if row is None:
            raise NotFoundError(
                f"団体「{said['member']}」は、この事務連絡の宛先にありません。",
                where="照会した団体",
                remedy="宛先の一覧で団体の番号を確かめるか、団体の名称を書いてください。",
            )
        from_the_roll = {"asked_by": row.name, "mail": row.mail}
        return {**{name: value for name, value in from_the_roll.items() if value is not None}, **about}

    async def _circular(self, duty_id: str, *, as_: str) -> DutyState:
        state = (await self._duties.show(duty_id, as_=as_)).state
        if state.kind is not DutyKind.CIRCULAR:
            raise InvalidInputError(
                f"義務 {duty_id} は、{state.kind.label}です。",
                where="義務番号",
                remedy="事務連絡の番号（circular: で始まる）を指定してください。",
            )
        return state
