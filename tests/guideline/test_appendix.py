"""別表: the items of which a change is a 重要な変更."""

from datetime import date

import pytest

from guideline.appendix import APPENDIX, AppendixRow, appendix, row_of
from guideline.provisions import NotInForceError
from schemas.forms.catalogue import Item, items
from schemas.reports import ChangeKind

ON = date(2026, 5, 1)
_ITEMS = [(form, item) for form in ("basic_items", "priority_items", "all_items") for item in items(form, "2024-10")]


@pytest.mark.parametrize(("form", "item"), _ITEMS, ids=[f"{form} {item.label}" for form, item in _ITEMS])
def test_the_form_marks_an_item_exactly_where_the_appendix_names_it(form: str, item: Item) -> None:
    assert (row_of(form, item.path, on=ON) is not None) is item.material_change


@pytest.mark.parametrize("row", APPENDIX, ids=lambda row: f"{row.form} {row.title}")
def test_every_row_names_items_that_the_form_has(row: AppendixRow) -> None:
    named = [item for item in items(row.form, "2024-10") if row.covers(item.path)]
    assert named
    assert all(item.material_change for item in named)
    assert row.kinds


ROWS = {
    "priority_items": (
        "個人番号の利用、情報提供ネットワークシステムによる情報連携、特定個人情報ファイルの種類、対象となる本人の範囲、"
        "記録される主な項目、入手元、使用目的、使用方法、情報の突合、委託の有無、再委託の有無、保管場所、"
        "リスク対策（重大事故の発生を除く。）"
    ),
    "all_items": (
        "事務の内容、個人番号の利用、情報提供ネットワークシステムによる情報連携、特定個人情報ファイルの種類、"
        "対象となる本人の範囲、記録される主な項目、入手元、使用目的、使用部署、使用方法、情報の突合、情報の統計分析、"
        "権利利益に影響を与え得る決定、委託の有無、委託するファイルの対象となる本人の範囲、再委託の有無、保管場所、"
        "リスク対策（重大事故の発生を除く。）、その他のリスク対策"
    ),
    "basic_items": "",
}


@pytest.mark.parametrize(("form", "titles"), ROWS.items(), ids=["様式3", "様式4", "様式2には別表がない"])
def test_the_appendix_of_each_form_has_these_rows(form: str, titles: str) -> None:
    assert "、".join(row.title for row in appendix(form, on=ON)) == titles


EXCEPTED = [
    pytest.param("all_items", "/risks/*/storage/leak/serious_incident/occurred", id="様式4 Ⅲ7リスク1⑨"),
    pytest.param("priority_items", "/risks/*/leak/serious_incident/occurred", id="様式3 Ⅲ7②"),
    pytest.param("priority_items", "/basic_information/business/content", id="様式3の事務の内容"),
    pytest.param("priority_items", "/files/*/use/using_department", id="様式3の使用の主体"),
    pytest.param("all_items", "/files/*/provision/status", id="提供・移転の有無"),
    pytest.param("all_items", "/files/*/basic/range_necessity", id="その必要性"),
]


@pytest.mark.parametrize(("form", "path"), EXCEPTED)
def test_these_items_are_not_in_the_appendix(form: str, path: str) -> None:
    assert path in [item.path for item in items(form, "2024-10")]
    assert row_of(form, path, on=ON) is None


def test_every_kind_of_the_appendix_is_one_that_can_be_reported() -> None:
    assert {kind for row in APPENDIX for kind in row.kinds} <= set(ChangeKind)


def test_what_the_ordinance_itself_names_is_confirmed_and_most_rows_are_not() -> None:
    confirmed = {row.title for row in APPENDIX if row.confirmed}
    assert confirmed == {"事務の内容", "対象となる本人の範囲", "委託の有無", "保管場所"}
    named = next(row for row in appendix("all_items", on=ON) if row.title == "対象となる本人の範囲")
    assert "規則第11条" in [one.article for one in named.provisions]


def test_nothing_is_known_of_an_appendix_before_the_first_day() -> None:
    assert appendix("all_items", on=date(2016, 1, 1))
    with pytest.raises(NotInForceError):
        appendix("all_items", on=date(2015, 12, 31))
