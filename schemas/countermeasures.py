"""対応策 (countermeasures): what is done where a written risk measure is not carried out, and the acts that follow it.

Not to be confused with the 対策チーム (countermeasure team), which confirms that they are done.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.base import ActId, Digest, Identifier, Instant, Line, Message, ReviewId, Text
from schemas.organisation import Actor
from schemas.reports import Evidence
from schemas.review import Urgency
from schemas.signatures import SignedMessage

CountermeasureId = Annotated[
    str,
    StringConstraints(pattern=r"^([a-z0-9][a-z0-9._-]{0,63}/[1-9][0-9]{0,5}|event:[0-9a-f]{16})/[1-9][0-9]{0,2}$"),
]
"""対応策番号: `<review id>/<n>`; of a risk event `event:<first 16 digits of the SHA-256 of its id>/<n>`."""


class MeasureAnswer(StrEnum):
    """リスク対策の実態 (how a written risk measure stands): the choices of the form itself."""

    PARTICULAR_EFFORT = "particular_effort"  # 特に力を入れている
    SUFFICIENT = "sufficient"  # 十分である
    ISSUES_REMAIN = "issues_remain"  # 課題が残されている
    INSUFFICIENT = "insufficient"  # 十分に行っていない（教育・啓発）

    @property
    def label(self) -> str:
        """The answer in Japanese."""
        return _ANSWER_TITLES[self]


_ANSWER_TITLES = {
    MeasureAnswer.PARTICULAR_EFFORT: "特に力を入れている",
    MeasureAnswer.SUFFICIENT: "十分である",
    MeasureAnswer.ISSUES_REMAIN: "課題が残されている",
    MeasureAnswer.INSUFFICIENT: "十分に行っていない",
}

WITH_ISSUES = frozenset({MeasureAnswer.ISSUES_REMAIN, MeasureAnswer.INSUFFICIENT})
"""課題のある実態: an answer that asks for a countermeasure."""


class Countermeasure(Message):
    """対応策 (countermeasure), as a finding names it: what, who, until when."""

    text: Text = Field(title="対応策の内容")
    owner: Identifier = Field(title="担当者")
    due_on: date = Field(title="期限")


class CountermeasureStatus(StrEnum):
    """対応策の状況 (status)."""

    OPEN = "open"  # 実施中
    DONE = "done"  # 確認待ち
    CLOSED = "closed"  # 完了

    @property
    def label(self) -> str:
        """The status in Japanese."""
        return {"open": "実施中", "done": "確認待ち", "closed": "完了"}[self.value]


class CountermeasureAlarm(Message):
    """対応策の予鈴 (alarm): whom it calls, for which date, when it rings."""

    status: CountermeasureStatus = Field(title="待っている状況")
    urgency: Urgency = Field(title="督促の段階")
    due_on: date = Field(title="期限")
    at: Instant = Field(title="鳴る日時")


class CountermeasureState(Message):
    """対応策の状態 (state of a countermeasure): all that the next act is judged by.

    A review plans it for its assessment, or a risk event names it as a 再発防止策: the others are then empty.
    """

    countermeasure_id: CountermeasureId = Field(title="対応策番号")
    review_id: ReviewId | None = Field(default=None, title="定めた見直し")
    assessment_id: Identifier | None = Field(default=None, title="評価書")
    event_id: ActId | None = Field(default=None, title="定めたリスク事案")
    body: Identifier = Field(title="評価実施機関")
    department: Identifier = Field(title="担当部署")
    item: Line = Field(title="リスク対策の項目")
    text: Text = Field(title="対応策の内容")
    owner: Identifier = Field(title="担当者")
    due_on: date = Field(title="期限")
    opened_at: Instant = Field(title="定めた日時")
    status: CountermeasureStatus = Field(default=CountermeasureStatus.OPEN, title="状況")
    began_at: Instant = Field(title="今の状況になった日時")
    done_by: Identifier | None = Field(default=None, title="完了を報告した者")
    sequence: int = Field(default=0, ge=0, title="行為の通し番号")
    alarms: tuple[CountermeasureAlarm, ...] = Field(default=(), title="予鈴")
    rung: tuple[CountermeasureAlarm, ...] = Field(default=(), title="鳴った予鈴")
    closed_at: Instant | None = Field(default=None, title="完了を確認した日時")


class CountermeasureActKind(StrEnum):
    """対応策の行為の種類 (kind of act); the value is the name of the Temporal update."""

    REPORT_PROGRESS = "report_progress"  # 進捗の報告
    POSTPONE = "postpone"  # 期限の延期
    DONE = "done"  # 完了の報告
    CONFIRM = "confirm"  # 完了の確認
    REJECT = "reject"  # 完了と認めない
    REMIND = "remind"  # 督促

    @property
    def label(self) -> str:
        """The act in Japanese."""
        return _ACT_TITLES[self]


_ACT_TITLES = {
    CountermeasureActKind.REPORT_PROGRESS: "進捗の報告",
    CountermeasureActKind.POSTPONE: "期限の延期",
    CountermeasureActKind.DONE: "完了の報告",
    CountermeasureActKind.CONFIRM: "完了の確認",
    CountermeasureActKind.REJECT: "完了と認めない",
    CountermeasureActKind.REMIND: "督促",
}


class _CountermeasureAct(SignedMessage):
    act_id: ActId = Field(title="行為番号")
    actor: Actor = Field(title="行為者")
    countermeasure_id: CountermeasureId = Field(title="対応策番号")


class Progress(_CountermeasureAct):
    """進捗の報告 (progress) by the owner or the 保護管理者."""

    act: Literal[CountermeasureActKind.REPORT_PROGRESS] = Field(
        default=CountermeasureActKind.REPORT_PROGRESS, title="行為"
    )
    text: Text = Field(title="進捗")
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=20, title="根拠資料")


class Postponement(_CountermeasureAct):
    """期限の延期 (postponement): the team grants it where the department asks."""

    act: Literal[CountermeasureActKind.POSTPONE] = Field(default=CountermeasureActKind.POSTPONE, title="行為")
    due_on: date = Field(title="新しい期限")
    reason: Text = Field(title="理由")


class Done(_CountermeasureAct):
    """完了の報告 (done), with its evidence; the team confirms it."""

    act: Literal[CountermeasureActKind.DONE] = Field(default=CountermeasureActKind.DONE, title="行為")
    text: Text = Field(title="行ったこと")
    evidence: tuple[Evidence, ...] = Field(min_length=1, max_length=20, title="根拠資料")


class Confirmation(_CountermeasureAct):
    """完了の確認 (confirmation) by the team."""

    act: Literal[CountermeasureActKind.CONFIRM] = Field(default=CountermeasureActKind.CONFIRM, title="行為")
    note: Text | None = Field(default=None, title="備考")


class Rejection(_CountermeasureAct):
    """完了と認めない (rejection) by the team: it goes on, past its date with a new one."""

    act: Literal[CountermeasureActKind.REJECT] = Field(default=CountermeasureActKind.REJECT, title="行為")
    reason: Text = Field(title="理由")
    due_on: date | None = Field(default=None, title="新しい期限（期限を過ぎているとき）")


class CountermeasureReminder(_CountermeasureAct):
    """対応策の督促 (reminder): a clock ran out. The workflow's own act."""

    act: Literal[CountermeasureActKind.REMIND] = Field(default=CountermeasureActKind.REMIND, title="行為")
    alarm: CountermeasureAlarm = Field(title="予鈴")


