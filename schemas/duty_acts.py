"""義務の行為 (acts on a duty): each is one message, and the argument of the update of the same name."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import ActId, Digest, Identifier, Instant, Line, Message, Text
from schemas.duties import Content, DutyAlarm, DutyId, DutyState, DutyStatus, Interval, RollCount, RollMember
from schemas.organisation import Actor
from schemas.reports import Evidence
from schemas.signatures import SignedMessage

MOST_MEMBERS = 500
"""一つの行為に書ける人数: of more, an enrolment names a stored document."""


class DutyActKind(StrEnum):
    """義務の行為の種類 (kind of act); the value is the name of the Temporal update."""

    OPEN = "open"  # 義務の開始
    REPORT_PROGRESS = "report_progress"  # 進捗の報告
    POSTPONE = "postpone"  # 期限の延期
    AMEND = "amend"  # 内容の変更
    ENROL = "enrol"  # 名簿の変更
    COMPLETE = "complete"  # 名簿の者の完了
    EXCUSE = "excuse"  # 名簿の者の除外
    HAND_IN = "hand_in"  # 完了の報告
    CONFIRM = "confirm"  # 完了の確認
    SEND_BACK = "send_back"  # 差戻し
    CANCEL = "cancel"  # 取りやめ
    REMIND = "remind"  # 督促

    @property
    def label(self) -> str:
        """The act in Japanese."""
        return _ACT_TITLES[self]


_ACT_TITLES = {
    DutyActKind.OPEN: "義務の開始",
    DutyActKind.REPORT_PROGRESS: "進捗の報告",
    DutyActKind.POSTPONE: "期限の延期",
    DutyActKind.AMEND: "内容の変更",
    DutyActKind.ENROL: "名簿の変更",
    DutyActKind.COMPLETE: "名簿の者の完了",
    DutyActKind.EXCUSE: "名簿の者の除外",
    DutyActKind.HAND_IN: "完了の報告",
    DutyActKind.CONFIRM: "完了の確認",
    DutyActKind.SEND_BACK: "差戻し",
    DutyActKind.CANCEL: "取りやめ",
    DutyActKind.REMIND: "督促",
}

_Evidence = Annotated[tuple[Evidence, ...], Field(max_length=20)]


class _DutyAct(SignedMessage):
    act_id: ActId = Field(title="行為番号")
    actor: Actor = Field(title="行為者")
    duty_id: DutyId = Field(title="義務番号")


class DutyOpening(_DutyAct):
    """義務の開始 (opening): what is owed, by which department, until when. Its body is the actor's."""

    act: Literal[DutyActKind.OPEN] = Field(default=DutyActKind.OPEN, title="行為")
    parent: DutyId | None = Field(default=None, title="元の義務")
    department: Identifier = Field(title="義務を負う部署（監査では、監査を受ける部署）")
    owner: Identifier | None = Field(default=None, title="担当者")
    title: Line = Field(title="件名")
    begins_on: date | None = Field(default=None, title="始まる日")
    due_on: date = Field(title="期限")
    repeats: Interval | None = Field(default=None, title="繰り返し")
    content: Content = Field(default={}, title="内容")


class DutyProgress(_DutyAct):
    """進捗の報告 (progress) by who owes it."""

    act: Literal[DutyActKind.REPORT_PROGRESS] = Field(default=DutyActKind.REPORT_PROGRESS, title="行為")
    text: Text = Field(title="進捗")
    evidence: _Evidence = Field(default=(), title="根拠資料")


class DutyPostponement(_DutyAct):
    """期限の延期 (postponement): the confirming side grants it."""

    act: Literal[DutyActKind.POSTPONE] = Field(default=DutyActKind.POSTPONE, title="行為")
    due_on: date = Field(title="新しい期限")
    reason: Text = Field(title="理由")


class DutyAmendment(_DutyAct):
    """内容の変更 (amendment): what it says is what changes; the rest stays."""

    act: Literal[DutyActKind.AMEND] = Field(default=DutyActKind.AMEND, title="行為")
    title: Line | None = Field(default=None, title="新しい件名")
    department: Identifier | None = Field(default=None, title="新しく義務を負う部署")
    owner: Identifier | None = Field(default=None, title="新しい担当者")
    content: Content | None = Field(default=None, title="新しい内容（全体）")
    reason: Text = Field(title="理由")


