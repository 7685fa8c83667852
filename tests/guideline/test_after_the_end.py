"""終了の後の訂正と追完: what was filed may be corrected and supplemented, and nothing else is begun anew."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from guideline.event_closing import announced, missing_for_closing
from guideline.event_register import check_no_new_date
from guideline.events import judge_event, take_event, with_derived
from guideline.refusals import RefusedError
from schemas.breach import Happening, ReportItem, ReportKind
from schemas.event_acts import EventActKind, EventDerived
from schemas.events import Correction, EventState, EventStatus, FilingKind
from tests.guideline.breaches import facts
from tests.guideline.event_samples import (
    AFTER,
    AT,
    LATER,
    act_of,
    after,
    approval,
    closable,
    closed,
    event,
    filing,
)

APPROVE, FILE, UPDATE, CLOSE = (
    EventActKind.APPROVE_REPORT,
    EventActKind.RECORD_FILING,
    EventActKind.UPDATE_FACTS,
    EventActKind.CLOSE,
)
FIRST, SECOND = "f" * 64, "a" * 64
TODAY = LATER.date()


def refused(state: EventState, kind: EventActKind, /, **more: Any) -> str:
    with pytest.raises(RefusedError) as error:
        judge_event(state, act_of(kind, **more), at=LATER)
    return error.value.refusal.code


def never_filed() -> EventState:
    return event(facts()).model_copy(update={"status": EventStatus.CLOSED})


def test_a_supplement_of_what_was_filed_is_approved_and_filed_and_the_event_stays_closed() -> None:
    state = after(closed(), act_of(APPROVE, kind=ReportKind.SUPPLEMENT, digest=SECOND), at=LATER)
    told = filing(FilingKind.SUPPLEMENT, digest=SECOND, filed_on=TODAY)
    state = after(state, act_of(FILE, filing=told), at=LATER)
    assert (state.status, state.filings[-1], state.alarms) == (EventStatus.CLOSED, told, ())


def test_a_report_that_was_filed_is_corrected() -> None:
    state = after(closed(), act_of(APPROVE, kind=ReportKind.FINAL, digest=SECOND), at=LATER)
    why = Correction(corrects=FIRST, reason="人数の誤記。")
    told = filing(FilingKind.CORRECTION, digest=SECOND, filed_on=TODAY, correction=why)
    assert after(state, act_of(FILE, filing=told), at=LATER).filings[-1].correction == why


def test_what_was_never_filed_is_neither_supplemented_nor_told_anew() -> None:
    assert refused(never_filed(), APPROVE, kind=ReportKind.SUPPLEMENT) == "closed_unfiled"
    assert refused(never_filed(), APPROVE, kind=ReportKind.FINAL) == "closed_unfiled"
    assert refused(never_filed(), UPDATE) == "closed_unfiled"
    told = never_filed().model_copy(update={"approvals": (approval(),)})
    assert refused(told, FILE) == "closed_filing"


def test_a_fact_for_the_report_is_taken_and_one_that_begins_a_date_is_a_report_of_its_own() -> None:
    state = closed()
    corrected = after(state, act_of(UPDATE, **AFTER[UPDATE]), at=LATER)
    assert (corrected.status, corrected.facts.persons_at_most) == (EventStatus.CLOSED, 2)
    check_no_new_date(state, corrected)
    many = act_of(UPDATE, facts=facts(persons_at_most=101), changed=("persons_at_most",))
    with pytest.raises(RefusedError, match="新たな期限が生じます: 速報") as error:
        check_no_new_date(state, after(state, many, at=LATER))
    assert error.value.refusal.code == "closed_new_date"
    check_no_new_date(event(), after(event(), act_of(UPDATE)))


UNKNOWN = (ReportItem.CAUSE, ReportItem.PREVENTION)


def announcing(*reports: tuple[ReportKind, str, tuple[ReportItem, ...]], corrects: str | None = None) -> EventState:
    """Give an event of which those reports were filed; the last one as a 訂正 where it says of what."""
    state = closable().model_copy(update={"approvals": (), "filings": ()})
    approvals = [approval(kind, digest=digest).model_copy(update={"announced": it}) for kind, digest, it in reports]
    kinds = {ReportKind.FINAL: FilingKind.BOTH, ReportKind.SUPPLEMENT: FilingKind.SUPPLEMENT}
    filings = [filing(kinds[one.kind], digest=one.digest, receipt_number=one.digest[0]) for one in approvals]
    if corrects is not None:
        why = Correction(corrects=corrects, reason="誤記。")
        filings[-1] = filings[-1].model_copy(update={"kind": FilingKind.CORRECTION, "correction": why})
    return state.model_copy(update={"approvals": tuple(approvals), "filings": tuple(filings)})


FINAL, SUPPLEMENT = ReportKind.FINAL, ReportKind.SUPPLEMENT
STANDS = [
    pytest.param(announcing((FINAL, FIRST, UNKNOWN)), UNKNOWN, id="確報が不明とした"),
    pytest.param(announcing((FINAL, FIRST, ())), (), id="全て記した確報"),
    pytest.param(announcing((FINAL, FIRST, UNKNOWN), (SUPPLEMENT, SECOND, ())), (), id="追完した"),
    pytest.param(
        announcing((FINAL, FIRST, UNKNOWN), (SUPPLEMENT, SECOND, UNKNOWN[:1])), UNKNOWN[:1], id="なお不明の追完"
    ),
    pytest.param(announcing((FINAL, FIRST, UNKNOWN), (FINAL, SECOND, ()), corrects=FIRST), (), id="訂正した"),
    pytest.param(closable(), (), id="不明なし"),
]


@pytest.mark.parametrize(("state", "expected"), STANDS)
def test_closing_asks_for_the_supplement_that_a_filed_report_announced(
    state: EventState, expected: tuple[ReportItem, ...]
) -> None:
    assert announced(state) == expected
    missing = "".join(missing_for_closing(state, act_of(CLOSE)))
    assert all(one.label in missing for one in expected)
    assert ("追完" in missing) is bool(expected)


def test_an_approval_that_was_never_filed_announces_nothing_and_what_is_recorded_stands_on_the_last() -> None:
    state = take_event(closable(), act_of(APPROVE, kind=SUPPLEMENT, digest=SECOND), at=AT)
    state = with_derived(state, EventDerived(announced=UNKNOWN))
    assert [one.announced for one in state.approvals] == [(), (), UNKNOWN]
    assert announced(state) == ()


def test_nothing_that_follows_is_dated_before_what_it_follows() -> None:
    state = closed().model_copy(update={"filings": (filing(), filing(FilingKind.FINAL, digest=FIRST, filed_on=TODAY))})
    more = (approval(SUPPLEMENT, digest=SECOND), approval(FINAL, digest="b" * 64))
    state = state.model_copy(update={"approvals": (*state.approvals, *more)})
    before = TODAY - timedelta(days=1)
    why = Correction(corrects=FIRST, reason="誤記。")
    for told in (
        filing(FilingKind.SUPPLEMENT, digest=SECOND, filed_on=before),
        filing(FilingKind.CORRECTION, digest="b" * 64, filed_on=before, correction=why),
    ):
        with pytest.raises(RefusedError, match=f"{TODAY} より前です") as error:
            judge_event(state, act_of(FILE, filing=told), at=LATER)
        assert error.value.refusal.code == "filed_before"
        on_the_day = told.model_copy(update={"filed_on": TODAY})
        assert take_event(state, act_of(FILE, filing=on_the_day), at=LATER)


def test_the_same_supplement_is_filed_once_and_each_filing_has_its_evidence() -> None:
    once = filing(FilingKind.SUPPLEMENT, digest=SECOND, receipt_number="3")
    state = closed().model_copy(update={"approvals": (*closed().approvals, approval(SUPPLEMENT, digest=SECOND))})
    bare = once.model_copy(update={"evidence": ()})
    assert refused(state, FILE, filing=bare) == "filing_incomplete"
    state = state.model_copy(update={"filings": (*state.filings, once)})
    assert refused(state, FILE, filing=once.model_copy(update={"receipt_number": "4"})) == "filed_already"


IMPOSSIBLE = [
    pytest.param({"happened_on": date(2026, 6, 2)}, "今日（令和8年6月1日）より後", id="発生した日が未来"),
    pytest.param({"principal_notified_on": date(2026, 6, 2)}, "今日（令和8年6月1日）より後", id="通知した日が未来"),
    pytest.param({"happened_on": date(2026, 6, 2)}, "知った日（令和8年6月1日）より後", id="知った後に発生"),
    pytest.param({"persons_confirmed": 12, "persons_at_most": 11}, "判明している本人の数（12人）", id="最大より多い"),
]


@pytest.mark.parametrize(("content", "words"), IMPOSSIBLE)
def test_facts_that_can_not_be_so_are_refused(content: dict[str, Any], words: str) -> None:
    with pytest.raises(RefusedError, match="あり得ません") as error:
        judge_event(event(), act_of(UPDATE, facts=facts(**content), changed=tuple(content)), at=AT)
    assert error.value.refusal.code == "impossible_fact"
    assert words in error.value.refusal.message


def test_what_can_be_so_is_taken_and_what_was_told_before_is_not_asked_again() -> None:
    told = {"happened_on": date(2026, 6, 1), "persons_confirmed": 11, "persons_at_most": 11}
    assert take_event(event(), act_of(UPDATE, facts=facts(**told), changed=tuple(told)), at=AT)
    odd = event(facts(persons_confirmed=5, persons_at_most=2))
    other = act_of(UPDATE, facts=facts(leak=Happening.FEARED), changed=("leak",))
    assert take_event(odd, other, at=AT)
