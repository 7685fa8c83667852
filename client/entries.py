"""各件の増減 (entries): one is added to a repeated part, removed, or moved; what is withheld of them follows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from client.typed import mark_of
from guideline.withholding import TABLE, keys_in
from schemas.forms.boxes import BoxKind, boxes
from schemas.forms.errors import pointer
from schemas.forms.filling import filled, fitted, not_needed

if TYPE_CHECKING:
    from schemas.forms.catalogue import Keys


class Change(StrEnum):
    """増減の種類."""

    ADD = "add"  # 加える
    REMOVE = "remove"  # 除く
    UP = "up"  # 一つ前へ
    DOWN = "down"  # 一つ後へ
    CLEAR = "clear"  # 当たらない記入を除く


@dataclass(frozen=True)
class EntryChange:
    """増減: what is done, and at which place: of a repeated part, of one of its entries, or of a group.

    `seen` is the mark of an entry as its page showed it (`entry_mark`).
    """

    change: Change
    place: str
    seen: str = ""


def entry_mark(value: object) -> str:
    """Give the mark by which one knows later whether an entry still says what it said."""
    return mark_of((json.dumps(value, ensure_ascii=False, sort_keys=True),))


def changed_entries(document: Mapping[str, Any], done: EntryChange) -> tuple[dict[str, Any], str] | None:
    """Do it, and give the document with the place to be seen; None where the document has no such place."""
    box = boxes(document).get(done.place)
    if box is None:
        return None
    if done.change is Change.CLEAR:
        return fitted(filled(document, dict.fromkeys(not_needed(document, done.place)))), done.place
    if done.change is Change.ADD:
        entries = [*(box.value if isinstance(box.value, list) else ()), {}]
        at = (*box.keys, len(entries) - 1)
        return (fitted(filled(document, {box.keys: entries})), pointer(at)) if box.kind is BoxKind.ENTRIES else None
    *outer, index = box.keys
    around = boxes(document).get(pointer(outer))
    if not isinstance(index, int) or around is None or not isinstance(around.value, list):
        return None
    return _moved(document, around.value, tuple(outer), index, done.change)


def _moved(
    document: Mapping[str, Any], entries: list[object], part: Keys, index: int, change: Change
) -> tuple[dict[str, Any], str]:
    order: list[int] = list(range(len(entries)))
    to = {Change.UP: index - 1, Change.DOWN: index + 1}.get(change)
    if to is None:
        order.remove(index)
    elif 0 <= to < len(order):
        order[index], order[to] = order[to], order[index]
    whole = filled(document, {part: [entries[at] for at in order]})

    def now(keys: Keys) -> Keys | None:
        if keys[: len(part)] != part or len(keys) == len(part):
            return keys
        at = keys[len(part)]
        if not isinstance(at, int) or at not in order:
            return None
        return (*part, order.index(at), *keys[len(part) + 1 :])

    seen = part if to is None else (*part, order.index(index))
    return fitted(_withheld_follows(whole, now)), pointer(seen)


def _withheld_follows(document: dict[str, Any], now: Callable[[Keys], Keys | None]) -> dict[str, Any]:
    """Let each row of the table of what is withheld name the same text as before; one whose entry is gone goes too."""
    rows = []
    for row in document.get(TABLE, ()):
        keys = keys_in(str(row.get("place", "")))
        moved = now(keys) if keys else None
        if not keys:
            rows.append(row)
        elif moved is not None:
            rows.append({**row, "place": pointer(moved)})
    return {**document, TABLE: rows} if TABLE in document else document
