"""訓練: after each disaster every act that was answered is there once, and reviews go on (`make drill` for more)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from settings import Settings
from tests.client.drill import DESKS, Disaster, drill

pytestmark = [pytest.mark.whole, pytest.mark.sqlite("register and engine lie in one home")]


@pytest.mark.parametrize("disaster", Disaster)
async def test_what_was_answered_is_there_after_a_disaster_and_reviews_go_on(
    disaster: Disaster, settings_in: Callable[[Path], Settings], tmp_path: Path
) -> None:
    assert await drill(disaster, seed=35, settings=settings_in, folder=tmp_path) >= DESKS
