"""都道府県ごとの受領の図: each tile says by shade, frame, number and words how many have acknowledged."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

from client.circular_views import coverage_of, svg_of
from guideline.prefectures import PREFECTURES
from register.circulars import Part
from rendering.coverage_map import Tile, coverage_map

SVG = "{http://www.w3.org/2000/svg}"


def part(prefix: str, total: int, acknowledged: int) -> Part:
    return Part(prefix=prefix, total=total, delivered=total, failed=0, acknowledged=acknowledged, excused=0)


def test_each_prefecture_has_its_tile_and_who_belongs_to_none_is_counted_in_words() -> None:
    parts = [part("01", 4, 4), part("02", 4, 3), part("03", 4, 1), part("13", 1741, 0), part("99", 1, 1)]
    drawn = fromstring(svg_of(coverage_of(parts, duty_id="circular:one", title="見本")))  # noqa: S314 # our own
    tiles = [one for one in drawn.iter(f"{SVG}g") if one.find(f"{SVG}title") is not None]
    assert len(tiles) == len(PREFECTURES)
    bands = {str(one.findtext(f"{SVG}title")).partition(":")[0]: one.get("class") for one in tiles}
    assert [bands[name] for name in ("北海道", "青森県", "岩手県", "東京都", "沖縄県")] == [
        "tile all",
        "tile most",
        "tile some",
        "tile zero",
        "tile none",
    ]
    numbers = {one.findall(f"{SVG}text")[0].text: one.findall(f"{SVG}text")[1].text for one in tiles}
    assert [numbers[name] for name in ("北海道", "青森", "岩手", "東京", "沖縄")] == ["100%", "75%", "25%", "0%", "—"]
    said = drawn.findtext(f"{SVG}desc")
    assert said is not None
    assert "全体では1,754団体のうち9団体が受領を確認し、1,745団体が未確認" in said
    corners = {(one.get("x"), one.get("y")) for tile in tiles for one in tile.findall(f"{SVG}rect")}
    assert len(corners) == len(PREFECTURES)


def test_what_is_written_into_the_picture_is_no_markup() -> None:
    drawn = coverage_map([Tile("<甲>", 0, 0, 0, "zero", "<乙>&")], title="<b>", said="a & b")
    assert "<甲>" not in drawn
    assert "&lt;乙&gt;&amp;" in drawn
    fromstring(drawn)  # noqa: S314 # our own
