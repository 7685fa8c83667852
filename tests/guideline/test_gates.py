"""関門 (gates)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guideline.clocks import alarms_of
from guideline.decisions import take
from guideline.gates import GATES, Exceptional, gate_row, standings, step_needed
from guideline.provisions import NotInForceError
from guideline.refusals import RefusedError
from schemas.acts import ActKind
from schemas.gates import Gate, PlannedGate
from schemas.levels import Level
from schemas.organisation import ServiceLevels
from schemas.review import Clock, GroundKind, ReviewState, Step, Urgency
from tests.guideline.reviews import AT, DRAFTER, OPENING, TEAM, TODAY, act_of, done, ground, in_approval, opened

HOLD = PlannedGate(gate=Gate.HOLD_START, planned_on=TODAY + timedelta(days=30))
EVERY = tuple(PlannedGate(gate=gate, planned_on=TODAY + timedelta(days=30)) for gate in Gate)


def first(*gates: PlannedGate, level: Level = Level.BASIC_ITEMS) -> ReviewState:
    opening = OPENING.model_copy(update={"published_digest": None, "level": level, "gates": gates or EVERY})
    return opened(ground(GroundKind.NEW_BUSINESS), opening=opening)


def submitted_to_the_commission() -> ReviewState:
    review = in_approval_of(first())
    return done(review, ActKind.RECORD_STEP, TEAM)


def in_approval_of(review: ReviewState) -> ReviewState:
    review = done(review, ActKind.SUBMIT, DRAFTER)
    manager = DRAFTER.model_copy(update={"person": "manager", "role": "privacy_manager"})
    for by in (manager, TEAM):
        review = done(review, ActKind.APPROVE, by)
    return review


def passing(review: ReviewState, gate: Gate, **more: object) -> str | None:
    fields = {"gate": gate, "passed_on": TODAY, "emergency": None, **more}
    try:
        take(review, act_of(ActKind.PASS_GATE, DRAFTER, review=review, **fields), at=AT)
    except RefusedError as refused:
        return refused.refusal.code
    return None


REASON, EMERGENCY = {"reason": "設計と並行する。"}, {"emergency": "災害により緊急に要する。"}
BEFORE_THE_STEP = [
    pytest.param(Gate.REQUIREMENTS_END, {}, "gate_reason", id="要件定義の終了・理由なし"),
    pytest.param(Gate.REQUIREMENTS_END, REASON, None, id="要件定義の終了・理由あり"),
    pytest.param(Gate.REQUIREMENTS_END, EMERGENCY, None, id="要件定義の終了・規則9条2項"),
    pytest.param(Gate.PROGRAMMING_START, REASON, "gate_emergency", id="プログラミングの開始・理由だけ"),
    pytest.param(Gate.PROGRAMMING_START, EMERGENCY, None, id="プログラミングの開始・規則9条2項"),
    pytest.param(Gate.HOLD_START, REASON, "gate_emergency", id="保有の開始・理由だけ"),
    pytest.param(Gate.HOLD_START, EMERGENCY, None, id="保有の開始・規則9条2項"),
    pytest.param(Gate.NETWORK_LINK_START, {**REASON, **EMERGENCY}, "gate_never", id="情報連携の開始・例外なし"),
]


@pytest.mark.parametrize(("gate", "said", "code"), BEFORE_THE_STEP)
def test_a_gate_before_its_step_is_passed_only_by_the_exception_of_the_rule(
    gate: Gate, said: dict[str, str], code: str | None
) -> None:
    assert passing(first(), gate, **said) == code


def test_after_the_submission_a_project_goes_on_but_links_only_after_publication() -> None:
    review = submitted_to_the_commission()
    assert [passing(review, gate) for gate in Gate] == [None, None, None, "gate_never"]
    assert passing(review, Gate.HOLD_START, passed_on=TODAY - timedelta(days=1)) == "gate_emergency"


def test_a_gate_is_noted_once_and_that_it_was_by_exception() -> None:
    review = first()
    act = act_of(ActKind.PASS_GATE, DRAFTER, review=review, emergency="災害のため。")
    after = take(review, act, at=AT)
    assert [(one.gate, one.by_exception) for one in after.gates_passed] == [(Gate.HOLD_START, True)]
    assert passing(after, Gate.HOLD_START, **EMERGENCY) == "gate_passed"


def test_bad_acts_at_a_gate_are_refused() -> None:
    assert passing(first(HOLD), Gate.PROGRAMMING_START, **EMERGENCY) == "unknown_gate"
    assert passing(first(), Gate.HOLD_START, passed_on=TODAY + timedelta(days=1), **EMERGENCY) == "future"


STEPS = [
    pytest.param(Gate.HOLD_START, Level.BASIC_ITEMS, Step.SUBMISSION, id="基礎"),
    pytest.param(Gate.HOLD_START, Level.PRIORITY_ITEMS, Step.SUBMISSION, id="重点"),
    pytest.param(Gate.HOLD_START, Level.ALL_ITEMS, Step.PUBLIC_NOTICE, id="全項目"),
    pytest.param(Gate.NETWORK_LINK_START, Level.ALL_ITEMS, Step.PUBLICATION, id="情報連携"),
]


@pytest.mark.parametrize(("gate", "level", "step"), STEPS)
def test_what_must_be_done_before_follows_the_level(gate: Gate, level: Level, step: Step) -> None:
    assert step_needed(gate_row(gate, on=TODAY), level=level) is step


WARNINGS = [
    pytest.param(31, None, id="三十一日前"),
    pytest.param(30, "あと30日", id="三十日前"),
    pytest.param(0, "本日", id="当日"),
    pytest.param(-1, "1日超過", id="翌日"),
]


@pytest.mark.parametrize(("days", "says"), WARNINGS)
def test_a_gate_warns_from_its_lead_on(days: int, says: str | None) -> None:
    planned = HOLD.planned_on
    found = standings(first(HOLD), on=planned - timedelta(days=days), lead_days=30)
    warning = found[0].warning
    assert (says is None and warning is None) or (says is not None and warning is not None and says in warning)


def test_a_gate_that_is_met_or_passed_warns_no_more() -> None:
    met = standings(submitted_to_the_commission(), on=TODAY + timedelta(days=60), lead_days=30)
    assert [(one.gate, one.met, one.warning is None) for one in met] == [
        (Gate.REQUIREMENTS_END, True, True),
        (Gate.PROGRAMMING_START, True, True),
        (Gate.HOLD_START, True, True),
        (Gate.NETWORK_LINK_START, False, False),
    ]
    review = first(HOLD)
    passed = take(review, act_of(ActKind.PASS_GATE, DRAFTER, review=review, emergency="災害のため。"), at=AT)
    shown = standings(passed, on=TODAY + timedelta(days=60), lead_days=30)[0]
    assert (shown.warning, shown.passed_on) == (None, TODAY)


def test_an_unconfirmed_gate_says_so() -> None:
    found = standings(first(*EVERY), on=TODAY, lead_days=30)
    assert ["（要確認）" in (one.warning or "") for one in found] == [True, True, False, False]


def test_the_clock_of_a_gate_calls_before_the_day_until_what_it_needs_is_done() -> None:
    levels = ServiceLevels(gate_lead_days=10)
    rings = [one for one in alarms_of(first(HOLD), levels) if one.clock is Clock.GATE]
    assert [one.urgency for one in rings] == list(Urgency)
    assert {one.due_on for one in rings} == {HOLD.planned_on}
    assert rings[0].at.date() == HOLD.planned_on - timedelta(days=10)
    assert [one for one in alarms_of(submitted_to_the_commission(), levels) if one.clock is Clock.GATE] != []
    only_hold = in_approval_of(first(HOLD))
    done_in_time = done(only_hold, ActKind.RECORD_STEP, TEAM)
    assert [one for one in alarms_of(done_in_time, levels) if one.clock is Clock.GATE] == []


def test_gates_that_are_near_at_the_opening_call_at_once() -> None:
    rings = [one for one in alarms_of(first(HOLD), ServiceLevels(gate_lead_days=365)) if one.clock is Clock.GATE]
    assert rings[0].at.date() == TODAY


def test_every_gate_has_one_row_and_the_law_s_own_are_confirmed() -> None:
    assert [row.gate for row in GATES] == list(Gate)
    assert {row.gate: row.exception for row in GATES if row.confirmed} == {
        Gate.HOLD_START: Exceptional.EMERGENCY,
        Gate.NETWORK_LINK_START: Exceptional.NEVER,
    }
    with pytest.raises(NotInForceError):
        gate_row(Gate.HOLD_START, on=date(2015, 12, 31))


def test_an_open_review_of_a_published_assessment_has_no_gates() -> None:
    assert standings(in_approval(), on=TODAY, lead_days=30) == ()
