"""ページ: what a reader opens without us, and can follow."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guideline.changes import OLD_FORM, ChangedItem
from rendering.comparison import comparison_page
from rendering.pages import edition_page
from rendering.words_changed import Fate, words_changed
from tests.filled import filled
from tests.rendering.editions import edition

_VOID = {"meta", "br", "link", "img", "hr", "input"}


class _Reader(HTMLParser):
    """Gather tags, and complain of those that are not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += "" if self.open[-1:] == ["style"] else data


def _read(page: bytes) -> _Reader:
    reader = _Reader()
    reader.feed(page.decode())
    assert reader.open == []
    return reader


def _changed(before: str, after: str, *, material: bool = False, label: str = "Ⅱ7 備考") -> ChangedItem:
    return ChangedItem("Ⅱ7", "備考", label, "/files/0/remarks", before, after, material=material)


def _compared(*changed: ChangedItem) -> bytes:
    return comparison_page(edition(version=1), edition(), changed)


_ALL = pytest.mark.parametrize(
    "page", [edition_page(edition()), _compared(_changed("一", "二"))], ids=["評価書", "新旧対照表"]
)


@_ALL
def test_a_page_stands_alone_and_asks_for_nothing(page: bytes) -> None:
    tags = _read(page).tags
    assert ("html", {"lang": "ja"}) in tags
    assert not [tag for tag, _ in tags if tag in {"script", "link", "img", "iframe", "form"}]
    assert not [
        name for _, attributes in tags for name in attributes if name in {"style", "src"} or name.startswith("on")
    ]
    assert "url(" not in page.decode()
    assert "@import" not in page.decode()


@_ALL
def test_headings_are_in_order_and_cells_of_headings_say_for_what(page: bytes) -> None:
    reader = _read(page)
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(here <= before + 1 for before, here in pairwise(levels))
    assert all(attributes.get("scope") for tag, attributes in reader.tags if tag == "th")
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    targets = [str(attributes["href"])[1:] for tag, attributes in reader.tags if tag == "a"]
    assert set(targets) <= set(ids)


def test_the_page_of_an_edition_says_everything_that_the_document_says() -> None:
    text = _read(edition_page(edition(filled("all_items")))).text
    assert len(set(re.findall(r"固有\d{4}", text))) == len(set(re.findall(r"固有\d{4}", repr(filled("all_items")))))
    assert "☑ 実施する（選択）" in text
    assert "☐ 未定" in text


def test_the_page_of_several_documents_names_their_forms() -> None:
    text = _read(edition_page(edition())).text
    assert "様式2 Ⅰ 関連情報" in text
    assert "様式4 Ⅰ 基本情報" in text
    assert "様式4" not in _read(edition_page(edition(filled("all_items")))).text


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=1>', "&amp;<b>"])
def test_what_people_wrote_is_text_and_never_markup(text: str) -> None:
    document = filled("all_items")
    document["files"][0]["name"] = document["files"][0]["remarks"] = text
    for page in (
        edition_page(edition(document, name=text)),
        comparison_page(edition(name=text), edition(name=text), [_changed(text, text + "。", label=text)]),
    ):
        reader = _read(page)
        assert text in reader.text
        assert not [tag for tag, _ in reader.tags if tag in {"script", "img", "b"}]


def test_words_that_are_gone_and_words_that_are_new_are_marked() -> None:
    page = _compared(_changed("様式12を用いる。委託しない。", "様式13を用いる。委託しない。", material=True)).decode()
    assert "様式<del>12</del>を用いる。委託しない。" in page
    assert "様式<ins>13</ins>を用いる。委託しない。" in page
    assert '<strong class="material">重要な変更の対象</strong>' in page
    assert "変わった項目は1件、そのうち重要な変更の対象となる項目は1件です。" in page


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OLD_FORM, "新しい記載"),
        ("（記載なし）", "新しい記載"),
        ("古い記載", "（記載なし）"),
        ("（公表しない）", "（公表しない）"),
    ],
    ids=["旧様式", "加わった項目", "なくなった項目", "公表しない項目"],
)
def test_what_cannot_be_compared_is_not_marked_word_by_word(before: str, after: str) -> None:
    body = _compared(_changed(before, after)).decode().partition("<table")[2]
    assert "<ins>" not in body
    assert "<del>" not in body


def test_without_any_change_the_page_says_so() -> None:
    page = _read(_compared())
    assert "変わった項目は0件" in page.text
    assert "（記載なし）" in page.text


@settings(max_examples=150, deadline=None)
@given(st.text("一二三。\nab1 ", max_size=60), st.text("一二三。\nab1 ", max_size=60))
def test_what_was_kept_and_deleted_is_the_former_wording_and_the_rest_the_new_one(before: str, after: str) -> None:
    runs = words_changed(before, after)
    assert "".join(run.text for run in runs if run.fate is not Fate.INSERTED) == before
    assert "".join(run.text for run in runs if run.fate is not Fate.DELETED) == after
    assert all(here.fate is not following.fate for here, following in pairwise(runs))
    assert all(run.text for run in runs)


def test_long_texts_that_differ_altogether_are_marked_as_wholes() -> None:
    runs = words_changed("あ" * 4000, "い" * 4000)
    assert [(run.fate, len(run.text)) for run in runs] == [(Fate.DELETED, 4000), (Fate.INSERTED, 4000)]


def test_the_rendition_stands_on_the_page() -> None:
    assert "全部（公表しない部分を含む）" in _read(edition_page(edition())).text
