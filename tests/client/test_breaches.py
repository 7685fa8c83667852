"""漏えい等報告の問い: each item by itself, what is refused, and an event whose day of knowing can't be right."""

from __future__ import annotations

from datetime import date

import pytest

from cli.event_page import print_event
from client.breaches import Breaches
from client.errors import InvalidInputError
from client.event_views import row_of, view_of
from schemas.event_acts import EventHistory
from schemas.events import Answer, EventClock, Notification, NotificationKind
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


def test_facts_that_can_not_be_so_are_not_classified() -> None:
    wrong = b'{"known_on": "2026-06-02", "happened_on": "2026-06-03", "persons_confirmed": 2, "persons_at_most": 1}'
    with pytest.raises(InvalidInputError, match="4件の誤り") as refused:
        Breaches.classify(wrong, on=ON)
    assert [one.partition("（")[0] for one in refused.value.faults] == [
        "happened_on",
        "known_on",
        "happened_on",
        "persons_at_most",
    ]


def test_a_notice_that_is_said_not_to_be_due_is_not_shown_as_done(capsys: pytest.CaptureFixture[str]) -> None:
    left_out = Notification(kind=NotificationKind.NOT_DUE, reason="不開示情報である。")
    state = event(facts(**LEAK), notifications=(left_out,))
    view = view_of(EventHistory(state=state, acts=()), reviews=(), now=AT)
    assert {row.kind: row.not_due for row in view.deadlines}[EventClock.NOTICE_TO_PERSONS]
    print_event(view)
    page = capsys.readouterr().out
    assert "本人への通知（番号法第29条の4）: 要しない" in page
    assert "本人への通知: 通知を要しない  不開示情報である。" in page
    assert "経過" not in page.splitlines()
    assert "報告: 2026-06-01 12:00（desk）" in page  # in Tokyo
    both = event(facts(**LEAK), notifications=(left_out, NOTIFIED))
    done = view_of(EventHistory(state=both, acts=()), reviews=(), now=AT).deadlines
    assert not any(row.not_due for row in done)


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
