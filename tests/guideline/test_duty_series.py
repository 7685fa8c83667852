"""義務の繰り返し: what is to be opened on a day, after those that are there, however many were missed."""

from __future__ import annotations

from datetime import date

import pytest

from guideline.duty_series import MOST_AT_ONCE, due_to_open, latest_of_each, opening_of, period_of, series_of
from schemas.duties import DutyKind, DutyState, DutyStatus, Interval
from schemas.organisation import Role
from tests.guideline.duty_samples import state


def monthly(period: str = "2023-11", *, name: str = "a", begins_on: date = date(2023, 11, 1)) -> DutyState:
    return state(
        DutyKind.LOG_ANALYSIS,
        duty_id=f"log_analysis:{name}.{period}",
        begins_on=begins_on,
        due_on=begins_on.replace(day=15),
        repeats=Interval.MONTH,
    )


def yearly(begins_on: date = date(2023, 8, 7)) -> DutyState:
    return state(
        DutyKind.TRAINING,
        duty_id=f"training:all.{begins_on:%Y}",
        begins_on=begins_on,
        due_on=date(2023, 10, 20),
        repeats=Interval.YEAR,
    )


def ids(states: list[DutyState], on: date) -> list[str]:
    return [one.duty_id for one in due_to_open(states, on=on)]


def test_the_next_opens_on_the_day_it_begins_and_not_before() -> None:
    assert ids([monthly()], date(2023, 11, 30)) == []
    assert ids([monthly()], date(2023, 12, 1)) == ["log_analysis:a.2023-12"]
    assert ids([yearly()], date(2024, 8, 6)) == []
    (following,) = due_to_open([yearly()], on=date(2024, 8, 7))
    assert (following.duty_id, following.due_on) == ("training:all.2024", date(2024, 10, 20))


def test_all_that_were_missed_are_made_up_series_by_series_from_the_latest() -> None:
    there = [monthly(), monthly("2023-12", begins_on=date(2023, 12, 1)), monthly("2024-01", name="b")]
    assert ids(there, date(2024, 2, 1))[:2] == ["log_analysis:a.2024-01", "log_analysis:a.2024-02"]
    assert [one.duty_id for one in latest_of_each(reversed(there))] == [
        "log_analysis:b.2024-01",
        "log_analysis:a.2023-12",
    ]
    assert series_of(there[0]) == "log_analysis:a"
    assert len(due_to_open([monthly()], on=date(2033, 1, 1))) == MOST_AT_ONCE


def test_a_series_ends_with_a_cancelled_duty_and_what_does_not_repeat_has_none() -> None:
    cancelled = monthly().model_copy(update={"status": DutyStatus.CANCELLED})
    assert ids([cancelled], date(2024, 12, 1)) == []
    for changes in ({"repeats": None}, {"begins_on": None}):
        assert ids([monthly().model_copy(update=changes)], date(2024, 12, 1)) == []


@pytest.mark.parametrize(
    ("begins_on", "every", "following"),
    [
        pytest.param(date(2023, 12, 31), Interval.MONTH, date(2024, 1, 31), id="年を越える"),
        pytest.param(date(2024, 1, 31), Interval.MONTH, date(2024, 2, 29), id="短い月"),
        pytest.param(date(2024, 2, 29), Interval.MONTH, date(2024, 3, 31), id="末日は末日"),
        pytest.param(date(2024, 1, 30), Interval.MONTH, date(2024, 2, 29), id="その日のない月"),
        pytest.param(date(2024, 2, 29), Interval.YEAR, date(2025, 2, 28), id="閏日"),
    ],
)
def test_an_interval_later(begins_on: date, every: Interval, following: date) -> None:
    period = period_of(begins_on, every=every)
    one = state(DutyKind.AUDIT, duty_id=f"audit:a.{period}", begins_on=begins_on, due_on=begins_on, repeats=every)
    (found,) = due_to_open([one], on=following)
    assert (found.begins_on, found.due_on) == (following, following)


def test_the_engine_opens_it_by_one_act_however_often_it_is_asked() -> None:
    (following,) = due_to_open([yearly()], on=date(2024, 8, 7))
    act = opening_of(following)
    assert (act.act_id, act.actor.role, act.actor.body) == ("open/training:all.2024", Role.ENGINE, "digital-agency")
    assert (act.title, act.repeats, act.content) == (following.title, Interval.YEAR, following.content)
    assert [one.label for one in Interval] == ["毎月", "毎年"]
