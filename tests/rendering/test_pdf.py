"""PDF: which font it needs, and that nothing is printed without one."""

from __future__ import annotations

import pytest

from rendering.pdf import NoFontError, data_of, document, font_families, font_of
from tests.filled import filled
from tests.rendering.editions import edition


def test_without_a_japanese_font_nothing_is_printed_and_it_is_said_what_to_install() -> None:
    with pytest.raises(NoFontError, match="日本語の書体が、この機械に見つかりません") as refused:
        document(edition(), families=frozenset({"DejaVu Sans Mono", "Libertinus Serif"}))
    assert "apt-get install fonts-noto-cjk" in refused.value.remedy


def test_the_font_is_chosen_in_our_order_whatever_its_capitals() -> None:
    assert font_of(["ipaexgothic", "Noto Serif CJK JP", "DejaVu Sans"]) == "Noto Serif CJK JP"
    assert font_of(["IPAexGothic", "Libertinus Serif"]) == "IPAexGothic"


def test_the_fonts_of_the_machine_hold_at_least_those_of_the_package() -> None:
    assert "Libertinus Serif" in font_families()


def test_the_template_gets_plain_data_with_all_parts() -> None:
    data = data_of(edition(filled("all_items"), changes=()), font="字")
    [one] = data["documents"]
    assert one["title"] == "様式4 全項目評価書（令和6年10月）"
    assert [part["begins_page"] for part in one["parts"]][:4] == [False, False, False, True]
    assert one["parts"][-1]["blocks"] == [
        {
            "kind": "table",
            "columns": ["変更日", "項目", "変更前の記載", "変更後の記載", "提出時期", "提出時期に係る説明"],
            "rows": [["（記載なし）", "", "", "", "", ""]],
        }
    ]
    assert data["facts"][1] == "第2版　公表日 令和8年4月1日　全部（公表しない部分を含む）"
