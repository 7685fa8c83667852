"""漏えい等報告書の紙面 (paper of a breach report): what a report and the record of its approval look like.

The items and their order come from the form, as those of every other form (`rendering.arrangement`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from rendering.arrangement import Arranged, Part, Row, arranged
from rendering.pages import document_page


class PrintedPaper(Protocol):
    """印刷する紙面 (printed paper): what every report has, whatever it reports."""

    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def dated_on(self) -> date: ...
    @property
    def facts(self) -> tuple[str, ...]: ...
    @property
    def arranged(self) -> Arranged: ...
    @property
    def is_draft(self) -> bool: ...


_RECORD = "承認及び提出の記録"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPaper:
    """報告書の紙面 (paper): a report with what is said of it before its items, and the record of it after them."""

    title: str
    body: str
    label: str
    dated_on: date
    facts: tuple[str, ...]
    document: Mapping[str, object]
    record: tuple[tuple[str, str], ...] = ()
    is_draft: bool = False

    @property
    def arranged(self) -> Arranged:
        """The items of the form in their order, and the record."""
        items = arranged(self.document)
        if not self.record:
            return items
        rows = tuple(Row("", what, text) for what, text in self.record)
        return replace(items, parts=(*items.parts, Part(_RECORD, _RECORD, rows)))


def report_page(paper: ReportPaper) -> bytes:
    """Give the report as a page to be read."""
    return document_page(paper.title, paper.facts, paper.arranged)
