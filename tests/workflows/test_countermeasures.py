"""対応策, on the real server: what was promised is followed until another person has confirmed it."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from client.errors import ActRefusedError, InvalidInputError, NotFoundError
from client.following import countermeasure_workflow_id_of
from engine.server import EmbeddedServer
from schemas.countermeasures import CountermeasureReminder, CountermeasureStatus
from tests.house import CHIEF, DRAFTER, MANAGER, TEAM, TEAM_2, House, as_json, checked
from tests.workflows.in_clear import history_of
from tests.workflows.planning import EVIDENCE, ITEM, in_days, plan, planned, with_issues
from tests.workflows.skipping import PATIENCE_S, skipping_house
from tests.workflows.test_replay import replayer
from workflows.countermeasure import CountermeasureWorkflow
from workflows.yearly_review import Sweep, YearlyReviewWorkflow

CALLED = ["reminder", "superior", "top"]


def following(house: House, countermeasure_id: str) -> Any:
    workflow_id = countermeasure_workflow_id_of(countermeasure_id)
    return house.temporal.get_workflow_handle_for(CountermeasureWorkflow.run, workflow_id)


async def test_what_is_done_and_confirmed_by_another_is_closed(house: House) -> None:
    one = await planned(house)
    countermeasures = house.minaoshi.countermeasures
    await countermeasures.report_progress(one, as_json(text="案を作った。"), as_=DRAFTER)
    done = await countermeasures.done(one, as_json(text="手順を定めた。", evidence=EVIDENCE), as_=MANAGER)
    assert done.status is CountermeasureStatus.DONE
    receipt = await countermeasures.confirm(one, as_=TEAM)
    assert (receipt.status, receipt.sequence) == (CountermeasureStatus.CLOSED, 3)
    state = await following(house, one).result()
    history = await countermeasures.show(one)
    assert history.state == state
    assert [record.act.act.value for record in history.acts] == ["report_progress", "done", "confirm"]
    assert await countermeasures.list() == ()
    assert (await house.minaoshi.verify_audit()).problems == ()
    for handle in (following(house, one), house.handle()):
        await replayer().replay_workflow(await history_of(house, handle.id))
    with pytest.raises(ActRefusedError, match="「完了」"):
        await countermeasures.report_progress(one, as_json(text="後から。"), as_=DRAFTER)


async def test_a_review_without_countermeasures_starts_none(house: House) -> None:
    review_id = await house.report_change()
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, course="no_change", checklist=[with_issues(answer="sufficient")])
    await house.handle().result()
    history = await house.handle().fetch_history()
    names = [
        event.activity_task_scheduled_event_attributes.activity_type.name
        for event in history.events
        if event.HasField("activity_task_scheduled_event_attributes")
    ]
    assert set(names) == {"record"}
    assert await house.minaoshi.countermeasures.list(scope="all") == ()


async def test_nobody_confirms_what_they_did_themselves(house: House) -> None:
    one = await planned(house, owner=TEAM)
    countermeasures = house.minaoshi.countermeasures
    await countermeasures.done(one, as_json(text="定めた。", evidence=EVIDENCE), as_=TEAM)
    with pytest.raises(ActRefusedError) as refused:
        await countermeasures.confirm(one, as_=TEAM)
    assert refused.value.refusal.code == "own_completion"
    with pytest.raises(ActRefusedError, match="完了の確認"):
        await countermeasures.confirm(one, as_=MANAGER)
    assert (await countermeasures.confirm(one, as_=TEAM_2)).status is CountermeasureStatus.CLOSED


async def test_what_is_rejected_goes_on_and_what_is_asked_for_is_postponed(house: House) -> None:
    one = await planned(house)
    countermeasures = house.minaoshi.countermeasures
    later = in_days(60)
    postponed = await countermeasures.postpone(one, as_json(due_on=later.isoformat(), reason="改修を待つ。"), as_=TEAM)
    assert postponed.due_on == later
    await countermeasures.done(one, as_json(text="定めた。", evidence=EVIDENCE), as_=DRAFTER)
    rejected = await countermeasures.reject(one, as_json(reason="根拠が足りない。"), as_=TEAM)
    assert (rejected.status, rejected.due_on) == (CountermeasureStatus.OPEN, later)
    assert (await following(house, one).query(CountermeasureWorkflow.state)).sequence == 3


async def test_a_hand_over_moves_the_countermeasures_of_the_assessment(house: House) -> None:
    one = await planned(house)
    review_id = await house.report_change(title="組織の改編")
    moved = as_json(department="child-allowance", reason="組織の改編による。")
    await house.minaoshi.reviews.hand_over(review_id, moved, as_=CHIEF)
    countermeasures = house.minaoshi.countermeasures
    await countermeasures.report_progress(one, as_json(text="引き継いだ。"), as_=DRAFTER)
    assert (await countermeasures.show(one)).state.department == "child-allowance"
    done = as_json(text="手順を定めた。", evidence=EVIDENCE)
    with pytest.raises(ActRefusedError, match="完了の報告"):
        await countermeasures.done(one, done, as_=MANAGER)
    assert (await countermeasures.done(one, done, as_="allowance-manager")).status is CountermeasureStatus.DONE


async def test_the_same_act_twice_gives_the_first_answer(house: House) -> None:
    one = await planned(house)
    countermeasures = house.minaoshi.countermeasures
    said = as_json(text="案を作った。")
    first = await countermeasures.report_progress(one, said, as_=DRAFTER, act_id="progress/1")
    assert await countermeasures.report_progress(one, said, as_=DRAFTER, act_id="progress/1") == first
    with pytest.raises(InvalidInputError, match="別の内容"):
        await countermeasures.report_progress(one, as_json(text="別。"), as_=DRAFTER, act_id="progress/1")
    assert len((await countermeasures.show(one)).acts) == 1


async def test_an_act_id_that_another_countermeasure_has_used_is_refused_and_changes_nothing(house: House) -> None:
    one, other = await planned(house), await planned(house, title="別の変更")
    countermeasures = house.minaoshi.countermeasures
    await countermeasures.report_progress(one, as_json(text="案を作った。"), as_=DRAFTER, act_id="progress/1")
    act = (await countermeasures.show(one)).acts[0].act.model_copy(update={"countermeasure_id": other})
    with pytest.raises(WorkflowUpdateFailedError) as failed:  # past the facade, which looks into the register first
        await following(house, other).execute_update("report_progress", house.signed(act), id="progress/1")
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.details[0]["code"] == "act_id_taken"
    receipt = await countermeasures.report_progress(other, as_json(text="案を作った。"), as_=DRAFTER)
    assert receipt.sequence == 1
    assert (await house.minaoshi.verify_audit()).problems == ()


async def test_of_two_that_end_it_at_the_same_moment_one_is_refused(house: House) -> None:
    one = await planned(house)
    countermeasures = house.minaoshi.countermeasures
    await countermeasures.done(one, as_json(text="定めた。", evidence=EVIDENCE), as_=DRAFTER)
    answers = await asyncio.gather(
        countermeasures.confirm(one, as_=TEAM),
        countermeasures.reject(one, as_json(reason="根拠が足りない。"), as_=TEAM_2),
        return_exceptions=True,
    )
    assert sorted(isinstance(answer, ActRefusedError) for answer in answers) == [False, True]
    assert len((await countermeasures.show(one)).acts) == 2


async def test_it_waits_in_the_inbox_of_its_owner_then_of_the_team(house: House) -> None:
    one = await planned(house)
    inboxes = house.minaoshi.inboxes

    async def waiting() -> dict[str, list[str]]:
        boxes = {person: await inboxes.of(person) for person in (DRAFTER, MANAGER, TEAM, TEAM_2, CHIEF)}
        return {
            person: [task.countermeasure_id for task in box.countermeasures]
            for person, box in boxes.items()
            if box.countermeasures
        }

    assert await waiting() == {DRAFTER: [one]}
    assert any(notice.subject.startswith("対応策の担当") for notice in (await inboxes.of(DRAFTER)).notices)
    evidence = as_json(text="定めた。", evidence=EVIDENCE)
    await house.minaoshi.countermeasures.done(one, evidence, as_=DRAFTER)
    assert await waiting() == {TEAM: [one], TEAM_2: [one]}
    assert any("完了の報告" in notice.subject for notice in (await inboxes.of(TEAM)).notices)


async def test_the_next_checklist_shows_what_is_still_open(house: House) -> None:
    one = await planned(house)
    following_review = await house.report_change(title="別の変更")
    rows = {row.item: row for row in await house.minaoshi.reviews.checklist(following_review, as_=MANAGER)}
    assert [state.countermeasure_id for state in rows[ITEM].countermeasures] == [one]
    assert rows[ITEM].is_measure
    row = with_issues(open_countermeasure=one)
    for person in (MANAGER, TEAM):
        await house.find(following_review, as_=person, course="no_change", checklist=[row])
    await house.handle().result()
    assert [state.countermeasure_id for state in await house.minaoshi.countermeasures.list()] == [one]


async def test_what_was_closed_meanwhile_can_not_be_named_as_open(house: House) -> None:
    one = await planned(house)
    review_id = await house.report_change(title="別の変更")
    countermeasures = house.minaoshi.countermeasures
    await countermeasures.done(one, as_json(text="定めた。", evidence=EVIDENCE), as_=DRAFTER)
    await countermeasures.confirm(one, as_=TEAM)
    with pytest.raises(NotFoundError, match="実施中ではありません"):
        await house.find(review_id, as_=MANAGER, checklist=[with_issues(open_countermeasure=one)])


async def test_an_owner_is_a_person_of_the_body(house: House) -> None:
    review_id = await house.report_change()
    with pytest.raises(NotFoundError, match="nobody"):
        await house.find(review_id, as_=MANAGER, checklist=[with_issues(countermeasure=plan(owner="nobody"))])
    with pytest.raises(NotFoundError, match="台帳にありません"):
        await house.minaoshi.countermeasures.show(f"{review_id}/9")


async def test_a_yearly_finding_answers_each_written_measure(house: House) -> None:
    await house.temporal.execute_workflow(
        YearlyReviewWorkflow.run, Sweep(on=date(2026, 6, 1)), id="sweep/measures", task_queue=house.settings.task_queue
    )
    review_id = f"{house.assessment_id}/1"
    opening = (await house.show(review_id)).state.opening
    assert ITEM in opening.measures
    silent = [{**row, "answer": None} for row in checked(opening)]
    with pytest.raises(ActRefusedError) as refused:
        await house.find(review_id, as_=MANAGER, course="no_change", checklist=silent)
    assert (refused.value.refusal.code, refused.value.refusal.provision) == (
        "measure_answers",
        "改善策の実施状況 5",
    )
    rows = checked(opening, answer="insufficient", countermeasure=plan(text="部署の案"))
    await house.find(review_id, as_=MANAGER, course="no_change", checklist=rows)
    others = checked(opening, answer="insufficient", countermeasure=plan(text="対策チームの案"))
    await house.find(review_id, as_=TEAM, course="no_change", checklist=others)
    await house.handle().result()
    assert [one.text for one in await house.minaoshi.countermeasures.list()] == ["部署の案"]


async def test_an_act_starts_the_workflow_that_is_not_there_from_what_the_register_holds(house: House) -> None:
    one = await planned(house)
    countermeasures = house.minaoshi.countermeasures
    await countermeasures.report_progress(one, as_json(text="着手した。"), as_=DRAFTER)
    await following(house, one).terminate("止めた。")
    receipt = await countermeasures.report_progress(one, as_json(text="案を作った。"), as_=DRAFTER)
    assert receipt.sequence == 2


async def test_what_nobody_does_is_reminded_of_and_escalated_once_for_each_date(
    environment: WorkflowEnvironment, server: EmbeddedServer, tmp_path: Path
) -> None:
    async with skipping_house(environment, server.settings, tmp_path) as skipping:
        house = skipping.house
        one = await planned(house)

        async def reminders() -> list[tuple[str, date]]:
            acts = [record.act for record in (await house.minaoshi.countermeasures.show(one)).acts]
            alarms = [act.alarm for act in acts if isinstance(act, CountermeasureReminder)]
            return [(alarm.urgency.value, alarm.due_on) for alarm in alarms]

        async def called(times: int) -> list[tuple[str, date]]:
            await environment.fast_forward(following(house, one), timedelta(days=60))
            async with asyncio.timeout(PATIENCE_S):
                while len(await reminders()) < times:  # noqa: ASYNC110 # nobody tells
                    await asyncio.sleep(0.05)
            return await reminders()

        first = in_days(30)
        assert await called(3) == [(urgency, first) for urgency in CALLED]
        for person in (MANAGER, "director-general", CHIEF):
            notices = (await house.minaoshi.inboxes.of(person)).notices
            assert any("（対応策、実施中" in notice.subject for notice in notices), person
        second = in_days(100)
        await house.minaoshi.countermeasures.postpone(
            one, as_json(due_on=second.isoformat(), reason="改修を待つ。"), as_=TEAM
        )
        assert await called(6) == [(urgency, day) for day in (first, second) for urgency in CALLED]
        await house.minaoshi.countermeasures.done(one, as_json(text="定めた。", evidence=EVIDENCE), as_=DRAFTER)
        with pytest.raises(ActRefusedError, match="新しい期限"):
            await house.minaoshi.countermeasures.reject(one, as_json(reason="足りない。"), as_=TEAM)
        assert len(await called(9)) == 9
        assert (await house.minaoshi.countermeasures.confirm(one, as_=TEAM)).status is CountermeasureStatus.CLOSED
        assert (await house.minaoshi.verify_audit()).problems == ()
