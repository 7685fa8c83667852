"""年次の見直し: what is due is opened, whatever happened or did not."""

from __future__ import annotations

import asyncio
import uuid
from datetime import date, timedelta
from importlib import resources
from typing import Any

import pytest

from client.schedule import CHECKPOINT_SCHEDULE_ID, DUTY_SCHEDULE_ID, SCHEDULE_ID, ensure_schedule
from client.sending import workflow_id_of
from guideline.deadlines import tokyo_date
from schemas.checklists import Mark
from schemas.records import AuditAction
from schemas.review import GroundKind, Outcome, Stage
from tests.house import MANAGER, TEAM, House, as_json, checked, today
from workflows.yearly_review import Sweep, YearlyReviewWorkflow

ON = date(2026, 6, 1)
LEAD = 30


async def sweep(house: House, *, on: date = ON) -> Sweep:
    return await house.temporal.execute_workflow(
        YearlyReviewWorkflow.run, Sweep(on=on), id=f"sweep/{uuid.uuid4()}", task_queue=house.settings.task_queue
    )


def verified(on: date) -> dict[str, Any]:
    return {"published_on": "2023-04-01", "verified_on": on.isoformat()}


def checklist_of(view: Any, *, agrees: bool) -> list[dict[str, object]]:
    return checked(view.state.opening, agrees=agrees)


DUE = [
    pytest.param(400, True, id="400日前に確認"),
    pytest.param(366, True, id="366日前に確認"),
    pytest.param(365, True, id="365日前に確認（期日の当日）"),
    pytest.param(364, True, id="364日前に確認（期日の前日、開始日より後）"),
    pytest.param(365 - LEAD, True, id="開始日の当日"),
    pytest.param(365 - LEAD - 1, False, id="開始日の前日"),
    pytest.param(0, False, id="今日確認"),
]


@pytest.mark.parametrize(("days_ago", "opens"), DUE)
async def test_an_assessment_is_opened_from_thirty_days_before_its_year_is_up(
    empty_house: House, days_ago: int, *, opens: bool
) -> None:
    await empty_house.add_assessment(f"{empty_house.assessment_id}-y", **verified(ON - timedelta(days=days_ago)))
    await leave_only(empty_house)
    async with empty_house.worker():
        done = await sweep(empty_house)
    assert (done.opened, done.joined, done.known) == (1 if opens else 0, 0, 1)


async def leave_only(house: House) -> None:
    """Open the review of the house's own assessment beforehand: it was published in 2022 and would be due too."""
    async with house.worker():
        await sweep(house, on=date(2023, 4, 1))


async def test_the_lead_time_decides_on_the_day_itself_when_there_is_none(empty_house: House) -> None:
    text = resources.files("demo").joinpath("organisation.toml").read_text(encoding="utf-8")
    await empty_house.minaoshi.organisation.apply(
        text.replace("yearly_lead_days = 30", "yearly_lead_days = 0").encode()
    )
    await leave_only(empty_house)
    for name, days_ago in (("d364", 364), ("d365", 365)):
        await empty_house.add_assessment(
            f"{empty_house.assessment_id}-{name}", **verified(ON - timedelta(days=days_ago))
        )
    async with empty_house.worker():
        done = await sweep(empty_house)
        assert done.opened == 1
        assert await empty_house.register.open_review_of(f"{empty_house.assessment_id}-d365") is not None


@pytest.mark.parametrize(
    ("on", "opens"), [(date(2025, 1, 28), False), (date(2025, 1, 29), True)], ids=["30日前の前日", "30日前"]
)
async def test_what_was_verified_on_29_february_is_due_on_28_february(
    empty_house: House, on: date, *, opens: bool
) -> None:
    await leave_only(empty_house)
    await empty_house.add_assessment(f"{empty_house.assessment_id}-leap", **verified(date(2024, 2, 29)))
    async with empty_house.worker():
        assert (await sweep(empty_house, on=on)).opened == (1 if opens else 0)


async def test_the_second_morning_is_not_a_second_ground(house: House) -> None:
    first, second = await sweep(house), await sweep(house, on=ON + timedelta(days=1))
    assert (first.opened, second.opened, second.known) == (1, 0, 1)
    review = await house.register.open_review_of(house.assessment_id)
    assert review is not None
    assert [ground.kind for ground in review.state.grounds] == [GroundKind.YEARLY]


