"""研修: who is new and who is gone, how long a joiner has, what a completion must be, and coverage."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guideline.duty_days import material_since, why_not_done_on
from guideline.duty_roll import LEFT
from guideline.training import change_of_roll, in_order, joiners_due_on, percent, why_not_completed
from schemas.duties import DepartmentCount, DutyKind, DutyState, MemberStatus, RollMember, RollRow
from schemas.organisation import Actor, Role
from tests.guideline.duty_samples import MANAGER, STAFF, TEAM, TODAY, state
from tests.guideline.reviews import actor

CONTENT = {"material": "研修資料", "material_since": "2026-05-15"}
ONE = state(DutyKind.TRAINING, begins_on=date(2026, 5, 1), content=CONTENT)


def row(member: str, status: MemberStatus = MemberStatus.OPEN, **more: Any) -> RollRow:
    return RollRow(**{"member": member, "name": member, "department": "accounts", "status": status, **more})


def test_the_staff_are_held_against_the_roll() -> None:
    rows = {
        one.member: one
        for one in (
            row("same"),
            row("moved"),
            row("done", MemberStatus.COMPLETED),
            row("gone"),
            row("back", MemberStatus.EXCUSED, reason=LEFT),
            row("ill", MemberStatus.EXCUSED, reason="休職中"),
            row("removed", MemberStatus.REMOVED),
        )
    }
    staff = [
        RollMember(member=one, name=one, department="audit" if one == "moved" else "accounts")
        for one in ("same", "moved", "new", "back", "ill", "removed")
    ]
    change = change_of_roll(staff, rows)
    assert [one.member for one in change.joined] == ["new", "back", "removed"]
    assert [one.member for one in change.left] == ["gone"]
    assert [(one.member, one.department) for one in change.changed] == [("moved", "audit")]
    assert (change.same, change.is_none) == (2, False)
    assert change_of_roll([staff[0]], {"same": rows["same"]}).is_none


def test_a_joiner_has_ten_business_days_where_the_campaign_ends_sooner() -> None:
    assert joiners_due_on(ONE, today=date(2026, 6, 1)) is None
    assert joiners_due_on(ONE, today=date(2026, 6, 16)) is None
    assert joiners_due_on(ONE, today=date(2026, 6, 17)) == date(2026, 7, 1)
    assert joiners_due_on(ONE, today=date(2026, 7, 6)) == date(2026, 7, 21)


DAYS = [
    pytest.param(ONE, date(2026, 6, 2), "まだ来ていません", id="明日"),
    pytest.param(ONE, TODAY, None, id="今日"),
    pytest.param(ONE, date(2026, 5, 15), None, id="資料を使い始めた日"),
    pytest.param(ONE, date(2026, 5, 14), "研修資料を使い始めた日（2026-05-15）より前です", id="資料より前"),
    pytest.param(ONE, date(2026, 4, 30), "始まった日（2026-05-01）より前です", id="研修より前"),
    pytest.param(state(DutyKind.TRAINING), date(2020, 1, 1), None, id="始まる日も資料の日もない"),
    pytest.param(state(DutyKind.PUBLICITY), date(2020, 1, 1), None, id="研修ではない"),
]


@pytest.mark.parametrize(("one", "day", "reason"), DAYS)
def test_on_which_days_it_can_have_been_done(one: DutyState, day: date, reason: str | None) -> None:
    assert why_not_done_on(one, day, today=TODAY) == reason


def test_content_that_is_none_has_no_day() -> None:
    assert material_since(state(DutyKind.TRAINING, content={"colour": "red"})) is None


REFUSED: list[Any] = [
    pytest.param(None, TEAM, "この名簿に載っていません。", id="知らない者"),
    pytest.param(row("a", MemberStatus.REMOVED), TEAM, "この名簿に載っていません。", id="外した者"),
    pytest.param(row("a", MemberStatus.COMPLETED), TEAM, "既に「済」です。", id="済"),
    pytest.param(row("a", department="audit"), MANAGER, "部署「accounts」の者ではありません。", id="別の部署"),
    pytest.param(row("a"), STAFF, "自分の分だけを記録できます。", id="他人"),
    pytest.param(row("a", MemberStatus.COMPLETED), STAFF, "自分の分だけを記録できます。", id="他人の済"),
    pytest.param(row("a"), TEAM, None, id="対策チーム"),
    pytest.param(row("a", MemberStatus.EXCUSED), TEAM, None, id="除かれていた者"),
    pytest.param(row("a"), MANAGER, None, id="その保護管理者"),
    pytest.param(row("a"), actor(Role.STAFF, person="a"), None, id="本人"),
]


@pytest.mark.parametrize(("found", "by", "why"), REFUSED)
def test_whose_completion_is_taken(found: RollRow | None, by: Actor, why: str | None) -> None:
    assert why_not_completed(ONE, found, on=TODAY, actor=by, today=TODAY) == why


def test_the_day_of_a_completion_is_said_with_what_is_wrong() -> None:
    why = why_not_completed(ONE, row("a"), on=date(2026, 5, 3), actor=TEAM, today=TODAY)
    assert why == "2026-05-03 は、研修資料を使い始めた日（2026-05-15）より前です。"


def count(department: str | None, total: int, completed: int, excused: int = 0) -> DepartmentCount:
    return DepartmentCount(department=department, total=total, completed=completed, excused=excused)


def test_coverage_is_whole_only_when_nobody_is_missing() -> None:
    parts = (count("a", 3, 2), count("a", 3, 2, 1), count("a", 1000, 999), count("a", 0, 0))
    assert [percent(one) for one in parts] == [66, 100, 99, 100]
    counts = (count("done", 5, 5), count(None, 4, 2), count("few", 2, 1), count("many", 10, 5))
    assert [one.department for one in in_order(counts)] == ["many", None, "few", "done"]
