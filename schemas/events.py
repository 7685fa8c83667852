"""リスク事案 (risk events): what became known of one, by whom and when, and all that was done about it.

Unknown is an answer. What is reportable is judged by `guideline.breach_report`; here is kept what was answered.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import ActId, Digest, Identifier, Instant, Line, Message, Text
from schemas.breach import BreachFacts, Knowledge, ReportKind
from schemas.reports import Evidence
from schemas.review import Urgency


class EventStatus(StrEnum):
    """リスク事案の状況 (status)."""

    OPEN = "open"  # 対応中
    CLOSED = "closed"  # 終了

    @property
    def label(self) -> str:
        """The status in Japanese."""
        return {"open": "対応中", "closed": "終了"}[self.value]


class Answer(StrEnum):
    """報告の要否の答え (answer): whether a report is due, by what was known."""

    YES = "yes"  # 要する
    NO = "no"  # 要しない
    UNDECIDED = "undecided"  # 決まらない

    @property
    def label(self) -> str:
        """The answer in Japanese."""
        return {"yes": "要する", "no": "要しない", "undecided": "決まらない"}[self.value]


class EventClock(StrEnum):
    """リスク事案の時計 (clock): what is waited for; the values are those of the deadlines of a breach, and one more."""

    ACKNOWLEDGEMENT = "acknowledgement"  # 受領確認
    PRELIMINARY = "preliminary"  # 速報
    FINAL = "final"  # 確報
    GUIDELINE_REPORT = "guideline_report"  # ガイドラインによる報告
    NOTICE_TO_PERSONS = "notice_to_persons"  # 本人への通知
    NOTICE_TO_PRINCIPAL = "notice_to_principal"  # 委託元への通知

    @property
    def label(self) -> str:
        """The clock in Japanese."""
        return _CLOCK_TITLES[self]


_CLOCK_TITLES = {
    EventClock.ACKNOWLEDGEMENT: "受領確認",
    EventClock.PRELIMINARY: "速報",
    EventClock.FINAL: "確報",
    EventClock.GUIDELINE_REPORT: "ガイドラインによる報告",
    EventClock.NOTICE_TO_PERSONS: "本人への通知",
    EventClock.NOTICE_TO_PRINCIPAL: "委託元への通知",
}


class FilingKind(StrEnum):
    """提出の区分 (kind of filing): what was filed with the Commission."""

    PRELIMINARY = "preliminary"  # 速報
    FINAL = "final"  # 確報
    BOTH = "both"  # 速報を兼ねる確報
    SUPPLEMENT = "supplement"  # 追完
    CORRECTION = "correction"  # 訂正

    @property
    def label(self) -> str:
        """The kind in Japanese."""
        return _FILING_TITLES[self]


_FILING_TITLES = {
    FilingKind.PRELIMINARY: "速報",
    FilingKind.FINAL: "確報",
    FilingKind.BOTH: "速報を兼ねる確報",
    FilingKind.SUPPLEMENT: "追完",
    FilingKind.CORRECTION: "訂正",
}


class NotificationKind(StrEnum):
    """本人への通知の区分 (kind of notification)."""

    NOTICE = "notice"  # 本人への通知
    SUBSTITUTE = "substitute"  # 代わる措置
    NOT_DUE = "not_due"  # 要しない

    @property
    def label(self) -> str:
        """The kind in Japanese."""
        return {"notice": "本人への通知", "substitute": "通知に代わる措置", "not_due": "通知を要しない"}[self.value]


class EventJudgement(Message):
    """報告の要否の判断の控え (an answer as it was given): by which facts, on which day, and why; every one is kept.

    `situations` are those met, `questions` what would decide the open ones; `changes` says what differs from the answer
    before it, and which dates moved.
    """

    facts_revision: int = Field(ge=1, title="事実の版")
    on: date = Field(title="判断した日")
    known_on: date = Field(title="起算の日")
    reportable: Answer = Field(title="番号法・個情法による報告の要否")
    guideline: Answer = Field(title="ガイドラインによる報告の要否")
    situations: tuple[Line, ...] = Field(default=(), title="当たる事態")
    reasons: tuple[Text, ...] = Field(title="理由")
    questions: tuple[Line, ...] = Field(default=(), title="確かめる問い")
    provisions: tuple[Line, ...] = Field(title="根拠")
    confirmed: bool = Field(title="根拠が確認済みである")
    changes: tuple[Text, ...] = Field(default=(), title="前の判断からの変化")


class SituationKnown(Message):
    """事態を知った日 (when a situation was known): each has the clock of the day on which the body knew of it."""

    situation: Line = Field(title="事態")
    known_on: date = Field(title="知った日")


class EventDeadline(Message):
    """期限 (deadline): what is to be done, by when and why; without a day where the law sets none."""

    kind: EventClock = Field(title="すべきこと")
    law: Line = Field(title="根拠の別")
    situations: tuple[Line, ...] = Field(default=(), title="当たる事態")
    known_on: date = Field(title="起算の日")
    earliest_on: date | None = Field(default=None, title="目安の初日")
    due_on: date | None = Field(default=None, title="期限")
    reasons: tuple[Text, ...] = Field(title="理由")
    provisions: tuple[Line, ...] = Field(title="根拠")
    confirmed: bool = Field(title="根拠が確認済みである")


class ReportApproval(Message):
    """報告書の承認 (approval of a report): which document, by whom, and on which facts."""

    kind: ReportKind = Field(title="報告の区分")
    digest: Digest = Field(title="報告書のSHA-256")
    written_by: Identifier = Field(title="報告書を書いた者")
    approved_by: Identifier = Field(title="承認した者")
    facts_revision: int = Field(ge=1, title="承認した時の事実の版")
    at: Instant = Field(title="承認した日時")


class Correction(Message):
    """訂正 (correction): which filed report of the event the new one takes the place of, and why."""

    corrects: Digest = Field(title="訂正する報告書のSHA-256")
    reason: Text = Field(title="訂正の理由")


class Filing(Message):
    """提出 (filing): what was filed with the Commission, and what it was received under; a 訂正 says of what."""

    kind: FilingKind = Field(title="提出の区分")
    filed_on: date = Field(title="提出した日")
    receipt_number: Line = Field(title="受付番号")
    digest: Digest = Field(title="報告書のSHA-256")
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=20, title="根拠資料")
    correction: Correction | None = Field(default=None, title="訂正（訂正のときに限る）")


class Notification(Message):
    """本人への通知 (notification): done, replaced, or said not to be due."""

    kind: NotificationKind = Field(title="通知の区分")
    done_on: date | None = Field(default=None, title="行った日（要しないときは空）")
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=20, title="根拠資料")
    reason: Text | None = Field(default=None, title="理由（代わる措置とその理由、要しない理由）")


class PreventionMeasure(Message):
    """再発防止策 (prevention measure): what, who, until when."""

    text: Text = Field(title="再発防止のための措置")
    owner: Identifier = Field(title="担当者")
    due_on: date = Field(title="期限")


class NoReport(Message):
    """報告を要しないとの判断 (no report is due): proposed by one side, and confirmed by the other or not yet."""

    proposed_by: Identifier = Field(title="申し出た者")
    by_team: bool = Field(title="対策チームが申し出た（偽は担当部署）")
    reason: Text = Field(title="理由")
    facts_revision: int = Field(ge=1, title="事実の版")
    confirmed_by: Identifier | None = Field(default=None, title="確認した者")


class EventAlarm(Message):
    """リスク事案の予鈴 (alarm): what is late, whom it calls, for which date, when it rings."""

    clock: EventClock = Field(title="待っているもの")
    urgency: Urgency = Field(title="督促の段階")
    due_on: date = Field(title="期限")
    at: Instant = Field(title="鳴る日時")


_FEW = Field(max_length=100)


class EventState(Message):
    """リスク事案の状態 (state of a risk event): all that the next act is judged by."""

    event_id: ActId = Field(title="リスク事案の番号（報告の番号）")
    body: Identifier = Field(title="評価実施機関")
    department: Identifier = Field(title="最初に知ったと報告された部署")
    title: Line = Field(title="件名")
    assessments: tuple[Identifier, ...] = Field(default=(), title="関係する評価書")
    reported_by: Identifier = Field(title="報告した者")
    reported_at: Instant = Field(title="報告の日時")
    knowledge: Annotated[tuple[Knowledge, ...], Field(min_length=1)] = Field(title="部署が知った日")
    facts: BreachFacts = Field(title="分かっている事実")
    facts_revision: int = Field(default=1, ge=1, title="事実の版")
    status: EventStatus = Field(default=EventStatus.OPEN, title="状況")
    acknowledged_by: Identifier | None = Field(default=None, title="受領を確認した者")
    acknowledged_at: Instant | None = Field(default=None, title="受領を確認した日時")
    judgements: tuple[EventJudgement, ...] = Field(default=(), title="報告の要否の判断（全て）")
    situations_known: tuple[SituationKnown, ...] = Field(default=(), title="事態ごとの知った日")
    deadlines: tuple[EventDeadline, ...] = Field(default=(), title="期限")
    approvals: Annotated[tuple[ReportApproval, ...], _FEW] = Field(default=(), title="報告書の承認")
    filings: Annotated[tuple[Filing, ...], _FEW] = Field(default=(), title="提出")
    notifications: Annotated[tuple[Notification, ...], _FEW] = Field(default=(), title="本人への通知")
    measures: Annotated[tuple[PreventionMeasure, ...], _FEW] = Field(default=(), title="再発防止策")
    joined: Annotated[tuple[ActId, ...], _FEW] = Field(default=(), title="同じ事案とした報告")
    no_report: NoReport | None = Field(default=None, title="報告を要しないとの判断")
    same_as: ActId | None = Field(default=None, title="同じ事案として引き継いだ先")
    sequence: int = Field(default=0, ge=0, title="行為の通し番号")
    alarms: tuple[EventAlarm, ...] = Field(default=(), title="予鈴")
    rung: tuple[EventAlarm, ...] = Field(default=(), title="鳴った予鈴")
    closed_at: Instant | None = Field(default=None, title="終了した日時")

    @property
    def known_on(self) -> date:
        """The day on which any department first knew."""
        return min(one.known_on for one in self.knowledge)

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments that are concerned: who knew, the one of the report first."""
        return tuple(dict.fromkeys((self.department, *(one.department for one in self.knowledge))))

    @property
    def due_on(self) -> date | None:
        """The date that the next alarm is about; None where nothing is waited for."""
        return self.alarms[0].due_on if self.alarms else None
