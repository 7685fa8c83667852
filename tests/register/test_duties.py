"""義務の台帳: written with each act, the first of which opens it; its roll; its reading; what was touched is found."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from guideline.access import READINGS, Reading, RowsSeen, Sight, Thing, relation_to
from guideline.duties import take_duty
from guideline.organisation import Position
from guideline.refusals import RefusedError
from register.duties import DutyFilter
from register.errors import MovedOnError, OtherContentError
from register.register import Register
from schemas.duties import DutyKind, Interval, MemberStatus, RollMember
from schemas.duty_acts import DutyCompletion, DutyEnrolment
from schemas.organisation import Role
from schemas.records import DutyEntry
from tests.register import samples
from tests.tampering import tamper

ONE, OTHER = "measure:logout", "training:all.2026"


@pytest.fixture
async def followed(register: Register) -> Register:
    """Return a register with two duties: one that has had an act, one with a roll of three."""
    await register.duties.record(samples.duty_entry())
    await register.duties.record(samples.duty_progress())
    content: dict[str, Any] = {"material": "研修資料"}
    opened = samples.duty_entry(
        OTHER, owner=None, content=content, begins_on=date(2026, 8, 7), due_on=date(2026, 10, 20), repeats=Interval.YEAR
    )
    await register.duties.record(opened)
    await register.duties.record(enrolment(opened, "a", "b", "c"))
    return register


def enrolment(opened: DutyEntry, *members: str, department: str = "kodomo") -> DutyEntry:
    added = tuple(RollMember(member=one, name=one, department=department) for one in members)
    act = DutyEnrolment(act_id="enrol/1", actor=samples.actor(), duty_id=OTHER, added=added)
    return DutyEntry(act=act, state=take_duty(opened.state, act, at=samples.AT), at=samples.AT)


async def completed(register: Register, *members: str) -> DutyEntry:
    state = await register.duties.find(OTHER)
    act = DutyCompletion(
        act_id=f"complete/{'-'.join(members)}",
        actor=samples.actor(),
        duty_id=OTHER,
        members=members,
        completed_on=date(2026, 9, 1),
    )
    return DutyEntry(act=act, state=take_duty(state, act, at=samples.AT), at=samples.AT)


async def test_a_circular_names_those_that_say_it_again(register: Register) -> None:
    for one, repeats in (("circular:a", None), ("circular:b", "circular:a"), ("circular:c", "circular:b")):
        content: dict[str, Any] = {"text": "ログアウトの徹底", "repeats": repeats}
        await register.duties.record(samples.duty_entry(one, owner=None, content=content))
    assert await register.circulars.repeated_by("circular:a") == ("circular:b",)
    assert await register.circulars.repeated_by("circular:c") == ()


async def test_the_same_act_again_writes_nothing_and_what_does_not_follow_is_refused(followed: Register) -> None:
    first = await followed.duties.receipt("duty-progress/1")
    again = await followed.duties.record(samples.duty_progress())
    assert (again.receipt, again.alarms) == (first, ())
    with pytest.raises(OtherContentError):
        await followed.duties.record(samples.duty_progress(text="別の内容"))
    with pytest.raises(MovedOnError):
        await followed.duties.record(samples.duty_progress("duty-progress/2"))
    history = await followed.duties.history(ONE, limit=1)
    assert history is not None
    assert [record.sequence for record in history.acts] == [2]
    assert await followed.duties.receipt("duty-progress/2") is None
    assert await followed.duties.history("measure:none", limit=1) is None
    assert ((await followed.verify_audit()).problems, (await followed.verify_audit()).entries) == ((), 4)


async def test_a_roll_is_counted_and_changed_in_whole_or_not_at_all(followed: Register) -> None:
    recorded = await followed.duties.record(await completed(followed, "a"))
    assert recorded.receipt.roll is not None
    assert (recorded.receipt.roll.total, recorded.receipt.roll.open) == (3, 2)
    for members in (("b", "a"), ("b", "x")):
        entry = await completed(followed, *members)
        with pytest.raises(RefusedError):
            await followed.duties.record(entry)
    rows = await followed.duties.roll(OTHER, limit=10)
    assert [(row.member, row.status, row.completed_on) for row in rows] == [
        ("a", MemberStatus.COMPLETED, date(2026, 9, 1)),
        ("b", MemberStatus.OPEN, None),
        ("c", MemberStatus.OPEN, None),
    ]
    assert [row.member for row in await followed.duties.roll(OTHER, status=MemberStatus.OPEN, limit=1, after=1)] == [
        "c"
    ]
    assert (await followed.verify_audit()).problems == ()


FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, [OTHER, ONE]),
    ({"kind": DutyKind.MEASURE}, [ONE]),
    ({"department": "elsewhere"}, []),
    ({"parent": ONE}, []),
    ({"body": "elsewhere"}, []),
]


@pytest.mark.parametrize(("changes", "found"), FILTERS)
async def test_what_is_listed(followed: Register, changes: dict[str, Any], found: list[str]) -> None:
    wanted = DutyFilter(**{"body": "city", **changes})
    assert [one.duty_id for one in await followed.duties.list(wanted, limit=10)] == found


READERS: list[tuple[Sight, list[str]]] = [
    (Sight("x", "city", is_watcher=True, departments=frozenset()), [OTHER, ONE]),
    (Sight("x", "city", is_watcher=False, departments=frozenset()), []),
    (Sight("b", "city", is_watcher=False, departments=frozenset()), [OTHER]),
    (Sight("x", "city", is_watcher=False, departments=frozenset({"kodomo"})), [OTHER, ONE]),
    (Sight("sato", "city", is_watcher=False, departments=frozenset()), [OTHER, ONE]),
    (Sight("sato", "elsewhere", is_watcher=True, departments=frozenset({"kodomo"})), []),
]
"""見る者: who watches, who is nobody, who is on the roll, who is of the department, who acted, who is elsewhere."""


@pytest.mark.parametrize(("sight", "found"), READERS)
async def test_a_list_has_what_may_be_read_and_one_is_judged_alike(
    followed: Register, sight: Sight, found: list[str]
) -> None:
    wanted = DutyFilter("city", sight=sight)
    assert [one.duty_id for one in await followed.duties.list(wanted, limit=10)] == found
    for duty_id in (ONE, OTHER):
        place = await followed.readings.duty(duty_id, sight=sight)
        assert place is not None
        relation = relation_to(sight, body=place.body, is_own=place.is_own, is_involved=place.is_involved)
        assert (READINGS[Thing.DUTY][relation] is Reading.WHOLE) is (duty_id in found)
    assert await followed.readings.duty("measure:none", sight=sight) is None


async def test_of_a_roll_come_the_rows_that_are_seen(followed: Register) -> None:
    async def rows(person: str, *departments: str) -> list[str]:
        seen = RowsSeen(person, frozenset(departments))
        return [one.member for one in await followed.duties.roll(OTHER, limit=10, seen=seen)]

    assert await rows("b") == ["b"]
    assert await rows("x", "kodomo") == ["a", "b", "c"]
    assert await rows("x", "elsewhere") == []


async def test_for_whom_it_waits(followed: Register) -> None:
    async def waiting(person: str, *positions: Position) -> list[str]:
        return [one.duty_id for one in await followed.inboxes.duties(person=person, positions=positions)]

    assert await waiting("sato") == [ONE]
    assert await waiting("b") == [OTHER]
    assert await waiting("x", Position(Role.TEAM_MEMBER, "city", None, ())) == [OTHER]
    assert await waiting("x", Position(Role.AUDITOR, "city", None, ())) == []
    assert [one.duty_id for one in await followed.duties.repeating()] == [OTHER]


async def test_the_duty_above_must_be_there(followed: Register) -> None:
    with pytest.raises(RefusedError, match="measure:none"):
        await followed.duties.record(samples.duty_entry("measure:below", parent="measure:none"))
    await followed.duties.record(samples.duty_entry("measure:below", parent=ONE))
    assert [one.duty_id for one in await followed.duties.below(ONE)] == ["measure:below"]
    found = await followed.due_days.between(
        date(2027, 1, 1), date(2027, 1, 31), sight=Sight("x", "city", is_watcher=True, departments=frozenset())
    )
    assert [one.duty_id for one in found.duties] == ["measure:below", ONE]


TOUCHED = [
    ("duties", "title", "別の件名", "義務 training:all.2026 の今の姿が、最後の行為と違います"),
    ("duties", "due_on", "2030-01-01", "義務 measure:logout の今の姿が、最後の行為と違います"),
    ("duty_acts", "person", "mallory", "義務の行為 duty-progress/1 の内容が、記帳の時と違います"),
]


@pytest.mark.parametrize("touched", [pytest.param(one, id=f"{one[0]}.{one[1]}") for one in TOUCHED])
async def test_what_was_touched_is_found_and_named(
    followed: Register, engine: Engine, touched: tuple[str, str, str, str]
) -> None:
    table, column, new, problem = touched
    tamper(engine, f"UPDATE {table} SET {column} = :new", new=new)  # noqa: S608 # our own table
    assert any(problem in one for one in (await followed.verify_audit()).problems)


async def test_what_was_deleted_is_found_and_named(followed: Register, engine: Engine) -> None:
    tamper(engine, "DELETE FROM duties")
    problems = (await followed.verify_audit()).problems
    assert "義務 measure:logout が台帳から消えています。" in problems
