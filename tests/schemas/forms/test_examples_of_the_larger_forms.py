"""様式3・様式4の見本: what is accepted, and what one mistake in an accepted document comes to."""

import copy
import json
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import pytest

from bench.forms import LEAST_BYTES, large_form
from schemas.canonical import canonical_bytes
from schemas.forms.catalogue import load
from schemas.forms.parsing import LARGEST
from schemas.forms.validation import validate

_EXAMPLES = Path(str(resources.files("schemas"))) / "examples"
_DEMO = Path(str(resources.files("demo"))) / "documents"
_SAPPORO, _KORIYAMA = "sapporo-7-all-items", "koriyama_late_elderly_medical_care"
_ACCEPT = [
    *sorted(_EXAMPLES.glob("all_items_2024-10/accept/*.json")),
    *sorted(_EXAMPLES.glob("priority_items_2024-10/accept/*.json")),
    *sorted(_DEMO.glob("*-all-items*.json")),
    *sorted(_DEMO.glob("sapporo-*-basic-items*.json")),
]


def _read(file: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


def _base(name: str) -> dict[str, Any]:
    return next(_read(file) for file in _ACCEPT if file.stem == name)


def _second_opinion(document: dict[str, Any]) -> bool:
    schema = dict(load(document["form"], document["form_version"]).schema)
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(document)


@pytest.mark.parametrize("file", _ACCEPT, ids=lambda file: f"{file.parts[-3]}: {file.stem}")
def test_an_example_to_accept_is_accepted_by_both_libraries(file: Path) -> None:
    document = _read(file)
    assert validate(document) == ()
    assert _second_opinion(document)
    assert "見本：" in document["cover"]["special_notes"]


def test_the_four_stories_of_the_larger_forms_are_there() -> None:
    assert {file.stem for file in _ACCEPT if file.parent == _DEMO} == {
        "digital-agency-1-all-items",
        "digital-agency-1-all-items-first-draft",
        "digital-agency-1-all-items-revised",
        "sapporo-7-all-items",
        "sapporo-7-all-items-first-draft",
        "sapporo-7-all-items-revised",
        "sapporo-7-basic-items",
        "sapporo-7-basic-items-revised",
    }


class _Left:
    """取り除く: the item is left out."""


class _Mistake(NamedTuple):
    """一つの誤り: where the accepted document is changed and to what, and the errors that this must give."""

    path: str
    value: object
    errors: list[tuple[str, str]]


_FILE, _RISKS = "/files/1", "/risks/1"
_ALL_ITEMS = {
    "ファイルの欄が欠けている": _Mistake(f"{_FILE}/storage", _Left, [(f"{_FILE}/storage", "required")]),
    "ファイルの項目が欠けている": _Mistake(f"{_FILE}/use/notice", _Left, [(f"{_FILE}/use/notice", "required")]),
    "リスクの回答が欠けている": _Mistake(
        f"{_RISKS}/acquisition/leak/answer", _Left, [(f"{_RISKS}/acquisition/leak/answer", "required")]
    ),
    "別添1が欠けている": _Mistake("/business_flow", _Left, [("/business_flow", "required")]),
    "選択肢にない種類": _Mistake(f"{_FILE}/basic/kind", "paper_file", [(f"{_FILE}/basic/kind", "choice")]),
    "一覧の中に選択肢にないもの": _Mistake(f"{_FILE}/use/methods", ["fax"], [(f"{_FILE}/use/methods/0", "choice")]),
    "委託するのに委託事項がない": _Mistake(
        f"{_FILE}/outsourcing/entries", _Left, [(f"{_FILE}/outsourcing/entries", "required")]
    ),
    "委託しないのに委託事項がある": _Mistake(
        f"{_FILE}/outsourcing/status", "not_outsourced", [(f"{_FILE}/outsourcing/entries", "not_needed")]
    ),
    "再委託しないのに許諾方法がある": _Mistake(
        f"{_FILE}/outsourcing/entries/0/subcontract/status",
        "not_subcontracted",
        [
            (f"{_FILE}/outsourcing/entries/0/subcontract/permission", "not_needed"),
            (f"{_FILE}/outsourcing/entries/0/subcontract/content", "not_needed"),
        ],
    ),
    "再委託するのに許諾方法がない": _Mistake(
        f"{_FILE}/outsourcing/entries/1/subcontract",
        {"status": "subcontracted", "content": "封入"},
        [(f"{_FILE}/outsourcing/entries/1/subcontract/permission", "required")],
    ),
    "接続するのに回答がない": _Mistake(
        f"{_RISKS}/network_provision/wrong", _Left, [(f"{_RISKS}/network_provision/wrong", "required")]
    ),
    "接続しないのに回答がある": _Mistake(
        f"{_RISKS}/network_acquisition/leak",
        {"measures": "暗号化する。", "answer": "sufficient"},
        [(f"{_RISKS}/network_acquisition/leak", "not_needed")],
    ),
    "重大事故の内容がない": _Mistake(
        f"{_RISKS}/storage/leak/serious_incident",
        {"occurred": "occurred", "prevention": "二人で確かめる。"},
        [(f"{_RISKS}/storage/leak/serious_incident/content", "required")],
    ),
    "重大事故がないのに再発防止策がある": _Mistake(
        f"{_RISKS}/storage/leak/serious_incident/prevention",
        "二人で確かめる。",
        [(f"{_RISKS}/storage/leak/serious_incident/prevention", "not_needed")],
    ),
    "図のダイジェストが大文字": _Mistake(
        "/business_flow/pictures/1/sha256", "A" * 64, [("/business_flow/pictures/1/sha256", "shape")]
    ),
    "ファイルが一つもない": _Mistake("/files", [], [("/files", "too_few")]),
    "ファイル名が二つある": _Mistake(
        "/basic_information/files", ["甲", "甲"], [("/basic_information/files", "duplicate")]
    ),
    "様式にない項目": _Mistake(f"{_RISKS}/use/encryption", "する。", [(f"{_RISKS}/use/encryption", "unknown_item")]),
    "聴取したのに開始日がない": _Mistake(
        "/procedure/public_comment/began_on", _Left, [("/procedure/public_comment/began_on", "required")]
    ),
    "聴取していないのに短縮の理由がある": _Mistake(
        "/procedure/public_comment",
        {"status": "not_heard", "shortened_reason": "急ぐため。"},
        [("/procedure/public_comment/shortened_reason", "not_needed")],
    ),
    "実在しない点検の日": _Mistake(
        "/procedure/third_party_check/checked_on", "2025-02-30", [("/procedure/third_party_check/checked_on", "date")]
    ),
    "空白の事務の内容": _Mistake(
        "/basic_information/business/content", " \n", [("/basic_information/business/content", "blank")]
    ),
    "長すぎる措置": _Mistake(
        f"{_RISKS}/use/copying/measures", "あ" * 4_001, [(f"{_RISKS}/use/copying/measures", "too_long")]
    ),
}
_PRIORITY_ITEMS = {
    "利用者認証の管理がない": _Mistake(
        "/risks/0/use/unauthorised/authentication", _Left, [("/risks/0/use/unauthorised/authentication", "required")]
    ),
    "措置の内容は様式3にない": _Mistake(
        "/risks/0/acquisition/off_purpose/measures",
        "確かめる。",
        [("/risks/0/acquisition/off_purpose/measures", "unknown_item")],
    ),
    "提供するのにルールがない": _Mistake("/risks/0/provision/rules", _Left, [("/risks/0/provision/rules", "required")]),
    "提供しないのにルールがある": _Mistake(
        "/risks/0/provision",
        {"status": "not_provided", "rules": "定める。"},
        [("/risks/0/provision/rules", "not_needed")],
    ),
    "委託しないのに委託事項がある": _Mistake(
        "/files/0/outsourcing/status", "not_outsourced", [("/files/0/outsourcing/entries", "not_needed")]
    ),
    "監査の種類が二つある": _Mistake(
        "/risks/0/audit/kinds", ["internal_audit", "internal_audit"], [("/risks/0/audit/kinds", "duplicate")]
    ),
    "承認の欄は様式3にない": _Mistake(
        "/procedure/commission_approval", {}, [("/procedure/commission_approval", "unknown_item")]
    ),
    "しきい値判断結果が選択肢にない": _Mistake(
        "/procedure/basic_items/result", "重点", [("/procedure/basic_items/result", "choice")]
    ),
}


def _with(base: str, mistake: _Mistake) -> dict[str, Any]:
    document = copy.deepcopy(_base(base))
    *outer, last = mistake.path.split("/")[1:]
    place: Any = document
    for key in outer:
        place = place[int(key)] if isinstance(place, list) else place[key]
    if mistake.value is _Left:
        del place[last]
    else:
        place[last] = mistake.value
    return document


@pytest.mark.parametrize(
    ("base", "mistake"),
    [
        *(pytest.param(_SAPPORO, mistake, id=f"様式4: {name}") for name, mistake in _ALL_ITEMS.items()),
        *(pytest.param(_KORIYAMA, mistake, id=f"様式3: {name}") for name, mistake in _PRIORITY_ITEMS.items()),
    ],
)
def test_one_mistake_is_told_once_and_refused_by_both_libraries(base: str, mistake: _Mistake) -> None:
    document = _with(base, mistake)
    assert [(error.path, error.rule) for error in validate(document)] == mistake.errors
    assert not _second_opinion(document)


def test_a_large_form_is_valid_and_as_long_as_a_real_one() -> None:
    form = large_form()
    assert validate(form) == ()
    assert LEAST_BYTES <= len(canonical_bytes(form)) <= LARGEST


def test_a_mistake_in_the_ninth_of_ten_files_names_that_file() -> None:
    form = large_form()
    form["risks"][8]["storage"]["outdated"]["answer"] = "大体よい"
    [error] = validate(form)
    assert (error.path, error.rule) == ("/risks/8/storage/outdated/answer", "choice")
    assert "9件目のファイル「大きな見本ファイル9」" in error.item
    assert "「大体よい」" in error.message
