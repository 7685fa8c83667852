"""配置: every item of the form stands in its place, with what the document says."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from rendering.arrangement import Arranged, Choice, Heading, Row, Table, arrange, arranged, place_label
from schemas.changes import BESIDE_THE_COLUMNS
from schemas.forms.catalogue import known_forms, load
from schemas.forms.places import places
from schemas.forms.wording import NOTHING
from tests.filled import filled
from tests.rendering.editions import edition, row
from tests.withheld import public_rendition


def _rows(arranged_document: Arranged) -> list[Row]:
    return [block for part in arranged_document.parts for block in part.blocks if isinstance(block, Row)]


def _table(arranged_document: Arranged, name: str) -> Table:
    part = next(part for part in arranged_document.parts if part.name == name)
    table = part.blocks[-1]
    assert isinstance(table, Table)
    return table


@pytest.mark.parametrize("form", known_forms(), ids=lambda form: f"{form.title} {form.era_label}")
def test_every_place_of_a_document_has_a_row_and_in_the_order_of_the_form(form: Any) -> None:
    document = filled(form.name, form.version)
    of_items = [place for place in places(document) if place.item.display != "table"]
    assert [(one.number, one.title) for one in _rows(arranged(document))] == [
        (place.item.number, place.item.title) for place in of_items
    ]


@pytest.mark.parametrize("form", ["basic_items", "priority_items", "all_items"])
def test_an_empty_draft_is_arranged_as_it_stands(form: str) -> None:
    rows = _rows(arranged({"form": form, "form_version": "2024-10"}))
    assert {one.text for one in rows} <= {NOTHING, ""}
    assert not [choice for one in rows for choice in one.choices if choice.chosen]


def test_all_choices_stand_with_the_chosen_ones_marked() -> None:
    document = filled("all_items")
    document["files"][0]["use"]["sources"] = ["person", "private"]
    [sources] = [one for one in _rows(arranged(document)) if one.title == "入手元"][:1]
    assert [choice.title for choice in sources.choices if choice.chosen] == ["本人又は本人の代理人", "民間事業者"]
    assert Choice("その他", chosen=False) in sources.choices


def test_each_entry_of_a_repeated_section_is_a_part_of_its_own_and_names_no_file_in_short() -> None:
    parts = arranged(filled("all_items")).parts
    assert [part.name for part in parts] == [
        *("表紙", "Ⅰ", "別添1", "Ⅱ ファイル1", "Ⅱ ファイル2", "Ⅲ ファイル1", "Ⅲ ファイル2", "Ⅳ", "Ⅴ", "Ⅵ", "別添3")
    ]
    assert "（ファイル1「固有" in next(part.title for part in parts if part.is_entry)


def test_no_level_of_heading_is_left_out() -> None:
    for part in arranged(filled("all_items")).parts:
        levels = [0, *(block.level for block in part.blocks if isinstance(block, Heading))]
        assert all(here <= before + 1 for before, here in pairwise(levels))


@pytest.mark.parametrize(
    ("place", "title"),
    [
        pytest.param("/files", "特定個人情報ファイルの概要", id="区分の全て"),
        pytest.param("/files/0", "特定個人情報ファイルの概要", id="ファイル"),
        pytest.param("/files/0/storage", "特定個人情報の保管・消去", id="組"),
        pytest.param("/files/0/outsourcing/entries", "委託事項", id="委託事項の全て"),
        pytest.param("/files/0/outsourcing/entries/1", "委託事項", id="委託事項の一つ"),
        pytest.param("/files/0/storage/period", "保管期間", id="選択肢"),
        pytest.param("/basic_information/files", "特定個人情報ファイル名", id="一覧"),
        pytest.param("/requests", "開示請求、問合せ", id="区分"),
    ],
)
def test_what_is_withheld_is_one_row_with_its_mark(place: str, title: str) -> None:
    public = public_rendition(filled("all_items", withheld={place: "rule_10_2"}))
    marked = [one for one in _rows(arranged(public)) if one.text.startswith("（規則第10条第2項により公表しない。")]
    assert [one.title for one in marked] == [title]


def test_the_table_of_what_is_withheld_names_places_in_words() -> None:
    document = filled("all_items", withheld={"/files/1/storage": "rule_10_2", "/nowhere/0": "rule_10_1"})
    table = _table(arranged(document), "非公表")
    assert table.columns == ("項目", "公表しない理由", "根拠")
    assert table.rows[0][0].startswith("Ⅱ6 特定個人情報の保管・消去（2件目のファイル「")
    assert table.rows[0][1:] == ("管理に支障があるため", "規則第10条第2項（適切な管理に支障を及ぼすおそれ）")
    assert table.rows[1][0] == "/nowhere/0"


def test_a_place_is_called_as_in_messages() -> None:
    schema = load("all_items", "2024-10").schema
    assert place_label(schema, "/files/0/remarks", filled("all_items")).startswith("Ⅱ7 備考（1件目のファイル「")


def test_a_row_stands_in_the_document_on_its_form_where_both_have_an_item_of_that_name() -> None:
    of_each = [row("表紙 特記事項").model_copy(update={"form": form}) for form in ("basic_items", "all_items")]
    first, second = arrange(edition(filled("basic_items"), filled("all_items"), changes=of_each))
    assert (len(_table(first, "別添").rows), len(_table(second, "別添3").rows)) == (1, 1)


def test_the_table_of_changes_has_six_columns_and_each_row_once() -> None:
    basic = filled("basic_items")
    basic["changes"] = [row().model_dump(mode="json", exclude=set(BESIDE_THE_COLUMNS))]
    other = row("Ⅰ1② 事務の概要")
    first, second = arrange(edition(basic, filled("all_items"), changes=(row(), other)))
    table = _table(first, "別添")
    assert table.columns == ("変更日", "項目", "変更前の記載", "変更後の記載", "提出時期", "提出時期に係る説明")
    assert [one[1] for one in table.rows] == ["Ⅱ7 備考", "Ⅰ1② 事務の概要"]
    assert table.rows[0][0] == "令和8年4月1日"
    assert table.rows[0][4] == "事前"
    assert _table(second, "別添3").rows == ()


def test_a_table_of_changes_that_is_withheld_is_one_row() -> None:
    document = filled("basic_items", withheld={"/changes": "rule_10_1"})
    document["changes"] = [row().model_dump(mode="json")]
    [part] = [part for part in arranged(public_rendition(document)).parts if part.name == "別添"]
    assert [type(block) for block in part.blocks] == [Row]
    more = arranged(public_rendition(document), changes=[row()]).parts[-1]
    assert [type(block) for block in more.blocks] == [Row, Table]


def test_rows_of_a_draft_that_are_wrong_are_shown_as_they_stand() -> None:
    document = filled("basic_items")
    document["changes"] = [{"changed_on": "昨日", "item": 7, "submission_timing": "いつか"}, "文字列"]
    document["withheld"] = "文字列"
    found = arranged(document)
    assert _table(found, "別添").rows == (("昨日", NOTHING, NOTHING, NOTHING, "いつか", NOTHING),)
    assert _table(found, "非公表").rows == ()
