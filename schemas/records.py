"""台帳の記録 (records): what the register hands out and takes in."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import Field, JsonValue, StringConstraints

from schemas.acts import AnyAct, Intake, Receipt
from schemas.base import ActId, Digest, Identifier, Instant, Line, Message, ReviewId, Text
from schemas.changes import ChangeRow
from schemas.countermeasures import (
    AnyCountermeasureAct,
    CountermeasureAlarm,
    CountermeasureReceipt,
    CountermeasureState,
)
from schemas.duties import Completions, DutyAlarm, DutyState, Roll
from schemas.duty_acts import AnyDutyAct, DutyReceipt
from schemas.event_acts import AnyEventAct, EventDerived, EventReceipt
from schemas.events import EventState
from schemas.levels import Level
from schemas.organisation import Organisation
from schemas.review import Alarm, Manifest, ReviewState

NoticeId = Annotated[str, StringConstraints(min_length=1, max_length=320, pattern=r"\S")]
"""知らせの番号: long enough for an act id and a person together."""


class LegacyDocument(Message):
    """旧様式の文書 (legacy document): a published file on a form that is not known here; kept by its digest."""

    form: Identifier = Field(title="様式")
    form_version_as_printed: Line = Field(title="様式の版（記載のとおり）")
    sha256: Digest = Field(title="公表された文書のSHA-256")


class NewAssessment(Message):
    """評価書の登録 (entry of an assessment that is already published)."""

    assessment_id: Identifier = Field(title="評価書の識別子")
    body: Identifier = Field(title="評価実施機関")
    department: Identifier = Field(title="担当部署")
    number: Line = Field(title="評価書番号")
    name: Line = Field(title="評価書名")
    required_level: Level = Field(title="しきい値判断の結果")
    effective_level: Level = Field(title="実施する評価の種類")
    published_on: date = Field(title="公表日")
    verified_on: date | None = Field(default=None, title="直近に実態と照らした日（なければ公表日）")
    systems: tuple[Line, ...] = Field(default=(), max_length=50, title="システムの名称")
    files: tuple[Line, ...] = Field(default=(), max_length=50, title="特定個人情報ファイル名")
    document: dict[str, JsonValue] | None = Field(default=None, title="様式2の内容（現行の様式のとき）")
    documents: tuple[dict[str, JsonValue], ...] = Field(default=(), max_length=3, title="その他の様式の内容")
    legacy: LegacyDocument | None = Field(default=None, title="旧様式の文書")
    note: Text | None = Field(default=None, title="備考")


class PlannedAssessment(Message):
    """これから実施する評価 (an assessment to come): entered when a new business is reported."""

    assessment_id: Identifier
    body: Identifier
    department: Identifier
    number: Line
    name: Line
    required_level: Level
    effective_level: Level
    systems: tuple[Line, ...] = ()
    files: tuple[Line, ...] = ()
    note: Text | None = None


class Standing(StrEnum):
    """評価書の状況 (standing of an assessment)."""

    PLANNED = "planned"  # 新規（公表前）
    PUBLISHED = "published"  # 公表中
    ENDED = "ended"  # 事務の終了後の公表中
    CEASED = "ceased"  # 公表の終了

    @property
    def label(self) -> str:
        """The standing in Japanese."""
        return {"planned": "公表前", "published": "公表中", "ended": "事務終了（公表中）", "ceased": "公表終了"}[
            self.value
        ]


class AssessmentRecord(Message):
    """評価書の記録 (an assessment as the register holds it)."""

    assessment_id: Identifier
    body: Identifier
    department: Identifier
    number: str
    name: str
    required_level: Level
    effective_level: Level
    systems: tuple[str, ...]
    files: tuple[str, ...]
    version: int
    standing: Standing = Standing.PUBLISHED
    manifest: Manifest | None
    digest: Digest | None
    validated: bool
    published_on: date | None
    verified_on: date | None
    yearly_due_on: date | None
    five_years_due_on: date | None
    ended_on: date | None = None
    published_until: date | None = None
    note: str | None = None


class StatedThreshold(Message):
    """記載されたしきい値 (stated threshold): of a published assessment what its 様式2 says of Ⅱ and Ⅲ.

    `document` has nothing but these sections; None where the content is not known.
    """

    record: AssessmentRecord
    document: dict[str, JsonValue] | None


class VersionRecord(Message):
    """版 (a published version): immutable, numbered, never deleted."""

    assessment_id: Identifier
    number: int
    manifest: Manifest
    digest: Digest
    validated: bool
    published_on: date
    review_id: ReviewId | None = None
    changes: tuple[ChangeRow, ...] = ()


class StoredDocument(Message):
    """文書 (a document), by its SHA-256; a legacy document has no content here."""

    sha256: Digest
    form: Identifier
    form_version: str
    content: dict[str, JsonValue] | None


class ReviewSubject(NamedTuple):
    """見直しの対象: an assessment, its documents in their order, and its open countermeasures, as of one moment."""

    assessment: AssessmentRecord
    documents: tuple[StoredDocument, ...]
    countermeasures: tuple[CountermeasureState, ...]


class Notice(Message):
    """知らせ (notice) for one person."""

    notice_id: NoticeId
    person: Identifier
    review_id: ReviewId | None
    assessment_id: Identifier | None
    subject: Line
    urgent: bool = False
    """急ぐ: it goes out at once, whatever the person chose."""
    details: Text | None = None
    """詳細: what the letter says below; never in a mail's subject, for it may name persons."""


