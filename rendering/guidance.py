"""改善策の実施状況の紙面 (paper of a report on measures): as a page, and as what the other kinds of file are made from.

The arrangement is that of the report which the Commission published: title, labels, bullets, and a table of two columns
with a row for the title of each item. What stands below is ours: approvals, digest, and a list of every measure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any, NamedTuple

from rendering.pages import page, table
from schemas.forms.wording import NOTHING, japanese_day
from schemas.guidance import MeasureLine, MeasuresReport, Place, ReportEntry, ReportItem, Standing

COLUMNS = ("指導事項", "改善策の実施状況")
LIST_COLUMNS = ("番号", "改善策", "状況", "時期", "担当", "根拠資料")
LIST_TITLE, RECORD_TITLE = "別表 改善策の状況の一覧", "承認の記録"
_SAME_YEAR = "同年"  # what it refers to stands in the sentence alone
_TOLD_DONE = frozenset({Standing.DONE, Standing.AWAITING})
_SHOWN = 24  # of a measure without a heading, so many letters are its name


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidancePaper:
    """紙面 (paper): a report with its digest, and who has approved it. `names` are those of departments and people."""

    report: MeasuresReport
    digest: str
    state: str
    is_draft: bool = True
    record: tuple[tuple[str, str], ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def foot(self) -> str:
        """What stands at the foot of each page."""
        return f"{self.state}　{japanese_day(self.report.on)}現在　SHA-256 {self.digest}"

    @property
    def counted(self) -> str:
        """How many measures stand how."""
        every = Counter(line.standing for line in self.report.lines)
        told = "、".join(f"{one.label} {every[one]}" for one in Standing if every[one])
        return f"{japanese_day(self.report.on)}現在　改善策 {every.total()}件（{told}）"

    def called(self, line: MeasureLine) -> str:
        """Name who is responsible."""
        who = (line.department, line.owner)
        return " ".join(self.names.get(one, one) for one in who if one is not None)


class Run(NamedTuple):
    """文の一部 (run): what was written, or what is added of how it stands."""

    text: str
    is_mark: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """段落 (paragraph) of the right column; `kind` is heading, paragraph or bullet."""

    kind: str
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The whole paragraph with its sign."""
        sign = {"heading": "■", "bullet": "・"}.get(self.kind, "")
        return sign + "".join(run.text for run in self.runs)


def title_of(item: ReportItem) -> str:
    """Give number and title of an item."""
    return f"{item.number}. {item.heading}"


def paragraphs_of(item: ReportItem) -> tuple[Paragraph, ...]:
    """Give the right column of an item: a heading wherever it changes, and sentences that go on in one paragraph."""
    found: list[Paragraph] = []
    heading = None
    for entry in item.entries:
        if entry.heading != heading and entry.heading is not None:
            found.append(Paragraph("heading", (Run(entry.heading, is_mark=False),)))
        goes_on = entry.place is Place.CONTINUED and found and entry.heading == heading
        heading = entry.heading
        if goes_on:
            found[-1] = Paragraph(found[-1].kind, (*found[-1].runs, *_runs(entry)))
        else:
            found.append(Paragraph("bullet" if entry.place is Place.BULLET else "paragraph", tuple(_runs(entry))))
    return tuple(found)


def sections_of(item: ReportItem) -> tuple[str, ...]:
    """Give the right column as plain text, a heading with all that stands below it in one."""
    found: list[list[str]] = []
    for one in paragraphs_of(item):
        if one.kind == "heading" or not found:
            found.append([])
        found[-1].append(one.text)
    return tuple("\n".join(lines) for lines in found) or (NOTHING,)


def _runs(entry: ReportEntry) -> Iterator[Run]:
    yield Run(entry.text, is_mark=False)
    if entry.mark is not None:
        yield Run(entry.mark, is_mark=True)


def listed(paper: GuidancePaper) -> tuple[tuple[str, ...], ...]:
    """Give a row for each measure: how it stands, since or until when, who, by which evidence."""
    return tuple(
        (
            entry.line.measure,
            _name(entry),
            entry.line.standing.label,
            _time(entry.line),
            paper.called(entry.line),
            "\n".join(one.title for one in entry.line.evidence) or NOTHING,
        )
        for item in paper.report.items
        for entry in item.entries
        if entry.line is not None
    )


def _name(entry: ReportEntry) -> str:
    begin = entry.text[:_SHOWN] + ("…" if len(entry.text) > _SHOWN else "")
    return begin if entry.heading is None else f"■{entry.heading}\n{begin}"


