"""評価書の見直し, on the real server: the straight path, and what must not happen."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any, cast

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from client.errors import ActRefusedError, CallerError, InvalidDocumentError, InvalidInputError
from guideline.organisation import engine_actor
from register.register import Register
from schemas.acts import Acknowledgement, Join
from schemas.organisation import Actor, Role
from schemas.records import Entry, Recorded
from schemas.review import Outcome, Party, Stage
from tests.house import CHIEF, DRAFTER, MANAGER, TEAM, TEAM_2, House, as_json, document
from tests.workflows.in_clear import history_of, text_of
from worker import build_worker
from workflows.assessment_review import AssessmentReviewWorkflow


async def events_of(house: House, review_id: str) -> list[str]:
    run_id = (await house.register.review(review_id)).run_id
    handle = house.temporal.get_workflow_handle(house.handle().id, run_id=run_id)
    history = await handle.fetch_history()
    return [EventType.Name(event.event_type) for event in history.events]


async def test_a_report_leads_through_both_approvals_to_a_published_version(house: House) -> None:
    review_id = await house.to_procedure()
    await house.step(review_id, "submission")
    receipt = await house.step(review_id, "publication")
    assert receipt.stage is Stage.CLOSED
    state = await house.handle().result()
    assert state.outcome is Outcome.AMENDED
    version = (await house.minaoshi.assessments.history(house.assessment_id))[-1]
    approvals = [given for given in state.approvals if given.stands and given.approved]
    assert {given.digest for given in approvals} == {version.digest}
    assert {given.party for given in approvals} == {Party.DEPARTMENT, Party.TEAM}
    assert len({given.person for given in approvals}) == 2
    assert version.number == 2
    assert any("人手を介在させる作業" in row.item for row in version.changes)
    assert (await house.minaoshi.verify_audit()).ok


async def test_both_finding_no_change_leaves_the_published_version_alone(house: House) -> None:
    review_id = await house.report_change()
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, course="no_change")
    assert (await house.handle().result()).outcome is Outcome.VERIFIED
    assert len(await house.minaoshi.assessments.history(house.assessment_id)) == 1


async def test_the_register_and_the_engine_say_the_same_after_each_act(house: House) -> None:
    review_id = await house.to_approval()
    queried = await house.handle().query(AssessmentReviewWorkflow.state)
    assert (await house.register.review(review_id)).state == queried
    assert queried.due_on is not None


async def test_a_second_report_joins_the_open_review(house: House) -> None:
    first = await house.report_change()
    assert await house.report_event() == first
    state = (await house.show(first)).state
    assert [ground.kind.value for ground in state.grounds] == ["change_report", "risk_event"]


async def test_one_report_opens_the_review_of_each_assessment_it_names(house: House) -> None:
    others = [f"{house.assessment_id}-{number}" for number in range(3)]
    for one in others:
        await house.add_assessment(one, document=None, legacy=legacy_of(one))
    reported = await house.minaoshi.reports.change(
        as_json(
            assessments=[house.assessment_id, *others],
            kind="system",
            title="共通基盤の更新",
            facts="共通の基盤を更新する。",
            known_on="2026-05-01",
        ),
        as_=DRAFTER,
    )
    assert [one.assessment_id for one in reported] == [house.assessment_id, *others]
    assert len({one.review_id for one in reported}) == 4


def legacy_of(name: str) -> dict[str, str]:
    return {
        "form": "basic_items",
        "form_version_as_printed": "平成26年4月 様式2",
        "sha256": uuid.uuid5(uuid.NAMESPACE_URL, name).hex * 2,
    }


async def test_the_same_report_sent_again_gets_the_first_answer(house: House) -> None:
    first = await house.report_change(act_id="change/once")
    assert await house.report_change(act_id="change/once") == first
    assert len((await house.show(first)).state.grounds) == 1
    with pytest.raises(InvalidInputError, match="別の内容"):
        await house.report_change(act_id="change/once", title="別の件")


async def test_the_same_report_after_closing_opens_nothing(house: House) -> None:
    first = await house.report_change(act_id="change/late")
    for person in (MANAGER, TEAM):
        await house.find(first, as_=person, course="no_change")
    await house.handle().result()
    assert await house.report_change(act_id="change/late") == first
    assert await house.minaoshi.reviews.list() == ()


async def test_a_ground_that_an_earlier_run_had_taken_ends_the_new_run(house: House) -> None:
    """Two runs later Temporal has forgotten the update id; the register has not, even if the caller does not ask it."""
    first = await house.report_change(act_id="change/known")
    for review_id in (first, f"{house.assessment_id}/2"):
        if review_id != first:
            assert await house.report_event() == review_id
        for person in (MANAGER, TEAM):
            await house.find(review_id, as_=person, course="no_change")
        await house.handle().result()
    join = await ground_of(house, first)
    answer = await house.sending._join(join)  # noqa: SLF001 # past the facade's own look into the register
    assert answer.review_id == first
    assert (await house.handle().result()).grounds == ()
    assert await house.minaoshi.reviews.list() == ()


async def test_the_same_act_twice_is_one_act_and_other_content_is_refused(house: House) -> None:
    review_id = await house.report_change()
    content = as_json(course="amend", reason="実態と異なる。")
    first = await house.minaoshi.reviews.find(review_id, content, as_=MANAGER, act_id="find/1")
    assert await house.minaoshi.reviews.find(review_id, content, as_=MANAGER, act_id="find/1") == first
    other = as_json(course="no_change", reason="変わらない。")
    with pytest.raises(InvalidInputError, match="別の内容"):
        await house.minaoshi.reviews.find(review_id, other, as_=MANAGER, act_id="find/1")
    assert len((await house.show(review_id)).state.findings) == 1


async def test_the_same_act_sent_by_many_at_once_is_one_act(house: House) -> None:
    review_id = await house.report_change()
    sends = (house.minaoshi.reviews.acknowledge(review_id, as_=TEAM, act_id="ack/1") for _ in range(5))
    receipts = await asyncio.gather(*sends)
    assert len({receipt.sequence for receipt in receipts}) == 1
    assert [row.act.value for row in (await house.show(review_id)).timeline] == ["join", "acknowledge"]


REFUSED: list[Any] = [
    pytest.param(lambda h, r: h.minaoshi.reviews.approve(r, as_=TEAM), "stage", id="段階が異なる"),
    pytest.param(lambda h, r: h.find(r, as_=DRAFTER), "role", id="役割がない"),
    pytest.param(lambda h, r: h.find(r, as_="allowance-manager"), "other_department", id="他の部署"),
    pytest.param(lambda h, r: h.minaoshi.reviews.acknowledge(r, as_=MANAGER), "role", id="担当部署が対策チームの行為"),
    pytest.param(lambda h, r: h.find(r, as_="auditor"), "role", id="監査する者"),
    pytest.param(lambda h, r: h.find(r, as_=TEAM, facts_revision=7), "old_facts", id="古い事実の版"),
]


@pytest.mark.parametrize(("act", "code"), REFUSED)
async def test_a_refused_act_leaves_nothing_in_history_or_register(house: House, act: Any, code: str) -> None:
    review_id = await house.report_change()
    before = await events_of(house, review_id), await house.register.audit_head()
    with pytest.raises(ActRefusedError) as refused:
        await act(house, review_id)
    assert refused.value.refusal.code == code
    assert (await events_of(house, review_id), await house.register.audit_head()) == before


async def test_an_approval_of_another_digest_is_refused(house: House) -> None:
    review_id = await house.to_approval()
    with pytest.raises(ActRefusedError) as refused:
        await house.minaoshi.reviews.approve(review_id, as_=TEAM, digest="b" * 64)
    assert refused.value.refusal.code == "old_digest"


async def test_an_act_on_a_closed_review_is_refused(house: House) -> None:
    review_id = await house.report_change()
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, course="no_change")
    await house.handle().result()
    with pytest.raises(ActRefusedError) as refused:
        await house.minaoshi.reviews.acknowledge(review_id, as_=TEAM)
    assert refused.value.refusal.code == "closed"


async def test_an_incomplete_draft_is_refused_with_the_item_named(house: House) -> None:
    review_id = await house.report_change()
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person)
    with pytest.raises(InvalidDocumentError) as invalid:
        await house.submit(review_id, "incomplete")
    assert any(error.item.startswith("Ⅳ8") for error in invalid.value.errors)
    assert (await house.show(review_id)).state.stage is Stage.DRAFTING


async def test_a_draft_that_the_register_does_not_hold_is_refused_by_the_engine_itself(house: House) -> None:
    """A Temporal client of anybody's may send a digest of nothing: the review looks before it takes the act."""
    review_id = await house.report_change()
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person)
    submission = {
        "act": "submit",
        "act_id": "submit/forged",
        "actor": actor_of(DRAFTER, Role.DRAFTER).model_dump(mode="json"),
        "review_id": review_id,
        "manifest": {"documents": [{"form": "basic_items", "form_version": "2024-10", "sha256": "c" * 64}]},
    }
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await house.handle().execute_update("submit", house.signed(submission), id="submit/forged")
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.type == "InvalidDocument"
    assert (await house.show(review_id)).state.stage is Stage.DRAFTING


