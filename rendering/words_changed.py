"""変わった語 (words changed): two wordings cut into what stayed, what is gone and what is new."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import Enum
from typing import NamedTuple


class Fate(Enum):
    """語の行方 (fate) of a run of words."""

    KEPT = "kept"  # 残った
    DELETED = "deleted"  # 削られた
    INSERTED = "inserted"  # 加わった


class Run(NamedTuple):
    """語の続き (run): some words with one fate."""

    fate: Fate
    text: str


_SENTENCE = re.compile(r"[^。\n]*[。\n]|[^。\n]+")
_WORD = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)
_MOST_PAIRS = 400_000  # of words; beyond it whole sentences are marked, for the comparison takes time


def words_changed(before: str, after: str) -> tuple[Run, ...]:
    """Compare sentence by sentence, and where sentences differ letter by letter; digits and Latin words stay whole."""
    runs: list[Run] = []
    for run in _by_sentence(before, after):
        if runs and runs[-1].fate is run.fate:
            runs[-1] = Run(run.fate, runs[-1].text + run.text)
        else:
            runs.append(run)
    return tuple(runs)


def _by_sentence(before: str, after: str) -> Iterator[Run]:
    for same, gone, come in _opcodes(_SENTENCE.findall(before), _SENTENCE.findall(after)):
        if same:
            yield Run(Fate.KEPT, "".join(gone))
        elif len(gone) == len(come):  # each was reworded: neighbours are not mixed, and it takes far less time
            for one, other in zip(gone, come, strict=True):
                yield from _by_word(one, other)
        else:
            yield from _by_word("".join(gone), "".join(come))


def _by_word(before: str, after: str) -> Iterator[Run]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    fine = len(old) * len(new) <= _MOST_PAIRS
    for same, gone, come in _opcodes(old, new) if fine else [(False, [before], [after])]:
        if same:
            yield Run(Fate.KEPT, "".join(gone))
            continue
        if gone:
            yield Run(Fate.DELETED, "".join(gone))
        if come:
            yield Run(Fate.INSERTED, "".join(come))


def _opcodes(old: list[str], new: list[str]) -> Iterator[tuple[bool, list[str], list[str]]]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield tag == "equal", old[a:b], new[c:d]
