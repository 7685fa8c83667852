"""突き合わせ (merging): what one person typed on a page is put into a document that another may have saved meanwhile.

A page carries of each box a mark of what it showed. What the person did not touch is left as it now stands; what both
changed is not decided here: it collides, and the person chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from client.typed import as_typed, empty_of, fault_of, mark_of, typed_of, value_from
from guideline.withholding import keys_in
from schemas.forms.boxes import BoxKind, boxes
from schemas.forms.errors import pointer
from schemas.forms.filling import filled, fitted

if TYPE_CHECKING:
    from schemas.forms.boxes import Box
    from schemas.forms.catalogue import Keys


@dataclass(frozen=True)
class Typed:
    """打たれたもの (typed): what a page sent, by the places at which the boxes stood when it was opened.

    `marks` are of what each box showed; `names` those of the entries of each repeated part on the way.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Collision:
    """食い違い (collision): a box that both changed, with what one typed and what the other has saved."""

    box: Box
    mine: tuple[str, ...]
    theirs: tuple[str, ...]


@dataclass(frozen=True)
class Lost:
    """行き先のない記入 (lost): something typed into an entry that another person has removed."""

    sent_as: str
    mine: tuple[str, ...]


@dataclass(frozen=True)
class Merged:
    """突き合わせた結果: the document, the places that were changed in it, and what could not be put into it."""

    document: dict[str, Any]
    changed: tuple[str, ...] = ()
    collisions: tuple[Collision, ...] = ()
    lost: tuple[Lost, ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)
    taken: tuple[str, ...] = ()


def merged(document: Mapping[str, Any], typed: Typed) -> Merged:
    """Put what was typed into a document; `taken` are the places on the page that another has changed meanwhile."""
    there = boxes(document)
    values: dict[Keys, object] = {}
    collisions, lost, taken = [], [], []
    faults: dict[str, str] = {}
    for sent_as, texts in typed.values.items():
        opened = typed.marks.get(sent_as, mark_of(("",)))
        place = place_now(sent_as, typed.names, there)
        box = there.get(place) if place else None
        if box is None or not box.is_leaf:
            if mark_of(texts) != opened:
                lost.append(Lost(sent_as, texts))
            continue
        mine, theirs = as_typed(box, texts), typed_of(box)
        touched, moved_on = mark_of(mine) != opened, mark_of(theirs) != opened
        if moved_on and mine != theirs:
            taken.append(box.pointer)
        if not touched or mine == theirs:
            continue
        if fault := fault_of(box, mine):
            faults[box.pointer] = fault
        elif moved_on:
            collisions.append(Collision(box, mine, theirs))
        else:
            values[box.keys] = value_from(box, mine)
    whole = fitted(filled(document, values))
    return Merged(
        document=_with_empty_answers(whole, typed, there),
        changed=tuple(pointer(keys) for keys in values),
        collisions=tuple(collisions),
        lost=tuple(lost),
        faults=faults,
        taken=tuple(taken),
    )


def place_now(sent_as: str, names: Mapping[str, tuple[str, ...]], there: Mapping[str, Box]) -> str | None:
    """Give where a box stands now that stood at a place when the page was opened; None where its entry is gone.

    An entry is known by its name. One under a new name, at a place where none of the known names stands, is the same.
    """
    then: Keys = ()
    now: Keys = ()
    for key in keys_in(sent_as) or ():
        known, part = names.get(pointer(then)), there.get(pointer(now))
        then = (*then, key)
        if isinstance(key, int) and known is not None and part is not None and part.kind is BoxKind.ENTRIES:
            at = _entry_now(key, known, part.names)
            if at is None:
                return None
            now = (*now, at)
        else:
            now = (*now, key)
    return pointer(now)


def _entry_now(index: int, known: tuple[str, ...], names: tuple[str, ...]) -> int | None:
    if index >= len(known):
        return None
    if known[index] in names:
        return names.index(known[index])
    renamed = len(names) == len(known) and index < len(names) and names[index] not in known
    return index if renamed else None


def _with_empty_answers(whole: dict[str, Any], typed: Typed, before: Mapping[str, Box]) -> dict[str, Any]:
    """Put an empty answer where a person saw a box that may stay empty, and left it so."""
    there = boxes(whole)
    places = (place_now(sent_as, typed.names, before) for sent_as in typed.values)
    left = (there[place] for place in places if place in there)
    return filled(
        whole,
        {box.keys: empty_of(box) for box in left if box.is_leaf and box.value is None and empty_of(box) is not None},
    )
