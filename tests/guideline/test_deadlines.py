from datetime import UTC, date, datetime, timedelta, timezone

import jpholiday
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guideline.deadlines import (
    REASSESSMENT,
    YEARLY_REVIEW,
    add_business_days,
    closed_as,
    five_years_asked_on,
    five_years_due_on,
    is_closed,
    next_open_day,
    stage_due_on,
    subtract_business_days,
    tokyo_date,
    yearly_due_on,
    years_after,
)

_DAYS = st.dates(min_value=date(2016, 1, 1), max_value=date(2060, 12, 31))


@pytest.mark.parametrize("year", range(2025, 2031))
def test_a_second_calendar_knows_the_same_closed_days(year: int) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        turn_of_the_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
        closed = day.weekday() >= 5 or turn_of_the_year or jpholiday.is_holiday(day)
        assert is_closed(day) is closed, day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2026, 12, 28), False),
        (date(2026, 12, 29), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), True),
        (date(2025, 1, 3), True),
        (date(2027, 1, 4), False),
        (date(2026, 9, 22), True),
        (date(2026, 5, 6), True),
        (date(2025, 2, 24), True),
        (date(2019, 5, 1), True),
        (date(2026, 6, 6), True),
        (date(2026, 6, 7), True),
        (date(2026, 6, 8), False),
    ],
    ids=[
        "御用納め",
        "12月29日",
        "大晦日",
        "元日",
        "1月3日の金曜日",
        "御用始め",
        "国民の休日",
        "5月6日の振替休日",
        "天皇誕生日の振替休日",
        "即位の日",
        "土曜日",
        "日曜日",
        "月曜日",
    ],
)
def test_the_offices_of_the_state_are_closed_on_these_days(day: date, *, closed: bool) -> None:
    assert is_closed(day) is closed


@pytest.mark.parametrize(
    ("day", "days", "due"),
    [
        (date(2026, 6, 1), 1, date(2026, 6, 2)),
        (date(2026, 6, 1), 5, date(2026, 6, 8)),
        (date(2026, 6, 5), 1, date(2026, 6, 8)),
        (date(2026, 6, 7), 1, date(2026, 6, 8)),
        (date(2026, 6, 6), 0, date(2026, 6, 8)),
        (date(2026, 6, 8), 0, date(2026, 6, 8)),
        (date(2026, 12, 28), 1, date(2027, 1, 4)),
        (date(2025, 12, 26), 2, date(2026, 1, 6)),
        (date(2026, 5, 1), 1, date(2026, 5, 7)),
        (date(2026, 4, 28), 3, date(2026, 5, 7)),
        (date(2026, 9, 18), 1, date(2026, 9, 24)),
        (date(2027, 3, 19), 1, date(2027, 3, 23)),
    ],
    ids=[
        "翌日",
        "5開庁日",
        "週末を挟む",
        "閉庁日に始まる",
        "閉庁日から0日",
        "開庁日から0日",
        "年末年始を挟む",
        "年をまたぐ2日",
        "大型連休を挟む",
        "昭和の日から連休まで",
        "9月の連休を挟む",
        "春分の日の振替休日を挟む",
    ],
)
def test_business_days_are_counted_from_the_day_after(day: date, days: int, due: date) -> None:
    assert add_business_days(day, days) == due


@given(_DAYS, st.integers(min_value=0, max_value=40))
def test_a_due_day_is_open_and_has_so_many_open_days_before_it(day: date, days: int) -> None:
    due = add_business_days(day, days)
    assert not is_closed(due)
    passed = (day + timedelta(days=number) for number in range(1, (due - day).days + 1))
    assert days == 0 or sum(not is_closed(one) for one in passed) == days


@given(_DAYS)
def test_the_next_open_day_is_never_more_than_ten_days_away(day: date) -> None:
    opens = next_open_day(day)
    assert day <= opens <= day + timedelta(days=10)
    assert all(is_closed(day + timedelta(days=number)) for number in range((opens - day).days))


def test_a_negative_number_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="開庁日の数は0以上"):
        add_business_days(date(2026, 6, 1), -1)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 6, 1, 14, 59, 59, tzinfo=UTC), date(2026, 6, 1)),
        (datetime(2026, 6, 1, 15, 0, tzinfo=UTC), date(2026, 6, 2)),
        (datetime(2026, 6, 1, 23, 0, tzinfo=timezone(timedelta(hours=9))), date(2026, 6, 1)),
        (datetime(2025, 12, 31, 15, 0, tzinfo=UTC), date(2026, 1, 1)),
    ],
    ids=["日本の午前0時の前", "日本の午前0時", "日本時間", "日本の新年"],
)
def test_the_date_is_that_of_tokyo(instant: datetime, day: date) -> None:
    assert tokyo_date(instant) == day


def test_an_instant_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="時間帯"):
        tokyo_date(datetime(2026, 6, 1))  # noqa: DTZ001 - what is refused


