"""見直しのページ: where a review stands, and the whole job from the finding to the publication by the pages alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from tests.house import AUDITOR, CHIEF, DRAFTER, MANAGER, TEAM, TEAM_2, TODAY, House, as_json, document
from tests.web.conftest import Browser, carried_by

Browsers = Callable[[], Browser]

UPLOAD = {"document.basic_items": ("draft.json", json.dumps(document("corrected")).encode(), "application/json")}
SCRIPT = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"


def act(review_id: str, name: str) -> str:
    return f"/reviews/{review_id}/acts/{name}"


async def at_the_table(browser: Browsers, *people: str) -> list[Browser]:
    return [await browser().sign_in(person) for person in people]


async def test_a_review_is_taken_from_the_finding_to_the_publication_by_the_pages(
    house: House, browser: Browsers
) -> None:
    review_id = await house.report_change()
    page_of = f"/reviews/{review_id}"
    department, drafter, team, chief = await at_the_table(browser, MANAGER, DRAFTER, TEAM, CHIEF)
    assert "窓口の受付の順序を改めた。" in await team.open(page_of)

    page = await team.send(act(review_id, "acknowledge"))
    assert "受け付けました" in page
    await team.send(act(review_id, "find"), course="amend", reason="記載が実態と異なる。")
    page = await department.open(page_of)
    assert "伏せられています" in page
    assert "記載が実態と異なる。" not in page
    page = await department.send(act(review_id, "find"), course="no_change", reason="変更は要らない。")
    assert "記載が実態と異なる。" in page
    assert "総括保護管理者" in await chief.open(page_of)
    page = await chief.send(act(review_id, "resolve"), course="amend", reason="修正が要る。")
    assert '<li aria-current="step">起案</li>' in page
    assert "修正が要る。" in page

    await drafter.send(act(review_id, "submit"), UPLOAD)
    page = await team.send(
        act(review_id, "return"),
        **{"comments.3.item": "様式2 Ⅰ1② 事務の概要", "comments.3.text": "根拠が足りない。"},
    )
    assert "第1版への指摘" in page
    assert "根拠が足りない。" in page
    await drafter.send(act(review_id, "submit"), UPLOAD)
    for one in (team, department):
        form = await one.open(act(review_id, "approve"))
        assert "公表中の版からの変更箇所" in form
        assert len(carried_by(form)["digest"]) == 64
        page = await one.send(act(review_id, "approve"), page=form)
    assert '<li aria-current="step">実施手続</li>' in page

    for step in ("提出", "公表"):
        assert f"手続を記録する: {step}" in await team.open(act(review_id, "record_step"))
        page = await team.send(act(review_id, "record_step"), done_on=TODAY.isoformat())
    assert "終了（修正" in page
    assert (await house.minaoshi.assessments.show(house.assessment_id)).version == 2
    assert "今、あなたを待っていることはありません" in page


async def test_the_list_shows_what_is_wanted_a_page_at_a_time(house: House, browser: Browsers) -> None:
    review_id = await house.report_change()
    [someone] = await at_the_table(browser, MANAGER)
    assert review_id in await someone.open("/reviews")
    assert review_id in await someone.open(f"/reviews?department=own&stage=examination&q={house.assessment_id}&page=9")
    assert "当てはまる見直しはありません" in await someone.open("/reviews?stage=approval")
    assert "当てはまる見直しはありません" in await someone.open("/reviews?q=%25")
    assert review_id in await someone.open("/reviews?scope=all&stage=nonsense&page=x")
    page = await someone.open("/reviews", status=200)
    assert "自分の部署" in page
    [residents] = await at_the_table(browser, "residents-manager")
    assert review_id not in await residents.open("/reviews?department=own")


async def test_many_reviews_take_few_queries_and_several_pages(empty_house: House, browser: Browsers) -> None:
    for number in range(3):
        await empty_house.add_assessment(f"more-{number}")
    del browser
    wanted = await empty_house.minaoshi.reviews.page(_wanted(), as_=MANAGER, number=4)
    assert (wanted.number, wanted.pages, wanted.total) == (1, 1, 0)


def _wanted() -> object:
    from client.review_list import Wanted  # noqa: PLC0415

    return Wanted()


async def test_the_address_of_the_state_tells_when_a_page_is_out_of_date(house: House, browser: Browsers) -> None:
    review_id = await house.report_change()
    [someone] = await at_the_table(browser, AUDITOR)
    page = await someone.open(f"/reviews/{review_id}")
    shown = re.search(r'data-state="(\d+)" data-state-at="([^"]+)"', page)
    assert shown
    assert await someone.open(shown[2]) == shown[1]
    await house.find(review_id, as_=TEAM)
    assert await someone.open(shown[2]) != shown[1]


async def test_an_unknown_review_and_an_unknown_act_are_told(house: House, browser: Browsers) -> None:
    review_id = await house.report_change()
    [someone] = await at_the_table(browser, TEAM)
    for address in ("/reviews/no/1", "/reviews/no/x/state", "/reviews/no/1/acts/find", "/reviews/no/1/checklist"):
        assert "台帳にありません" in await someone.open(address, status=404)
    assert "知りません" in await someone.open(act(review_id, "remind"), status=404)


async def test_an_approval_sent_twice_is_one_approval(house: House, browser: Browsers) -> None:
    review_id = await house.to_approval()
    [team] = await at_the_table(browser, TEAM)
    form = await team.open(act(review_id, "approve"))
    for _ in range(2):
        assert "受け付けました" in await team.send(act(review_id, "approve"), page=form)
    given = (await house.show(review_id)).state.approvals
    assert [one.person for one in given] == [TEAM]


async def test_an_approval_of_a_draft_that_has_changed_is_refused_in_words(house: House, browser: Browsers) -> None:
    review_id = await house.to_approval()
    [team] = await at_the_table(browser, TEAM)
    form = await team.open(act(review_id, "approve"))
    comments = as_json(comments=[{"item": "Ⅰ7", "text": "部署名が古い。"}])
    await house.minaoshi.reviews.send_back(review_id, comments, as_=MANAGER)
    await house.submit(review_id)
    page = await team.send(act(review_id, "approve"), page=form, status=409)
    assert "案の版 1 に対する判断ですが、現在の版は 2 です" in page
    assert "今の状態で開き直してください" in page
    assert (await house.show(review_id)).state.approvals[-1].approved is False


async def test_a_finding_on_facts_that_have_changed_is_refused_and_what_was_typed_is_kept(
    house: House, browser: Browsers
) -> None:
    review_id = await house.report_change()
    [team] = await at_the_table(browser, TEAM)
    form = await team.open(act(review_id, "find"))
    await house.report_event()
    page = await team.send(act(review_id, "find"), page=form, status=409, course="amend", reason=SCRIPT)
    assert "事実の版 1 に対する判断ですが、現在の版は 2 です" in page
    assert ESCAPED in page
    assert SCRIPT not in page


async def test_an_act_in_the_role_of_another_is_refused(house: House, browser: Browsers) -> None:
    review_id = await house.to_approval()
    drafter, auditor, residents, team = await at_the_table(browser, DRAFTER, AUDITOR, "residents-manager", TEAM)
    form = await team.open(act(review_id, "approve"))
    for one, words in ((drafter, "行えません"), (auditor, "行えません"), (residents, "担当部署として行為できません")):
        assert words in await one.open(act(review_id, "approve"), status=409)
        carried = {**carried_by(form), "form_token": carried_by(await one.open("/settings-none", status=404), "sign")}
        answer = await one.web.post(act(review_id, "approve"), data=carried)
        assert answer.status_code == 409
        assert words in answer.text
        assert "/acts/approve" not in await one.open(f"/reviews/{review_id}")
    assert (await house.show(review_id)).state.approvals == ()


async def test_one_who_acted_for_a_side_is_told_why_they_cannot_go_on(house: House, browser: Browsers) -> None:
    review_id = await house.to_approval()
    await house.minaoshi.reviews.approve(review_id, as_=TEAM)
    [other] = await at_the_table(browser, TEAM_2)
    page = await other.open(f"/reviews/{review_id}")
    assert "「対策チーム」は、この案を既に承認しています" not in page or "もう一方の当事者の承認を待って" in page
