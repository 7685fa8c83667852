"""名簿の表計算 (roster sheets): a roster as an XLSX file, in a room of its own: the library takes a while to load."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from rendering.cells import NOT_IN_XML
from rendering.rosters import TITLES, cells_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from rendering.rosters import RosterLine

_WIDTHS = (16, 24, 30, 18, 14, 40, 14)


def roster_sheet(title: str, lines: Iterable[RosterLine]) -> bytes:
    """Give the roster as an XLSX file of one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名簿")
    book.properties.title = NOT_IN_XML.sub("", title)
    for letter, width in zip("ABCDEFG", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.append([_heading(sheet, one) for one in TITLES])
    for line in lines:
        sheet.append([_text(sheet, one) for one in cells_of(line)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _heading(sheet: WriteOnlyWorksheet, words: str) -> Cell:
    cell = WriteOnlyCell(sheet, value=words)
    cell.font = Font(bold=True)
    return cell


def _text(sheet: WriteOnlyWorksheet, words: str) -> Cell:
    """Write a cell that is text, whatever it begins with."""
    cell = WriteOnlyCell(sheet, value=NOT_IN_XML.sub("", words))
    cell.data_type = "s"
    return cell
