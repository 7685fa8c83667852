"""行数 (lines): how many lines a text takes in a column, and where it is cut when they are too many for one row."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_SURE = 0.97  # of the width, which is wider by a tenth: lines are broken before a bracket, and fonts differ

_WORD = re.compile(r"[!-~]+|[^!-~]")  # Latin words are kept whole, all else is broken between any two letters


class Piece(NamedTuple):
    """一行に収まる部分 (piece): the part of a text that stands in one row of a sheet, and the lines that it takes."""

    text: str
    lines: int


def pieces_of(text: str, *, width: int, most: int) -> tuple[Piece, ...]:
    """Cut a text into pieces of at most so many lines; `width` is that of the column, in half-width characters.

    Together the pieces are the text; a line break at a cut is left out.
    """
    room = max(2, int(width * _SURE))
    pieces: list[Piece] = []
    words, lines = "", 0
    for number, paragraph in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        for index, line in enumerate(_lines_of(paragraph, room)):
            if lines == most:
                pieces.append(Piece(words, lines))
                words, lines = "", 0
            elif index == 0 and number:
                words += "\n"
            words += line
            lines += 1
    return (*pieces, Piece(words, lines))


def _lines_of(paragraph: str, room: int) -> list[str]:
    lines, line, taken = [], "", 0
    for word in _WORD.findall(paragraph):
        wide = sum(map(_width_of, word))
        if taken + wide <= room:
            line, taken = line + word, taken + wide
            continue
        if line:
            lines.append(line)
        line, taken = "", 0
        for letter in word:  # a word that is longer than a line is broken anywhere
            if taken + _width_of(letter) > room:
                lines.append(line)
                line, taken = "", 0
            line, taken = line + letter, taken + _width_of(letter)
    return [*lines, line]


def _width_of(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "FWA" else 1
