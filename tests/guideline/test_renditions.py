"""公表用: what is withheld is found nowhere in what is published."""

import json
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guideline.changes import OLD_FORM, complete_table, table_of_changes
from guideline.renditions import Rendition, Withholding, former_marks, public_comparison
from guideline.withheld_words import WITHHELD
from guideline.withholding import WithholdingError
from schemas.changes import ChangeRow, Timing
from schemas.forms.places import places
from tests.amounts import amount
from tests.filled import filled
from tests.withheld import marks_in, public_rendition, withheld_marks, withheld_sets

_MARK = "（規則第10条第2項により公表しない。理由: 管理に支障があるため）"


def _all_items(*withheld: str) -> dict[str, Any]:
    document: dict[str, Any] = filled("all_items", withheld=dict.fromkeys(withheld, "rule_10_2"))
    return document


def _row(item: str, before: str = "前の記載", after: str = "後の記載", explanation: str = "説明") -> ChangeRow:
    return ChangeRow(
        changed_on=date(2026, 4, 1),
        item=item,
        before=before,
        after=after,
        submission_timing=Timing.ADVANCE,
        explanation=explanation,
    )


def _public(row: ChangeRow, *withheld: str) -> ChangeRow:
    return Withholding([_all_items(*withheld)], changes=[row]).changes[0]


def test_the_renditions_are_told_apart_in_japanese() -> None:
    assert [one.label for one in Rendition] == ["全部（公表しない部分を含む）", "公表用"]


def test_a_document_that_withholds_nothing_is_published_as_it_is() -> None:
    assert public_rendition(filled("all_items")) == filled("all_items")


@pytest.mark.parametrize(
    "place",
    [
        pytest.param("/files/0/storage/place", id="文章"),
        pytest.param("/files/0/storage/period", id="選択肢"),
        pytest.param("/files/0/use/sources", id="複数の選択肢"),
        pytest.param("/basic_information/other_assessing_bodies", id="一覧"),
        pytest.param("/files/0/storage", id="組"),
        pytest.param("/files/0/outsourcing/entries/1", id="各件の一つ"),
        pytest.param("/files/0/outsourcing/entries", id="各件の全て"),
        pytest.param("/risks", id="区分"),
    ],
)
def test_a_withheld_place_holds_a_mark_that_says_why(place: str) -> None:
    public: Any = public_rendition(_all_items(place))
    for part in place.split("/")[1:]:
        public = public[int(part)] if part.isdigit() else public[part]
    assert public == _MARK


def test_the_document_itself_is_left_alone() -> None:
    document = _all_items("/files/0")
    kept = deepcopy(document)
    public_rendition(document)
    assert document == kept


@pytest.mark.parametrize(
    "place",
    ["/files/0/name", "/risks/0/file", "/basic_information/files/0", "/files/0"],
    ids=["Ⅱ1", "Ⅲ1", "Ⅰ3", "Ⅱの全部"],
)
def test_a_withheld_name_of_a_file_stands_nowhere(place: str) -> None:
    document = _all_items(place)
    name = document["files"][0]["name"]
    document["other_measures"]["other"] = f"「{name}」の監査を行う。"
    document["withheld"][0]["reason"] = f"{name}の管理に支障がある"
    public = public_rendition(document)
    assert name not in json.dumps(public, ensure_ascii=False)
    assert public["basic_information"]["files"] == ["ファイル1（公表しない）", document["files"][1]["name"]]
    assert public["risks"][0]["file"] == "ファイル1（公表しない）"
    assert public["other_measures"]["other"] == "「ファイル1（公表しない）」の監査を行う。"
    assert name not in "".join(one.label for one in places(public))


def test_where_all_names_are_withheld_as_a_list_each_entry_is_called_by_its_number() -> None:
    public = public_rendition(_all_items("/basic_information/files"))
    assert public["basic_information"]["files"] == _MARK
    assert [one["name"] for one in public["files"]] == ["ファイル1（公表しない）", "ファイル2（公表しない）"]


