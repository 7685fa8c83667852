"""量 (amounts): how much of the same is tried: some of it each time, all of it by `make test-long`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_IS_WHOLE = os.environ.get("TEST_AMOUNTS") == "whole"


def amount(*, quick: int, whole: int) -> int:
    """Give how many are to be tried; a test that asks is marked `long`."""
    return whole if _IS_WHOLE else quick


def some(many: Sequence[T], *, every: int) -> list[T]:
    """Give every so-maniest of them, or all, as above."""
    return list(many[:: amount(quick=every, whole=1)])
