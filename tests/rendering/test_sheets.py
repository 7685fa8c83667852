"""表計算ファイル: the form as sheets, of which no cell is a formula and none is clipped."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from rendering.edition import public_edition
from rendering.lines import pieces_of
from rendering.sheets import NOT_TICKED, TICKED, workbook
from tests.filled import filled
from tests.rendering.editions import edition, row


def _book(*documents: dict[str, Any], **facts: Any) -> Any:
    return load_workbook(BytesIO(workbook(edition(*documents, **facts))))


def _cells(book: Any) -> list[Any]:
    return [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]


def test_each_part_is_a_sheet_printed_on_a4_portrait_and_as_wide_as_the_page() -> None:
    book = _book(filled("all_items"))
    assert book.sheetnames[:5] == ["表紙", "Ⅰ", "別添1", "Ⅱ ファイル1", "Ⅱ ファイル2"]
    for sheet in book:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_the_sheets_of_several_documents_name_their_form() -> None:
    names = _book().sheetnames
    assert names[0] == "様式2 表紙"
    assert "様式4 Ⅱ ファイル2" in names
    twice = _book(filled("basic_items"), filled("basic_items")).sheetnames
    assert [name for name in twice if "表紙" in name] == ["様式2 表紙", "様式2 表紙 (2)"]


def test_choices_stand_with_a_tick_before_the_chosen_one() -> None:
    texts = [cell.value for cell in _cells(_book(filled("basic_items")))]
    assert f"＜選択肢＞\n{TICKED} 実施する\n{NOT_TICKED} 実施しない\n{NOT_TICKED} 未定" in texts


def test_the_table_of_changes_is_a_sheet_of_six_columns_whose_head_is_printed_on_each_page() -> None:
    sheet = _book(filled("basic_items"))["別添"]
    assert [cell.value for cell in sheet[2]] == [
        *("変更日", "項目", "変更前の記載", "変更後の記載", "提出時期", "提出時期に係る説明")
    ]
    assert [cell.value for cell in sheet[3]][:3] == ["令和8年4月1日", "Ⅱ7 備考", "前の記載"]
    assert sheet.print_title_rows == "$2:$2"
    empty = _book(filled("basic_items"), changes=())["別添"]
    assert empty["A3"].value == "（記載なし）"


def test_a_table_of_changes_that_is_withheld_stands_as_a_row_above_that_of_the_version() -> None:
    document = filled("basic_items", withheld={"/changes": "rule_10_1"})
    document["changes"] = [row().model_dump(mode="json")]
    sheet = load_workbook(BytesIO(workbook(public_edition(edition(document)))))["別添"]
    assert [sheet[f"{column}2"].value for column in "AB"] == ["別添", "変更箇所"]
    assert "C2:F2" in {str(one) for one in sheet.merged_cells.ranges}
    assert sheet["C2"].value == sheet["C4"].value == "（規則第10条第1項により公表しない。理由: 管理に支障があるため）"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    document = filled("basic_items")
    document["cover"]["special_notes"] = text
    document["related_information"]["files"] = [text]
    book = _book(document, changes=(row(before=text, after=text),), name=text)
    found = [cell for cell in _cells(book) if str(cell.value).lstrip("・") == text]
    assert len(found) == 4
    assert {cell.data_type for cell in _cells(book)} == {"s"}
    assert all(cell.quotePrefix for cell in found if cell.value == text)


def test_signs_that_the_file_cannot_hold_are_replaced() -> None:
    document = filled("basic_items")
    document["cover"]["special_notes"] = "一\r\n二\x0b三\ufffe四"
    assert "一\n二�三�四" in [cell.value for cell in _cells(_book(document))]


def test_a_long_text_goes_on_in_the_next_rows_and_nothing_of_it_is_lost() -> None:
    document = filled("all_items")
    long = document["files"][0]["remarks"] = "".join(f"第{number}文の記載である。" for number in range(700))[:8000]
    sheet = _book(document)["Ⅱ ファイル1"]
    pieces = [cell.value for cell in sheet["C"] if cell.value and str(cell.value)[:10] in long]
    assert "".join(pieces) == long
    assert len(pieces) > 5
    first = next(cell.row for cell in sheet["C"] if cell.value == pieces[0])
    merged = {str(one) for one in sheet.merged_cells.ranges}
    assert {f"{column}{first}:{column}{first + len(pieces) - 1}" for column in "AB"} <= merged
    assert max(one.height for one in sheet.row_dimensions.values() if one.height) <= 409


def test_the_bytes_depend_on_the_edition_alone_and_name_no_other_moment() -> None:
    content = workbook(edition())
    assert content == workbook(edition())
    with zipfile.ZipFile(BytesIO(content)) as packed:
        assert {one.date_time for one in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = load_workbook(BytesIO(content)).properties
    assert (properties.title, properties.creator) == ("評価書番号1 見本に関する事務", "見本市長")
    assert {str(properties.created), str(properties.modified)} == {"2026-04-01 00:00:00"}


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("あア漢A1 (「。\n-"), max_size=400), st.integers(4, 80), st.integers(1, 30))
def test_the_pieces_of_a_text_are_the_text_and_none_is_too_tall(text: str, width: int, most: int) -> None:
    pieces = pieces_of(text, width=width, most=most)
    assert "".join(piece.text for piece in pieces).replace("\n", "") == text.replace("\n", "")
    assert all(1 <= piece.lines <= most for piece in pieces)
    assert sum(piece.lines for piece in pieces) >= text.count("\n") + 1


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("", 1, id="空"),
        pytest.param("あ" * 9, 1, id="一行に収まる"),
        pytest.param("あ" * 10, 2, id="一文字はみ出す"),
        pytest.param("ab " * 6, 1, id="半角"),
        pytest.param("か\u3099" * 9, 1, id="結合文字は幅を取らない"),
        pytest.param("a" * 40, 3, id="切れ目のない英字"),
        pytest.param("あ" * 8 + "abcdef", 2, id="英単語は次の行へ"),
        pytest.param("一\r\n二\r三", 3, id="改行"),
    ],
)
def test_lines_are_counted_by_the_width_of_the_letters(text: str, lines: int) -> None:
    [piece] = pieces_of(text, width=20, most=30)
    assert piece.lines == lines
