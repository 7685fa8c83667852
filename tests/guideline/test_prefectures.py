"""都道府県: forty-seven, each told by its code and its names, each with a tile of its own."""

from __future__ import annotations

import pytest

from guideline.prefectures import PREFECTURES, prefecture_of


def test_there_are_forty_seven_each_on_a_tile_of_its_own() -> None:
    assert list(PREFECTURES) == [f"{number:02d}" for number in range(1, 48)]
    assert len({(one.column, one.row) for one in PREFECTURES.values()}) == 47


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("1", "北海道"),
        ("北海道", "北海道"),
        ("13", "東京都"),
        ("京都", "京都府"),
        ("京都府", "京都府"),
        ("47", "沖縄県"),
    ],
)
def test_one_is_told_by_its_code_or_its_name(given: str, name: str) -> None:
    found = prefecture_of(given)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("given", ["48", "0", "", "江戸", "１３"])
def test_what_is_none_is_none(given: str) -> None:
    assert prefecture_of(given) is None