async def test_the_yearly_ground_joins_an_open_review_and_voids_nothing(house: House) -> None:
    review_id = await house.to_approval()
    await house.minaoshi.reviews.approve(review_id, as_=MANAGER)
    done = await sweep(house)
    state = (await house.show(review_id)).state
    assert (done.opened, done.joined) == (0, 1)
    assert state.stage is Stage.APPROVAL
    assert [given.stands for given in state.approvals] == [True]
    assert {ground.kind for ground in state.grounds} == {GroundKind.CHANGE_REPORT, GroundKind.YEARLY}


async def test_a_legacy_document_comes_back_like_any_other(empty_house: House) -> None:
    await leave_only(empty_house)
    legacy = {"form": "basic_items", "form_version_as_printed": "平成28年1月 様式2", "sha256": "d" * 64}
    name = f"{empty_house.assessment_id}-legacy"
    await empty_house.add_assessment(name, document=None, legacy=legacy, **verified(date(2016, 7, 27)))
    async with empty_house.worker():
        assert (await sweep(empty_house)).opened == 1
        review = await empty_house.register.open_review_of(name)
        assert review is not None
        assert review.state.opening.checklist[0] == "Ⅰ 関連情報"


async def test_the_year_is_verified_only_when_both_checked_everything(house: House) -> None:
    await sweep(house)
    review_id = f"{house.assessment_id}/1"
    view = await house.show(review_id)
    rows = checklist_of(view, agrees=True)
    assert any(str(row["item"]).startswith("Ⅳ8") for row in rows)
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, course="no_change", checklist=rows)
    state = await house.handle().result()
    assert state.outcome is Outcome.VERIFIED
    record = await house.minaoshi.assessments.show(house.assessment_id)
    assert record.verified_on == tokyo_date(state.closed_at)
    assert record.verified_on is not None
    assert record.yearly_due_on is not None
    assert record.yearly_due_on > record.verified_on
    await sweep(house, on=record.verified_on)
    again = await house.register.open_review_of(house.assessment_id)
    assert again is None or GroundKind.YEARLY not in {ground.kind for ground in again.state.grounds}


async def test_a_narrow_review_does_not_move_the_yearly_date(house: House) -> None:
    before = await house.minaoshi.assessments.show(house.assessment_id)
    review_id = await house.report_change()
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, course="no_change")
    await house.handle().result()
    after = await house.minaoshi.assessments.show(house.assessment_id)
    assert after.yearly_due_on == before.yearly_due_on


async def test_a_sweep_goes_on_page_by_page(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activities.yearly.PAGE_SIZE", 2)
    for number in range(4):
        await house.add_assessment(f"{house.assessment_id}-{number}", **verified(date(2020, 1, 1)))
    assert (await sweep(house)).opened == 5


async def test_the_schedule_is_made_once_and_stays_paused_when_it_was_paused(house: House) -> None:
    queue = house.settings.task_queue
    await ensure_schedule(house.temporal, task_queue=queue)
    handle = house.temporal.get_schedule_handle(SCHEDULE_ID)
    await handle.pause(note="点検中")
    await ensure_schedule(house.temporal, task_queue=queue)
    shown = await house.minaoshi.schedule.show()
    assert (shown.paused, shown.note) == (True, "点検中")
    await handle.unpause()
    assert shown.next_at[0].astimezone().utcoffset() is not None
    assert {at.hour for at in shown.next_at} == {21}
    done = await house.minaoshi.schedule.trigger()
    assert done.opened + done.joined + done.known >= 1
    (triggered,) = await house.register.occurrences(AuditAction.SCHEDULE_TRIGGERED)
    assert (triggered.person, triggered.subject) == ("operator", SCHEDULE_ID)
    await handle.delete()
    for other in (CHECKPOINT_SCHEDULE_ID, DUTY_SCHEDULE_ID):
        await house.temporal.get_schedule_handle(other).delete()


async def test_an_amended_review_of_a_yearly_ground_publishes_and_verifies(house: House) -> None:
    await sweep(house)
    review_id = f"{house.assessment_id}/1"
    rows = checklist_of(await house.show(review_id), agrees=True)
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, checklist=rows)
    await house.submit(review_id)
    for person in (MANAGER, TEAM):
        await house.minaoshi.reviews.approve(review_id, as_=person)
    for step in ("submission", "publication"):
        content = as_json(step=step, done_on=today().isoformat())
        await house.minaoshi.reviews.record_step(review_id, content, as_=TEAM)
    state = await house.handle().result()
    record = await house.minaoshi.assessments.show(house.assessment_id)
    assert (record.version, record.verified_on) == (2, tokyo_date(state.closed_at))


