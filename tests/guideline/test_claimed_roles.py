"""示された役割: a person's roles follow what the provider names; nobody else's do."""

from __future__ import annotations

from typing import Any

import pytest

from guideline.claimed_roles import roles_in, with_roles
from guideline.organisation import faults_of, person_of
from schemas.organisation import Organisation, Person, Role
from tests.guideline.demo_organisation import ORGANISATION, data, read
from tests.guideline.test_organisation import appointment


def _person(person_id: str, organisation: Organisation = ORGANISATION) -> Person:
    found = person_of(organisation, person_id)
    assert found is not None
    return found


def _held(organisation: Organisation, person_id: str) -> set[tuple[Role, str | None]]:
    return {(one.role, one.department) for one in organisation.appointments if person_id in one.persons}


@pytest.mark.parametrize(
    ("claim", "roles", "ignored"),
    [
        (["privacy_manager", "drafter"], {Role.PRIVACY_MANAGER, Role.DRAFTER}, 0),
        (["pii-team"], {Role.TEAM_MEMBER}, 0),
        ("pii-team,auditor drafter", {Role.TEAM_MEMBER, Role.AUDITOR, Role.DRAFTER}, 0),
        (["staff", "engine", "mayor", 7, None, ["auditor"]], set(), 6),
        ([], set(), 0),
        (None, set(), 0),
        ({"auditor": True}, set(), 0),
        ("", set(), 0),
    ],
)
def test_a_claim_is_read(claim: object, roles: set[Role], ignored: int) -> None:
    found = roles_in(claim, meaning={"pii-team": "team_member"})
    assert (set(found.roles), found.ignored) == (roles, ignored)


def test_what_a_person_holds_already_changes_nothing() -> None:
    assert with_roles(ORGANISATION, _person("manager"), {Role.PRIVACY_MANAGER}) is ORGANISATION


def test_a_new_role_is_that_of_the_own_department_and_the_others_stay() -> None:
    changed = with_roles(ORGANISATION, _person("drafter"), {Role.DRAFTER, Role.PRIVACY_MANAGER})
    assert _held(changed, "drafter") == {
        (Role.DRAFTER, "account-registration"),
        (Role.PRIVACY_MANAGER, "account-registration"),
    }
    assert _held(changed, "manager") == _held(ORGANISATION, "manager")
    assert faults_of(changed) == ()


def test_a_new_role_of_the_body_has_no_department() -> None:
    changed = with_roles(ORGANISATION, _person("desk"), {Role.TEAM_MEMBER})
    assert _held(changed, "desk") == {(Role.TEAM_MEMBER, None)}


def test_a_role_that_nobody_had_gets_an_appointment_of_its_own() -> None:
    content = data()
    content["appointments"] = [one for one in content["appointments"] if one["role"] != "auditor"]
    changed = with_roles(read(content), _person("desk"), {Role.AUDITOR})
    assert _held(changed, "desk") == {(Role.AUDITOR, None)}


def test_a_role_that_is_no_longer_named_goes_wherever_it_was_held() -> None:
    content = data()
    appointment(content, "privacy_manager", "resident-records")["persons"].append("manager")
    changed = with_roles(read(content), _person("manager"), set())
    assert _held(changed, "manager") == set()
    assert _held(changed, "residents-manager") == {(Role.PRIVACY_MANAGER, "resident-records")}


def test_a_role_that_is_held_elsewhere_stays_there_and_none_is_added() -> None:
    content = data()
    appointment(content, "director_general", "resident-records")["persons"].append("team-member")
    organisation = read(content)
    person = _person("team-member", organisation)
    assert with_roles(organisation, person, {Role.DIRECTOR_GENERAL, Role.TEAM_MEMBER}) is organisation


def test_an_appointment_that_names_nobody_any_more_falls_away_unless_somebody_stands_in() -> None:
    content = data()
    alone: dict[str, Any] = appointment(content, "privacy_manager", "account-registration")
    alone |= {"persons": ["manager"], "substitutes": []}
    gone = with_roles(read(content), _person("manager"), set())
    assert any("保護管理者がいません" in fault for fault in faults_of(gone))
    alone["substitutes"] = ["drafter"]
    stood_in = with_roles(read(content), _person("manager"), set())
    assert faults_of(stood_in) == ()


def test_who_stands_in_is_not_said_by_a_claim_but_who_is_appointed_no_longer_stands_in() -> None:
    content = data()
    appointment(content, "privacy_manager", "account-registration")["substitutes"] = ["drafter", "desk"]
    organisation = read(content)
    assert with_roles(organisation, _person("desk"), set()) is organisation
    changed = with_roles(organisation, _person("drafter"), {Role.DRAFTER, Role.PRIVACY_MANAGER})
    joined = next(
        one
        for one in changed.appointments
        if one.role is Role.PRIVACY_MANAGER and one.department == "account-registration"
    )
    assert (joined.persons[-1], joined.substitutes) == ("drafter", ("desk",))
