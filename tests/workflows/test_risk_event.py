"""リスク事案, on the real server: it is followed until it is reported to the Commission, told, and closed."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from client.errors import ActRefusedError, InvalidDocumentError, InvalidInputError, NotFoundError
from engine.server import EmbeddedServer
from schemas.breach import ReportKind
from schemas.event_acts import EventActKind, EventReminder, ReportApproving
from schemas.events import Answer, EventClock, EventStatus
from tests.house import CHIEF, DRAFTER, MANAGER, TEAM, TEAM_2, House, as_json, today
from tests.workflows.events import MANY, NOTHING, approved, event_handle, learn, reported, settle
from tests.workflows.in_clear import history_of
from tests.workflows.skipping import PATIENCE_S, skipping_house
from tests.workflows.test_replay import replayer


async def test_what_is_reported_told_and_guarded_against_is_closed(house: House) -> None:
    one = await reported(house)
    events = house.minaoshi.events
    await settle(house, one)
    assert (await events.show(one)).missing == ()
    receipt = await events.close(one, as_=TEAM)
    assert receipt.status is EventStatus.CLOSED
    state = await event_handle(house, one).result()
    view = await events.show(one)
    assert view.state == state
    assert [record.act.act.value for record in view.acts] == [
        "acknowledge_event",
        "update_facts",
        "approve_report",
        "record_filing",
        "approve_report",
        "record_filing",
        "record_notification",
        "name_measure",
        "close_event",
    ]
    assert [one.reportable for one in state.judgements] == [Answer.UNDECIDED, Answer.YES]
    assert await events.list() == ()
    assert (await house.minaoshi.verify_audit()).problems == ()
    for workflow_id in (event_handle(house, one).id, f"report/{one}"):
        await replayer().replay_workflow(await history_of(house, workflow_id))
    with pytest.raises(ActRefusedError, match="「終了」"):
        await events.acknowledge(one, as_=TEAM)


async def test_closing_names_everything_that_is_missing(house: House) -> None:
    one = await reported(house)
    await learn(house, one, MANY)
    with pytest.raises(ActRefusedError) as refused:
        await house.minaoshi.events.close(one, as_=TEAM)
    assert refused.value.refusal.code == "event_incomplete"
    for missing in ("対策チームの受領確認", "速報（番号法", "確報（番号法", "本人への通知", "再発防止策"):
        assert missing in refused.value.message
    view = await house.minaoshi.events.show(one)
    assert len(view.missing) >= 5
    assert view.reviews == (f"{house.assessment_id}/1",)
    assert "知った日" in view.delay
    assert {row.days_left for row in view.deadlines if row.kind is EventClock.FINAL} != {None}


async def test_an_act_in_anothers_role_is_refused_and_leaves_nothing(house: House) -> None:
    one = await reported(house)
    events = house.minaoshi.events
    for person in (DRAFTER, MANAGER, CHIEF):
        with pytest.raises(ActRefusedError) as refused:
            await events.acknowledge(one, as_=person)
        assert refused.value.refusal.code == "event_side"
        assert "対策チーム: 受領確認" in refused.value.refusal.instead
    with pytest.raises(ActRefusedError, match="事実の更新"):
        await learn(house, one, {"leak": "none"}, as_="residents-drafter")
    with pytest.raises(ActRefusedError, match="書いた者"):
        await approved(house, one, "preliminary", written_by=TEAM)
    assert (await events.show(one)).acts == ()


async def test_the_same_act_id_twice_is_one_act_and_other_content_is_refused(house: House) -> None:
    one = await reported(house)
    events = house.minaoshi.events
    content = as_json(facts={"persons_at_most": 90}, reason="数えた。")
    first = await events.update(one, content, as_=DRAFTER, act_id="facts/1")
    assert await events.update(one, content, as_=DRAFTER, act_id="facts/1") == first
    other = as_json(facts={"persons_at_most": 91}, reason="数え直した。")
    with pytest.raises(InvalidInputError, match="facts/1"):
        await events.update(one, other, as_=DRAFTER, act_id="facts/1")
    record = (await events.show(one)).acts[0]
    second = await reported(house, "two", title="別の誤り")
    act = record.act.model_copy(update={"event_id": second})
    with pytest.raises(WorkflowUpdateFailedError) as failed:  # past the client, which asks the register first
        await event_handle(house, second).execute_update("update_facts", house.signed(act), id="facts/1")
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.details[0]["code"] == "act_id_taken"
    receipt = await learn(house, second, {"persons_at_most": 5})
    assert receipt.sequence == 1
    with pytest.raises(WorkflowUpdateFailedError):
        await event_handle(house, second).execute_update("update_facts", house.signed(act), id="another id")
    assert (await house.minaoshi.verify_audit()).problems == ()


async def test_an_act_that_is_sent_again_is_the_same_act_though_the_register_has_moved_on(house: House) -> None:
    one, two = await reported(house), await reported(house, "two", title="同じ誤り")
    events = house.minaoshi.events
    same = as_json(other=two, reason="同じ誤りである。")
    joined = await events.join(one, same, as_=TEAM, act_id="join/1")
    knew = as_json(department="resident-records", known_on=today().isoformat(), reason="記録。")
    await events.knew(two, knew, as_=DRAFTER)
    assert await events.join(one, same, as_=TEAM, act_id="join/1") == joined
    await learn(house, one, NOTHING)
    reason = as_json(reason="確かめた。")
    await events.propose_no_report(one, reason, as_=MANAGER)
    confirmed = await events.confirm_no_report(one, reason, as_=TEAM, act_id="confirm/1")
    document = json.dumps(await house.minaoshi.breaches.draft(one, kind="preliminary"), ensure_ascii=False).encode()
    taken = await events.approve(one, document, written_by=DRAFTER, as_=TEAM, act_id="approve/1")
    await learn(house, one, MANY)
    assert await events.confirm_no_report(one, reason, as_=TEAM, act_id="confirm/1") == confirmed
    assert await events.approve(one, document, written_by=DRAFTER, as_=TEAM, act_id="approve/1") == taken
    with pytest.raises(InvalidInputError, match="approve/1"):
        await events.approve(one, b"{}", written_by=DRAFTER, as_=TEAM, act_id="approve/1")
    with pytest.raises(InvalidDocumentError):
        await events.approve(one, b"{", written_by=DRAFTER, as_=TEAM, act_id="approve/1")
    with pytest.raises(InvalidInputError, match="join/1"):
        await events.acknowledge(one, as_=TEAM, act_id="join/1")


async def test_a_count_that_crosses_a_hundred_later_starts_a_clock_and_says_why(house: House) -> None:
    known_on = today() - timedelta(days=10)
    one = await reported(house, known_on=known_on)
    await learn(house, one, {**MANY, "seen_by_many": "occurred", "persons_at_most": 100})
    before = (await house.minaoshi.events.show(one)).state
    receipt = await learn(house, one, {"persons_at_most": 101})
    assert any("100人 → 101人" in change for change in receipt.changes)
    assert any("確報" in change and "加わりました" in change for change in receipt.changes)
    after = (await house.minaoshi.events.show(one)).state
    assert [one for one in after.deadlines if one in before.deadlines] == [
        one for one in before.deadlines if one.kind is not EventClock.NOTICE_TO_PERSONS or one in after.deadlines
    ]
    days = {one.known_on for one in after.deadlines if one.kind is EventClock.FINAL}
    assert days == {known_on, today()}
    assert len(after.judgements) == 3
    notices = (await house.minaoshi.inboxes.of(CHIEF)).notices
    assert any("に変わりました" in notice.subject for notice in notices)


async def test_a_department_that_knew_earlier_moves_the_clock_back_and_says_why(house: House) -> None:
    one = await reported(house)
    earlier = today() - timedelta(days=12)
    told = as_json(department="resident-records", known_on=earlier.isoformat(), reason="窓口の記録にあった。")
    receipt = await house.minaoshi.events.knew(one, told, as_="residents-drafter")
    assert "起算の日が" in receipt.changes[0]
    assert "住民記録担当（見本）" in receipt.changes[0]
    view = await house.minaoshi.events.show(one)
    assert view.state.known_on == view.state.facts.known_on == earlier
    assert "12日が過ぎています" in view.delay
    assert {row.known_on for row in view.state.deadlines} == {earlier}
    assert (await learn(house, one, {"leak": "feared"}, as_="residents-drafter")).facts_revision == 3
    unknown = as_json(department="nowhere", known_on=earlier.isoformat(), reason="聞いた。")
    with pytest.raises(NotFoundError, match="nowhere"):
        await house.minaoshi.events.knew(one, unknown, as_=TEAM)


async def test_of_the_same_event_both_reports_are_kept_and_one_takes_the_other_over(house: House) -> None:
    earlier = today() - timedelta(days=3)
    first, second = await reported(house), await reported(house, "two", known_on=earlier, title="同じ誤り")
    events = house.minaoshi.events
    await events.acknowledge(second, as_=TEAM)
    same = as_json(same_as=first)
    with pytest.raises(ActRefusedError) as refused:
        await events.close(second, same, as_=TEAM)
    assert refused.value.refusal.code == "not_joined"
    receipt = await events.join(first, as_json(other=second, reason="同じ誤りである。"), as_=TEAM)
    assert "起算の日が" in receipt.changes[0]
    assert (await events.close(second, same, as_=TEAM)).status is EventStatus.CLOSED
    assert [row.event_id for row in await events.list()] == [first]
    assert {row.event_id for row in await events.list(scope="all")} == {first, second}
    assert (await events.show(first)).state.joined == (second,)
    with pytest.raises(NotFoundError):
        await events.join(first, as_json(other="risk/9", reason="同じ。"), as_=TEAM)


async def test_that_no_report_is_due_is_said_by_both_sides(house: House) -> None:
    one = await reported(house)
    events = house.minaoshi.events
    with pytest.raises(ActRefusedError, match="まだ決まりません"):
        await events.propose_no_report(one, as_json(reason="大したことではない。"), as_=MANAGER)
    await learn(house, one, NOTHING)
    await events.propose_no_report(one, as_json(reason="誤登録は表示の誤りであった。"), as_=MANAGER)
    with pytest.raises(ActRefusedError, match="同じ側の者"):
        await events.confirm_no_report(one, as_json(reason="そのとおり。"), as_=MANAGER)
    await events.confirm_no_report(one, as_json(reason="記録を確かめた。"), as_=TEAM)
    await events.acknowledge(one, as_=TEAM)
    closing = as_json(without_measures="誤りがない。")
    assert (await events.close(one, closing, as_=TEAM)).status is EventStatus.CLOSED


async def test_a_report_with_mistakes_is_not_approved(house: House) -> None:
    one = await reported(house)
    await learn(house, one, MANY)
    draft = await house.minaoshi.breaches.draft(one, kind="preliminary")
    assert isinstance(draft["cover"], dict)
    draft["cover"] = {**draft["cover"], "situations": ["breach-2-3"]}
    events = house.minaoshi.events
    for document, error in (
        (json.dumps(draft, ensure_ascii=False).encode(), InvalidDocumentError),
        (b"{", InvalidDocumentError),
        (b'{"form": "basic_items"}', InvalidInputError),
    ):
        with pytest.raises(error):
            await events.approve(one, document, written_by=DRAFTER, as_=TEAM)
    with pytest.raises(NotFoundError, match="nobody"):
        await events.approve(one, b"{}", written_by="nobody", as_=TEAM)
    with pytest.raises(InvalidInputError, match="区分"):
        await house.minaoshi.breaches.draft(one, kind="later")
    with pytest.raises(NotFoundError):
        await house.minaoshi.breaches.draft("risk/9", kind="final")


async def test_what_the_register_does_not_have_is_refused_past_the_client_too(house: House) -> None:
    one = await reported(house)
    team = await house.minaoshi._acting.actor_on_event(  # noqa: SLF001 # as the facade does
        TEAM, act=EventActKind.APPROVE_REPORT, state=(await house.minaoshi.events.show(one)).state
    )
    base: dict[str, Any] = {"act_id": "past/1", "actor": team, "event_id": one}
    strange = ReportApproving(kind=ReportKind.FINAL, digest="f" * 64, written_by=DRAFTER, **base)
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await event_handle(house, one).execute_update("approve_report", house.signed(strange), id="past/1")
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.details[0]["code"] == "report_not_stored"
    assert (await house.minaoshi.events.show(one)).acts == ()


async def test_of_two_that_end_it_at_the_same_moment_one_is_refused(house: House) -> None:
    one = await reported(house)
    await settle(house, one)
    answers = await asyncio.gather(
        *(house.minaoshi.events.close(one, as_=person) for person in (TEAM, TEAM_2)), return_exceptions=True
    )
    assert sorted(isinstance(answer, ActRefusedError) for answer in answers) == [False, True]


async def test_an_act_starts_the_workflow_that_is_not_there_from_what_the_register_holds(house: House) -> None:
    one = await reported(house)
    await learn(house, one, {"leak": "feared"})
    await event_handle(house, one).terminate("止めた。")
    assert (await learn(house, one, {"loss": "none"})).sequence == 2


async def test_only_a_risk_report_begins_an_event_and_an_added_assessment_begins_none(house: House) -> None:
    await house.report_change()
    one = await reported(house)
    other = f"{house.assessment_id}-other"
    await house.add_assessment(other)
    await house.minaoshi.reports.add(one, [other], as_=TEAM)
    assert [row.event_id for row in await house.minaoshi.events.list()] == [one]
    assert len((await house.minaoshi.events.show(one)).reviews) == 2
    with pytest.raises(NotFoundError, match="台帳にありません"):
        await house.minaoshi.events.show("risk/9")


async def test_it_waits_in_the_inbox_of_the_team(house: House) -> None:
    one = await reported(house)
    inboxes = house.minaoshi.inboxes

    async def waiting(person: str) -> list[str]:
        return [task.what for task in (await inboxes.of(person)).event_tasks if task.event_id == one]

    assert await waiting(TEAM) == ["受領確認", "速報", "確報"]
    assert await waiting(MANAGER) == []
    await settle(house, one)
    assert await waiting(TEAM_2) == []


async def test_what_nobody_does_is_reminded_of_and_escalated_until_somebody_acts(
    environment: WorkflowEnvironment, server: EmbeddedServer, tmp_path: Path
) -> None:
    async with skipping_house(environment, server.settings, tmp_path) as skipping:
        house = skipping.house
        one = await reported(house)
        await learn(house, one, MANY)

        async def rung(clock: EventClock) -> list[str]:
            acts = [record.act for record in (await house.minaoshi.events.show(one)).acts]
            alarms = [act.alarm for act in acts if isinstance(act, EventReminder)]
            return [alarm.urgency.value for alarm in alarms if alarm.clock is clock]

        async def forward(days: int, clock: EventClock, times: int) -> list[str]:
            async with asyncio.timeout(2 * PATIENCE_S):
                await environment.fast_forward(event_handle(house, one), timedelta(days=days))
                while len(await rung(clock)) < times:  # noqa: ASYNC110 # nobody tells
                    await asyncio.sleep(0.05)
            return await rung(clock)

        acknowledgement = await forward(16, EventClock.ACKNOWLEDGEMENT, 4)
        assert acknowledgement[:2] == ["reminder", "superior"]
        assert set(acknowledgement[2:]) == {"top"}
        assert len(acknowledgement) >= 4
        assert await rung(EventClock.PRELIMINARY) == ["reminder", "reminder", "superior", "top"]
        await house.minaoshi.events.acknowledge(one, as_=TEAM)
        assert await forward(30, EventClock.FINAL, 4) == ["reminder", "reminder", "superior", "top"]
        assert len(await rung(EventClock.ACKNOWLEDGEMENT)) == len(acknowledgement)
        for person in (TEAM, CHIEF, "director-general"):
            notices = (await house.minaoshi.inboxes.of(person)).notices
            assert any("（確報、期限" in notice.subject for notice in notices), person
        assert (await house.minaoshi.verify_audit()).problems == ()
