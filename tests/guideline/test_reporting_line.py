"""報告経路: who is told of a risk event, in which order, by which channel; and the flow that says the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from guideline.notices import is_late, report_of, told_of_report
from guideline.reporting_line import address_of, faults_of_line, flows_of, reached_by_mail, recipients_of
from schemas.acts import Intake
from schemas.letters import Means
from schemas.organisation import Role
from schemas.reports import RiskEvent
from tests.guideline.demo_organisation import ORGANISATION, data, read
from tests.guideline.reviews import actor

ON = date(2026, 5, 2)
BODY = "digital-agency"
DESK = "account-registration"


PERSONS = ["chief", "director-general", "team-lead", "team-member", "manager"]


def intake(**more: object) -> Intake:
    fields: dict[str, object] = {"title": "件", "facts": "事実", "known_on": ON, "known_by_department": DESK, **more}
    staff = actor(Role.STAFF).model_copy(update={"body": BODY, "department": DESK})
    event = RiskEvent.model_validate(fields)
    return Intake(act_id="risk/1", actor=staff, report=event)


def told(one: Intake, *, owners: tuple[tuple[str, str], ...] = ()) -> list[str]:
    return [notice.person for notice in told_of_report(one, organisation=ORGANISATION, owners=owners, on=ON)]


def test_an_event_without_an_assessment_is_told_to_the_whole_line_at_once() -> None:
    assert told(intake()) == [*PERSONS, "risk-hotline"]
    notices = told_of_report(intake(), organisation=ORGANISATION, owners=(), on=ON)
    assert {(one.assessment_id, one.urgent) for one in notices} == {(None, True)}
    assert [one.notice_id for one in notices] == sorted(one.notice_id for one in notices)
    assert {report_of(one.notice_id) for one in notices} == {"risk/1"}


MINISTER = [
    pytest.param({}, False, id="求められていない"),
    pytest.param({"share_with_minister": True}, True, id="報告した者が求める"),
    pytest.param({"persons_affected": 100}, False, id="100人"),
    pytest.param({"persons_affected": 101}, True, id="重大事故"),
]


@pytest.mark.parametrize(("more", "shared"), MINISTER)
def test_the_ministers_office_is_told_last_where_a_person_or_the_rule_says_so(
    more: dict[str, object], *, shared: bool
) -> None:
    assert told(intake(**more)) == [*PERSONS, "risk-hotline", *(["ministers-office"] if shared else [])]


def test_departments_of_the_assessments_are_told_beside_the_one_that_knew() -> None:
    both = told(intake(assessments=("a",)), owners=((BODY, "resident-records"),))
    assert both == [
        "chief",
        "director-general",
        "team-lead",
        "team-member",
        "residents-manager",
        "manager",
        "risk-hotline",
    ]


@pytest.mark.parametrize("more", [{"adds_to": "risk/0"}, {"adds_to": "risk/0", "untouched": "印刷の誤りである。"}])
def test_what_is_added_to_an_event_is_told_to_persons_alone(more: dict[str, str]) -> None:
    one = intake(share_with_minister=True).model_copy(update=more)
    assert told(one) == PERSONS
    subject = told_of_report(one, organisation=ORGANISATION, owners=(), on=ON)[0].subject
    assert ("評価書に関わらない" in subject) is ("untouched" in more)


def test_who_has_two_roles_is_told_once_in_the_first_and_by_the_channel_that_reaches_them() -> None:
    content = data()
    content["appointments"][1]["persons"] = ["chief", "team-member"]
    content["people"] = [
        {name: value for name, value in one.items() if name != "mail" or one["id"] != "chief"}
        for one in content["people"]
    ]
    line = recipients_of(read(content), body=BODY, departments=(DESK,), with_minister=True)
    assert [one.id for one in line].count("chief") == 1
    channels = {one.id: one.channel for one in line}
    assert channels["chief"] is Means.INBOX
    assert channels["team-member"] is channels["risk-hotline"] is channels["ministers-office"] is Means.MAIL
    assert {channels[one].label for one in ("chief", "team-member")} == {"受信箱", "メール"}
    assert [one.label for one in line][:2] == ["総括保護管理者 見本 総括保護管理者", "統括官 見本 統括官"]
    assert line[-1].label == "デジタル大臣室（見本）"


def test_the_order_of_the_line_is_that_of_the_organisation() -> None:
    content = data()
    content["reporting_line"]["roles"] = ["team_member", "director_general", "chief_privacy_officer"]
    line = recipients_of(read(content), body=BODY, departments=(DESK,), with_minister=False)
    assert [one.id for one in line] == ["team-lead", "team-member", "director-general", "chief", "risk-hotline"]


def test_someone_appointed_who_is_not_among_the_people_is_told_by_the_inbox() -> None:
    content = data()
    content["people"] = [one for one in content["people"] if one["id"] != "chief"]
    line = recipients_of(read(content), body=BODY, departments=(DESK,), with_minister=False)
    assert (line[0].name, line[0].channel) == ("chief", Means.INBOX)


def test_each_department_has_a_flow_and_those_with_the_same_line_share_one() -> None:
    flows = flows_of(ORGANISATION)
    assert [one.departments for one in flows] == [
        ("account-registration",),
        ("resident-records",),
        ("child-allowance",),
        ("privacy", "audit"),
    ]
    assert [one.id for one in flows[0].recipients] == [*PERSONS, "risk-hotline"]
    assert {tuple(one.id for one in flow.ministers_office) for flow in flows} == {("ministers-office",)}


def test_a_flow_is_that_of_its_own_body() -> None:
    content = data()
    content["bodies"].append({"id": "city", "name": "見本市", "kind": "local_government"})
    content["departments"].append({"id": "city-desk", "body": "city", "name": "市民課"})
    flows = flows_of(read(content))
    assert (flows[-1].body, flows[-1].departments, flows[-1].recipients) == ("city", ("city-desk",), ())


def test_an_address_is_found_by_its_id() -> None:
    found = address_of(ORGANISATION, "ministers-office")
    assert found is not None
    assert found.mail == "ministers-office@example.jp"
    assert address_of(ORGANISATION, "chief") is None


def _without(role: str) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        content["reporting_line"]["roles"].remove(role)

    return change


def _with(role: str) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        content["reporting_line"]["roles"].append(role)

    return change


def _address(**more: str) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        content["ministers_office"][0].update(more)

    return change


FAULTS = [
    pytest.param(_without("chief_privacy_officer"), "総括保護管理者がありません", id="総括保護管理者がない"),
    pytest.param(_without("director_general"), "統括官がありません", id="統括官がない"),
    pytest.param(_without("team_member"), "対策チームがありません", id="対策チームがない"),
    pytest.param(_with("team_member"), "対策チームが二度現れます", id="二度の役割"),
    pytest.param(_with("staff"), "「職員」は任命によらない役割", id="職員"),
    pytest.param(_address(id="risk-hotline"), "「risk-hotline」が、職員又は別の宛先と重なります", id="宛先の重なり"),
    pytest.param(_address(id="chief"), "「chief」が、職員又は別の宛先と重なります", id="職員との重なり"),
    pytest.param(_address(body="nobody"), "機関「nobody」がありません", id="知らない機関"),
]


@pytest.mark.parametrize(("change", "words"), FAULTS)
def test_a_line_that_leaves_somebody_out_is_refused(change: Callable[[dict[str, Any]], None], words: str) -> None:
    content = data()
    assert faults_of_line(ORGANISATION) == ()
    change(content)
    assert any(words in fault for fault in faults_of_line(read(content)))


def test_the_privacy_managers_may_be_left_out_of_the_line() -> None:
    content = data()
    _without("privacy_manager")(content)
    assert faults_of_line(read(content)) == ()


def test_mail_reaches_addresses_and_whoever_has_one() -> None:
    content = data()
    del content["people"][0]["mail"]
    everybody = {one["id"] for one in (*content["people"], *content["hotline"], *content["ministers_office"])}
    assert reached_by_mail(read(content)) == everybody - {content["people"][0]["id"]}


LATE = [
    pytest.param(timedelta(hours=1), False, id="ちょうど1時間"),
    pytest.param(timedelta(hours=1, seconds=1), True, id="1時間を過ぎる"),
]


@pytest.mark.parametrize(("waited", "late"), LATE)
def test_a_notice_is_late_after_an_hour(waited: timedelta, *, late: bool) -> None:
    made_at = datetime(2026, 5, 2, 3, 0, tzinfo=UTC)
    assert is_late(made_at, at=made_at + waited) is late
