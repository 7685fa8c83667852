"""計画管理書: derived from the register, whenever it is asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import resources

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from client.acting import Acting
from client.drafts import faults_of
from client.errors import InvalidDocumentError, InvalidInputError, NotFoundError
from client.looking import Looking
from client.plan import Plans
from register.register import Register
from schemas.forms.catalogue import load
from schemas.levels import Level
from schemas.plan import FORM, FORM_VERSION, DataSubjectsBand, Need, Occurrence, Plan, plan_document
from schemas.records import Standing
from schemas.review import Outcome
from tests.house import House, as_json, today
from tests.register.conftest import register, url
from tests.workflows.lifecycle import approve, begin, submit_first

__all__ = ["register", "url"]

ON = date(2026, 6, 1)
SECOND_BODY = """
[[bodies]]
id = "town"
name = "見本町長"
kind = "local_government"

[[departments]]
id = "town-residents"
body = "town"
name = "住民課"

[[departments]]
id = "town-privacy"
body = "town"
name = "総務課"
"""


def second_body() -> str:
    people = ("town-drafter", "town-manager", "town-director", "town-chief", "town-team")
    roles = ("drafter", "privacy_manager", "director_general", "chief_privacy_officer", "team_member")
    text = SECOND_BODY
    for person, role in zip(people, roles, strict=True):
        central = role in ("chief_privacy_officer", "team_member")
        department = "town-privacy" if central else "town-residents"
        text += f'[[people]]\nid = "{person}"\nbody = "town"\ndepartment = "{department}"\nname = "見本"\n'
        text += f'[[appointments]]\nrole = "{role}"\nbody = "town"\npersons = ["{person}"]\n'
        text += "" if central else f'department = "{department}"\n'
    return text


async def the_plan(house: House) -> Plan:
    """Give the plan of the only body, held against its form."""
    (plan,) = await house.minaoshi.plans.show(on=ON)
    schema = dict(load(FORM, FORM_VERSION).schema)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(plan_document(plan))
    return plan


async def test_a_published_assessment_stands_in_the_plan_of_its_body(empty_house: House) -> None:
    plan = await the_plan(empty_house)
    assert (plan.body, plan.assessing_body, plan.as_of) == ("digital-agency", "内閣総理大臣（デジタル庁）", ON)
    assert plan.contact is not None
    assert plan.contact.startswith("個人情報保護担当（対策チーム）（team-lead@")
    (row,) = plan.assessments
    assert (row.number, row.department, row.standing) == ("1", "口座登録担当", Standing.PUBLISHED)
    assert (row.data_subjects, row.serious_incident) == (DataSubjectsBand.FROM_300000, Occurrence.NOT_OCCURRED)
    assert (row.effective_level, row.public_comment, row.third_party_check) == (
        Level.ALL_ITEMS,
        Need.NEEDED,
        Need.NOT_NEEDED,
    )
    assert (row.published_on, row.submitted_on) == (date(2022, 3, 28), None)


async def test_the_plan_follows_a_first_assessment_from_its_report_to_its_publication(house: House) -> None:
    review_id = await begin(house)
    planned = (await the_plan(house)).assessments[1]
    assert (planned.number, planned.standing, planned.published_on) == ("1", Standing.PLANNED, None)
    assert None not in (planned.planned_on, planned.hold_start_on, planned.network_link_start_on)
    assert (planned.data_subjects, planned.requirements_end_on) == (None, None)
    await submit_first(house, review_id)
    await approve(house, review_id)
    await house.step(review_id, "submission", done_on=today().isoformat())
    assert (await the_plan(house)).assessments[1].submitted_on == today()
    await house.step(review_id, "publication", done_on=today().isoformat())
    assert (await house.show(review_id)).state.outcome is Outcome.FIRST_PUBLISHED
    row = (await the_plan(house)).assessments[1]
    assert (row.standing, row.published_on, row.planned_on) == (Standing.PUBLISHED, today(), None)
    assert row.data_subjects is not None


async def test_a_number_given_twice_is_a_warning(empty_house: House) -> None:
    assert (await the_plan(empty_house)).warnings == ()
    await empty_house.add_assessment("another")
    (warning,) = (await the_plan(empty_house)).warnings
    assert warning.startswith("評価書番号「1」: 2件の評価書に付されています")


async def test_each_body_has_a_plan_of_its_own(empty_house: House) -> None:
    toml = resources.files("demo").joinpath("organisation.toml").read_text(encoding="utf-8") + second_body()
    await empty_house.minaoshi.organisation.apply(toml.encode())
    await empty_house.add_assessment("town-1", body="town", department="town-residents")
    plans = await empty_house.minaoshi.plans.show(on=ON)
    assert [(plan.body, len(plan.assessments), plan.warnings) for plan in plans] == [
        ("digital-agency", 1, ()),
        ("town", 1, ()),
    ]
    (town,) = await empty_house.minaoshi.plans.show(body="town", on=ON)
    assert town == plans[1]
    assert (town.contact, town.assessments[0].third_party_check) == ("総務課", Need.NEEDED)


async def test_an_unknown_body_is_told_so(empty_house: House) -> None:
    with pytest.raises(NotFoundError, match="評価実施機関「nowhere」は組織表にありません"):
        await empty_house.minaoshi.plans.show(body="nowhere")


async def test_a_day_before_the_rules_is_refused(empty_house: House) -> None:
    with pytest.raises(InvalidInputError, match="実施手続"):
        await empty_house.minaoshi.plans.show(on=date(2015, 12, 31))


async def test_without_an_organisation_there_is_no_plan(register: Register) -> None:
    with pytest.raises(NotFoundError, match="組織表がまだありません"):
        await Plans(
            register, looking=Looking(register, Acting(register)), now=lambda: datetime(2026, 6, 1, tzinfo=UTC)
        ).show()


async def test_the_plan_is_of_today_in_japan_unless_told(empty_house: House) -> None:
    looking = Looking(empty_house.register, Acting(empty_house.register))
    plans = Plans(empty_house.register, looking=looking, now=lambda: datetime(2026, 5, 31, 15, 0, tzinfo=UTC))
    assert [plan.as_of for plan in await plans.show()] == [ON]


async def test_a_plan_is_never_handed_in_as_an_assessment(empty_house: House) -> None:
    document = plan_document(await the_plan(empty_house))
    (fault,) = faults_of(as_json(**document))
    assert (fault.path, fault.rule) == ("/form", "derived_form")
    assert "計画管理書（様式1）は、評価書の一部ではありません" in fault.message
    with pytest.raises(InvalidDocumentError):
        await empty_house.add_assessment("a-plan", document=document)
