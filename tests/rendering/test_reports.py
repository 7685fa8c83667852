"""漏えい等報告書の紙面: the nine items in the order of the form, the record after them, and a draft that says so."""

from __future__ import annotations

import pytest

from rendering.pdf import NoFontError, data_of_report, report
from rendering.reports import report_page
from schemas.breach import ReportItem
from tests.rendering.editions import paper


def test_the_items_stand_in_the_order_of_the_form_and_the_record_after_them() -> None:
    titles = [part.title for part in paper().arranged.parts]
    items = [f"{number} {item.label}" for number, item in enumerate(ReportItem, start=1)]
    assert titles == ["表紙 報告の区分及び報告する者", *items, "承認及び提出の記録"]
    assert [part.title for part in paper(record=()).arranged.parts] == titles[:-1]


@pytest.mark.parametrize("which", ["preliminary", "final", "supplement"])
def test_what_is_unknown_stands_there_with_its_reason_and_the_plan(which: str) -> None:
    given = paper(which)
    page = report_page(given).decode()
    unknown = [part for part in given.document.values() if isinstance(part, dict) and "unknown_reason" in part]
    for part in unknown:
        for key in ("unknown_reason", "follow_up"):
            assert part[key] in page
    assert "宛先: 個人情報保護委員会" in page
    assert "受付番号 123" in page
    assert page.encode() == report_page(paper(which))


def test_only_a_draft_is_marked() -> None:
    assert "mark" not in data_of_report(paper(), font="字")
    data = data_of_report(paper(label="案", is_draft=True), font="字")
    assert (data["mark"], data["rendition"]) == ("案", "案")
    assert data["facts"] == ["速報　誤登録", "宛先: 個人情報保護委員会"]
    assert data["published_on"] == [2026, 6, 4]


def test_what_people_wrote_is_text_in_a_page() -> None:
    page = report_page(paper(title="<b>誤登録</b>", facts=("<i>宛先</i>",))).decode()
    assert "<h1>&lt;b&gt;誤登録&lt;/b&gt;</h1>\n<p>&lt;i&gt;宛先&lt;/i&gt;</p>" in page


def test_without_a_japanese_font_no_report_is_printed() -> None:
    with pytest.raises(NoFontError):
        report(paper(), families=frozenset({"Libertinus Serif"}))
