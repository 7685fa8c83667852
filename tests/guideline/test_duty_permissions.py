"""義務の許可の表: the rules answer every cell as the table that was written down by hand."""

from __future__ import annotations

from itertools import product

import pytest

from docs.permissions_of_duties import mark_of
from guideline.duties import judge_duty, refusal_of_duty_act
from guideline.duty_roll import RollAct, rows_after
from guideline.duty_rules import DUTY_RULES
from guideline.refusals import RefusedError
from schemas.duties import DutyKind, RollRow
from schemas.duty_acts import DutyActKind
from schemas.organisation import Actor, Role
from tests.duty_permission_table import DUTY_CELLS, OF_A_ROLL, DutyCell
from tests.guideline.duty_samples import AT, act_of, duty_id_of, state
from tests.guideline.reviews import actor

ROW = {"a": RollRow(member="a", name="甲", department="accounts")}


def by(cell: DutyCell) -> Actor:
    return actor(cell.role, person="one", department="accounts" if cell.own else "others")


def test_every_cell_is_there_once() -> None:
    acts = [one for one in DutyActKind if one is not DutyActKind.REMIND]
    every = list(product(DutyKind, acts, Role, (True, False)))
    assert sorted((c.kind, c.act, c.role, c.own) for c in DUTY_CELLS) == sorted(every)


@pytest.mark.parametrize("kind", DutyKind, ids=lambda one: one.label)
def test_a_cell_is_judged_as_it_stands_in_the_table(kind: DutyKind) -> None:
    for cell in [one for one in DUTY_CELLS if one.kind is kind]:
        there = state(kind, cell.status) if cell.status else None
        act = act_of(cell.act, by(cell), duty_id=duty_id_of(kind))
        expected = "" if cell.code in OF_A_ROLL else cell.code
        refusal = refusal_of_duty_act(there, cell.act, actor=act.actor, rule=DUTY_RULES[kind])
        assert (refusal.code if refusal else "") == expected, cell
        if refusal is not None:
            assert refusal.remedy
            with pytest.raises(RefusedError) as refused:
                judge_duty(there, act, at=AT)
            assert refused.value.refusal == refusal, cell
        elif isinstance(act, RollAct) and there is not None:
            code = ""
            try:
                rows_after(there, act, known=ROW if cell.act is not DutyActKind.ENROL else {})
            except RefusedError as told:
                code = told.refusal.code
            assert code == cell.code, cell


MARKS = {
    ("", ""): "●",
    ("", "duty_side"): "○",
    ("own_department", ""): "◇",
    ("", "member_of_others"): "○",
    ("others_completion", "others_completion"): "△",
    ("duty_side", "duty_side"): "―",
    ("no_roll", "no_roll"): "",
}


def test_the_page_of_permissions_shows_the_table() -> None:
    codes = {(one.kind, one.act, one.role, one.own): one.code for one in DUTY_CELLS}
    for kind, act, role in {place[:3] for place in codes}:
        told = codes[kind, act, role, True], codes[kind, act, role, False]
        assert mark_of(kind, act, role) == MARKS[told], (kind, act, role)


@pytest.mark.parametrize("kind", DutyKind, ids=lambda one: one.label)
def test_nobody_but_the_engine_reminds(kind: DutyKind) -> None:
    for role, own in product(Role, (True, False)):
        one = actor(role, person="one", department="accounts" if own else "others")
        refusal = refusal_of_duty_act(state(kind), DutyActKind.REMIND, actor=one, rule=DUTY_RULES[kind])
        assert (refusal is None) is (role is Role.ENGINE)