def test_a_name_in_a_list_that_is_no_entry_is_withheld_where_it_stands_and_elsewhere() -> None:
    document = _all_items("/basic_information/other_assessing_bodies/0")
    body = document["basic_information"]["other_assessing_bodies"][0]
    document["files"][0]["remarks"] = f"{body}と共同で保有する。"
    public = public_rendition(document)
    assert public["basic_information"]["other_assessing_bodies"][0] == _MARK
    assert public["files"][0]["remarks"] == "（公表しない）と共同で保有する。"


def test_a_short_name_is_taken_for_one_only_where_it_stands_alone() -> None:
    document = _all_items("/files/0/outsourcing/entries/0/name")
    document["files"][0]["outsourcing"]["entries"][0]["name"] = "入力"
    document["files"][0]["remarks"] = "入力装置を置く。「入力」は委託する。"
    public = public_rendition(document)
    assert public["files"][0]["remarks"] == "入力装置を置く。「委託事項1（公表しない）」は委託する。"


def test_a_name_of_digits_changes_no_day_and_no_pointer() -> None:
    document = _all_items("/files/0/name", "/files/1/remarks")
    document["files"][0]["name"] = "1"
    document["cover"]["published_on"] = "2024-1-1"
    public = public_rendition(document)
    assert public["cover"]["published_on"] == "2024-1-1"
    assert [row["place"] for row in public["withheld"]] == ["/files/0/name", "/files/1/remarks"]


def test_a_long_withheld_text_stands_nowhere_else_and_a_short_one_may() -> None:
    document = _all_items("/files/0/storage/place", "/files/0/storage/deletion")
    long = document["files"][0]["storage"]["place"] = "第三庁舎地下二階の東端にあるサーバ室に保管する。"
    document["files"][0]["storage"]["deletion"] = "裁断する。"
    document["files"][1]["storage"] |= {"place": f"{long}副本も同じ。", "deletion": "裁断する。"}
    public = public_rendition(document)
    assert public["files"][1]["storage"]["place"] == "（公表しない）副本も同じ。"
    assert public["files"][1]["storage"]["deletion"] == "裁断する。"


def test_a_name_withheld_in_one_document_stands_in_no_other_of_the_set() -> None:
    basic, all_items = filled("basic_items"), _all_items("/files/1/name")
    name = all_items["files"][1]["name"]
    basic["related_information"]["files"] = [name, "別の台帳"]
    first, _ = Withholding([basic, all_items]).documents
    assert first["related_information"]["files"] == ["ファイル2（公表しない）", "別の台帳"]


def test_a_row_that_leads_nowhere_lets_nothing_be_published() -> None:
    with pytest.raises(WithholdingError, match="場所「/files/7」には、この文書の記載がありません"):
        public_rendition(_all_items("/files/7"))


def test_a_draft_with_values_of_the_wrong_kind_is_shown_as_it_stands() -> None:
    document = _all_items("/cover/declaration")
    document["files"][0]["remarks"] = 7
    document["cover"]["declaration"] = 8
    document["changes"] = ["文字列", _row("表紙 宣言").model_dump(mode="json")]
    public = public_rendition(document)
    assert (public["files"][0]["remarks"], public["cover"]["declaration"]) == (7, _MARK)
    assert public["changes"][0] == "文字列"


KEPT = ("前の記載", "後の記載")


@pytest.mark.parametrize(
    ("withheld", "item", "sides"),
    [
        pytest.param("/files/0/remarks", "Ⅱ7 備考（ファイル「{0}」）", (_MARK, _MARK), id="公表しない場所"),
        pytest.param("/files/0/remarks", "Ⅱ7 備考（ファイル「{1}」）", KEPT, id="ほかのファイルの同じ項目"),
        pytest.param("/files/0", "Ⅱ7 備考（ファイル「{0}」）", (_MARK, _MARK), id="公表しない組の中"),
        pytest.param("/basic_information/files/0", "Ⅰ3 特定個人情報ファイル名", (_MARK, _MARK), id="一部を公表しない"),
        pytest.param("/files/0/remarks", "Ⅱ7 備考（ファイル「旧」）", (WITHHELD,) * 2, id="今はないファイル"),
        pytest.param("/files/0/remarks", "Ⅱ6① 保管場所（ファイル「旧」）", KEPT, id="公表する番号の今はない場所"),
        pytest.param("/files/0/storage/place", "Ⅱ6", (WITHHELD,) * 2, id="どの項目とも知れない番号"),
        pytest.param("/files/0/remarks", "備考の変更", (WITHHELD,) * 2, id="番号のない手書きの項目"),
        pytest.param("/files/0/remarks", "", (WITHHELD,) * 2, id="空の項目"),
    ],
)
def test_a_row_of_the_table_of_changes_about_a_withheld_place_says_neither_side(
    withheld: str, item: str, sides: tuple[str, str]
) -> None:
    names = [one["name"] for one in _all_items()["files"]]
    row = _row("x").model_copy(update={"item": item.format(*names)})
    public = _public(row, withheld)
    assert (public.before, public.after) == sides
    assert (public.changed_on, public.submission_timing, public.explanation) == (
        row.changed_on,
        row.submission_timing,
        row.explanation,
    )


