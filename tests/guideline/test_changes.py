import json
from datetime import date
from importlib import resources
from typing import Any

import pytest

from guideline.changes import OLD_FORM, ChangedItem, complete_table, submission_timing, table_of_changes
from schemas.changes import BESIDE_THE_COLUMNS, Timing
from schemas.forms.catalogue import UnknownFormError, items
from schemas.forms.validation import validate

_ACCEPT = resources.files("schemas") / "examples" / "basic_items_2024-10" / "accept"
_DEMO = resources.files("demo") / "documents"


def _read(folder: Any, name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return document


def _example() -> dict[str, Any]:
    return _read(_ACCEPT, "uchiko_child_allowance")


def _changed(*, label: str = "Ⅳ9 監査（実施している監査）", path: str = "/risk_measures/audit/kinds") -> ChangedItem:
    return ChangedItem("Ⅳ9", "実施している監査", label, path, "自己点検", "内部監査", material=False)


def test_a_document_does_not_differ_from_itself() -> None:
    assert table_of_changes(_example(), _example()) == ()


def test_on_request_what_stayed_is_given_in_its_place_too() -> None:
    after = _example()
    after["related_information"]["business"]["systems"].append("宛名システム")
    everything = table_of_changes(_example(), after, everything=True)
    assert tuple(one for one in everything if one.changed) == table_of_changes(_example(), after)
    assert all(one.before == one.after for one in everything if not one.changed)
    assert len(everything) > len(table_of_changes(None, after))


def test_each_changed_item_is_one_row_in_the_words_of_the_form_and_in_its_order() -> None:
    after = _example()
    measures = after["risk_measures"]
    measures["human_intervention"] = {"status": "none"}
    measures["audit"]["kinds"] = ["self_inspection", "external_audit"]
    after["threshold_items"]["data_subjects"]["counted_on"] = "2025-04-01"
    after["related_information"]["business"]["systems"].append("宛名システム")
    assert [(row.label, row.before, row.after) for row in table_of_changes(_example(), after)] == [
        (
            "Ⅰ1③ システムの名称",
            "児童手当システム、ID連携サーバ（団体内統合利用番号連携サーバ）、中間サーバ",
            "児童手当システム、ID連携サーバ（団体内統合利用番号連携サーバ）、中間サーバ、宛名システム",
        ),
        ("Ⅱ1 対象人数（いつ時点の計数か）", "令和6年10月1日", "令和7年4月1日"),
        ("Ⅳ8 人手を介在させる作業（作業の有無）", "人手を介在させる作業がある", "人手を介在させる作業はない"),
        ("Ⅳ8 人手を介在させる作業（人為的ミスが発生するリスクへの対策は十分か）", "十分である", "（記載なし）"),
        (
            "Ⅳ8 人手を介在させる作業（判断の根拠）",
            _example()["risk_measures"]["human_intervention"]["basis"],
            "（記載なし）",
        ),
        ("Ⅳ9 監査（実施している監査）", "自己点検", "自己点検、外部監査"),
    ]


def test_the_day_of_publication_and_the_table_itself_are_no_changes() -> None:
    after = _example()
    after["cover"]["published_on"] = "2030-01-01"
    after["changes"] = [{}]
    assert table_of_changes(_example(), after) == ()


@pytest.mark.parametrize("nothing", ["", None, []], ids=["空の文", "なし", "空の一覧"])
def test_two_ways_of_saying_nothing_are_no_change(nothing: object) -> None:
    before, after = _example(), _example()
    before["cover"]["special_notes"] = ""
    after["cover"]["special_notes"] = nothing
    assert table_of_changes(before, after) == ()


def test_two_lists_that_read_alike_are_still_a_change() -> None:
    before, after = _example(), _example()
    before["related_information"]["files"] = ["甲、乙"]
    after["related_information"]["files"] = ["甲", "乙"]
    assert [(row.number, row.before, row.after) for row in table_of_changes(before, after)] == [
        ("Ⅰ2", "甲、乙", "甲、乙")
    ]


@pytest.mark.parametrize(
    "before",
    [
        None,
        {},
        {"form": "basic_items", "form_version": "2014-04"},
        {"form": "priority_items", "form_version": "2024-10"},
    ],
    ids=["旧様式で内容なし", "様式不明", "旧い版", "別の様式"],
)
def test_against_a_document_on_an_old_form_every_item_filled_in_is_a_row(before: dict[str, object] | None) -> None:
    after = _example()
    rows = table_of_changes(before, after)
    filled_in = [item.path for item in items("basic_items", "2024-10") if item.value_in(after) not in (None, "", [])]
    assert [row.path for row in rows] == [path for path in filled_in if path != "/cover/published_on"]
    assert {row.before for row in rows} == {OLD_FORM}


def _on_the_form_of_2019(document: dict[str, Any]) -> dict[str, Any]:
    risks = {k: v for k, v in document["risk_measures"].items() if k not in ("human_intervention", "top_priority")}
    return {**document, "form_version": "2019-01", "risk_measures": risks}


def test_another_version_of_the_form_is_compared_by_place_and_its_new_items_are_rows() -> None:
    after = _example()
    rows = table_of_changes(_on_the_form_of_2019(_example()), after)
    assert {row.path.split("/")[2] for row in rows} == {"human_intervention", "top_priority"}
    assert {row.before for row in rows} == {"（記載なし）"}


def test_what_only_the_earlier_version_asks_for_comes_last() -> None:
    rows = table_of_changes(_example(), _on_the_form_of_2019(_example()))
    assert {row.path.split("/")[2] for row in rows} == {"human_intervention", "top_priority"}
    assert {row.after for row in rows} == {"（記載なし）"}


def test_an_item_that_got_another_number_is_no_change_by_that() -> None:
    before, after = _on_the_form_of_2019(_example()), _example()
    after["risk_measures"]["audit"] = {"kinds": ["external_audit"]}
    changed = [row for row in table_of_changes(before, after) if row.path.startswith("/risk_measures/audit")]
    assert [row.number for row in changed] == ["Ⅳ9"]


def test_an_incomplete_draft_is_compared_as_it_stands() -> None:
    before, draft = _read(_DEMO, "digital-agency-1"), _read(_DEMO, "digital-agency-1-incomplete")
    assert [row.label for row in table_of_changes(before, draft)] == [
        "表紙 特記事項",
        "Ⅰ1② 事務の概要",
        "Ⅳ8 人手を介在させる作業（作業の有無）",
    ]


def test_a_document_on_an_unknown_form_has_no_table() -> None:
    with pytest.raises(UnknownFormError):
        table_of_changes(_example(), {"form": "basic_items"})


@pytest.mark.parametrize(
    ("published_on", "timing"),
    [
        (date(2023, 6, 22), Timing.ADVANCE),
        (date(2023, 6, 23), Timing.AFTERWARDS),
        (date(2023, 6, 24), Timing.AFTERWARDS),
    ],
    ids=["前日に公表", "当日に公表", "翌日に公表"],
)
def test_in_advance_is_before_the_day_on_which_the_change_takes_effect(published_on: date, timing: Timing) -> None:
    assert submission_timing(published_on=published_on, takes_effect_on=date(2023, 6, 23)) is timing


def test_a_change_whose_day_is_not_known_is_told_afterwards() -> None:
    assert submission_timing(published_on=date(2023, 6, 23), takes_effect_on=None) is Timing.AFTERWARDS


@pytest.mark.parametrize(
    ("takes_effect_on", "words"),
    [
        (date(2024, 12, 3), "変更の前に提出・公表する"),
        (date(2024, 12, 2), "当たらない記載の修正であるため"),
        (None, "修正であるため"),
    ],
    ids=["事前", "事後", "日が未定"],
)
def test_a_row_without_an_explanation_says_that_it_is_no_material_change(
    takes_effect_on: date | None, words: str
) -> None:
    [row] = complete_table(
        [_changed()],
        changed_on=date(2024, 12, 2),
        takes_effect_on=takes_effect_on,
        published_on=date(2024, 12, 2),
        explanations={},
    )
    assert words in row.explanation
    assert "重要な変更に当たらない" in row.explanation
    assert "規則第14条第1項・第3項" in row.explanation


@pytest.mark.parametrize(
    ("explanations", "used"),
    [
        ({"Ⅳ9": "番号"}, "番号"),
        ({"Ⅳ9": "番号", "Ⅳ9 監査（実施している監査）": "項目名"}, "項目名"),
        ({"Ⅳ9": "番号", "Ⅳ9 監査（実施している監査）": "項目名", "/risk_measures/audit/kinds": "場所"}, "場所"),
    ],
    ids=["番号による", "項目名による", "場所による"],
)
def test_an_explanation_is_found_by_place_then_label_then_number(explanations: dict[str, str], used: str) -> None:
    [row] = complete_table(
        [_changed()],
        changed_on=date(2024, 12, 2),
        takes_effect_on=None,
        published_on=date(2024, 12, 2),
        explanations=explanations,
    )
    assert row.explanation == used


def test_the_complete_table_fits_into_the_next_document() -> None:
    before, after = _read(_DEMO, "digital-agency-1"), _read(_DEMO, "digital-agency-1-revised")
    rows = complete_table(
        table_of_changes(before, after),
        changed_on=date(2023, 6, 23),
        takes_effect_on=date(2023, 6, 23),
        published_on=date(2023, 7, 31),
        explanations={"Ⅳ8": "（見本）機能の搭載の後に提出したため。"},
    )
    assert [row.item for row in rows][-1] == "Ⅳ8 人手を介在させる作業（判断の根拠）"
    after["changes"] = [row.model_dump(mode="json", exclude=set(BESIDE_THE_COLUMNS)) for row in rows]
    assert validate(after) == ()


def test_the_longest_items_of_the_form_fit_into_a_row() -> None:
    before, after = _example(), _example()
    before["related_information"]["files"] = [f"{n:03}" + "あ" * 97 for n in range(50)]
    after["cover"]["special_notes"] = "あ" * 4000
    assert validate(before) == validate(after) == ()
    rows = complete_table(
        table_of_changes(before, after),
        changed_on=date(2024, 12, 2),
        takes_effect_on=None,
        published_on=date(2024, 12, 2),
        explanations={},
    )
    assert [row.item for row in rows] == ["表紙 特記事項", "Ⅰ2 特定個人情報ファイル名"]
