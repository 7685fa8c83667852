"""改善策の実施状況の紙面: approvals and digest below, text as text, and the same bytes for the same report."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from guideline.guidance import Followed
from guideline.guidance_report import digest_of_report, report_on
from rendering.guidance import GuidancePaper, data_of_guidance, guidance_page, listed, paragraphs_of
from rendering.guidance_sheets import REPORT_SHEET, guidance_workbook
from rendering.lines import pieces_of
from rendering.pdf import NoFontError, guidance_report
from schemas.guidance import GuidanceItem, MeasureEntry, Place
from tests.guideline.guidance_samples import document, done, planned

ON = date(2024, 1, 10)


def paper(*measures: MeasureEntry, **head: Any) -> GuidancePaper:
    followed = [
        Followed(measure=one, is_confirmed=one.state.value == "done") for one in measures or (done(), planned())
    ]
    report = report_on(document(**head), followed, on=ON)
    return GuidancePaper(report=report, digest=digest_of_report(report), state="案（承認されていません）")


def test_the_record_and_the_foot_say_who_approved_and_the_digest() -> None:
    one = replace(
        paper(), state="承認済み", is_draft=False, record=(("対策チームの承認", "見本 花子　令和6年1月10日"),)
    )
    page = guidance_page(one).decode()
    for words in ("承認済み", "対策チームの承認", "見本 花子", one.digest, "令和6年1月10日現在"):
        assert words in page
    data = data_of_guidance(one, font="字")
    assert data["record"] == [
        ["状態", "承認済み"],
        ["対策チームの承認", "見本 花子　令和6年1月10日"],
        ["報告書のSHA-256", one.digest],
    ]
    assert data["foot"] == f"承認済み　令和6年1月10日現在　SHA-256 {one.digest}"
    sheet: Any = load_workbook(BytesIO(guidance_workbook(one)))[REPORT_SHEET]
    assert sheet.oddFooter.left.text == one.foot


def test_only_a_draft_is_marked() -> None:
    assert data_of_guidance(paper(), font="字")["mark"] == "案"
    assert data_of_guidance(replace(paper(), is_draft=False), font="字")["mark"] is None


def test_a_heading_stands_where_it_changes_and_what_goes_on_stays_in_its_paragraph() -> None:
    first = done(heading="規程", text="一。")
    goes_on = done("1-2", heading="規程", text="二。", place=Place.CONTINUED)
    bullet = done("1-3", heading="規程", text="三。", place=Place.BULLET)
    other = done("1-4", heading="研修", text="四。", place=Place.CONTINUED)
    none = done("1-5", text="五。")
    found = [one.text for one in paragraphs_of(paper(first, goes_on, bullet, other, none).report.items[0])]
    mark = "【済: 令和5年10月31日】"
    assert found == ["■規程", f"一。{mark}二。{mark}", f"・三。{mark}", "■研修", f"四。{mark}", f"五。{mark}"]


def test_departments_and_people_are_named_where_their_names_are_known() -> None:
    one = paper(done(owner="hanako"))
    assert listed(one)[0][4] == "privacy hanako"
    assert listed(replace(one, names={"privacy": "対策チーム", "hanako": "見本 花子"}))[0][4] == "対策チーム 見本 花子"


def test_an_item_without_measures_and_a_head_without_labels_are_shown() -> None:
    page = guidance_page(paper(done())).decode()
    assert "（記載なし）" in page
    assert '<p class="labels">' not in page
    labelled = guidance_page(paper(labels=("資料1",), preamble=("前書き。",))).decode()
    assert '<p class="labels">資料1</p>' in labelled
    assert "<li>前書き。</li>" in labelled
    assert '<p class="labels">公表資料</p>' in guidance_page(paper(marking="公表資料")).decode()


def test_what_people_wrote_is_text() -> None:
    tricky = "<script>alert(1)</script>"
    page = guidance_page(
        paper(done(heading=tricky, text=tricky), subject=tricky, labels=(tricky,), preamble=(tricky,))
    ).decode()
    assert "<script" not in page
    formula = "=1+1"
    book = load_workbook(BytesIO(guidance_workbook(paper(done(text=formula), preamble=(formula,)))))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_the_same_report_is_the_same_bytes() -> None:
    assert guidance_workbook(paper()) == guidance_workbook(paper())
    assert guidance_page(paper()) == guidance_page(paper())
    with zipfile.ZipFile(BytesIO(guidance_workbook(paper()))) as packed:
        assert b"2024-01-10T00:00:00Z" in packed.read("docProps/core.xml")


def test_a_long_instruction_beside_a_short_measure_is_not_clipped() -> None:
    long = "規程を見直すこと。" * 300
    items = (
        GuidanceItem(number="1", heading="規程", text=long),
        GuidanceItem(number="2", heading="研修", text="研修。"),
    )
    sheet = load_workbook(BytesIO(guidance_workbook(paper(items=items))))[REPORT_SHEET]
    (span,) = [
        one for one in sheet.merged_cells.ranges if one.min_col == one.max_col == 1 and one.max_row > one.min_row
    ]
    assert sheet.cell(span.min_row, 1).value == long
    heights = [sheet.row_dimensions[row].height for row in range(span.min_row, span.max_row + 1)]
    lines = sum(piece.lines for piece in pieces_of(long, width=40, most=10_000))
    assert sum(heights) >= lines * 14.4
    assert max(heights) <= 409


def test_without_a_japanese_font_nothing_is_printed() -> None:
    with pytest.raises(NoFontError):
        guidance_report(paper(), families=frozenset({"Libertinus Serif"}))
