"""対応策の手順: every act in every status by every side, its checks, its alarms, and who is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from guideline.clocks import end_of
from guideline.countermeasures import (
    judge_countermeasure,
    refusal_of_countermeasure_act,
    take_countermeasure,
)
from guideline.follow_up import (
    alarms_of_countermeasure,
    awaited_by,
    told_of_countermeasure,
    told_of_plan,
    who_is_awaited,
)
from guideline.refusals import RefusedError
from guideline.separation_of_duties import COUNTERMEASURE_PERMITS
from schemas.countermeasures import (
    Confirmation,
    CountermeasureAct,
    CountermeasureActKind,
    CountermeasureAlarm,
    CountermeasureReminder,
    CountermeasureState,
    CountermeasureStatus,
    Done,
    MeasureAnswer,
    Postponement,
    Progress,
    Rejection,
)
from schemas.organisation import (
    Actor,
    Appointment,
    Body,
    BodyKind,
    Department,
    Organisation,
    Person,
    Role,
    ServiceLevels,
)
from schemas.reports import Evidence
from schemas.review import Urgency
from tests.guideline.reviews import actor
from tests.permission_table import COUNTERMEASURE_CELLS

AT = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
DUE_ON = date(2026, 6, 30)
LEVELS = ServiceLevels()
OPEN, DONE, CLOSED = CountermeasureStatus
ALARM = CountermeasureAlarm(status=OPEN, urgency=Urgency.REMINDER, due_on=DUE_ON, at=AT)

OWNER = actor(Role.STAFF, person="owner")
MANAGER = actor(Role.PRIVACY_MANAGER, person="manager")
TEAM = actor(Role.TEAM_MEMBER, person="team", department="privacy")
ENGINE = actor(Role.ENGINE, person="engine")

ORGANISATION = Organisation(
    bodies=(Body(id="digital-agency", name="内閣総理大臣", kind=BodyKind.ADMINISTRATIVE_BODY),),
    departments=(Department(id="accounts", body="digital-agency", name="口座登録担当"),),
    people=(Person(id="owner", body="digital-agency", department="accounts", name="見本"),),
    appointments=(
        Appointment(role=Role.TEAM_MEMBER, body="digital-agency", persons=("team", "team-2", "owner")),
        Appointment(role=Role.CHIEF_PRIVACY_OFFICER, body="digital-agency", persons=("chief",)),
        Appointment(role=Role.PRIVACY_MANAGER, body="digital-agency", department="accounts", persons=("manager",)),
        Appointment(role=Role.DIRECTOR_GENERAL, body="digital-agency", department="accounts", persons=("director",)),
    ),
)


def state(status: CountermeasureStatus = OPEN, **changes: Any) -> CountermeasureState:
    given: dict[str, Any] = {
        "countermeasure_id": "digital-agency-1/1/1",
        "review_id": "digital-agency-1/1",
        "assessment_id": "digital-agency-1",
        "body": "digital-agency",
        "department": "accounts",
        "item": "Ⅳ8 人手を介在させる作業",
        "text": "複数人で確かめる。",
        "owner": "owner",
        "due_on": DUE_ON,
        "opened_at": AT,
        "began_at": AT,
        "status": status,
        "alarms": (ALARM,),
        "done_by": "manager" if status is not OPEN else None,
        **changes,
    }
    return CountermeasureState(**given)


def act_of(kind: CountermeasureActKind, by: Actor, **more: Any) -> CountermeasureAct:
    content: dict[CountermeasureActKind, tuple[type[CountermeasureAct], dict[str, Any]]] = {
        CountermeasureActKind.REPORT_PROGRESS: (Progress, {"text": "案を作った。"}),
        CountermeasureActKind.POSTPONE: (Postponement, {"due_on": date(2026, 7, 31), "reason": "改修を待つ。"}),
        CountermeasureActKind.DONE: (
            Done,
            {"text": "定めた。", "evidence": (Evidence(title="手順書", sha256="e" * 64),)},
        ),
        CountermeasureActKind.CONFIRM: (Confirmation, {}),
        CountermeasureActKind.REJECT: (Rejection, {"reason": "根拠が足りない。"}),
        CountermeasureActKind.REMIND: (CountermeasureReminder, {"alarm": ALARM}),
    }
    model, fields = content[kind]
    base = {"act_id": "act/1", "actor": by, "countermeasure_id": "digital-agency-1/1/1"}
    return model(**{**base, **fields, **more})


def code_of(one: CountermeasureState, act: CountermeasureAct, *, at: datetime = AT) -> str:
    with pytest.raises(RefusedError) as refused:
        judge_countermeasure(one, act, at=at)
    assert refused.value.refusal.remedy
    return refused.value.refusal.code


LEADS_TO = {
    CountermeasureActKind.DONE: DONE,
    CountermeasureActKind.CONFIRM: CLOSED,
    CountermeasureActKind.REJECT: OPEN,
}
PERMITTED = [
    pytest.param(cell.stage, cell.act, cell.role, id=f"{cell.stage.label}: {cell.act.label}（{cell.role.label}）")
    for cell in COUNTERMEASURE_CELLS
    if cell.own and cell.permitted
]


@pytest.mark.parametrize(("status", "kind", "role"), PERMITTED)
def test_what_is_permitted_is_done(status: CountermeasureStatus, kind: CountermeasureActKind, role: Role) -> None:
    after = take_countermeasure(state(status), act_of(kind, actor(role, person="somebody")), at=AT)
    assert (after.status, after.sequence, after.alarms) == (LEADS_TO.get(kind, status), 1, ())


@pytest.mark.parametrize("kind", CountermeasureActKind)
def test_nobody_of_another_body_may_do_anything(kind: CountermeasureActKind) -> None:
    (row,) = COUNTERMEASURE_PERMITS.of(kind)
    for role in COUNTERMEASURE_PERMITS.roles(kind):
        assert code_of(state(row.stages[0]), act_of(kind, actor(role, body="city"))) == "other_body"


def test_an_act_on_another_countermeasure_is_refused() -> None:
    act = act_of(CountermeasureActKind.REPORT_PROGRESS, OWNER, countermeasure_id="digital-agency-1/1/2")
    assert code_of(state(), act) == "other_countermeasure"


@pytest.mark.parametrize("person", ["owner", "manager"], ids=["担当者", "完了を報告した者"])
def test_nobody_confirms_what_is_theirs(person: str) -> None:
    act = act_of(CountermeasureActKind.CONFIRM, actor(Role.TEAM_MEMBER, person=person))
    assert code_of(state(DONE), act) == "own_completion"
    refusal = refusal_of_countermeasure_act(state(DONE), CountermeasureActKind.CONFIRM, actor=act.actor)
    assert refusal is not None
    assert refusal.code == "own_completion"


DATES = [
    pytest.param(DUE_ON, AT, id="これまでの期限"),
    pytest.param(DUE_ON - timedelta(days=1), AT, id="これまでの期限より前"),
    pytest.param(date(2026, 7, 31), datetime(2026, 8, 3, tzinfo=UTC), id="過ぎた日"),
]


@pytest.mark.parametrize(("due_on", "at"), DATES)
def test_a_new_date_is_later_and_not_past(due_on: date, at: datetime) -> None:
    assert code_of(state(), act_of(CountermeasureActKind.POSTPONE, TEAM, due_on=due_on), at=at) == "not_later"
    assert code_of(state(DONE), act_of(CountermeasureActKind.REJECT, TEAM, due_on=due_on), at=at) == "not_later"


def test_past_its_date_it_is_rejected_with_a_new_one() -> None:
    late = datetime(2026, 7, 1, tzinfo=UTC)
    assert code_of(state(DONE), act_of(CountermeasureActKind.REJECT, TEAM), at=late) == "rejected_without_date"
    new = date(2026, 7, 31)
    after = take_countermeasure(state(DONE), act_of(CountermeasureActKind.REJECT, TEAM, due_on=new), at=late)
    assert (after.status, after.due_on, after.done_by, after.began_at) == (OPEN, new, None, late)


def test_what_was_done_is_known_by_whom_and_when_it_was_confirmed() -> None:
    done = take_countermeasure(state(), act_of(CountermeasureActKind.DONE, OWNER), at=AT)
    assert (done.done_by, done.due_on) == ("owner", DUE_ON)
    closed = take_countermeasure(done, act_of(CountermeasureActKind.CONFIRM, TEAM), at=AT)
    assert closed.closed_at == AT


def test_an_alarm_rings_when_it_is_due_and_once() -> None:
    ring = act_of(CountermeasureActKind.REMIND, ENGINE)
    assert code_of(state(), ring, at=AT - timedelta(seconds=1)) == "alarm"
    assert code_of(state(alarms=()), ring) == "alarm"
    rung = take_countermeasure(state(), ring, at=AT)
    assert Urgency.REMINDER not in {one.urgency for one in alarms_of_countermeasure(rung, LEVELS)}


def test_the_owner_is_reminded_five_business_days_before_and_the_line_is_called_after() -> None:
    alarms = alarms_of_countermeasure(state(), LEVELS)
    # 2026-06-30 is a Tuesday: of its last five open days the first is Wednesday the 24th.
    assert [(one.urgency, one.at) for one in alarms] == [
        (Urgency.REMINDER, end_of(date(2026, 6, 23))),
        (Urgency.SUPERIOR, end_of(DUE_ON)),
        (Urgency.TOP, end_of(date(2026, 7, 2))),
    ]
    assert awaited_by(state(), LEVELS) == DUE_ON


def test_the_team_is_called_for_its_confirmation() -> None:
    # Done on a Monday: five business days for the confirmation, as for an approval.
    alarms = alarms_of_countermeasure(state(DONE), LEVELS)
    assert [(one.urgency, one.at) for one in alarms] == [
        (Urgency.REMINDER, end_of(date(2026, 6, 8))),
        (Urgency.SUPERIOR, end_of(date(2026, 6, 10))),
        (Urgency.TOP, end_of(date(2026, 6, 12))),
    ]
    assert alarms_of_countermeasure(state(CLOSED), LEVELS) == ()


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        pytest.param(OPEN, ("owner",), id="実施中"),
        pytest.param(DONE, ("team", "team-2"), id="確認待ち"),
        pytest.param(CLOSED, (), id="完了"),
    ],
)
def test_who_is_awaited(status: CountermeasureStatus, expected: tuple[str, ...]) -> None:
    assert who_is_awaited(state(status), ORGANISATION) == expected


CALLED = [
    pytest.param(OPEN, Urgency.REMINDER, {"owner"}, id="実施中の督促"),
    pytest.param(OPEN, Urgency.SUPERIOR, {"manager", "director"}, id="実施中の上位者"),
    pytest.param(OPEN, Urgency.TOP, {"chief"}, id="実施中の総括保護管理者"),
    pytest.param(DONE, Urgency.REMINDER, {"team", "team-2"}, id="確認の督促"),
    pytest.param(DONE, Urgency.SUPERIOR, {"chief"}, id="確認の上位者"),
    pytest.param(DONE, Urgency.TOP, {"chief"}, id="確認の総括保護管理者"),
]


@pytest.mark.parametrize(("status", "urgency", "expected"), CALLED)
def test_whom_an_alarm_calls(status: CountermeasureStatus, urgency: Urgency, expected: set[str]) -> None:
    alarm = CountermeasureAlarm(status=status, urgency=urgency, due_on=DUE_ON, at=AT)
    act = act_of(CountermeasureActKind.REMIND, ENGINE, alarm=alarm)
    told = told_of_countermeasure(act, state=state(status), organisation=ORGANISATION)
    assert {notice.person for notice in told} == expected
    assert all(urgency.label in notice.subject for notice in told)
    assert {notice.urgent for notice in told} == {urgency is not Urgency.REMINDER}


def test_who_is_told_of_an_act() -> None:
    confirmed = act_of(CountermeasureActKind.CONFIRM, TEAM)
    told = told_of_countermeasure(confirmed, state=state(CLOSED), organisation=ORGANISATION)
    assert [notice.person for notice in told] == ["owner"]
    progress = act_of(CountermeasureActKind.REPORT_PROGRESS, OWNER)
    assert told_of_countermeasure(progress, state=state(), organisation=ORGANISATION) == ()
    assert [notice.person for notice in told_of_plan([state()])] == ["owner"]


def test_each_word_has_its_japanese() -> None:
    for words in (CountermeasureStatus, CountermeasureActKind, MeasureAnswer):
        assert all(not word.label.isascii() for word in words)
