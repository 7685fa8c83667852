import pytest

from schemas.levels import Level


def test_the_levels_rise_from_no_duty_to_all_items() -> None:
    assert [level.value for level in sorted(Level, key=lambda level: level.rank)] == [
        "not_required",
        "basic_items",
        "priority_items",
        "all_items",
    ]


@pytest.mark.parametrize(
    ("level", "label"),
    [
        (Level.NOT_REQUIRED, "義務なし"),
        (Level.BASIC_ITEMS, "基礎項目評価"),
        (Level.PRIORITY_ITEMS, "重点項目評価"),
        (Level.ALL_ITEMS, "全項目評価"),
    ],
    ids=[level.value for level in Level],
)
def test_each_level_has_its_name_in_japanese(level: Level, label: str) -> None:
    assert level.label == label
