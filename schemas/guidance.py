"""指導と改善策 (guidance and its measures): what an authority wants put right, and what the body does.

One sentence of a report that tells of two days is two measures: each planned one is then waited for by itself.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.base import Digest, Identifier, Line, Message, Text
from schemas.reports import Evidence

ItemNumber = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]?$")]
"""指導事項の番号: 1 to 99."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,80}$")]
"""指導・改善策の識別子: what stands behind the kind in the number of a duty."""

UNPLACED = 9999
"""順の指定がないとき: such a sentence stands behind all others of its item."""


class Origin(StrEnum):
    """項目の出所 (origin of an item)."""

    INSTRUCTION = "instruction"  # 指導事項
    OWN = "own"  # 自らの取組

    @property
    def label(self) -> str:
        """The origin in Japanese."""
        return {"instruction": "指導事項", "own": "自らの取組"}[self.value]


class Place(StrEnum):
    """文の置き方 (place): how a sentence stands after the one before it."""

    PARAGRAPH = "paragraph"  # 段落
    CONTINUED = "continued"  # 前の文に続ける
    BULLET = "bullet"  # 箇条書（・）


class MeasureState(StrEnum):
    """改善策の記載 (what a measure says of itself)."""

    DONE = "done"  # 済
    PLANNED = "planned"  # 予定

    @property
    def label(self) -> str:
        """The state in Japanese."""
        return {"done": "済", "planned": "予定"}[self.value]


class When(Message):
    """時期 (when): as people wrote it, and the last day that it can mean.

    令和5年12月迄 is 31 December 2023. Where the words name no day, as 1年に1回, `assumed` says why this one was taken.
    """

    said: Line = Field(title="時期の記載")
    first_on: date | None = Field(default=None, title="最初の日（期間のとき）")
    latest_on: date = Field(title="最も遅い日")
    assumed: Text | None = Field(default=None, title="記載から日が定まらないとき、この日とした理由")


class _Written(Message):
    """報告の一文: what stands in the right column of the report."""

    item: ItemNumber = Field(title="指導事項の番号")
    order: int = Field(default=UNPLACED, ge=1, le=UNPLACED, title="項目の中の順")
    heading: Line | None = Field(default=None, title="見出し（■）")
    place: Place = Field(default=Place.PARAGRAPH, title="文の置き方")
    text: Text = Field(title="文")


class Passage(_Written):
    """説明 (passage): a sentence that is no measure, as a reason or what became of a case."""


class Measure(_Written):
    """改善策 (measure): what is done or planned, when, by which evidence. Without a time its duty's date holds."""

    state: MeasureState = Field(default=MeasureState.PLANNED, title="済・予定の別")
    when: When | None = Field(default=None, title="時期")
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=20, title="根拠資料")


class MeasureEntry(Measure):
    """改善策の記入 (entry of a measure): with its name and who is responsible."""

    id: Slug = Field(title="改善策の識別子")
    department: Identifier = Field(title="担当部署")
    owner: Identifier | None = Field(default=None, title="担当者")


class GuidanceItem(Message):
    """指導事項 (item of a guidance); the last may be what the body does of itself."""

    number: ItemNumber = Field(title="番号")
    heading: Line = Field(title="見出し")
    text: Text = Field(title="指導事項")
    origin: Origin = Field(default=Origin.INSTRUCTION, title="出所")


class Guidance(Message):
    """指導 (guidance): from whom, of which day, what it asks for, and what is said around the measures."""

    authority: Line = Field(default="個人情報保護委員会", title="指導をした機関")
    received_on: date = Field(title="指導の日")
    report_due_on: date | None = Field(default=None, title="報告の期限（空なら、義務の期限）")
    respondent: Line | None = Field(default=None, title="報告する機関の名称")
    number: Line | None = Field(default=None, title="文書番号")
    labels: tuple[Line, ...] = Field(default=(), max_length=5, title="資料番号")
    marking: Line | None = Field(default=None, title="公表の別")
    preamble: tuple[Text, ...] = Field(default=(), max_length=20, title="前書き")
    items: tuple[GuidanceItem, ...] = Field(min_length=1, max_length=99, title="指導事項")
    passages: tuple[Passage, ...] = Field(default=(), max_length=200, title="説明")


