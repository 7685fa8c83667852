"""リスク事案の終わり: what is waited for, and everything that is missing is named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guideline.event_closing import is_said_not_to_be_due, missing_for_closing, no_report_agreed, waiting
from schemas.breach import Happening
from schemas.event_acts import EventActKind
from schemas.events import EventClock, FilingKind, Notification, NotificationKind
from tests.guideline.breaches import facts
from tests.guideline.event_samples import LEAK, MEASURE, NOTIFIED, act_of, after, closable, event, filing, ready

CLOSE = EventActKind.CLOSE


def test_nothing_is_missing_where_all_was_done() -> None:
    assert missing_for_closing(closable(), act_of(CLOSE)) == ()
    assert missing_for_closing(closable()) == ()


def test_everything_that_is_missing_is_named_at_once() -> None:
    missing = missing_for_closing(event(facts(**LEAK)), act_of(CLOSE, reviews=()))
    assert missing == (
        "対策チームの受領確認",
        "速報（番号法第29条の4、期限 令和8年6月5日）",
        "確報（番号法第29条の4、期限 令和8年6月30日）",
        "本人への通知（番号法第29条の4）",
        "再発防止策、又はこれを定めない理由",
        "関係する評価書の見直し、又はこれを要しない理由",
    )


MISSING = [
    pytest.param({"acknowledged_by": None}, ("対策チームの受領確認",), id="受領確認"),
    pytest.param({"filings": (filing(),)}, ("確報（番号法第29条の4、期限 令和8年6月30日）",), id="確報"),
    pytest.param({"filings": (filing(FilingKind.BOTH),)}, (), id="速報を兼ねる確報"),
    pytest.param({"notifications": ()}, ("本人への通知（番号法第29条の4）",), id="本人への通知"),
    pytest.param({"measures": ()}, ("再発防止策、又はこれを定めない理由",), id="再発防止策"),
]


@pytest.mark.parametrize(("changes", "expected"), MISSING)
def test_each_thing_that_is_missing_is_named(changes: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert missing_for_closing(closable().model_copy(update=changes), act_of(CLOSE)) == expected


def test_a_reason_stands_for_a_measure_and_for_a_review() -> None:
    state = closable().model_copy(update={"measures": ()})
    act = act_of(CLOSE, reviews=(), without_measures="既にある。", without_review="評価書がない。")
    assert missing_for_closing(state, act) == ()


def test_what_is_not_reportable_is_closed_by_both_sides_or_by_a_report() -> None:
    done = {"acknowledged_by": "team", "measures": (MEASURE,)}
    alone = event(facts(), **done)
    both = "確報の提出、又は報告を要しないことの担当部署と対策チームの両者による確認"
    assert missing_for_closing(alone) == (both, "本人への通知、又はこれを要しない理由")
    proposed = ready(EventActKind.CONFIRM_NO_REPORT).model_copy(update=done)
    assert not no_report_agreed(proposed)
    agreed = after(proposed, act_of(EventActKind.CONFIRM_NO_REPORT))
    assert no_report_agreed(agreed)
    assert missing_for_closing(agreed) == ()
    reported = event(facts(), filings=(filing(FilingKind.BOTH),), notifications=(NOTIFIED,), **done)
    assert missing_for_closing(reported) == ()


def test_a_report_under_the_guideline_needs_one_filing_of_any_kind() -> None:
    state = event(
        facts(leak=Happening.OCCURRED, retained=False),
        acknowledged_by="team",
        measures=(MEASURE,),
        notifications=(NOTIFIED,),
    )
    assert [one.kind for one in waiting(state)] == [EventClock.GUIDELINE_REPORT]
    assert missing_for_closing(state) == ("ガイドラインによる報告（特定個人情報ガイドライン）",)
    assert missing_for_closing(state.model_copy(update={"filings": (filing(),)})) == ()


def test_a_contractors_principal_is_waited_for_until_it_is_told() -> None:
    state = event(facts(**LEAK, as_contractor=True, principal_has_duty=None))
    assert EventClock.NOTICE_TO_PRINCIPAL in {one.kind for one in waiting(state)}
    told = state.model_copy(update={"facts": facts(**LEAK, principal_notified_on=date(2026, 6, 1))})
    assert EventClock.NOTICE_TO_PRINCIPAL not in {one.kind for one in waiting(told)}


def test_what_was_filed_before_a_situation_was_known_says_nothing_of_it() -> None:
    state = closable()
    early = tuple(one.model_copy(update={"filed_on": date(2026, 5, 31)}) for one in state.filings)
    assert len(waiting(state.model_copy(update={"filings": early}))) == 2


def test_only_a_notice_that_nobody_made_is_said_not_to_be_due() -> None:
    left_out = Notification(kind=NotificationKind.NOT_DUE, reason="不開示情報である。")
    state = event(facts(**LEAK), notifications=(left_out,))
    found = {one.kind: is_said_not_to_be_due(one, state) for one in state.deadlines if one.law == "番号法第29条の4"}
    assert found == {EventClock.PRELIMINARY: False, EventClock.FINAL: False, EventClock.NOTICE_TO_PERSONS: True}
    told = state.model_copy(update={"notifications": (left_out, NOTIFIED)})
    assert not any(is_said_not_to_be_due(one, told) for one in told.deadlines)
