"""取下げ・異議・裁定・呼戻し・改訂, on the real server and in the register."""

from __future__ import annotations

import pytest

from client.errors import ActRefusedError
from schemas.acts import ActKind
from schemas.review import Outcome, Stage
from tests.house import CHIEF, DRAFTER, MANAGER, TEAM, House, as_json, today


async def test_a_withdrawal_with_consent_ends_the_review_and_leaves_the_yearly_date_alone(house: House) -> None:
    before = await house.minaoshi.assessments.show(house.assessment_id)
    review_id = await house.report_change(act_id="change/mistake")
    await house.withdraw(review_id, f"change/mistake/{house.assessment_id}")
    inbox = await house.minaoshi.inboxes.of(TEAM)
    assert ActKind.CONSENT in [task.act for task in inbox.tasks]
    await house.minaoshi.reviews.consent(review_id, as_json(agrees=True, reason="誤りである。"), as_=TEAM)
    assert (await house.handle().result()).outcome is Outcome.WITHDRAWN
    assert await house.minaoshi.assessments.show(house.assessment_id) == before
    assert (await house.minaoshi.verify_audit()).ok


async def test_the_department_alone_withdraws_nothing(house: House) -> None:
    review_id = await house.report_change(act_id="change/alone")
    await house.withdraw(review_id, f"change/alone/{house.assessment_id}")
    with pytest.raises(ActRefusedError) as refused:
        await house.minaoshi.reviews.consent(review_id, as_json(agrees=True, reason="取り下げる。"), as_=MANAGER)
    assert refused.value.refusal.code == "not_asked"
    await house.minaoshi.reviews.consent(review_id, as_json(agrees=False, reason="事実である。"), as_=TEAM)
    tasks = (await house.minaoshi.inboxes.of(CHIEF)).tasks
    assert [task.act for task in tasks] == [ActKind.SETTLE]
    receipt = await house.minaoshi.reviews.settle(
        review_id, as_json(ruling="ground_stands", reason="検討を要する。"), as_=CHIEF
    )
    assert receipt.stage is Stage.EXAMINATION


async def test_a_disputed_draft_waits_for_the_chief(house: House) -> None:
    review_id = await house.to_approval()
    await house.minaoshi.reviews.send_back(review_id, as_json(comments=[{"item": "Ⅳ8", "text": "根拠を。"}]), as_=TEAM)
    await house.submit(review_id, "revised")
    await house.minaoshi.reviews.dispute(review_id, as_json(reason="指摘は反映した。"), as_=MANAGER)
    with pytest.raises(ActRefusedError):
        await house.minaoshi.reviews.approve(review_id, as_=TEAM)
    await house.minaoshi.reviews.settle(review_id, as_json(ruling="redraft", reason="Ⅳ8を改める。"), as_=CHIEF)
    tasks = (await house.minaoshi.inboxes.of(DRAFTER)).tasks
    assert [task.act for task in tasks] == [ActKind.SUBMIT]


async def test_a_recalled_review_is_examined_and_published_after_all(house: House) -> None:
    review_id = await house.to_procedure()
    await house.minaoshi.reviews.recall(review_id, as_json(reason="確かめる。"), as_=CHIEF)
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person)
    await house.submit(review_id)
    for person in (MANAGER, TEAM):
        await house.minaoshi.reviews.approve(review_id, as_=person)
    await house.step(review_id, "submission")
    await house.minaoshi.reviews.revise(review_id, as_json(reason="指摘による。"), as_=TEAM)
    await house.submit(review_id, "revised")
    for person in (MANAGER, TEAM):
        await house.minaoshi.reviews.approve(review_id, as_=person)
    for step in ("submission", "publication"):
        await house.step(review_id, step)
    state = await house.handle().result()
    assert [done.stands for done in state.steps] == [False, True, True]
    version = (await house.minaoshi.assessments.history(house.assessment_id))[-1]
    assert (version.digest, version.published_on.isoformat()) == (state.draft_digest, today().isoformat())