CountermeasureAct = Progress | Postponement | Done | Confirmation | Rejection | CountermeasureReminder
"""対応策の行為: every act on a countermeasure."""

AnyCountermeasureAct = Annotated[CountermeasureAct, Field(discriminator="act")]
"""対応策の行為, told apart by its field `act`."""


class CountermeasureReceipt(Message):
    """対応策の受付の答え (receipt): what an accepted act is answered with, the same for every retry."""

    act_id: ActId = Field(title="行為番号")
    countermeasure_id: CountermeasureId = Field(title="対応策番号")
    sequence: int = Field(ge=1, title="行為の通し番号")
    status: CountermeasureStatus = Field(title="この行為の後の状況")
    due_on: date = Field(title="この行為の後の期限")
    content_digest: Digest = Field(title="行為の内容のSHA-256")


class CountermeasureActRecord(Message):
    """対応策の行為の記録 (an act as the register holds it)."""

    act: AnyCountermeasureAct = Field(title="行為")
    sequence: int = Field(title="通し番号")
    at: Instant = Field(title="日時")
    receipt: CountermeasureReceipt = Field(title="受付の答え")


class CountermeasureHistory(Message):
    """対応策の経過 (a countermeasure with all that was done about it)."""

    state: CountermeasureState = Field(title="状態")
    acts: tuple[CountermeasureActRecord, ...] = Field(title="行為")
