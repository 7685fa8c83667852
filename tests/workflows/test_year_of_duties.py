"""義務の一年: each kind over a year in which nobody acts, and what repeats across mornings without a round."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import pytest
from temporalio.client import ScheduleActionStartWorkflow, ScheduleOverlapPolicy
from temporalio.testing import WorkflowEnvironment

from activities.duties import Round
from client.schedule import CATCHUP_WINDOW, CHECKPOINT_SCHEDULE_ID, DUTY_SCHEDULE_ID, SCHEDULE_ID, ensure_schedule
from engine.server import EmbeddedServer
from guideline.duty_rules import DUTY_RULES
from schemas.duties import DutyKind, DutyStatus
from schemas.duty_acts import DutyOpening, DutyReminder
from schemas.organisation import Role
from schemas.review import Urgency
from tests.guideline.duty_samples import CONTENT
from tests.house import AUDITOR, CHIEF, DRAFTER, MANAGER, TEAM, TEAM_2, House, as_json, today
from tests.workflows.audit_samples import DEPARTMENT, FILE, ITEM
from tests.workflows.duty_samples import following, own, training
from tests.workflows.planning import in_days
from tests.workflows.skipping import PATIENCE_S, skipping_environment, skipping_house
from tests.workflows.test_duty_clocks import round_on
from tests.workflows.test_log_analyses import systems
from workflows.duty_round import DutyRoundWorkflow

A_YEAR = timedelta(days=370)
HOLDERS = {
    Role.TEAM_MEMBER: {TEAM, TEAM_2},
    Role.CHIEF_PRIVACY_OFFICER: {CHIEF},
    Role.AUDITOR: {AUDITOR},
    Role.DRAFTER: {DRAFTER},
    Role.PRIVACY_MANAGER: {MANAGER},
    Role.DIRECTOR_GENERAL: {"director-general"},
}
"""役割の者: those of the demo's organisation; the team's department has neither 保護管理者 nor 統括官."""

Call = tuple[Urgency, date, frozenset[str]]


@pytest.fixture
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    async with skipping_environment() as running:
        yield running


async def open_one(house: House, kind: DutyKind) -> str:
    """Open a duty of a kind, which whoever holds the owing role is to do within thirty days."""
    rule, one = DUTY_RULES[kind], own(house, f"{kind.value}:a-year")
    opening = as_json(
        department="privacy" if rule.owing == (Role.TEAM_MEMBER,) else DEPARTMENT,
        title=f"一年の{kind.label}",
        due_on=in_days(30).isoformat(),
        content=CONTENT[kind],
        # A report of the state of things stands under its guidance.
        parent=own(house, "guidance:a-year") if kind is DutyKind.STATUS_REPORT else None,
    )
    await house.minaoshi.duties.open(one, opening, as_=TEAM if Role.TEAM_MEMBER in rule.opens else AUDITOR)
    return one


async def calls_of(house: House, duty_id: str) -> list[Call]:
    """Give each alarm that has rung: for which date, and who was told of it."""
    found = []
    for record in (await house.minaoshi.duties.show(duty_id, as_=TEAM)).acts:
        if isinstance(record.act, DutyReminder):
            told = await house.register.notices_of_act(f"{duty_id}~{record.sequence}")
            alarm = record.act.alarm
            found.append((alarm.urgency, alarm.due_on, frozenset(one.notice.person for one in told)))
    return found


async def all_have_rung(house: House, ids: Sequence[str]) -> dict[str, list[Call]]:
    """Wait until each has called everybody, and give what each has called."""
    async with asyncio.timeout(2 * PATIENCE_S):
        while True:
            found = {one: await calls_of(house, one) for one in ids}
            if all(len(calls) >= len(Urgency) for calls in found.values()):
                return found
            await asyncio.sleep(0.1)


def expected_of(kind: DutyKind, due_on: date) -> list[Call]:
    rule = DUTY_RULES[kind]
    of_the_department = {Role.DRAFTER, Role.PRIVACY_MANAGER, Role.DIRECTOR_GENERAL}

    def people(roles: Sequence[Role]) -> frozenset[str]:
        there = (role for role in roles if rule.owing != (Role.TEAM_MEMBER,) or role not in of_the_department)
        return frozenset(person for role in there for person in HOLDERS[role])

    return [
        (Urgency.REMINDER, due_on, people(rule.owing)),
        (Urgency.SUPERIOR, due_on, people(rule.superiors)),
        (Urgency.TOP, due_on, frozenset({CHIEF})),
    ]


async def test_each_kind_calls_all_whom_its_rule_names_once_in_a_year_that_nobody_acts_in(
    environment: WorkflowEnvironment, server: EmbeddedServer, tmp_path: Path
) -> None:
    async with skipping_house(environment, server.settings, tmp_path) as skipping:
        house = skipping.house
        ids = {kind: await open_one(house, kind) for kind in DutyKind}
        async with asyncio.timeout(2 * PATIENCE_S):
            await asyncio.gather(*(environment.fast_forward(following(house, one), A_YEAR) for one in ids.values()))
        found = await all_have_rung(house, list(ids.values()))
        assert found == {one: expected_of(kind, in_days(30)) for kind, one in ids.items()}
        states = [(await house.minaoshi.duties.show(one, as_=TEAM)).state for one in ids.values()]
        assert {(state.status, state.alarms) for state in states} == {(DutyStatus.OPEN, ())}
        assert (await house.minaoshi.verify_audit()).problems == ()


def programme(house: House) -> bytes:
    """Give a programme of two audits, one of which begins with the fiscal year."""
    given = {"file": FILE, "department": DEPARTMENT}
    first = {"begins_on": "2023-11-01", "due_on": "2024-03-31"}
    second = {"begins_on": "2023-04-01", "due_on": "2023-09-30"}
    return as_json(
        name=house.assessment_id,
        title="監査",
        inspection_begins_on="2023-10-01",
        inspection_due_on="2023-10-30",
        questions=[ITEM],
        checklist=[ITEM],
        audits=[
            {"name": f"{house.assessment_id}-a", **given, **first},
            {"name": f"{house.assessment_id}-b", **given, **second},
        ],
    )


async def test_what_mornings_without_a_round_missed_is_opened_once_and_calls_once_overdue(house: House) -> None:
    """Outages over the end of a year, of a month, of a fiscal year, and one of four months."""
    minaoshi, name = house.minaoshi, house.assessment_id
    log = (await minaoshi.log_analyses.apply(systems(house), as_=AUDITOR)).opened[0].removesuffix(".2023-11")
    await minaoshi.privacy_audits.apply(programme(house), as_=AUDITOR)
    study = own(house, "training:all")
    began = training(begins_on="2023-08-07", due_on="2023-10-20", repeats="year")
    await minaoshi.duties.open(f"{study}.2023", began, as_=TEAM)
    inspection, audits = f"inspection:{name}-{DEPARTMENT}", [f"audit:{name}-{one}" for one in "ab"]

    opened: list[str] = []

    async def new_on(*day: int) -> set[str]:
        await round_on(house, date(*day))
        after = [one.duty_id for one in await minaoshi.duties.list(as_=AUDITOR, scope="all")]
        new = set(after) - set(opened)
        opened.extend(new)
        return new

    # The mornings before the first one were missed too: the series that began in 2023 are as they should be by then.
    first = {f"{log}.2023-11", f"{study}.2023", f"{inspection}.2023", *(f"{one}.2023" for one in audits)}
    assert await new_on(2023, 12, 29) == first
    assert await new_on(2024, 1, 5) == {f"{log}.2023-12"}  # the end of a year
    assert await new_on(2024, 1, 30) == set()
    assert await new_on(2024, 2, 1) == {f"{log}.2024-01"}  # the end of a month
    assert await new_on(2024, 3, 29) == {f"{log}.2024-02"}
    assert await new_on(2024, 4, 8) == {f"{log}.2024-03", f"{audits[1]}.2024"}  # the end of a fiscal year
    assert await new_on(2024, 4, 9) == set()
    rounds = [
        house.temporal.execute_workflow(
            DutyRoundWorkflow.run,
            Round(on=date(2024, 12, 2)),
            id=f"round-{name}-{number}",
            task_queue=house.settings.task_queue,
        )
        for number in range(3)
    ]
    await asyncio.gather(*rounds)
    months = {f"{log}.2024-{month:02d}" for month in range(4, 12)}
    made_up = {*months, f"{study}.2024", f"{inspection}.2024", f"{audits[0]}.2024"}
    assert await new_on(2024, 12, 3) == made_up
    states = {one.duty_id: one for one in await minaoshi.duties.list(as_=AUDITOR, scope="all")}
    assert len(states) == len(first) + 5 + len(made_up)
    dates = {f"{log}.2024-03": date(2024, 4, 12), f"{study}.2024": date(2024, 10, 20)}
    dates |= {f"{inspection}.2024": date(2024, 10, 30), f"{audits[0]}.2024": date(2025, 3, 31)}
    assert {one: states[one].due_on for one in dates} == dates

    found = await all_have_rung(house, list(states))
    for one, state in states.items():
        history = await minaoshi.duties.show(one, as_=AUDITOR)
        assert [record.sequence for record in history.acts if isinstance(record.act, DutyOpening)] == [1], one
        assert found[one] == expected_of(state.kind, state.due_on), one
    assert (await minaoshi.verify_audit()).problems == ()


async def test_a_series_whose_department_is_gone_or_whose_owner_has_left_keeps_no_other(house: House) -> None:
    """A dissolved department: its series is told of and tried again; the others open, without whoever has left."""
    logs, duties, name = house.minaoshi.log_analyses, house.minaoshi.duties, house.assessment_id
    # By its number it comes before the others.
    await logs.apply(systems(house, name=f"a-{name}", department="child-allowance"), as_=AUDITOR)
    kept = (await logs.apply(systems(house), as_=AUDITOR)).opened[0]
    await duties.amend(kept, as_json(owner="desk", reason="担当を定めた。"), as_=AUDITOR)
    whole = resources.files("demo").joinpath("organisation.toml").read_text(encoding="utf-8")
    tables = whole.split("\n[[")
    left = [one for one in tables if "child-allowance" not in one and 'id = "desk"' not in one]
    await house.minaoshi.organisation.apply("\n[[".join(left).encode())
    made = await round_on(house, date(2024, 1, 5))
    assert (made.opened, made.held_up) == (1, 1)
    state = (await duties.show(kept.replace("2023-11", "2023-12"), as_=AUDITOR)).state
    assert (state.owner, state.status) == (None, DutyStatus.OPEN)
    assert (await round_on(house, date(2024, 1, 6))).held_up == 1
    notices = await house.register.notices_for(AUDITOR)
    [told] = [one for one in notices if one.notice_id.startswith("held-up/")]
    assert "child-allowance" in told.subject
    await house.minaoshi.organisation.apply(whole.encode())
    made = await round_on(house, date(2024, 1, 7))
    assert (made.opened, made.held_up) == (1, 0)


@pytest.mark.whole
async def test_a_round_that_a_worker_leaves_in_the_middle_is_made_to_its_end_by_the_next(empty_house: House) -> None:
    house, logs = empty_house, empty_house.minaoshi.log_analyses
    async with asyncio.timeout(2 * PATIENCE_S):
        async with house.worker():
            first = (await logs.apply(systems(house, first_month="2024-09"), as_=AUDITOR)).opened[0]
            handle = await house.temporal.start_workflow(
                DutyRoundWorkflow.run,
                Round(on=date(2026, 6, 1)),
                id=f"round-{house.assessment_id}",
                task_queue=house.settings.task_queue,
            )
            while len(await logs.months(first, as_=AUDITOR)) < 4:  # noqa: ASYNC110 # nobody tells
                await asyncio.sleep(0.02)
        opened = [one.state.begins_on for one in await logs.months(first, as_=AUDITOR)]
        assert len(opened) < 21, "it was left in the middle"
        async with house.worker():
            await handle.result()
        months = [one.state.begins_on for one in await logs.months(first, as_=AUDITOR)]
    assert months == [day for day in ends_of_months_since("2024-09") if day < date(2026, 6, 1)]
    assert (await house.minaoshi.verify_audit()).problems == ()


async def test_the_schedule_makes_the_round_and_what_it_missed_within_a_year(house: House) -> None:
    logs, queue = house.minaoshi.log_analyses, house.settings.task_queue
    month = (today().replace(day=1) - timedelta(days=70)).strftime("%Y-%m")
    opened = (await logs.apply(systems(house, first_month=month), as_=AUDITOR)).opened[0]
    await ensure_schedule(house.temporal, task_queue=queue)
    handle = house.temporal.get_schedule_handle(DUTY_SCHEDULE_ID)
    try:
        schedule = (await handle.describe()).schedule
        assert (schedule.policy.overlap, schedule.policy.catchup_window) == (ScheduleOverlapPolicy.SKIP, CATCHUP_WINDOW)
        assert isinstance(schedule.action, ScheduleActionStartWorkflow)
        assert (schedule.action.workflow, schedule.spec.time_zone_name) == ("DutyRound", "Asia/Tokyo")
        await handle.trigger()
        wanted = ends_of_months_since(month)
        async with asyncio.timeout(PATIENCE_S):
            while [one.state.begins_on for one in await logs.months(opened, as_=AUDITOR)] != wanted:  # noqa: ASYNC110 # nobody tells
                await asyncio.sleep(0.1)
    finally:
        for schedule_id in (SCHEDULE_ID, CHECKPOINT_SCHEDULE_ID, DUTY_SCHEDULE_ID):
            await house.temporal.get_schedule_handle(schedule_id).delete()


def ends_of_months_since(month: str) -> list[date]:
    """Give the last days of the months from one on that are not after today."""
    first = date.fromisoformat(f"{month}-01")
    days = (first + timedelta(days=number) for number in range((today() - first).days + 1))
    return [day for day in days if (day + timedelta(days=1)).day == 1]
