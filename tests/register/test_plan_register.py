"""計画管理書の基礎: what the register gives of all assessments at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event

from register import plan_register
from register.register import Register
from schemas.acts import StepRecord
from schemas.canonical import digest_of
from schemas.records import StoredDocument
from schemas.review import Stage, Step
from tests.register import samples


def with_threshold(band: str) -> StoredDocument:
    content: dict[str, Any] = {
        "form": "basic_items",
        "form_version": "2024-10",
        "threshold_items": {"data_subjects": {"band": band}},
    }
    return StoredDocument(sha256=digest_of(content), form="basic_items", form_version="2024-10", content=content)


async def enter(register: Register, assessment_id: str, document: StoredDocument, **changes: Any) -> None:
    await register.add_assessment(samples.new_assessment(assessment_id, **changes), **samples.first_version(document))


async def step(register: Register, assessment_id: str, step: Step, done_on: date, *, number: int = 1) -> None:
    review_id = f"{assessment_id}/{number}"
    act = StepRecord(
        act_id=f"step/{review_id}/{step.value}/{done_on}",
        actor=samples.actor(),
        review_id=review_id,
        step=step,
        done_on=done_on,
    )
    state = samples.state(assessment_id, sequence=done_on.toordinal(), review_id=review_id, stage=Stage.PROCEDURE)
    await register.record(samples.entry(act, state, run_id=f"run-{review_id}"))


async def test_each_assessment_comes_with_its_threshold_items_its_open_review_and_its_last_days(
    register: Register,
) -> None:
    legacy = StoredDocument(sha256="a" * 64, form="basic_items", form_version="平成27年4月", content=None)
    other = StoredDocument(sha256="b" * 64, form="all_items", form_version="平成27年4月", content=None)
    await enter(register, "a", with_threshold("under_1000"))
    await enter(register, "b", with_threshold("at_least_300000"))
    await enter(register, "c", legacy)
    await enter(register, "d", samples.document())
    await enter(register, "e", other)
    await register.record(samples.opening_entry("b", run_id="run-b/1"))
    for day in (date(2026, 12, 1), date(2026, 12, 8)):
        await step(register, "b", Step.SUBMISSION, day)
    await step(register, "b", Step.PUBLICATION, date(2026, 12, 9))
    a, b, c, d, e = await register.lists.plan_facts()
    assert [one.record for one in (a, b, c, d, e)] == list(await register.assessments())
    assert a.threshold_items == {"data_subjects": {"band": "under_1000"}}
    assert b.threshold_items == {"data_subjects": {"band": "at_least_300000"}}
    assert [one.threshold_items for one in (c, d, e)] == [None, None, None]
    assert b.open_review == (await register.review("b/1")).state
    assert b.last_done_on == {Step.SUBMISSION: date(2026, 12, 8)}
    assert (a.open_review, a.last_done_on) == (None, {})


async def test_the_days_of_closed_reviews_are_told_and_their_states_are_not(register: Register) -> None:
    await enter(register, "a", samples.document())
    await register.record(samples.opening_entry("a", run_id="run-a/1"))
    await step(register, "a", Step.PUBLIC_COMMENT, date(2026, 12, 1))
    act = samples.finding("find/close", review_id="a/1")
    closed = samples.closed(sequence=9).model_copy(update={"review_id": "a/1", "opening": samples.opening("a")})
    await register.record(samples.entry(act, closed, run_id="run-a/1"))
    (one,) = await register.lists.plan_facts()
    assert (one.open_review, one.last_done_on) == (None, {Step.PUBLIC_COMMENT: date(2026, 12, 1)})


async def test_the_facts_of_one_body_are_its_own(register: Register) -> None:
    await enter(register, "a", samples.document())
    await enter(register, "b", samples.document(), body="board")
    for one in "ab":
        await register.record(samples.opening_entry(one, run_id=f"run-{one}/1"))
        await step(register, one, Step.SUBMISSION, date(2026, 12, 1))
    (found,) = await register.lists.plan_facts(body="city")
    assert (found.record.assessment_id, found.last_done_on) == ("a", {Step.SUBMISSION: date(2026, 12, 1)})
    assert await register.lists.plan_facts(body="unknown") == ()


async def test_the_number_of_statements_does_not_grow_with_the_assessments(register: Register, engine: Engine) -> None:
    for number in range(7):
        await enter(register, f"a{number}", with_threshold("under_1000"), number=str(number))
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with engine.connect() as connection:
        assert len(plan_register.facts(connection)) == 7
    assert len([one for one in statements if one.startswith("SELECT")]) == 4


async def test_many_documents_are_asked_for_page_by_page(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_register, "AT_ONCE", 2)
    for number in range(5):
        await enter(register, f"a{number}", samples.document(str(number)) if number else with_threshold("under_1000"))
    assert [one.threshold_items is not None for one in await register.lists.plan_facts()] == [True, *[False] * 4]
