"""改められた規則 (amended rules): a row of the simulation's own, beside the released ones, which stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from unittest.mock import patch

from guideline import threshold
from guideline.threshold import THRESHOLDS, Band, ThresholdRow

AMENDED_ON = date(2027, 4, 1)


@contextmanager
def amended_rules() -> Iterator[None]:
    """Let the rules have that row, and take it out again."""
    with patch.object(threshold, "THRESHOLDS", _amended_thresholds()):
        yield


def _amended_thresholds() -> tuple[ThresholdRow, ...]:
    """Give the thresholds with one more row: 重点項目評価 from 10,000 persons, and no longer from 100,000."""
    last = THRESHOLDS[-1]
    lower = {one.at_least: one for one in last.bands}
    bands = tuple(_raised(one, lower[100_000]) if one.at_least == 10_000 else one for one in last.bands)
    return (*THRESHOLDS, replace(last, in_force_on=AMENDED_ON, bands=bands))


def _raised(band: Band, as_: Band) -> Band:
    return replace(band, ordinary=as_.ordinary)