def actor_of(person: str, role: Role) -> Actor:
    own = engine_actor(body="digital-agency", department="account-registration")
    return own.model_copy(update={"person": person, "role": role})


async def test_an_update_under_another_id_than_its_act_is_refused(house: House) -> None:
    review_id = await house.report_change()
    act = Acknowledgement(act_id="ack/a", actor=actor_of(TEAM, Role.TEAM_MEMBER), review_id=review_id)
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await house.handle().execute_update("acknowledge", house.signed(act), id="ack/b")
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.details[0]["code"] == "update_id"


async def test_rubbish_from_a_temporal_client_is_refused_and_blocks_nothing(house: House) -> None:
    review_id = await house.report_change()
    for rubbish in ({}, {"act": "approve"}, "text", 1, None, {"act_id": "x", "unknown": True}):
        with pytest.raises(WorkflowUpdateFailedError):
            await house.handle().execute_update("find", rubbish)
    await house.find(review_id, as_=MANAGER)


async def test_a_refused_first_ground_leaves_no_review_behind(house: House) -> None:
    """Update-with-start starts the workflow even if the update is refused: such a review ends itself."""
    join = (await first_join(house)).model_copy(update={"actor": actor_of("auditor", Role.AUDITOR)})
    with pytest.raises(CallerError):
        await house.sending._until_known(join, lambda: house.sending._join(join))  # noqa: SLF001 # past the facade
    assert (await house.handle().result()).grounds == ()
    assert await house.register.open_review_of(house.assessment_id) is None


