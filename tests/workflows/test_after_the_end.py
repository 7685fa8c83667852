"""終了したリスク事案, on the real server: what was filed is corrected and supplemented, and it stays closed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from client.errors import ActRefusedError, NotFoundError
from client.event_following import EventFollowing
from schemas.events import EventStatus
from tests.house import DRAFTER, MANAGER, TEAM, TEAM_2, House, as_json, today
from tests.workflows.events import EVIDENCE, MANY, TOLD, approved, event_handle, file, learn, reported, settle
from tests.workflows.in_clear import history_of
from tests.workflows.test_replay import replayer

OTHER: dict[str, Any] = {"other": {"state": "stated", "content": "他機関に照会した。"}}


async def closed(house: House) -> str:
    one = await reported(house)
    await settle(house, one)
    await house.minaoshi.events.close(one, as_=TEAM)
    return one


async def test_a_closed_event_is_corrected_and_supplemented_by_the_team_and_stays_closed(house: House) -> None:
    one = await closed(house)
    events = house.minaoshi.events
    with pytest.raises(ActRefusedError, match="この者は"):
        await learn(house, one, {"persons_at_most": 151}, as_=DRAFTER)
    await learn(house, one, {"persons_at_most": 151}, as_=TEAM)
    digest = await approved(house, one, "final", **TOLD)
    why = {"corrects": "final/1", "reason": "人数の誤り。"}
    receipt = await file(house, one, "correction", number="訂正", digest="final/2", correction=why)
    assert receipt.status is EventStatus.CLOSED
    await approved(house, one, "supplement", **TOLD, **OTHER)
    await file(house, one, "supplement", number="追完", digest="1")
    view = await events.show(one)
    assert [row.version for row in view.reports] == ["preliminary/1", "final/1", "final/2", "supplement/1"]
    assert view.reports[2].digest == digest
    assert view.reports[1].corrected_by == "final/2"
    assert (view.state.status, view.state.alarms, await events.list()) == (EventStatus.CLOSED, (), ())
    assert view.state.closed_at is not None
    handle = event_handle(house, one)
    assert await handle.result() == view.state
    await replayer().replay_workflow(await history_of(house, handle.id))
    for refused in (
        events.close(one, as_=TEAM),
        events.acknowledge(one, as_=TEAM),
        events.measure(one, as_json(text="他", owner=DRAFTER, due_on=today().isoformat()), as_=MANAGER),
    ):
        with pytest.raises(ActRefusedError, match="「終了」"):
            await refused
    assert (await house.minaoshi.verify_audit()).problems == ()


async def test_the_same_act_again_is_one_and_two_at_once_are_both_or_one(house: House) -> None:
    one = await closed(house)
    events = house.minaoshi.events
    content = as_json(facts={"persons_at_most": 151}, reason="数えた。")
    first = await events.update(one, content, as_=TEAM, act_id=f"{one}/facts")
    assert await events.update(one, content, as_=TEAM, act_id=f"{one}/facts") == first
    answers = await asyncio.gather(
        *(learn(house, one, {"persons_at_most": number}, as_=TEAM) for number in (152, 153)), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, ActRefusedError)]
    assert {answer.refusal.code for answer in refused} <= {"event_moved_on"}
    acts = (await events.show(one)).acts
    assert len(acts) == first.sequence + 2 - len(refused)
    assert [record.sequence for record in acts] == list(range(1, len(acts) + 1))


async def test_an_act_that_knows_an_older_state_is_refused_and_nothing_is_lost(house: House) -> None:
    one = await closed(house)
    old = (await house.minaoshi.events.show(one)).state
    await learn(house, one, {"persons_at_most": 151}, as_=TEAM)
    record = (await house.minaoshi.events.show(one)).acts[-1]
    await event_handle(house, one).result()
    late = record.act.model_copy(update={"act_id": f"{one}/late"})
    following = EventFollowing(house.temporal, task_queue=house.settings.task_queue, signer=house.signatures)
    with pytest.raises(ActRefusedError, match="同時に別の行為"):
        await following.act(late, state=old)
    assert (await house.minaoshi.events.show(one)).acts[-1] == record


async def test_a_fact_that_begins_a_date_is_not_taken_by_a_closed_event(house: House) -> None:
    before = today() - timedelta(days=3)
    one = await reported(house, known_on=before)
    await settle(house, one, filed_on=before)
    await house.minaoshi.events.close(one, as_=TEAM)
    with pytest.raises(ActRefusedError, match="新たな期限") as refused:
        await learn(house, one, {"seen_by_many": "occurred"}, as_=TEAM)
    assert refused.value.refusal.code == "closed_new_date"


async def test_a_report_that_the_facts_have_left_behind_is_approved_anew_before_it_is_filed(house: House) -> None:
    one = await reported(house)
    await learn(house, one, MANY)
    before = await approved(house, one, "preliminary")
    await learn(house, one, {"persons_at_most": 160})
    with pytest.raises(ActRefusedError, match="本人の数") as refused:
        await file(house, one, "preliminary", number="1", digest=before)
    assert refused.value.refusal.code == "filing_contradicts"
    assert (await house.minaoshi.events.show(one)).state.filings == ()
    anew = await approved(house, one, "preliminary")
    await learn(house, one, {"account": {"cause": "宛名の取違え"}})
    await file(house, one, "preliminary", number="1", digest=anew)


async def test_what_a_final_report_announces_is_waited_for(house: House) -> None:
    one = await reported(house)
    await learn(house, one, MANY)
    await approved(house, one, "final")
    await file(house, one, "both", number="1", digest="1")
    missing = "".join((await house.minaoshi.events.show(one)).missing)
    assert "追完（提出した報告書で不明とした事項: " in missing
    assert "原因" in missing
    with pytest.raises(ActRefusedError, match="追完"):
        await house.minaoshi.events.close(one, as_=TEAM)
    await approved(house, one, "supplement", **TOLD, **OTHER)
    await file(house, one, "supplement", number="2", digest="supplement/1")
    assert "追完" not in "".join((await house.minaoshi.events.show(one)).missing)


async def test_a_version_that_there_is_not_is_said_in_words(house: House) -> None:
    one = await closed(house)
    for wrong in ("preliminary/2", "9", "第1版"):
        with pytest.raises(NotFoundError, match=f"版「{wrong}」はありません"):
            await file(house, one, "supplement", number="1", digest=wrong)
    content = as_json(kind="supplement", filed_on=today().isoformat(), receipt_number="1", digest=1, evidence=EVIDENCE)
    with pytest.raises(Exception, match="誤り"):
        await house.minaoshi.events.file(one, content, as_=TEAM)


async def test_a_closed_event_waits_in_no_inbox(house: House) -> None:
    one = f"risk/{house.assessment_id}/unassigned"
    content = as_json(title="誤送信", facts="別人に送った。", known_on=today().isoformat())
    await house.minaoshi.reports.risk(content, as_="desk", act_id=one)

    async def unassigned() -> list[str]:
        events = (await house.minaoshi.inboxes.of(TEAM_2)).events
        return [event.report_id for event in events if event.report_id == one]

    assert await unassigned() == [one]
    await settle(house, one)
    await house.minaoshi.events.close(one, as_json(without_review="評価書に関わらない。"), as_=TEAM)
    assert await unassigned() == []
