"""表の読取り (reading of CSV): which encoding a table has, its columns, and its rows as a spreadsheet numbers them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from client.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LARGEST_TABLE = 50_000_000
"""The largest table that is read, in bytes."""


class Encoding(StrEnum):
    """文字コード (encoding) of a table; the value is the codec."""

    UTF_8 = "utf-8-sig"
    SHIFT_JIS = "cp932"

    @property
    def label(self) -> str:
        """The encoding as people call it."""
        return {"utf-8-sig": "UTF-8", "cp932": "Shift_JIS（CP932）"}[self.value]


@dataclass(frozen=True, slots=True)
class Columns:
    """列 (columns) of a table: the title of each by its name in code, and other titles that are taken for it."""

    titles: Mapping[str, str]
    needed: frozenset[str]
    also: Mapping[str, str]

    def named(self, cell: str) -> str | None:
        """Give the name of the column that a title stands for; None for an unknown one."""
        by_title = {title: name for name, title in self.titles.items()} | dict(self.also)
        return cell if cell in self.titles else by_title.get(cell)


@dataclass(frozen=True, slots=True)
class Line:
    """行 (line): its number as a spreadsheet shows it, and its cells by column; a cell that is not there is empty."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """表 (table): what was read, and in which encoding it came."""

    encoding: Encoding
    lines: tuple[Line, ...]


def text_of(content: bytes, *, where: str) -> tuple[str, Encoding]:
    """Give the text of a table with its encoding. Raises InvalidInputError where it is neither UTF-8 nor Shift_JIS."""
    if len(content) > LARGEST_TABLE:
        raise _unreadable(f"大きすぎます（上限{LARGEST_TABLE:,}バイト）。", "表を分けてください。", where=where)
    for encoding in Encoding:
        try:
            text = content.decode(encoding.value)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise _unreadable("UTF-8 でも Shift_JIS でもありません。", "CSV（UTF-8）で保存し直してください。", where=where)


def cells_of(content: bytes, *, where: str) -> tuple[list[list[str]], Encoding]:
    """Give the cells of a table line by line. Raises InvalidInputError where it is no table, or has no first line."""
    text, encoding = text_of(content, where=where)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        remedy = "表計算ソフトで CSV として保存し直してください。"
        raise _unreadable("表として読めません。", remedy, where=where) from None
    if not lines or not any(cell.strip() for cell in lines[0]):
        raise _unreadable("表が空です。", "一行目に列の題名、二行目から一行に一件を書いてください。", where=where)
    return lines, encoding


def read_table(content: bytes, columns: Columns, *, where: str) -> Table:
    """Read a table; empty lines are passed over.

    Raises InvalidInputError with every fault of its columns, or of the lines that have more cells than columns.
    """
    lines, encoding = cells_of(content, where=where)
    names = _columns(lines[0], columns, where=where)
    too_long = [number for number, line in enumerate(lines[1:], start=2) if any(line[len(names) :])]
    if too_long:
        raise InvalidInputError(
            "列の数が、題名より多い行があります。",
            where=where,
            remedy="読点や引用符の書き方を確かめてください。",
            faults=tuple(f"{number}行目: 列の数が、題名より多くあります。" for number in too_long),
        )
    found = tuple(_lines(names, lines[1:]))
    if not found:
        raise _unreadable("一件も書かれていません。", "二行目から、一行に一件を書いてください。", where=where)
    return Table(encoding, found)


def _columns(header: Sequence[str], columns: Columns, *, where: str) -> list[str]:
    cells = [cell.strip() for cell in header]
    while cells and not cells[-1]:
        cells.pop()
    names = [columns.named(cell) for cell in cells]
    found = [one for one in names if one is not None]
    faults = (
        *(f"知らない列「{cell}」があります。" for cell, name in zip(cells, names, strict=True) if name is None),
        *(f"列「{columns.titles[one]}」が二度現れます。" for one in dict.fromkeys(found) if found.count(one) > 1),
        *(
            f"列「{title}」がありません。"
            for name, title in columns.titles.items()
            if name in columns.needed and name not in found
        ),
    )
    if faults:
        raise InvalidInputError(
            "列の題名に誤りがあります。",
            where=f"{where}の一行目",
            remedy=f"列の題名は {'、'.join(columns.titles.values())} です。",
            faults=faults,
        )
    return found


def _lines(names: Sequence[str], lines: Sequence[Sequence[str]]) -> Iterator[Line]:
    for number, line in enumerate(lines, start=2):
        if any(cell.strip() for cell in line):
            cells = (*(cell.strip() for cell in line), *[""] * len(names))
            yield Line(number, dict(zip(names, cells, strict=False)))


def _unreadable(message: str, remedy: str, *, where: str) -> InvalidInputError:
    return InvalidInputError(message, where=where, remedy=remedy)
