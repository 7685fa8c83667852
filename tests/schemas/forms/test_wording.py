from datetime import date

import pytest

from schemas.forms.catalogue import items
from schemas.forms.wording import NOTHING, japanese_day, wording

_ITEMS = {item.path: item for item in items("basic_items", "2024-10")}


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("/risk_measures/storage/answer", "issues_remain", "課題が残されている"),
        ("/risk_measures/storage/answer", "perfect", "perfect"),
        ("/risk_measures/audit/kinds", ["self_inspection", "external_audit"], "自己点検、外部監査"),
        ("/risk_measures/audit/kinds", [], NOTHING),
        ("/related_information/business/systems", ["児童手当システム", "中間サーバ"], "児童手当システム、中間サーバ"),
        ("/cover/special_notes", "", NOTHING),
        ("/cover/special_notes", None, NOTHING),
        ("/cover/special_notes", "なし", "なし"),
        ("/cover/special_notes", 5, "5"),
        ("/cover/published_on", "2024-10-01", "令和6年10月1日"),
        ("/cover/published_on", "来年", "来年"),
    ],
    ids=[
        "選択肢",
        "選択肢にない値",
        "複数の選択肢",
        "選択なし",
        "一覧",
        "空の文",
        "未記入",
        "文",
        "数",
        "日付",
        "日付でない文",
    ],
)
def test_a_value_reads_as_a_person_writes_it(path: str, value: object, words: str) -> None:
    assert wording(_ITEMS[path], value) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1926, 12, 24), "1926年12月24日"),
    ],
    ids=["令和の初日", "平成の末日", "平成の初日", "昭和の末日", "昭和の初日", "昭和の前日"],
)
def test_a_day_is_written_by_its_era(day: date, words: str) -> None:
    assert japanese_day(day) == words
