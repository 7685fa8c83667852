import copy
import json
import re
from collections.abc import Callable
from importlib import resources
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.forms.catalogue import load
from schemas.forms.validation import validate

_ACCEPT = resources.files("schemas") / "examples" / "basic_items_2024-10" / "accept"
_SECOND = jsonschema_rs.Draft202012Validator(dict(load("basic_items", "2024-10").schema), validate_formats=True)


def _example(name: str = "uchiko_child_allowance") -> dict[str, Any]:
    document: dict[str, Any] = json.loads((_ACCEPT / f"{name}.json").read_text(encoding="utf-8"))
    return document


def _with(path: str, value: object) -> dict[str, Any]:
    document = _example()
    *outer, last = path.split("/")[1:]
    place = document
    for key in outer:
        place = place[key]
    place[last] = value
    return document


def _found(document: object) -> list[tuple[str, str]]:
    return [(error.path, error.rule) for error in validate(document)]


@pytest.mark.parametrize("document", [None, [], "評価書", 1, True], ids=["空", "一覧", "文", "数", "真偽"])
def test_what_is_not_an_object_is_refused_as_a_whole(document: object) -> None:
    assert _found(document) == [("", "not_an_object")]


@pytest.mark.parametrize(
    ("document", "path", "rule", "words"),
    [
        ({}, "/form", "required", "「評価書の様式」が記入されていません"),
        ({"form": "basic_items"}, "/form_version", "required", "「評価書の様式の版」が記入されていません"),
        (
            {"form": "form9", "form_version": "2024-10"},
            "/form",
            "unknown_form",
            "「basic_items」（様式2 基礎項目評価書）",
        ),
        ({"form": ["basic_items"], "form_version": "2024-10"}, "/form", "unknown_form", "登録されていません"),
        (
            {"form": "basic_items", "form_version": "2014-04"},
            "/form_version",
            "unknown_form_version",
            "登録されている版は「2019-01」（平成31年1月）、「2024-10」（令和6年10月）です",
        ),
        (
            {"form": "basic_items", "form_version": 2024},
            "/form_version",
            "unknown_form_version",
            "版「2024」はありません",
        ),
    ],
    ids=["様式なし", "版なし", "未知の様式", "様式が一覧", "未知の版", "版が数"],
)
def test_a_document_must_name_a_known_form(document: object, path: str, rule: str, words: str) -> None:
    [error] = validate(document)
    assert (error.path, error.rule) == (path, rule)
    assert words in error.message


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            "/risk_measures/human_intervention",
            {"status": "exists", "answer": "sufficient"},
            (
                "人手を介在させる作業がある場合に必要な「Ⅳ8 人手を介在させる作業（判断の根拠）」が記入されていません。"
                "記入してください。"
            ),
        ),
        (
            "/risk_measures/storage",
            {},
            (
                "「Ⅳ7 特定個人情報の保管・消去（漏えい・滅失・毀損リスクへの対策は十分か）」が選ばれていません。"
                "「特に力を入れている」、「十分である」、「課題が残されている」のいずれかを選んでください。"
            ),
        ),
        (
            "/risk_measures/provision",
            {"status": "not_provided", "answer": "sufficient"},
            (
                "提供・移転しない場合は「Ⅳ5 特定個人情報の提供・移転"
                "（不正な提供・移転が行われるリスクへの対策は十分か）」"
                "を記入しません。記入を取り除くか、前提となる回答を直してください。"
            ),
        ),
        (
            "/related_information/network_link",
            {"status": "undecided", "legal_basis": "（見本）"},
            (
                "情報連携を実施しない又は実施が未定である場合は「Ⅰ4② 情報連携の法令上の根拠」を記入しません。"
                "記入を取り除くか、前提となる回答を直してください。"
            ),
        ),
        (
            "/cover/declaration",
            " ",
            "「表紙 個人のプライバシー等の権利利益の保護の宣言」が空白です。内容を記入してください。",
        ),
        (
            "/threshold_items/handlers/counted_on",
            "令和6年",
            (
                "「Ⅱ2 取扱者数（いつ時点の計数か）」の「令和6年」は日付ではありません。"
                "「2024-10-01」の形で、実在する日を記入してください。"
            ),
        ),
        ("/risk_measures/audit", {}, "「Ⅳ9 監査（実施している監査）」が記入されていません。記入してください。"),
        (
            "/risk_measures/audit",
            {"kinds": ["self_inspection", 3]},
            (
                "「Ⅳ9 監査（実施している監査）（2件目）」の「3」は選択肢にありません。"
                "「自己点検」、「内部監査」、「外部監査」のいずれかを選んでください。"
            ),
        ),
        ("/cover", [], "「表紙 表題、宣言及び特記事項」の形が様式と異なります。項目の組で記入してください。"),
        ("/changes", {}, "「別添 変更箇所」の形が様式と異なります。一覧で記入してください。"),
        ("/changes", [{}] * 301, "「別添 変更箇所」が301件あります。300件以内にしてください。"),
    ],
    ids=[
        "根拠がない",
        "回答がない",
        "不要な回答",
        "不要な根拠",
        "空白",
        "日付でない",
        "監査がない",
        "監査の選択肢にない",
        "組でない",
        "一覧でない",
        "多すぎる",
    ],
)
def test_a_mistake_is_told_once_in_a_sentence_that_says_what_to_do(path: str, value: object, message: str) -> None:
    document = _with(path, value)
    assert [error.message for error in validate(document)] == [message]
    assert not _SECOND.is_valid(document)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/cover/special_notes", ""),
        ("/cover/declaration", "一行目\n\t二行目"),
        ("/cover/declaration", "あ" * 2000),
        ("/related_information/other_assessing_bodies", [f"機関{n}" for n in range(50)]),
        ("/risk_measures/audit/kinds", []),
        ("/changes", []),
        ("/threshold_items/handlers/counted_on", "2024-02-29"),
    ],
    ids=["空の特記事項", "改行のある文", "上限の文字数", "上限の件数", "監査なし", "変更なし", "閏日"],
)
def test_what_the_form_allows_is_accepted(path: str, value: object) -> None:
    document = _with(path, value)
    assert validate(document) == ()
    assert _SECOND.is_valid(document)


