from datetime import date

import pytest

from schemas.forms.catalogue import items
from schemas.forms.wording import NOTHING, day_from_japanese, japanese_day, wording

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


DAYS = [
    pytest.param("1989-01-07", date(1989, 1, 7), id="西暦"),
    pytest.param("昭和64年1月7日", date(1989, 1, 7), id="昭和の最後の日"),
    pytest.param("平成元年1月8日", date(1989, 1, 8), id="平成の最初の日"),
    pytest.param("平成31年4月30日", date(2019, 4, 30), id="平成の最後の日"),
    pytest.param("令和元年5月1日", date(2019, 5, 1), id="令和の最初の日"),
    pytest.param("令和1年5月1日", date(2019, 5, 1), id="元年を1年と書く"),
    pytest.param("　令和６年１０月１日 ", date(2024, 10, 1), id="全角"),
    pytest.param("2015/3/10", date(2015, 3, 10), id="斜線"),
    pytest.param("2015年3月10日", date(2015, 3, 10), id="西暦の年月日"),
]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_a_day_is_read_as_people_write_it(text: str, day: date) -> None:
    assert day_from_japanese(text) == day


@pytest.mark.parametrize(
    "text",
    ["", "昨日", "平成31年5月1日", "昭和64年1月8日", "令和6年2月30日", "2015-13-01", "大正10年1月1日", "令和0年1月1日"],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        day_from_japanese(text)
