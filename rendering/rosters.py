"""名簿の書き出し (rosters): who is on a roll and what became of them, as CSV and as XLSX."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_TITLES = ("職員番号", "氏名", "部署", "状況", "受講日", "理由", "期限")
_WIDTHS = (16, 24, 30, 18, 14, 40, 14)
_DRAWN_AS_FORMULA = ("=", "+", "-", "@", "\t")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class RosterLine(NamedTuple):
    """名簿の一行 (line of a roster)."""

    member: str
    name: str
    department: str
    status: str
    completed_on: date | None
    reason: str
    due_on: date


def roster_csv(lines: Iterable[RosterLine]) -> bytes:
    """Give the roster as CSV, in UTF-8 with the mark by which spreadsheets know it."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_TITLES)
    writer.writerows([_harmless(cell) for cell in _cells(line)] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """Put a sign before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(_DRAWN_AS_FORMULA) else cell


def roster_sheet(title: str, lines: Iterable[RosterLine]) -> bytes:
    """Give the roster as an XLSX file of one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名簿")
    book.properties.title = _NOT_IN_XML.sub("", title)
    for letter, width in zip("ABCDEFG", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.append([_heading(sheet, one) for one in _TITLES])
    for line in lines:
        sheet.append([_text(sheet, one) for one in _cells(line)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(line: RosterLine) -> list[str]:
    completed_on = line.completed_on.isoformat() if line.completed_on else ""
    return [*line[:4], completed_on, line.reason, line.due_on.isoformat()]


def _heading(sheet: WriteOnlyWorksheet, words: str) -> Cell:
    cell = WriteOnlyCell(sheet, value=words)
    cell.font = Font(bold=True)
    return cell


def _text(sheet: WriteOnlyWorksheet, words: str) -> Cell:
    """Write a cell that is text, whatever it begins with."""
    cell = WriteOnlyCell(sheet, value=_NOT_IN_XML.sub("", words))
    cell.data_type = "s"
    return cell
