"""許可の表: the rules answer every cell as the table that was written down by hand."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import groupby
from typing import Any

import pytest

from guideline.countermeasures import judge_countermeasure, refusal_of_countermeasure_act
from guideline.decisions import judge, see_permitted
from guideline.events import judge_event, refusal_of_event_act
from guideline.refusals import RefusedError
from guideline.separation_of_duties import (
    COUNTERMEASURE_PERMITS,
    EVENT_PERMITS,
    PEOPLE,
    REVIEW_PERMITS,
    see_may_add,
    see_may_report,
)
from schemas.acts import ActKind
from schemas.countermeasures import CountermeasureActKind, CountermeasureStatus
from schemas.event_acts import EventActKind
from schemas.events import EventStatus
from schemas.organisation import Actor, Role
from schemas.review import Stage
from tests.guideline import event_samples, test_countermeasures
from tests.guideline.reviews import AT, act_of, actor, ready
from tests.permission_table import (
    COUNTERMEASURE_CELLS,
    COUNTERMEASURE_CODES,
    EVENT_CELLS,
    EVENT_CODES,
    OWNER_CELLS,
    REVIEW_CELLS,
    REVIEW_CODES,
    Cell,
)


def blocks(cells: Iterable[Cell[Any, Any]]) -> list[Any]:
    """Give the cells by act and stage: a test for each."""
    found = groupby(cells, key=lambda one: (one.act, one.stage))
    return [pytest.param(list(block), id=f"{act.label}-{stage.label}") for (act, stage), block in found]


def by(cell: Cell[Any, Any], **more: Any) -> Actor:
    return actor(cell.role, department="accounts" if cell.own else "others", **more)


def code_of(judged: Any, *given: Any, **more: Any) -> str:
    """Give the code of the refusal; empty where nothing is refused."""
    try:
        judged(*given, **more)
    except RefusedError as refused:
        return refused.refusal.code
    return ""


@pytest.mark.parametrize("block", blocks(REVIEW_CELLS))
def test_each_cell_of_a_review(block: list[Cell[ActKind, Stage]]) -> None:
    review = ready(block[0].stage, block[0].act)
    for cell in block:
        lack = REVIEW_PERMITS.lack(cell.act, cell.role, stage=cell.stage, own=cell.own)
        assert (lack.value if lack else "") == cell.lack, cell
        expected = "closed" if cell.stage is Stage.CLOSED else REVIEW_CODES.get(cell.lack, "")
        assert code_of(see_permitted, review, cell.act, actor=by(cell)) == expected, cell
        code = code_of(judge, review, act_of(cell.act, by(cell), review=review), at=AT)
        # What the table permits may still hang on who reported, or who was asked.
        assert code == expected or (cell.permitted and code in {"not_asked", "not_reporters_side"}), cell


@pytest.mark.parametrize("block", blocks(EVENT_CELLS))
def test_each_cell_of_a_risk_event(block: list[Cell[EventActKind, EventStatus]]) -> None:
    kind, is_open = block[0].act, block[0].stage is EventStatus.OPEN
    for cell in block:
        lack = EVENT_PERMITS.lack(cell.act, cell.role, stage=cell.stage, own=cell.own)
        assert (lack.value if lack else "") == cell.lack, cell
        by_team = cell.role is Role.PRIVACY_MANAGER
        state = event_samples.ready(kind, by_team=by_team) if is_open else event_samples.closed_with_a_supplement()
        expected = EVENT_CODES.get(cell.lack, "")
        act = event_samples.act_of(kind, by(cell), **({} if is_open else event_samples.AFTER.get(kind, {})))
        assert code_of(judge_event, state, act, at=event_samples.AT) == expected, cell
        refusal = refusal_of_event_act(state, kind, actor=by(cell), at=event_samples.AT)
        assert (refusal.code if refusal else "") == expected, cell


@pytest.mark.parametrize("person", ["somebody", "owner"], ids=["担当者でない者", "担当者"])
@pytest.mark.parametrize("stage", CountermeasureStatus, ids=lambda one: one.label)
def test_each_cell_of_a_countermeasure(stage: CountermeasureStatus, person: str) -> None:
    cells = OWNER_CELLS if person == "owner" else COUNTERMEASURE_CELLS
    for cell in [one for one in cells if one.stage is stage]:
        state = test_countermeasures.state(stage)
        expected = COUNTERMEASURE_CODES.get(cell.lack, "")
        act = test_countermeasures.act_of(cell.act, by(cell, person=person))
        code = code_of(judge_countermeasure, state, act, at=test_countermeasures.AT)
        confirms = cell.act is CountermeasureActKind.CONFIRM and person == "owner" and cell.permitted
        assert code == ("own_completion" if confirms else expected), cell
        refusal = refusal_of_countermeasure_act(state, cell.act, actor=act.actor)
        assert (refusal.code if refusal else "") == code, cell
        lack = COUNTERMEASURE_PERMITS.lack(cell.act, cell.role, stage=stage, own=cell.own, owner=person == "owner")
        assert (lack.value if lack else "") == cell.lack, cell


def test_an_auditor_stands_in_no_cell() -> None:
    every: list[Cell[Any, Any]] = [*REVIEW_CELLS, *EVENT_CELLS, *COUNTERMEASURE_CELLS, *OWNER_CELLS]
    assert not any(cell.permitted for cell in every if cell.role is Role.AUDITOR)
    for permits in (REVIEW_PERMITS, EVENT_PERMITS, COUNTERMEASURE_PERMITS):
        for row in permits.rows:
            assert Role.AUDITOR not in (*row.own, *row.anywhere)


@pytest.mark.parametrize("permits", [REVIEW_PERMITS, EVENT_PERMITS, COUNTERMEASURE_PERMITS])
def test_each_act_has_one_row_in_each_of_its_stages(permits: Any) -> None:
    there = [(row.act, stage) for row in permits.rows for stage in row.stages]
    assert len(set(there)) == len(there)
    kinds: type[StrEnum] = type(permits.rows[0].act)
    assert {row.act for row in permits.rows} == set(kinds)


def test_who_may_report_and_add() -> None:
    told = {role: code_of(see_may_report, role) for role in Role}
    assert {role for role, code in told.items() if not code} == {Role.STAFF, Role.TEAM_MEMBER, Role.ENGINE}
    assert told[Role.AUDITOR] == "auditor_reports"
    assert {role for role in Role if not code_of(see_may_add, role, called="評価書の追加")} == {Role.TEAM_MEMBER}
    with pytest.raises(RefusedError, match="何も変えません") as refused:
        see_may_report(Role.AUDITOR)
    assert "ホットライン" in refused.value.refusal.remedy
    assert Role.AUDITOR not in PEOPLE
