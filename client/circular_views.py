"""事務連絡の見え方 (views of circulars): what became of each letter, and the coverage by prefecture, also as CSV."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pydantic import Field

from guideline.prefectures import PREFECTURES
from schemas.base import Message
from schemas.circulars import LetterState
from schemas.duties import DutyId, RollRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from register.circulars import Part
    from schemas.duties import DutyState


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


def coverage_of(state: DutyState, parts: Iterable[Part]) -> Coverage:
    """Put the counts to the prefectures, all of which are named; what belongs to none comes last."""
    counted = {one.prefix: one for one in parts}
    rows = [
        _row(code, one.name, one.short, counted.get(code), place=(one.column, one.row))
        for code, one in PREFECTURES.items()
    ]
    rows.extend(_row(prefix, "その他", "他", part) for prefix, part in counted.items() if prefix not in PREFECTURES)
    totals = {name: sum(getattr(one, name) for one in rows) for name in _COUNTS}
    whole = PrefectureCoverage(code="", name="全体", short="全体", **totals)
    return Coverage(duty_id=state.duty_id, title=state.title, prefectures=tuple(rows), whole=whole)


_COUNTS = ("total", "delivered", "failed", "acknowledged", "excused")


def _row(
    code: str, name: str, short: str, part: Part | None, *, place: tuple[int, int] | None = None
) -> PrefectureCoverage:
    counts = {one: getattr(part, one) if part else 0 for one in _COUNTS}
    column, row = place or (None, None)
    return PrefectureCoverage(code=code, name=name, short=short, column=column, row=row, **counts)


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