def _time(line: MeasureLine) -> str:
    if line.on is None:
        return NOTHING
    day = japanese_day(line.on)
    said = day if line.said is None or line.said.startswith(_SAME_YEAR) else line.said
    told = said if line.standing in _TOLD_DONE or said == day else f"{said}\n（期限 {day}）"
    return f"{told}\n期限を{line.days_overdue}日超過" if line.days_overdue else told


def record_of(paper: GuidancePaper) -> tuple[tuple[str, str], ...]:
    """Give what is said of the report below it."""
    return (("状態", paper.state), *paper.record, ("報告書のSHA-256", paper.digest))


def data_of_guidance(paper: GuidancePaper, *, font: str) -> dict[str, Any]:
    """Give all that the template sets, as plain data."""
    report = paper.report
    return {
        "title": report.title,
        "author": report.respondent or report.authority,
        "dated_on": _numbers(report.on),
        "font": font,
        "labels": list(report.labels),
        "marking": report.marking,
        "preamble": list(report.preamble),
        "columns": list(COLUMNS),
        "items": [
            {
                "title": title_of(item),
                "text": item.text,
                "paragraphs": [
                    {"kind": one.kind, "runs": [{"text": run.text, "mark": run.is_mark} for run in one.runs]}
                    for one in paragraphs_of(item)
                ],
            }
            for item in report.items
        ],
        "counted": paper.counted,
        "list_title": LIST_TITLE,
        "list_columns": list(LIST_COLUMNS),
        "list": [list(row) for row in listed(paper)],
        "record_title": RECORD_TITLE,
        "record": [list(row) for row in record_of(paper)],
        "foot": paper.foot,
        "mark": "案" if paper.is_draft else None,
    }


def _numbers(day: date) -> list[int]:
    return [day.year, day.month, day.day]


def guidance_page(paper: GuidancePaper) -> bytes:
    """Give the report as a page to be read."""
    return page(paper.report.title, _page(paper))


def _page(paper: GuidancePaper) -> Iterator[str]:
    report = paper.report
    yield "<header>\n"
    if report.labels or report.marking:
        labels = [*report.labels, *([report.marking] if report.marking else [])]
        yield f'<p class="labels">{"　".join(map(escape, labels))}</p>\n'
    yield f"<h1>{escape(report.title)}</h1>\n</header>\n<main>\n"
    if report.preamble:
        yield f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in report.preamble)}</ul>\n"
    yield from _two_columns(paper)
    yield f"<h2>{RECORD_TITLE}</h2>\n<dl>\n"
    for what, text in record_of(paper):
        yield f'<dt>{escape(what)}</dt><dd class="words">{escape(text)}</dd>\n'
    yield f"</dl>\n<h2>{LIST_TITLE}</h2>\n<p>{escape(paper.counted)}</p>\n"
    yield table(LIST_TITLE, LIST_COLUMNS, ([escape(cell) for cell in row] for row in listed(paper)))
    yield f"</main>\n<footer><p>{escape(paper.foot)}</p></footer>\n"


def _two_columns(paper: GuidancePaper) -> Iterator[str]:
    head = "".join(f'<th role="columnheader" scope="col">{column}</th>' for column in COLUMNS)
    yield f'<table role="table" class="guidance" aria-label="{escape(paper.report.title)}">\n'
    yield f'<thead>\n<tr role="row">{head}</tr>\n</thead>\n'
    for item in paper.report.items:
        done = "".join(map(_paragraph, paragraphs_of(item))) or NOTHING
        yield (
            '<tbody>\n<tr role="row"><th role="rowheader" colspan="2" scope="rowgroup">'
            f"{escape(title_of(item))}</th></tr>\n"
            f'<tr role="row"><td role="cell" data-label="{COLUMNS[0]}">'
            f'<div class="words">{escape(item.text)}</div></td>'
            f'<td role="cell" data-label="{COLUMNS[1]}">{done}</td></tr>\n</tbody>\n'
        )
    yield "</table>\n"


def _paragraph(one: Paragraph) -> str:
    sign = {"heading": "■", "bullet": "・"}.get(one.kind, "")
    runs = "".join(f"<strong>{escape(run.text)}</strong>" if run.is_mark else escape(run.text) for run in one.runs)
    return f'<p class="words {one.kind}">{sign}{runs}</p>'
