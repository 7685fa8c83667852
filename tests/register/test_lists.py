"""一覧: pages of assessments and of the trail, filtered and in order, in few statements however many there are."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert

from guideline.access import Sight
from register import audit, lists, trail_bodies
from register.register import Register
from register.tables import assessments
from schemas.levels import Level
from schemas.lists import AssessmentOrder, AssessmentQuery, TrailQuery
from schemas.records import AssessmentRecord, AuditAction, Standing
from tests.register import samples

MANY = 250


def _row(number: int) -> dict[str, Any]:
    year = 2026 + number % 3
    return {
        "assessment_id": f"a-{number:03}",
        "body": "sample-city" if number % 2 else "sample-town",
        "department": f"d-{number % 5}",
        "number": str(number),
        "name": f"事務{MANY - number:03}" + ("100%" if number == 7 else ""),
        "required_level": "basic_items",
        "effective_level": "basic_items",
        "present_effective_level": "all_items" if number == 9 else None,
        "systems": [],
        "files": [],
        "version": 0 if number == 5 else 1,
        "standing": {5: "planned", 6: "ended"}.get(number, "published"),
        "validated": True,
        "yearly_due_on": None if number == 5 else date(year, 1, 1),
        "five_years_due_on": None if number == 5 else date(2030, 1, 1),
        "published_until": date(2026, 6, 1) if number == 6 else None,
        "entry_digest": "0" * 64,
        "entered_by": "operator",
        "entered_at": datetime(2026, 1, 1, tzinfo=UTC),
    }


@pytest.fixture
async def many(register: Register, engine: Engine) -> Register:
    """Return a register with many assessments, one of which is under review."""
    with engine.begin() as connection:
        connection.execute(insert(assessments), [_row(number) for number in range(MANY)])
    return register


async def _ids(register: Register, **query: Any) -> list[str]:
    return [one.assessment_id for one in (await register.lists.assessments(AssessmentQuery(**query))).rows]


async def test_a_page_has_a_hundred_and_says_how_many_there_are(many: Register) -> None:
    page = await many.lists.assessments(AssessmentQuery(page=3))
    assert (page.total, len(page.rows), page.rows[0].assessment_id) == (MANY, 50, "a-200")
    assert await _ids(many, page=4) == []


async def test_the_filters(many: Register) -> None:
    assert await _ids(many, sought="100%") == ["a-007"]
    assert await _ids(many, sought="A-01", page=1) == [f"a-{n:03}" for n in range(10, 20)]
    assert await _ids(many, level=Level.ALL_ITEMS) == ["a-009"]
    assert await _ids(many, standing=Standing.PLANNED) == ["a-005"]
    assert (await many.lists.assessments(AssessmentQuery(body="sample-city", department="d-1"))).total == 25
    due = await _ids(many, due_by=date(2026, 12, 31), department="d-2")
    assert due == [f"a-{n:03}" for n in range(MANY) if n % 5 == 2 and n % 3 == 0]
    assert "a-006" in await _ids(many, due_by=date(2026, 6, 1))
    assert "a-006" not in await _ids(many, due_by=date(2026, 5, 31))
    assert await _ids(many, due_by=date(2025, 12, 31)) == []


async def test_the_orders(many: Register) -> None:
    assert (await _ids(many, order=AssessmentOrder.NAME))[0] == "a-249"
    assert (await _ids(many, order=AssessmentOrder.DEPARTMENT))[1] == "a-005"
    yearly = await _ids(many, order=AssessmentOrder.YEARLY, page=3)
    assert yearly[-1] == "a-005"  # without a date


async def test_the_open_review_stands_beside_its_assessment(with_assessment: Register) -> None:
    assert (await with_assessment.lists.assessments(AssessmentQuery(under_review=True))).total == 0
    await with_assessment.record_report(samples.intake(), at=samples.AT, notices=())
    await with_assessment.record(samples.opening_entry())
    [row] = (await with_assessment.lists.assessments(AssessmentQuery(under_review=True))).rows
    assert row.open_review is not None
    assert row.open_review.review_id == "jidou-teate/1"


OF_A_DEPARTMENT = Sight("x", "sample-city", is_watcher=False, departments=frozenset({"d-1", "d-5"}))
WATCHER = Sight("x", "sample-city", is_watcher=True, departments=frozenset())
ELSEWHERE = Sight("x", "elsewhere", is_watcher=True, departments=frozenset())
OUT_OF_AN_INDEX = [
    *((None, order) for order in AssessmentOrder),
    *(
        (sight, order)
        for sight in (OF_A_DEPARTMENT, WATCHER)
        for order in (AssessmentOrder.ID, AssessmentOrder.NAME, AssessmentOrder.DEPARTMENT)
    ),
]


@pytest.mark.parametrize(("sight", "order"), OUT_OF_AN_INDEX)
@pytest.mark.sqlite("a plan in SQLite's words; PostgreSQL rightly reads a small table from end to end")
@pytest.mark.usefixtures("many")
async def test_a_page_is_three_statements_and_its_order_comes_from_an_index(
    engine: Engine, sight: Sight | None, order: AssessmentOrder
) -> None:
    said: list[tuple[str, Any]] = []
    event.listen(engine, "before_cursor_execute", lambda *args: said.append((args[2], args[3])))
    with engine.connect() as connection:
        lists.assessment_page(connection, AssessmentQuery(order=order), sight=sight)
        count, page, reviews = (one for one in said if one[0].startswith("SELECT"))
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {page[0]}", page[1]).all()
    assert "count(*)" in count[0]
    assert "reviews" in reviews[0]
    (found,) = (row for row in plan if row.detail == "MATERIALIZE on_page")
    steps = [row.detail for row in plan if row.parent == found.id]
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps
    assert "USING INDEX" in steps[0] or "USING COVERING INDEX" in steps[0]


@pytest.mark.parametrize("sight", [OF_A_DEPARTMENT, WATCHER, ELSEWHERE], ids=["部署", "対策チーム", "他の機関"])
@pytest.mark.parametrize("asked", [{}, {"department": "d-5"}, {"standing": Standing.PLANNED}, {"sought": "a-00"}])
async def test_what_is_counted_is_what_is_seen(many: Register, sight: Sight, asked: dict[str, Any]) -> None:
    query = AssessmentQuery(**asked)
    seen = {one.assessment_id for one in await many.lists.assessment_records(sight=sight)}
    wanted = {one.assessment_id for one in await many.lists.assessment_records() if _fits(one, asked)}
    assert (await many.lists.assessments(query, sight=sight)).total == len(seen & wanted)


def _fits(one: AssessmentRecord, asked: dict[str, Any]) -> bool:
    sought = asked.get("sought", "")
    return sought in one.assessment_id and all(
        getattr(one, name) == value for name, value in asked.items() if name != "sought"
    )


async def test_the_trail_newest_first_with_what_was_done(with_assessment: Register) -> None:
    await with_assessment.record_report(samples.intake(), at=samples.AT, notices=())
    await with_assessment.record(samples.opening_entry())
    page = await with_assessment.lists.trail(TrailQuery())
    assert [one.seq for one in page.entries] == sorted((one.seq for one in page.entries), reverse=True)
    acts = [one for one in page.entries if one.action is AuditAction.ACT_RECORDED]
    assert [(one.kind, one.belongs_to) for one in acts] == [("join", "jidou-teate/1")]
    reported = [one for one in page.entries if one.action is AuditAction.REPORT_RECORDED]
    assert [one.kind for one in reported] == ["change"]
    assert not page.more


async def test_of_each_row_that_is_of_a_body_the_trail_says_of_which(with_assessment: Register) -> None:
    """What nobody of a body did (reminders, links that are followed) is told to that body alone."""
    opened = samples.duty_entry()
    await with_assessment.duties.record(opened)
    (newest, *_) = (await with_assessment.lists.trail(TrailQuery())).entries
    assert (newest.subject_table, newest.body) == ("duty_acts", opened.state.body)
    of_whoever_did_it = {"organisation_revisions", "documents", "occurrences"}
    assert set(trail_bodies.PLACES) == set(audit.SUBJECTS) - of_whoever_did_it


async def test_the_trail_is_asked_by_person_action_and_period(with_assessment: Register) -> None:
    await with_assessment.record_report(samples.intake(), at=samples.AT, notices=())
    whole = (await with_assessment.lists.trail(TrailQuery())).entries
    who = samples.intake().actor.person

    async def seqs(**query: Any) -> list[int]:
        return [one.seq for one in (await with_assessment.lists.trail(TrailQuery(**query))).entries]

    assert await seqs(actor=who) == [one.seq for one in whole if one.actor == who]
    assert await seqs(action=AuditAction.ASSESSMENT_ADDED) == [
        one.seq for one in whole if one.action is AuditAction.ASSESSMENT_ADDED
    ]
    day = whole[0].at.date()
    assert await seqs(since=day, until=day) != []
    assert await seqs(until=date(2000, 1, 1)) == []
    assert await seqs(before=2) == [1]
    assert await seqs(before=2**63 - 1) == [one.seq for one in whole]
    assert await with_assessment.audit_hash(2**31) is None