async def ground_of(house: House, review_id: str) -> Join:
    """Give the act that opened a review."""
    act = (await house.register.acts_of(review_id))[0].act
    assert isinstance(act, Join)
    return act


async def first_join(house: House) -> Join:
    """Give a join of this house's assessment that was never sent."""
    other = f"{house.assessment_id}-x"
    await house.add_assessment(other)
    reported = await house.minaoshi.reports.change(
        as_json(assessments=[other], kind="environment", title="件", facts="事実", known_on="2026-05-01"), as_=DRAFTER
    )
    join = await ground_of(house, reported[0].review_id)
    opening = join.opening.model_copy(update={"assessment_id": house.assessment_id})
    return join.model_copy(update={"opening": opening, "act_id": "never/sent"})


async def test_a_further_event_before_the_second_approval_voids_the_first(house: House) -> None:
    review_id = await house.to_approval()
    await house.minaoshi.reviews.approve(review_id, as_=MANAGER)
    await house.report_event()
    state = (await house.show(review_id)).state
    assert (state.stage, state.facts_revision) == (Stage.EXAMINATION, 2)
    assert not any(given.stands for given in state.approvals)
    with pytest.raises(ActRefusedError):
        await house.minaoshi.reviews.approve(review_id, as_=TEAM)


async def test_an_event_during_the_procedure_opens_the_next_review(house: House) -> None:
    review_id = await house.to_procedure()
    await house.report_event()
    await house.step(review_id, "submission")
    await house.step(review_id, "publication")
    following = await next_open_review(house)
    assert following.review_id == f"{house.assessment_id}/2"
    assert [ground.title for ground in following.state.grounds] == ["誤登録"]
    published = await house.minaoshi.assessments.show(house.assessment_id)
    assert (published.version, following.state.opening.published_digest) == (2, published.digest)
    assert "Ⅳ8 人手を介在させる作業" in following.state.opening.checklist
    await house.find(following.review_id, as_=TEAM, course="no_change")


async def next_open_review(house: House) -> Any:
    for _ in range(100):
        found = await house.register.open_review_of(house.assessment_id)
        if found is not None:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("no next review was opened")


