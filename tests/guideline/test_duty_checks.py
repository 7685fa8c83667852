"""義務の行為の検査: what an act says must fit its kind, its dates, and the roll."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from guideline import duty_checks
from guideline.duties import judge_duty
from guideline.refusals import RefusedError, refuse
from schemas.audit_papers import Grade
from schemas.duties import DutyKind, DutyStatus, Interval, RollCount, RollMember
from schemas.duty_acts import DutyAct, DutyActKind
from schemas.duty_papers import CONTENT_OF, PAPER_OF
from tests.guideline.duty_samples import (
    ALARM,
    AT,
    AUDITOR,
    CONTENT,
    DRAFTER,
    DUE_ON,
    ENGINE,
    PAPERS,
    TEAM,
    TODAY,
    act_of,
    duty_id_of,
    state,
)
from tests.guideline.test_duties import code_of

LOG = "log_analysis:sample.2026-06"


def test_each_kind_has_a_content_and_each_paper_its_example() -> None:
    assert set(CONTENT_OF) == set(DutyKind) == set(CONTENT)
    assert set(PAPER_OF) == set(PAPERS)
    assert Grade.CONFORMS.label == "適合"


OPENINGS: list[Any] = [
    pytest.param("measure:a", {"content": {"item": "1"}}, "duty_content", id="項目がない"),
    pytest.param("measure:a", {"content": {"item": "1", "text": "字" * 40000}}, "duty_too_large", id="大きすぎる"),
    pytest.param("measure:a", {"begins_on": date(2026, 7, 1)}, "duty_period", id="期限の後に始まる"),
    pytest.param("measure:a", {"repeats": Interval.YEAR}, "not_recurring", id="繰り返さない種類"),
    pytest.param(LOG, {"repeats": Interval.MONTH}, "series_name", id="始まる日のない繰り返し"),
    pytest.param(LOG, {"repeats": Interval.MONTH, "begins_on": date(2026, 5, 31)}, "series_name", id="別の月"),
    pytest.param(LOG, {"repeats": Interval.YEAR, "begins_on": TODAY}, "series_name", id="年でない番号"),
    pytest.param(LOG, {"repeats": Interval.MONTH, "begins_on": TODAY}, None, id="月ごと"),
    pytest.param("log_analysis:sample.2026", {"repeats": Interval.YEAR, "begins_on": TODAY}, None, id="年ごと"),
]


@pytest.mark.parametrize(("duty_id", "changes", "code"), OPENINGS)
def test_an_opening(duty_id: str, changes: dict[str, Any], code: str | None) -> None:
    by = AUDITOR if duty_id.startswith("log") else TEAM
    act = act_of(DutyActKind.OPEN, by, duty_id=duty_id, **changes)
    if code is None:
        assert judge_duty(None, act, at=AT).then is DutyStatus.OPEN
    else:
        assert code_of(None, act) == code


TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
SAID: list[Any] = [
    pytest.param(act_of(DutyActKind.POSTPONE, TEAM, due_on=DUE_ON), {}, "duty_not_later", id="同じ期限"),
    pytest.param(
        act_of(DutyActKind.POSTPONE, TEAM, due_on=YESTERDAY), {"due_on": date(2026, 1, 5)}, "duty_not_later", id="過去"
    ),
    pytest.param(act_of(DutyActKind.AMEND, TEAM, title=None), {}, "nothing_amended", id="変わらない"),
    pytest.param(act_of(DutyActKind.AMEND, TEAM, content={"x": 1}), {}, "duty_content", id="改めた内容の誤り"),
    pytest.param(act_of(DutyActKind.HAND_IN, DRAFTER, evidence=()), {}, "evidence_missing", id="根拠資料がない"),
    pytest.param(act_of(DutyActKind.HAND_IN, DRAFTER, paper={}), {}, "duty_content", id="提出物の誤り"),
    pytest.param(act_of(DutyActKind.HAND_IN, DRAFTER, done_on=TOMORROW), {}, "duty_day", id="明日行った"),
    pytest.param(
        act_of(DutyActKind.HAND_IN, DRAFTER, done_on=YESTERDAY), {"begins_on": TODAY}, "duty_day", id="始まる前"
    ),
    pytest.param(act_of(DutyActKind.REMIND, ENGINE), {"alarms": ()}, "alarm", id="ない予鈴"),
    pytest.param(
        act_of(DutyActKind.REMIND, ENGINE, alarm=ALARM.model_copy(update={"at": AT + timedelta(days=1)})),
        {"alarms": (ALARM.model_copy(update={"at": AT + timedelta(days=1)}),)},
        "alarm",
        id="まだ鳴らない予鈴",
    ),
]


@pytest.mark.parametrize(("act", "changes", "code"), SAID)
def test_what_is_said_of_a_measure(act: DutyAct, changes: dict[str, Any], code: str) -> None:
    assert code_of(state(**changes), act) == code


def test_a_day_that_was_and_lies_in_the_period_is_taken() -> None:
    act = act_of(DutyActKind.HAND_IN, DRAFTER, done_on=TODAY)
    assert judge_duty(state(begins_on=TODAY), act, at=AT).then is DutyStatus.HANDED_IN


def test_what_is_sent_back_past_its_date_needs_a_new_one() -> None:
    late = state(status=DutyStatus.HANDED_IN, due_on=YESTERDAY)
    assert code_of(late, act_of(DutyActKind.SEND_BACK, TEAM)) == "sent_back_without_date"
    assert code_of(late, act_of(DutyActKind.SEND_BACK, TEAM, due_on=YESTERDAY)) == "duty_not_later"
    assert judge_duty(late, act_of(DutyActKind.SEND_BACK, TEAM, due_on=TOMORROW), at=AT).then is DutyStatus.OPEN


def test_a_paper_that_is_asked_for_must_be_there_and_fit() -> None:
    of = {"duty_id": duty_id_of(DutyKind.LOG_ANALYSIS)}
    one = state(DutyKind.LOG_ANALYSIS)
    assert code_of(one, act_of(DutyActKind.HAND_IN, DRAFTER, **of, paper=None)) == "paper_missing"
    assert code_of(one, act_of(DutyActKind.HAND_IN, DRAFTER, **of, paper={})) == "duty_content"


TRAINING = duty_id_of(DutyKind.TRAINING)
ROLLS: list[Any] = [
    pytest.param(act_of(DutyActKind.HAND_IN, TEAM, duty_id=TRAINING), None, "roll_missing", id="名簿がない"),
    pytest.param(
        act_of(DutyActKind.HAND_IN, TEAM, duty_id=TRAINING),
        RollCount(total=0, completed=0, excused=0),
        "roll_missing",
        id="名簿が空",
    ),
    pytest.param(
        act_of(DutyActKind.HAND_IN, TEAM, duty_id=TRAINING),
        RollCount(total=3, completed=1, excused=1),
        "roll_open",
        id="一人が未了",
    ),
    pytest.param(act_of(DutyActKind.ENROL, TEAM, duty_id=TRAINING, added=()), None, "nobody_enrolled", id="誰もいない"),
    pytest.param(
        act_of(DutyActKind.COMPLETE, TEAM, duty_id=TRAINING, completed_on=TOMORROW), None, "duty_day", id="明日済ませた"
    ),
    pytest.param(
        act_of(DutyActKind.COMPLETE, TEAM, duty_id=TRAINING, members=()), None, "nobody_completed", id="誰も済ませない"
    ),
    pytest.param(
        act_of(DutyActKind.COMPLETE, TEAM, duty_id=TRAINING, completed_on=None), None, "completion_day", id="日がない"
    ),
    pytest.param(
        act_of(DutyActKind.COMPLETE, TEAM, duty_id=TRAINING, members=(), completed_by_document="a" * 64),
        None,
        "completion_day",
        id="一覧と日",
    ),
    pytest.param(
        act_of(DutyActKind.ENROL, TEAM, duty_id=TRAINING, joiners_due_on=DUE_ON), None, "joiners_date", id="同じ期限"
    ),
]


@pytest.mark.parametrize(("act", "roll", "code"), ROLLS)
def test_what_is_said_of_a_roll(act: DutyAct, roll: RollCount | None, code: str) -> None:
    assert code_of(state(DutyKind.TRAINING, roll=roll), act) == code


def test_a_roll_that_is_asked_for_by_its_stored_document_or_only_shrinks_is_taken() -> None:
    moved = RollMember(member="a", name="甲")
    by_document: dict[str, Any] = {"added": (), "added_by_document": "a" * 64, "joiners_due_on": date(2026, 7, 15)}
    without: tuple[dict[str, Any], ...] = ({"removed": ("a",)}, {"left": ("a",)}, {"changed": (moved,)})
    for changes in (by_document, *({"added": (), **one} for one in without)):
        act = act_of(DutyActKind.ENROL, TEAM, duty_id=TRAINING, **changes)
        assert judge_duty(state(DutyKind.TRAINING), act, at=AT).act is DutyActKind.ENROL


def test_a_kind_adds_its_own_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise refuse("nobody_enrolled")

    monkeypatch.setattr(duty_checks, "CONTENT_CHECKS", {DutyKind.MEASURE: never})
    monkeypatch.setattr(duty_checks, "PAPER_CHECKS", {DutyKind.LOG_ANALYSIS: never})
    assert code_of(None, act_of(DutyActKind.OPEN, TEAM)) == "nobody_enrolled"
    of = duty_id_of(DutyKind.LOG_ANALYSIS)
    handed_in = act_of(DutyActKind.HAND_IN, DRAFTER, duty_id=of)
    with pytest.raises(RefusedError):
        judge_duty(state(DutyKind.LOG_ANALYSIS), handed_in, at=AT)


def test_a_paper_is_refused_where_the_kind_has_none_and_missed_where_it_needs_one() -> None:
    publicity, inspection = duty_id_of(DutyKind.PUBLICITY), duty_id_of(DutyKind.INSPECTION)
    given = act_of(DutyActKind.HAND_IN, TEAM, duty_id=publicity, paper={})
    assert code_of(state(DutyKind.PUBLICITY), given) == "paper_not_asked"
    none = act_of(DutyActKind.HAND_IN, DRAFTER, duty_id=inspection, paper=None)
    assert code_of(state(DutyKind.INSPECTION), none) == "paper_missing"


def test_completions_by_a_document_alone_are_taken() -> None:
    by_document = {"members": (), "completed_on": None, "completed_by_document": "a" * 64}
    act = act_of(DutyActKind.COMPLETE, TEAM, duty_id=TRAINING, **by_document)
    assert judge_duty(state(DutyKind.TRAINING), act, at=AT).act is DutyActKind.COMPLETE
