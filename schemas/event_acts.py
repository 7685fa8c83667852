"""リスク事案の行為 (acts on a risk event): each is one message, and the argument of the update of the same name."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import ActId, Digest, Identifier, Instant, Line, Message, ReviewId, Text
from schemas.breach import BreachFacts, Knowledge, KnownBy, ReportItem, ReportKind
from schemas.events import (
    Answer,
    EventAlarm,
    EventDeadline,
    EventJudgement,
    EventState,
    EventStatus,
    Filing,
    Notification,
    PreventionMeasure,
    SituationKnown,
)
from schemas.organisation import Actor
from schemas.signatures import SignedMessage


class EventActKind(StrEnum):
    """リスク事案の行為の種類 (kind of act); the value is the name of the Temporal update."""

    ACKNOWLEDGE = "acknowledge_event"  # 受領確認
    UPDATE_FACTS = "update_facts"  # 事実の更新
    ADD_KNOWLEDGE = "add_knowledge"  # 把握の追加
    JOIN = "join_event"  # 同じ事案の追加
    APPROVE_REPORT = "approve_report"  # 報告書の承認
    RECORD_FILING = "record_filing"  # 提出の記録
    RECORD_NOTIFICATION = "record_notification"  # 本人への通知の記録
    PROPOSE_NO_REPORT = "propose_no_report"  # 報告を要しないとの申出
    CONFIRM_NO_REPORT = "confirm_no_report"  # 報告を要しないことの確認
    NAME_MEASURE = "name_measure"  # 再発防止策
    CLOSE = "close_event"  # 終了
    REMIND = "remind"  # 督促

    @property
    def label(self) -> str:
        """The act in Japanese."""
        return _ACT_TITLES[self]


_ACT_TITLES = {
    EventActKind.ACKNOWLEDGE: "受領確認",
    EventActKind.UPDATE_FACTS: "事実の更新",
    EventActKind.ADD_KNOWLEDGE: "把握の追加",
    EventActKind.JOIN: "同じ事案の追加",
    EventActKind.APPROVE_REPORT: "報告書の承認",
    EventActKind.RECORD_FILING: "提出の記録",
    EventActKind.RECORD_NOTIFICATION: "本人への通知の記録",
    EventActKind.PROPOSE_NO_REPORT: "報告を要しないとの申出",
    EventActKind.CONFIRM_NO_REPORT: "報告を要しないことの確認",
    EventActKind.NAME_MEASURE: "再発防止策",
    EventActKind.CLOSE: "終了",
    EventActKind.REMIND: "督促",
}


class _EventAct(SignedMessage):
    act_id: ActId = Field(title="行為番号")
    actor: Actor = Field(title="行為者")
    event_id: ActId = Field(title="リスク事案の番号")


class EventAcknowledgement(_EventAct):
    """受領確認 (acknowledgement) by the countermeasure team."""

    act: Literal[EventActKind.ACKNOWLEDGE] = Field(default=EventActKind.ACKNOWLEDGE, title="行為")


class FactsUpdate(_EventAct):
    """事実の更新 (update of facts): what is known now of those fields; a field left empty is not known.

    `changed` names the fields that it speaks of, those of the account as `account.cause`: only they are taken.
    `known_on` is the day on which the body knew of it.
    """

    act: Literal[EventActKind.UPDATE_FACTS] = Field(default=EventActKind.UPDATE_FACTS, title="行為")
    facts: BreachFacts = Field(title="事実")
    changed: tuple[Line, ...] = Field(min_length=1, max_length=80, title="変わった項目")
    known_on: date | None = Field(default=None, title="これを知った日（空なら今日）")
    reason: Text = Field(title="変わった理由と、分かった経緯")


class KnowledgeAddition(_EventAct):
    """把握の追加 (another department knew): the clock counts from the first that knew."""

    act: Literal[EventActKind.ADD_KNOWLEDGE] = Field(default=EventActKind.ADD_KNOWLEDGE, title="行為")
    department: Identifier = Field(title="知った部署")
    known_on: date = Field(title="知った日")
    known_by: KnownBy = Field(default=KnownBy.DEPARTMENT, title="知った経緯")
    reason: Text = Field(title="分かった経緯")


class EventJoining(_EventAct):
    """同じ事案の追加 (another report is of the same event): both are kept; what was known there is known here."""

    act: Literal[EventActKind.JOIN] = Field(default=EventActKind.JOIN, title="行為")
    other: ActId = Field(title="同じ事案の番号")
    knowledge: tuple[Knowledge, ...] = Field(min_length=1, max_length=100, title="その事案を部署が知った日")
    reason: Text = Field(title="同じ事案とする理由")


class ReportApproving(_EventAct):
    """報告書の承認 (approval) of a report to the Commission, by another person than who wrote it."""

    act: Literal[EventActKind.APPROVE_REPORT] = Field(default=EventActKind.APPROVE_REPORT, title="行為")
    kind: ReportKind = Field(title="報告の区分")
    digest: Digest = Field(title="報告書のSHA-256")
    written_by: Identifier = Field(title="報告書を書いた者")


class FilingRecord(_EventAct):
    """提出の記録 (what was filed with the Commission)."""

    act: Literal[EventActKind.RECORD_FILING] = Field(default=EventActKind.RECORD_FILING, title="行為")
    filing: Filing = Field(title="提出")


class NotificationRecord(_EventAct):
    """本人への通知の記録 (what the data subjects were told, or why not)."""

    act: Literal[EventActKind.RECORD_NOTIFICATION] = Field(default=EventActKind.RECORD_NOTIFICATION, title="行為")
    notification: Notification = Field(title="本人への通知")


class NoReportProposal(_EventAct):
    """報告を要しないとの申出 (proposal that no report is due) by one side."""

    act: Literal[EventActKind.PROPOSE_NO_REPORT] = Field(default=EventActKind.PROPOSE_NO_REPORT, title="行為")
    reason: Text = Field(title="理由")


class NoReportConfirmation(_EventAct):
    """報告を要しないことの確認 (confirmation) by the other side, of the same facts."""

    act: Literal[EventActKind.CONFIRM_NO_REPORT] = Field(default=EventActKind.CONFIRM_NO_REPORT, title="行為")
    facts_revision: int = Field(ge=1, title="確認した事実の版")
    reason: Text = Field(title="理由")


class MeasureNaming(_EventAct):
    """再発防止策 (prevention measure)."""

    act: Literal[EventActKind.NAME_MEASURE] = Field(default=EventActKind.NAME_MEASURE, title="行為")
    measure: PreventionMeasure = Field(title="再発防止策")


class EventClosing(_EventAct):
    """終了 (closing) by the team; what is missing is named.

    `reviews` are the reviews that the report opened or joined; `same_as` names the event that takes this one over.
    """

    act: Literal[EventActKind.CLOSE] = Field(default=EventActKind.CLOSE, title="行為")
    reviews: tuple[ReviewId, ...] = Field(default=(), max_length=200, title="開かれた見直し")
    same_as: ActId | None = Field(default=None, title="同じ事案として引き継ぐ先")
    without_measures: Text | None = Field(default=None, title="再発防止策を定めない理由")
    without_review: Text | None = Field(default=None, title="評価書の見直しを要しない理由")


class EventReminder(_EventAct):
    """リスク事案の督促 (reminder): a clock ran out. The workflow's own act."""

    act: Literal[EventActKind.REMIND] = Field(default=EventActKind.REMIND, title="行為")
    alarm: EventAlarm = Field(title="予鈴")


