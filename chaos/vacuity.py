"""空振り (vacuity): a fault under which hardly anything was accepted has shown nothing, and fails the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from chaos.ledger import Ledger, Struck


class Expected(Protocol):
    """期待: how much a fault must let be seen."""

    @property
    def under_way(self) -> int:
        """What was under way while it lasted, and was accepted in the end."""

    @property
    def taken_after(self) -> int:
        """What was sent and accepted after it."""


def shows_nothing(ledger: Ledger, struck: Sequence[Struck], expected: Mapping[str, Expected]) -> tuple[str, ...]:
    """Say which faults have shown too little."""
    if not struck:
        return ("nothing was struck: the duration is too short",)
    return tuple(line for one in struck for line in _too_little(ledger, one, expected[one.fault]))


def _too_little(ledger: Ledger, struck: Struck, expected: Expected) -> Iterator[str]:
    during = ledger.under_way_between(struck.began_at, struck.healed_at)
    after = ledger.answered_between(struck.healed_at, struck.next_at)
    called = f"{struck.fault} at {struck.began_at:.0f} s"
    if struck.note:
        yield f"{called} did not come about: {struck.note}"
    if during < expected.under_way:
        yield f"{called}: {during} that were under way were accepted in the end, fewer than {expected.under_way}"
    if after < expected.taken_after:
        yield f"{called}: {after} were accepted after it, fewer than {expected.taken_after}"
