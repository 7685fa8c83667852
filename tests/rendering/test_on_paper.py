"""紙面: the files as other programs show them. Needs fonts-noto-cjk, libreoffice-calc-nogui and poppler-utils."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from io import BytesIO
from itertools import count
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook

from rendering.arrangement import Row
from rendering.edition import Edition, public_edition
from rendering.guidance_sheets import guidance_workbook
from rendering.pdf import document, guidance_report, report
from rendering.sheets import workbook
from tests.demo.test_guidance import MEASURES
from tests.demo.test_guidance import paper as guidance_paper
from tests.filled import filled
from tests.rendering.editions import edition, paper, row
from tests.rendering.test_public import editions
from tests.withheld import marks_in, withheld_sets

pytestmark = pytest.mark.system

_LONG = "".join(
    f"第{number}文。特定個人情報は、番号法第19条第8号による情報連携（ABC-12）に用いる。" for number in range(200)
)
_ADDRESS = "https://www.example.go.jp/a/very/long/address/that/has/no/place/to/break.html?x=1\n"
_WIDTH_OF_A4 = 595  # points
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def _full() -> Edition:
    one = filled("all_items", withheld={"/files/0/storage/place": "rule_10_2"})
    one["files"][0]["remarks"] = _LONG[:8000]
    one["files"][1]["remarks"] = _ADDRESS * 40
    one["cover"]["special_notes"] = "（「あ」、い。）" * 400
    one["other_measures"]["other"] = "word " * 600
    changes = (row(before="短い記載", after=_LONG[:4000]), row(item="Ⅱ6① 保管場所（ファイル「見本」）" * 4))
    return edition(filled("basic_items"), one, changes=changes)


def _run(*command: str | Path, home: Path) -> str:
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, check=True, capture_output=True, env=environment, timeout=180)
    return done.stdout.decode()


def _convert(path: Path, to: str, folder: Path) -> None:
    _run("soffice", "--headless", "--convert-to", to, "--outdir", folder, path, home=folder)


def _text(content: bytes, home: Path) -> str:
    path = home / f"{next(_NUMBERS)}.pdf"
    path.write_bytes(content)
    words = _run("pdftotext", "-raw", path, "-", home=home) + _run("pdfinfo", "-meta", path, home=home)
    return words + _run("pdfinfo", path, home=home)


_NUMBERS = count()


def test_the_pdf_is_tagged_and_titled_and_by_both_standards(tmp_path: Path) -> None:
    content = document(_full())
    assert content == document(_full())
    (tmp_path / "form.pdf").write_bytes(content)
    about = _run("pdfinfo", tmp_path / "form.pdf", home=tmp_path)
    assert "評価書番号1 見本に関する事務" in about
    assert re.search(r"Tagged: +yes", about)
    metadata = _run("pdfinfo", "-meta", tmp_path / "form.pdf", home=tmp_path)
    assert "pdfuaid:part>1<" in metadata
    assert "pdfaid:part>2<" in metadata
    assert b"/Lang(ja-JP)" in content
    assert b"/Outlines" in content
    fonts = _run("pdffonts", tmp_path / "form.pdf", home=tmp_path).splitlines()[2:]
    assert fonts
    assert all("CJK" in line and " yes yes yes " in line for line in fonts)


def test_the_pdf_says_everything_that_the_documents_say(tmp_path: Path) -> None:
    text = "".join(_text(document(_full()), tmp_path).split())
    assert marks_in(repr(_full().documents)) <= marks_in(text)
    for words in (_LONG[:300], "変更後の記載", "■実施する（選択）", "□未定", "1/"):
        assert "".join(words.split()) in text


def test_a_digest_stays_within_its_column(tmp_path: Path) -> None:
    one = filled("all_items")
    one["business_flow"]["pictures"][0]["sha256"] = "0f" * 32
    (tmp_path / "form.pdf").write_bytes(document(edition(one, changes=())))
    boxes = _run("pdftotext", "-bbox", tmp_path / "form.pdf", "-", home=tmp_path)
    assert "0f0f0f0f" in boxes
    assert max(float(right) for right in re.findall(r'<word [^>]*xMax="([0-9.]+)"', boxes)) < _WIDTH_OF_A4 - 40


def test_a_breach_report_is_the_same_bytes_and_accessible_and_a_draft_says_so_on_each_page(tmp_path: Path) -> None:
    content = report(paper())
    assert content == report(paper())
    text = "".join(_text(content, tmp_path).split())
    for words in ("1概要", "9その他参考となる事項", "承認及び提出の記録", "受付番号123", "Tagged:yes", "pdfuaid"):
        assert words in text
    pages = _text(report(paper(label="案", is_draft=True)), tmp_path)
    assert len(re.findall(r"^\f?案$", pages, re.MULTILINE)) == int(*re.findall(r"Pages:\s+(\d+)", pages))
    assert not re.findall(r"^\f?案$", _text(content, tmp_path), re.MULTILINE)


def test_a_report_on_measures_has_its_title_and_head_on_each_page_and_says_what_is_late(tmp_path: Path) -> None:
    one = guidance_paper(date(2024, 2, 3))
    content = guidance_report(one)
    assert content == guidance_report(one)
    (tmp_path / "report.pdf").write_bytes(content)
    pages = ["".join(page.replace("\u200b", "").split()) for page in _text(content, tmp_path).split("\f")]
    of_table = pages[: next(n for n, page in enumerate(pages) if "承認の記録" in page) + 1]
    assert len(of_table) == 3
    for page in of_table:
        assert one.report.title in page
        assert "指導事項改善策の実施状況" in page
        assert one.digest in page
        assert "案（承認されていません）" in page
    whole = "".join(of_table)
    assert all("".join(seed.begins.split()) in whole for seed in MEASURES)
    assert whole.count("【予定・期限超過:期限の令和5年12月31日を34日過ぎています】") == 2
    about = _run("pdfinfo", tmp_path / "report.pdf", home=tmp_path)
    assert re.search(r"Tagged: +yes", about)


def test_the_sheet_of_a_report_on_measures_prints_the_head_on_each_page(tmp_path: Path) -> None:
    (tmp_path / "report.xlsx").write_bytes(guidance_workbook(guidance_paper(date(2024, 2, 3))))
    _convert(tmp_path / "report.xlsx", "pdf", tmp_path)
    pages = _run("pdftotext", "-raw", tmp_path / "report.pdf", "-", home=tmp_path).split("\f")
    of_table = ["".join(page.split()) for page in pages if "状況の一覧" not in page and page.strip()]
    assert len(of_table) == 2
    assert all("指導事項改善策の実施状況" in page for page in of_table)


def test_the_choices_of_an_item_stand_on_one_page_wherever_it_begins(tmp_path: Path) -> None:
    choices = next(
        one.choices
        for part in paper().arranged.parts
        for one in part.blocks
        if isinstance(one, Row) and len(one.choices) > 10
    )
    split = 0
    for lines in range(0, 40, 4):
        content = report(paper(facts=("宛先: 個人情報保護委員会", *("行" for _ in range(lines)))))
        pages = ["".join(page.split()) for page in _text(content, tmp_path).split("\f")]
        begins = next(page for page in pages if f"□{choices[0].title}" in page or f"■{choices[0].title}" in page)
        split += begins != pages[0]
        assert all("".join(one.title.split()) in begins for one in choices)
    assert split  # somewhere the item would not have fitted


def test_what_people_wrote_is_never_read_as_typst(tmp_path: Path) -> None:
    tricky = '#panic("x") *b* $x$ @ref <label> = h \\ `raw` // c /* d */ #{1+1} "q"'
    one = filled("basic_items")
    one["cover"]["special_notes"] = tricky
    text = _text(document(edition(one, name=tricky, changes=(row(before=tricky),))), tmp_path)
    assert "".join(text.split()).count('#panic("x")*b*$x$') >= 3


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(withheld=withheld_sets("all_items"))
def test_no_withheld_text_is_found_in_the_public_pdf(tmp_path: Path, withheld: list[str]) -> None:
    _, full, hidden = editions(withheld)
    content = document(public_edition(full))
    assert not hidden & marks_in("".join(_text(content, tmp_path).split()))


def test_no_row_of_the_sheets_is_lower_than_its_text_asks_for(tmp_path: Path) -> None:
    """Let LibreOffice find the height of each row, and hold ours against it."""
    content = workbook(_full())
    book = load_workbook(BytesIO(content))
    ours = {sheet.title: {n: one.height for n, one in sheet.row_dimensions.items()} for sheet in book}
    for sheet in book:
        for one in sheet.row_dimensions.values():
            one.height = None
    book.save(tmp_path / "free.xlsx")
    _convert(tmp_path / "free.xlsx", "fods", tmp_path)
    free = (tmp_path / "free.fods").read_text(encoding="utf-8")
    free = re.sub(r' style:row-height="[^"]*"|<meta:generator>.*?</meta:generator>', "", free)  # or it is believed
    (tmp_path / "free.fods").write_text(free, encoding="utf-8")
    _convert(tmp_path / "free.fods", "fods", tmp_path / "found")
    found = _heights(ET.parse(tmp_path / "found" / "free.fods"))  # noqa: S314 # written by our own test
    assert len({height for _, _, height in found}) > 10
    clipped = [
        (name, number, height, ours[name].get(number))
        for name, number, height in found
        if height > (ours[name].get(number) or 0)
    ]
    assert clipped == []


def _heights(tree: ET.ElementTree[ET.Element]) -> list[tuple[str, int, float]]:
    points = {}
    for style in tree.iter(f"{_STYLE}style"):
        for properties in style.iter(f"{_STYLE}table-row-properties"):
            height = properties.get(f"{_STYLE}row-height", "0in")
            points[style.get(f"{_STYLE}name")] = (
                float(height[:-2]) * {"in": 72, "cm": 72 / 2.54, "mm": 72 / 25.4, "pt": 1}[height[-2:]]
            )
    found = []
    for sheet in tree.iter(f"{_TABLE}table"):
        number = 0
        for line in sheet.iter(f"{_TABLE}table-row"):
            repeated = int(line.get(f"{_TABLE}number-rows-repeated", "1"))
            has_text = any(cell.get(f"{_OFFICE}value-type") for cell in line)
            if has_text:
                found.append((str(sheet.get(f"{_TABLE}name")), number + 1, points[line.get(f"{_TABLE}style-name")]))
            number += repeated
    return found


def test_the_sheets_print_on_pages_of_a4_without_losing_a_word(tmp_path: Path) -> None:
    (tmp_path / "form.xlsx").write_bytes(workbook(_full()))
    _convert(tmp_path / "form.xlsx", "pdf", tmp_path)
    about = _run("pdfinfo", tmp_path / "form.pdf", home=tmp_path)
    assert "(A4)" in about
    text = "".join(_run("pdftotext", "-raw", tmp_path / "form.pdf", "-", home=tmp_path).split())
    assert marks_in(repr(_full().documents)) <= marks_in(text)
