"""署名のある行為: whoever can send to Temporal, and even encrypt, is not heard without the key that signs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client, WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.common import MetricMeter
from temporalio.exceptions import ApplicationError
from temporalio.runtime import MetricBuffer, Runtime, TelemetryConfig

from activities.refused import refused_error
from client.audit import verify_file
from client.forgery_alarm import ForgeryAlarm
from client.report_sending import ReportSending
from client.sending import workflow_id_of
from engine.refusal_count import METRIC
from engine.signing import Signatures
from guideline.organisation import engine_actor
from guideline.refusals import refuse
from schemas.acts import Acknowledgement, Approval, Intake, Join
from schemas.courses import Course
from schemas.organisation import Actor, Role
from schemas.reports import ChangeKind, ChangeReport
from schemas.review import Ground, GroundKind, Stage
from schemas.signatures import signed
from tests.house import AUDITOR, CHIEF, DRAFTER, MANAGER, TEAM, TEAM_2, House, today
from tests.new_register import new_register, register_url_in
from tests.workflows.events import event_handle, reported
from tests.workflows.planning import planned
from worker import build_keeping, build_worker, count_of
from workflows.assessment_review import AssessmentReviewWorkflow
from workflows.report import ReportWorkflow

OWN = {"body": "digital-agency", "department": "account-registration"}


def actor_of(person: str, role: Role) -> Actor:
    return engine_actor(**OWN).model_copy(update={"person": person, "role": role})


def acknowledgement(review_id: str, act_id: str = "ack/1") -> Acknowledgement:
    return Acknowledgement(act_id=act_id, actor=actor_of(TEAM, Role.TEAM_MEMBER), review_id=review_id)


async def refused(handle: Any, name: str, act: Any, *, act_id: str) -> str:
    """Send the act, which is refused, and give the code."""
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await handle.execute_update(name, act, id=act_id)
    assert isinstance(failed.value.cause, ApplicationError)
    return str(failed.value.cause.details[0]["code"])


async def events_of(handle: Any) -> int:
    return len((await handle.fetch_history()).events)


async def test_who_has_the_payload_key_and_no_signing_key_is_not_heard(house: House) -> None:
    review_id = await house.report_change()
    before = await events_of(house.handle())
    act = acknowledgement(review_id)
    assert await refused(house.handle(), "acknowledge", act, act_id="ack/1") == "not_signed"
    assert await events_of(house.handle()) == before
    assert [one.act.act.value for one in await house.register.acts_of(review_id)] == ["join"]
    await house.handle().execute_update("acknowledge", house.signed(act), id="ack/1")  # the id is free as before


CHANGED = [
    pytest.param({"actor": {"person": "somebody"}}, id="職員"),
    pytest.param({"actor": {"role": Role.CHIEF_PRIVACY_OFFICER.value}}, id="役割"),
    pytest.param({"actor": {"department": "privacy"}}, id="部署"),
    pytest.param({"actor": {"organisation_revision": 9}}, id="組織表の版"),
    pytest.param({"digest": "d" * 64}, id="評価書一式のSHA-256"),
]


@pytest.mark.parametrize("change", CHANGED)
async def test_what_is_changed_after_signing_is_refused(house: House, change: dict[str, Any]) -> None:
    review_id = await house.report_change()
    approval = Approval(
        act_id="approve/1",
        actor=actor_of(MANAGER, Role.PRIVACY_MANAGER),
        review_id=review_id,
        digest="a" * 64,
        revision=1,
        facts_revision=1,
    )
    act = house.signed(approval)
    act = {**act, **change, "actor": {**act["actor"], **change.get("actor", {})}}
    assert await refused(house.handle(), "approve", act, act_id="approve/1") == "bad_signature"


async def test_a_captured_act_that_is_sent_again_does_nothing(house: House) -> None:
    review_id = await house.report_change()
    captured = house.signed(acknowledgement(review_id))
    first = await house.handle().execute_update("acknowledge", captured, id="ack/1")
    assert await house.handle().execute_update("acknowledge", captured, id="ack/1") == first
    assert len(await house.register.acts_of(review_id)) == 2
    assert await refused(house.handle(), "acknowledge", captured, act_id="ack/2") == "update_id"
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, course="no_change")
    await house.handle().result()
    again = await house.report_change(title="別の変更")
    assert await refused(house.handle(), "acknowledge", captured, act_id="ack/1") == "other_review"
    assert len(await house.register.acts_of(again)) == 1


async def test_an_act_signed_for_another_review_event_or_countermeasure_is_refused_there(house: House) -> None:
    other = f"{house.assessment_id}-other"
    await house.add_assessment(other)
    await house.report_change(assessments=[other], title="別の評価書")
    review_id = await house.report_change()
    act = house.signed(acknowledgement(review_id))
    assert await refused(house.handle(other), "acknowledge", act, act_id="ack/1") == "other_review"
    one, two = await reported(house, "one"), await reported(house, "two", title="別の誤り")
    said = {
        "act": "acknowledge_event",
        "act_id": "ack/event",
        "actor": actor_of(TEAM, Role.TEAM_MEMBER).model_dump(mode="json"),
        "event_id": one,
    }
    assert await refused(event_handle(house, one), "acknowledge_event", said, act_id="ack/event") == "not_signed"
    assert (
        await refused(event_handle(house, two), "acknowledge_event", house.signed(said), act_id="ack/event")
        == "other_event"
    )


async def test_an_act_on_a_countermeasure_needs_the_signature_for_that_one(house: House) -> None:
    one = await planned(house)
    handle = house.temporal.get_workflow_handle(f"countermeasure/{one}")
    progress = {
        "act": "report_progress",
        "act_id": "progress/forged",
        "actor": actor_of(DRAFTER, Role.DRAFTER).model_dump(mode="json"),
        "countermeasure_id": one,
        "text": "進めた。",
    }
    assert await refused(handle, "report_progress", progress, act_id="progress/forged") == "not_signed"
    elsewhere = {**progress, "countermeasure_id": "another/1/1"}
    told = await refused(handle, "report_progress", house.signed(elsewhere), act_id="progress/forged")
    assert told == "other_countermeasure"


async def test_a_key_that_nobody_trusts_is_unknown_also_under_a_known_name(house: House, tmp_path: Path) -> None:
    review_id = await house.report_change()
    stranger = Signatures(house.settings.model_copy(update={"home": tmp_path / "stranger"}))
    act = signed(acknowledgement(review_id), stranger)
    assert await refused(house.handle(), "acknowledge", act, act_id="ack/1") == "unknown_signer"
    assert act.signature is not None
    named = act.signature.model_copy(update={"key_id": house.signatures.current()})
    act = act.model_copy(update={"signature": named})
    assert await refused(house.handle(), "acknowledge", act, act_id="ack/1") == "bad_signature"


async def test_after_a_rotation_what_the_old_key_signed_is_taken_until_it_is_removed(
    house: House, tmp_path: Path
) -> None:
    review_id = await house.report_change()
    old = house.signatures.current()
    captured = house.signed(acknowledgement(review_id))
    assert house.signatures.rotate() != old
    receipt = await house.handle().execute_update("acknowledge", captured, id="ack/1")
    anew = house.signed(acknowledgement(review_id))
    assert anew["signature"]["key_id"] == house.signatures.current() != old
    assert await house.handle().execute_update("acknowledge", anew, id="ack/1") == receipt
    assert (await house.minaoshi.verify_audit()).problems == ()
    assert house.signatures.distrust(old)
    late = {**captured, "act_id": "ack/late"}
    assert await refused(house.handle(), "acknowledge", late, act_id="ack/late") == "unknown_signer"
    await house.find(review_id, as_=MANAGER)
    problems = (await house.minaoshi.verify_audit()).problems
    assert len(problems) == 3  # the report, its ground, and the acknowledgement
    assert all(old in problem for problem in problems)
    assert (await house.minaoshi.trail.verify(as_=AUDITOR)).problems == problems
    keeping = build_keeping(house.settings)
    assert (await house.minaoshi.audit.verify(keeping)).problems == problems
    export = tmp_path / "audit.zip"
    with export.open("wb") as file:
        await house.minaoshi.audit.export(file, keeping, parts="sealed")
    assert verify_file(export).verdict.problems == ()
    assert verify_file(export, signers=house.signatures).verdict.problems == problems


async def test_a_retry_signed_with_a_newer_key_is_the_same_act_for_the_facade_too(house: House) -> None:
    act_id = f"change/{house.assessment_id}"
    review_id = await house.report_change(act_id=act_id)
    house.signatures.rotate()
    assert await house.report_change(act_id=act_id) == review_id
    first = await house.minaoshi.reviews.acknowledge(review_id, as_=TEAM, act_id="ack/1")
    house.signatures.rotate()
    assert await house.minaoshi.reviews.acknowledge(review_id, as_=TEAM, act_id="ack/1") == first


async def test_ten_forged_acts_raise_one_alarm_and_leave_nothing_in_the_history(empty_house: House) -> None:
    house, counted = empty_house, count_of(empty_house.settings)
    alarm = ForgeryAlarm(house.register, counted)
    async with build_worker(house.temporal, house.register, house.settings, counted=counted, runner=house.runner):
        review_id = await house.report_change()
        before = await events_of(house.handle())
        for number in range(10):
            assert not await alarm.look()
            act = acknowledgement(review_id, f"forged/{number}")
            assert await refused(house.handle(), "acknowledge", act, act_id=act.act_id) == "not_signed"
        assert await alarm.look()
        assert await refused(house.handle(), "acknowledge", act, act_id="forged/11") == "not_signed"
        assert not await alarm.look()
        assert await events_of(house.handle()) == before
    assert counted.totals() == {"not_signed": 11}
    assert not await ForgeryAlarm(house.register, count_of(house.settings)).look()
    assert await ForgeryAlarm(house.register, counted).look()  # another worker, on the same day
    told = await house.register.notices_of_act(f"forged-acts/{today().isoformat()}")
    assert [one.notice.person for one in told] == sorted((AUDITOR, TEAM, TEAM_2))
    assert "署名なし 10件" in told[0].notice.subject
    for person, number in ((AUDITOR, 1), (TEAM, 1), (CHIEF, 0)):
        notices = await house.register.notices_for(person)
        assert sum(one.notice_id.startswith("forged-acts/") for one in notices) == number


async def test_refusals_are_counted_in_temporals_own_metrics_too(empty_house: House) -> None:
    house, buffer = empty_house, MetricBuffer(10_000)
    metered = await Client.connect(
        house.temporal.service_client.config.target_host,
        data_converter=house.temporal.data_converter,
        runtime=Runtime(telemetry=TelemetryConfig(metrics=buffer)),
    )
    counted = count_of(house.settings)
    async with build_worker(metered, house.register, house.settings, counted=counted, runner=house.runner):
        review_id = await house.report_change()
        act = acknowledgement(review_id)
        assert await refused(house.handle(), "acknowledge", act, act_id="ack/1") == "not_signed"
        forged = Intake(act_id="forged/1", actor=actor_of(DRAFTER, Role.STAFF), report=change_report(house))
        with pytest.raises(WorkflowFailureError):
            await house.temporal.execute_workflow(
                ReportWorkflow.run, forged, id=f"report/{house.assessment_id}", task_queue=house.settings.task_queue
            )
    found = [one for one in buffer.retrieve_updates() if one.metric.name == METRIC]
    assert [(one.value, one.attributes["reason"]) for one in found] == [(1, "not_signed")] * 2
    assert counted.since_told() == {"not_signed": 2}


async def test_the_log_sums_up_what_was_refused_and_says_nothing_of_a_single_act(
    empty_house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house, counted = empty_house, count_of(empty_house.settings)
    alarm = ForgeryAlarm(house.register, counted)
    async with build_worker(house.temporal, house.register, house.settings, counted=counted, runner=house.runner):
        review_id = await house.report_change()
        caplog.clear()
        assert await refused(house.handle(), "acknowledge", acknowledgement(review_id), act_id="ack/1") == "not_signed"
        forged = Intake(act_id="forged/1", actor=actor_of(DRAFTER, Role.STAFF), report=change_report(house))
        with pytest.raises(WorkflowFailureError):
            await house.temporal.execute_workflow(
                ReportWorkflow.run, forged, id=f"report/{house.assessment_id}", task_queue=house.settings.task_queue
            )
    assert caplog.messages == []
    alarm.sum_up()
    alarm.sum_up()
    assert caplog.messages == ["refused: not_signed 2"]


async def test_the_alarm_is_raised_by_whoever_runs_and_waits_for_an_organisation(house: House, tmp_path: Path) -> None:
    counted = count_of(house.settings.model_copy(update={"forged_acts_alarm": 1}))
    counted.count(refused_error(refuse("not_signed").refusal), noop)
    register = await new_register(register_url_in(tmp_path / "empty"))
    assert not await ForgeryAlarm(register, counted).look()
    await register.close()
    running = asyncio.ensure_future(ForgeryAlarm(house.register, counted).run())
    async with asyncio.timeout(20):
        while not await house.register.notices_of_act(f"forged-acts/{today().isoformat()}"):  # noqa: ASYNC110 # nobody tells
            await asyncio.sleep(0.05)
    running.cancel()


def noop() -> MetricMeter:
    return MetricMeter.noop


def change_report(house: House) -> ChangeReport:
    return ChangeReport(
        assessments=(house.assessment_id,),
        kind=ChangeKind.ENVIRONMENT,
        title="偽の報告",
        facts="誰も報告していない。",
        known_on=today(),
    )


async def test_a_forged_report_leaves_nothing_and_keeps_nobody_from_reporting(house: House) -> None:
    act_id = f"forged/{house.assessment_id}"
    forged = Intake(act_id=act_id, actor=actor_of(DRAFTER, Role.DRAFTER), report=change_report(house))
    with pytest.raises(WorkflowFailureError) as failed:
        await house.temporal.execute_workflow(
            ReportWorkflow.run, forged, id=f"report/{act_id}", task_queue=house.settings.task_queue
        )
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.details[0]["code"] == "not_signed"
    assert await house.register.report(act_id) is None
    assert await house.register.open_review_of(house.assessment_id) is None
    assert (await house.minaoshi.verify_audit()).ok
    review_id = await house.report_change(act_id=act_id)
    assert (await house.show(review_id)).state.stage is Stage.EXAMINATION


async def test_a_report_finds_a_strangers_under_its_id_and_is_taken_in_all_the_same(empty_house: House) -> None:
    """The forged one waits for a worker when the true one comes."""
    house, act_id = empty_house, f"forged/{empty_house.assessment_id}"
    forged = Intake(act_id=act_id, actor=actor_of(DRAFTER, Role.STAFF), report=change_report(house))
    queue = house.settings.task_queue
    await house.temporal.start_workflow(ReportWorkflow.run, forged, id=f"report/{act_id}", task_queue=queue)
    sending = ReportSending(house.temporal, task_queue=queue, signer=house.signatures)
    async with house.worker():
        answer = await sending.take_in(forged.model_copy(update={"report": change_report(house)}))
    assert (answer.was_known, len(answer.reviews)) == (False, 1)


async def test_what_a_captured_report_starts_again_is_nothing_new(house: House) -> None:
    review_id = await house.report_change(act_id=f"change/{house.assessment_id}")
    captured = await house.register.report(f"change/{house.assessment_id}")
    assert captured is not None
    entries = (await house.minaoshi.verify_audit()).entries
    reviews = await house.temporal.execute_workflow(
        ReportWorkflow.run, captured, id=f"report/again/{house.assessment_id}", task_queue=house.settings.task_queue
    )
    assert [one.review_id for one in reviews] == [review_id]
    assert (await house.minaoshi.verify_audit()).entries == entries


async def test_who_starts_a_review_with_grounds_of_his_own_opens_nothing(house: House) -> None:
    """繰り越した事由 come from the review before this one alone, and are joined without a signature."""
    review_id = await house.report_change()
    opening = (await house.show(review_id)).state.opening
    ground = Ground(
        ground_id="forged/ground",
        kind=GroundKind.CHANGE_REPORT,
        report_id="forged/report",
        reported_by=actor_of(DRAFTER, Role.STAFF),
        title="偽の事由",
        known_on=today(),
        minimum=Course.AMEND,
    )
    other = f"{house.assessment_id}-other"
    await house.add_assessment(other)
    forged = opening.model_copy(update={"assessment_id": other, "carried": (ground,), "carried_from": review_id})
    await house.temporal.execute_workflow(
        AssessmentReviewWorkflow.run, forged, id=workflow_id_of(other), task_queue=house.settings.task_queue
    )
    assert await house.register.open_review_of(other) is None
    join = Join(act_id="forged/ground", actor=engine_actor(**OWN), opening=opening, ground=ground)
    assert await refused(house.handle(), "join", join, act_id="forged/ground") == "not_signed"


async def test_the_register_keeps_the_body_with_key_and_signature(house: House) -> None:
    act_id = f"change/{house.assessment_id}"
    review_id = await house.report_change(act_id=act_id)
    await house.minaoshi.reviews.acknowledge(review_id, as_=TEAM)
    assert (await house.minaoshi.verify_audit()).problems == ()
    report = await house.register.report(act_id)
    kept = [report, *(one.act for one in await house.register.acts_of(review_id))]
    assert len(kept) == 3
    assert {one.signature.key_id for one in kept if one and one.signature} == {house.signatures.current()}
