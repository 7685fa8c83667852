"""計測の行 (rows): what is measured, held against its bar."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """一行 (one row): a ratio, the bar it is held against, and under which conditions it was measured."""

    name: str
    ratio: float
    bar: float
    ok: bool
    conditions: str


def at_least(name: str, ratio: float, bar: float, conditions: str) -> Row:
    """Give the row of a ratio that must reach its bar."""
    return Row(name, ratio, bar, ratio >= bar, conditions)


def at_most(name: str, ratio: float, bar: float, conditions: str) -> Row:
    """Give the row of a ratio that must not exceed its bar."""
    return Row(name, ratio, bar, ratio <= bar, conditions)
