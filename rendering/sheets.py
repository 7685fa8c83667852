"""表計算ファイル (sheets): an edition as XLSX in the arrangement of the form, one sheet for each part.

The sheets are built anew: a round trip through openpyxl would lose what official files hold. The bytes depend on the
edition alone, so that the same export has the same digest.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from rendering.arrangement import Arranged, Heading, Part, Row, Table, arrange
from rendering.cells import DRAWN_AS_FORMULA, NOT_IN_XML
from rendering.edition import Edition
from rendering.lines import Piece, pieces_of
from rendering.reports import PrintedPaper
from schemas.forms.wording import NOTHING

TICKED, NOT_TICKED = "[✓]", "[　]"
CHOICES = "＜選択肢＞"

_FACE = "ＭＳ ゴシック"  # of one width, so that the lines of a cell can be counted
_SIZE = 10
_POINTS_OF_A_LINE = 14.4  # of ten points, in the taller fonts that stand in where this one is not installed
_PADDING = 4.0
_MOST_LINES = 28  # of one row: no row can be taller than 409 points
_OF_FORM = (8, 24, 60)
_OF_CHANGES = (12, 20, 23, 23, 8, 18)
_OF_WITHHELD = (34, 34, 24)
_WIDTHS = {len(_OF_CHANGES): _OF_CHANGES, 3: _OF_WITHHELD}
_LINE = Side(style="thin", color="FF7F7F7F")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_FILLS = ("FFD9E2EC", "FFE8EEF4", "FFF3F6F9", "FFFAFBFC")
_A4 = 9
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP file can name


def workbook(edition: Edition) -> bytes:
    """Give the edition as an XLSX file."""
    told = f"第{edition.version}版　{edition.rendition.label}"
    return _book(
        arrange(edition),
        (told,),
        title=edition.title,
        creator=edition.body_name or edition.body,
        dated_on=edition.published_on,
    )


def report_workbook(paper: PrintedPaper) -> bytes:
    """Give a report as an XLSX file."""
    return _book((paper.arranged,), paper.facts, title=paper.title, creator=paper.body, dated_on=paper.dated_on)


def _book(documents: Sequence[Arranged], facts: Sequence[str], *, title: str, creator: str, dated_on: date) -> bytes:
    book = Workbook()
    book.remove(book["Sheet"])
    for document in documents:
        for index, part in enumerate(document.parts):
            sheet = Sheet(book, _name(book, document, part, alone=len(documents) == 1), _widths(part))
            if index == 0:
                sheet.heading(document.title, 0)
                for fact in facts:
                    sheet.heading(fact, 2)
            _write(sheet, part)
    return packed(book, title, by=creator, dated_on=dated_on)


def packed(book: Workbook, title: str, *, by: str, dated_on: date) -> bytes:
    """Give a book as a file whose bytes depend on what it says, and not on the moment."""
    at = datetime(dated_on.year, dated_on.month, dated_on.day, tzinfo=UTC)
    book.properties.title = _plain(title)
    book.properties.creator = _plain(by)
    book.properties.created = book.properties.modified = at.replace(tzinfo=None)
    out = BytesIO()
    book.save(out)
    return _without_the_moment(out.getvalue(), at)


def _name(book: Workbook, document: Arranged, part: Part, *, alone: bool) -> str:
    """Name a sheet after its part; two documents on one form are told apart by a number."""
    name = part.name if alone else f"{document.form} {part.name}"
    name = re.sub(r"[\[\]:*?/\\]", "・", name)[:28]
    count = sum(1 for other in book.sheetnames if other == name or other.startswith(f"{name} ("))
    return f"{name} ({count + 1})" if count else name


def _widths(part: Part) -> tuple[int, ...]:
    tables = [block for block in part.blocks if isinstance(block, Table)]
    return _WIDTHS[len(tables[0].columns)] if tables else _OF_FORM


def _write(sheet: Sheet, part: Part) -> None:
    sheet.heading(part.title, 0)
    for block in part.blocks:
        if isinstance(block, Heading):
            sheet.heading(block.text, block.level)
        elif isinstance(block, Row):
            sheet.row((block.number, block.title, _content(block)))
        else:
            sheet.head(block.columns)
            for row in block.rows or ((NOTHING, *[""] * (len(block.columns) - 1)),):
                sheet.row(row)


class Sheet:
    """一枚 (sheet), written from the top, for pages of A4; `foot` stands at the foot of each instead of its name."""

    def __init__(self, book: Workbook, name: str, widths: tuple[int, ...], *, foot: str | None = None) -> None:
        sheet = book.create_sheet(name)
        assert isinstance(sheet, Worksheet)  # noqa: S101 # the workbook is not write-only
        self._sheet = sheet
        self._next = 1
        self._widths = widths
        for index, width in enumerate(self._widths):
            sheet.column_dimensions["ABCDEFGH"[index]].width = width
        sheet.page_setup.paperSize = _A4
        sheet.page_setup.orientation = "portrait"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_margins.left = sheet.page_margins.right = 0.5
        sheet.print_options.horizontalCentered = True
        footer = HeaderFooterItem()
        footer.left.text, footer.right.text = (foot or name).replace("&", "&&"), "&P / &N"
        sheet.HeaderFooter.oddFooter = footer
        sheet.sheet_view.showGridLines = False

    def heading(self, text: str, level: int) -> None:
        """Write a heading across all columns."""
        pieces = pieces_of(text, width=sum(self._widths), most=_MOST_LINES)
        for piece in pieces:
            self._cell(1, piece.text, bold=level < 3, size=12 if level == 0 else _SIZE, fill=_FILLS[min(level, 3)])  # noqa: PLR2004 # deeper ones are plain
            for column in range(2, len(self._widths) + 1):
                self._cell(column, "")
            self._sheet.merge_cells(
                start_row=self._next, end_row=self._next, start_column=1, end_column=len(self._widths)
            )
            self._end_row(piece.lines * (1.25 if level == 0 else 1))

    def head(self, columns: Sequence[str]) -> None:
        """Write the head of a table; it stands again on each page."""
        self.row(columns, fill=_FILLS[1])
        self._sheet.print_title_rows = f"{self._next - 1}:{self._next - 1}"

    def row(self, texts: Sequence[str], *, fill: str | None = None) -> None:
        """Write a row; one that is too tall for a sheet goes on in the next, with the other cells merged beside it."""
        spans = self._spans(len(texts))
        columns = [pieces_of(text, width=span.width, most=_MOST_LINES) for text, span in zip(texts, spans, strict=True)]
        first, deep = self._next, max(map(len, columns))
        for index in range(deep):
            lines = 1.0
            for pieces, span in zip(columns, spans, strict=True):
                piece = pieces[index] if index < len(pieces) else None
                self._cell(span.first, piece.text if piece else "", bold=fill is not None, fill=fill)
                lines = max(lines, piece.lines if piece else 1)
                self._across(span)
            self._end_row(lines)
        for pieces, span in zip(columns, spans, strict=True):
            if deep > 1 and len(pieces) == 1 and span.first == span.last:
                self._sheet.merge_cells(
                    start_row=first, end_row=first + deep - 1, start_column=span.first, end_column=span.last
                )

    def beside(self, left: str, right: Sequence[str]) -> None:
        """Write one cell beside several, each a row; together they are as high as it."""
        first, width = self._next, sum(self._widths[1:])
        pieces = [piece for text in right for piece in pieces_of(text, width=width, most=_MOST_LINES)]
        lines = sum(piece.lines for piece in pieces_of(left, width=self._widths[0], most=_MOST_LINES))
        lacking = lines - sum(piece.lines for piece in pieces)
        while lacking > 0:
            last = pieces.pop()
            more = min(lacking, _MOST_LINES - last.lines)
            pieces += [Piece(last.text, last.lines + more)] if more else [last, Piece("", 0)]
            lacking -= more
        for index, piece in enumerate(pieces):
            self._cell(1, "" if index else left)
            self._cell(2, piece.text)
            self._across(_Span(2, len(self._widths), width))
            self._end_row(piece.lines)
        self._sheet.merge_cells(start_row=first, end_row=self._next - 1, start_column=1, end_column=1)

    def _spans(self, cells: int) -> list[_Span]:
        """Say which columns each cell takes; the last of a row takes what is left."""
        spans = [_Span(index + 1, index + 1, width) for index, width in enumerate(self._widths[: cells - 1])]
        return [*spans, _Span(cells, len(self._widths), sum(self._widths[cells - 1 :]))]

    def _across(self, span: _Span) -> None:
        for column in range(span.first + 1, span.last + 1):
            self._cell(column, "")
        if span.last > span.first:
            self._sheet.merge_cells(
                start_row=self._next, end_row=self._next, start_column=span.first, end_column=span.last
            )

    def _cell(self, column: int, text: str, *, bold: bool = False, size: int = _SIZE, fill: str | None = None) -> None:
        cell = self._sheet.cell(self._next, column)
        assert isinstance(cell, Cell)  # noqa: S101 # it is not yet merged
        if text:
            cell.value = _plain(text)
            cell.data_type = "s"  # whatever it begins with: a text is never a formula
            cell.quotePrefix = text.startswith(DRAWN_AS_FORMULA)
        cell.font = Font(name=_FACE, size=size, bold=bold)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.border = _BORDER
        if fill:
            cell.fill = PatternFill("solid", fgColor=fill)

    def _end_row(self, lines: float) -> None:
        self._sheet.row_dimensions[self._next].height = round(lines * _POINTS_OF_A_LINE + _PADDING, 2)
        self._next += 1


class _Span(NamedTuple):
    first: int
    last: int
    width: int


def _content(row: Row) -> str:
    if not row.choices:
        return row.text
    ticks = (f"{TICKED if choice.chosen else NOT_TICKED} {choice.title}" for choice in row.choices)
    return "\n".join((CHOICES, *ticks))


def _plain(text: str) -> str:
    """Give the text as XML can hold it."""
    return NOT_IN_XML.sub("�", text.replace("\r\n", "\n").replace("\r", "\n"))


def _without_the_moment(content: bytes, at: datetime) -> bytes:
    """Pack the file anew without the moment at which it was written."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(given.namelist()):
            data = given.read(name)
            if name == "docProps/core.xml":
                data = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + at.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), data
                )
            packed.writestr(zipfile.ZipInfo(name, _EARLIEST), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
