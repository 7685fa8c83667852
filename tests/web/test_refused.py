"""拒否の記録: what a page refuses to whoever is signed in is in the trail, without what they typed."""

from __future__ import annotations

from collections.abc import Callable

from schemas.records import AuditAction, Occurrence
from tests.house import AUDITOR, DRAFTER, MANAGER, TEAM, House
from tests.web.conftest import Browser

Browsers = Callable[[], Browser]


async def noted(house: House) -> list[tuple[str, str, object]]:
    found: tuple[Occurrence, ...] = await house.register.occurrences(AuditAction.REFUSED_BY_PAGE)
    return [(one.person, one.subject, one.detail["address"]) for one in found]


async def test_an_act_that_a_rule_refuses_is_noted_without_what_was_typed(house: House, browser: Browsers) -> None:
    review_id = await house.report_change()
    someone = await browser().sign_in(MANAGER)
    address = f"/reviews/{review_id}/acts/find"
    page = await someone.open(address)
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, course="no_change")
    await house.handle().result()
    refused = await someone.send(address, page=page, status=409, course="no_change", reason="秘密の理由")
    assert "秘密の理由" in refused
    [one] = await house.register.occurrences(AuditAction.REFUSED_BY_PAGE)
    assert (one.person, one.detail["address"], one.detail["act"]) == (MANAGER, f"POST {address}", "検討結果")
    assert one.subject == one.detail["code"]
    assert "秘密" not in one.model_dump_json()


async def test_a_page_that_is_for_others_is_noted_and_its_question_is_not(house: House, browser: Browsers) -> None:
    someone = await browser().sign_in(DRAFTER)
    await someone.open("/audit?actor=secret-word", status=403)
    assert await noted(house) == [(DRAFTER, "not_permitted", "GET /audit")]


async def test_what_is_only_wrong_or_unknown_is_not_noted(house: House, browser: Browsers) -> None:
    someone = await browser().sign_in(AUDITOR)
    await someone.open("/reviews/nothing/1", status=404)
    await someone.open("/audit?since=yesterday", status=422)
    assert (await browser().web.get("/audit")).status_code == 303
    assert await noted(house) == []


async def test_the_trail_shows_what_was_refused(browser: Browsers) -> None:
    someone = await browser().sign_in(DRAFTER)
    await someone.open("/audit", status=403)
    shown = await (await browser().sign_in(AUDITOR)).open("/audit")
    assert "ページでの拒否" in shown
    assert "not_permitted" in shown
