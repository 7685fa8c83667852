"""リスク事案の行為の検査: both sides of each, and what is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from guideline.breach_document import draft_of
from guideline.breach_report import judge_breach
from guideline.event_checks import MOST
from guideline.event_register import announced_in, check_agrees, check_reviews, check_stored, check_taken_over
from guideline.events import judge_event, take_event
from guideline.refusals import RefusedError
from schemas.breach import BreachFacts, Happening, Knowledge, ReportItem, ReportKind
from schemas.event_acts import EventActKind
from schemas.events import Correction, EventState, FilingKind, Notification, NotificationKind
from schemas.organisation import Role
from schemas.records import StoredDocument
from tests.guideline.breaches import NOTHING, facts
from tests.guideline.event_samples import (
    ALARM,
    AT,
    DIGEST,
    EVENT,
    EVIDENCE,
    LATER,
    LEAK,
    MANAGER,
    MEASURE,
    NOTIFIED,
    ON,
    OTHER,
    TEAM,
    act_of,
    after,
    approval,
    closable,
    event,
    filing,
    ready,
)
from tests.guideline.reviews import actor

YESTERDAY, TOMORROW = ON - timedelta(days=1), ON + timedelta(days=1)
UPDATE, KNEW, FILE = EventActKind.UPDATE_FACTS, EventActKind.ADD_KNOWLEDGE, EventActKind.RECORD_FILING
CLOSE = EventActKind.CLOSE


def refusal(state: EventState, kind: EventActKind, by: Any = TEAM, **more: Any) -> str:
    with pytest.raises(RefusedError) as refused:
        judge_event(state, act_of(kind, by, **more), at=AT)
    return f"{refused.value.refusal.code}: {refused.value.refusal.message}{refused.value.refusal.remedy}"


def test_an_event_is_acknowledged_once() -> None:
    state = event(acknowledged_by="team-2")
    assert "team-2" in refusal(state, EventActKind.ACKNOWLEDGE)


UPDATES = [
    pytest.param({"changed": ("leek", "account", "account.causes")}, "unknown_fact", id="知らない項目"),
    pytest.param({"changed": ("known_on",)}, "known_on_is_of_knowledge", id="知った日"),
    pytest.param({"changed": ("loss",)}, "nothing_changed", id="変わらない"),
    pytest.param({"known_on": YESTERDAY}, "learned_when", id="最初に知った日より前"),
    pytest.param({"known_on": TOMORROW}, "learned_when", id="未来"),
]


@pytest.mark.parametrize(("content", "code"), UPDATES)
def test_what_an_update_may_not_say(content: dict[str, Any], code: str) -> None:
    assert refusal(event(), UPDATE, **content).startswith(code)


def test_facts_that_became_known_on_the_first_day_or_today_are_taken() -> None:
    state = event()
    for day in (ON, date(2026, 6, 10)):
        assert take_event(state, act_of(UPDATE, known_on=day), at=LATER)


def test_knowledge_is_not_of_the_future_and_adds_something() -> None:
    assert refusal(event(), KNEW, known_on=TOMORROW).startswith("knowledge_future")
    for day in (ON, TOMORROW):
        state = event().model_copy(update={"knowledge": (Knowledge(department="others", known_on=ON),)})
        with pytest.raises(RefusedError) as refused:
            judge_event(state, act_of(KNEW, known_on=day), at=LATER)
        assert refused.value.refusal.code == "knowledge_there"


def test_an_event_joins_another_once_and_not_itself() -> None:
    for other in (EVENT, OTHER):
        assert refusal(event(joined=(OTHER,)), EventActKind.JOIN, other=other).startswith("joins_itself")
    future = (Knowledge(department="others", known_on=TOMORROW),)
    assert refusal(event(), EventActKind.JOIN, knowledge=future).startswith("knowledge_future")


def test_nobody_approves_what_they_wrote_and_nothing_is_approved_twice() -> None:
    assert refusal(event(), EventActKind.APPROVE_REPORT, written_by="team").startswith("own_report")
    state = event(approvals=(approval(),))
    assert refusal(state, EventActKind.APPROVE_REPORT).startswith("approved_already")
    assert take_event(state, act_of(EventActKind.APPROVE_REPORT, digest="a" * 64), at=AT)


APPROVED = (
    *(approval(kind, digest=letter * 64) for kind, letter in zip(ReportKind, "abc", strict=True)),
    approval(digest="d" * 64),
)
PRELIMINARY, FINAL, BOTH, SUPPLEMENT, CORRECTION = FilingKind
_DIGESTS = {PRELIMINARY: "a", FINAL: "b", BOTH: "b", SUPPLEMENT: "c", CORRECTION: "d"}


def of(kind: FilingKind, number: str = "新しい番号") -> Any:
    correction = Correction(corrects="a" * 64, reason="誤記。") if kind is CORRECTION else None
    return filing(kind, digest=_DIGESTS[kind] * 64, receipt_number=number, correction=correction)


ORDER = [
    pytest.param((), PRELIMINARY, None, id="速報が先"),
    pytest.param((), BOTH, None, id="一つで両方"),
    pytest.param((), FINAL, "filing_order", id="速報のない確報"),
    pytest.param((), SUPPLEMENT, "filing_order", id="確報のない追完"),
    pytest.param((), CORRECTION, "filing_order", id="報告のない訂正"),
    pytest.param((PRELIMINARY,), PRELIMINARY, "filing_again", id="二度の速報"),
    pytest.param((PRELIMINARY,), FINAL, None, id="速報の後の確報"),
    pytest.param((PRELIMINARY,), SUPPLEMENT, "filing_order", id="確報の前の追完"),
    pytest.param((PRELIMINARY,), CORRECTION, None, id="速報の訂正"),
    pytest.param((PRELIMINARY, FINAL), FINAL, "filing_again", id="二度の確報"),
    pytest.param((PRELIMINARY, FINAL), SUPPLEMENT, None, id="確報の後の追完"),
    pytest.param((BOTH,), FINAL, "filing_order", id="両方の後の確報"),
    pytest.param((BOTH,), PRELIMINARY, "filing_again", id="両方の後の速報"),
    pytest.param((BOTH,), BOTH, "filing_again", id="二度の両方"),
    pytest.param((BOTH,), SUPPLEMENT, None, id="両方の後の追完"),
]


@pytest.mark.parametrize(("filed", "kind", "code"), ORDER)
def test_reports_are_filed_in_their_order(filed: tuple[FilingKind, ...], kind: FilingKind, code: str | None) -> None:
    filings = tuple(of(one, number=one.value) for one in filed)
    state = event(facts(**LEAK), approvals=APPROVED, filings=filings)
    if code is None:
        assert take_event(state, act_of(FILE, filing=of(kind)), at=AT).filings[-1].kind is kind
    else:
        assert refusal(state, FILE, filing=of(kind)).startswith(code)


def test_a_situation_that_became_known_later_is_reported_anew() -> None:
    """速報 and 確報 were of 3号; that there are more than a hundred becomes known nine days later."""
    first = event(
        facts(seen_by_many=Happening.OCCURRED), approvals=APPROVED, filings=(of(PRELIMINARY, "1"), of(FINAL, "2"))
    )
    many = act_of(
        UPDATE, facts=facts(leak=Happening.OCCURRED, persons_at_most=101), changed=("leak", "persons_at_most")
    )
    later = after(first, many, at=LATER)
    again = filing(PRELIMINARY, digest="a" * 64, receipt_number="3", filed_on=date(2026, 6, 10))
    assert take_event(later, act_of(FILE, filing=again), at=LATER)


@pytest.mark.parametrize("day", [YESTERDAY, TOMORROW], ids=["知る前", "未来"])
def test_what_was_done_was_done_after_it_was_known_and_not_in_the_future(day: date) -> None:
    assert refusal(ready(FILE), FILE, filing=filing(filed_on=day)).startswith("event_date")
    told = NOTIFIED.model_copy(update={"done_on": day})
    assert refusal(event(), EventActKind.RECORD_NOTIFICATION, notification=told).startswith("event_date")


def test_only_what_was_approved_as_such_is_filed_under_a_number_of_its_own() -> None:
    assert refusal(event(facts(**LEAK)), FILE).startswith("filing_not_approved")
    state = event(facts(**LEAK), approvals=(approval(ReportKind.FINAL),))
    assert refusal(state, FILE).startswith("filing_not_approved")
    state = event(facts(**LEAK), approvals=APPROVED, filings=(of(PRELIMINARY, "1"),))
    assert refusal(state, FILE, filing=of(FINAL, "1")).startswith("filing_number")


NOTIFICATIONS = [
    pytest.param(NotificationKind.NOTICE, {"evidence": EVIDENCE}, "行った日", id="日のない通知"),
    pytest.param(NotificationKind.NOTICE, {"done_on": ON}, "根拠資料", id="根拠のない通知"),
    pytest.param(NotificationKind.SUBSTITUTE, {"done_on": ON, "evidence": EVIDENCE}, "理由", id="理由のない代替"),
    pytest.param(NotificationKind.NOT_DUE, {}, "理由", id="理由のない不要"),
    pytest.param(NotificationKind.NOT_DUE, {"reason": "不開示情報である。"}, None, id="不要"),
    pytest.param(
        NotificationKind.SUBSTITUTE, {"done_on": ON, "evidence": EVIDENCE, "reason": "連絡先が不明。"}, None, id="代替"
    ),
]


@pytest.mark.parametrize(("kind", "content", "missing"), NOTIFICATIONS)
def test_what_a_notification_asks_for(kind: NotificationKind, content: dict[str, Any], missing: str | None) -> None:
    told = Notification(kind=kind, **content)
    if missing is None:
        assert take_event(event(), act_of(EventActKind.RECORD_NOTIFICATION, notification=told), at=AT)
    else:
        assert missing in refusal(event(), EventActKind.RECORD_NOTIFICATION, notification=told)


def test_no_report_is_due_only_where_the_facts_say_so() -> None:
    propose = EventActKind.PROPOSE_NO_REPORT
    assert refusal(event(facts(**LEAK)), propose).startswith("reportable")
    only_guideline = event(facts(leak=Happening.OCCURRED, retained=False))
    assert refusal(only_guideline, propose).startswith("reportable")
    unknown = event(NOTHING.model_copy(update={"leak": None}))
    assert "漏えいが発生し" in refusal(unknown, propose)
    assert refusal(ready(EventActKind.CONFIRM_NO_REPORT), propose).startswith("proposed_already")


def test_the_other_side_confirms_of_the_same_facts() -> None:
    confirm = EventActKind.CONFIRM_NO_REPORT
    assert refusal(event(facts()), confirm).startswith("nothing_proposed")
    assert refusal(ready(confirm), confirm, facts_revision=2).startswith("nothing_proposed")
    agreed = after(ready(confirm), act_of(confirm))
    assert refusal(agreed, confirm).startswith("nothing_proposed")
    assert "対策チーム" in refusal(ready(confirm), confirm, MANAGER)
    assert "保護管理者" in refusal(ready(confirm, by_team=True), confirm)
    both = actor(Role.TEAM_MEMBER, person="manager", department="privacy")
    assert refusal(ready(confirm), confirm, both).startswith("own_proposal")


def test_a_measure_is_not_of_the_past() -> None:
    measure = MEASURE.model_copy(update={"due_on": YESTERDAY})
    assert refusal(event(), EventActKind.NAME_MEASURE, measure=measure).startswith("measure_past")
    today = MEASURE.model_copy(update={"due_on": ON})
    assert take_event(event(), act_of(EventActKind.NAME_MEASURE, measure=today), at=AT)


FULL = [
    pytest.param(EventActKind.JOIN, {"judgements": event().judgements * MOST}, id="同じ事案"),
    pytest.param(UPDATE, {"judgements": event().judgements * MOST}, id="事実"),
    pytest.param(KNEW, {"judgements": event().judgements * MOST}, id="把握"),
    pytest.param(EventActKind.APPROVE_REPORT, {"approvals": (approval(),) * MOST}, id="承認"),
    pytest.param(FILE, {"filings": (filing(),) * MOST}, id="提出"),
    pytest.param(EventActKind.RECORD_NOTIFICATION, {"notifications": (NOTIFIED,) * MOST}, id="通知"),
    pytest.param(EventActKind.NAME_MEASURE, {"measures": (MEASURE,) * MOST}, id="再発防止策"),
]


@pytest.mark.parametrize(("kind", "full"), FULL)
def test_a_state_does_not_grow_without_end(kind: EventActKind, full: dict[str, Any]) -> None:
    assert refusal(event().model_copy(update=full), kind).startswith("event_full")


def test_an_alarm_rings_when_it_is_due_and_once() -> None:
    remind, by = EventActKind.REMIND, actor(Role.ENGINE, person="engine")
    early = ALARM.model_copy(update={"at": AT + timedelta(seconds=1)})
    state = event().model_copy(update={"alarms": (early,)})
    assert refusal(state, remind, by, alarm=early).startswith("alarm")
    assert refusal(event().model_copy(update={"alarms": ()}), remind, by).startswith("alarm")


def test_an_event_is_closed_with_everything_done_or_taken_over_by_another() -> None:
    assert "評価書の見直し" in refusal(closable(), CLOSE, reviews=())
    assert refusal(event(), CLOSE, same_as=EVENT).startswith("joins_itself")
    assert refusal(event(), CLOSE, same_as=OTHER).startswith("event_incomplete")
    taken = take_event(event(acknowledged_by="team"), act_of(CLOSE, same_as=OTHER), at=AT)
    assert taken.same_as == OTHER


def test_what_an_act_names_is_in_the_register() -> None:
    check_reviews(act_of(CLOSE), known=("digital-agency-1/1",))
    with pytest.raises(RefusedError, match="digital-agency-1/1"):
        check_reviews(act_of(CLOSE), known=())
    check_taken_over(act_of(CLOSE, same_as=OTHER), by=event(joined=(EVENT,), event_id=OTHER))
    for other in (None, event(event_id=OTHER)):
        with pytest.raises(RefusedError, match=OTHER):
            check_taken_over(act_of(CLOSE, same_as=OTHER), by=other)


DOCUMENTS = [
    pytest.param(None, id="台帳にない"),
    pytest.param(("basic_items", {"cover": {"kind": "preliminary"}}), id="別の様式"),
    pytest.param(("breach_report", None), id="内容がない"),
    pytest.param(("breach_report", {"cover": "preliminary"}), id="表紙がない"),
    pytest.param(("breach_report", {"cover": {"kind": "final"}}), id="別の区分"),
]


def stored(form: str, content: dict[str, Any] | None) -> StoredDocument:
    return StoredDocument.model_construct(sha256=DIGEST, form=form, form_version="2025-10", content=content)


@pytest.mark.parametrize("given", DOCUMENTS)
def test_a_report_that_is_approved_is_in_the_register(given: tuple[str, dict[str, Any] | None] | None) -> None:
    act = act_of(EventActKind.APPROVE_REPORT)
    with pytest.raises(RefusedError, match=DIGEST[:12]):
        check_stored(act, document=stored(*given) if given else None)
    check_stored(act, document=stored("breach_report", {"cover": {"kind": "preliminary"}}))


def test_unknown_facts_are_facts_too() -> None:
    assert event().facts == BreachFacts(known_on=ON)


def _document(**changes: Any) -> StoredDocument:
    known = facts(**{**LEAK, "known_on": ON, **changes})
    content = draft_of(known, judge_breach(known, on=ON), kind=ReportKind.PRELIMINARY, on=ON)
    return stored("breach_report", content)


def _moved(**changed: Any) -> EventState:
    """Give an event of which a report was approved, and of which more became known nine days later."""
    state = event(facts(**LEAK, persons_at_most=90), approvals=(approval(),))
    return after(state, act_of(UPDATE, facts=facts(**changed), changed=tuple(changed)), at=LATER)


def test_a_report_that_contradicts_what_became_known_before_it_was_filed_is_not_filed() -> None:
    late = act_of(FILE, filing=filing(filed_on=LATER.date()))
    document = _document(persons_at_most=90)
    with pytest.raises(RefusedError) as error:
        check_agrees(late, state=_moved(persons_at_most=150), document=document)
    assert error.value.refusal.code == "filing_contradicts"
    assert "おそれを含む最大の本人の数" in error.value.refusal.message
    assert "「90人」" in error.value.refusal.message
    assert "漏えい等報告規則第2条第4号イ" in error.value.refusal.message


def test_a_report_that_told_what_was_known_on_its_day_is_filed() -> None:
    document = _document(persons_at_most=90)
    before = act_of(FILE, filing=filing(filed_on=ON))
    check_agrees(before, state=_moved(persons_at_most=150), document=document)
    late = act_of(FILE, filing=filing(filed_on=LATER.date()))
    check_agrees(late, state=_moved(happened_on=ON), document=document)
    check_agrees(late, state=event(facts(**LEAK), approvals=(approval(),)), document=document)
    check_agrees(late, state=_moved(persons_at_most=150), document=None)


def test_what_a_report_calls_unknown_is_what_it_announces() -> None:
    assert announced_in(None) == ()
    assert announced_in(stored("breach_report", None)) == ()
    content = {"cause": {"state": "unknown"}, "data_subjects": {"state": "partly"}, "overview": {"state": "known"}}
    assert announced_in(stored("breach_report", content)) == (ReportItem.DATA_SUBJECTS, ReportItem.CAUSE)
