"""再発防止策の追跡, on the real server: followed from the day it is named until another person has confirmed it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from client.errors import ActRefusedError
from client.following import countermeasure_workflow_id_of
from guideline.event_measures import measure_id_of
from schemas.countermeasures import CountermeasureStatus
from schemas.events import EventStatus
from tests.house import CHIEF, DRAFTER, MANAGER, TEAM, TEAM_2, House, as_json, today
from tests.workflows.events import EVIDENCE, event_handle, reported, settle
from tests.workflows.in_clear import history_of
from tests.workflows.test_replay import replayer
from workflows.countermeasure import CountermeasureWorkflow
from workflows.risk_event import RiskEventWorkflow

DUE_ON = today() + timedelta(days=30)
DONE = as_json(text="画面を改めた。", evidence=EVIDENCE)


def following(house: House, measure_id: str) -> Any:
    workflow_id = countermeasure_workflow_id_of(measure_id)
    return house.temporal.get_workflow_handle_for(CountermeasureWorkflow.run, workflow_id)


async def named(house: House, event_id: str, *, owner: str = DRAFTER) -> str:
    measure = as_json(text="画面を改める。", owner=owner, due_on=DUE_ON.isoformat())
    await house.minaoshi.events.measure(event_id, measure, as_=DRAFTER)
    return measure_id_of(event_id, len((await house.minaoshi.events.show(event_id)).state.measures))


async def test_a_measure_outlives_its_event_until_another_person_confirms_it(house: House) -> None:
    one = await reported(house)
    await settle(house, one)
    measure = measure_id_of(one, 1)
    assert (await house.minaoshi.events.close(one, as_=TEAM)).status is EventStatus.CLOSED
    await event_handle(house, one).result()
    [row] = (await house.minaoshi.events.show(one)).measures
    assert (row.countermeasure_id, row.status) == (measure, CountermeasureStatus.OPEN)
    assert [task.countermeasure_id for task in (await house.minaoshi.inboxes.of(DRAFTER)).countermeasures] == [measure]
    countermeasures = house.minaoshi.countermeasures
    with pytest.raises(ActRefusedError, match="完了の報告"):
        await countermeasures.done(measure, DONE, as_=CHIEF)
    await countermeasures.done(measure, DONE, as_=MANAGER)
    for person in (TEAM, TEAM_2):
        [task] = (await house.minaoshi.inboxes.of(person)).countermeasures
        assert (task.countermeasure_id, task.assessment_id) == (measure, None)
    with pytest.raises(ActRefusedError, match="完了の確認"):
        await countermeasures.confirm(measure, as_=MANAGER)
    assert (await countermeasures.confirm(measure, as_=TEAM)).status is CountermeasureStatus.CLOSED
    assert (await following(house, measure).result()).closed_at is not None
    assert (await house.minaoshi.events.show(one)).measures[0].status is CountermeasureStatus.CLOSED
    assert await countermeasures.list() == ()
    assert (await house.minaoshi.verify_audit()).problems == ()
    for handle in (following(house, measure), event_handle(house, one)):
        await replayer().replay_workflow(await history_of(house, handle.id))


async def test_it_needs_no_review_and_its_owner_is_told_and_does_not_confirm_it(house: House) -> None:
    one = f"risk/{house.assessment_id}/alone"
    assert await house.minaoshi.reports.risk(as_json(title="誤登録", facts="誤り。"), as_="desk", act_id=one) == ()
    measure = await named(house, one, owner=TEAM)
    assert (await house.minaoshi.events.show(one)).reviews == ()
    notices = (await house.minaoshi.inboxes.of(TEAM)).notices
    assert any("担当となりました" in notice.subject and "再発防止策" in notice.subject for notice in notices)
    countermeasures = house.minaoshi.countermeasures
    await countermeasures.report_progress(measure, as_json(text="案を作った。"), as_=TEAM)
    await countermeasures.done(measure, DONE, as_=TEAM)
    with pytest.raises(ActRefusedError) as refused:
        await countermeasures.confirm(measure, as_=TEAM)
    assert refused.value.refusal.code == "own_completion"
    rejected = await countermeasures.reject(measure, as_json(reason="証拠が足りない。"), as_=TEAM_2)
    assert rejected.status is CountermeasureStatus.OPEN


async def test_it_is_answered_for_by_the_department_of_its_owner(house: House) -> None:
    one = await reported(house)
    measure = await named(house, one, owner="residents-drafter")
    state = (await house.minaoshi.countermeasures.show(measure)).state
    assert (state.department, state.event_id) == ("resident-records", one)
    with pytest.raises(ActRefusedError, match="完了の報告"):
        await house.minaoshi.countermeasures.done(measure, DONE, as_=MANAGER)
    done = await house.minaoshi.countermeasures.done(measure, DONE, as_="residents-manager")
    assert done.status is CountermeasureStatus.DONE


async def test_each_measure_is_followed_once_however_often_it_is_sent(house: House) -> None:
    one = await reported(house)
    content = as_json(text="画面を改める。", owner=DRAFTER, due_on=DUE_ON.isoformat())
    for _ in range(2):
        await house.minaoshi.events.measure(one, content, as_=DRAFTER, act_id=f"measure/{one}")
    second = await named(house, one)
    followed = await house.minaoshi.countermeasures.list()
    assert [state.countermeasure_id for state in followed] == sorted([measure_id_of(one, 1), second])
    told = (await house.minaoshi.inboxes.of(DRAFTER)).notices
    assert len([notice for notice in told if "担当となりました" in notice.subject]) == 2


async def test_a_measure_whose_workflow_is_gone_goes_on_with_the_next_act(house: House) -> None:
    one = await reported(house)
    measure = await named(house, one)
    await following(house, measure).terminate("止めた。")
    receipt = await house.minaoshi.countermeasures.report_progress(measure, as_json(text="進めた。"), as_=DRAFTER)
    assert receipt.sequence == 1


async def test_closing_follows_a_measure_that_was_named_before_measures_were_followed(house: House) -> None:
    one = await reported(house)
    await settle(house, one)
    state = (await house.minaoshi.events.show(one)).state
    await event_handle(house, one).terminate("入替え。")
    earlier = state.measures[0].model_copy(update={"text": "研修を行う。"})
    before = state.model_copy(update={"measures": (*state.measures, earlier)})
    workflow_id, task_queue = event_handle(house, one).id, house.settings.task_queue
    await house.temporal.start_workflow(RiskEventWorkflow.run, before, id=workflow_id, task_queue=task_queue)
    await house.minaoshi.events.close(one, as_=TEAM)
    followed = await house.minaoshi.countermeasures.list()
    assert {state.text for state in followed} == {"ログアウトを促す。", "研修を行う。"}
    assert (await following(house, measure_id_of(one, 2)).query(CountermeasureWorkflow.state)).event_id == one