@pytest.mark.parametrize(
    ("key", "yes", "no"),
    [
        ("outsourcing", "outsourced", "not_outsourced"),
        ("provision", "provided", "not_provided"),
        ("network_acquisition", "connected", "not_connected"),
        ("network_provision", "connected", "not_connected"),
    ],
    ids=["Ⅳ4委託", "Ⅳ5提供・移転", "Ⅳ6入手", "Ⅳ6提供"],
)
def test_an_answer_is_needed_exactly_where_the_handling_takes_place(key: str, yes: str, no: str) -> None:
    path = f"/risk_measures/{key}"
    assert _found(_with(path, {"status": yes, "answer": "sufficient"})) == []
    assert _found(_with(path, {"status": no})) == []
    assert _found(_with(path, {"status": yes})) == [(f"{path}/answer", "required")]
    assert _found(_with(path, {"status": no, "answer": "sufficient"})) == [(f"{path}/answer", "not_needed")]
    assert _found(_with(path, {"answer": "sufficient"})) == [(f"{path}/status", "required")]
    assert _found(_with(path, {"status": "perhaps", "answer": "sufficient"})) == [(f"{path}/status", "choice")]


@pytest.mark.parametrize("level", ["priority_items", "all_items"], ids=["重点項目評価", "全項目評価"])
def test_the_top_priority_is_asked_only_of_a_basic_items_assessment(level: str) -> None:
    path = "/risk_measures/top_priority"
    document = _with("/risk_measures/submitted_level", level)
    document["risk_measures"]["top_priority"] = {"answer": 5, "note": ""}
    assert _found(document) == [(path, "not_needed")]
    del document["risk_measures"]["top_priority"]
    assert _found(document) == []
    document["risk_measures"]["submitted_level"] = "basic_items"
    assert _found(document) == [(path, "required")]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_form() -> None:
    document = _example()
    document["zzz"] = 1
    document["risk_measures"]["storage"]["a/b"] = 1
    document["risk_measures"]["storage"]["answer"] = None
    document["threshold_items"]["serious_incident"] = False
    document["related_information"]["business"]["systems"] = ["中間サーバ", "", "中間サーバ"]
    del document["cover"]["declaration"], document["cover"]["assessing_body"]
    assert _found(document) == [
        ("/cover/declaration", "required"),
        ("/cover/assessing_body", "required"),
        ("/related_information/business/systems", "duplicate"),
        ("/related_information/business/systems/1", "blank"),
        ("/threshold_items/serious_incident", "choice"),
        ("/risk_measures/storage/answer", "choice"),
        ("/risk_measures/storage/a~1b", "unknown_item"),
        ("/zzz", "unknown_item"),
    ]
    shuffled = dict(reversed(list(document.items())))
    assert validate(shuffled) == validate(document)