EventAct = (
    EventAcknowledgement
    | FactsUpdate
    | KnowledgeAddition
    | EventJoining
    | ReportApproving
    | FilingRecord
    | NotificationRecord
    | NoReportProposal
    | NoReportConfirmation
    | MeasureNaming
    | EventClosing
    | EventReminder
)
"""リスク事案の行為: every act on a risk event."""

AnyEventAct = Annotated[EventAct, Field(discriminator="act")]
"""リスク事案の行為, told apart by its field `act`."""


class EventReceipt(Message):
    """リスク事案の受付の答え (receipt): what an accepted act is answered with, the same for every retry.

    `changes` says what the act changed of the answer and of the dates.
    """

    act_id: ActId = Field(title="行為番号")
    event_id: ActId = Field(title="リスク事案の番号")
    sequence: int = Field(ge=1, title="行為の通し番号")
    status: EventStatus = Field(title="この行為の後の状況")
    facts_revision: int = Field(ge=1, title="この行為の後の事実の版")
    reportable: Answer = Field(title="この行為の後の報告の要否")
    due_on: date | None = Field(default=None, title="次の期限")
    changes: tuple[Text, ...] = Field(default=(), title="判断と期限の変化")
    content_digest: Digest = Field(title="行為の内容のSHA-256")


class EventDerived(Message):
    """行為から導かれるもの (what follows from an act): computed where it is recorded, and read from there.

    `judgement` is there where the act changed what is known.
    """

    judgement: EventJudgement | None = Field(default=None, title="報告の要否の判断")
    situations_known: tuple[SituationKnown, ...] = Field(default=(), title="事態ごとの知った日")
    deadlines: tuple[EventDeadline, ...] = Field(default=(), title="期限")
    alarms: tuple[EventAlarm, ...] = Field(default=(), title="予鈴")
    announced: tuple[ReportItem, ...] = Field(default=(), title="承認された報告書が不明とし、追完を予告した事項")


class EarlierFacts(Message):
    """前の事実 (facts before an act): what its judgement is compared with."""

    facts: BreachFacts = Field(title="事実")
    known_on: date = Field(title="起算の日")
    on: date = Field(title="判断した日")
    situations_known: tuple[SituationKnown, ...] = Field(default=(), title="事態ごとの知った日")


class EventActRecord(Message):
    """リスク事案の行為の記録 (an act as the register holds it)."""

    act: AnyEventAct = Field(title="行為")
    sequence: int = Field(title="通し番号")
    at: Instant = Field(title="日時")
    receipt: EventReceipt = Field(title="受付の答え")


class EventHistory(Message):
    """リスク事案の経過 (an event with all that was done about it)."""

    state: EventState = Field(title="状態")
    acts: tuple[EventActRecord, ...] = Field(title="行為")