def test_a_stage_begins_on_its_day_in_tokyo() -> None:
    friday_night = datetime(2026, 6, 5, 14, 0, tzinfo=UTC)
    saturday = friday_night + timedelta(hours=1)
    assert stage_due_on(began_at=friday_night, business_days=1) == date(2026, 6, 8)
    assert stage_due_on(began_at=saturday, business_days=1) == date(2026, 6, 8)
    assert stage_due_on(began_at=datetime(2026, 6, 7, 15, 0, tzinfo=UTC), business_days=1) == date(2026, 6, 9)


@pytest.mark.parametrize(
    ("verified_on", "due_on"),
    [
        (date(2025, 6, 1), date(2026, 6, 1)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2024, 2, 28), date(2025, 2, 28)),
        (date(2023, 2, 28), date(2024, 2, 28)),
        (date(2025, 1, 1), date(2026, 1, 1)),
    ],
    ids=["平年", "閏日", "閏年の2月28日", "閏年へ", "閉庁日でも動かない"],
)
def test_the_yearly_review_is_due_one_year_after_the_last_check(verified_on: date, due_on: date) -> None:
    assert yearly_due_on(verified_on) == due_on


@pytest.mark.parametrize(
    ("published_on", "due_on"),
    [(date(2021, 4, 1), date(2026, 4, 1)), (date(2024, 2, 29), date(2029, 2, 28))],
    ids=["平年", "閏日"],
)
def test_an_assessment_is_done_anew_after_five_years(published_on: date, due_on: date) -> None:
    assert five_years_due_on(published_on) == due_on


def test_the_yearly_period_is_confirmed_and_the_five_years_are_not() -> None:
    assert (YEARLY_REVIEW.years, YEARLY_REVIEW.confirmed) == (1, True)
    assert (REASSESSMENT.years, REASSESSMENT.confirmed) == (5, False)


@given(_DAYS, st.integers(min_value=-8, max_value=8))
def test_the_same_day_of_another_year_is_at_most_one_day_off(day: date, years: int) -> None:
    found = years_after(day, years=years)
    assert (found.year, found.month) == (day.year + years, day.month)
    assert found.day == day.day or (found.day, day.day) == (28, 29)


BACKWARDS = [
    pytest.param(date(2026, 6, 5), 0, date(2026, 6, 5), id="零日・開庁日"),
    pytest.param(date(2026, 6, 7), 0, date(2026, 6, 5), id="零日・日曜日"),
    pytest.param(date(2026, 6, 8), 1, date(2026, 6, 5), id="月曜日の前は金曜日"),
    pytest.param(date(2026, 1, 5), 1, date(2025, 12, 26), id="年末年始"),
    pytest.param(date(2026, 5, 7), 1, date(2026, 5, 1), id="連休"),
]


@pytest.mark.parametrize(("day", "days", "before"), BACKWARDS)
def test_business_days_are_counted_back_from_the_day_before(day: date, days: int, before: date) -> None:
    assert subtract_business_days(day, days) == before


@given(_DAYS, st.integers(min_value=0, max_value=40))
def test_counting_back_and_forth_comes_to_the_same_open_day(day: date, days: int) -> None:
    opens = next_open_day(day)
    assert subtract_business_days(add_business_days(opens, days), days) == opens


def test_a_negative_number_of_days_back_is_refused() -> None:
    with pytest.raises(ValueError, match="開庁日の数は0以上"):
        subtract_business_days(date(2026, 6, 1), -1)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        pytest.param(date(2026, 11, 20), None, id="金曜日"),
        pytest.param(date(2026, 11, 21), "土曜日", id="土曜日"),
        pytest.param(date(2026, 11, 22), "日曜日", id="日曜日"),
        pytest.param(date(2026, 11, 23), "祝日", id="勤労感謝の日"),
        pytest.param(date(2026, 12, 28), None, id="御用納め"),
        pytest.param(date(2026, 12, 29), "年末年始", id="年末"),
        pytest.param(date(2027, 1, 1), "年末年始", id="元日"),
        pytest.param(date(2027, 1, 3), "年末年始", id="日曜日である1月3日"),
    ],
)
def test_a_closed_day_says_why(day: date, why: str | None) -> None:
    assert closed_as(day) == why
    assert is_closed(day) is (why is not None)


ASKED = [
    pytest.param(date(2026, 6, 1), date(2025, 12, 3), date(2026, 6, 1), id="期日の180日前"),
    pytest.param(date(2026, 6, 1), date(2026, 6, 1), date(2026, 6, 1), id="期日の当日"),
    pytest.param(date(2026, 6, 1), date(2027, 5, 31), date(2026, 6, 1), id="一年後の前日"),
    pytest.param(date(2026, 6, 1), date(2027, 6, 1), date(2027, 6, 1), id="一年後の当日"),
    pytest.param(date(2026, 6, 1), date(2031, 1, 1), date(2030, 6, 1), id="四年半の後"),
    pytest.param(date(2026, 12, 1), date(2027, 1, 15), date(2026, 12, 1), id="年が改まった直後"),
    pytest.param(date(2025, 2, 28), date(2028, 2, 29), date(2028, 2, 28), id="うるう年の2月29日"),
]


@pytest.mark.parametrize(("due_on", "on", "asked_on"), ASKED)
def test_the_five_years_are_asked_for_again_every_year(due_on: date, on: date, asked_on: date) -> None:
    assert five_years_asked_on(due_on, on=on) == asked_on
