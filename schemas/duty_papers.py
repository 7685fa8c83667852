"""義務の内容と提出物 (papers of duties): per kind what a duty is about, and what is handed in at its end.

One row per kind in `CONTENT_OF` and `PAPER_OF`; a kind without a model says nothing there.
"""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

from pydantic import Field

from schemas.audit_papers import (
    AuditContent,
    AuditPaper,
    CorrectionContent,
    CorrectionPaper,
    InspectionContent,
    InspectionPaper,
    LogAnalysisContent,
    LogAnalysisPaper,
)
from schemas.base import Digest, Identifier, Line, Message, Text
from schemas.duties import DutyId, DutyKind
from schemas.guidance import Guidance, Measure, MeasureResult, StatusReportContent, StatusReportPaper
from schemas.organisation import MailAddress


class GuidanceReport(Message):
    """指導への報告 (report on a guidance): the report that was sent, by its digest."""

    reported_on: date = Field(title="報告した日")
    report_sha256: Digest = Field(title="報告書のSHA-256")


class PublicityContent(Message):
    """庁内周知 (publicity): which rule, in which version, is made known, and how.

    What is known of the version stands here: the versions of a rule are the duties that made it known.
    """

    rule: Line = Field(title="周知する規程等の名称")
    rule_id: Identifier | None = Field(default=None, title="規程等の識別子（版に共通）")
    number: Line | None = Field(default=None, title="文書番号")
    version: Line | None = Field(default=None, title="版")
    in_force_on: date | None = Field(default=None, title="施行日")
    changes: Text | None = Field(default=None, title="改正の内容")
    approved_by: Line | None = Field(default=None, title="決裁した者")
    approved_on: date | None = Field(default=None, title="決裁の日")
    document_name: Line | None = Field(default=None, title="文書のファイル名")
    document_sha256: Digest | None = Field(default=None, title="規程等のSHA-256")
    stored_as: Digest | None = Field(default=None, title="台帳に保存した文書の番号")
    channel: Line = Field(title="周知の方法")
    audience: Line | None = Field(default=None, title="周知する相手")


class CircularContent(Message):
    """事務連絡 (circular): what is told to other bodies, and which earlier one it says again."""

    number: Line | None = Field(default=None, title="文書番号")
    dated_on: date | None = Field(default=None, title="文書の日付")
    text: Text = Field(title="要旨")
    document_name: Line | None = Field(default=None, title="添付のファイル名")
    document_sha256: Digest | None = Field(default=None, title="事務連絡のSHA-256")
    stored_as: Digest | None = Field(default=None, title="台帳に保存した文書の番号")
    reply_until: date | None = Field(default=None, title="受領の確認を求める日（空なら義務の期限）")
    repeats: DutyId | None = Field(default=None, title="改めて発出する元の事務連絡")


class AnswerContent(Message):
    """照会 (question) that another body asks about a circular."""

    asked_by: Line = Field(title="照会した団体")
    member: Identifier | None = Field(default=None, title="照会した団体の識別子")
    mail: MailAddress | None = Field(default=None, title="回答の宛先")
    asked_on: date = Field(title="照会の日")
    question: Text = Field(title="照会の内容")


class AnswerPaper(Message):
    """回答 (answer)."""

    answer: Text = Field(title="回答")


class TrainingTopic(Message):
    """研修の項目 (topic of a training): what is taught, and by which provision."""

    title: Line = Field(title="項目")
    provision: Line | None = Field(default=None, title="根拠となる条項")


class TrainingContent(Message):
    """研修 (training): the material and what it teaches; nobody has done it before the material was in use."""

    material: Line = Field(title="研修資料の名称")
    material_sha256: Digest | None = Field(default=None, title="研修資料のSHA-256")
    material_since: date | None = Field(default=None, title="研修資料を使い始めた日")
    topics: tuple[TrainingTopic, ...] = Field(default=(), max_length=100, title="研修の項目")


CONTENT_OF: MappingProxyType[DutyKind, type[Message]] = MappingProxyType(
    {
        DutyKind.GUIDANCE: Guidance,
        DutyKind.MEASURE: Measure,
        DutyKind.STATUS_REPORT: StatusReportContent,
        DutyKind.PUBLICITY: PublicityContent,
        DutyKind.CIRCULAR: CircularContent,
        DutyKind.ANSWER: AnswerContent,
        DutyKind.TRAINING: TrainingContent,
        DutyKind.INSPECTION: InspectionContent,
        DutyKind.AUDIT: AuditContent,
        DutyKind.CORRECTION: CorrectionContent,
        DutyKind.LOG_ANALYSIS: LogAnalysisContent,
    }
)
"""種類ごとの内容: the model of what a duty of that kind is about."""

PAPER_OF: MappingProxyType[DutyKind, type[Message]] = MappingProxyType(
    {
        DutyKind.GUIDANCE: GuidanceReport,
        DutyKind.MEASURE: MeasureResult,
        DutyKind.STATUS_REPORT: StatusReportPaper,
        DutyKind.ANSWER: AnswerPaper,
        DutyKind.INSPECTION: InspectionPaper,
        DutyKind.AUDIT: AuditPaper,
        DutyKind.CORRECTION: CorrectionPaper,
        DutyKind.LOG_ANALYSIS: LogAnalysisPaper,
    }
)
"""種類ごとの提出物: the model of what is handed in; a kind that is not here has none."""