def test_an_item_with_the_mistake_is_named_with_its_number() -> None:
    [error] = validate(_with("/risk_measures/human_intervention", {"status": "exists", "answer": "sufficient"}))
    assert error.item == "Ⅳ8 人手を介在させる作業（判断の根拠）"
    assert error.path == "/risk_measures/human_intervention/basis"


def test_many_unknown_items_of_one_place_are_named_up_to_twenty_and_then_counted() -> None:
    document = _example()
    document["cover"] |= {f"x{number:03}": 0 for number in range(25)}
    errors = validate(document)
    assert [error.rule for error in errors] == ["unknown_item"] * 20 + ["unknown_items"]
    assert "ほかにも様式にない項目が5個" in errors[-1].message


def test_a_list_of_half_a_million_wrong_entries_is_one_mistake() -> None:
    document = _with("/changes", [0] * 490_000)
    assert _found(document) == [("/changes", "too_many")]


def _leaves(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [path, *(leaf for key, below in inner for leaf in _leaves(below, (*path, key)))]


_DOCUMENT = _example("kumagaya_resident_register")
_PLACES = [path for path in _leaves(_DOCUMENT) if path]
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.text("あa \n", max_size=3)
    | st.sampled_from(["sufficient", "exists"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["status", "answer", "x"]), inner, max_size=3)
    ),
    max_leaves=4,
)


def _replaced(place: tuple[str | int, ...], change: Callable[[Any, Any], None]) -> dict[str, Any]:
    document = copy.deepcopy(_DOCUMENT)
    around: Any = document
    for key in place[:-1]:
        around = around[key]
    change(around, place[-1])
    return document


@settings(deadline=None)
@given(st.sampled_from(_PLACES), _JSON)
def test_whatever_stands_at_a_place_both_libraries_agree_and_each_mistake_is_told_once(
    place: tuple[str | int, ...], value: object
) -> None:
    document = _replaced(place, lambda around, key: around.__setitem__(key, value))
    errors = validate(document)
    assert (errors == ()) == _SECOND.is_valid(document)
    assert len({(error.path, error.rule) for error in errors}) == len(errors)
    for error in errors:
        assert error.message.endswith("。")
        assert not re.search("[A-Za-z]{2,}", re.sub("「[^」]*」", "", error.message))


@pytest.mark.parametrize("place", _PLACES, ids=lambda place: "/".join(map(str, place)))
def test_leaving_anything_out_is_at_most_one_mistake_at_that_very_place(place: tuple[str | int, ...]) -> None:
    document = _replaced(place, lambda around, key: around.pop(key))
    paths = [error.path for error in validate(document)]
    assert (paths == []) == _SECOND.is_valid(document)
    assert paths in ([], ["/" + "/".join(map(str, place))], ["/related_information/files"])
