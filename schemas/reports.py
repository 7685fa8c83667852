"""報告 (report): what a department tells: a change in the environment, or a risk event."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Digest, Identifier, Line, Message, Text
from schemas.gates import Gate, PlannedGate
from schemas.levels import Level


class ChangeKind(StrEnum):
    """変更の種類 (kind of change): mirrors the triggers of 再実施・修正 and the items of the 別表."""

    BUSINESS_CONTENT = "business_content"  # 事務の内容
    USE_OF_NUMBER = "use_of_number"  # 個人番号の利用
    NETWORK_LINK = "network_link"  # 情報提供ネットワークシステムによる情報連携
    FILE_KIND = "file_kind"  # ファイルの種類
    DATA_SUBJECT_RANGE = "data_subject_range"  # 対象となる本人の範囲
    RECORDED_ITEMS = "recorded_items"  # 記録される主な項目
    SOURCE = "source"  # 入手元
    PURPOSE = "purpose"  # 使用目的
    USING_DEPARTMENT = "using_department"  # 使用部署
    USE_METHOD = "use_method"  # 使用方法（突合・統計分析・権利利益に影響を与え得る決定を含む。）
    OUTSOURCING = "outsourcing"  # 委託・再委託
    PROVISION = "provision"  # 提供・移転
    STORAGE_PLACE = "storage_place"  # 保管場所
    RISK_MEASURES = "risk_measures"  # リスク対策
    DATA_SUBJECTS = "data_subjects"  # 対象人数の増減
    HANDLERS = "handlers"  # 取扱者数の増減
    SYSTEM = "system"  # システムの構築・更新
    FORMAL_CORRECTION = "formal_correction"  # 誤字脱字・名称・連絡先等の形式的な修正
    LAW_OR_GUIDELINE = "law_or_guideline"  # 法令・指針・様式の改正
    FORM_AMENDED = "form_amended"  # 様式の改正
    AUDIT_FINDING = "audit_finding"  # 監査の指摘
    ENVIRONMENT = "environment"  # その他の環境の変化

    @property
    def label(self) -> str:
        """The kind in Japanese."""
        return _CHANGE_TITLES[self]


_CHANGE_TITLES = {
    ChangeKind.BUSINESS_CONTENT: "事務の内容",
    ChangeKind.USE_OF_NUMBER: "個人番号の利用",
    ChangeKind.NETWORK_LINK: "情報提供ネットワークシステムによる情報連携",
    ChangeKind.FILE_KIND: "特定個人情報ファイルの種類",
    ChangeKind.DATA_SUBJECT_RANGE: "対象となる本人の範囲",
    ChangeKind.RECORDED_ITEMS: "記録される主な項目",
    ChangeKind.SOURCE: "入手元",
    ChangeKind.PURPOSE: "使用目的",
    ChangeKind.USING_DEPARTMENT: "使用部署",
    ChangeKind.USE_METHOD: "使用方法",
    ChangeKind.OUTSOURCING: "委託・再委託",
    ChangeKind.PROVISION: "提供・移転",
    ChangeKind.STORAGE_PLACE: "保管場所",
    ChangeKind.RISK_MEASURES: "リスク対策",
    ChangeKind.DATA_SUBJECTS: "対象人数の増減",
    ChangeKind.HANDLERS: "取扱者数の増減",
    ChangeKind.SYSTEM: "システムの構築・更新",
    ChangeKind.FORMAL_CORRECTION: "形式的な修正",
    ChangeKind.LAW_OR_GUIDELINE: "法令・指針・様式の改正",
    ChangeKind.FORM_AMENDED: "様式の改正",
    ChangeKind.AUDIT_FINDING: "監査の指摘",
    ChangeKind.ENVIRONMENT: "その他の環境の変化",
}


class Evidence(Message):
    """根拠資料 (evidence): named, and fixed by its digest; the file itself stays with the department."""

    title: Line = Field(title="資料の名称")
    sha256: Digest = Field(title="資料のSHA-256")


_Assessments = Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=100)]
_AssessmentsIfKnown = Annotated[tuple[Identifier, ...], Field(max_length=100)]
_EvidenceList = Annotated[tuple[Evidence, ...], Field(max_length=50)]


class ChangeReport(Message):
    """環境の変化の報告 (change report)."""

    report: Literal["change"] = Field(default="change", title="報告の種類")
    assessments: _Assessments = Field(title="関係する評価書")
    kind: ChangeKind = Field(title="変更の種類")
    title: Line = Field(title="件名")
    facts: Text = Field(title="事実関係")
    system: Line | None = Field(default=None, title="関係するシステム")
    file: Line | None = Field(default=None, title="関係する特定個人情報ファイル")
    known_on: date = Field(title="把握した日")
    takes_effect_on: date | None = Field(default=None, title="変更が生じる日（未定なら空）")
    items: tuple[Line, ...] = Field(default=(), max_length=50, title="変わると思われる評価書の項目")
    data_subjects: int | None = Field(default=None, ge=0, le=200_000_000, title="新しい対象人数（人数の増減のとき）")
    handlers: int | None = Field(default=None, ge=0, le=10_000_000, title="新しい取扱者数（人数の増減のとき）")
    emergency: Text | None = Field(default=None, title="規則第9条第2項に当たる事由（災害等と緊急の必要）")
    evidence: _EvidenceList = Field(default=(), title="根拠資料")


class RiskEvent(Message):
    """リスク事案 (risk event): what happened, and when any department first knew. Unknown is an answer (left empty)."""

    report: Literal["risk"] = Field(default="risk", title="報告の種類")
    assessments: _AssessmentsIfKnown = Field(default=(), title="関係する評価書（不明なら空）")
    title: Line = Field(title="件名")
    facts: Text = Field(title="何が起きたか")
    happened_on: date | None = Field(default=None, title="発生した日（不明なら空）")
    known_on: date = Field(title="いずれかの部署が最初に知った日")
    known_by_department: Identifier = Field(title="最初に知った部署")
    persons_affected: int | None = Field(default=None, ge=0, le=200_000_000, title="本人の数（不明なら空）")
    persons_feared: int | None = Field(default=None, ge=0, le=200_000_000, title="おそれのある本人の数（不明なら空）")
    intentional: bool | None = Field(default=None, title="不正の目的によるおそれ（不明なら空）")
    cause: Text | None = Field(default=None, title="原因（分かっていれば）")
    system: Line | None = Field(default=None, title="関係するシステム")
    file: Line | None = Field(default=None, title="関係する特定個人情報ファイル")
    evidence: _EvidenceList = Field(default=(), title="根拠資料")
    share_with_minister: bool = Field(default=False, title="政務への共有を要する")


class Untouched(Message):
    """評価書に関わらない (untouched): why the team finds that a risk event touches no assessment."""

    reason: Text = Field(title="どの評価書にも関わらないとする理由")


class NewBusiness(Message):
    """新たな事務 (new business): a business that will hold a file; its first assessment begins (規則4条-7条)."""

    report: Literal["new_business"] = Field(default="new_business", title="報告の種類")
    assessment_id: Identifier = Field(title="評価書の識別子")
    department: Identifier = Field(title="担当部署")
    number: Line = Field(title="評価書番号")
    name: Line = Field(title="評価書名")
    title: Line = Field(title="件名")
    facts: Text = Field(title="事務の概要")
    known_on: date = Field(title="事務を始めると決まった日")
    data_subjects: int = Field(ge=0, le=200_000_000, title="対象人数（見込み）")
    handlers: int = Field(ge=0, le=10_000_000, title="取扱者数（見込み）")
    serious_incident: bool = Field(title="過去1年以内の重大事故がある")
    voluntary_level: Level | None = Field(default=None, title="任意に実施する評価の種類")
    systems: tuple[Line, ...] = Field(default=(), max_length=50, title="システムの名称")
    files: tuple[Line, ...] = Field(default=(), max_length=50, title="特定個人情報ファイル名")
    gates: tuple[PlannedGate, ...] = Field(default=(), max_length=4, title="関門の予定日")
    evidence: _EvidenceList = Field(default=(), title="根拠資料")

    @property
    def assessments(self) -> tuple[str, ...]:
        """The assessment that it is about, as other reports name theirs."""
        return (self.assessment_id,)

    @property
    def takes_effect_on(self) -> date | None:
        """The day planned for holding the file, where it is known."""
        return next((one.planned_on for one in self.gates if one.gate is Gate.HOLD_START), None)


class EndOfBusiness(Message):
    """事務の終了 (end of business): a business that was carried out no longer (規則16条)."""

    report: Literal["end_of_business"] = Field(default="end_of_business", title="報告の種類")
    assessments: _Assessments = Field(title="関係する評価書")
    title: Line = Field(title="件名")
    facts: Text = Field(title="事実関係")
    known_on: date = Field(title="把握した日")
    ended_on: date = Field(title="事務の実施をやめた日")
    evidence: _EvidenceList = Field(default=(), title="根拠資料")


AnyReport = ChangeReport | RiskEvent | NewBusiness | EndOfBusiness
"""いずれかの報告: any report."""

Report = Annotated[AnyReport, Field(discriminator="report")]
"""報告: any report, told apart by its field `report`."""
