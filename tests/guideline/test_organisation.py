"""組織: who holds a role, whom a person may act as, and what keeps an organisation from working."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any

import pytest

from guideline.organisation import (
    Position,
    acting_as,
    department_names,
    engine_actor,
    faults_of,
    faults_of_owners,
    holders,
    of_body,
    only_audits,
    person_of,
    positions_of,
)
from schemas.organisation import Role
from schemas.records import OrganisationRevision
from tests.guideline.demo_organisation import ORGANISATION, data, read


def appointment(content: dict[str, Any], role: str, department: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in content["appointments"] if one["role"] == role and one.get("department") == department
    )
    return found


def test_the_example_organisation_can_work() -> None:
    assert faults_of(ORGANISATION) == ()


def _twice(content: dict[str, Any]) -> None:
    content["people"].append(content["people"][0])


def _unknown_body(content: dict[str, Any]) -> None:
    content["departments"].append({"id": "elsewhere", "body": "nobody", "name": "よそ"})


def _person_elsewhere(content: dict[str, Any]) -> None:
    content["people"][0]["department"] = "no-such"


def _appointed_as_staff(content: dict[str, Any]) -> None:
    content["appointments"].append({"role": "staff", "body": "digital-agency", "persons": ["desk"]})


def _without_department(content: dict[str, Any]) -> None:
    content["appointments"].append({"role": "drafter", "body": "digital-agency", "persons": ["desk"]})


def _with_department(content: dict[str, Any]) -> None:
    appointment(content, "auditor")["department"] = "audit"


def _unknown_department(content: dict[str, Any]) -> None:
    one = {"role": "drafter", "body": "digital-agency", "department": "no-such", "persons": ["desk"]}
    content["appointments"].append(one)


def _unknown_person(content: dict[str, Any]) -> None:
    appointment(content, "auditor")["persons"] = ["ghost"]


def _line_ends_in_nobody(content: dict[str, Any]) -> None:
    appointment(content, "chief_privacy_officer").update(persons=[], substitutes=[])


def _no_manager(content: dict[str, Any]) -> None:
    content["appointments"].remove(appointment(content, "privacy_manager", "child-allowance"))


def _same_person_on_both_sides(content: dict[str, Any]) -> None:
    appointment(content, "team_member")["persons"] = ["manager"]


def _acting_auditor(content: dict[str, Any]) -> None:
    appointment(content, "auditor")["persons"] = ["team-lead"]


FAULTS = [
    pytest.param(_twice, "識別子「desk」が二度", id="同じ識別子"),
    pytest.param(_unknown_body, "機関「nobody」がありません", id="知らない機関"),
    pytest.param(_person_elsewhere, "部署「no-such」が機関", id="知らない部署の職員"),
    pytest.param(_appointed_as_staff, "任命によらない役割", id="職員への任命"),
    pytest.param(_without_department, "部署が要ります", id="部署のない起案者"),
    pytest.param(_with_department, "部署は書けません", id="部署のある監査"),
    pytest.param(_unknown_department, "部署「no-such」が機関", id="知らない部署への任命"),
    pytest.param(_unknown_person, "職員「ghost」が機関", id="知らない職員"),
    pytest.param(_line_ends_in_nobody, "担当者も代理もいません", id="誰もいない役割"),
    pytest.param(_line_ends_in_nobody, "総括保護管理者がいません", id="総括保護管理者の不在"),
    pytest.param(_no_manager, "部署「child-allowance」に保護管理者がいません", id="保護管理者の不在"),
    pytest.param(_same_person_on_both_sides, "二人が要ります", id="両者が一人"),
    pytest.param(_acting_auditor, "監査する者は承認する者になれません", id="監査する者の兼任"),
]


@pytest.mark.parametrize(("spoil", "words"), FAULTS)
def test_what_keeps_it_from_working_is_named(spoil: Callable[[dict[str, Any]], None], words: str) -> None:
    content = data()
    spoil(content)
    assert any(words in fault for fault in faults_of(read(content)))


def test_a_vacant_role_falls_to_the_first_substitute() -> None:
    content = data()
    chief = appointment(content, "chief_privacy_officer")
    assert holders(read(content), Role.CHIEF_PRIVACY_OFFICER, body="digital-agency") == ("chief",)
    chief.update(persons=[], substitutes=["deputy", "team-lead"])
    vacant = read(content)
    assert holders(vacant, Role.CHIEF_PRIVACY_OFFICER, body="digital-agency") == ("deputy",)
    assert faults_of(vacant) == ()


REVISION = OrganisationRevision(revision=3, organisation=ORGANISATION, applied_at=datetime(2026, 6, 1, tzinfo=UTC))


def actor_as(person_id: str, role: Role, *, department: str = "account-registration") -> Any:
    person = person_of(ORGANISATION, person_id)
    assert person is not None
    return acting_as(REVISION, person, role=role, department=department)


def test_a_person_acts_only_in_a_role_they_hold() -> None:
    assert actor_as("desk", Role.PRIVACY_MANAGER) is None
    manager = actor_as("manager", Role.PRIVACY_MANAGER)
    assert (manager.department, manager.organisation_revision) == ("account-registration", 3)
    assert actor_as("team-lead", Role.TEAM_MEMBER).department == "privacy"
    assert person_of(ORGANISATION, "ghost") is None


def test_anyone_of_the_body_is_staff_but_for_who_only_audits() -> None:
    assert actor_as("chief", Role.STAFF).role is Role.STAFF
    auditor, desk = person_of(ORGANISATION, "auditor"), person_of(ORGANISATION, "desk")
    assert auditor is not None
    assert desk is not None
    assert acting_as(REVISION, auditor, role=Role.STAFF, department="audit") is None
    assert only_audits(ORGANISATION, auditor)
    assert not only_audits(ORGANISATION, desk)


def test_a_substitute_of_the_auditors_who_holds_another_role_does_not_only_audit() -> None:
    content = data()
    appointment(content, "auditor").update(persons=[], substitutes=["manager"])
    organisation = read(content)
    manager = person_of(organisation, "manager")
    assert manager is not None
    assert "manager" in holders(organisation, Role.AUDITOR, body="digital-agency")
    assert not only_audits(organisation, manager)


@pytest.mark.parametrize("department", ["account-registration", "child-allowance"], ids=["口座登録", "児童手当"])
def test_of_a_role_in_several_departments_the_owners_is_taken(department: str) -> None:
    assert actor_as("director-general", Role.DIRECTOR_GENERAL, department=department).department == department


def test_a_department_with_one_manager_and_no_substitute_is_alone() -> None:
    assert actor_as("manager", Role.PRIVACY_MANAGER).alone_in_department
    assert not actor_as("drafter", Role.DRAFTER).alone_in_department


def test_the_engine_is_nobody_of_the_organisation() -> None:
    assert engine_actor(body="b", department="d").role is Role.ENGINE


# --- 代理


def with_deputies() -> OrganisationRevision:
    content = data()
    appointment(content, "chief_privacy_officer").update(persons=["chief"], substitutes=["deputy", "team-lead"])
    return REVISION.model_copy(update={"organisation": read(content)})


def chief_as(person_id: str, conflicted: Collection[str]) -> Any:
    revision = with_deputies()
    person = person_of(revision.organisation, person_id)
    assert person is not None
    role = Role.CHIEF_PRIVACY_OFFICER
    return acting_as(revision, person, role=role, department="account-registration", conflicted=conflicted)


def test_a_substitute_acts_only_while_all_appointed_are_conflicted() -> None:
    assert chief_as("deputy", ()) is None
    assert chief_as("chief", ()).stands_in is False
    assert chief_as("deputy", ("chief",)).stands_in is True
    assert chief_as("team-lead", ("chief",)) is None


def test_with_the_first_substitute_conflicted_too_it_falls_to_the_next() -> None:
    assert chief_as("team-lead", ("chief", "deputy")).stands_in is True


def test_one_who_is_conflicted_still_holds_the_role_and_is_refused_by_name() -> None:
    assert chief_as("chief", ("chief",)).stands_in is False


# --- 担当する評価書のある部署

OWNERS = [
    pytest.param(("digital-agency", "account-registration"), "", id="任命がある"),
    pytest.param(("digital-agency", "gone"), "除けません", id="部署がなくなる"),
    pytest.param(("digital-agency", "privacy"), "任命を書いて", id="任命がない"),
]


@pytest.mark.parametrize(("owner", "words"), OWNERS)
def test_a_department_that_owns_an_assessment_must_be_able_to_act(owner: tuple[str, str], words: str) -> None:
    faults = list(faults_of_owners(ORGANISATION, {owner: "digital-agency-1"}))
    assert len(faults) == (1 if words else 0)
    assert all(words in fault and "digital-agency-1" in fault for fault in faults)


def test_a_position_names_who_comes_before_in_the_line() -> None:
    content = data()
    team = appointment(content, "team_member")
    team["persons"], team["substitutes"] = ["team-lead"], ["team-member", "deputy"]
    organisation = read(content)
    place = Role.TEAM_MEMBER, "digital-agency", None
    for person, before in (
        ("team-lead", ()),
        ("team-member", ("team-lead",)),
        ("deputy", ("team-lead", "team-member")),
    ):
        found = [one for one in positions_of(organisation, person) if one.role is Role.TEAM_MEMBER]
        assert found == [Position(*place, before)]
    assert positions_of(organisation, "desk") == ()


def test_what_an_organisation_says_of_one_body() -> None:
    assert of_body(ORGANISATION, "digital-agency") == ORGANISATION
    nothing = of_body(ORGANISATION, "elsewhere")
    assert (nothing.bodies, nothing.people, nothing.appointments, nothing.hotline) == ((), (), (), ())
    assert nothing.service_levels == ORGANISATION.service_levels


def test_the_names_of_departments() -> None:
    assert department_names(ORGANISATION)["account-registration"] == "口座登録担当"
