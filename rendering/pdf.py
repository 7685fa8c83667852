"""PDF: an edition or a report as an accessible document with bookmarks, typeset from the templates beside it."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from importlib import resources
from itertools import groupby
from typing import Any, Literal

import typst

from rendering.arrangement import Arranged, Block, Heading, Part, Row, Table, arrange
from rendering.edition import Edition
from rendering.guidance import GuidancePaper, data_of_guidance
from rendering.reports import PrintedPaper
from schemas.forms.wording import NOTHING, japanese_day

STANDARDS: tuple[Literal["ua-1"], Literal["a-2a"]] = ("ua-1", "a-2a")
"""規格: for every reader (PDF/UA-1), and for decades (PDF/A-2a)."""

_FONTS = (
    "Noto Sans CJK JP",
    "Noto Serif CJK JP",
    "Noto Sans JP",
    "Source Han Sans JP",
    "BIZ UDGothic",
    "IPAexGothic",
)
_FORM, _GUIDANCE = "form.typ", "guidance.typ"


class NoFontError(RuntimeError):
    """日本語の書体がない: without one, boxes would be printed instead of the text."""

    def __init__(self) -> None:
        super().__init__("PDF に用いる日本語の書体が、この機械に見つかりません。")
        self.remedy = (
            "書体を入れてください（Debian・Ubuntu では `apt-get install fonts-noto-cjk`）。"
            f"用いることのできる書体: {'、'.join(_FONTS)}。"
        )


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True)


def font_families() -> frozenset[str]:
    """Give the families of all fonts of this machine."""
    return frozenset(_fonts().families())


def font_of(families: Iterable[str]) -> str:
    """Choose the font. Raises NoFontError where none has Japanese letters."""
    known = {family.casefold(): family for family in families}
    found = next((known[font.casefold()] for font in _FONTS if font.casefold() in known), None)
    if found is None:
        raise NoFontError
    return found


def document(edition: Edition, *, families: frozenset[str] | None = None) -> bytes:
    """Give the edition as a PDF. Raises NoFontError; `families` are the fonts that there are, those of the machine."""
    font = font_of(font_families() if families is None else families)
    return _typeset(data_of(edition, font=font), dated_on=edition.published_on)


def report(paper: PrintedPaper, *, families: frozenset[str] | None = None) -> bytes:
    """Give a report as a PDF; a draft has 「案」 across each page. Raises NoFontError as `document` does."""
    font = font_of(font_families() if families is None else families)
    return _typeset(data_of_report(paper, font=font), dated_on=paper.dated_on)


def guidance_report(paper: GuidancePaper, *, families: frozenset[str] | None = None) -> bytes:
    """Give a report on measures as a PDF. Raises NoFontError as `document` does."""
    font = font_of(font_families() if families is None else families)
    return _typeset(data_of_guidance(paper, font=font), dated_on=paper.report.on, template=_GUIDANCE)


def _typeset(data: dict[str, Any], *, dated_on: date, template: str = _FORM) -> bytes:
    content = typst.compile(
        (resources.files(__package__) / template).read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=[*STANDARDS],
        timestamp=int(datetime(dated_on.year, dated_on.month, dated_on.day, tzinfo=UTC).timestamp()),
    )
    assert isinstance(content, bytes)  # noqa: S101 # a PDF is one file
    return content


def data_of(edition: Edition, *, font: str) -> dict[str, Any]:
    """Give all that the template sets, as plain data."""
    day = edition.published_on
    return {
        "title": edition.title,
        "author": edition.body_name or edition.body,
        "rendition": edition.rendition.label,
        "published_on": [day.year, day.month, day.day],
        "font": font,
        "facts": [
            edition.title,
            f"第{edition.version}版　公表日 {japanese_day(day)}　{edition.rendition.label}",
        ],
        "documents": [_document(one) for one in arrange(edition)],
    }


def data_of_report(paper: PrintedPaper, *, font: str) -> dict[str, Any]:
    """Give all of a report that the template sets, as plain data."""
    day = paper.dated_on
    return {
        "title": paper.title,
        "author": paper.body,
        "rendition": paper.label,
        "published_on": [day.year, day.month, day.day],
        "font": font,
        "facts": [paper.title, *paper.facts],
        "documents": [_document(paper.arranged)],
        **({"mark": paper.label} if paper.is_draft else {}),
    }


def _document(one: Arranged) -> dict[str, Any]:
    return {"title": one.title, "parts": [_part(part) for part in one.parts]}


def _part(part: Part) -> dict[str, Any]:
    has_table = any(isinstance(block, Table) for block in part.blocks)
    return {"title": part.title, "blocks": list(_blocks(part.blocks)), "begins_page": part.is_entry or has_table}


def _blocks(blocks: Iterable[Block]) -> Iterator[dict[str, Any]]:
    """Give the blocks with neighbouring rows together, so that they share one grid."""
    for is_row, some in groupby(blocks, key=lambda block: isinstance(block, Row)):
        if is_row:
            yield {"kind": "rows", "rows": [_row(block) for block in some if isinstance(block, Row)]}
            continue
        for block in some:
            if isinstance(block, Heading):
                yield {"kind": "heading", "level": block.level, "text": block.text}
            elif isinstance(block, Table):
                rows = block.rows or ((NOTHING, *[""] * (len(block.columns) - 1)),)
                yield {"kind": "table", "columns": list(block.columns), "rows": [list(row) for row in rows]}


def _row(row: Row) -> dict[str, Any]:
    choices = [{"title": choice.title, "chosen": choice.chosen} for choice in row.choices]
    return {"number": row.number, "title": row.title, "text": row.text, "choices": choices}
