"""計画管理書 (plan register, 様式1): the plan of one body, and what the register holds of each of its assessments."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, JsonValue, StringConstraints

from schemas.base import Identifier, Message
from schemas.levels import Level
from schemas.records import AssessmentRecord, Standing
from schemas.review import ReviewState, Step

FORM = "plan"
FORM_VERSION = "2024-10"

Cell = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""欄: one line of 1 to 200 characters, as the form takes it."""


class DataSubjectsBand(StrEnum):
    """対象人数の区分 (band of data subjects), as 様式2 Ⅱ1 has it."""

    UNDER_1000 = "under_1000"  # 1,000人未満（任意実施）
    FROM_1000 = "from_1000_under_10000"  # 1,000人以上1万人未満
    FROM_10000 = "from_10000_under_100000"  # 1万人以上10万人未満
    FROM_100000 = "from_100000_under_300000"  # 10万人以上30万人未満
    FROM_300000 = "at_least_300000"  # 30万人以上


class HandlersBand(StrEnum):
    """取扱者数の区分 (band of handlers), as 様式2 Ⅱ2 has it."""

    FROM_500 = "at_least_500"  # 500人以上
    UNDER_500 = "under_500"  # 500人未満


class Occurrence(StrEnum):
    """重大事故の有無 (whether a serious incident occurred), as 様式2 Ⅱ3 has it."""

    OCCURRED = "occurred"  # 発生あり
    NOT_OCCURRED = "not_occurred"  # 発生なし


class Need(StrEnum):
    """手続の要否 (need): whether the procedure of an assessment has a step."""

    NEEDED = "needed"  # 要する
    NOT_NEEDED = "not_needed"  # 要しない


class AssessmentFacts(Message):
    """計画の基礎 (facts of an assessment): what the register holds of it that the plan tells."""

    record: AssessmentRecord = Field(title="評価書の記録")
    threshold_items: dict[str, JsonValue] | None = Field(
        default=None, title="公表中の様式2のしきい値判断項目（内容があるとき）"
    )
    open_review: ReviewState | None = Field(default=None, title="開いている見直し")
    last_done_on: dict[Step, date] = Field(default={}, title="手続を行った日のうち最も後の日")


class PlanRow(Message):
    """計画の一行 (row of the plan): one assessment, by the columns of 様式1."""

    number: Cell = Field(title="評価書番号")
    name: Cell = Field(title="評価書名（事務の名称）")
    lead_body: Cell = Field(title="取りまとめ機関")
    department: Cell = Field(title="担当部署")
    data_subjects: DataSubjectsBand | None = Field(default=None, title="対象人数")
    handlers: HandlersBand | None = Field(default=None, title="取扱者数")
    serious_incident: Occurrence | None = Field(default=None, title="重大事故（過去1年以内）")
    required_level: Level = Field(title="しきい値判断の結果")
    effective_level: Level = Field(title="実施する評価の種類")
    planned_on: date | None = Field(default=None, title="実施予定")
    requirements_end_on: date | None = Field(default=None, title="要件定義終了予定")
    programming_start_on: date | None = Field(default=None, title="プログラミング開始予定")
    hold_start_on: date | None = Field(default=None, title="保有開始予定")
    network_link_start_on: date | None = Field(default=None, title="情報連携開始予定")
    public_comment: Need = Field(title="意見聴取の要否")
    public_comment_on: date | None = Field(default=None, title="意見聴取を行った日")
    third_party_check: Need = Field(title="第三者点検の要否")
    third_party_check_on: date | None = Field(default=None, title="第三者点検を行った日")
    submitted_on: date | None = Field(default=None, title="提出日")
    published_on: date | None = Field(default=None, title="公表日")
    verified_on: date | None = Field(default=None, title="直近の見直し日")
    five_years_due_on: date | None = Field(default=None, title="次回の再実施期限（5年）")
    ended_on: date | None = Field(default=None, title="終了日")
    standing: Standing = Field(title="状況")


class Plan(Message):
    """計画管理書 (plan register) of one body, with what is wrong in it; never stored, always derived."""

    body: Identifier = Field(title="評価実施機関の識別子")
    assessing_body: Cell = Field(title="評価実施機関名")
    as_of: date = Field(title="作成日")
    contact: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = Field(
        default=None, title="担当部署・連絡先"
    )
    assessments: tuple[PlanRow, ...] = Field(title="特定個人情報保護評価の計画")
    warnings: tuple[str, ...] = Field(default=(), title="注意")


def plan_document(plan: Plan) -> dict[str, JsonValue]:
    """Give the plan as a document on 様式1: plain JSON data that fits `schemas/forms/plan/`."""
    whole = plan.model_dump(mode="json", exclude_none=True)
    cover = {"body": whole["assessing_body"], "as_of": whole["as_of"]}
    if "contact" in whole:
        cover["contact"] = whole["contact"]
    return {"form": FORM, "form_version": FORM_VERSION, "cover": cover, "assessments": whole["assessments"]}