class GuidanceDocument(Message):
    """指導の文書 (document): a guidance with its measures, as they are entered together."""

    id: Slug = Field(title="指導の識別子")
    subject: Line = Field(title="事案")
    department: Identifier = Field(title="報告をとりまとめる部署")
    owner: Identifier | None = Field(default=None, title="担当者")
    guidance: Guidance = Field(title="指導")
    measures: tuple[MeasureEntry, ...] = Field(default=(), max_length=500, title="改善策")

    @property
    def title(self) -> str:
        """The title of the report on it."""
        by = f"{self.guidance.respondent}における" if self.guidance.respondent else ""
        return f"{self.subject}に関する{by}改善策の実施状況について"


class MeasureResult(Message):
    """実施の報告 (result): when a planned measure was done, and the sentence by which the report tells it."""

    when: When = Field(title="実施した時期")
    text: Text | None = Field(default=None, title="報告に載せる文（空なら、予定の文に実施した日を添える）")


class Standing(StrEnum):
    """改善策の状況 (standing) on a day."""

    DONE = "done"  # 済
    PLANNED = "planned"  # 予定
    OVERDUE = "overdue"  # 予定・期限超過
    AWAITING = "awaiting"  # 確認待ち
    CANCELLED = "cancelled"  # 取りやめ

    @property
    def label(self) -> str:
        """The standing in Japanese."""
        return _STANDING_TITLES[self]


_STANDING_TITLES = {
    Standing.DONE: "済",
    Standing.PLANNED: "予定",
    Standing.OVERDUE: "予定・期限超過",
    Standing.AWAITING: "確認待ち",
    Standing.CANCELLED: "取りやめ",
}


class MeasureLine(Message):
    """改善策の状況の行 (line): one measure on the day of the report."""

    measure: Slug = Field(title="改善策の識別子")
    standing: Standing = Field(title="状況")
    said: Line | None = Field(title="時期の記載")
    on: date | None = Field(title="実施した日又は期限")
    days_overdue: int = Field(ge=0, title="期限を過ぎた日数")
    department: Identifier = Field(title="担当部署")
    owner: Identifier | None = Field(title="担当者")
    evidence: tuple[Evidence, ...] = Field(title="根拠資料")


class ReportEntry(Message):
    """報告の記載 (entry): a sentence as it stands in the report; `mark` adds what the sentence does not say itself."""

    heading: Line | None = Field(title="見出し（■）")
    place: Place = Field(title="文の置き方")
    text: Text = Field(title="文")
    mark: str | None = Field(title="状況の付記")
    line: MeasureLine | None = Field(title="改善策の状況")


class ReportItem(GuidanceItem):
    """報告の項目 (item of the report): the instruction beside what is done about it."""

    entries: tuple[ReportEntry, ...] = Field(title="改善策の実施状況")


class MeasuresReport(Message):
    """改善策の実施状況の報告 (report on the measures) as of a day. Its SHA-256 is what both sides approve."""

    guidance: Slug = Field(title="指導の識別子")
    title: Text = Field(title="題名")
    labels: tuple[Line, ...] = Field(title="資料番号")
    marking: Line | None = Field(title="公表の別")
    authority: Line = Field(title="指導をした機関")
    respondent: Line | None = Field(title="報告する機関の名称")
    number: Line | None = Field(title="文書番号")
    received_on: date = Field(title="指導の日")
    report_due_on: date | None = Field(title="報告の期限")
    preamble: tuple[Text, ...] = Field(title="前書き")
    on: date = Field(title="基準日")
    items: tuple[ReportItem, ...] = Field(title="項目")

    @property
    def lines(self) -> tuple[MeasureLine, ...]:
        """Every measure in its order."""
        return tuple(one.line for item in self.items for one in item.entries if one.line is not None)


class StatusReportContent(Message):
    """実施状況の報告 (status report): as of which day."""

    on: date = Field(title="基準日")


class StatusReportPaper(Message):
    """実施状況の報告の案 (draft that is approved), by its digest; the register keeps what it says."""

    report_sha256: Digest = Field(title="報告書のSHA-256")
