"""点検、監査、是正、ログ分析の内容と提出物 (papers of audits): what each is about, and what is handed in at its end."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.base import Identifier, Line, Message, Text
from schemas.duties import Interval

Questions = Annotated[tuple[Line, ...], Field(min_length=1, max_length=200)]

SeriesName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,60}$")]
"""番号に使う名: the number of a duty without its kind and its period."""


class InspectionContent(Message):
    """自己点検 (self-inspection): of which files, by which questions."""

    files: tuple[Line, ...] = Field(min_length=1, max_length=100, title="個人情報ファイル")
    questions: Questions = Field(title="点検項目")


class InspectionAnswer(Message):
    """点検の結果 (answer to one question)."""

    question: Line = Field(title="点検項目")
    conforms: bool = Field(title="適合している")
    state: Text = Field(title="実態")


class InspectionPaper(Message):
    """自己点検の結果 (what an inspection found)."""

    answers: tuple[InspectionAnswer, ...] = Field(min_length=1, max_length=200, title="点検の結果")


class AuditPlan(Message):
    """監査の実施計画 (plan of one audit): when, by whom, over what, how."""

    audited_on: date = Field(title="監査の日")
    auditors: tuple[Identifier, ...] = Field(min_length=1, max_length=20, title="監査する者")
    scope: Text = Field(title="監査の範囲")
    method: Text = Field(title="監査の方法")


class AuditContent(Message):
    """監査 (audit): of which file, of which contractor, by which checklist, and by which plan once there is one."""

    file: Line = Field(title="個人情報ファイル")
    contractor: Line | None = Field(default=None, title="委託先")
    checklist: Questions = Field(title="監査項目")
    plan: AuditPlan | None = Field(default=None, title="実施計画")


class Grade(StrEnum):
    """指摘の程度 (grade of a finding)."""

    CONFORMS = "conforms"  # 適合
    IMPROVABLE = "improvable"  # 助言
    MINOR = "minor"  # 指摘
    MAJOR = "major"  # 重大な指摘

    @property
    def label(self) -> str:
        """The grade in Japanese."""
        return {"conforms": "適合", "improvable": "助言", "minor": "指摘", "major": "重大な指摘"}[self.value]


class AuditFinding(Message):
    """監査の結果 (finding of an audit) of one item; with the assessment that it is about, whose review it opens."""

    item: Line = Field(title="監査項目")
    grade: Grade = Field(title="程度")
    text: Text = Field(title="指摘")
    assessment: Identifier | None = Field(default=None, title="見直しを要する評価書")


class AuditPaper(Message):
    """監査の結果 (report of an audit)."""

    findings: tuple[AuditFinding, ...] = Field(min_length=1, max_length=200, title="監査項目ごとの結果")
    conclusion: Text = Field(title="結論")


class CorrectionContent(Message):
    """是正措置 (correction): of which finding, what is put right."""

    item: Line | None = Field(default=None, title="監査項目")
    finding: Text = Field(title="指摘")
    grade: Grade = Field(title="程度")
    text: Text = Field(title="是正の内容")


class CorrectionPaper(Message):
    """指摘への回答 (answer to a finding) by the department that was audited, with what it has put right."""

    answer: Text = Field(title="指摘への回答")
    action: Text = Field(title="行った是正")


class LogAnalysisContent(Message):
    """ログ分析の対象 (what is analysed)."""

    system: Line = Field(title="システムの名称")


class LogAnalysisPaper(Message):
    """ログ分析の結果 (what the analysis of a period found)."""

    first_on: date = Field(title="期間の初日")
    last_on: date = Field(title="期間の末日")
    volume: int = Field(ge=0, title="件数")
    method: Text = Field(title="方法")
    anomalies: tuple[Text, ...] = Field(default=(), max_length=100, title="異常")
    conclusion: Text = Field(title="結論")


class PlannedAudit(Message):
    """監査の予定 (planned audit): one file, at its department or at a contractor, from when until when."""

    name: SeriesName = Field(title="番号に使う名")
    file: Line = Field(title="個人情報ファイル")
    contractor: Line | None = Field(default=None, title="委託先")
    department: Identifier = Field(title="監査を受ける部署")
    begins_on: date = Field(title="始まる日")
    due_on: date = Field(title="期限")
    repeats: Interval | None = Field(default=Interval.YEAR, title="繰り返し")


class AuditProgramme(Message):
    """監査計画 (programme): each file and contractor with its date; first the self-inspection of each department."""

    name: SeriesName = Field(title="番号に使う名")
    title: Line = Field(title="件名")
    inspection_begins_on: date = Field(title="自己点検の始まる日")
    inspection_due_on: date = Field(title="自己点検の期限")
    questions: Questions = Field(title="点検項目")
    checklist: Questions = Field(title="監査項目")
    audits: tuple[PlannedAudit, ...] = Field(min_length=1, max_length=200, title="監査の予定")


class AnalysedSystem(Message):
    """ログ分析の対象システム (system whose logs are analysed): by which department, from which month on."""

    name: SeriesName = Field(title="番号に使う名")
    system: Line = Field(title="システムの名称")
    department: Identifier = Field(title="分析する部署")
    first_month: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")] = Field(
        title="最初の月（例 2023-11）"
    )


class AnalysedSystems(Message):
    """ログ分析の対象の一覧 (systems that hold much personal information)."""

    systems: tuple[AnalysedSystem, ...] = Field(min_length=1, max_length=200, title="システム")
