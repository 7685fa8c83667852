from typing import Any

import pytest

from guideline.form_rules import check
from tests.guideline.sample_documents import ALL_ITEMS, ON, PRIORITY_ITEMS, broken_rules, changed, document

_RENAMED = "別のファイル"


@pytest.mark.parametrize(
    ("path", "places"),
    [
        ("/basic_information/files/1", ["/basic_information/files", "/files", "/risks"]),
        ("/files/1/name", ["/basic_information/files", "/files", "/risks"]),
        ("/risks/1/file", ["/basic_information/files", "/files", "/risks"]),
    ],
    ids=["Ⅰ3だけ異なる", "Ⅱだけ異なる", "Ⅲだけ異なる"],
)
def test_the_files_are_the_same_in_the_three_sections(path: str, places: list[str]) -> None:
    assert broken_rules(changed(ALL_ITEMS, {path: _RENAMED})) == [(place, "file_names_agree") for place in places]


@pytest.mark.parametrize("section", ["files", "risks"], ids=["Ⅱにない", "Ⅲにない"])
def test_a_section_that_lacks_a_file_is_told_which(section: str) -> None:
    content = document(ALL_ITEMS)
    del content[section][1]
    [error] = check(content, on=ON)
    assert (error.path, error.rule) == (f"/{section}", "file_names_agree")
    assert "「介護保険給付ファイル」がありません" in error.message


def test_the_order_of_the_files_is_free() -> None:
    content = document(ALL_ITEMS)
    content["files"].reverse()
    assert broken_rules(content) == []


def test_a_section_that_is_not_written_yet_is_left_to_the_validation() -> None:
    assert broken_rules(changed(ALL_ITEMS, {"/risks": None})) == []


@pytest.mark.parametrize(
    ("part", "key"),
    [
        ("/basic_information/systems", "name"),
        ("/business_flow/pictures", "title"),
        ("/files/1/outsourcing/entries", "name"),
        ("/files/0/provision/entries", "name"),
    ],
    ids=["システム", "図", "委託事項", "提供・移転先"],
)
def test_two_entries_of_one_part_have_names_of_their_own(part: str, key: str) -> None:
    content = document(ALL_ITEMS)
    place: Any = content
    for step in part.split("/")[1:]:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[1][key] = place[0][key] + " "
    assert broken_rules(content) == [(f"{part}/1/{key}", "entry_names_differ")]


def test_entries_of_different_files_may_have_the_same_name() -> None:
    content = document(ALL_ITEMS)
    first, second = (content["files"][at]["outsourcing"]["entries"][0]["name"] for at in (0, 1))
    assert first == second
    assert broken_rules(content) == []


def test_a_file_that_is_written_twice_is_told_once_in_each_section() -> None:
    content = document(PRIORITY_ITEMS)
    content["files"] *= 2
    content["risks"] *= 2
    assert broken_rules(content) == [("/files/1/name", "entry_names_differ"), ("/risks/1/file", "entry_names_differ")]


@pytest.mark.parametrize("result", ["not_required", "basic_items", "priority_items", "all_items"])
@pytest.mark.parametrize(("name", "most"), [(PRIORITY_ITEMS, 3), (ALL_ITEMS, 4)], ids=["重点", "全項目"])
def test_the_result_may_be_lower_than_the_form_but_not_higher(name: str, most: int, result: str) -> None:
    allowed = ["not_required", "basic_items", "priority_items", "all_items"][:most]
    found = broken_rules(changed(name, {"/procedure/basic_items/result": result}))
    wrong = [("/procedure/basic_items/result", "result_not_above_the_form")]
    assert found == ([] if result in allowed else wrong)


_SAID = {"measures": "確かめる。", "answer": "sufficient"}
_ACQUIRED = dict.fromkeys(("off_purpose", "unsafe_method", "inaccuracy", "leak"), _SAID)


@pytest.mark.parametrize(
    ("places", "found"),
    [
        (
            {"/files/0/outsourcing": {"status": "not_outsourced"}},
            [("/risks/0/outsourcing/status", "outsourcing_agrees")],
        ),
        (
            {"/risks/0/outsourcing": {"status": "not_outsourced"}},
            [("/risks/0/outsourcing/status", "outsourcing_agrees")],
        ),
        (
            {
                "/files/0/outsourcing": {"status": "not_outsourced"},
                "/risks/0/outsourcing": {"status": "not_outsourced"},
            },
            [],
        ),
        ({"/files/0/outsourcing/status": None}, []),
        ({"/risks/0/outsourcing/status": None}, []),
    ],
    ids=["Ⅱ4だけしない", "Ⅲ4だけしない", "どちらもしない", "Ⅱ4が未記入", "Ⅲ4が未記入"],
)
def test_outsourcing_is_told_alike(places: dict[str, object], found: list[tuple[str, str]]) -> None:
    assert broken_rules(changed(ALL_ITEMS, places)) == found