class NewVersion(Message):
    """公表された版 (what publication puts into the register)."""

    manifest: Manifest
    digest: Digest
    published_on: date
    changes: tuple[ChangeRow, ...]
    validated: bool = True
    required_level: Level | None = None
    effective_level: Level | None = None
    five_years_due_on: date | None = None


class Ending(Message):
    """終了の記録 (what the end of a business, or of its publication, puts into the register)."""

    standing: Standing
    ended_on: date | None = None
    published_until: date | None = None


class Entry(Message):
    """記帳 (entry): one act with all that is written in the same transaction."""

    act: AnyAct
    review: ReviewState = Field(title="行為の後の状態")
    run_id: Line
    at: Instant
    due_on: date | None
    alarms: tuple[Alarm, ...] = ()
    notices: tuple[Notice, ...] = ()
    version: NewVersion | None = None
    verified_on: date | None = None
    yearly_due_on: date | None = None
    ending: Ending | None = None
    countermeasures: tuple[CountermeasureState, ...] = ()


class Recorded(Message):
    """記帳の結果 (what the workflow learns): a `receipt`, and whether another run had recorded the act before."""

    receipt: Receipt
    due_on: date | None = None
    alarms: tuple[Alarm, ...] = ()
    by_another_run: bool = False


class CountermeasureEntry(Message):
    """対応策の記帳 (entry): one act on a countermeasure with all that is written in the same transaction."""

    act: AnyCountermeasureAct
    state: CountermeasureState = Field(title="行為の後の状態")
    at: Instant
    notices: tuple[Notice, ...] = ()


class CountermeasureRecorded(Message):
    """対応策の記帳の結果 (what its workflow learns)."""

    receipt: CountermeasureReceipt
    department: Identifier
    alarms: tuple[CountermeasureAlarm, ...] = ()


class EventEntry(Message):
    """リスク事案の記帳 (entry): one act on a risk event with all that is written in the same transaction."""

    act: AnyEventAct
    state: EventState = Field(title="行為の後の状態")
    changes: tuple[Text, ...] = Field(default=(), title="判断と期限の変化")
    at: Instant
    notices: tuple[Notice, ...] = ()
    countermeasures: tuple[CountermeasureState, ...] = Field(default=(), title="追跡を始める再発防止策")


class EventRecorded(Message):
    """リスク事案の記帳の結果 (what its workflow learns)."""

    receipt: EventReceipt
    derived: EventDerived


