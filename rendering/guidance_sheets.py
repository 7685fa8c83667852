"""改善策の実施状況の表計算ファイル (report on measures as sheets): the two columns, and the list of every measure."""

from __future__ import annotations

from openpyxl import Workbook

from rendering.guidance import (
    COLUMNS,
    LIST_COLUMNS,
    LIST_TITLE,
    RECORD_TITLE,
    GuidancePaper,
    listed,
    record_of,
    sections_of,
    title_of,
)
from rendering.sheets import Sheet, packed

REPORT_SHEET, LIST_SHEET = "改善策の実施状況", "状況の一覧"
_OF_REPORT = (40, 80)
_OF_LIST = (8, 40, 14, 22, 24, 34)


def guidance_workbook(paper: GuidancePaper) -> bytes:
    """Give the report as an XLSX file."""
    book = Workbook()
    book.remove(book["Sheet"])
    _report(Sheet(book, REPORT_SHEET, _OF_REPORT, foot=paper.foot), paper)
    listing = Sheet(book, LIST_SHEET, _OF_LIST, foot=paper.foot)
    listing.heading(LIST_TITLE, 0)
    listing.heading(paper.counted, 3)
    listing.head(LIST_COLUMNS)
    for row in listed(paper):
        listing.row(row)
    return packed(
        book, paper.report.title, by=paper.report.respondent or paper.report.authority, dated_on=paper.report.on
    )


def _report(sheet: Sheet, paper: GuidancePaper) -> None:
    report = paper.report
    sheet.heading(report.title, 0)
    labels = (*report.labels, *((report.marking,) if report.marking else ()))
    if labels:
        sheet.heading("　".join(labels), 3)
    for line in report.preamble:
        sheet.heading(f"・{line}", 3)
    sheet.head(COLUMNS)
    for item in report.items:
        sheet.heading(title_of(item), 1)
        sheet.beside(item.text, sections_of(item))
    sheet.heading(RECORD_TITLE, 1)
    for row in record_of(paper):
        sheet.row(row)