async def test_the_chief_resolves_where_the_two_differ(house: House) -> None:
    review_id = await house.report_change()
    await house.find(review_id, as_=MANAGER, course="no_change")
    await house.find(review_id, as_=TEAM, course="amend")
    view = await house.show(review_id)
    assert view.waits_for == (Party.CHIEF,)
    decision = as_json(course="amend", reason="記載を改める。")
    assert (await house.minaoshi.reviews.resolve(review_id, decision, as_=CHIEF)).stage is Stage.DRAFTING


async def test_a_finding_is_hidden_from_the_other_party_until_it_has_given_its_own(house: House) -> None:
    review_id = await house.report_change()
    await house.find(review_id, as_=MANAGER, course="no_change")
    for viewer in (TEAM, TEAM_2, None):
        view = await house.show(review_id, viewer=viewer)
        assert [finding.hidden for finding in view.findings] == [True]
        assert view.state.findings == ()
        assert "記載と実態" not in view.model_dump_json()
    assert not (await house.show(review_id, viewer=MANAGER)).findings[0].hidden
    await house.find(review_id, as_=TEAM)
    assert not (await house.show(review_id, viewer=TEAM)).findings[0].hidden


async def test_a_return_sends_the_draft_back_with_its_comments(house: House) -> None:
    review_id = await house.to_approval()
    comments = as_json(comments=[{"item": "Ⅳ8", "text": "根拠を具体的に。"}])
    await house.minaoshi.reviews.send_back(review_id, comments, as_=TEAM)
    await house.submit(review_id, "revised")
    view = await house.show(review_id)
    assert view.state.revision == 2
    assert "Ⅳ8: 根拠を具体的に。" in [row.text for row in view.timeline]


async def test_search_attributes_show_where_the_review_stands(house: House) -> None:
    review_id = await house.to_approval()
    await house.minaoshi.reviews.approve(review_id, as_=MANAGER)
    described = await house.handle().describe()
    shown = {pair.key.name: pair.value for pair in described.typed_search_attributes}
    state = (await house.show(review_id)).state
    assert shown["MinaoshiBody"] == "digital-agency"
    assert shown["MinaoshiAssessment"] == house.assessment_id
    assert shown["MinaoshiDepartment"] == "account-registration"
    assert shown["MinaoshiStage"] == "approval"
    assert shown["MinaoshiWaitsFor"] == ["countermeasure_team"]
    assert shown["MinaoshiGround"] == ["change_report"]
    assert shown["MinaoshiDue"].date() == state.due_on


async def test_no_content_of_an_assessment_is_in_the_history(house: House) -> None:
    review_id = await house.to_procedure()
    run_id = (await house.register.review(review_id)).run_id
    text = text_of(await history_of(house, house.handle().id, run_id=run_id))
    assert "窓口の運用の変更" in text
    assert document()["cover"]["declaration"] not in text
    assert str(document("corrected")["risk_measures"]["human_intervention"]["basis"]) not in text


async def test_an_act_costs_at_most_thirteen_events(house: House) -> None:
    review_id = await house.report_change()
    await house.minaoshi.reviews.acknowledge(review_id, as_=TEAM)
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, course="no_change")
    await house.handle().result()
    assert len(await events_of(house, review_id)) <= 4 * 13


class TellsLate:
    """A register that writes at once and tells the engine later: others may read what the review does not know yet."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self.may_tell = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._register, name)

    async def record(self, entry: Entry) -> Recorded:
        recorded = await self._register.record(entry)
        await self.may_tell.wait()
        return recorded


async def test_an_act_that_is_quicker_than_the_number_of_the_review_waits_for_it(empty_house: House) -> None:
    house = empty_house
    register = TellsLate(house.register)
    async with build_worker(house.temporal, cast("Register", register), house.settings, runner=house.runner):
        reporting = asyncio.create_task(house.report_change())
        opened = await next_open_review(house)
        acting = asyncio.create_task(house.minaoshi.reviews.acknowledge(opened.review_id, as_=TEAM))
        accepted = EventType.Name(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED)
        while (await events_of(house, opened.review_id)).count(accepted) < 2 and not acting.done():  # noqa: ASYNC110 # nobody tells
            await asyncio.sleep(0.02)
        register.may_tell.set()
        assert (await acting).review_id == await reporting
