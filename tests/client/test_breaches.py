"""漏えい等報告の問い: each item by itself, what is refused, and an event whose day of knowing can't be right."""

from __future__ import annotations

from datetime import date

import pytest

from client.breaches import Breaches
from client.errors import InvalidInputError
from client.event_views import row_of, view_of
from schemas.event_acts import EventHistory
from schemas.events import Answer, EventClock
from tests.guideline.breaches import facts
from tests.guideline.event_samples import AT, LEAK, NOTIFIED, closed, event, filing

ON = date(2026, 6, 1)


@pytest.mark.parametrize("item", [1, 2, 3, 4], ids=["1号", "2号", "3号", "4号"])
def test_an_item_stands_for_itself_alone(item: int) -> None:
    cited = {one for one in Breaches.deadlines(ON, [item]).provisions if "規則第2条" in one}
    assert cited == {f"漏えい等報告規則第2条第{item}号"}


@pytest.mark.parametrize("items", [[], [0], [5], [1, 9]], ids=["なし", "0号", "5号", "9号"])
def test_an_item_that_is_none_is_refused(items: list[int]) -> None:
    with pytest.raises(InvalidInputError, match="事態"):
        Breaches.deadlines(ON, items)


def test_the_dates_before_the_text_that_was_read_are_not_confirmed() -> None:
    assert not Breaches.deadlines(date(2023, 2, 1), [1]).confirmed
    assert Breaches.deadlines(date(2023, 2, 1), [1]).final_due_on == date(2023, 3, 2)


def test_facts_are_classified_by_the_rules_of_a_day() -> None:
    facts_of_a_leak = b'{"leak": "occurred", "in_file": true, "number_use_system": true}'
    assert Breaches.classify(facts_of_a_leak, on=ON).reportable is Answer.YES
    assert not Breaches.classify(facts_of_a_leak, on=date(2023, 2, 1)).confirmed
    with pytest.raises(InvalidInputError, match="2022-04-01"):
        Breaches.classify(facts_of_a_leak, on=date(2020, 1, 1))


def test_a_day_of_knowing_after_the_report_is_told_and_hides_nothing() -> None:
    odd = event(facts(**LEAK), reported_at=AT.replace(day=1, month=5))
    view = view_of(EventHistory(state=odd, acts=()), reviews=(), now=AT)
    assert "知った日（令和8年6月1日）より前です" in view.delay
    assert view.missing[-1] == "関係する評価書の見直し、又はこれを要しない理由"


def test_days_are_left_until_a_report_is_filed_and_then_none() -> None:
    state = event(facts(**LEAK), filings=(filing(),), notifications=(NOTIFIED,))
    view = view_of(EventHistory(state=state, acts=()), reviews=(), now=AT.replace(month=7, day=2))
    left = {row.kind: (row.done, row.days_left) for row in view.deadlines}
    assert left[EventClock.PRELIMINARY] == (True, None)
    assert left[EventClock.FINAL] == (False, -2)
    assert left[EventClock.NOTICE_TO_PERSONS] == (True, None)
    assert (row_of(state).next_due, row_of(state).due_on) == ("確報", date(2026, 6, 30))
    done = {row.kind: (row.done_on, row.days_late) for row in view.deadlines}
    assert done[EventClock.PRELIMINARY] == (ON, 0)
    assert done[EventClock.FINAL] == (None, None)
    assert done[EventClock.NOTICE_TO_PERSONS] == (ON, None)


def test_of_a_closed_event_nothing_is_missing() -> None:
    state = closed().model_copy(update={"closed_at": AT})
    assert view_of(EventHistory(state=state, acts=()), reviews=(), now=AT).missing == ()
    assert row_of(state).next_due is None
