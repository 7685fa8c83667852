"""誤登録の物語 (story of the wrong registrations of 2022-2023): what the engine says of each day on which a desk knew.

The acts are recorded on the day of the telling, with the days of then. Every line is printed from what the register or
the server answered, but for the history itself, which stands in demo/account_registration.toml.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from demo.account_registration import Entry, Kind, history
from demo.account_rules import DRAFTER, NUMBER_ACT, REPORTER, TEAM, course, due, moved, recipients, until
from demo.errors import StoryError
from demo.telling import as_json, file_of
from schemas.breach import ReportKind
from schemas.canonical import sha256_of
from schemas.event_acts import EventReminder
from schemas.events import EventClock, FilingKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from client.event_views import DeadlineRow
    from demo.telling import Telling
    from guideline.reporting_line import Recipient
    from register.register import Register
    from schemas.event_acts import EventReceipt
    from schemas.events import EventDeadline, EventState
    from schemas.letters import NoticeProgress

_PATIENCE_S = 30.0
_PAUSE_S = 0.05


class AccountStory:
    """誤登録の物語: `stem` begins the numbers of its events.

    `states`, `told` and `joined` keep what the engine answered of each entry: how its event stands, and who was told of
    it, and of its being joined.
    """

    def __init__(self, told: Telling, register: Register, *, stem: str = "account") -> None:
        self._told = told
        self._register = register
        self._minaoshi = told.minaoshi
        self._stem = stem
        self.states: dict[str, EventState] = {}
        self.told: dict[str, tuple[Recipient, ...]] = {}
        self.joined: dict[str, tuple[Recipient, ...]] = {}

    def event_of(self, entry: Entry) -> str:
        """Give the number of the event that an entry is, or is recorded of."""
        return f"{self._stem}/{entry.id if entry.act is Kind.EVENT else history().main}"

    async def tell(self) -> None:
        """Tell it all; raises StoryError where the engine did not do what the story says."""
        self._told.title("第三話 実際の経過: 公金受取口座の誤登録（2022年7月から2023年11月まで）")
        await self._before()
        for entry in history().entries:
            match entry.act:
                case Kind.EVENT:
                    await self._an_event(entry)
                case Kind.FACTS:
                    await self._facts(entry)
                case Kind.FILING:
                    await self._a_filing(entry)
                case Kind.BACKGROUND:
                    self._scene(entry)
        await self._what_is_left()

    async def _before(self) -> None:
        self._told.scene("準備: 記録は本日、日付は実際のもの")
        revision = await self._minaoshi.organisation.apply(file_of("organisation.toml"))
        self._told.say(f"組織表の第{revision}版を登録した（見本。人と部署は実際のものではない）。")
        self._told.say("知らせは台帳に書かれる。メールは、見本では送らない。")
        for assumption in history().assumptions:
            self._told.say(f"仮定: {assumption}")

    def _scene(self, entry: Entry) -> None:
        number = "" if entry.cases is None else f"（{entry.cases:,}件）"
        self._told.scene(f"{entry.said}: {entry.title}{number}")
        titles = dict.fromkeys(history().sources[one].title for one in entry.sources)
        self._told.say(f"{entry.text}出典: {'、'.join(titles)}")
        if entry.assumed is not None:
            self._told.say(f"仮定（要確認）: {entry.assumed}")

    async def _an_event(self, entry: Entry) -> None:
        self._scene(entry)
        event_id = self.event_of(entry)
        await self._minaoshi.reports.risk(as_json(**history().report(entry)), as_=REPORTER, act_id=event_id)
        told = await self._say_told(event_id)
        await self._minaoshi.events.acknowledge(event_id, as_=TEAM)
        await self._learn(entry)
        state = await self._as_the_rules_say(entry, told)
        self._say_deadlines(state.deadlines)

    async def _facts(self, entry: Entry) -> None:
        self._scene(entry)
        event_id = self.event_of(entry)
        joins = not (await self._minaoshi.events.show(event_id)).state.joined
        if joins:
            await self._join_what_was_known_before()
        receipt = await self._learn(entry)
        told = await self._say_told(f"{event_id}#{receipt.sequence}")
        state = await self._as_the_rules_say(entry, told)
        new = [one for one in state.deadlines if one.known_on == entry.on]
        self._say_deadlines(new)
        if not new:
            first = min(one.due_on for one in state.deadlines if one.due_on)
            why = "合わせたことで移った期限は、件数によっては" if joins else "期限は"
            self._told.say(f"{why}変わらない。最初の期限は {first} である。")

    async def _as_the_rules_say(self, entry: Entry, told: tuple[Recipient, ...]) -> EventState:
        """Give the event as it stands; raises StoryError where the rules alone, of that day, say otherwise."""
        state = (await self._minaoshi.events.show(self.event_of(entry))).state
        by_rules = course()
        if due(state) != due(by_rules.states[entry.id]) or set(told) != set(by_rules.told[entry.id]):
            raise StoryError(f"the engine does not say of {entry.id} what the rules say")
        self.states[entry.id], self.told[entry.id] = state, told
        return state

    async def _learn(self, entry: Entry) -> EventReceipt:
        content = as_json(facts=history().facts(entry), known_on=entry.on.isoformat(), reason=entry.text)
        return await self._minaoshi.events.update(self.event_of(entry), content, as_=DRAFTER)

    async def _join_what_was_known_before(self) -> None:
        main = self.event_of(history().entry(history().main))
        for entry, by_rules in zip(reversed(history().joined), course().joinings, strict=True):
            other = self.event_of(entry)
            before = (await self._minaoshi.events.show(main)).state
            content = as_json(other=other, reason="同じ誤登録である（見本）。")
            receipt = await self._minaoshi.events.join(main, content, as_=TEAM)
            self._told.say(f"同じ事案として加えた: {other}")
            self._told.say(f"  {receipt.changes[0]}")
            found = moved(before, (await self._minaoshi.events.show(main)).state)
            for was, now in found:
                self._told.say(f"  {now.kind.label}の期限が移った: {until(was)} → {until(now)}")
            told = await self._say_told(f"{main}#{receipt.sequence}")
            if set(told) != set(by_rules.told) or _dates(found) != _dates(by_rules.moved):
                raise StoryError(f"the engine does not say of the joining of {entry.id} what the rules say")
            self.joined[entry.id] = told
            await self._minaoshi.events.close(other, as_json(same_as=main), as_=TEAM)
        await self._say_who_was_called(main)

    async def _say_who_was_called(self, event_id: str) -> None:
        """Say whom the alarms of dates that had passed called; they ring when the event is recorded."""
        await self._all_rung(event_id)
        state = (await self._minaoshi.events.show(event_id)).state
        first = min(one.due_on for one in state.deadlines if one.due_on)
        for record in (await self._minaoshi.events.show(event_id)).acts:
            if isinstance(record.act, EventReminder) and record.act.alarm.due_on == first:
                alarm = record.act.alarm
                self._told.say(f"督促（{alarm.urgency.label}）: {alarm.clock.label}、期限 {alarm.due_on} は過ぎている")
                await self._say_told(f"{event_id}#{record.sequence}")

    async def _all_rung(self, event_id: str) -> None:
        """Wait until every alarm of a date that has passed has rung."""
        async with asyncio.timeout(_PATIENCE_S):
            while await self._rings_late(event_id):  # noqa: ASYNC110 # nobody tells
                await asyncio.sleep(_PAUSE_S)

    async def _rings_late(self, event_id: str) -> bool:
        state = (await self._minaoshi.events.show(event_id)).state
        return any(alarm.at <= datetime.now(UTC) for alarm in state.alarms)

    async def _say_told(self, act_id: str) -> tuple[Recipient, ...]:
        """Say who is told of an act and how far that came, by the rows that the register holds of it; give them."""
        rows = await self._register.notices_of_act(act_id)
        if not rows:
            raise StoryError("nobody was told")
        told = tuple(recipients()[row.notice.person] for row in rows)
        said = (f"{one.label}（{_arrival(one, row)}）" for one, row in zip(told, rows, strict=True))
        self._told.say(f"知らせの宛先: {'、'.join(said)}")
        return told

    def _say_deadlines(self, deadlines: Iterable[EventDeadline]) -> None:
        for one in deadlines:
            if one.law == NUMBER_ACT:
                self._told.say(f"{one.kind.label}: {until(one)}（{'、'.join(one.provisions)}）")
                for reason in one.reasons[1:]:
                    self._told.say(f"  {reason}")

    async def _a_filing(self, entry: Entry) -> None:
        self._scene(entry)
        event_id = self.event_of(entry)
        draft = await self._minaoshi.breaches.draft(event_id, kind=ReportKind.FINAL.value)
        for item, part in draft.items():
            if isinstance(part, dict) and part.get("state") in ("unknown", "partly"):
                draft[item] = {**part, "unknown_reason": "資料にない（見本）。", "follow_up": "見本"}
        document = as_json(**draft)
        await self._minaoshi.events.approve(event_id, document, written_by=DRAFTER, as_=TEAM)
        digest = (await self._minaoshi.events.show(event_id)).state.approvals[-1].digest
        filing = {"kind": FilingKind.BOTH.value, "filed_on": entry.on.isoformat(), "digest": digest}
        evidence = [{"title": "受付の控え（見本）", "sha256": sha256_of(entry.text.encode())}]
        content = as_json(**filing, receipt_number=f"見本-{entry.id}", evidence=evidence)
        await self._minaoshi.events.file(event_id, content, as_=TEAM)
        for row in (await self._minaoshi.events.show(event_id)).deadlines:
            self._say_late(row)

    def _say_late(self, row: DeadlineRow) -> None:
        if row.days_late is not None and NUMBER_ACT in row.what:
            late = f"{row.days_late}日遅れ" if row.days_late else "期限内"
            guide = "（目安の末日）" if row.kind is EventClock.PRELIMINARY else ""
            self._told.say(f"{row.what}: 期限 {row.due_on}{guide}、実際 {row.done_on} → {late}")

    async def _what_is_left(self) -> None:
        self._told.scene("残っているもの（資料に日がないため、記録していない）")
        for entry in history().of(Kind.EVENT):
            event_id = self.event_of(entry)
            await self._all_rung(event_id)
            view = await self._minaoshi.events.show(event_id)
            self._told.say(f"{event_id}: {view.state.status.label}")
            for one in view.missing:
                self._told.say(f"  {one}")
        self._told.say("規則だけで数えた答え（docs/account-registration.md）と、全ての日で同じであった。")
        await self._told.say_audit()


def _arrival(one: Recipient, row: NoticeProgress) -> str:
    """Say by what somebody was told; of what was only written into the register, that it is not sent here."""
    if row.delivered_at is not None and row.means is not None:
        return f"{row.means.label}、送達済み"
    return f"{one.channel.label}の予定。見本では送らない"


def _dates(pairs: Iterable[tuple[EventDeadline, EventDeadline]]) -> list[tuple[object, ...]]:
    return [(was.kind, was.due_on, now.due_on) for was, now in pairs]
