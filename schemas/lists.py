"""一覧 (lists): what is asked of the register page by page, and the rows that it answers with."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.base import Digest, Identifier, Instant, Message, ReviewId
from schemas.levels import Level
from schemas.records import AuditAction, Standing
from schemas.review import Stage

PAGE = 100
"""一頁の行数."""

Sought = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""探す語."""


class AssessmentOrder(StrEnum):
    """評価書の並べ方 (order of assessments)."""

    ID = "id"  # 識別子
    NAME = "name"  # 評価書名
    DEPARTMENT = "department"  # 担当部署
    VERIFIED = "verified"  # 照らした日
    YEARLY = "yearly"  # 年次の期日
    FIVE_YEARS = "five_years"  # 再実施の期日


class AssessmentQuery(Message):
    """評価書の問い (query): which assessments, in which order, on which page; the first page is 1.

    `due_by` asks for those of which a date falls on or before that day.
    """

    sought: Sought = Field(default="", title="探す語")
    body: Identifier | None = Field(default=None, title="評価実施機関")
    department: Identifier | None = Field(default=None, title="担当部署")
    level: Level | None = Field(default=None, title="評価の種類")
    standing: Standing | None = Field(default=None, title="状況")
    due_by: date | None = Field(default=None, title="期日がその日まで")
    under_review: bool = Field(default=False, title="見直し中のもの")
    order: AssessmentOrder = Field(default=AssessmentOrder.ID, title="並べ方")
    page: int = Field(default=1, ge=1, le=100_000, title="頁")


class OpenReview(Message):
    """開いている見直し (open review) of a listed assessment."""

    review_id: ReviewId = Field(title="見直し番号")
    stage: Stage = Field(title="段階")
    due_on: date | None = Field(title="期限")


class ListedAssessment(Message):
    """一覧の評価書 (listed assessment): what a row tells."""

    assessment_id: Identifier
    body: Identifier
    department: Identifier
    number: str
    name: str
    effective_level: Level
    standing: Standing
    version: int
    verified_on: date | None
    yearly_due_on: date | None
    five_years_due_on: date | None
    published_until: date | None
    open_review: OpenReview | None = None


class AssessmentPage(Message):
    """評価書の一頁 (page of assessments), and how many there are on all pages."""

    rows: tuple[ListedAssessment, ...]
    total: int


class TrailQuery(Message):
    """証跡の問い (query): whose acts, of which kind, in which period; those before an entry, the newest first."""

    actor: Identifier | None = Field(default=None, title="職員")
    action: AuditAction | None = Field(default=None, title="行為")
    since: date | None = Field(default=None, title="いつから")
    until: date | None = Field(default=None, title="いつまで")
    before: int | None = Field(default=None, ge=1, lt=2**63, title="この番号より前")


class TrailEntry(Message):
    """証跡の一件 (entry of the trail); `kind`, `belongs_to`, `body` are those of the row that it names."""

    seq: int
    at: Instant
    actor: str
    action: AuditAction
    subject_table: str
    subject_key: str
    content_digest: Digest
    hash: Digest
    kind: str | None = None
    belongs_to: str | None = None
    body: str | None = None


class TrailPage(Message):
    """証跡の一頁 (page of the trail); `more` says that older ones follow."""

    entries: tuple[TrailEntry, ...]
    more: bool
