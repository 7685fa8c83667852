"""義務, on the real server: opened, handed in, confirmed by another; refused in words where the rules say no."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from client.errors import ActRefusedError, InvalidInputError, NotFoundError, NotPermittedError
from schemas.duties import DutyKind, DutyStart, DutyStatus, MemberStatus, Roll, RollMember
from tests.house import AUDITOR, CHIEF, DRAFTER, MANAGER, TEAM, TEAM_2, House, as_json, today
from tests.workflows.duty_samples import following, measure, members, own, training
from tests.workflows.in_clear import history_of
from tests.workflows.planning import EVIDENCE, in_days
from tests.workflows.test_replay import replayer
from workflows.duty import DutyWorkflow


async def test_what_is_handed_in_and_confirmed_by_another_is_closed(house: House) -> None:
    one, duties = own(house, "measure:logout"), house.minaoshi.duties
    opened = await duties.open(one, measure(), as_=TEAM)
    assert (opened.status, opened.sequence) == (DutyStatus.OPEN, 1)
    await duties.report_progress(one, as_json(text="案を作った。"), as_=DRAFTER)
    handed_in = await duties.hand_in(one, as_json(text="発出した。", evidence=EVIDENCE), as_=DRAFTER)
    assert handed_in.status is DutyStatus.HANDED_IN
    assert [task.what for task in (await house.minaoshi.inboxes.of(TEAM)).duties] == ["完了を確かめる"]
    receipt = await duties.confirm(one, as_=TEAM)
    assert (receipt.status, receipt.sequence) == (DutyStatus.CLOSED, 4)
    state = await following(house, one).result()
    history = await duties.show(one, as_=TEAM)
    assert history.state == state
    assert [record.act.act.value for record in history.acts] == ["open", "report_progress", "hand_in", "confirm"]
    assert await duties.list(as_=TEAM) == ()
    assert (await house.minaoshi.verify_audit()).problems == ()
    await replayer().replay_workflow(await history_of(house, following(house, one).id))
    with pytest.raises(ActRefusedError, match="「完了」"):
        await duties.report_progress(one, as_json(text="後から。"), as_=DRAFTER)
    with pytest.raises(ActRefusedError, match="「完了」"):
        await duties.open(one, measure(), as_=TEAM)


async def test_what_is_sent_back_goes_on_and_is_postponed_amended_and_cancelled(house: House) -> None:
    one, duties = own(house, "measure:flow"), house.minaoshi.duties
    await duties.open(one, measure(owner=DRAFTER), as_=TEAM)
    await duties.hand_in(one, as_json(text="作った。", evidence=EVIDENCE, done_on=today().isoformat()), as_=DRAFTER)
    assert (await duties.show(one, as_=DRAFTER)).state.done_on == today()
    assert (await duties.send_back(one, as_json(reason="足りない。"), as_=TEAM)).status is DutyStatus.OPEN
    later = in_days(90)
    assert (
        await duties.postpone(one, as_json(due_on=later.isoformat(), reason="改正を待つ。"), as_=TEAM)
    ).due_on == later
    await duties.amend(one, as_json(owner=MANAGER, title="報告フロー図", reason="異動による。"), as_=TEAM)
    state = (await duties.show(one, as_=MANAGER)).state
    assert (state.owner, state.title, state.done_on, state.sequence) == (MANAGER, "報告フロー図", None, 5)
    assert [task.duty_id for task in (await house.minaoshi.inboxes.of(MANAGER)).duties] == [one]
    cancelled = await duties.cancel(one, as_json(reason="別の改善策に含めた。"), as_=TEAM)
    assert cancelled.status is DutyStatus.CANCELLED
    assert (await following(house, one).result()).closed_at is not None
    assert [one.status for one in await duties.list(as_=TEAM, scope="all")] == [DutyStatus.CANCELLED]


async def test_nobody_confirms_their_own_nor_acts_in_the_role_of_another(house: House) -> None:
    one, duties = own(house, "measure:own"), house.minaoshi.duties
    with pytest.raises(ActRefusedError) as refused:
        await duties.open(one, measure(), as_=MANAGER)
    assert refused.value.remedy == "対策チームが行ってください。"
    await duties.open(one, measure(owner=TEAM), as_=TEAM)
    with pytest.raises(ActRefusedError, match="完了の報告"):
        await duties.hand_in(one, as_json(text="した。", evidence=EVIDENCE), as_="allowance-manager")
    await duties.hand_in(one, as_json(text="した。", evidence=EVIDENCE), as_=TEAM)
    for person, code in ((TEAM, "own_duty"), (MANAGER, "duty_side")):
        with pytest.raises(ActRefusedError) as refused:
            await duties.confirm(one, as_=person)
        assert refused.value.refusal.code == code
    assert (await duties.confirm(one, as_=TEAM_2)).status is DutyStatus.CLOSED
    with pytest.raises(NotPermittedError):
        await duties.show(one, as_="allowance-manager")
    assert (await duties.show(one, as_=AUDITOR)).state.closed_at is not None


async def test_an_act_sent_twice_or_at_the_same_moment_is_taken_once(house: House) -> None:
    one, duties = own(house, "measure:twice"), house.minaoshi.duties
    first = await duties.open(one, measure(), as_=TEAM, act_id="open/twice")
    assert await duties.open(one, measure(), as_=TEAM, act_id="open/twice") == first
    with pytest.raises(InvalidInputError, match="別の内容"):
        await duties.open(one, measure(title="別の件"), as_=TEAM, act_id="open/twice")
    said = as_json(text="案を作った。")
    answers = await asyncio.gather(
        *(duties.report_progress(one, said, as_=DRAFTER, act_id="progress/twice") for _ in range(5))
    )
    assert len(set(map(repr, answers))) == 1
    handed_in = await asyncio.gather(
        *(duties.hand_in(one, as_json(text="した。", evidence=EVIDENCE), as_=who) for who in (DRAFTER, MANAGER)),
        return_exceptions=True,
    )
    assert [type(answer) for answer in handed_in].count(ActRefusedError) == 1
    assert [record.sequence for record in (await duties.show(one, as_=TEAM)).acts] == [1, 2, 3]


async def test_a_forged_act_and_one_without_a_duty_are_refused(house: House) -> None:
    one = own(house, "measure:forged")
    await house.minaoshi.duties.open(one, measure(), as_=TEAM)
    state = (await house.minaoshi.duties.show(one, as_=TEAM)).state
    forged = {
        "act_id": "forged/1",
        "actor": {
            "person": DRAFTER,
            "role": "drafter",
            "body": "digital-agency",
            "department": "account-registration",
            "organisation_revision": 1,
        },
        "duty_id": one,
        "text": "偽り。",
    }
    handle = following(house, one)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await handle.execute_update("report_progress", forged, id="forged/1")
    assert code_of(refused.value) == "not_signed"
    progress = {**forged, "act": "report_progress"}
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await handle.execute_update("report_progress", house.signed(progress), id="forged/other")
    assert code_of(refused.value) == "update_id"
    other = {**progress, "duty_id": "measure:another"}
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await handle.execute_update("report_progress", house.signed(other), id="forged/1")
    assert code_of(refused.value) == "other_duty"
    assert await handle.query(DutyWorkflow.state) == state
    with pytest.raises(NotFoundError, match="台帳にありません"):
        await house.minaoshi.duties.confirm("measure:nothing", as_=TEAM)
    with pytest.raises(InvalidInputError, match="種類を知りません"):
        await house.minaoshi.duties.open("party:new", measure(), as_=TEAM)


def code_of(failed: WorkflowUpdateFailedError) -> str:
    cause = failed.cause
    assert isinstance(cause, ApplicationError)
    return str(cause.details[0]["code"])


async def test_a_run_from_an_older_state_than_the_register_s_is_refused(house: House) -> None:
    one, duties = own(house, "measure:older"), house.minaoshi.duties
    await duties.open(one, measure(), as_=TEAM)
    old = (await duties.show(one, as_=TEAM)).state
    await duties.report_progress(one, as_json(text="着手した。"), as_=DRAFTER)
    handle = following(house, one)
    await handle.terminate("止めた。")
    await house.temporal.start_workflow(
        DutyWorkflow.run,
        DutyStart(duty_id=one, state=old),
        id=handle.id,
        task_queue=house.settings.task_queue,
    )
    with pytest.raises(ActRefusedError) as refused:
        await duties.report_progress(one, as_json(text="案を作った。"), as_=DRAFTER)
    assert refused.value.refusal.code == "duty_moved_on"
    await handle.terminate("止めた。")
    assert (await duties.report_progress(one, as_json(text="案を作った。"), as_=DRAFTER)).sequence == 3


PLACES = [
    pytest.param({"department": "nowhere"}, "unknown_department", id="知らない部署"),
    pytest.param({"owner": "nobody"}, "unknown_owner", id="知らない職員"),
    pytest.param({"department": "privacy"}, "nobody_owes", id="負う者のいない部署"),
    pytest.param({"parent": "guidance:none"}, "unknown_parent", id="知らない元の義務"),
]


@pytest.mark.parametrize(("changes", "code"), PLACES)
async def test_what_the_register_does_not_know_is_refused_and_the_run_opens_when_put_right(
    house: House, changes: dict[str, Any], code: str
) -> None:
    one = own(house, "measure:place")
    with pytest.raises(ActRefusedError) as refused:
        await house.minaoshi.duties.open(one, measure(**changes), as_=TEAM)
    assert refused.value.refusal.code == code
    assert (await house.minaoshi.duties.open(one, measure(), as_=TEAM)).sequence == 1


async def test_a_guidance_is_not_closed_before_its_measures_and_hears_of_them(house: House) -> None:
    duties = house.minaoshi.duties
    guided, below = own(house, "guidance:2023-09-20"), own(house, "measure:below")
    items = [{"number": "1", "heading": "本人確認の措置", "text": "手法について検討すること。"}]
    guidance = as_json(
        department="privacy",
        title="公金受取口座の誤登録事案",
        owner=TEAM,
        due_on=in_days(41).isoformat(),
        content={"received_on": "2023-09-20", "items": items},
    )
    await duties.open(guided, guidance, as_=TEAM)
    await duties.open(below, measure(parent=guided), as_=TEAM_2)
    assert [one.duty_id for one in await duties.below(guided, as_=TEAM)] == [below]
    told = [notice.subject for notice in (await house.minaoshi.inboxes.of(TEAM)).notices]
    assert any("改善策「義務の開始」" in subject for subject in told)
    for person in (TEAM, CHIEF):
        approved = await house.minaoshi.guidance.approve(guided.partition(":")[2], as_=person)
    report = {"reported_on": today().isoformat(), "report_sha256": approved.digest}
    await duties.hand_in(guided, as_json(text="報告した。", evidence=EVIDENCE, paper=report), as_=TEAM)
    with pytest.raises(ActRefusedError, match="運用面での対策"):
        await duties.confirm(guided, as_=CHIEF)
    await duties.hand_in(below, as_json(text="した。", evidence=EVIDENCE), as_=DRAFTER)
    await duties.confirm(below, as_=TEAM)
    assert (await duties.confirm(guided, as_=CHIEF)).status is DutyStatus.CLOSED
    with pytest.raises(ActRefusedError) as refused:
        await duties.open(own(house, "measure:late"), measure(parent=guided), as_=TEAM)
    assert refused.value.refusal.code == "unknown_parent"


async def test_a_training_is_closed_when_each_has_done_it_or_is_excused(house: House) -> None:
    one, duties = own(house, "training:basics", period="2026"), house.minaoshi.duties
    await duties.open(one, training(), as_=TEAM)
    handing_in = as_json(text="終えた。", evidence=EVIDENCE)
    with pytest.raises(ActRefusedError, match="名簿が空"):
        await duties.hand_in(one, handing_in, as_=TEAM)
    added = [*members(DRAFTER, MANAGER, "desk"), *members("allowance-drafter", department="child-allowance")]
    receipt = await duties.enrol(one, as_json(added=added), as_=TEAM)
    assert receipt.roll is not None
    assert (receipt.roll.total, receipt.roll.open) == (4, 4)
    assert [task.duty_id for task in (await house.minaoshi.inboxes.of("desk")).duties] == [one]
    assert (await duties.show(one, as_="desk")).state.title == "個人情報の適正な取扱いのための研修"
    on = today().isoformat()
    await duties.complete(one, as_json(members=["desk"], completed_on=on), as_="desk")
    assert (await house.minaoshi.inboxes.of("desk")).duties == ()
    for person, named, code in (
        ("desk", [DRAFTER], "others_completion"),
        (MANAGER, ["allowance-drafter"], "member_of_others"),
        (TEAM, ["desk"], "member_status"),
        (TEAM, ["nobody"], "unknown_member"),
        (TEAM, [DRAFTER, DRAFTER], "member_twice"),
    ):
        with pytest.raises(ActRefusedError) as refused:
            await duties.complete(one, as_json(members=named, completed_on=on), as_=person)
        assert refused.value.refusal.code == code
    with pytest.raises(ActRefusedError, match="始まった日"):
        await duties.complete(one, as_json(members=[DRAFTER], completed_on="2020-01-01"), as_=TEAM)
    await duties.complete(one, as_json(members=[DRAFTER, MANAGER], completed_on=on), as_=MANAGER)
    with pytest.raises(ActRefusedError, match="名簿の1人"):
        await duties.hand_in(one, handing_in, as_=TEAM)
    await duties.excuse(one, as_json(members=["allowance-drafter"], reason="育児休業中"), as_=TEAM)
    rows = {row.member: row.status for row in await duties.roll(one, as_=TEAM)}
    assert rows == {
        "desk": MemberStatus.COMPLETED,
        DRAFTER: MemberStatus.COMPLETED,
        MANAGER: MemberStatus.COMPLETED,
        "allowance-drafter": MemberStatus.EXCUSED,
    }
    await duties.hand_in(one, handing_in, as_=TEAM)
    closed = await duties.confirm(one, as_=CHIEF)
    assert (closed.status, closed.roll and closed.roll.completed) == (DutyStatus.CLOSED, 3)
    assert [state.duty_id for state in await duties.list(as_="desk", scope="all", kind=DutyKind.TRAINING)] == [one]
    assert (await house.minaoshi.verify_audit()).problems == ()


async def test_thousands_are_enrolled_by_one_stored_roll(house: House) -> None:
    one, duties = own(house, "circular:logout", period="2023-11-02"), house.minaoshi.duties
    content = {"text": "ログアウトの徹底"}
    opening = as_json(department="privacy", title="事務連絡", due_on=in_days(20).isoformat(), content=content)
    await duties.open(one, opening, as_=TEAM)
    bodies = tuple(RollMember(member=f"{number:05d}", name=f"第{number}市") for number in range(1741))
    receipt = await duties.enrol_many(one, Roll(members=bodies), as_=TEAM)
    assert receipt.roll is not None
    assert receipt.roll.total == 1741
    assert len(await duties.roll(one, as_=TEAM, page=18)) == 41
    with pytest.raises(ActRefusedError, match="ほか1736人"):
        await duties.enrol_many(one, Roll(members=bodies), as_=TEAM)
    with pytest.raises(ActRefusedError) as refused:
        await duties.enrol(one, as_json(added_by_document="b" * 64), as_=TEAM)
    assert refused.value.refusal.code == "unknown_roll"


async def test_nobody_audits_or_confirms_for_their_own_department(house: House) -> None:
    one, duties = own(house, "audit:own-files"), house.minaoshi.duties
    opening = as_json(
        department="audit",
        title="監査チームの記録の監査",
        due_on=in_days(90).isoformat(),
        owner=AUDITOR,
        content={"file": "監査の記録", "checklist": ["管理簿"]},
    )
    await duties.open(one, opening, as_=AUDITOR)
    findings = [{"item": "管理簿", "grade": "conforms", "text": "適合している。"}]
    paper = {"findings": findings, "conclusion": "適合している。"}
    with pytest.raises(ActRefusedError, match="自らの部署の監査"):
        await duties.hand_in(one, as_json(text="監査した。", evidence=EVIDENCE, paper=paper), as_=AUDITOR)


async def test_what_is_wrong_with_a_paper_is_said_at_its_place(house: House) -> None:
    one, duties = own(house, "log_analysis:accounts", period="2023-11"), house.minaoshi.duties
    opening = as_json(
        department="account-registration",
        title="口座登録システムのログ分析",
        due_on=in_days(15).isoformat(),
        content={"system": "口座登録システム"},
    )
    with pytest.raises(InvalidInputError) as wrong:
        await duties.open(one, opening.replace(b'"system"', b'"systems"'), as_=AUDITOR)
    assert "content.system" in wrong.value.at
    await duties.open(one, opening, as_=AUDITOR)
    paper = {"first_on": "2023-11-01", "last_on": "2023-11-30", "volume": 1200, "method": "抽出", "conclusion": "なし"}
    said = as_json(text="分析した。", evidence=EVIDENCE, paper={**paper, "volume": -1})
    with pytest.raises(InvalidInputError) as wrong:
        await duties.hand_in(one, said, as_=DRAFTER)
    assert "paper.volume" in wrong.value.at
    await duties.hand_in(one, as_json(text="分析した。", evidence=EVIDENCE, paper=paper), as_=DRAFTER)
    assert (await duties.confirm(one, as_=AUDITOR)).status is DutyStatus.CLOSED
