"""義務 (duties): what somebody owes until a day, with evidence, and another party confirms: kinds, state, roll.

All that the improvement report promises beside the reviews is one: guidance, measures, notices, training, audits. Not
to be confused with 職務, what a role is permitted: a `Permit` of `guideline/separation_of_duties.py`.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field, JsonValue, StringConstraints, model_validator

from schemas.base import Digest, Identifier, Instant, Line, Message
from schemas.organisation import MailAddress
from schemas.review import Urgency


class DutyKind(StrEnum):
    """義務の種類 (kind of duty); the value is the first word of its number."""

    GUIDANCE = "guidance"  # 指導への対応
    MEASURE = "measure"  # 改善策
    STATUS_REPORT = "status_report"  # 実施状況の報告
    PUBLICITY = "publicity"  # 庁内周知
    CIRCULAR = "circular"  # 事務連絡
    ANSWER = "answer"  # 照会への回答
    TRAINING = "training"  # 研修
    INSPECTION = "inspection"  # 自己点検
    AUDIT = "audit"  # 監査
    CORRECTION = "correction"  # 是正措置
    LOG_ANALYSIS = "log_analysis"  # ログ分析

    @property
    def label(self) -> str:
        """The kind in Japanese."""
        return _KIND_TITLES[self]


_KIND_TITLES = {
    DutyKind.GUIDANCE: "指導への対応",
    DutyKind.MEASURE: "改善策",
    DutyKind.STATUS_REPORT: "実施状況の報告",
    DutyKind.PUBLICITY: "庁内周知",
    DutyKind.CIRCULAR: "事務連絡",
    DutyKind.ANSWER: "照会への回答",
    DutyKind.TRAINING: "研修",
    DutyKind.INSPECTION: "自己点検",
    DutyKind.AUDIT: "監査",
    DutyKind.CORRECTION: "是正措置",
    DutyKind.LOG_ANALYSIS: "ログ分析",
}

DutyId = Annotated[str, StringConstraints(pattern=rf"^({'|'.join(DutyKind)}):[a-z0-9][a-z0-9._-]{{0,80}}$")]
"""義務番号: `<kind>:<slug>`, given by who opens it or made by the engine: opening it again is the same duty."""

Content = dict[str, JsonValue]
"""種類ごとの内容: plain JSON, checked by the model of the kind (`schemas/duty_papers.py`)."""


def kind_of(duty_id: str) -> DutyKind:
    """Give the kind that the number of a duty names."""
    return DutyKind(duty_id.partition(":")[0])


class DutyStatus(StrEnum):
    """義務の状況 (status)."""

    OPEN = "open"  # 実施中
    HANDED_IN = "handed_in"  # 確認待ち
    CLOSED = "closed"  # 完了
    CANCELLED = "cancelled"  # 取りやめ

    @property
    def label(self) -> str:
        """The status in Japanese."""
        return {"open": "実施中", "handed_in": "確認待ち", "closed": "完了", "cancelled": "取りやめ"}[self.value]


OVER = frozenset({DutyStatus.CLOSED, DutyStatus.CANCELLED})
"""終わった状況: nothing is done any more."""


class DutyAlarm(Message):
    """義務の予鈴 (alarm): whom it calls, for which date, when it rings."""

    status: DutyStatus = Field(title="待っている状況")
    urgency: Urgency = Field(title="督促の段階")
    due_on: date = Field(title="期限")
    at: Instant = Field(title="鳴る日時")


class Interval(StrEnum):
    """繰り返しの間隔 (interval)."""

    MONTH = "month"  # 毎月
    YEAR = "year"  # 毎年

    @property
    def label(self) -> str:
        """The interval in Japanese."""
        return {"month": "毎月", "year": "毎年"}[self.value]

    def period(self, begins_on: date) -> str:
        """Name the period of which a duty that begins on a day is, in Japanese."""
        return f"{begins_on:%Y}年{begins_on.month}月分" if self is Interval.MONTH else f"{begins_on:%Y}年分"


class RollCount(Message):
    """名簿の数 (count of the roll): who is on it, and what became of them; whoever was taken off is not counted."""

    total: int = Field(ge=0, title="全員")
    completed: int = Field(ge=0, title="済")
    excused: int = Field(ge=0, title="理由により除く")

    @property
    def open(self) -> int:
        """How many are neither done nor excused."""
        return self.total - self.completed - self.excused


class DepartmentCount(RollCount):
    """部署ごとの数 (count of a department): those of it on a roll; without a department, who names none."""

    department: Identifier | None = Field(title="部署")


class DutyState(Message):
    """義務の状態 (state of a duty): all that the next act is judged by."""

    duty_id: DutyId = Field(title="義務番号")
    kind: DutyKind = Field(title="種類")
    parent: DutyId | None = Field(default=None, title="元の義務")
    body: Identifier = Field(title="評価実施機関")
    department: Identifier = Field(title="義務を負う部署（監査では、監査を受ける部署）")
    owner: Identifier | None = Field(default=None, title="担当者（空なら、義務を負う役割の者）")
    title: Line = Field(title="件名")
    begins_on: date | None = Field(default=None, title="始まる日（これより前には済ませられない）")
    due_on: date = Field(title="期限")
    first_due_on: date | None = Field(default=None, title="当初の期限（改めたとき）")
    repeats: Interval | None = Field(default=None, title="繰り返し")
    opened_at: Instant = Field(title="始めた日時")
    opened_by: Identifier = Field(title="始めた者")
    status: DutyStatus = Field(default=DutyStatus.OPEN, title="状況")
    began_at: Instant = Field(title="今の状況になった日時")
    handed_in_by: Identifier | None = Field(default=None, title="完了を報告した者")
    done_on: date | None = Field(default=None, title="行った日")
    content: Content = Field(default={}, title="内容")
    content_digest: Digest = Field(title="内容のSHA-256")
    roll: RollCount | None = Field(default=None, title="名簿の数")
    sequence: int = Field(default=0, ge=0, title="行為の通し番号")
    alarms: tuple[DutyAlarm, ...] = Field(default=(), title="予鈴")
    rung: tuple[DutyAlarm, ...] = Field(default=(), title="鳴った予鈴")
    joiners_due_on: tuple[date, ...] = Field(default=(), title="途中で名簿に加わった者の期限（義務の期限より後のもの）")
    closed_at: Instant | None = Field(default=None, title="終わった日時")


class DutyStart(Message):
    """義務の始め (start of a run): the number alone; with the state where it goes on from another run."""

    duty_id: DutyId = Field(title="義務番号")
    state: DutyState | None = Field(default=None, title="続ける状態")


class MemberStatus(StrEnum):
    """名簿の者の状況 (status of a member of the roll)."""

    OPEN = "open"  # 未了
    COMPLETED = "completed"  # 済
    EXCUSED = "excused"  # 理由により除く
    REMOVED = "removed"  # 名簿から外した

    @property
    def label(self) -> str:
        """The status in Japanese."""
        return {"open": "未了", "completed": "済", "excused": "除外（理由あり）", "removed": "名簿から外した"}[
            self.value
        ]


class RollMember(Message):
    """名簿に載る者 (member of a roll): a person of the body by their id, or another body by its code."""

    member: Identifier = Field(title="識別子（職員又は団体コード）")
    name: Line = Field(title="氏名又は名称")
    department: Identifier | None = Field(default=None, title="部署")
    mail: MailAddress | None = Field(default=None, title="電子メールアドレス")


class Roll(Message):
    """名簿 (roll) as a stored document: what an act of enrolment names by its SHA-256 where there are many."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": [name], "properties": {name: {"minItems": 1}}} for name in ("members", "left", "changed")
            ]
        }
    )

    members: tuple[RollMember, ...] = Field(default=(), max_length=20000, title="載る者")
    left: tuple[Identifier, ...] = Field(default=(), max_length=20000, title="去った者")
    changed: tuple[RollMember, ...] = Field(default=(), max_length=20000, title="部署等の変わった者")

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not (self.members or self.left or self.changed):
            raise ValueError("a roll names somebody")
        return self


class MemberCompletion(Message):
    """一人の完了 (completion of one member): who has done it, on which day."""

    member: Identifier = Field(title="識別子")
    completed_on: date = Field(title="済ませた日")


class Completions(Message):
    """完了の一覧 (completions) as a stored document: what an act names where each has a day of their own."""

    completed: tuple[MemberCompletion, ...] = Field(min_length=1, max_length=20000, title="済ませた者")


class RollRow(RollMember):
    """名簿の行 (row of the roll): a member, and what became of them."""

    status: MemberStatus = Field(default=MemberStatus.OPEN, title="状況")
    completed_on: date | None = Field(default=None, title="済ませた日")
    reason: Line | None = Field(default=None, title="理由")
    due_on: date | None = Field(default=None, title="その者の期限（義務の期限より後のとき）")
    delivered_at: Instant | None = Field(default=None, title="届いた日時")
