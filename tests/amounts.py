"""量 (amounts): how much of the same is tried: some of it each time, all of it by `make test-long`."""

from __future__ import annotations

import os

_IS_WHOLE = os.environ.get("TEST_AMOUNTS") == "whole"


def amount(*, quick: int, whole: int) -> int:
    """Give how many are to be tried; a test that asks is marked `long`."""
    return whole if _IS_WHOLE else quick
