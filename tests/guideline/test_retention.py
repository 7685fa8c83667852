"""保存期間を決める者."""

import pytest

from guideline.retention import may_decide_retention
from schemas.organisation import Appointment, Body, BodyKind, Department, Organisation, Person, Role

PEOPLE = ("chief", "general", "member", "manager", "auditor", "both")
APPOINTED = {
    Role.CHIEF_PRIVACY_OFFICER: ("chief",),
    Role.DIRECTOR_GENERAL: ("general",),
    Role.TEAM_MEMBER: ("member", "both"),
    Role.AUDITOR: ("auditor", "both"),
}
ORGANISATION = Organisation(
    bodies=(Body(id="city", name="見本市長", kind=BodyKind.LOCAL_GOVERNMENT),),
    departments=(Department(id="desk", body="city", name="窓口課"),),
    people=tuple(Person(id=one, body="city", department="desk", name=one) for one in PEOPLE),
    appointments=(
        *(Appointment(role=role, body="city", persons=persons) for role, persons in APPOINTED.items()),
        Appointment(role=Role.PRIVACY_MANAGER, body="city", department="desk", persons=("manager",)),
    ),
)


@pytest.mark.parametrize(
    ("person", "may"),
    [
        pytest.param("chief", True, id="総括保護管理者"),
        pytest.param("general", True, id="統括官"),
        pytest.param("member", True, id="対策チーム"),
        pytest.param("manager", False, id="保護管理者"),
        pytest.param("auditor", False, id="監査チーム"),
        pytest.param("both", False, id="監査チームを兼ねる対策チーム"),
        pytest.param("stranger", False, id="組織表にいない者"),
    ],
)
def test_who_may_decide_until_when_documents_are_kept(person: str, *, may: bool) -> None:
    assert may_decide_retention(ORGANISATION, person, body="city") is may
    assert not may_decide_retention(ORGANISATION, person, body="elsewhere")