class DutyEnrolment(_DutyAct):
    """名簿の変更 (enrolment): who joins the roll and who leaves it."""

    act: Literal[DutyActKind.ENROL] = Field(default=DutyActKind.ENROL, title="行為")
    added: tuple[RollMember, ...] = Field(default=(), max_length=MOST_MEMBERS, title="加える者")
    added_by_document: Digest | None = Field(default=None, title="名簿（保存した文書のSHA-256）")
    joiners_due_on: date | None = Field(default=None, title="加える者の期限（義務の期限より後のとき）")
    left: tuple[Identifier, ...] = Field(
        default=(), max_length=MOST_MEMBERS, title="去った者（済ませていなければ、その理由で除く）"
    )
    changed: tuple[RollMember, ...] = Field(default=(), max_length=MOST_MEMBERS, title="部署等の変わった者")
    removed: tuple[Identifier, ...] = Field(default=(), max_length=MOST_MEMBERS, title="外す者")
    reason: Text | None = Field(default=None, title="理由")


class DutyCompletion(_DutyAct):
    """名簿の者の完了 (completion): these members have done it, on that day; or each on their own, by a document."""

    act: Literal[DutyActKind.COMPLETE] = Field(default=DutyActKind.COMPLETE, title="行為")
    members: tuple[Identifier, ...] = Field(default=(), max_length=MOST_MEMBERS, title="済ませた者")
    completed_on: date | None = Field(default=None, title="済ませた日")
    completed_by_document: Digest | None = Field(default=None, title="完了の一覧（保存した文書のSHA-256）")
    evidence: _Evidence = Field(default=(), title="根拠資料")


class DutyExcuse(_DutyAct):
    """名簿の者の除外 (excuse): why these members need not do it."""

    act: Literal[DutyActKind.EXCUSE] = Field(default=DutyActKind.EXCUSE, title="行為")
    members: tuple[Identifier, ...] = Field(min_length=1, max_length=MOST_MEMBERS, title="除く者")
    reason: Line = Field(title="理由")


class DutyHandIn(_DutyAct):
    """完了の報告 (handing in) by who owes it, with the evidence and the paper that its kind asks for."""

    act: Literal[DutyActKind.HAND_IN] = Field(default=DutyActKind.HAND_IN, title="行為")
    text: Text = Field(title="行ったこと")
    done_on: date | None = Field(default=None, title="行った日")
    evidence: _Evidence = Field(default=(), title="根拠資料")
    paper: Content | None = Field(default=None, title="種類ごとの提出物")


class DutyConfirmation(_DutyAct):
    """完了の確認 (confirmation) by another person, of the confirming side."""

    act: Literal[DutyActKind.CONFIRM] = Field(default=DutyActKind.CONFIRM, title="行為")
    note: Text | None = Field(default=None, title="備考")


class DutySendingBack(_DutyAct):
    """差戻し (sending back): it goes on, past its date with a new one."""

    act: Literal[DutyActKind.SEND_BACK] = Field(default=DutyActKind.SEND_BACK, title="行為")
    reason: Text = Field(title="理由")
    due_on: date | None = Field(default=None, title="新しい期限（期限を過ぎているとき）")


class DutyCancellation(_DutyAct):
    """取りやめ (cancellation) by the confirming side."""

    act: Literal[DutyActKind.CANCEL] = Field(default=DutyActKind.CANCEL, title="行為")
    reason: Text = Field(title="理由")


class DutyReminder(_DutyAct):
    """義務の督促 (reminder): a clock ran out. The workflow's own act."""

    act: Literal[DutyActKind.REMIND] = Field(default=DutyActKind.REMIND, title="行為")
    alarm: DutyAlarm = Field(title="予鈴")


DutyAct = (
    DutyOpening
    | DutyProgress
    | DutyPostponement
    | DutyAmendment
    | DutyEnrolment
    | DutyCompletion
    | DutyExcuse
    | DutyHandIn
    | DutyConfirmation
    | DutySendingBack
    | DutyCancellation
    | DutyReminder
)
"""義務の行為: every act on a duty."""

AnyDutyAct = Annotated[DutyAct, Field(discriminator="act")]
"""義務の行為, told apart by its field `act`."""


class DutyReceipt(Message):
    """義務の受付の答え (receipt): what an accepted act is answered with, the same for every retry."""

    act_id: ActId = Field(title="行為番号")
    duty_id: DutyId = Field(title="義務番号")
    sequence: int = Field(ge=1, title="行為の通し番号")
    status: DutyStatus = Field(title="この行為の後の状況")
    due_on: date = Field(title="この行為の後の期限")
    roll: RollCount | None = Field(default=None, title="この行為の後の名簿の数")
    content_digest: Digest = Field(title="行為の内容のSHA-256")
    state_digest: Digest = Field(title="この行為の後の状態のSHA-256")


class DutyActRecord(Message):
    """義務の行為の記録 (an act as the register holds it)."""

    act: AnyDutyAct = Field(title="行為")
    sequence: int = Field(title="通し番号")
    at: Instant = Field(title="日時")
    receipt: DutyReceipt = Field(title="受付の答え")


class DutyHistory(Message):
    """義務の経過 (a duty with all that was done about it)."""

    state: DutyState = Field(title="状態")
    acts: tuple[DutyActRecord, ...] = Field(title="行為")