def test_without_withheld_places_every_row_is_published() -> None:
    assert _public(_row("手書きの項目")) == _row("手書きの項目")


def test_the_table_within_the_document_is_treated_alike() -> None:
    document = _all_items("/files/0/name", "/changes/1")
    name = document["files"][0]["name"]
    rows = [
        _row(f"Ⅱ1 特定個人情報ファイル名（ファイル「{name}」）", before="昔の台帳の名", after=name),
        _row("Ⅳ3 その他のリスク対策"),
        _row("Ⅰ1② 特定個人情報ファイルを取り扱う事務（事務の内容）", before="昔の台帳の名を使う。", explanation=name),
    ]
    document["changes"] = [row.model_dump(mode="json") for row in rows]
    withholding = Withholding([document], changes=rows[1:2])
    first, second, third = withholding.documents[0]["changes"]
    assert first["item"] == "Ⅱ1 特定個人情報ファイル名（ファイル「ファイル1（公表しない）」）"
    assert first["before"] == first["after"] == second == _MARK
    assert (third["before"], third["explanation"]) == ("（公表しない）を使う。", "ファイル1（公表しない）")
    assert withholding.changes[0].before == _MARK
    assert third["submission_timing"] == "advance"


def test_where_the_whole_table_is_withheld_no_row_of_the_version_says_anything() -> None:
    document = _all_items("/changes") | {"changes": [_row("Ⅳ3 その他のリスク対策").model_dump(mode="json")]}
    withholding = Withholding([document], changes=[_row("Ⅳ3 その他のリスク対策")])
    assert withholding.documents[0]["changes"] == withholding.changes[0].after == _MARK


@pytest.mark.parametrize(
    ("withheld", "text", "public"),
    [
        pytest.param("/cover/assessment_name", "児童手当に関する事務", WITHHELD, id="評価書名の一部"),
        pytest.param("/cover/assessment_number", "7", WITHHELD, id="番号"),
        pytest.param("/cover/declaration", "児童手当に関する事務", "児童手当に関する事務", id="文章に現れる名"),
        pytest.param("/files/0/name", "児童手当ファイルに関する事務", WITHHELD, id="名を含む"),
        pytest.param("/files/0/name", "児童手当ファイル", "ファイル1（公表しない）", id="名そのもの"),
        pytest.param("/files/1/remarks", "児童手当に関する事務", "児童手当に関する事務", id="関わりがない"),
    ],
)
def test_what_is_said_beside_the_documents_is_withheld_as_they_say(withheld: str, text: str, public: str) -> None:
    document = _all_items(withheld)
    document["cover"] |= {
        "assessment_name": "児童手当に関する事務 全項目評価書",
        "assessment_number": "7",
        "declaration": "児童手当に関する事務において措置を講ずる。",
    }
    document["files"][0]["name"] = "児童手当ファイル"
    assert Withholding([document]).clean_metadata(text) == public


def test_in_a_comparison_both_sides_of_a_withheld_place_are_marked_whichever_version_withholds_it() -> None:
    before, after = _all_items("/files/0/remarks"), _all_items("/files/1/storage/place")
    for document in (before, after):
        document["files"][0]["name"], document["files"][1]["name"] = "宛名の台帳", "口座の台帳"
    for file in after["files"]:
        file["remarks"] = f"改めた{file['name']}の備考"
        file["storage"]["place"] = f"改めた{file['name']}の保管場所"
    after["files"].reverse()
    after["withheld"][0]["place"] = "/files/0/storage/place"
    changed = {one.label: (one.before, one.after) for one in public_comparison(before, after)}
    assert changed["Ⅱ7 備考（ファイル「宛名の台帳」）"] == (_MARK, _MARK)
    assert changed["Ⅱ6① 保管場所（ファイル「口座の台帳」）"] == (_MARK, _MARK)
    assert changed["Ⅱ7 備考（ファイル「口座の台帳」）"][1] == "改めた口座の台帳の備考"


