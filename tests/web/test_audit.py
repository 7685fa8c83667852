"""証跡: read by those who watch over others, in words, and verified."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.house import AUDITOR, CHIEF, MANAGER, TEAM, House
from tests.tampering import administering, tamper
from tests.web.conftest import Browser
from tests.web.two_bodies import CITY_TEAM, let_a_city_join
from tests.web.waited import done, impatient, patient

__all__ = ["impatient", "patient"]

Browsers = Callable[[], Browser]


@pytest.mark.parametrize("person", [AUDITOR, CHIEF, TEAM])
async def test_who_did_what_is_told_in_words(house: House, browser: Browsers, person: str) -> None:
    review_id = await house.report_change()
    await house.find(review_id, as_=MANAGER)
    page = await (await browser().sign_in(person)).open("/audit")
    for words in ("見直しの行為: 検討結果", "報告: 変更の報告", "組織表の適用", "運用の担当者", "見本 保護管理者"):
        assert words in page
    assert f'href="/reviews/{review_id}"' in page
    head = (await house.register.audit_head()).hash
    assert head in page


async def test_others_are_refused_in_words(browser: Browsers) -> None:
    someone = await browser().sign_in(MANAGER)
    page = await someone.open("/audit", status=403)
    assert "証跡を読めるのは監査チーム、対策チーム、総括保護管理者です" in page
    token = re.findall(r'name="form_token" value="([^"]+)"', page)[0]
    answer = await someone.web.post("/audit/verify", data={"form_token": token}, follow_redirects=True)
    assert answer.status_code == 403
    assert "証跡を読めるのは" in answer.text


async def test_the_filters(house: House, browser: Browsers) -> None:
    await house.report_change()
    someone = await browser().sign_in(AUDITOR)
    page = await someone.open("/audit?actor=drafter&action=&since=&until=")
    assert "見直しの行為: 事由の追加" in page
    assert "評価書の登録" not in page.split("<tbody>")[1]
    assert "条件に合うものはありません" in await someone.open("/audit?until=2000-01-01")
    page = await someone.open("/audit?since=tomorrow&action=operator:assessment:add", status=422)
    assert "いつからの値が正しくありません" in page
    assert "組織表の適用" not in page.split("<tbody>")[1]


async def test_older_entries_follow(empty_house: House, browser: Browsers) -> None:
    for number in range(60):
        await empty_house.add_assessment(f"more-{number}")
    someone = await browser().sign_in(AUDITOR)
    page = await someone.open("/audit")
    assert "100件を表示" in page
    [older] = re.findall(r'rel="next" href="([^"]+)"', page)
    page = await someone.open(older)
    assert "組織表の適用" in page
    assert "最も新しいもの" in page


async def test_the_chain_is_verified_through_a_head_that_was_kept(empty_house: House, patient: Browsers) -> None:
    someone = await patient().sign_in(AUDITOR)
    page = await someone.open("/audit")
    token = re.findall(r'name="form_token" value="([^"]+)"', page)[0]
    kept = (await empty_house.register.audit_head()).hash

    async def verdict(**typed: str) -> str:
        answer = await someone.web.post("/audit/verify", data={"form_token": token, **typed}, follow_redirects=True)
        assert answer.status_code == 200
        return answer.text

    assert "✓ 正しい" in await verdict(expect=kept)
    assert "控えの値 &lt;b&gt; が証跡にありません" in await verdict(expect="<b>")
    with administering(empty_house.settings.register_url) as engine:
        tamper(engine, "UPDATE assessments SET name = 'tampered'")
    page = await verdict()
    assert "✗ 誤りがあります" in page
    assert "内容が、記帳の時と違います" in page


async def test_a_long_verification_is_waited_for(impatient: Browsers) -> None:
    someone = await impatient().sign_in(AUDITOR)
    token = re.findall(r'name="form_token" value="([^"]+)"', await someone.open("/audit"))[0]
    answer = await someone.web.post("/audit/verify", data={"form_token": token})
    work = answer.headers["location"].removeprefix("/waiting/")
    await done(someone, work)
    assert "✓ 正しい" in await someone.open(f"/waiting/{work}")


async def test_of_another_body_the_trail_says_that_something_is_there(house: House, browser: Browsers) -> None:
    """The chain is one for all bodies: a number is not left out of it, and nothing more is told."""
    await let_a_city_join(house)
    review_id = await house.report_change()
    ours, theirs = await browser().sign_in(AUDITOR), await browser().sign_in(CITY_TEAM)
    numbers = [re.findall(r'class="num">(\d+)<', await one.open("/audit")) for one in (ours, theirs)]
    assert numbers[0] == numbers[1]
    assert f'href="/reviews/{review_id}"' in await ours.open("/audit")
    page = await theirs.open("/audit")
    assert "ほかの機関の記録" in page
    for words in (review_id, house.assessment_id, "見本 起案", "見本 参事官"):
        assert words not in page
    assert "条件に合うものはありません" in await theirs.open("/audit?actor=drafter")
    assert review_id in await ours.open("/audit?actor=drafter")


@pytest.mark.parametrize("asked", ["since=0001-01-01", "until=9999-12-31"])
async def test_the_ends_of_the_calendar_bound_nothing(browser: Browsers, asked: str) -> None:
    page = await (await browser().sign_in(AUDITOR)).open(f"/audit?{asked}")
    assert "組織表の適用" in page.split("<tbody>")[1]


async def test_a_number_larger_than_any_entry_is_told(browser: Browsers) -> None:
    someone = await browser().sign_in(AUDITOR)
    assert "組織表の適用" in await someone.open(f"/audit?before={2**63 - 1}")
    for huge in (str(2**63), "9" * 5000):
        assert "この番号より前の値が正しくありません" in await someone.open(f"/audit?before={huge}", status=422)
