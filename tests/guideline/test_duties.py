"""義務の手順: every act in every status of every kind by everybody; what each does; who may not decide on their own."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from guideline.duties import (
    DUTY_MOVES,
    DutySide,
    is_on,
    judge_duty,
    may_act_on_duty,
    roles_for,
    take_duty,
    who_confirms,
    who_owes,
)
from guideline.duty_rules import DUTY_RULES
from guideline.refusals import RefusedError
from schemas.canonical import digest_of
from schemas.duties import DutyKind, DutyState, DutyStatus, Interval, RollCount
from schemas.duty_acts import DutyAct, DutyActKind
from schemas.organisation import Actor, Role
from tests.guideline.duty_samples import (
    ALARM,
    AT,
    AUDITOR,
    CHIEF,
    CONTENT,
    DRAFTER,
    ENGINE,
    EVERYBODY,
    MANAGER,
    STAFF,
    TEAM,
    TODAY,
    act_of,
    duty_id_of,
    state,
)
from tests.guideline.reviews import actor

DONE = RollCount(total=2, completed=1, excused=1)


def code_of(one: DutyState | None, act: DutyAct) -> str:
    with pytest.raises(RefusedError) as refused:
        judge_duty(one, act, at=AT)
    assert refused.value.refusal.remedy
    return refused.value.refusal.code


def test_each_kind_has_its_rule_and_somebody_for_each_side() -> None:
    assert set(DUTY_RULES) == set(DutyKind)
    for rule in DUTY_RULES.values():
        assert all((rule.owing, rule.opens, rule.confirms, rule.superiors, rule.source))
        assert rule.roll is not None or not rule.roll_needed
        assert not rule.recurs or Role.ENGINE in rule.opens


CELLS = [
    pytest.param(kind, status, act, id=f"{kind.label}: {status.label if status else '開始前'}: {act.label}")
    for kind, status, act in product(DutyKind, (None, *DutyStatus), DutyActKind)
]


@pytest.mark.parametrize(("kind", "status", "act"), CELLS)
def test_each_cell_of_the_table(kind: DutyKind, status: DutyStatus | None, act: DutyActKind) -> None:
    rule = DUTY_RULES[kind]
    roll = DONE if rule.roll else None
    one = None if status is None else state(kind, status, roll=roll, handed_in_by="another")
    row = next((move for move in DUTY_MOVES if (move.status, move.act) == (status, act)), None)
    for by in EVERYBODY:
        message = act_of(act, by, duty_id=duty_id_of(kind))
        if row is None:
            assert code_of(one, message) == "duty_status"
        elif rule.roll is None and act in (DutyActKind.ENROL, DutyActKind.COMPLETE, DutyActKind.EXCUSE):
            assert code_of(one, message) == "no_roll"
        elif not any(is_on(by, side, state=one, rule=rule) for side in row.by):
            assert code_of(one, message) == "duty_side"
        else:
            after = take_duty(one, message, at=AT)
            assert (after.status, after.sequence) == (row.then, 2 if one else 1)
            assert after.alarms == ()
            assert one is None or may_act_on_duty(one, act, actor=by)


SIDES = [
    (DutyKind.MEASURE, DutySide.OWING, (TEAM, DRAFTER, MANAGER)),  # the team opened it
    (DutyKind.CORRECTION, DutySide.OWING, (DRAFTER, MANAGER)),
    (DutyKind.MEASURE, DutySide.CONFIRMING, (TEAM, CHIEF)),
    (DutyKind.AUDIT, DutySide.OWING, (AUDITOR,)),
    (DutyKind.INSPECTION, DutySide.OPENING, (AUDITOR, ENGINE)),
    (DutyKind.TRAINING, DutySide.MANAGER, (MANAGER,)),
    (DutyKind.TRAINING, DutySide.MEMBER, (TEAM, CHIEF, AUDITOR, DRAFTER, MANAGER, STAFF)),
    (DutyKind.TRAINING, DutySide.ENGINE, (ENGINE,)),
]


@pytest.mark.parametrize(("kind", "side", "who"), SIDES)
def test_who_stands_on_which_side(kind: DutyKind, side: DutySide, who: tuple[Actor, ...]) -> None:
    one = state(kind)
    found = tuple(by for by in EVERYBODY if is_on(by, side, state=one, rule=DUTY_RULES[kind]))
    assert found == who


def test_a_role_of_another_department_owes_nothing_but_a_named_owner_does() -> None:
    other = actor(Role.PRIVACY_MANAGER, person="other", department="others")
    act = act_of(DutyActKind.REPORT_PROGRESS, other)
    assert code_of(state(), act) == "duty_side"
    assert judge_duty(state(owner="other"), act, at=AT).act is DutyActKind.REPORT_PROGRESS
    assert code_of(state(body="sample-city"), act) == "other_body"
    assert code_of(state(DutyKind.AUDIT), act) == "other_duty"


@pytest.mark.parametrize("act", [DutyActKind.CONFIRM, DutyActKind.SEND_BACK, DutyActKind.CANCEL])
def test_neither_the_owner_nor_who_handed_it_in_decides_on_it(act: DutyActKind) -> None:
    for own in ("owner", "handed_in_by"):
        one = state(status=DutyStatus.HANDED_IN).model_copy(update={own: "team"})
        assert code_of(one, act_of(act, TEAM)) == "own_duty"
        assert not may_act_on_duty(one, act, actor=TEAM)
    assert code_of(state(owner="team"), act_of(DutyActKind.POSTPONE, TEAM)) == "own_duty"


STRANGERS = [
    (DutyKind.AUDIT, DutyStatus.OPEN, DutyActKind.HAND_IN),
    (DutyKind.AUDIT, DutyStatus.HANDED_IN, DutyActKind.CONFIRM),
    (DutyKind.INSPECTION, DutyStatus.HANDED_IN, DutyActKind.CONFIRM),
    (DutyKind.CORRECTION, DutyStatus.HANDED_IN, DutyActKind.SEND_BACK),
    (DutyKind.LOG_ANALYSIS, DutyStatus.HANDED_IN, DutyActKind.CONFIRM),
]


@pytest.mark.parametrize(("kind", "status", "act"), STRANGERS)
def test_nobody_of_the_department_audits_or_confirms_it(kind: DutyKind, status: DutyStatus, act: DutyActKind) -> None:
    own = actor(Role.AUDITOR, person="auditor-2", department="accounts")
    assert code_of(state(kind, status), act_of(act, own, duty_id=duty_id_of(kind))) == "own_department"
    assert judge_duty(state(kind, status), act_of(act, AUDITOR, duty_id=duty_id_of(kind)), at=AT).act is act


def test_a_refusal_says_who_may_do_what_instead() -> None:
    with pytest.raises(RefusedError) as refused:
        judge_duty(state(), act_of(DutyActKind.CONFIRM, TEAM), at=AT)
    refusal = refused.value.refusal
    assert (refusal.act, refusal.stage) == ("完了の確認", "実施中")
    assert "起案者・保護管理者: 完了の報告" in refusal.instead
    assert not [one for one in refusal.instead if "名簿" in one or "督促" in one]


def test_the_roles_in_which_an_act_may_be_done() -> None:
    assert roles_for(DutyActKind.COMPLETE, DUTY_RULES[DutyKind.TRAINING]) == (Role.TEAM_MEMBER, Role.PRIVACY_MANAGER)
    assert roles_for(DutyActKind.REMIND, DUTY_RULES[DutyKind.TRAINING]) == (Role.ENGINE,)


def test_what_an_opening_says_stands_in_the_duty() -> None:
    begins_on = date(2026, 6, 1)
    opening = act_of(
        DutyActKind.OPEN,
        AUDITOR,
        duty_id="log_analysis:sample.2026-06",
        owner="drafter",
        begins_on=begins_on,
        repeats=Interval.MONTH,
    )
    one = take_duty(None, opening, at=AT)
    assert (one.kind, one.body, one.owner, one.opened_by) == (
        DutyKind.LOG_ANALYSIS,
        "digital-agency",
        "drafter",
        "auditor",
    )
    assert (one.begins_on, one.repeats, one.began_at, one.sequence) == (begins_on, Interval.MONTH, AT, 1)
    assert one.content_digest == digest_of(CONTENT[DutyKind.LOG_ANALYSIS])


CHANGES: list[tuple[DutyStatus, DutyAct, dict[str, Any]]] = [
    (
        DutyStatus.OPEN,
        act_of(DutyActKind.POSTPONE, TEAM),
        {"due_on": date(2026, 7, 31), "first_due_on": date(2026, 6, 30)},
    ),
    (
        DutyStatus.OPEN,
        act_of(DutyActKind.AMEND, TEAM, owner="drafter", content={"item": "2", "text": "改めた。"}),
        {
            "title": "新しい件名",
            "owner": "drafter",
            "content": {"item": "2", "text": "改めた。"},
            "content_digest": digest_of({"item": "2", "text": "改めた。"}),
        },
    ),
    (DutyStatus.OPEN, act_of(DutyActKind.AMEND, TEAM), {"title": "新しい件名"}),
    (
        DutyStatus.OPEN,
        act_of(DutyActKind.HAND_IN, DRAFTER, done_on=TODAY),
        {"handed_in_by": "drafter", "done_on": TODAY},
    ),
    (DutyStatus.HANDED_IN, act_of(DutyActKind.SEND_BACK, TEAM), {"handed_in_by": None, "due_on": date(2026, 6, 30)}),
    (
        DutyStatus.HANDED_IN,
        act_of(DutyActKind.SEND_BACK, TEAM, due_on=date(2026, 7, 31)),
        {"handed_in_by": None, "due_on": date(2026, 7, 31), "first_due_on": date(2026, 6, 30)},
    ),
    (DutyStatus.HANDED_IN, act_of(DutyActKind.CONFIRM, TEAM), {"closed_at": AT}),
    (DutyStatus.OPEN, act_of(DutyActKind.CANCEL, TEAM), {"closed_at": AT}),
    (DutyStatus.OPEN, act_of(DutyActKind.REMIND, ENGINE), {"rung": (ALARM,), "alarms": ()}),
    (DutyStatus.OPEN, act_of(DutyActKind.REPORT_PROGRESS, DRAFTER), {}),
]


@pytest.mark.parametrize(("status", "act", "changes"), CHANGES, ids=lambda one: getattr(one, "act_id", None))
def test_what_an_act_changes(status: DutyStatus, act: DutyAct, changes: dict[str, Any]) -> None:
    one = state(status=status, handed_in_by="drafter")
    after = take_duty(one, act, at=AT)
    moved = {"began_at": AT} if after.status is not status else {}
    expected = {"status": after.status, "sequence": 2, "alarms": (), **moved, **changes}
    assert after == one.model_copy(update=expected)


def test_the_dates_of_who_joins_late_are_known_to_the_duty() -> None:
    days = [date(2026, 7, 21), date(2026, 7, 15), date(2026, 7, 21)]
    one = state(DutyKind.TRAINING)
    for day in days:
        act = act_of(DutyActKind.ENROL, TEAM, duty_id=one.duty_id, joiners_due_on=day)
        one = take_duty(one, act, at=AT)
    assert one.joiners_due_on == (date(2026, 7, 15), date(2026, 7, 21))
    assert take_duty(one, act_of(DutyActKind.ENROL, TEAM, duty_id=one.duty_id), at=AT).joiners_due_on


def test_who_owes_it_and_who_confirms_it_are_named_for_every_kind() -> None:
    named = {kind: (who_owes(rule), who_confirms(rule)) for kind, rule in DUTY_RULES.items()}
    assert named[DutyKind.MEASURE] == ("起案者・保護管理者", "対策チーム・総括保護管理者")
    assert named[DutyKind.AUDIT] == ("監査チーム", "監査チーム・総括保護管理者")
    assert all(owes and confirms for owes, confirms in named.values())


def test_a_period_is_named_by_its_month_or_year() -> None:
    assert Interval.MONTH.period(date(2026, 10, 31)) == "2026年10月分"
    assert Interval.YEAR.period(date(2026, 10, 31)) == "2026年分"
