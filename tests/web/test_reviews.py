"""見直しのページ: where a review stands, and the whole job from the finding to the publication by the pages alone."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Any

import pytest
from sqlalchemy import event

from client.review_list import Wanted
from tests.house import AUDITOR, CHIEF, DRAFTER, MANAGER, TEAM, TEAM_2, House, as_json, document, today
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
    comment: dict[str, Any] = {"comments.3.item": "様式2 Ⅰ1② 事務の概要", "comments.3.text": "根拠が足りない。"}
    page = await team.send(act(review_id, "return"), **comment)
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
        page = await team.send(act(review_id, "record_step"), done_on=today().isoformat())
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
    [residents] = await at_the_table(browser, "residents-manager")
    assert review_id not in await residents.open("/reviews?department=own")


async def test_a_page_that_there_is_not_is_the_last_one(house: House) -> None:
    review_id = await house.report_change()
    found = await house.minaoshi.reviews.page(Wanted(), as_=MANAGER, number=4)
    assert ([row.review_id for row in found.rows], found.number, found.pages, found.total) == ([review_id], 1, 1, 1)


async def test_a_list_of_many_is_read_in_two_statements_and_shown_in_pages(
    house: House, browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [f"more-{number}" for number in range(4)]
    for one in others:
        await house.add_assessment(one)
    await house.report_change(assessments=[house.assessment_id, *others])
    monkeypatch.setattr("client.review_list.PAGE", 2)
    [someone] = await at_the_table(browser, MANAGER)
    with counted(house) as statements:
        page = await someone.open("/reviews?page=2")
    assert "3頁のうち2頁" in page
    assert 'rel="prev"' in page
    assert 'rel="next"' in page
    assert sum("FROM reviews" in one for one in statements) == 2
    assert 'rel="next"' not in await someone.open("/reviews?page=3")


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
    """Write down every statement that the register is asked, but for the organisation: that is kept for a second."""
    statements: list[str] = []
    engine = house.register._database._engine  # noqa: SLF001 # what is sent to the database is seen nowhere else

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "organisation_revisions" not in statement and statement != "BEGIN":
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


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
    form = carried_by(await team.open(act(review_id, "approve")))
    owner = "この見直しは、口座登録担当のものです"
    assert owner in await residents.open(act(review_id, "approve"), status=403)
    assert owner in await residents.open(f"/reviews/{review_id}", status=403)
    for one, words in ((drafter, "行えません"), (auditor, "行えません")):
        assert words in await one.open(act(review_id, "approve"), status=409)
        page = await one.open(f"/reviews/{review_id}")
        assert "/acts/approve" not in page
        token = re.search(r'name="form_token" value="([^"]+)"', page)
        assert token
        forged = {**form, "form_token": token[1], "act_id": f"act/{uuid.uuid4()}"}
        answer = await one.web.post(act(review_id, "approve"), data=forged)
        assert answer.status_code == 409
        assert words in answer.text
    assert (await house.show(review_id)).state.approvals == ()


async def test_whoever_acts_for_a_side_that_has_approved_is_told_why_not(house: House, browser: Browsers) -> None:
    review_id = await house.to_approval()
    await house.minaoshi.reviews.approve(review_id, as_=TEAM)
    [other] = await at_the_table(browser, TEAM_2)
    page = await other.open(f"/reviews/{review_id}")
    assert "「案を承認する」はできません: 「対策チーム」は、この案を既に承認しています。" in page


async def test_a_reviews_page_asks_the_register_a_bounded_number_of_times(house: House, browser: Browsers) -> None:
    review_id = await house.report_change()
    [someone] = await at_the_table(browser, MANAGER)
    with counted(house) as few:
        await someone.open(f"/reviews/{review_id}")
    for number in range(3):
        await house.report_change(title=f"ほかの変更{number}")
    with counted(house) as many:
        await someone.open(f"/reviews/{review_id}")
    assert len(few) == len(many)


ELSEWHERE = """
[[bodies]]
id = "city"
name = "見本市"
kind = "local_government"

[[departments]]
id = "city-privacy"
body = "city"
name = "市の個人情報保護担当"

[[people]]
id = "city-chief"
body = "city"
department = "city-privacy"
name = "市の総括保護管理者"

[[people]]
id = "city-team"
body = "city"
department = "city-privacy"
name = "市の対策"

[[appointments]]
role = "chief_privacy_officer"
body = "city"
persons = ["city-chief"]

[[appointments]]
role = "team_member"
body = "city"
persons = ["city-team"]
"""


async def test_a_review_of_another_body_is_not_shown(house: House, browser: Browsers) -> None:
    review_id = await house.report_change()
    demo = resources.files("demo").joinpath("organisation.toml").read_text(encoding="utf-8")
    await house.minaoshi.organisation.apply((demo + ELSEWHERE).encode())
    [elsewhere] = await at_the_table(browser, "city-team")
    assert review_id not in await elsewhere.open("/reviews?scope=all")
    documents = f"/reviews/{review_id}/documents"
    pages = (f"/reviews/{review_id}", f"/reviews/{review_id}/state", act(review_id, "find"))
    for address in (*pages, documents, f"{documents}/basic_items"):
        assert "台帳にありません" in await elsewhere.open(address, status=404)
