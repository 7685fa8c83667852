"""義務の繰り返し: what is to be opened on a day, after those that are there, however many were missed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from guideline.duties import take_duty
from guideline.duty_round import opening_today, told_of_held_up
from guideline.duty_series import MOST_AT_ONCE, due_to_open, latest_of_each, opening_of, period_of, series_of
from guideline.refusals import RefusedError
from schemas.duties import DutyKind, DutyState, DutyStatus, Interval
from schemas.duty_acts import DutyActKind
from schemas.organisation import Body, BodyKind, Person, Role
from tests.guideline.duty_samples import CHIEF, ORGANISATION, act_of, state

WITH_STRANGER = ORGANISATION.model_copy(
    update={
        "bodies": (*ORGANISATION.bodies, Body(id="city", name="見本市長", kind=BodyKind.LOCAL_GOVERNMENT)),
        "people": (*ORGANISATION.people, Person(id="stranger", body="city", department="soumu", name="別の機関の者")),
    }
)


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


def test_a_date_that_was_put_off_is_put_off_once_and_not_in_every_year_after() -> None:
    put_off = yearly()
    for day in (date(2023, 11, 30), date(2023, 12, 20)):
        act = act_of(DutyActKind.POSTPONE, CHIEF, duty_id=put_off.duty_id, due_on=day)
        put_off = take_duty(put_off, act, at=datetime(2023, 10, 2, tzinfo=UTC))
    assert (put_off.due_on, put_off.first_due_on) == (date(2023, 12, 20), date(2023, 10, 20))
    (following,) = due_to_open([put_off], on=date(2024, 8, 7))
    assert (following.due_on, following.first_due_on) == (date(2024, 10, 20), None)


def test_all_that_were_missed_are_made_up_series_by_series_from_the_latest() -> None:
    there = [monthly(), monthly("2023-12", begins_on=date(2023, 12, 1)), monthly("2024-01", name="b")]
    assert ids(there, date(2024, 2, 1))[:2] == ["log_analysis:a.2024-01", "log_analysis:a.2024-02"]
    assert [one.duty_id for one in latest_of_each(reversed(there))] == [
        "log_analysis:b.2024-01",
        "log_analysis:a.2023-12",
    ]
    assert series_of(there[0]) == "log_analysis:a"
    assert len(due_to_open([monthly()], on=date(2033, 1, 1))) == MOST_AT_ONCE


@pytest.mark.parametrize("status", [DutyStatus.OPEN, DutyStatus.HANDED_IN, DutyStatus.CLOSED])
def test_the_next_is_open_whatever_became_of_the_last_and_somebody_owes_it(status: DutyStatus) -> None:
    last = yearly().model_copy(update={"status": status, "owner": None})
    (following,) = due_to_open([last], on=date(2024, 8, 7))
    assert following.status is DutyStatus.OPEN
    assert opening_today(following, ORGANISATION, parent=None).duty_id == "training:all.2024"


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


def test_the_next_one_is_opened_in_the_organisation_of_that_day() -> None:
    owned = monthly().model_copy(update={"owner": "owner"})
    assert opening_today(owned, ORGANISATION, parent=None).owner == "owner"
    for gone in ("somebody", "stranger"):
        left = opening_today(owned.model_copy(update={"owner": gone}), WITH_STRANGER, parent=None)
        assert (left.owner, left.department) == (None, "accounts")
    assert opening_today(monthly(), ORGANISATION, parent=None).owner is None
    above = state(DutyKind.GUIDANCE)
    assert opening_today(monthly().model_copy(update={"parent": above.duty_id}), ORGANISATION, parent=above).parent


@pytest.mark.parametrize(
    ("changes", "code"), [({"department": "gone"}, "unknown_department"), ({"parent": "audit:gone"}, "unknown_parent")]
)
def test_what_nobody_owes_any_more_is_not_opened_and_its_openers_are_told(changes: dict[str, Any], code: str) -> None:
    one = monthly().model_copy(update=changes)
    with pytest.raises(RefusedError) as refused:
        opening_today(one, ORGANISATION, parent=None)
    assert refused.value.refusal.code == code
    told = told_of_held_up(one, refused.value.refusal, ORGANISATION)
    assert [notice.person for notice in told] == ["auditor", "auditor-2"]
    assert told[0].subject.startswith("次のログ分析を始められません（")
    assert told[0].notice_id == "held-up/log_analysis:a.2023-11>auditor"
