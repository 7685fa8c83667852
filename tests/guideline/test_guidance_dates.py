"""時期の記載: the words of a report and the days that they can mean agree, whatever their width."""

from __future__ import annotations

from datetime import date

import pytest

from guideline.guidance_dates import fault_of_when, is_told, span_of
from schemas.guidance import When


@pytest.mark.parametrize(
    ("said", "first_on", "last_on"),
    [
        pytest.param("令和5年6月23日", date(2023, 6, 23), date(2023, 6, 23), id="日"),
        pytest.param("令和５年６月２３日", date(2023, 6, 23), date(2023, 6, 23), id="全角の日"),
        pytest.param("2023-06-23", date(2023, 6, 23), date(2023, 6, 23), id="数字だけの日"),
        pytest.param("同年11月2日", date(2023, 11, 2), date(2023, 11, 2), id="同年の日"),
        pytest.param("令和5年8月7日～同年10月20日", date(2023, 8, 7), date(2023, 10, 20), id="期間"),
        pytest.param("令和5年8月7日〜令和6年1月20日", date(2023, 8, 7), date(2024, 1, 20), id="年を越える期間"),
        pytest.param("令和5年12月迄", date(2023, 12, 1), date(2023, 12, 31), id="月まで"),
        pytest.param("令和5年12月迄予定", date(2023, 12, 1), date(2023, 12, 31), id="月までの予定"),
        pytest.param("令和6年9月までに", date(2024, 9, 1), date(2024, 9, 30), id="月までに"),
        pytest.param("令和6年2月末", date(2024, 2, 1), date(2024, 2, 29), id="閏年の月末"),
        pytest.param("令和5年度中", date(2023, 4, 1), date(2024, 3, 31), id="年度中"),
        pytest.param("令和5年度内", date(2023, 4, 1), date(2024, 3, 31), id="年度内"),
        pytest.param("2023年度", date(2023, 4, 1), date(2024, 3, 31), id="西暦の年度"),
        pytest.param("令和5年11月より", date(2023, 11, 1), date(2023, 11, 1), id="月から"),
    ],
)
def test_words_of_time_mean_these_days(said: str, first_on: date, last_on: date) -> None:
    assert span_of(said, year=2023) == (first_on, last_on)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("1年に1回", id="間隔"),
        pytest.param("令和6年10月以降", id="終わりがない"),
        pytest.param("令和5年13月迄", id="ない月"),
        pytest.param("令和5年10月20日～同年8月7日", id="逆の期間"),
        pytest.param("令和5年8月7日～いつか", id="終わりのない期間"),
        pytest.param("令和元年度中", id="令和の前に始まる年度"),
    ],
)
def test_words_that_name_no_last_day_mean_none_and_need_a_reason(said: str) -> None:
    assert span_of(said, year=2023) is None
    told = When(said=said, latest_on=date(2024, 10, 20))
    assert "理由（assumed）を書いてください" in (fault_of_when(told) or "")
    assert fault_of_when(told.model_copy(update={"assumed": "前回から1年とした。"})) is None


@pytest.mark.parametrize(
    ("first_on", "latest_on", "fault"),
    [
        pytest.param(None, date(2023, 10, 20), None, id="最も遅い日だけ"),
        pytest.param(date(2023, 8, 7), date(2023, 10, 20), None, id="両方"),
        pytest.param(None, date(2023, 10, 21), "最も遅い日は 令和5年10月20日 です（令和5年10月21日", id="終わりが違う"),
        pytest.param(
            date(2023, 8, 8), date(2023, 10, 20), "最初の日は 令和5年8月7日 です（令和5年8月8日", id="初めが違う"
        ),
    ],
)
def test_words_and_days_must_agree(first_on: date | None, latest_on: date, fault: str | None) -> None:
    told = fault_of_when(When(said="令和5年8月7日～同年10月20日", first_on=first_on, latest_on=latest_on))
    assert (told is None) if fault is None else fault in (told or "")


def test_a_sentence_tells_a_time_in_its_own_words_whatever_their_width() -> None:
    told = When(said="令和5年6月23日", latest_on=date(2023, 6, 23))
    assert is_told(told, "搭載済み（令和５年６月２３日）。")
    assert not is_told(told, "搭載済み（令和5年6月24日）。")