class DutyEntry(Message):
    """義務の記帳 (entry): one act on a duty with all that is written in the same transaction."""

    act: AnyDutyAct
    state: DutyState = Field(title="行為の後の状態（名簿の数は台帳が数える）")
    at: Instant
    listed: Roll | Completions | None = Field(default=None, title="行為が名を挙げた文書")
    notices: tuple[Notice, ...] = ()


class DutyRecorded(Message):
    """義務の記帳の結果 (what its workflow learns)."""

    receipt: DutyReceipt
    alarms: tuple[DutyAlarm, ...] = ()


class StoredAnswer(Message):
    """記帳済みの答え (the stored answer of an act)."""

    act_id: ActId
    content_digest: Digest
    answer: JsonValue


class ActRecord(Message):
    """行為の記録 (an act as the register holds it)."""

    act: AnyAct
    review_id: ReviewId
    sequence: int
    at: Instant
    content_digest: Digest
    receipt: Receipt


class ReviewRecord(Message):
    """見直しの記録 (a review as the register holds it)."""

    review_id: ReviewId
    assessment_id: Identifier
    run_id: str
    state: ReviewState


class RecordedReport(Message):
    """報告の記録 (a report as the register holds it)."""

    intake: Intake
    at: Instant


class OrganisationRevision(Message):
    """組織表の版 (a revision of the organisation)."""

    revision: int
    organisation: Organisation
    applied_at: Instant


class ReportedReview(Message):
    """報告の答え (what a report is answered with, one for each assessment)."""

    review_id: ReviewId
    assessment_id: Identifier
    joined: bool


class AuditAction(StrEnum):
    """証跡の種類 (what an audit entry is about): `source:subject:action`."""

    ORGANISATION_APPLIED = "operator:organisation:apply"
    ROLES_CLAIMED = "provider:organisation:apply"
    ASSESSMENT_ADDED = "operator:assessment:add"
    ASSESSMENT_PLANNED = "person:assessment:plan"
    DOCUMENT_STORED = "person:document:store"
    REPORT_RECORDED = "person:report:record"
    ACT_RECORDED = "person:review:act"
    VERSION_PUBLISHED = "engine:version:publish"
    COUNTERMEASURE_OPENED = "engine:countermeasure:open"
    COUNTERMEASURE_ACT = "person:countermeasure:act"
    EVENT_OPENED = "engine:event:open"
    EVENT_ACT = "person:event:act"
    DUTY_ACT = "person:duty:act"
    # What follows is about occurrences.
    SIGNED_IN = "person:session:sign_in"
    SIGNED_OUT = "person:session:sign_out"
    SIGN_IN_REFUSED = "person:session:refuse"
    REFUSED_BY_PAGE = "person:page:refused"
    READ_WITHHELD = "person:document:read_withheld"
    EXPORTED = "person:document:export"
    TAKEN_OVER = "operator:assessment:take_over"
    NOTICE_SETTLED = "person:notice:settle"
    NOTICE_RESENT = "person:notice:resend"
    SCHEDULE_TRIGGERED = "operator:schedule:trigger"
    CONFIGURATION_CHANGED = "operator:configuration:change"
    KEY_ROTATED = "operator:key:rotate"
    AUDIT_EXPORTED = "operator:audit:export"
    BACKUP_TAKEN = "operator:backup:take"
    RESTORED = "operator:backup:restore"
    RECONCILED = "operator:register:reconcile"
    RETENTION_PROPOSED = "person:retention:propose"
    RETENTION_CONFIRMED = "person:retention:confirm"


class AuditVerdict(Message):
    """証跡の検証 (verdict on the chain)."""

    ok: bool
    entries: int
    head: Digest
    problems: tuple[str, ...] = ()
    checkpoints: int = 0


class Occurrence(Message):
    """出来事 (occurrence): something that happened and is no row of another table; `subject` is what it was about."""

    occurrence_id: ActId = Field(title="出来事の番号")
    kind: AuditAction = Field(title="種類")
    person: Identifier = Field(title="行った者")
    subject: ActId = Field(title="対象")
    detail: dict[str, JsonValue] = Field(default={}, title="詳細")
    at: Instant = Field(title="日時")
