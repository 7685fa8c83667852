"""見直し (review): the words for where a review stands, and its state as a value."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from schemas.base import ActId, Digest, Identifier, Instant, Line, Message, ReviewId
from schemas.courses import Course
from schemas.gates import PassedGate, PlannedGate
from schemas.levels import Level
from schemas.organisation import Actor, BodyKind


class Stage(StrEnum):
    """段階 (stage) of a review."""

    EXAMINATION = "examination"  # 両者の検討
    DRAFTING = "drafting"  # 起案
    APPROVAL = "approval"  # 承認
    PROCEDURE = "procedure"  # 実施手続
    CLOSED = "closed"  # 終了

    @property
    def label(self) -> str:
        """The stage in Japanese."""
        return _STAGE_TITLES[self]


_STAGE_TITLES = {
    Stage.EXAMINATION: "両者の検討",
    Stage.DRAFTING: "起案",
    Stage.APPROVAL: "承認",
    Stage.PROCEDURE: "実施手続",
    Stage.CLOSED: "終了",
}


class Outcome(StrEnum):
    """結果 (outcome) of a closed review."""

    VERIFIED = "verified"  # 変更不要と確認
    AMENDED = "amended"  # 修正
    REASSESSED = "reassessed"  # 再実施
    FIRST_PUBLISHED = "first_published"  # 新規の公表
    ENDED = "ended"  # 終了
    WITHDRAWN = "withdrawn"  # 取下げ

    @property
    def label(self) -> str:
        """The outcome in Japanese."""
        return _OUTCOME_TITLES[self]


_OUTCOME_TITLES = {
    Outcome.VERIFIED: "変更不要と確認",
    Outcome.AMENDED: "修正",
    Outcome.REASSESSED: "再実施",
    Outcome.FIRST_PUBLISHED: "新規の公表",
    Outcome.ENDED: "事務又は公表の終了",
    Outcome.WITHDRAWN: "取下げ",
}


class Party(StrEnum):
    """当事者 (party) to a review."""

    DEPARTMENT = "department"  # 担当部署
    TEAM = "countermeasure_team"  # 個人情報保護担当（対策チーム）
    CHIEF = "chief_privacy_officer"  # 総括保護管理者
    ENGINE = "engine"  # 本システム
    REPORTER = "reporter"  # 報告者

    @property
    def label(self) -> str:
        """The party in Japanese."""
        return _PARTY_TITLES[self]


_PARTY_TITLES = {
    Party.DEPARTMENT: "担当部署",
    Party.TEAM: "対策チーム",
    Party.CHIEF: "総括保護管理者",
    Party.ENGINE: "本システム",
    Party.REPORTER: "報告者",
}


class GroundKind(StrEnum):
    """事由の種類 (kind of ground): why a review is open."""

    CHANGE_REPORT = "change_report"  # 環境の変化の報告
    RISK_EVENT = "risk_event"  # リスク事案
    YEARLY = "yearly"  # 年次の見直し
    FIVE_YEARS = "five_years"  # 五年ごとの再実施
    FORM_AMENDED = "form_amended"  # 様式・指針の改正
    NEW_BUSINESS = "new_business"  # 新たな事務（新規の評価）
    END_OF_BUSINESS = "end_of_business"  # 事務の終了
    PUBLICATION_PERIOD = "publication_period"  # 終了後の公表期間の満了
    LEVEL_CHANGE = "level_change"  # しきい値判断の結果の変更

    @property
    def label(self) -> str:
        """The kind in Japanese."""
        return _GROUND_TITLES[self]


_GROUND_TITLES = {
    GroundKind.CHANGE_REPORT: "環境の変化",
    GroundKind.RISK_EVENT: "リスク事案",
    GroundKind.YEARLY: "年次の見直し",
    GroundKind.FIVE_YEARS: "五年ごとの再実施",
    GroundKind.FORM_AMENDED: "様式・指針の改正",
    GroundKind.NEW_BUSINESS: "新たな事務",
    GroundKind.END_OF_BUSINESS: "事務の終了",
    GroundKind.PUBLICATION_PERIOD: "終了後の公表期間の満了",
    GroundKind.LEVEL_CHANGE: "しきい値判断の結果の変更",
}


BY_THE_CALENDAR = frozenset({GroundKind.YEARLY, GroundKind.FIVE_YEARS, GroundKind.PUBLICATION_PERIOD})
"""暦による事由: the engine adds these by itself, and they tell of no new fact."""

BY_THE_ENGINE = BY_THE_CALENDAR | {GroundKind.LEVEL_CHANGE}
"""本システムによる事由: what only the engine adds."""


class Step(StrEnum):
    """実施手続の段 (step) of the procedure that the law asks for."""

    PUBLIC_NOTICE = "public_notice"  # 公示
    PUBLIC_COMMENT = "public_comment"  # 意見聴取
    THIRD_PARTY_CHECK = "third_party_check"  # 第三者点検
    SUBMISSION = "submission"  # 委員会へ提出（計画管理書とともに）
    COMMISSION_APPROVAL = "commission_approval"  # 委員会の承認
    PUBLICATION = "publication"  # 公表
    NOTIFICATION = "notification"  # 事務をやめた旨の通知
    END_OF_PUBLICATION = "end_of_publication"  # 公表の終了

    @property
    def label(self) -> str:
        """The step in Japanese."""
        return _STEP_TITLES[self]


_STEP_TITLES = {
    Step.PUBLIC_NOTICE: "公示",
    Step.PUBLIC_COMMENT: "意見聴取",
    Step.THIRD_PARTY_CHECK: "第三者点検",
    Step.SUBMISSION: "提出",
    Step.COMMISSION_APPROVAL: "委員会の承認",
    Step.PUBLICATION: "公表",
    Step.NOTIFICATION: "終了の通知",
    Step.END_OF_PUBLICATION: "公表の終了",
}


class Clock(StrEnum):
    """時計 (clock): what is counted; each restarts when what it counts begins anew."""

    ACKNOWLEDGEMENT = "acknowledgement"  # 受領確認
    TURN = "turn"  # 今の番
    YEARLY = "yearly"  # 年次の期日
    FIVE_YEARS = "five_years"  # 五年の期日
    GATE = "gate"  # 関門
    WITHDRAWAL = "withdrawal"  # 取下げへの同意・裁定
    EFFECT = "effect"  # 変更が生じる日

    @property
    def label(self) -> str:
        """The clock in Japanese."""
        return _CLOCK_TITLES[self]


_CLOCK_TITLES = {
    Clock.ACKNOWLEDGEMENT: "受領確認",
    Clock.TURN: "今の番",
    Clock.YEARLY: "年次の見直しの期日",
    Clock.FIVE_YEARS: "五年ごとの再実施の期日",
    Clock.GATE: "関門",
    Clock.WITHDRAWAL: "取下げへの同意・裁定",
    Clock.EFFECT: "変更が生じる日",
}


class Urgency(StrEnum):
    """督促の段階 (urgency): whom a clock that ran out calls, one after the other."""

    REMINDER = "reminder"  # 当事者への督促
    SUPERIOR = "superior"  # その上位者への報告
    TOP = "top"  # 総括保護管理者と統括官への報告

    @property
    def label(self) -> str:
        """The urgency in Japanese."""
        return {"reminder": "督促", "superior": "上位者への報告", "top": "総括保護管理者・統括官への報告"}[self.value]


class ManifestEntry(Message):
    """評価書の一部 (one document of the set)."""

    form: Identifier = Field(title="様式")
    form_version: Line = Field(title="様式の版")
    sha256: Digest = Field(title="文書のSHA-256")


class Manifest(Message):
    """評価書一式 (the set of documents); its digest is what people approve."""

    documents: tuple[ManifestEntry, ...] = Field(min_length=1, max_length=10, title="文書")


class Ground(Message):
    """事由 (ground): one reason why the review is open."""

    ground_id: ActId = Field(title="事由の番号")
    kind: GroundKind = Field(title="事由の種類")
    report_id: ActId = Field(title="報告の番号")
    reported_by: Actor = Field(title="報告者")
    title: Line = Field(title="件名")
    known_on: date = Field(title="把握した日")
    takes_effect_on: date | None = Field(default=None, title="変更が生じる日")
    minimum: Course = Field(title="規則が求める最低限の対応")
    acknowledged_by: Identifier | None = Field(default=None, title="受領を確認した者")
    due_on: date | None = Field(default=None, title="期日（年次・五年の事由）")
    joined_at: Instant | None = Field(default=None, title="見直しに加わった日時")
    shared: Line | None = Field(default=None, title="共有するシステム又はファイル（それにより加えられたとき）")
    level: Level | None = Field(default=None, title="実施を要するに至った評価の種類")
    emergency: bool = Field(default=False, title="規則第9条第2項に当たる（変更の後に実施する）")


class GivenFinding(Message):
    """示された検討結果 (a finding as it stands in the review); its text is in the register."""

    act_id: ActId = Field(title="行為番号")
    party: Party = Field(title="当事者")
    person: Identifier = Field(title="検討した者")
    course: Course = Field(title="結論")
    facts_revision: int = Field(ge=1, title="事実の版")
    yearly_checked: bool = Field(title="年次の確認を全項目について行った")
    countermeasures: int = Field(default=0, ge=0, title="定めた対応策の数")
    excepted: bool = Field(default=False, title="重要な変更に当たらない理由を示した")
    at: Instant = Field(title="日時")
    stands: bool = Field(default=True, title="有効")


class GivenApproval(Message):
    """示された可否 (an approval or a return as it stands in the review)."""

    act_id: ActId = Field(title="行為番号")
    party: Party = Field(title="当事者")
    person: Identifier = Field(title="判断した者")
    approved: bool = Field(title="承認（偽は差戻し）")
    digest: Digest = Field(title="評価書一式のSHA-256")
    revision: int = Field(ge=1, title="案の版")
    at: Instant = Field(title="日時")
    stands: bool = Field(default=True, title="有効")


class DoneStep(Message):
    """済んだ手続 (a step that was carried out)."""

    act_id: ActId = Field(title="行為番号")
    step: Step = Field(title="手続")
    done_on: date = Field(title="実施日")
    person: Identifier = Field(title="記録した者")
    at: Instant = Field(title="日時")
    until_on: date | None = Field(default=None, title="意見聴取の終了日（公示）")
    to_be_revised: bool = Field(default=False, title="案の改訂を要する")
    revision: int = Field(default=0, ge=0, title="このときの案の版")
    stands: bool = Field(default=True, title="有効（案を改めた後に改めて行う手続は無効となる）")


class AskedWithdrawal(Message):
    """求められた取下げ (a withdrawal that somebody asked for); where the other party refused, it is contested."""

    act_id: ActId = Field(title="行為番号")
    ground_id: ActId = Field(title="事由の番号")
    party: Party = Field(title="求めた当事者")
    person: Identifier = Field(title="求めた者")
    contested: bool = Field(default=False, title="もう一方が同意しない")
    at: Instant | None = Field(default=None, title="同意又は裁定を待ち始めた日時")


class OpenDispute(Message):
    """異議 (a dispute about the draft that waits for the 総括保護管理者)."""

    act_id: ActId = Field(title="行為番号")
    party: Party = Field(title="申し出た当事者")
    person: Identifier = Field(title="申し出た者")


class Alarm(Message):
    """予鈴 (alarm): when which clock calls whom."""

    clock: Clock = Field(title="時計")
    urgency: Urgency = Field(title="督促の段階")
    began_at: Instant = Field(title="計り始めた日時")
    due_on: date = Field(title="期限")
    at: Instant = Field(title="鳴る日時")


class Rung(Message):
    """鳴った予鈴 (an alarm that has rung): each rings once."""

    clock: Clock = Field(title="時計")
    urgency: Urgency = Field(title="督促の段階")
    began_at: Instant = Field(title="計り始めた日時")


class Participant(Message):
    """関与した者 (participant): one person acts for one party in one review."""

    person: Identifier = Field(title="職員")
    party: Party = Field(title="当事者")


class OpenCountermeasure(Message):
    """実施中の対応策 (a countermeasure of an earlier review that is not closed yet)."""

    countermeasure_id: Line = Field(title="対応策番号")
    item: Line = Field(title="リスク対策の項目")


class Opening(Message):
    """見直しの対象 (opening): what a review needs to know of the assessment when it begins."""

    body: Identifier = Field(title="評価実施機関")
    body_kind: BodyKind = Field(title="機関の別")
    assessment_id: Identifier = Field(title="評価書")
    department: Identifier = Field(title="担当部署")
    level: Level = Field(title="評価の種類")
    published_digest: Digest | None = Field(default=None, title="公表中の評価書一式のSHA-256（新規の評価では空）")
    gates: tuple[PlannedGate, ...] = Field(default=(), max_length=4, title="関門の予定日（新規の評価）")
    checklist: tuple[Line, ...] = Field(default=(), max_length=1000, title="年次の確認項目（区分とリスク対策）")
    measures: tuple[Line, ...] = Field(default=(), max_length=1000, title="そのうち記載されたリスク対策")
    open_countermeasures: tuple[OpenCountermeasure, ...] = Field(default=(), max_length=200, title="実施中の対応策")
    carried: tuple[Ground, ...] = Field(default=(), max_length=100, title="前の見直しから引き継いだ事由")
    carried_from: ReviewId | None = Field(default=None, title="引き継ぎ元の見直し")


class ReviewState(Message):
    """見直しの状態 (review state): all that the next act is judged by. It holds no content of an assessment."""

    opening: Opening = Field(title="対象")
    review_id: ReviewId | None = Field(default=None, title="見直し番号（台帳が付す）")
    opened_at: Instant = Field(title="開始日時")
    stage: Stage = Field(default=Stage.EXAMINATION, title="段階")
    turn_began_at: Instant = Field(title="今の番の開始日時")
    due_on: date | None = Field(default=None, title="今の番の期限")
    sequence: int = Field(default=0, ge=0, title="行為の通し番号")
    facts_revision: int = Field(default=0, ge=0, title="事実の版")
    grounds: tuple[Ground, ...] = Field(default=(), title="事由")
    held: tuple[Ground, ...] = Field(default=(), title="次の見直しに送る事由")
    findings: tuple[GivenFinding, ...] = Field(default=(), title="検討結果")
    course: Course | None = Field(default=None, title="決まった対応")
    revision: int = Field(default=0, ge=0, title="案の版")
    draft: Manifest | None = Field(default=None, title="承認にかかる評価書一式")
    draft_digest: Digest | None = Field(default=None, title="承認にかかる評価書一式のSHA-256")
    drafted_by: Identifier | None = Field(default=None, title="案の提出者")
    approvals: tuple[GivenApproval, ...] = Field(default=(), title="承認と差戻し")
    steps: tuple[DoneStep, ...] = Field(default=(), title="済んだ手続")
    gates_passed: tuple[PassedGate, ...] = Field(default=(), title="通過した関門")
    participants: tuple[Participant, ...] = Field(default=(), title="関与した者")
    withdrawal: AskedWithdrawal | None = Field(default=None, title="同意を待つ取下げ")
    withdrawn: tuple[Ground, ...] = Field(default=(), title="取り下げられた事由")
    dispute: OpenDispute | None = Field(default=None, title="決定を待つ異議")
    alarms: tuple[Alarm, ...] = Field(default=(), title="予鈴")
    rung: tuple[Rung, ...] = Field(default=(), title="鳴った予鈴")
    outcome: Outcome | None = Field(default=None, title="結果")
    closed_at: Instant | None = Field(default=None, title="終了日時")


class Resumption(Message):
    """再開 (resumption): what a run is started with that takes up a review of which the engine has lost the history."""

    review: ReviewState = Field(title="台帳にある状態")
