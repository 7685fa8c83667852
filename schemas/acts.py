"""行為 (acts): what people may do in a review. Each is one message, and the argument of the update of the same name."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import ActId, Digest, Identifier, Line, Message, ReviewId, Text
from schemas.countermeasures import Countermeasure, CountermeasureId, MeasureAnswer
from schemas.courses import Course
from schemas.gates import Gate
from schemas.organisation import Actor
from schemas.procedure import Hearing, Judgement, Notice
from schemas.reports import Evidence, Report
from schemas.review import Alarm, Ground, Manifest, Opening, Stage, Step
from schemas.signatures import SignedMessage


class ActKind(StrEnum):
    """行為の種類 (kind of act); the value is the name of the Temporal update."""

    JOIN = "join"  # 事由の追加
    ACKNOWLEDGE = "acknowledge"  # 受領確認
    FIND = "find"  # 検討結果
    RESOLVE = "resolve"  # 総括保護管理者の決定
    SUBMIT = "submit"  # 案の提出
    APPROVE = "approve"  # 承認
    RETURN = "return"  # 差戻し
    RECORD_STEP = "record_step"  # 手続の記録
    WITHDRAW = "withdraw"  # 取下げの申出
    CONSENT = "consent"  # 取下げへの同意・不同意
    DISPUTE = "dispute"  # 異議
    SETTLE = "settle"  # 総括保護管理者の裁定
    RECALL = "recall"  # 呼戻し
    REVISE = "revise"  # 意見・条件を受けた改訂
    REMIND = "remind"  # 督促
    HAND_OVER = "hand_over"  # 所管替え
    PASS_GATE = "pass_gate"  # noqa: S105 # 関門の通過: a gate, no password

    @property
    def label(self) -> str:
        """The act in Japanese."""
        return _ACT_TITLES[self]


_ACT_TITLES = {
    ActKind.JOIN: "事由の追加",
    ActKind.ACKNOWLEDGE: "受領確認",
    ActKind.FIND: "検討結果",
    ActKind.RESOLVE: "総括保護管理者の決定",
    ActKind.SUBMIT: "案の提出",
    ActKind.APPROVE: "承認",
    ActKind.RETURN: "差戻し",
    ActKind.RECORD_STEP: "手続の記録",
    ActKind.WITHDRAW: "取下げの申出",
    ActKind.CONSENT: "取下げへの同意・不同意",
    ActKind.DISPUTE: "異議",
    ActKind.SETTLE: "総括保護管理者の裁定",
    ActKind.RECALL: "呼戻し",
    ActKind.REVISE: "意見・条件を受けた改訂",
    ActKind.REMIND: "督促",
    ActKind.HAND_OVER: "所管替え",
    ActKind.PASS_GATE: "関門の通過",
}


LARGEST_ACT = 1_200_000
"""行為の上限: bytes. The state of the review travels with the act to be written, and the two must stay under 2 MiB."""


class _Act(SignedMessage):
    act_id: ActId = Field(title="行為番号")
    actor: Actor = Field(title="行為者")


class _ReviewAct(_Act):
    review_id: ReviewId = Field(title="見直し番号")


class Intake(_Act):
    """報告の受付 (intake): argument of the workflow `report/<act id>`."""

    report: Report = Field(title="報告")
    adds_to: ActId | None = Field(default=None, title="評価書を加える元の報告")
    untouched: Text | None = Field(default=None, title="どの評価書にも関わらないとする理由（対策チーム）")


class Join(_Act):
    """事由の追加 (a ground opens the review or joins the open one)."""

    act: Literal[ActKind.JOIN] = Field(default=ActKind.JOIN, title="行為")
    opening: Opening = Field(title="対象")
    ground: Ground = Field(title="事由")


class Acknowledgement(_ReviewAct):
    """受領確認 (acknowledgement) by the countermeasure team."""

    act: Literal[ActKind.ACKNOWLEDGE] = Field(default=ActKind.ACKNOWLEDGE, title="行為")
    ground_id: ActId | None = Field(default=None, title="事由（空なら全て）")


class SectionCheck(Message):
    """年次の確認 (one row of the yearly checklist): a section, or a written risk measure, held against reality."""

    item: Line = Field(title="区分又はリスク対策の項目")
    agrees: bool = Field(title="実態と一致している")
    state: Text = Field(title="実態（一致しないときは変更の内容）")
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=20, title="根拠資料")
    answer: MeasureAnswer | None = Field(default=None, title="リスク対策の実態（様式の選択肢）")
    said_by: Line | None = Field(default=None, title="実態を述べた者（空なら検討した者）")
    countermeasure: Countermeasure | None = Field(default=None, title="課題への対応策")
    open_countermeasure: CountermeasureId | None = Field(default=None, title="既に実施中の対応策")


class Finding(_ReviewAct):
    """検討結果 (finding) of one party."""

    act: Literal[ActKind.FIND] = Field(default=ActKind.FIND, title="行為")
    facts_revision: int = Field(ge=1, title="検討した事実の版")
    course: Course = Field(title="結論")
    items: tuple[Line, ...] = Field(default=(), max_length=100, title="変える項目")
    reason: Text = Field(title="理由")
    risk_not_moved: Text | None = Field(default=None, title="リスクを相当程度変動させないとする理由")
    formal_only: Text | None = Field(default=None, title="誤字脱字等の形式的な修正にとどまるとする理由")
    checklist: tuple[SectionCheck, ...] = Field(default=(), max_length=1000, title="年次の確認")


class Resolution(_ReviewAct):
    """総括保護管理者の決定 (resolution) where the two findings differ."""

    act: Literal[ActKind.RESOLVE] = Field(default=ActKind.RESOLVE, title="行為")
    facts_revision: int = Field(ge=1, title="決定の基礎とした事実の版")
    course: Course = Field(title="決定")
    reason: Text = Field(title="理由")


class ItemNote(Message):
    """項目ごとの記載 (a note on one item of the form)."""

    item: Line = Field(title="項目番号")
    text: Text = Field(title="記載")


class Submission(_ReviewAct):
    """案の提出 (a draft is handed in for approval). The documents are in the register; here are their digests."""

    act: Literal[ActKind.SUBMIT] = Field(default=ActKind.SUBMIT, title="行為")
    manifest: Manifest = Field(title="評価書一式")
    explanations: tuple[ItemNote, ...] = Field(default=(), max_length=100, title="提出時期に係る説明")


class Approval(_ReviewAct):
    """承認 (approval) of the current digest, on the current facts, by one party."""

    act: Literal[ActKind.APPROVE] = Field(default=ActKind.APPROVE, title="行為")
    digest: Digest = Field(title="評価書一式のSHA-256")
    revision: int = Field(ge=1, title="案の版")
    facts_revision: int = Field(ge=1, title="事実の版")


class Return(_ReviewAct):
    """差戻し (the draft goes back), with a comment on each item."""

    act: Literal[ActKind.RETURN] = Field(default=ActKind.RETURN, title="行為")
    digest: Digest = Field(title="評価書一式のSHA-256")
    revision: int = Field(ge=1, title="案の版")
    comments: tuple[ItemNote, ...] = Field(min_length=1, max_length=100, title="項目ごとの指摘")


class StepRecord(_ReviewAct):
    """手続の記録 (a step of the procedure was carried out)."""

    act: Literal[ActKind.RECORD_STEP] = Field(default=ActKind.RECORD_STEP, title="行為")
    step: Step = Field(title="手続")
    done_on: date = Field(title="実施日")
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=20, title="根拠資料")
    note: Text | None = Field(default=None, title="備考")
    notice: Notice | None = Field(default=None, title="公示")
    hearing: Hearing | None = Field(default=None, title="意見聴取の結果")
    judgement: Judgement | None = Field(default=None, title="点検又は審査の結果")


class Withdrawal(_ReviewAct):
    """取下げの申出 (withdrawal) of a ground that was reported by mistake; the other party must consent."""

    act: Literal[ActKind.WITHDRAW] = Field(default=ActKind.WITHDRAW, title="行為")
    ground_id: ActId = Field(title="事由の番号")
    reason: Text = Field(title="理由")


class Consent(_ReviewAct):
    """取下げへの同意・不同意 (consent); where it is refused, the 総括保護管理者 decides."""

    act: Literal[ActKind.CONSENT] = Field(default=ActKind.CONSENT, title="行為")
    agrees: bool = Field(title="同意する")
    reason: Text = Field(title="理由")


class Dispute(_ReviewAct):
    """異議 (dispute) about a draft that was returned before."""

    act: Literal[ActKind.DISPUTE] = Field(default=ActKind.DISPUTE, title="行為")
    reason: Text = Field(title="理由")


class Ruling(StrEnum):
    """裁定 (ruling) of the 総括保護管理者."""

    WITHDRAWN = "withdrawn"  # 取下げを認める
    GROUND_STANDS = "ground_stands"  # 取下げを認めない
    REDRAFT = "redraft"  # 起案に戻す
    TEXT_STANDS = "text_stands"  # 案を維持する

    @property
    def label(self) -> str:
        """The ruling in Japanese."""
        return _RULING_TITLES[self]


_RULING_TITLES = {
    Ruling.WITHDRAWN: "取下げを認める",
    Ruling.GROUND_STANDS: "取下げを認めない",
    Ruling.REDRAFT: "起案に戻す",
    Ruling.TEXT_STANDS: "案を維持する",
}


class Settlement(_ReviewAct):
    """総括保護管理者の裁定 (settlement) of a contested withdrawal or of a dispute, with its reason or instructions."""

    act: Literal[ActKind.SETTLE] = Field(default=ActKind.SETTLE, title="行為")
    ruling: Ruling = Field(title="裁定")
    reason: Text = Field(title="理由又は指示")


class Recall(_ReviewAct):
    """呼戻し (recall): the 総括保護管理者 takes the review back before it is submitted."""

    act: Literal[ActKind.RECALL] = Field(default=ActKind.RECALL, title="行為")
    reason: Text = Field(title="理由")


class Revision(_ReviewAct):
    """意見・条件を受けた改訂 (revision): back to drafting after opinions were heard or conditions set."""

    act: Literal[ActKind.REVISE] = Field(default=ActKind.REVISE, title="行為")
    reason: Text = Field(title="理由")


class HandOver(_ReviewAct):
    """所管替え (hand-over): another department owns the assessment from now on, and the open work moves with it."""

    act: Literal[ActKind.HAND_OVER] = Field(default=ActKind.HAND_OVER, title="行為")
    from_department: Identifier = Field(title="これまでの担当部署")
    department: Identifier = Field(title="新しい担当部署")
    reason: Text = Field(title="理由")


class GatePassage(_ReviewAct):
    """関門の通過 (a project passes a gate): after the step that it needs, or by the exception that the rule knows."""

    act: Literal[ActKind.PASS_GATE] = Field(default=ActKind.PASS_GATE, title="行為")
    gate: Gate = Field(title="関門")
    passed_on: date = Field(title="通過した日")
    reason: Text | None = Field(default=None, title="手続の前に通過する理由")
    emergency: Text | None = Field(default=None, title="規則第9条第2項に当たる事由（災害等と緊急の必要）")


class Reminder(_ReviewAct):
    """督促 (reminder): a clock ran out. The review's own act, by its durable timer."""

    act: Literal[ActKind.REMIND] = Field(default=ActKind.REMIND, title="行為")
    alarm: Alarm = Field(title="予鈴")