@pytest.mark.parametrize(
    ("places", "found"),
    [
        (
            {"/files/0/provision": {"status": "not_done"}},
            [
                ("/risks/0/provision/status", "provision_agrees"),
                ("/risks/0/network_provision/status", "network_agrees"),
            ],
        ),
        (
            {"/files/0/provision/entries/1/method": ["network_system"]},
            [("/risks/0/provision/status", "provision_agrees")],
        ),
        (
            {"/files/1/provision/entries/0/method": ["network_system", "paper"]},
            [("/risks/1/provision/status", "provision_agrees")],
        ),
        (
            {"/files/1/provision/entries/0/method": ["paper"], "/risks/1/provision/status": "provided"},
            [("/risks/1/network_provision/status", "network_agrees")],
        ),
        ({"/files/0/provision/entries/1/method": []}, []),
        ({"/files/0/provision/status": None}, []),
        ({"/files/0/provision/entries": None}, []),
        ({"/risks/0/provision/status": None}, []),
    ],
    ids=[
        "Ⅱ5で行っていない",
        "ネットワークシステムだけで提供",
        "紙でも提供",
        "紙だけで提供",
        "方法が未記入",
        "Ⅱ5が未記入",
        "提供先が未記入",
        "Ⅲ5が未記入",
    ],
)
def test_provision_is_told_alike_but_for_what_goes_through_the_network(
    places: dict[str, object], found: list[tuple[str, str]]
) -> None:
    assert broken_rules(changed(ALL_ITEMS, places)) == found


@pytest.mark.parametrize(
    ("places", "found"),
    [
        ({"/files/0/use/methods": ["paper"]}, [("/risks/0/network_acquisition/status", "network_agrees")]),
        ({"/files/1/use/methods": ["network_system"]}, [("/risks/1/network_acquisition/status", "network_agrees")]),
        (
            {
                "/files/1/use/methods": ["network_system"],
                "/risks/1/network_acquisition": {"status": "connected", **_ACQUIRED},
            },
            [],
        ),
        ({"/files/0/use/methods": ["電報"]}, []),
        ({"/files/0/use/methods": None}, []),
    ],
    ids=["Ⅱ3だけ入手しない", "Ⅱ3だけ入手する", "どちらも入手する", "選択肢にない方法", "方法が未記入"],
)
def test_acquisition_through_the_network_is_told_alike(places: dict[str, object], found: list[tuple[str, str]]) -> None:
    assert broken_rules(changed(ALL_ITEMS, places)) == found


_LINK = "/basic_information/network_link"
_NOT_CONNECTED = {"status": "not_connected"}


@pytest.mark.parametrize("status", ["not_carried_out", "undecided"], ids=["実施しない", "未定"])
def test_without_the_link_no_file_is_connected(status: str) -> None:
    found = broken_rules(changed(PRIORITY_ITEMS, {_LINK: {"status": status}}))
    assert found == [("/risks/0/network_provision/status", "network_link_agrees")]


def test_with_the_link_some_file_is_connected() -> None:
    places = {"/files/0/provision/entries/1/method": ["paper"], "/risks/0/network_provision": _NOT_CONNECTED}
    assert broken_rules(changed(PRIORITY_ITEMS, places)) == [(f"{_LINK}/status", "network_link_agrees")]
    without = {**places, _LINK: {"status": "not_carried_out"}}
    assert broken_rules(changed(PRIORITY_ITEMS, without)) == []


@pytest.mark.parametrize("path", [f"{_LINK}/status", "/risks/0/network_provision/status"], ids=["Ⅰ5", "Ⅲ6"])
def test_a_missing_answer_on_the_link_is_left_to_the_validation(path: str) -> None:
    assert broken_rules(changed(PRIORITY_ITEMS, {path: None})) == []


_OPEN, _WARNED = "issue_has_countermeasure", "countermeasure_in_the_review"
_TOLD = "入力の誤りが残る。入力を二人で確かめる手順を設ける。"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/risks/1/acquisition/leak/answer", "/risks/1/acquisition/other_risks"),
        ("/risks/0/network_acquisition/leak/answer", "/risks/0/network_provision/other_risks"),
        ("/risks/1/storage/outdated/answer", "/risks/1/storage/leak/other_measures"),
        ("/risks/1/storage/leak/answer", "/risks/1/storage/other_risks"),
        ("/risks/1/outsourcing/answer", "/other_measures/other"),
    ],
    ids=["Ⅲ2", "Ⅲ6の入手", "Ⅲ7のその他の措置", "Ⅲ7のその他のリスク", "Ⅲ4はⅣ3"],
)
def test_an_issue_needs_a_countermeasure_in_the_free_text_of_its_section(path: str, text: str) -> None:
    assert broken_rules(changed(ALL_ITEMS, {path: "issues_remain"})) == [(path, _OPEN)]
    assert broken_rules(changed(ALL_ITEMS, {path: "issues_remain", text: _TOLD})) == [(path, _WARNED)]
    assert broken_rules(changed(ALL_ITEMS, {path: "issues_remain", text: " \n"})) == [(path, _OPEN)]


