"""待たれる役割: what the register finds for a person is never less than what the rules say waits for them."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import insert, select

import register as package
from guideline.organisation import positions_of
from guideline.separation_of_duties import waits_for_person
from guideline.turns import acts_awaited
from register.database import engine_for, migrate, open_database, writer_of
from register.register import Register
from register.tables import assessments, awaited, countermeasures, reports, reviews
from schemas.acts import Intake
from schemas.countermeasures import CountermeasureStatus
from schemas.organisation import Appointment, Organisation, Role
from schemas.reports import RiskEvent
from schemas.review import Participant, Party, ReviewState, Stage
from tests.register import samples

PEOPLE = ("sato", "suzuki", "tanaka", "ito")
ROLES = (Role.DRAFTER, Role.PRIVACY_MANAGER, Role.TEAM_MEMBER, Role.CHIEF_PRIVACY_OFFICER)
OF_A_DEPARTMENT = frozenset({Role.DRAFTER, Role.PRIVACY_MANAGER})


def some_organisation(chance: random.Random) -> Organisation:
    """Give an organisation in which roles are vacant, shared and stood in for."""
    appointments = []
    for role in ROLES:
        for department in ("kodomo", "zeimu") if role in OF_A_DEPARTMENT else (None,):
            persons = tuple(chance.sample(PEOPLE, chance.randint(0, 2)))
            substitutes = tuple(chance.sample(PEOPLE, chance.randint(0, 3)))
            given: dict[str, Any] = {
                "body": "city",
                "department": department,
                "persons": persons,
                "substitutes": substitutes,
            }
            appointments.append(Appointment(role=role, **given))
    return samples.ORGANISATION.model_copy(update={"appointments": tuple(appointments)})


def some_review(chance: random.Random, number: int) -> ReviewState:
    parties = (Party.DEPARTMENT, Party.TEAM, Party.CHIEF)
    state = samples.state(
        f"a-{number}",
        stage=chance.choice([*Stage]),
        participants=tuple(
            Participant(person=person, party=chance.choice(parties))
            for person in chance.sample(PEOPLE, chance.randint(0, 4))
        ),
    )
    department = chance.choice(("kodomo", "zeimu"))
    return state.model_copy(update={"opening": state.opening.model_copy(update={"department": department})})


@pytest.mark.parametrize("seed", range(3))
async def test_whoever_a_review_waits_for_is_found_and_of_the_others_not_all(register: Register, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 # a test that is the same each time
    states = {}
    for number in range(60):
        first = samples.first_version(samples.document())
        await register.add_assessment(samples.new_assessment(f"a-{number}"), **first)
        state = some_review(chance, number)
        act = samples.join(f"a-{number}")
        recorded = await register.record(samples.entry(act, state, run_id=f"run-{number}"))
        states[recorded.receipt.review_id] = state
    found_in_all = 0
    for _ in range(15):
        organisation = some_organisation(chance)
        for person in PEOPLE:
            wanted = {
                review_id
                for review_id, state in states.items()
                if any(
                    waits_for_person(one, person, review=state, organisation=organisation)
                    for one in acts_awaited(state)
                )
            }
            found = await register.inboxes.reviews(positions_of(organisation, person))
            ids = [one.record.review_id for one in found]
            assert wanted <= set(ids)
            assert len(ids) == len(set(ids))
            found_in_all += len(ids) - len(wanted)
    everything = 15 * len(PEOPLE) * len(states)
    assert found_in_all < everything / 4


async def test_a_closed_review_waits_for_nobody(with_assessment: Register) -> None:
    await with_assessment.record(samples.opening_entry())
    team = positions_of(samples.ORGANISATION, "sato")
    (waiting,) = await with_assessment.inboxes.reviews(team)
    assert (waiting.record.review_id, waiting.assessment_name) == (
        "jidou-teate/1",
        "児童手当に関する事務　基礎項目評価書",
    )
    await with_assessment.record(samples.entry(samples.finding(), samples.closed(sequence=2)))
    assert await with_assessment.inboxes.reviews(team) == ()


async def test_a_person_without_a_role_is_asked_for_nothing(with_assessment: Register) -> None:
    await with_assessment.record(samples.opening_entry())
    assert await with_assessment.inboxes.reviews(()) == ()


async def test_a_countermeasure_is_found_by_its_owner_and_then_by_the_team(with_assessment: Register) -> None:
    register = with_assessment
    await register.record(samples.opening_entry())
    closing = samples.entry(samples.finding(), samples.closed(sequence=9), countermeasures=(samples.countermeasure(),))
    await register.record(closing)
    team = positions_of(samples.ORGANISATION, "sato")
    (own,) = await register.inboxes.countermeasures(owner="sato", positions=())
    assert own.name == "児童手当に関する事務　基礎項目評価書"
    assert await register.inboxes.countermeasures(owner="suzuki", positions=team) == ()
    await register.record_countermeasure(samples.progress(status=CountermeasureStatus.DONE))
    (done,) = await register.inboxes.countermeasures(owner="suzuki", positions=team)
    assert done.state.status is CountermeasureStatus.DONE
    assert await register.inboxes.countermeasures(owner="sato", positions=()) == ()
    await register.record_countermeasure(samples.progress("progress/2", sequence=2, status=CountermeasureStatus.CLOSED))
    assert await register.inboxes.countermeasures(owner="suzuki", positions=team) == ()


def unnamed(act_id: str, **changes: object) -> Intake:
    report = samples.risk_intake().report
    assert isinstance(report, RiskEvent)
    assessments = changes.pop("assessments", ())
    return samples.risk_intake(act_id).model_copy(
        update={"report": report.model_copy(update={"assessments": assessments}), **changes}
    )


async def test_an_event_without_assessment_is_found_until_somebody_names_one_or_says_that_there_is_none(
    register: Register,
) -> None:
    async def found() -> list[str]:
        return [one.act_id for one in await register.inboxes.reports_without_assessment(body="city")]

    for act_id in ("risk/1", "risk/2"):
        await register.record_report(unnamed(act_id), at=samples.AT, notices=())
    await register.record_report(samples.risk_intake("risk/3"), at=samples.AT, notices=())
    assert await found() == ["risk/1", "risk/2"]
    await register.record_report(unnamed("risk/4", adds_to="risk/1"), at=samples.AT, notices=())
    assert await found() == ["risk/1", "risk/2"]
    named = unnamed("risk/5", adds_to="risk/1", assessments=("jidou-teate",))
    await register.record_report(named, at=samples.AT, notices=())
    assert await found() == ["risk/2"]
    untouched = unnamed("risk/6", adds_to="risk/2", untouched="どの評価書にも関わらない。")
    await register.record_report(untouched, at=samples.AT, notices=())
    assert await found() == []
    assert await register.inboxes.reports_without_assessment(body="other") == ()


async def test_what_was_open_before_the_table_was_made_is_in_it(tmp_path: Path) -> None:
    source, old = f"sqlite:///{tmp_path}/new.db", f"sqlite:///{tmp_path}/old.db"
    await migrate(source)
    filled = Register(open_database(source))
    await filled.apply_organisation(samples.ORGANISATION, by="operator", at=samples.AT)
    for name in ("jidou-teate", "zeimu"):
        await filled.add_assessment(samples.new_assessment(name), **samples.first_version(samples.document()))
    state = samples.state(participants=(Participant(person="sato", party=Party.DEPARTMENT),))
    await filled.record(samples.entry(samples.join(), state))
    closed = samples.closed(sequence=9).model_copy(update={"review_id": None})
    await filled.record(
        samples.entry(samples.join("zeimu"), closed, run_id="run-2", countermeasures=(samples.countermeasure(),))
    )
    await filled.record_countermeasure(samples.progress(status=CountermeasureStatus.DONE))
    for intake in (unnamed("risk/1"), unnamed("risk/2"), unnamed("risk/3", adds_to="risk/2", untouched="関わらない。")):
        await filled.record_report(intake, at=samples.AT, notices=())
    await filled.close()

    copy_to_revision(source, old, "0009")
    await migrate(old)
    with engine_for(old).connect() as connection:
        rows = {
            (row.kind, row.subject, row.role, row.barred)
            for row in connection.execute(select(awaited).order_by(awaited.c.subject))
        }
    roles = ("drafter", "privacy_manager", "team_member", "chief_privacy_officer")
    reviewed = {("review", "jidou-teate/1", role, "") for role in roles}
    barred = {("review", "jidou-teate/1", role, "sato") for role in roles[2:]}
    team = {("countermeasure", "jidou-teate/1/1", "team_member", ""), ("report", "risk/1", "team_member", "")}
    assert rows == reviewed | barred | team


def copy_to_revision(source: str, target: str, revision: str) -> None:
    """Make a register of an earlier revision, and copy into it what a newer one holds of these tables."""
    config = Config()
    config.set_main_option("script_location", str(Path(package.__file__).parent / "migrations"))
    with engine_for(source).connect() as held, writer_of(engine_for(target, foreign_keys="OFF")).begin() as writing:
        config.attributes["connection"] = writing
        command.upgrade(config, revision)
        for table in (assessments, reviews, countermeasures, reports):
            rows = [dict(row) for row in held.execute(select(table)).mappings()]
            writing.execute(insert(table), rows)
