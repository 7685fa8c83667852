"""義務の追跡: whom a duty waits for, when it calls, and who is told of what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guideline.clocks import end_of
from guideline.duty_follow_up import (
    alarms_of_duty,
    awaited_in_duty,
    due_for,
    duty_awaited_by,
    missing_at,
    roles_awaited_of_duty,
    told_of_duty,
)
from guideline.duty_missing import LONGEST_DETAILS
from schemas.duties import DutyAlarm, DutyKind, DutyState, DutyStatus, MemberStatus, RollMember, RollRow
from schemas.duty_acts import DutyAct, DutyActKind
from schemas.organisation import Role, ServiceLevels
from schemas.review import Urgency
from tests.guideline.duty_samples import AT, DRAFTER, DUE_ON, ENGINE, ORGANISATION, TEAM, act_of, duty_id_of, state

LEVELS = ServiceLevels()
OPEN, HANDED_IN, CLOSED, CANCELLED = DutyStatus
REMINDER, SUPERIOR, TOP = Urgency


def test_an_open_duty_reminds_before_its_date_and_calls_the_others_after_it() -> None:
    days = [(one.urgency, one.at) for one in alarms_of_duty(state(), LEVELS)]
    assert days == [
        (REMINDER, end_of(date(2026, 6, 23))),
        (SUPERIOR, end_of(DUE_ON)),
        (TOP, end_of(date(2026, 7, 2))),
    ]
    (first, *_) = alarms_of_duty(state(DutyKind.GUIDANCE), LEVELS)
    assert first.at == end_of(date(2026, 6, 16))


def test_what_is_handed_in_waits_for_the_confirmation_and_calls_when_that_is_late() -> None:
    one = state(status=HANDED_IN)
    assert duty_awaited_by(one) == date(2026, 6, 8)
    assert [alarm.at for alarm in alarms_of_duty(one, LEVELS)] == [
        end_of(day) for day in (date(2026, 6, 8), date(2026, 6, 10), date(2026, 6, 12))
    ]
    assert duty_awaited_by(state()) == DUE_ON


def test_an_alarm_rings_once_for_each_date_and_never_after_the_end() -> None:
    first, *others = alarms_of_duty(state(), LEVELS)
    assert alarms_of_duty(state(rung=(first,)), LEVELS) == tuple(others)
    assert len(alarms_of_duty(state(rung=(first,), due_on=date(2026, 7, 31)), LEVELS)) == 3
    assert alarms_of_duty(state(status=CLOSED), LEVELS) == ()
    assert alarms_of_duty(state(status=CANCELLED), LEVELS) == ()


WAITING: list[Any] = [
    pytest.param(state(), ("drafter", "manager"), (Role.DRAFTER, Role.PRIVACY_MANAGER), id="部署"),
    pytest.param(state(owner="owner"), ("owner",), (), id="担当者"),
    pytest.param(
        state(status=HANDED_IN, owner="owner", handed_in_by="team"),
        ("team-2", "chief"),
        (Role.TEAM_MEMBER, Role.CHIEF_PRIVACY_OFFICER),
        id="別の確認者",
    ),
    pytest.param(state(DutyKind.AUDIT), ("auditor",), (Role.AUDITOR,), id="部署外の監査"),
    pytest.param(state(DutyKind.INSPECTION, HANDED_IN), ("auditor",), (Role.AUDITOR,), id="部署外の確認"),
    pytest.param(state(status=CLOSED), (), (), id="終わった"),
]


@pytest.mark.parametrize(("one", "people", "roles"), WAITING)
def test_whom_it_waits_for(one: DutyState, people: tuple[str, ...], roles: tuple[Role, ...]) -> None:
    assert awaited_in_duty(one, ORGANISATION) == people
    assert roles_awaited_of_duty(one) == roles


def told(act: DutyAct, one: DutyState, **more: Any) -> list[str]:
    return [notice.person for notice in told_of_duty(act, state=one, organisation=ORGANISATION, **more)]


def reminder(urgency: Urgency, status: DutyStatus = OPEN, *, kind: DutyKind = DutyKind.MEASURE) -> DutyAct:
    alarm = DutyAlarm(status=status, urgency=urgency, due_on=DUE_ON, at=AT)
    return act_of(DutyActKind.REMIND, ENGINE, duty_id=duty_id_of(kind), alarm=alarm)


CALLED = [
    (REMINDER, OPEN, ["drafter", "manager"]),
    (SUPERIOR, OPEN, ["manager", "director"]),
    (TOP, OPEN, ["chief"]),
    (REMINDER, HANDED_IN, ["team", "team-2", "owner", "chief"]),
    (SUPERIOR, HANDED_IN, ["chief"]),
]


@pytest.mark.parametrize(("urgency", "status", "people"), CALLED)
def test_whom_an_alarm_calls(urgency: Urgency, status: DutyStatus, people: list[str]) -> None:
    one = state(status=status)
    assert told(reminder(urgency, status), one) == people
    notices = told_of_duty(reminder(urgency, status), state=one, organisation=ORGANISATION)
    assert {notice.urgent for notice in notices} == {urgency is not REMINDER}
    assert notices[0].subject == f"{urgency.label}（改善策、{status.label}、期限 2026-06-30）: 見本"
    assert notices[0].notice_id == f"measure:sample.2026~1>{people[0]}"


ROLL = (
    RollMember(member="owner", name="見本", department="accounts"),
    RollMember(member="auditor-2", name="併任", department="audit"),
    RollMember(member="desk", name="窓口", department="accounts"),
    RollMember(member="guest", name="派遣"),
)
"""名簿: two persons of the body, and two whom the organisation does not know."""


def test_members_are_told_of_their_enrolment_and_called_and_their_managers_after_the_date() -> None:
    one = state(DutyKind.TRAINING)
    enrolment = act_of(DutyActKind.ENROL, TEAM, duty_id=one.duty_id)
    assert told(enrolment, one, roll=ROLL) == ["team-2", "owner", "auditor-2"]
    assert told(reminder(REMINDER, kind=DutyKind.TRAINING), one, roll=ROLL)[-2:] == ["auditor-2", "manager"]
    assert told(reminder(SUPERIOR, kind=DutyKind.TRAINING), one, roll=ROLL) == ["manager", "director"]
    assert told(reminder(TOP, kind=DutyKind.TRAINING), one, roll=ROLL) == ["chief"]
    bodies = state(DutyKind.CIRCULAR)
    for urgency in (REMINDER, SUPERIOR):
        assert "desk" not in told(reminder(urgency, kind=DutyKind.CIRCULAR), bodies, roll=ROLL)


def said_to(urgency: Urgency, person: str, roll: tuple[RollMember, ...] = ROLL) -> str | None:
    one = state(DutyKind.TRAINING)
    notices = told_of_duty(reminder(urgency, kind=one.kind), state=one, organisation=ORGANISATION, roll=roll)
    (found,) = [notice.details for notice in notices if notice.person == person]
    return found


def test_one_letter_names_all_who_are_missing() -> None:
    assert said_to(REMINDER, "owner") is None
    assert said_to(REMINDER, "manager") == "口座登録担当の未了の者（1人）: 窓口（desk）"
    assert said_to(SUPERIOR, "manager") == "口座登録担当の未了の者（2人）: 見本（owner）、窓口（desk）"
    counts = "未了 4人\n口座登録担当: 2人\n監査チーム: 1人\n部署の示されていない者: 1人"
    assert said_to(SUPERIOR, "director") == said_to(TOP, "chief") == counts
    assert said_to(TOP, "chief", ()) is None


def test_of_very_many_the_letter_says_that_there_are_more() -> None:
    many = tuple(RollMember(member=f"m{number:04d}", name="見本", department="accounts") for number in range(1000))
    words = said_to(SUPERIOR, "manager", many)
    assert words is not None
    assert len(words) <= LONGEST_DETAILS
    assert words.startswith("口座登録担当の未了の者（1000人）: 見本（m0000）、見本（m0001）")
    assert words.endswith("見本（m0391）\n（以下は省きました。全員は、義務のページの名簿にあります。）")


def test_who_joined_late_is_called_at_their_own_date() -> None:
    late = date(2026, 7, 15)
    one = state(DutyKind.TRAINING, joiners_due_on=(date(2026, 6, 20), late))
    assert [alarm.due_on for alarm in alarms_of_duty(one, LEVELS)] == [DUE_ON, DUE_ON, late, DUE_ON, late, late]
    assert {alarm.due_on for alarm in alarms_of_duty(state(status=HANDED_IN, joiners_due_on=(late,)), LEVELS)} == {
        date(2026, 6, 8)
    }
    rows = (RollRow(member="a", name="甲"), RollRow(member="b", name="乙", due_on=late))
    assert [due_for(one, row) for row in rows] == [DUE_ON, late]

    def called(urgency: Urgency, due_on: date) -> list[str]:
        alarm = DutyAlarm(status=OPEN, urgency=urgency, due_on=due_on, at=AT)
        return [row.member for row in missing_at(alarm, state=one, roll=rows)]

    assert [called(REMINDER, DUE_ON), called(SUPERIOR, DUE_ON)] == [["a"], ["a"]]
    assert [called(REMINDER, late), called(TOP, late)] == [["b"], ["a", "b"]]


def test_who_owes_is_told_of_the_end_and_the_duty_above_of_all_that_happens() -> None:
    confirmed = act_of(DutyActKind.CONFIRM, TEAM)
    assert told(confirmed, state(status=CLOSED)) == ["drafter", "manager"]
    assert told(confirmed, state(status=CLOSED, owner="owner")) == ["owner"]
    progress = act_of(DutyActKind.REPORT_PROGRESS, DRAFTER)
    assert told(progress, state(), parent=state(DutyKind.GUIDANCE, owner="team")) == ["manager", "team"]
    assert told(progress, state(), parent=state(DutyKind.GUIDANCE)) == ["manager", "team", "team-2", "owner"]


def test_each_status_of_a_member_has_its_words() -> None:
    assert [one.label for one in MemberStatus] == ["未了", "済", "除外（理由あり）", "名簿から外した"]