@pytest.mark.parametrize(
    "path",
    [
        "/other_measures/training/answer",
        "/other_measures/audit/audit",
        "/risks/0/outsourcing/subcontractors",
        "/risks/0/storage/leak/backup",
    ],
    ids=["教育・啓発", "監査", "再委託先", "バックアップ"],
)
def test_what_is_not_done_well_enough_needs_a_countermeasure_too(path: str) -> None:
    assert broken_rules(changed(ALL_ITEMS, {path: "insufficient"})) == [(path, _OPEN)]
    told = changed(ALL_ITEMS, {path: "insufficient", "/other_measures/other": _TOLD})
    assert broken_rules(told) == [(path, _WARNED)]


@pytest.mark.parametrize(
    "text",
    ["/risks/0/acquisition/other_risks", "/risks/1/use/other_risks"],
    ids=["別のファイルの同じ区分", "同じファイルの別の区分"],
)
def test_the_text_of_another_file_or_section_is_no_countermeasure(text: str) -> None:
    path = "/risks/1/acquisition/leak/answer"
    assert broken_rules(changed(ALL_ITEMS, {path: "issues_remain", text: _TOLD})) == [(path, _OPEN)]


@pytest.mark.parametrize(
    ("path", "answer", "text", "found"),
    [
        ("/risks/0/training/answer", "insufficient", "/risks/0/other_measures", _WARNED),
        ("/risks/0/training/answer", "insufficient", "/risks/0/use/other_risks", _OPEN),
        ("/risks/0/provision/answer", "issues_remain", "/risks/0/other_measures", _WARNED),
        ("/risks/0/leak/answer", "issues_remain", "/risks/0/leak/other_measures", _WARNED),
    ],
    ids=["教育・啓発はⅢ10", "教育・啓発に別の区分", "提供・移転はⅢ10", "漏えい等のその他の措置"],
)
def test_a_priority_assessment_tells_its_countermeasures_in_its_own_places(
    path: str, answer: str, text: str, found: str
) -> None:
    assert broken_rules(changed(PRIORITY_ITEMS, {path: answer, text: _TOLD})) == [(path, found)]


def test_the_one_who_drafts_is_told_where_the_countermeasure_goes() -> None:
    [error] = check(changed(ALL_ITEMS, {"/risks/0/use/copying/answer": "issues_remain"}), on=ON)
    assert "「課題が残されている」とするときは、課題とその対応策を" in error.message
    assert "「Ⅳ3 その他のリスク対策」に記入してください" in error.message


_KINDS = [
    "number",
    "other_identifier",
    "internal_number",
    "four_basics",
    "contact",
    "other_resident",
    "national_tax",
    "local_tax",
    "health",
    "care",
]


@pytest.mark.parametrize(
    ("band", "kinds", "wrong"),
    [("under_10", 9, False), ("under_10", 10, True), ("from_10_under_50", 10, False)],
    ids=["10項目未満で9種類", "10項目未満で10種類", "10項目以上で10種類"],
)
def test_fewer_items_than_kinds_can_not_be(band: str, kinds: int, *, wrong: bool) -> None:
    basic = "/files/1/basic"
    places = {f"{basic}/recorded_item_count": band, f"{basic}/main_recorded_items": _KINDS[:kinds]}
    expected = [(f"{basic}/recorded_item_count", "item_count_covers_the_kinds")] if wrong else []
    assert broken_rules(changed(ALL_ITEMS, places)) == expected


def test_without_its_kinds_the_number_of_items_is_left_alone() -> None:
    basic = "/files/1/basic"
    places = {f"{basic}/recorded_item_count": "under_10", f"{basic}/main_recorded_items": None}
    assert broken_rules(changed(ALL_ITEMS, places)) == []


_INCIDENT = {"occurred": "occurred", "content": "誤って送付した。", "prevention": "二人で確かめる。"}


def test_an_incident_is_told_alike_for_every_file() -> None:
    first, second = (f"/risks/{at}/storage/leak/serious_incident" for at in (0, 1))
    one = broken_rules(changed(ALL_ITEMS, {first: _INCIDENT}))
    assert one == [(f"{second}/occurred", "one_answer_on_incidents")]
    assert broken_rules(changed(ALL_ITEMS, {first: _INCIDENT, second: _INCIDENT})) == []