def test_a_file_that_got_a_withheld_name_is_not_betrayed_by_its_former_one() -> None:
    before, after = _all_items(), _all_items("/files/0/name")
    former = before["files"][0]["name"]
    after["files"][0]["name"] = after["risks"][0]["file"] = "新しい台帳の名"
    after["basic_information"]["files"][0] = "新しい台帳の名"
    told = json.dumps(
        [(one.label, one.before, one.after) for one in public_comparison(before, after)], ensure_ascii=False
    )
    assert former not in told
    assert "新しい台帳の名" not in told


def test_a_file_that_is_gone_is_still_withheld_in_a_comparison() -> None:
    before, after = _all_items("/files/1/remarks"), _all_items()
    for part in ("files", "risks"):
        after[part].pop()
    [gone] = [one for one in public_comparison(before, after) if one.label.startswith("Ⅱ7 備考")]
    assert gone.before == gone.after == _MARK


@pytest.mark.parametrize("before", [None, {"form": "basic_items", "form_version": "2014-04"}], ids=["なし", "旧い版"])
def test_against_an_old_form_only_the_new_document_says_what_is_withheld(before: dict[str, object] | None) -> None:
    changed = {one.path: one for one in public_comparison(before, _all_items("/files/0/remarks"))}
    assert changed["/files/0/remarks"].after == _MARK
    assert changed["/files/1/remarks"].before == OLD_FORM


@pytest.mark.long
@settings(max_examples=amount(quick=8, whole=25), deadline=None)
@given(withheld_sets("all_items"), st.randoms(use_true_random=False))
def test_no_withheld_text_is_found_in_anything_that_is_published(withheld: list[str], random: Any) -> None:
    before, after = filled("all_items", prefix="以前"), _all_items(*withheld)
    _keep_some(before, after, random)
    rows = complete_table(
        table_of_changes(before, after),
        changed_on=date(2026, 4, 1),
        takes_effect_on=None,
        published_on=date(2026, 4, 1),
        explanations={},
    )
    after["changes"] = [row.model_dump(mode="json") for row in rows]
    hidden = withheld_marks(after)
    withholding = Withholding([after], changes=rows)
    compared = (*public_comparison(before, after), *public_comparison(before, after, everything=True))
    told = "".join(
        [
            json.dumps(withholding.documents, ensure_ascii=False),
            "".join(row.model_dump_json() for row in withholding.changes),
            "".join(f"{one.label}{one.before}{one.after}" for one in compared),
            "".join(f"{one.label}{one.value}" for one in places(withholding.documents[0])),
        ]
    )
    assert not hidden & marks_in(told)


def _keep_some(before: dict[str, Any], after: dict[str, Any], random: Any) -> None:
    """Let some items of the first file say the same in both versions, and keep or change its name."""
    for key in ("remarks", "recorded_items", "name"):
        if random.random() < 0.5:
            before["files"][0][key] = after["files"][0][key]


def test_what_a_former_document_withheld_stays_withheld_in_a_row_about_it() -> None:
    """規則10条: 前の版で公表しなかった記載は、後の版の変更箇所にも現れない。"""
    [place] = [one for one in places(filled("all_items")) if one.pointer == "/files/0/storage/place"]
    mark = former_marks(_all_items("/files/0/storage/place"))(place.label)
    assert mark == _MARK
    told = Withholding([_all_items()], changes=[_row(place.label).model_copy(update={"withheld": mark})]).changes[0]
    assert (told.before, told.after, told.withheld) == (_MARK, _MARK, _MARK)
    assert former_marks(_all_items())(place.label) is None
    assert former_marks(None)(place.label) is None
    assert former_marks({"form": "old", "form_version": "1"})(place.label) is None
