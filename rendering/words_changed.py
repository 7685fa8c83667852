"""変わった語 (words changed): two wordings cut into what stayed, what is gone and what is new."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    for same, gone, come in _opcodes(old, new):
        if same:
            yield Run(Fate.KEPT, gone)
        else:
            yield from _by_word(gone, come)


def _by_word(before: str, after: str) -> Iterator[Run]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    fine = len(old) * len(new) <= _MOST_PAIRS
    for same, gone, come in _opcodes(old, new) if fine else [(False, before, after)]:
        if same:
            yield Run(Fate.KEPT, gone)
            continue
        if gone:
            yield Run(Fate.DELETED, gone)
        if come:
            yield Run(Fate.INSERTED, come)


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, str, str]]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield tag == "equal", "".join(old[a:b]), "".join(new[c:d])
