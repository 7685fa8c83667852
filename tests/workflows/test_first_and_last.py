"""新規の評価と事務の終了: from the report of a new business to its first publication, and from its end to the last."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from client.errors import ActRefusedError, InvalidInputError, NotFoundError
from guideline.deadlines import yearly_due_on
from guideline.end_of_business import mark_of, published_on_until, published_until
from schemas.records import Standing
from schemas.review import GroundKind, Outcome, Stage
from tests.house import MANAGER, TEAM, House, as_json, today
from tests.workflows.lifecycle import (
    approve,
    begin,
    both_find,
    carry_out_the_end,
    pass_gate,
    report_end,
    submit_first,
    to_the_end,
)
from tests.workflows.test_yearly_review import checklist_of, sweep


async def test_a_new_business_goes_from_its_threshold_to_its_first_publication(house: House) -> None:
    review_id = await begin(house)
    planned = await house.minaoshi.assessments.show(f"{house.assessment_id}-new")
    assert (planned.standing, planned.version, planned.effective_level.value) == (Standing.PLANNED, 0, "basic_items")
    view = await house.show(review_id)
    assert view.state.stage is Stage.DRAFTING
    assert [(gate.gate.value, gate.warning is None) for gate in view.gates] == [
        ("network_link_start", False),
        ("hold_start", True),
    ]
    with pytest.raises(ActRefusedError) as early:
        await pass_gate(house, review_id, "hold_start")
    assert early.value.refusal.provision == "規則第9条第2項"
    await submit_first(house, review_id)
    await approve(house, review_id)
    await house.step(review_id, "submission", done_on=today().isoformat())
    await pass_gate(house, review_id, "hold_start")
    await house.step(review_id, "publication", done_on=today().isoformat())
    state = (await house.show(review_id)).state
    assert (state.outcome, [one.by_exception for one in state.gates_passed]) == (Outcome.FIRST_PUBLISHED, [False])
    record = await house.minaoshi.assessments.show(planned.assessment_id)
    assert (record.standing, record.version) == (Standing.PUBLISHED, 1)
    assert (record.published_on, record.verified_on, record.yearly_due_on) == (today(), today(), yearly_due_on(today()))
    versions = await house.minaoshi.assessments.history(planned.assessment_id)
    assert [(one.number, one.changes) for one in versions] == [(1, ())]
    assert (await house.minaoshi.verify_audit()).ok


async def test_the_first_year_comes_round_after_the_first_publication(house: House) -> None:
    review_id = await begin(house)
    await submit_first(house, review_id)
    await approve(house, review_id)
    for step in ("submission", "publication"):
        await house.step(review_id, step, done_on=today().isoformat())
    assessment_id = f"{house.assessment_id}-new"
    await sweep(house, on=yearly_due_on(today()))
    opened = await house.register.open_review_of(assessment_id)
    assert opened is not None
    assert [ground.kind for ground in opened.state.grounds] == [GroundKind.YEARLY]


async def test_the_same_report_again_is_one_review(house: House) -> None:
    assert await begin(house) == await begin(house)


REFUSED: list[Any] = [
    pytest.param({"data_subjects": 999}, InvalidInputError, id="評価の義務がない"),
    pytest.param({"assessment_id": "OTHER"}, InvalidInputError, id="識別子の形"),
    pytest.param({"department": "nowhere"}, NotFoundError, id="知らない部署"),
]


@pytest.mark.parametrize(("wrong", "error"), REFUSED)
async def test_a_bad_report_of_a_new_business_records_nothing(
    house: House, wrong: dict[str, object], error: type[Exception]
) -> None:
    before = (await house.minaoshi.verify_audit()).entries
    with pytest.raises(error):
        await begin(house, **wrong)
    assert (await house.minaoshi.verify_audit()).entries == before


async def test_a_new_business_takes_no_id_of_another(house: House) -> None:
    with pytest.raises(InvalidInputError, match="既に登録"):
        await begin(house, assessment_id=house.assessment_id)


async def test_what_is_not_published_has_no_change_and_no_end(house: House) -> None:
    review_id = await begin(house)
    one = f"{house.assessment_id}-new"
    joined = await house.report_change(assessments=[one])
    assert joined == review_id
    ground_ids = [ground.ground_id for ground in (await house.show(review_id)).state.grounds]
    for ground_id in ground_ids:
        await house.withdraw(review_id, ground_id)
        await house.minaoshi.reviews.consent(review_id, as_json(agrees=True, reason="やめた。"), as_=TEAM)
    assert (await house.show(review_id)).state.outcome is Outcome.WITHDRAWN
    with pytest.raises(ActRefusedError, match="まだ公表されていません"):
        await house.report_change(assessments=[one], title="別の変更")
    with pytest.raises(InvalidInputError, match="公表中ではありません"):
        await report_end(house, one)
    assert await begin(house, title="改めて始める") == f"{one}/2"


async def test_an_ended_business_is_notified_marked_and_stays_published(house: House) -> None:
    review_id = await report_end(house, house.assessment_id)
    await both_find(house, review_id, "end_business")
    entries = (await house.minaoshi.verify_audit()).entries
    with pytest.raises(InvalidInputError) as unmarked:
        await house.submit(review_id)
    assert mark_of(today()) in unmarked.value.faults[0]
    assert (await house.minaoshi.verify_audit()).entries == entries
    await carry_out_the_end(house, review_id)
    record = await house.minaoshi.assessments.show(house.assessment_id)
    assert (record.standing, record.ended_on) == (Standing.ENDED, today())
    assert (record.published_until, record.yearly_due_on) == (published_until(today()), None)
    await sweep(house, on=published_until(today()) - timedelta(days=1))
    assert await house.register.open_review_of(house.assessment_id) is None
    assert (await house.minaoshi.verify_audit()).ok


async def test_a_check_of_an_ended_business_brings_no_further_year(house: House) -> None:
    await to_the_end(house)
    review_id = await house.report_change(title="公表中の記載の確認")
    rows = checklist_of(await house.show(review_id), agrees=True)
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, course="no_change", checklist=rows)
    record = await house.minaoshi.assessments.show(house.assessment_id)
    assert (record.standing, record.yearly_due_on) == (Standing.ENDED, None)
    await sweep(house, on=today() + timedelta(days=500))
    assert await house.register.open_review_of(house.assessment_id) is None


async def test_after_three_years_the_publication_goes_on_or_ends_by_decision(house: House) -> None:
    await to_the_end(house)
    until = published_until(today())
    await sweep(house, on=until)
    going_on = await house.register.open_review_of(house.assessment_id)
    assert going_on is not None
    assert [ground.kind for ground in going_on.state.grounds] == [GroundKind.PUBLICATION_PERIOD]
    await both_find(house, going_on.review_id, "no_change")
    record = await house.minaoshi.assessments.show(house.assessment_id)
    assert (record.standing, record.published_until) == (Standing.ENDED, published_on_until(until))
    assert record.ended_on == today()
    await sweep(house, on=published_on_until(until))
    ceasing = await house.register.open_review_of(house.assessment_id)
    assert ceasing is not None
    await both_find(house, ceasing.review_id, "end_publication")
    await house.step(ceasing.review_id, "end_of_publication", done_on=today().isoformat())
    record = await house.minaoshi.assessments.show(house.assessment_id)
    assert (record.standing, record.published_until) == (Standing.CEASED, None)
    await sweep(house, on=until + timedelta(days=2000))
    assert await house.register.open_review_of(house.assessment_id) is None
    assert (await house.minaoshi.verify_audit()).ok