FIVE_YEARS_LEAD = 180
FIVE_YEARS = [
    pytest.param(date(2026, 6, 1), True, id="五年の当日"),
    pytest.param(date(2026, 6, 1) - timedelta(days=FIVE_YEARS_LEAD), True, id="開始日の当日"),
    pytest.param(date(2026, 6, 1) - timedelta(days=FIVE_YEARS_LEAD + 1), False, id="開始日の前日"),
]


@pytest.mark.parametrize(("on", "opens"), FIVE_YEARS)
async def test_five_years_after_its_publication_an_assessment_is_to_be_done_anew(
    house: House, on: date, *, opens: bool
) -> None:
    one = f"{house.assessment_id}-five"
    await house.add_assessment(one, published_on="2021-06-01", verified_on=on.isoformat())
    await sweep(house, on=on)
    await sweep(house, on=on)
    opened = await house.register.open_review_of(one)
    kinds = [] if opened is None else [ground.kind for ground in opened.state.grounds]
    assert kinds == ([GroundKind.FIVE_YEARS] if opens else [])


async def test_a_reassessment_that_was_not_done_after_five_years_is_asked_for_again_a_year_later(house: House) -> None:
    one = f"{house.assessment_id}-again"
    await house.add_assessment(one, published_on="2021-06-01", verified_on=today().isoformat())
    await sweep(house, on=date(2026, 6, 1))
    for person in (MANAGER, TEAM):
        await house.find(f"{one}/1", as_=person, course="no_change")
    await house.handle(one).result()
    await sweep(house, on=date(2027, 5, 31))
    found = await house.register.open_review_of(one)
    assert found is None or GroundKind.FIVE_YEARS not in {ground.kind for ground in found.state.grounds}
    await sweep(house, on=date(2027, 6, 1))
    found = await house.register.open_review_of(one)
    assert found is not None
    assert [ground.due_on for ground in found.state.grounds if ground.kind is GroundKind.FIVE_YEARS] == [
        date(2027, 6, 1)
    ]


async def test_the_next_check_starts_from_the_answers_of_the_last(house: House) -> None:
    await sweep(house)
    view = await house.show(f"{house.assessment_id}/1")
    for person in (MANAGER, TEAM):
        await house.find(view.review_id, as_=person, course="amend", checklist=checklist_of(view, agrees=False))
    await house.submit(view.review_id)
    for person in (MANAGER, TEAM):
        await house.minaoshi.reviews.approve(view.review_id, as_=person)
    for step in ("submission", "publication"):
        await house.step(view.review_id, step)
    following = await house.report_change(title="別の変更")
    rows = await house.minaoshi.reviews.checklist(following, as_=TEAM)
    marks = {row.item: row.mark for row in rows}
    assert marks["Ⅳ8 人手を介在させる作業"] is Mark.CHANGED
    assert marks["Ⅱ しきい値判断項目"] is Mark.SAME
    assert {row.last.state for row in rows if row.last} == {"実態と照らした。"}
    assert await house.minaoshi.reviews.checklist(view.review_id, as_=TEAM) != rows


async def test_a_review_that_cannot_be_opened_keeps_no_other_from_being_opened(empty_house: House) -> None:
    await leave_only(empty_house)
    names = [f"{empty_house.assessment_id}-{place}" for place in range(12)]
    for name in names:
        await empty_house.add_assessment(name, **verified(date(2020, 1, 1)))
    first, *others = names
    # Something that is no review stands in its place, and nobody works on it.
    in_its_place = await empty_house.temporal.start_workflow(
        "Nothing", id=workflow_id_of(first), task_queue=f"nobody-{uuid.uuid4()}"
    )
    async with empty_house.worker():
        sweeping = asyncio.create_task(sweep(empty_house))
        async with asyncio.timeout(30):
            while not all([await empty_house.register.open_review_of(name) for name in others]):  # noqa: ASYNC110 # nobody tells
                await asyncio.sleep(0.2)
        assert await empty_house.register.open_review_of(first) is None
        await in_its_place.terminate()
        done = await sweeping
    assert done.opened >= 1
    assert await empty_house.register.open_review_of(first) is not None
