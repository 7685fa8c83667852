"""籤 (drawing): which fault comes when, and how long it lasts: drawn from the seed alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

CALM_S = 3.0
"""So long nothing fails at first, and at least between two faults (seconds)."""


@dataclass(frozen=True)
class Strike:
    """障害の予定: a fault, so long after the one before it and for so long (seconds); `choice` is the fault's own."""

    fault: str
    after_s: float
    lasts_s: float
    choice: int


def draw(faults: Mapping[str, tuple[float, float]], *, seed: int, duration_s: float) -> Sequence[Strike]:
    """Draw the strikes of a run from the faults, each with its shortest and longest time.

    Each comes once before any comes twice; what does not fit into the duration is left out.
    """
    random = Random(seed)  # noqa: S311 # the same seed is to give the same run
    strikes: list[Strike] = []
    spent = 0.0
    while faults:
        for fault in random.sample(sorted(faults), k=len(faults)):
            lasts = round(random.uniform(*faults[fault]), 1)
            strike = Strike(fault, round(CALM_S + random.uniform(0, 2), 1), lasts, random.randrange(1 << 16))
            spent += strike.after_s + strike.lasts_s
            if spent > duration_s and strikes:
                return tuple(strikes)
            strikes.append(strike)
    return ()