ReviewAct = (
    Acknowledgement
    | Finding
    | Resolution
    | Submission
    | Approval
    | Return
    | StepRecord
    | Withdrawal
    | Consent
    | Dispute
    | Settlement
    | Recall
    | Revision
    | Reminder
    | HandOver
    | GatePassage
)
"""見直しの行為: every act on a review that is open."""

AnyAct = Annotated[Join | ReviewAct, Field(discriminator="act")]
"""行為: every act, told apart by its field `act`."""


class Receipt(Message):
    """受付の答え (receipt): what an accepted act is answered with, the same for every retry."""

    act_id: ActId = Field(title="行為番号")
    review_id: ReviewId = Field(title="見直し番号")
    assessment_id: str = Field(title="評価書")
    sequence: int = Field(ge=1, title="行為の通し番号")
    stage: Stage = Field(title="この行為の後の段階")
    joined: bool = Field(default=False, title="既に開いていた見直しに加わった")
    held: bool = Field(default=False, title="次の見直しに送られた")
    content_digest: Digest = Field(title="行為の内容のSHA-256")


class Refusal(Message):
    """受け付けない理由 (refusal): where, what, why, and what to do."""

    code: str = Field(title="符号")
    where: str = Field(title="箇所")
    message: str = Field(title="理由")
    remedy: str = Field(title="すべきこと")
    provision: str = Field(title="根拠")
    act: str | None = Field(default=None, title="行為")
    stage: str | None = Field(default=None, title="段階")
    instead: tuple[str, ...] = Field(default=(), title="今できる者と行為")
