"""新旧対照 (comparison): what two versions say, item by item, as one page that a reader can follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from guideline.changes import OLD_FORM, ChangedItem
from rendering.edition import Edition
from rendering.pages import facts, page, table
from rendering.words_changed import Fate, Run, words_changed
from schemas.forms.wording import NOTHING

MATERIAL = "重要な変更の対象"
COLUMNS = ("項目", "変更前", "変更後", "重要な変更")

_NOT_COMPARED = (NOTHING, OLD_FORM)


def comparison_page(before: Edition, after: Edition, changed: Sequence[ChangedItem]) -> bytes:
    """Give the comparison as a self-contained page; `changed` is what differs, in the rendition of both editions."""
    return page(f"新旧対照表 {after.title}", _comparison(before, after, changed))


def _comparison(before: Edition, after: Edition, changed: Sequence[ChangedItem]) -> Iterator[str]:
    material = sum(one.material for one in changed)
    yield f"<header>\n<h1>新旧対照表　{escape(after.title)}</h1>\n<dl>\n<dt>変更前</dt><dd>{facts(before)}</dd>\n"
    yield f"<dt>変更後</dt><dd>{facts(after)}</dd>\n</dl>\n</header>\n<main>\n<h2>変更箇所</h2>\n"
    yield f"<p>変わった項目は{len(changed)}件、そのうち{MATERIAL}となる項目は{material}件です。"
    yield "<del>削られた語</del>は取消線で、<ins>加わった語</ins>は下線で示します。</p>\n"
    yield table("変更箇所", COLUMNS, (_row(one) for one in changed))
    yield "</main>\n"


def sides(one: ChangedItem) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Give both wordings, each cut into what stands in both and what stands in it alone."""
    if one.before in _NOT_COMPARED or one.after in _NOT_COMPARED or one.before == one.after:
        return (Run(Fate.KEPT, one.before),), (Run(Fate.KEPT, one.after),)
    runs = words_changed(one.before, one.after)
    return (
        tuple(run for run in runs if run.fate is not Fate.INSERTED),
        tuple(run for run in runs if run.fate is not Fate.DELETED),
    )


def _row(one: ChangedItem) -> tuple[str, str, str, str]:
    before, after = ("".join(map(_marked, runs)) for runs in sides(one))
    return escape(one.label), before, after, f'<strong class="material">{MATERIAL}</strong>' if one.material else "—"


_TAGS = {Fate.DELETED: "del", Fate.INSERTED: "ins"}


def _marked(run: Run) -> str:
    tag = _TAGS.get(run.fate)
    return f"<{tag}>{escape(run.text)}</{tag}>" if tag else escape(run.text)
