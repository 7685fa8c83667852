"""公表用: what is withheld is found in none of the files that are made for the public."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings

from guideline.changes import complete_table, table_of_changes
from guideline.renditions import public_comparison
from rendering.arrangement import arrange
from rendering.bundle import bundle
from rendering.comparison import comparison_page
from rendering.edition import Edition, public_edition
from rendering.pages import edition_page
from rendering.pdf import data_of
from rendering.sheets import workbook
from tests.amounts import amount
from tests.filled import filled
from tests.rendering.editions import edition
from tests.withheld import marks_in, withheld_marks, withheld_sets

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ["/files/0/name", "/basic_information/files/1", "/cover/assessment_name", "/cover/assessing_body"]


def editions(withheld: list[str]) -> tuple[Edition, Edition, set[str]]:
    """Give an edition and the one before it, full of what is withheld, and the marks that may not be seen."""
    basic, after = (
        filled("basic_items", prefix="基礎"),
        filled("all_items", withheld=dict.fromkeys(withheld, "rule_10_2")),
    )
    before = filled("all_items", prefix="以前")
    names = [one["name"] for one in after["files"]]
    basic["related_information"]["files"] = names
    rows = complete_table(
        table_of_changes(before, after),
        changed_on=date(2026, 4, 1),
        takes_effect_on=None,
        published_on=date(2026, 4, 1),
        explanations={},
    )
    after["changes"] = [row.model_dump(mode="json") for row in rows]
    cover = after["cover"]
    facts: dict[str, Any] = {
        "number": cover["assessment_number"],
        "name": cover["assessment_name"],
        "body_name": cover["assessing_body"],
        "systems": tuple(one["name"] for one in after["basic_information"]["systems"]),
        "files": tuple(names),
    }
    full = edition(basic, after, changes=rows, **facts)
    return edition(basic, before, version=1, **facts), full, withheld_marks(after)


def unpacked(content: bytes) -> str:
    """Give all that a ZIP holds, names and properties too, as one text."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        return "".join(name + packed.read(name).decode() for name in packed.namelist())


def _told(earlier: Edition, full: Edition) -> Iterator[tuple[str, str]]:
    public = public_edition(full)
    yield "配置", repr(arrange(public))
    yield "表計算", unpacked(workbook(public))
    yield "一式", unpacked(bundle(public))
    yield "ページ", edition_page(public).decode()
    yield "PDF", json.dumps(data_of(public, font=""), ensure_ascii=False)
    changed = public_comparison(earlier.documents[1], full.documents[1])
    before = replace(public, version=1, documents=(public.documents[0],))
    yield "新旧対照表", comparison_page(before, public, changed).decode()


@pytest.mark.long
@settings(max_examples=amount(quick=2, whole=15), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(withheld_sets("all_items"))
@example(NAMES)
@example(["/files/0", "/risks"])
def test_no_withheld_text_is_found_in_any_file_for_the_public(withheld: list[str]) -> None:
    earlier, full, hidden = editions(withheld)
    for what, told in _told(earlier, full):
        assert not hidden & marks_in(told), what


@pytest.mark.parametrize("withheld", [NAMES], ids=["名称"])
def test_the_full_files_hold_everything(withheld: list[str]) -> None:
    _, full, hidden = editions(withheld)
    for content in (unpacked(workbook(full)), unpacked(bundle(full)), edition_page(full).decode()):
        assert hidden <= marks_in(content)


def test_what_stands_beside_the_documents_is_replaced_too() -> None:
    _, full, _ = editions(NAMES)
    public = public_edition(full)
    assert public.title == f"評価書番号{full.number} （公表しない）"
    assert public.body_name == "（公表しない）"
    assert public.files == ("ファイル1（公表しない）", "ファイル2（公表しない）")
    assert public.systems == full.systems
    assert public_edition(replace(full, body_name=None)).body_name is None
