"""再実施: a 全項目評価 of the State goes from a reported change to publication, through hearing and approval."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from client.errors import ActRefusedError, InvalidDocumentError, InvalidInputError
from schemas.acts import ActKind, StepRecord
from schemas.canonical import canonical_bytes
from schemas.changes import Timing
from schemas.courses import Course
from schemas.review import Outcome, Party, Stage, Step
from tests.house import DRAFTER, MANAGER, TEAM, House, as_json, document, today
from tests.workflows.in_clear import history_of, text_of
from tests.workflows.procedure import (
    OPINION,
    hear,
    notice,
    reassess,
    record,
    report_material_change,
    submit,
    to_be_carried_out,
)

MOST_EVENTS = 13
"""履歴の上限: events for one act."""


async def test_a_material_change_goes_through_hearing_and_approval_to_publication(house: House) -> None:
    review_id = await reassess(house)
    view = await house.show(review_id)
    assert (view.state.outcome, view.state.course) == (Outcome.REASSESSED, Course.REASSESS)
    assert [step.step for step in view.procedure if step.done_on] == [
        Step.PUBLIC_NOTICE,
        Step.PUBLIC_COMMENT,
        Step.SUBMISSION,
        Step.COMMISSION_APPROVAL,
        Step.PUBLICATION,
    ]
    version = (await house.minaoshi.assessments.history(house.assessment_id))[-1]
    assert [one.form for one in version.manifest.documents] == ["basic_items", "all_items"]
    approved = {given.digest for given in view.state.approvals if given.stands and given.approved}
    assert approved == {version.digest}
    assert version.changes
    assert all(row.submission_timing is Timing.AFTERWARDS for row in version.changes)
    record_ = await house.register.assessment(house.assessment_id)
    assert record_.five_years_due_on == today().replace(year=today().year + 5)
    assert record_.validated
    assert (await house.minaoshi.verify_audit()).ok
    told = [row.text for row in view.timeline if row.act is ActKind.RECORD_STEP]
    assert "意見1件、うち反映する意見1件。 資料: 写し" in told[1]
    assert "条件又は意見: 研修の結果を報告すること。" in told[3]


async def test_a_step_is_one_act_of_a_few_events(house: House) -> None:
    review_id = await to_be_carried_out(house)
    before = await events_of(house)
    until_on = (today() + timedelta(days=30)).isoformat()
    await record(house, review_id, "public_notice", as_=MANAGER, notice={"method": "広報紙", "until_on": until_on})
    assert await events_of(house) - before <= MOST_EVENTS


async def events_of(house: House) -> int:
    return len((await house.handle().fetch_history()).events)


async def test_the_opinions_are_kept_beside_the_history_and_never_in_it(house: House) -> None:
    review_id = await to_be_carried_out(house)
    await notice(house, review_id)
    await hear(house, review_id, OPINION)
    [acts] = [
        one.act for one in await house.register.acts_of(review_id) if "hearing" in one.act.model_dump(exclude_none=True)
    ]
    sheet = await house.register.document(acts.hearing.sheet)  # type: ignore[union-attr]
    assert sheet.content == {"opinions": [OPINION]}
    text = text_of(await history_of(house, house.handle().id))
    assert str(acts.hearing.sheet) in text  # type: ignore[union-attr]
    assert "共用端末の措置" not in text
    view = await house.show(review_id)
    assert (view.waits_for, view.procedure[1].to_be_revised) == ((Party.DEPARTMENT, Party.TEAM), True)


NOTICE = {"method": "掲示", "until_on": "2099-01-01"}
REFUSED = [
    pytest.param("submission", TEAM, {}, "step_order", id="公示の前の提出"),
    pytest.param(
        "public_notice",
        TEAM,
        {"notice": {"method": "掲示", "until_on": "2099-01-01"}},
        "step_side",
        id="公示を対策チームが",
    ),
    pytest.param("public_notice", MANAGER, {}, "notice_missing", id="終わりのない公示"),
]


@pytest.mark.parametrize(("step", "by", "said", "code"), REFUSED)
async def test_a_step_out_of_order_or_by_the_wrong_side_is_refused_with_its_provision(
    house: House, step: str, by: str, said: dict[str, Any], code: str
) -> None:
    review_id = await to_be_carried_out(house)
    before = await events_of(house)
    with pytest.raises(ActRefusedError) as refused:
        await record(house, review_id, step, as_=by, **said)
    assert refused.value.refusal.code == code
    assert "条" in refused.value.refusal.provision
    assert await events_of(house) == before


async def test_a_paper_that_is_not_the_one_named_is_refused_and_nothing_is_recorded(house: House) -> None:
    review_id = await to_be_carried_out(house)
    with pytest.raises(InvalidInputError, match="異なります"):
        await record(house, review_id, "public_notice", as_=MANAGER, evidence=[{"title": "写し", "sha256": "0" * 64}])
    assert not (await house.show(review_id)).state.steps


async def test_an_amendment_may_not_carry_a_material_change(house: House) -> None:
    """From the difference of the documents: 別表の項目が変わった案は、修正としては受け付けられない。"""
    await reassess(house)
    review_id = await house.report_change(title="窓口の運用の変更")
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person)
    moved = document("all-items-revised")
    moved["files"][0]["storage"]["place"] = "別の場所に移す。"
    entries = (await house.minaoshi.verify_audit()).entries
    with pytest.raises(InvalidInputError) as invalid:
        await house.minaoshi.reviews.submit(review_id, json.dumps(moved).encode(), as_=DRAFTER)
    assert ["別表の「保管場所」が変わっており" in fault for fault in invalid.value.faults] == [True]
    assert (await house.minaoshi.verify_audit()).entries == entries
    renamed = document("all-items-revised")
    renamed["basic_information"]["department"]["head_title"] = "参事官（見本）"
    receipt = await house.minaoshi.reviews.submit(review_id, json.dumps(renamed).encode(), as_=DRAFTER)
    assert receipt.stage is Stage.APPROVAL
    draft = (await house.show(review_id)).state.draft
    assert draft is not None
    assert [one.form for one in draft.documents] == ["basic_items", "all_items"]


async def test_what_both_say_in_writing_lets_an_amendment_carry_it(house: House) -> None:
    await reassess(house)
    review_id = await report_material_change(house, title="所在地の表記の変更")
    with pytest.raises(ActRefusedError) as refused:
        await house.find(review_id, as_=MANAGER)
    assert refused.value.refusal.code == "below_minimum"
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, formal_only="所在地の表記を改めるにとどまる。")
    moved = document("all-items-revised")
    moved["files"][0]["storage"]["place"] += "（表記の整理）"
    receipt = await house.minaoshi.reviews.submit(review_id, json.dumps(moved).encode(), as_=DRAFTER)
    assert receipt.stage is Stage.APPROVAL


async def test_a_change_that_comes_first_is_shown_and_called_to_the_top_at_once(house: House) -> None:
    review_id = await report_material_change(house, takes_effect_on="2026-05-10")
    view = await house.show(review_id)
    assert ["既に生じています" in sentence for sentence in view.violations] == [True]
    for _ in range(50):
        subjects = [one.subject for one in (await house.minaoshi.inboxes.of("chief")).notices]
        if any("変更が生じる日" in subject for subject in subjects):
            break
        await asyncio.sleep(0.1)
    assert any("総括保護管理者・統括官への報告（変更が生じる日" in subject for subject in subjects)


async def test_documents_of_a_set_that_disagree_are_refused_together(house: House) -> None:
    review_id = await report_material_change(house)
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, course="reassess")
    other = document("all-items")
    other["cover"]["assessment_number"] = "99"
    drafts = (json.dumps(document("corrected")).encode(), json.dumps(other).encode())
    with pytest.raises(InvalidDocumentError) as invalid:
        await house.minaoshi.reviews.submit(review_id, *drafts, as_=DRAFTER)
    assert {error.rule for error in invalid.value.errors} == {"number_of_the_plan", "numbers_agree"}
    with pytest.raises(InvalidDocumentError) as alone:
        await submit(house, review_id, "corrected")
    assert [error.rule for error in alone.value.errors] == ["level_is_the_set"]
    twice = json.dumps(document("corrected")).encode()
    with pytest.raises(InvalidInputError, match="様式2の文書が二つ以上"):
        await house.minaoshi.reviews.submit(review_id, twice, twice, as_=DRAFTER)
    await submit(house, review_id, "corrected", "all-items")


async def test_a_submission_goes_with_the_plan_of_that_moment_and_again_with_the_same(house: House) -> None:
    review_id = await to_be_carried_out(house)
    await notice(house, review_id)
    await hear(house, review_id)
    content = as_json(step="submission", done_on=today().isoformat())
    reviews = house.minaoshi.reviews
    first = await reviews.record_step(review_id, content, as_=TEAM, act_id="submission/1")
    again = await reviews.record_step(review_id, content, as_=TEAM, act_id="submission/1")
    assert again == first
    acts = [one.act for one in await house.register.acts_of(review_id) if isinstance(one.act, StepRecord)]
    [paper] = acts[-1].evidence
    plan = await house.register.document(paper.sha256)
    assert (paper.title, plan.form) == ("計画管理書", "plan")
    assert '"number":"1"' in canonical_bytes(plan.content).decode()


async def test_an_emergency_is_told_in_the_basic_form_before_it_is_accepted(house: House) -> None:
    facts = {"takes_effect_on": "2026-05-10", "emergency": "地震により庁舎が使えなくなった。"}
    review_id = await report_material_change(house, **facts)
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, course="reassess")
    assert (await house.show(review_id)).violations == ()
    with pytest.raises(InvalidInputError) as refused:
        await submit(house, review_id, "corrected", "all-items")
    assert ["様式2 Ⅰ9" in fault for fault in refused.value.faults] == [True]
    basic = document("corrected")
    basic["related_information"]["article_9_2"] = {"status": "applied", "reason": "災害のため。"}
    drafts = (json.dumps(basic).encode(), json.dumps(document("all-items")).encode())
    assert (await house.minaoshi.reviews.submit(review_id, *drafts, as_=DRAFTER)).stage is Stage.APPROVAL
