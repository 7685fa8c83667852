"""ページ (pages): an edition, and the comparison of two, each as one self-contained HTML page without any script."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib import resources

from rendering.arrangement import Arranged, Block, Heading, Part, Row, Table, arrange
from rendering.edition import Edition
from schemas.forms.wording import NOTHING, japanese_day

_SHALLOWEST, _DEEPEST = 3, 6  # the headings within a part


@functools.cache
def _style() -> str:
    return (resources.files(__package__) / "page.css").read_text(encoding="utf-8")


def page(title: str, body: Iterable[str]) -> bytes:
    """Give a whole page; `title` is plain text, `body` is HTML."""
    return "".join(
        (
            '<!DOCTYPE html>\n<html lang="ja">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f"<title>{escape(title)}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n",
            *body,
            "</body>\n</html>\n",
        )
    ).encode()


def edition_page(edition: Edition) -> bytes:
    """Give the edition as a page to be read."""
    head = f"<h1>{escape(edition.title)}</h1>\n{facts(edition)}"
    return page(f"{edition.title}（{edition.rendition.label}）", _documents(head, arrange(edition)))


def document_page(title: str, said: Iterable[str], document: Arranged) -> bytes:
    """Give one document as a page to be read, with lines of plain text below its title."""
    lines = "".join(f"<p>{escape(line)}</p>\n" for line in said)
    return page(title, _documents(f"<h1>{escape(title)}</h1>\n{lines}", (document,)))


def facts(edition: Edition) -> str:
    """Say which version and rendition this is."""
    day = f'<time datetime="{edition.published_on}">{japanese_day(edition.published_on)}</time>'
    return f"<p>第{edition.version}版　公表日 {day}　{edition.rendition.label}</p>\n"


def _documents(head: str, documents: Sequence[Arranged]) -> Iterator[str]:
    yield f"<header>\n{head}</header>\n"
    yield '<nav aria-label="目次">\n<ul>\n'
    for number, document in enumerate(documents, 1):
        for index, part in enumerate(document.parts, 1):
            yield f'<li><a href="#part-{number}-{index}">{escape(_title(document, part, documents))}</a></li>\n'
    yield "</ul>\n</nav>\n<main>\n"
    for number, document in enumerate(documents, 1):
        for index, part in enumerate(document.parts, 1):
            yield f'<section aria-labelledby="part-{number}-{index}">\n'
            yield f'<h2 id="part-{number}-{index}">{escape(_title(document, part, documents))}</h2>\n'
            yield from _blocks(part)
            yield "</section>\n"
    yield "</main>\n"


def _title(document: Arranged, part: Part, documents: Sequence[Arranged]) -> str:
    return part.title if len(documents) == 1 else f"{document.form} {part.title}"


def _blocks(part: Part) -> Iterator[str]:
    rows: list[Row] = []
    for block in part.blocks:
        if isinstance(block, Row):
            rows.append(block)
            continue
        yield from _rows(part, rows)
        rows = []
        yield from _other(part, block)
    yield from _rows(part, rows)


def _rows(part: Part, rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        return
    cells = (
        f'<tr role="row"><td role="cell" class="number">{escape(row.number)}</td>'
        f'<th role="rowheader" scope="row" class="title">{escape(row.title)}</th>'
        f'<td role="cell">{_content(row)}</td></tr>\n'
        for row in rows
    )
    head = '<th scope="col" class="number">番号</th><th scope="col" class="title">項目</th><th scope="col">記載</th>'
    yield f'<table role="table" aria-label="{escape(part.title)}">\n<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n'
    yield from cells
    yield "</tbody>\n</table>\n"


def _content(row: Row) -> str:
    if not row.choices:
        return f'<div class="words">{escape(row.text)}</div>'
    ticks = (
        f"<li><strong>☑ {escape(choice.title)}（選択）</strong></li>"
        if choice.chosen
        else f"<li>☐ {escape(choice.title)}</li>"
        for choice in row.choices
    )
    return f'<ul class="choices">{"".join(ticks)}</ul>'


def _other(part: Part, block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        level = min(block.level - 1 + _SHALLOWEST, _DEEPEST)
        yield f"<h{level}>{escape(block.text)}</h{level}>\n"
    elif isinstance(block, Table):
        yield table(part.title, block.columns, ([escape(cell) for cell in row] for row in block.rows))


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a table with a heading for each column; `title` and `columns` are plain text, the cells are HTML."""
    head = "".join(f'<th role="columnheader" scope="col">{escape(column)}</th>' for column in columns)
    labels = [escape(column) for column in columns]
    lines = [
        "".join(
            f'<td role="cell" data-label="{label}"><div class="words">{cell}</div></td>'
            for label, cell in zip(labels, row, strict=True)
        )
        for row in rows
    ] or [f'<td role="cell" colspan="{len(columns)}">{NOTHING}</td>']
    body = "".join(f'<tr role="row">{line}</tr>\n' for line in lines)
    return (
        f'<table role="table" class="columns-{len(columns)}" aria-label="{escape(title)}">\n'
        f'<thead>\n<tr role="row">{head}</tr>\n</thead>\n'
        f"<tbody>\n{body}</tbody>\n</table>\n"
    )
