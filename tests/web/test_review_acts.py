"""見直しの行為のページ: the ways back, the steps of a reassessment, and what comes back of what was typed."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from schemas.review import Outcome, Stage, Step
from tests.house import CHIEF, DRAFTER, MANAGER, TEAM, House, today
from tests.web.conftest import Browser, carried_by
from tests.web.test_reviews import ESCAPED, SCRIPT, act, at_the_table
from tests.workflows.lifecycle import begin
from tests.workflows.procedure import HEARD_ON, NOTICED_ON, PAPER, record, to_be_carried_out

Browsers = Callable[[], Browser]
Typed = dict[str, Any]

COMMENT: Typed = {"comments.0.item": "全般", "comments.0.text": "根拠を。"}


async def test_a_mistake_is_withdrawn_contested_and_settled(house: House, browser: Browsers) -> None:
    review_id = await house.report_change(act_id="change/mistake-on-pages")
    drafter, team, chief = await at_the_table(browser, DRAFTER, TEAM, CHIEF)
    ground = f"change/mistake-on-pages/{house.assessment_id}"
    page = await drafter.send(act(review_id, "withdraw"), ground_id=ground, reason="誤って報告した。")
    assert "もう一方の同意を待っています" in page
    page = await team.send(act(review_id, "consent"), status=422, agrees="", reason=SCRIPT)
    assert ESCAPED in page
    page = await team.send(act(review_id, "consent"), agrees="no", reason="事実である。")
    assert "総括保護管理者の裁定を待っています" in page
    form = await chief.open(act(review_id, "settle"))
    assert "取下げを認める" in form
    assert "起案に戻す" not in form
    await chief.send(act(review_id, "settle"), ruling="withdrawn", reason="誤りと認める。")
    assert (await house.show(review_id)).state.outcome is Outcome.WITHDRAWN


async def test_a_disputed_draft_and_a_recalled_review(house: House, browser: Browsers) -> None:
    review_id = await house.to_approval()
    department, team, chief = await at_the_table(browser, MANAGER, TEAM, CHIEF)
    await team.send(act(review_id, "return"), **COMMENT)
    await house.submit(review_id, "revised")
    page = await department.send(act(review_id, "dispute"), reason="指摘は反映した。")
    assert "案に異議が申し出られています" in page
    assert "異議" in await team.open(act(review_id, "approve"), status=409)
    await chief.send(act(review_id, "settle"), ruling="text_stands", reason="足りている。")
    for one in (department, team):
        await one.send(act(review_id, "approve"))
    await chief.send(act(review_id, "recall"), reason="確かめる。")
    assert (await house.show(review_id)).state.stage is Stage.EXAMINATION


async def test_what_was_submitted_can_be_revised(house: House, browser: Browsers) -> None:
    review_id = await house.to_procedure()
    await house.step(review_id, "submission")
    [team] = await at_the_table(browser, TEAM)
    page = await team.send(act(review_id, "revise"), reason="委員会の指摘による。")
    assert '<li aria-current="step">起案</li>' in page


async def test_an_assessment_is_handed_over_by_the_names_of_departments(house: House, browser: Browsers) -> None:
    review_id = await house.report_change()
    [chief] = await at_the_table(browser, CHIEF)
    form = await chief.open(act(review_id, "hand_over"))
    assert "住民記録担当（見本）" in form
    assert 'value="account-registration">口座登録担当' not in form
    said: Typed = {"department": "resident-records", "reason": "組織の改編による。"}
    for _ in range(2):
        page = await chief.send(act(review_id, "hand_over"), page=form, **said)
    assert "担当部署: 住民記録担当（見本）" in page
    assert (await house.show(review_id)).state.sequence == 2


async def test_a_gate_is_passed_by_its_exception(house: House, browser: Browsers) -> None:
    review_id = await begin(house)
    [department] = await at_the_table(browser, MANAGER)
    page = await department.open(f"/reviews/{review_id}")
    assert "情報連携の開始" in page
    form = await department.open(act(review_id, "pass_gate"))
    assert "network_link_start" not in form
    page = await department.send(act(review_id, "pass_gate"), status=409, gate="hold_start", passed_on=str(today()))
    assert "第9条第2項" in page
    said: Typed = {"gate": "hold_start", "passed_on": str(today()), "emergency": "災害のため。"}
    await department.send(act(review_id, "pass_gate"), **said)
    assert [one.by_exception for one in (await house.show(review_id)).state.gates_passed] == [True]


async def test_the_steps_of_a_reassessment_are_told_as_each_asks(house: House, browser: Browsers) -> None:
    review_id = await to_be_carried_out(house)
    department, team = await at_the_table(browser, MANAGER, TEAM)
    door = act(review_id, "record_step")
    assert "記録できるのは" in await team.open(door, status=409) or "担当部署" in await team.open(door, status=409)

    notice: Typed = {
        "done_on": str(NOTICED_ON),
        "note": "見本",
        "notice.method": "ウェブサイト",
        "notice.until_on": str(NOTICED_ON + timedelta(days=30)),
    }
    page = await department.send(door, status=409, **notice)
    assert "公示文の写し" in page
    await department.send(door, {"evidence.0.file": ("公示文.pdf", PAPER, "application/pdf")}, **notice)

    form = await department.open(door)
    typed: Typed = {"opinions.1.opinion": SCRIPT, "opinions.1.answer": "措置を加えた。", "opinions.1.reflected": "yes"}
    more = await department.send(door, page=form, more="yes", **typed)
    assert ESCAPED in more
    assert 'name="opinions.5.opinion"' in more
    said: Typed = {"done_on": str(HEARD_ON), "note": "見本", "opinions.0.opinion": "足りない。"}
    page = await department.send(door, page=form, status=422, **said)
    assert 'href="#f-opinions.0.answer"' in page
    page = await department.send(door, page=form, **{**said, "opinions.0.answer": "そのとおり。"})
    state = (await house.show(review_id)).state
    assert [one.step for one in state.steps] == [Step.PUBLIC_NOTICE, Step.PUBLIC_COMMENT]
    assert "意見1件、うち反映する意見0件" in page

    await record(house, review_id, "submission")
    said = {
        "done_on": str(today()),
        "judgement.conditions.2": "委託先を確かめること。",
        "judgement.requires_revision": "yes",
    }
    file = {"evidence.0.file": ("承認.pdf", PAPER, "application/pdf")}
    page = await team.send(door, file, **said)
    assert "条件又は意見: 委託先を確かめること。" in page
    assert "案を改めることとされています" in page


async def test_papers_are_named_once_and_may_be_told_by_their_digest(house: House, browser: Browsers) -> None:
    review_id = await house.to_procedure()
    [team] = await at_the_table(browser, TEAM)
    door = act(review_id, "record_step")
    twice = {
        "evidence.0.file": ("a.pdf", PAPER, "application/pdf"),
        "evidence.1.file": ("b.pdf", PAPER, "application/pdf"),
    }
    on: Typed = {"done_on": str(today())}
    titles = {"evidence.0.title": "控え", "evidence.1.title": "控え"}
    page = await team.send(door, twice, status=422, **on, **titles)
    assert "資料「控え」が二つあります" in page
    page = await team.send(door, status=422, **on, **{"evidence.0.title": "控え"})
    assert 'href="#f-evidence.0.sha256"' in page
    form = await team.open(door)
    for _ in range(2):
        await team.send(door, page=form, **{**on, "evidence.3.title": "控え", "evidence.3.sha256": "a" * 64})
    assert (await house.show(review_id)).next_step is Step.PUBLICATION
    acts = await house.register.acts_of(review_id)
    assert '"title":"控え","sha256":"' + "a" * 64 in acts[-1].act.model_dump_json()


async def test_without_a_document_nothing_is_submitted_and_a_bad_one_is_told_item_by_item(
    house: House, browser: Browsers
) -> None:
    review_id = await house.report_change()
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person)
    [drafter] = await at_the_table(browser, DRAFTER)
    page = await drafter.send(act(review_id, "submit"), status=422)
    assert "文書が選ばれていません" in page
    bad = {"document.basic_items": ("draft.json", b"[", "application/json")}
    note = {"explanations.1.item": "Ⅰ7", "explanations.1.text": SCRIPT}
    page = await drafter.send(act(review_id, "submit"), bad, status=422, **note)
    assert ESCAPED in page
    assert f"/reviews/{review_id}/documents/basic_items" in page


async def differing(house: House) -> str:
    review_id = await house.report_change()
    await house.find(review_id, as_=MANAGER)
    await house.find(review_id, as_=TEAM, course="no_change")
    return review_id


Form = tuple[Callable[[House], Awaitable[str]], str, str, Typed]

EVERY_TEXT = [
    pytest.param((House.report_change, MANAGER, "find", {"course": "amend"}), id="検討結果"),
    pytest.param((House.report_change, MANAGER, "withdraw", {}), id="取下げの申出"),
    pytest.param((differing, CHIEF, "resolve", {"course": "amend"}), id="決定"),
    pytest.param((House.to_approval, TEAM, "return", {}), id="差戻し"),
    pytest.param((House.to_procedure, TEAM, "record_step", {"done_on": str(today())}), id="手続の記録"),
    pytest.param((House.to_procedure, CHIEF, "recall", {}), id="呼戻し"),
    pytest.param((House.to_procedure, CHIEF, "hand_over", {"department": "resident-records"}), id="所管替え"),
    pytest.param((to_be_carried_out, MANAGER, "record_step", {"done_on": str(today())}), id="公示"),
]


@pytest.mark.parametrize("form_of", EVERY_TEXT)
async def test_a_script_in_any_field_is_text_and_stays_so(house: House, browser: Browsers, form_of: Form) -> None:
    reach, person, name, chosen = form_of
    review_id = await reach(house)
    [someone] = await at_the_table(browser, person)
    form = await someone.open(act(review_id, name))
    texts = re.findall(r'<(?:textarea|input type="text") [^>]*name="([^"]+)"', form)
    assert texts
    typed = {**carried_by(form), **chosen, **dict.fromkeys(texts, SCRIPT)}
    answer = await someone.web.post(act(review_id, name), data=typed, follow_redirects=True)
    assert answer.status_code in (200, 422)
    assert SCRIPT not in answer.text
    assert ESCAPED in answer.text


async def test_what_was_reported_is_shown_letter_by_letter(house: House, browser: Browsers) -> None:
    review_id = await house.report_change(title=SCRIPT, facts=f"{SCRIPT}𠮷葛󠄀")
    [department] = await at_the_table(browser, MANAGER)
    for address in ("/reviews", f"/reviews/{review_id}", act(review_id, "find")):
        page = await department.open(address)
        assert SCRIPT not in page
        assert ESCAPED in page
    assert "𠮷葛󠄀" in page


async def test_comments_are_asked_for_and_more_rows_do_nothing(house: House, browser: Browsers) -> None:
    review_id = await house.to_approval()
    [team] = await at_the_table(browser, TEAM)
    page = await team.send(act(review_id, "return"), status=422)
    assert "少なくとも1件要ります" in page
    typed: Typed = {f"comments.{number}.text": f"指摘{number}" for number in range(5)}
    page = await team.send(act(review_id, "return"), more="yes", **typed)
    assert page.count("指摘3") == 1
    assert 'name="comments.9.text"' in page
    page = await team.send(act(review_id, "return"), status=422, **{"comments.4.text": "項目がない"})
    assert 'href="#f-comments.0.item"' in page
    assert (await house.show(review_id)).state.stage is Stage.APPROVAL


async def test_what_has_joined_since_the_page_was_opened_is_not_acknowledged(house: House, browser: Browsers) -> None:
    review_id = await house.report_change()
    [team] = await at_the_table(browser, TEAM)
    form = await team.open(act(review_id, "acknowledge"))
    await house.report_change(title="もう一つの変更")
    page = await team.send(act(review_id, "acknowledge"), page=form, status=422)
    assert "このページを開いた後に、事由が変わりました" in page
    await team.send(act(review_id, "acknowledge"))
    grounds = (await house.show(review_id)).state.grounds
    assert [one.acknowledged_by for one in grounds] == [TEAM, TEAM]


async def test_an_acknowledgement_that_is_sent_again_is_done_though_more_has_joined_since(
    house: House, browser: Browsers
) -> None:
    """The pages ended before they answered; the browser sends the same form once more."""
    review_id = await house.report_change()
    [team] = await at_the_table(browser, TEAM)
    form = await team.open(act(review_id, "acknowledge"))
    await team.send(act(review_id, "acknowledge"), page=form)
    await house.report_change(title="もう一つの変更")
    page = await team.send(act(review_id, "acknowledge"), page=form)
    assert "受け付けました" in page
    grounds = (await house.show(review_id)).state.grounds
    assert [one.acknowledged_by for one in grounds] == [TEAM, None]
