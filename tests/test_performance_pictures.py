"""費用の伸びの図: what was measured stands in the picture, in its place and in words."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bench import curves
from bench.curves import Curves, Line, keep, kept
from docs.performance_pictures import curves_svg

SVG = "{http://www.w3.org/2000/svg}"
TWO = Curves(
    "伸び",
    "評価書",
    "ミリ秒",
    "2 cores",
    (Line("受信箱", ((100, 10.0), (1_000, 10.5), (40_000, 12.0))), Line("台帳", ((100, 3.0), (40_000, 4.0)))),
)


def _marks(picture: str, sign: str) -> list[tuple[float, float]]:
    """Give where the points of a line are, without the sign in the legend."""
    found = [one for one in ET.fromstring(picture).iter(f"{SVG}text") if one.text == sign]  # noqa: S314 # our own
    return [(float(one.attrib["x"]), float(one.attrib["y"])) for one in found[1:]]


def test_each_point_stands_where_its_numbers_say() -> None:
    first, second, last = _marks(curves_svg(TWO), "●")
    assert first[0] < second[0] < last[0]
    assert first[1] > second[1] > last[1]  # the higher the dearer
    other, _ = _marks(curves_svg(TWO), "■")
    assert other[0] == first[0]
    assert other[1] > first[1]


def test_each_point_is_said_in_words_and_the_conditions_with_them() -> None:
    picture = curves_svg(TWO)
    assert "<title>受信箱: 評価書 40,000 で 12</title>" in picture
    assert "台帳（評価書ごとのミリ秒）: 100 で 3、40,000 で 4" in picture
    assert "測った条件: 2 cores" in picture


def test_wide_numbers_stand_by_their_logarithm_and_near_ones_evenly() -> None:
    wide = [across for across, _ in _marks(curves_svg(TWO), "●")]
    assert 0.3 < (wide[1] - wide[0]) / (wide[2] - wide[0]) < 0.5
    near = TWO._replace(lines=(Line("行為", ((1, 5.0), (2, 5.0), (3, 5.0))),))
    even = [across for across, _ in _marks(curves_svg(near), "●")]
    assert even[1] - even[0] == pytest.approx(even[2] - even[1], abs=0.2)


def test_one_round_alone_is_a_picture_too() -> None:
    assert len(_marks(curves_svg(TWO._replace(lines=(Line("一巡", ((5_000, 200.0),)),))), "●")) == 1


def test_what_is_kept_comes_back_and_takes_the_place_of_what_was_kept_of_its_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(curves, "KEPT", tmp_path / "performance.json")
    assert kept() == {}
    keep("registers", TWO)
    keep("sweep", TWO._replace(title="一巡"))
    keep("registers", TWO._replace(measured_on="4 cores"))
    assert kept() == {"registers": TWO._replace(measured_on="4 cores"), "sweep": TWO._replace(title="一巡")}
