"""突き合わせと各件の増減: what two people typed, entry by entry; nobody's words are overwritten in silence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from client.entries import Change, EntryChange, changed_entries, entry_mark
from client.errors import InvalidDocumentError, InvalidInputError
from client.form_content import content_from, on_version
from client.merging import Typed, merged
from client.typed import mark_of, typed_of
from schemas.canonical import canonical_bytes
from schemas.forms.boxes import BoxKind, boxes
from schemas.forms.filling import filled
from tests.house import document

ALL = {"form": "all_items", "form_version": "2024-10"}


def three_files(**of_the_second: object) -> dict[str, Any]:
    names = ("宛名", "口座", "資格")
    files: list[dict[str, object]] = [{"name": name, "storage": {"place": f"{name}の書庫"}} for name in names]
    files[1] |= of_the_second
    return {**ALL, "files": files}


def opened(content: Mapping[str, Any], **typed: str | tuple[str, ...]) -> Typed:
    """Give what a page sends that showed all of the content, with something typed."""
    there = boxes(content)
    shown = {place: typed_of(box) for place, box in there.items() if box.is_leaf}
    new = {place: (words,) if isinstance(words, str) else words for place, words in typed.items()}
    return Typed(
        values={**shown, **new},
        marks={place: mark_of(texts) for place, texts in shown.items()},
        names={place: box.names for place, box in there.items() if box.kind is BoxKind.ENTRIES},
    )


def test_what_nobody_else_touched_is_saved_as_typed() -> None:
    before = three_files()
    result = merged(before, opened(before, **{"/files/1/storage/place": "庁舎の\r\n𠮷\r󠄁の書庫"}))
    assert result.document["files"][1]["storage"]["place"] == "庁舎の\n𠮷\n󠄁の書庫"
    assert (result.changed, result.collisions, result.lost) == (("/files/1/storage/place",), (), ())


@pytest.mark.parametrize(
    "words",
    ["𠮷野家", "辻󠄀", "か\u3099", "が", "ＡＢＣ１２３", "<script>", "　字下げ　"],
    ids=["補助漢字", "異体字", "結合文字", "合成済み", "全角", "記号", "全角空白"],
)
def test_no_letter_of_a_text_is_changed(words: str) -> None:
    result = merged(ALL, opened(ALL, **{"/cover/declaration": words}))
    assert result.document["cover"]["declaration"] == words


def test_items_that_another_changed_stay_when_the_person_did_not_touch_them() -> None:
    before = three_files()
    page = opened(before, **{"/files/0/storage/place": "新しい書庫"})
    theirs = filled(before, {("files", 2, "storage", "place"): "隣の書庫"})
    result = merged(theirs, page)
    assert [one["storage"]["place"] for one in result.document["files"]] == ["新しい書庫", "口座の書庫", "隣の書庫"]
    assert result.taken == ("/files/2/storage/place",)


def test_what_both_changed_collides_and_nothing_is_overwritten() -> None:
    before = three_files()
    page = opened(before, **{"/files/0/storage/place": "私の書庫", "/files/1/storage/place": "二つめ"})
    theirs = filled(before, {("files", 0, "storage", "place"): "あなたの書庫"})
    result = merged(theirs, page)
    assert [(one.mine, one.theirs) for one in result.collisions] == [(("私の書庫",), ("あなたの書庫",))]
    assert [one["storage"]["place"] for one in result.document["files"][:2]] == ["あなたの書庫", "二つめ"]


def test_the_same_words_of_two_people_do_not_collide() -> None:
    before = three_files()
    typed = {"/files/0/storage/place": "同じ書庫"}
    theirs = merged(before, opened(before, **typed)).document
    assert merged(theirs, opened(before, **typed)).collisions == ()


def test_what_was_typed_into_an_entry_follows_it_where_another_has_moved_it() -> None:
    before = three_files()
    page = opened(before, **{"/files/2/storage/place": "移った先の書庫"})
    moved = changed_entries(before, EntryChange(Change.UP, "/files/2"))
    assert moved is not None
    result = merged(moved[0], page)
    assert [(one["name"], one["storage"]["place"]) for one in result.document["files"]] == [
        ("宛名", "宛名の書庫"),
        ("資格", "移った先の書庫"),
        ("口座", "口座の書庫"),
    ]


def test_what_was_typed_into_an_entry_that_another_has_removed_is_given_back() -> None:
    before = three_files()
    page = opened(before, **{"/files/2/storage/place": "無くなる件への記入"})
    removed = changed_entries(before, EntryChange(Change.REMOVE, "/files/2"))
    assert removed is not None
    result = merged(removed[0], page)
    assert [(one.sent_as, one.mine) for one in result.lost] == [("/files/2/storage/place", ("無くなる件への記入",))]
    assert [one["storage"]["place"] for one in result.document["files"]] == ["宛名の書庫", "口座の書庫"]


def test_an_entry_under_a_new_name_is_the_same_entry() -> None:
    before = three_files()
    page = opened(before, **{"/files/1/storage/place": "改めた書庫"})
    result = merged(filled(before, {("files", 1, "name"): "公金受取口座"}), page)
    assert result.document["files"][1] == {"name": "公金受取口座", "storage": {"place": "改めた書庫"}} | {
        key: value for key, value in result.document["files"][1].items() if key not in ("name", "storage")
    }


def test_a_box_that_is_emptied_says_nothing_or_an_empty_answer_where_the_form_takes_one() -> None:
    before = filled(ALL, {("cover", "declaration"): "宣言", ("cover", "special_notes"): "特記"})
    typed = opened(before, **{"/cover/declaration": "", "/cover/special_notes": ""})
    assert merged(before, typed).document["cover"] == {"special_notes": ""}


def test_ticks_and_lines_become_lists() -> None:
    page = opened(
        ALL,
        **{
            "/basic_information/files": "宛名\n\n口座\n",
            "/basic_information/other_assessing_bodies": "",
            "/cover/x": "y",
        },
    )
    result = merged(ALL, page)
    assert result.document["basic_information"]["files"] == ["宛名", "口座"]
    assert result.document["basic_information"]["other_assessing_bodies"] == []
    assert [one.sent_as for one in result.lost] == ["/cover/x"]
    kinds = merged(three_files(), opened(three_files(), **{"/files/0/use/sources": ("other", "person", "other")}))
    assert sorted(kinds.document["files"][0]["use"]["sources"]) == ["other", "person"]


@pytest.mark.parametrize(
    ("words", "told"),
    [("口座\ud842", "サロゲート"), ("口座�", "読み取れなかった")],
    ids=["対になっていないサロゲート", "置き換わった文字"],
)
def test_what_is_no_letter_is_refused_in_words(words: str, told: str) -> None:
    result = merged(ALL, opened(ALL, **{"/cover/declaration": words}))
    assert told in result.faults["/cover/declaration"]
    assert "declaration" not in result.document["cover"]


def withheld(*places: str) -> dict[str, Any]:
    rows = [{"place": place, "reason": "理由", "provision": "rule_10_2"} for place in places]
    return {**three_files(), "withheld": rows}


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (EntryChange(Change.DOWN, "/files/0"), ["/files/1/storage/place", "/files/0", "/cover", ""]),
        (EntryChange(Change.UP, "/files/0"), ["/files/0/storage/place", "/files/1", "/cover", ""]),
        (EntryChange(Change.REMOVE, "/files/1"), ["/files/0/storage/place", "/cover", ""]),
        (EntryChange(Change.REMOVE, "/files/0"), ["/files/0", "/cover", ""]),
        (EntryChange(Change.ADD, "/files"), ["/files/0/storage/place", "/files/1", "/cover", ""]),
    ],
    ids=["後へ", "前へは動けない", "後の件を除く", "前の件を除く", "加える"],
)
def test_what_is_withheld_of_an_entry_follows_it(change: EntryChange, after: list[str]) -> None:
    done = changed_entries(withheld("/files/0/storage/place", "/files/1", "/cover", ""), change)
    assert done is not None
    assert [row["place"] for row in done[0]["withheld"]] == after


def test_an_entry_is_seen_where_it_stands_after_it_was_moved_or_added() -> None:
    for change, place in (("add", "/files/3"), ("down", "/files/1"), ("remove", "/files")):
        at = "/files" if change == "add" else "/files/0"
        done = changed_entries(three_files(), EntryChange(Change(change), at))
        assert done is not None
        assert done[1] == place


@pytest.mark.parametrize("place", ["/nowhere", "/cover", "/files/7", "/cover/declaration"])
def test_what_is_no_entry_is_not_changed(place: str) -> None:
    assert changed_entries(three_files(), EntryChange(Change.REMOVE, place)) is None
    assert changed_entries(three_files(), EntryChange(Change.ADD, place)) is None


def test_answers_that_are_not_needed_are_taken_out_at_once() -> None:
    outsourcing = {"status": "not_outsourced", "entries": [{"name": "入力"}]}
    done = changed_entries(three_files(outsourcing=outsourcing), EntryChange(Change.CLEAR, "/files/1/outsourcing"))
    assert done is not None
    assert done[0]["files"][1]["outsourcing"] == {"status": "not_outsourced"}


def test_the_mark_of_an_entry_does_not_depend_on_the_order_of_its_items() -> None:
    assert entry_mark({"name": "a", "use": 1}) == entry_mark({"use": 1, "name": "a"}) != entry_mark({"name": "b"})


def test_an_earlier_version_of_a_form_is_carried_over_and_what_has_no_place_is_named() -> None:
    before = document("corrected")
    after, left_out = on_version(before, form="basic_items", version="2019-01")
    assert after["form_version"] == "2019-01"
    assert after["cover"] == before["cover"]
    assert any("人手を介在させる作業" in label for label in left_out)
    assert on_version({**before, "form_version": "1999"}, form="basic_items", version="2024-10")[1] == ()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "JSON"),
        (canonical_bytes({"form": "all_items", "form_version": "2024-10"}), "この様式の文書ではありません"),
        (b'{"form": "basic_items", "form_version": "2024-10", "cover": {"declaration": "\\ud842"}}', "サロゲート"),
        (b'{"form": "basic_items", "form_version": "2024-10", "cover": {"colour": "x"}}', "colour"),
        (b'{"form": "basic_items", "form_version": "2024-10", "cover": "x"}', "形が様式と異なります"),
    ],
    ids=["JSON でない", "別の様式", "サロゲート", "様式にない項目", "形の違い"],
)
def test_a_file_that_does_not_fit_the_form_is_refused(content: bytes, told: str) -> None:
    with pytest.raises((InvalidDocumentError, InvalidInputError)) as refused:
        content_from(content, form="basic_items", versions=("2024-10",))
    assert told in f"{refused.value.as_data()} {refused.value.message}"


def test_a_file_with_mistakes_of_its_wording_is_taken_in() -> None:
    content = document("incomplete") | {"form": "basic_items"}
    assert content_from(canonical_bytes(content), form="basic_items", versions=("2024-10",)) == content
