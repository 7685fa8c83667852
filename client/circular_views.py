"""事務連絡の見え方 (views of circulars): what became of each letter, and the coverage by prefecture, also as CSV."""

from __future__ import annotations

import csv
import io
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from guideline.prefectures import PREFECTURES
from rendering.coverage_map import Tile, coverage_map
from schemas.base import Message
from schemas.circulars import LetterState
from schemas.duties import DutyId, RollRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from register.circulars import Part


class CoverageFormat(StrEnum):
    """到達状況を書き出す形 (format)."""

    CSV = "csv"  # CSV
    SVG = "svg"  # 都道府県の図


class LetterRow(Message):
    """宛先と手紙 (recipient with what became of the letters to it)."""

    row: RollRow = Field(title="宛先")
    letter: LetterState | None = Field(default=None, title="手紙の成り行き")


class PrefectureCoverage(Message):
    """都道府県の到達状況 (coverage of a prefecture); with its place on the map of tiles, which others have none of."""

    code: str = Field(title="都道府県コード")
    name: str = Field(title="都道府県")
    short: str = Field(title="略称")
    column: int | None = Field(default=None, title="図の列")
    row: int | None = Field(default=None, title="図の行")
    total: int = Field(ge=0, title="宛先")
    delivered: int = Field(ge=0, title="届いた")
    failed: int = Field(ge=0, title="届かない")
    acknowledged: int = Field(ge=0, title="受領を確認した")
    excused: int = Field(ge=0, title="理由により除く")

    @property
    def waiting(self) -> int:
        """How many have not acknowledged."""
        return self.total - self.acknowledged - self.excused

    @property
    def percent(self) -> int | None:
        """How many of a hundred have acknowledged or are excused, rounded down; None where there is nobody."""
        return None if self.total == 0 else (self.acknowledged + self.excused) * 100 // self.total

    @property
    def band(self) -> str:
        """In which of four bands that is, as the picture shows it."""
        if self.percent is None:
            return "none"
        return "all" if self.waiting == 0 else "most" if self.percent >= _MOST else "some" if self.percent else "zero"


_MOST = 50


class Coverage(Message):
    """到達状況 (coverage) of a circular: by prefecture, and of all."""

    duty_id: DutyId = Field(title="義務番号")
    title: str = Field(title="件名")
    prefectures: tuple[PrefectureCoverage, ...] = Field(title="都道府県ごと")
    whole: PrefectureCoverage = Field(title="全体")


def coverage_of(parts: Iterable[Part], *, duty_id: str, title: str) -> Coverage:
    """Put the counts to the prefectures, all of which are named; what belongs to none comes last."""
    counted = {one.prefix: one for one in parts}
    rows = [
        _row(code, one.name, one.short, counted.get(code), place=(one.column, one.row))
        for code, one in PREFECTURES.items()
    ]
    rows.extend(_row(prefix, "その他", "他", part) for prefix, part in counted.items() if prefix not in PREFECTURES)
    totals = {name: sum(getattr(one, name) for one in rows) for name in _COUNTS}
    whole = PrefectureCoverage(code="", name="全体", short="全体", **totals)
    return Coverage(duty_id=duty_id, title=title, prefectures=tuple(rows), whole=whole)


_COUNTS = ("total", "delivered", "failed", "acknowledged", "excused")


def _row(
    code: str, name: str, short: str, part: Part | None, *, place: tuple[int, int] | None = None
) -> PrefectureCoverage:
    counts = {one: getattr(part, one) if part else 0 for one in _COUNTS}
    column, row = place or (None, None)
    return PrefectureCoverage(code=code, name=name, short=short, column=column, row=row, **counts)


def svg_of(coverage: Coverage) -> str:
    """Draw the coverage as a map of tiles; who belongs to no prefecture is counted in its words alone."""
    tiles = [
        Tile(one.short, one.column, one.row, one.percent, one.band, f"{one.name}: {_words(one)}")
        for one in coverage.prefectures
        if one.column is not None and one.row is not None
    ]
    said = f"全体では{_words(coverage.whole)}。四角一つが都道府県一つで、数は確認した割合（百分率）。"
    return coverage_map(tiles, title="都道府県ごとの受領の確認", said=said)


def _words(one: PrefectureCoverage) -> str:
    return f"{one.total:,}団体のうち{one.acknowledged:,}団体が受領を確認し、{one.waiting:,}団体が未確認"


def csv_of(coverage: Coverage) -> str:
    """Give the coverage as CSV, with a mark in front by which Excel knows it as UTF-8."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(
        ("都道府県コード", "都道府県", "宛先", "届いた", "届かない", "受領を確認した", "理由により除く", "未確認")
    )
    for one in (*coverage.prefectures, coverage.whole):
        writer.writerow(
            (one.code, one.name, one.total, one.delivered, one.failed, one.acknowledged, one.excused, one.waiting)
        )
    return "\ufeff" + written.getvalue()
