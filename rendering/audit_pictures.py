"""監査とログ分析の図 (pictures): the audits over the years, and the volume of logs over the months, as SVG.

What a colour says a sign or a word says too; the same stands in a table beside each picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from html import escape
from typing import NamedTuple

from guideline.audit_plan import AuditPlanOverYears, PlannedRun, PlanRow, Standing
from schemas.forms.wording import japanese_day

_FONT = "'Noto Sans JP','Noto Sans CJK JP','Hiragino Sans','Yu Gothic UI',sans-serif"
_INK, _LINE, _HAIR, _PALE = "#1a1a1a", "#00118f", "#b3b3b3", "#e8f1fe"
_FILLS = {
    Standing.PLANNED: "#ffffff",
    Standing.OPEN: "#d9e6ff",
    Standing.REPORTED: "#fff3cc",
    Standing.LATE: "#ffd6d6",
    Standing.CLOSED: "#d4f0dc",
    Standing.CANCELLED: "#eeeeee",
}
_NAMES, _YEAR, _TOP, _ROW = 340, 240, 90, 44
_MOST_LETTERS = 24
_SMALLEST = 14


def plan_svg(plan: AuditPlanOverYears, *, on: date, department: Callable[[str], str]) -> str:
    """Draw each audit as a bar from its beginning to its date, a row a file, a column a fiscal year."""
    width, height = _NAMES + _YEAR * len(plan.years) + 20, _TOP + _ROW * max(len(plan.rows), 1) + 50
    parts: list[str] = []
    for column, year in enumerate(plan.years):
        left = _NAMES + column * _YEAR
        parts.append(_line(left, _TOP - 28, left, height - 40))
        parts.append(_text(left + 8, _TOP - 10, f"{year}年度", size=14, bold=True))
    for number, row in enumerate(plan.rows):
        parts.extend(_row(row, plan, top=_TOP + number * _ROW, width=width, department=department))
    if not plan.rows:
        parts.append(_text(20, _TOP + 28, "監査はまだありません。", size=14))
    today = _at(on, plan)
    parts.append(
        f'<path d="M{today} {_TOP - 28} V{height - 40}" stroke="{_LINE}" stroke-width="2" stroke-dasharray="4 4"/>'
    )
    parts.append(_text(today + 4, height - 22, f"今日 {japanese_day(on)}", size=12))
    legend = "　".join(f"{one.sign} {one.label}" for one in Standing)
    return _svg(
        width, height, "監査計画", f"年度ごとの監査の予定と実施。{legend}", (_text(20, 56, legend, size=12), *parts)
    )


def _row(
    row: PlanRow, plan: AuditPlanOverYears, *, top: int, width: int, department: Callable[[str], str]
) -> Iterator[str]:
    name = row.file if row.contractor is None else f"{row.file}（{row.contractor}）"
    yield _line(20, top, width - 20, top)
    yield f"<g><title>{escape(name)}　{escape(department(row.department))}</title>"
    yield _text(20, top + 19, _cut(name), size=13, bold=True)
    yield _text(20, top + 36, _cut(department(row.department)), size=11)
    yield "</g>"
    for run in row.runs:
        yield from _bar(run, name, plan, top=top)


def _bar(run: PlannedRun, name: str, plan: AuditPlanOverYears, *, top: int) -> Iterator[str]:
    left, right = _at(run.begins_on, plan), _at(run.due_on, plan)
    left = min(left, right - _SMALLEST)
    dash = ' stroke-dasharray="5 3"' if run.standing is Standing.PLANNED else ""
    said = f"{name}: {run.standing.label}（{run.begins_on}から期限 {run.due_on}）"
    box = f'x="{left}" y="{top + 8}" width="{right - left}" height="28"'
    yield f"<g><title>{escape(said)}</title>"
    yield f'<rect {box} rx="4" fill="{_FILLS[run.standing]}" stroke="{_INK}" stroke-width="1.5"{dash}/>'
    yield _text(left + 2, top + 27, run.standing.sign, size=13, bold=True)
    yield "</g>"


def _at(day: date, plan: AuditPlanOverYears) -> int:
    """Say how far to the right a day is."""
    first, last = date(plan.years[0], 4, 1), date(plan.years[-1] + 1, 3, 31)
    inside = min(max(day, first), last)
    return _NAMES + round((inside - first).days / 365.25 * _YEAR)


class MonthDrawn(NamedTuple):
    """図の一月 (month of the picture): without a volume nothing was reported."""

    month: str
    volume: int | None
    anomalies: int
    late: bool


_COLUMN, _HIGH, _LEFT = 64, 220, 60


def volume_svg(system: str, months: Sequence[MonthDrawn]) -> str:
    """Draw a bar a month, as high as its volume, with the number of anomalies above it."""
    width, height = max(_LEFT + _COLUMN * len(months) + 20, 660), _HIGH + 140
    most = max((one.volume or 0 for one in months), default=0) or 1
    bottom = _HIGH + 80
    parts = [_line(_LEFT - 10, bottom, width - 20, bottom)]
    for number, one in enumerate(months):
        parts.extend(_month(one, left=_LEFT + number * _COLUMN, bottom=bottom, most=most))
    said = "月ごとのログの件数（棒の高さ）と異常の数（▲）。棒のない月は、まだ報告されていません。"
    return _svg(width, height, f"ログの件数と異常: {system}", said, (_text(20, 52, said, size=12), *parts))


def _month(one: MonthDrawn, *, left: int, bottom: int, most: int) -> Iterator[str]:
    yield "<g>"
    if one.volume is None:
        words = "期限超過" if one.late else "未報告"
        yield f"<title>{one.month}: {words}</title>"
        yield _text(left, bottom - 8, f"！{words}" if one.late else words, size=11)
    else:
        high = round(one.volume / most * (_HIGH - 40))
        yield f"<title>{one.month}: {one.volume:,}件、異常 {one.anomalies}件</title>"
        yield (
            f'<rect x="{left}" y="{bottom - high}" width="{_COLUMN - 20}" height="{high}"'
            f' fill="{_PALE}" stroke="{_LINE}" stroke-width="1.5"/>'
        )
        yield _text(left, bottom - high - 6, f"{one.volume:,}", size=11)
        if one.anomalies:
            yield _text(left, bottom - high - 20, f"▲{one.anomalies}", size=13, bold=True)
    yield _text(left, bottom + 20, one.month, size=11)
    yield "</g>"


def _svg(width: int, height: int, title: str, said: str, parts: Iterable[str]) -> str:
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    spoken = 'role="img" aria-labelledby="t d" lang="ja"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {spoken} font-family="{_FONT}">',
            f'<title id="t">{escape(title)}</title>',
            f'<desc id="d">{escape(said)}</desc>',
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            _text(20, 32, _cut(title, most=50), size=18, bold=True),
            *parts,
            "</svg>",
            "",
        )
    )


def _line(left: int, top: int, right: int, bottom: int) -> str:
    return f'<path d="M{left} {top} L{right} {bottom}" stroke="{_HAIR}" stroke-width="1"/>'


def _cut(text: str, *, most: int = _MOST_LETTERS) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _text(x: int, y: int, text: str, *, size: int, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x}" y="{y}" font-size="{size}"{weight} fill="{_INK}">{escape(text)}</text>'
