"""打たれた文字 (typed): what a box shows in a browser, and how what was typed there becomes what the document says."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from schemas.forms.boxes import BoxKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.forms.boxes import Box

UNREADABLE = "\ufffd"
"""What stands where a browser or a program could not read a character."""

_MARK_LENGTH = 16


def typed_of(box: Box) -> tuple[str, ...]:
    """Give what the box shows: one text, or the choices that are ticked."""
    value = box.value
    if isinstance(value, list):
        texts = tuple(str(one) for one in value)
        return texts if box.kind is BoxKind.CHOICES else ("\n".join(texts),)
    if box.kind is BoxKind.CHOICES:
        return ()
    return ("" if value is None else str(value),)


def as_typed(box: Box, texts: Sequence[str]) -> tuple[str, ...]:
    """Give what came from a browser in the way of `typed_of`: lines end in one sign, choices stand in their order."""
    plain = tuple(_plain(one) for one in texts)
    if box.kind is not BoxKind.CHOICES:
        return plain[:1] or ("",)
    order = list(box.choices)
    ticked = dict.fromkeys(one for one in plain if one)
    return tuple(sorted(ticked, key=lambda one: order.index(one) if one in order else len(order)))


def value_from(box: Box, typed: Sequence[str]) -> object:
    """Give what the document says by it; None where it says nothing. No letter of a text is changed."""
    if box.kind is BoxKind.CHOICES:
        return list(typed) or None
    text = typed[0]
    if box.kind is BoxKind.LIST:
        return [line for line in text.split("\n") if line.strip()] or None
    if box.kind in (BoxKind.DAY, BoxKind.DIGEST):
        return text.strip() or None
    return text or None


def empty_of(box: Box) -> object:
    """Give what the document says where nothing was typed: an empty answer where one is asked for and permitted."""
    if not (box.required and box.may_be_empty):
        return None
    return [] if box.kind in (BoxKind.CHOICES, BoxKind.LIST) else ""


def mark_of(typed: Sequence[str]) -> str:
    """Give the mark by which one knows later whether it still is what it was."""
    whole = "\x00".join(typed).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:_MARK_LENGTH]


def fault_of(box: Box, typed: Sequence[str]) -> str | None:
    """Say what can't be kept of it at all; None where it can."""
    text = "".join(typed)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        return (
            "文字として書き表せない符号（対になっていないサロゲート）が含まれています。その文字を取り除いてください。"
        )
    if UNREADABLE in text and UNREADABLE not in "".join(typed_of(box)):
        return "読み取れなかった文字（�）が含まれています。その文字を打ち直してください。"
    return None


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
