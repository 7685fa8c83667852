"""知らせのページ: what I was told and whether it reached me; for the team, what reached nobody."""

from __future__ import annotations

import re

from client.notices import AT_ONCE
from schemas.letters import Means
from schemas.records import Notice
from tests.house import MANAGER, TEAM
from tests.register import samples
from tests.waiting import NOW, Desk, counted, open_reviews
from tests.web.at_the_desk import Browsers, browser, desk

__all__ = ["browser", "desk"]


async def told(desk: Desk, *names: str) -> list[str]:
    await open_reviews(desk, names, notices=1)
    return [one.notice_id for one in await desk[1].notices_for(MANAGER)]


async def test_who_was_told_nothing_reads_so(browser: Browsers) -> None:
    someone = await browser().sign_in(MANAGER)
    assert "知らせはまだありません" in await someone.open("/notices")
    assert "これより古い知らせはありません" in await someone.open("/notices?page=2")
    await someone.open("/notices?page=0", status=422)


async def test_each_notice_says_by_which_way_and_whether_it_reached(desk: Desk, browser: Browsers) -> None:
    _, register = desk
    by_mail, by_inbox, held, failed, waiting = await told(desk, "a-1", "a-2", "a-3", "a-4", "a-5")
    await register.mark_notices_delivered([by_mail], means=Means.MAIL, at=NOW)
    await register.mark_notices_delivered([by_inbox], means=Means.INBOX, at=NOW)
    await register.digests.hold([held], until=NOW)
    await register.mark_notices_failed([failed], failure="550 <b>No such user</b>", at=NOW)
    page = await (await browser().sign_in(MANAGER)).open("/notices")
    rows = dict(
        re.findall(r'<a href="/reviews/([^/]+)/1">.*?<td>(?:メール|受信箱)</td><td>(.*?)</td>', page, re.DOTALL)
    )
    assert rows == {
        by_mail.partition("/")[0]: "送りました",
        by_inbox.partition("/")[0]: "受信箱に示しました",
        held.partition("/")[0]: "次のまとめで送ります",
        failed.partition("/")[0]: '<span class="late">届きませんでした: 550 &lt;b&gt;No such user&lt;/b&gt;</span>',
        waiting.partition("/")[0]: "送っています",
    }
    assert "届いていない知らせ" not in page


async def test_the_team_settles_what_was_told_otherwise_and_sends_the_rest_again(desk: Desk, browser: Browsers) -> None:
    _, register = desk
    ids = await told(desk, "a-1", "a-2")
    await register.mark_notices_given_out(by_mail=ids, by_inbox=[], at=NOW)
    for notice_id in ids:
        await register.mark_notices_failed([notice_id], failure="550", at=NOW)
    someone = await browser().sign_in(TEAM)
    assert "届いていない知らせ（2件）" in await someone.open("/notices")
    assert "届いていない知らせ" in await someone.open("/?kind=undelivered")
    one, other = [found.number for found in await desk[0].inboxes.undelivered(TEAM)]
    assert "見本 保護管理者" in await someone.open(f"/notices/{one}/settle")
    page = await someone.send(f"/notices/{one}/settle")
    assert "見本 保護管理者に別の手段で伝えたことを記録しました。" in page
    assert "届いていない知らせ（1件）" in page
    page = await someone.send(f"/notices/{other}/send-again")
    assert "もう一度送ります" in page
    assert "届いていない知らせ（" not in page
    assert len(await register.waiting_notices(limit=10)) == 1
    # Sent twice from two tabs: the second finds nothing left to do, and says so.
    assert f"届いていない知らせ {one} は" in await someone.open(f"/notices/{one}/settle", status=404)
    mine = await (await browser().sign_in(MANAGER)).open("/notices")
    assert "見本 参事官が、別の手段で伝えました" in mine


async def test_what_is_undelivered_is_for_the_team_alone(desk: Desk, browser: Browsers) -> None:
    (notice_id,) = await told(desk, "a-1")
    await desk[1].mark_notices_failed([notice_id], failure="550", at=NOW)
    (one,) = await desk[0].inboxes.undelivered(TEAM)
    someone = await browser().sign_in(MANAGER)
    assert "届いていない知らせ（" not in await someone.open("/notices")
    for act in ("settle", "send-again"):
        await someone.open(f"/notices/{one.number}/{act}", status=404)


async def test_many_notices_stand_on_several_pages_and_cost_the_same(desk: Desk, browser: Browsers) -> None:
    await open_reviews(desk, ["a-1"], notices=3)
    someone = await browser().sign_in(MANAGER)
    with counted(desk[1]) as with_three:
        assert "古い知らせ →" not in await someone.open("/notices")
    await open_reviews(desk, ["a-2"], notices=AT_ONCE)
    with counted(desk[1]) as with_more:
        first = await someone.open("/notices")
    assert abs(len(with_more) - len(with_three)) <= 1
    assert "古い知らせ →" in first
    second = await someone.open("/notices?page=2")
    assert second.count('<a href="/reviews/') == 3
    assert "← 新しい知らせ" in second


async def test_a_notice_of_a_risk_event_leads_to_the_event(desk: Desk, browser: Browsers) -> None:
    notice = Notice(
        notice_id=f"risk/1>0001>{MANAGER}", person=MANAGER, review_id=None, assessment_id=None, subject="リスク事案"
    )
    await desk[1].record_report(samples.risk_intake("risk/1"), at=samples.AT, notices=(notice,))
    assert 'href="/events/risk/1"' in await (await browser().sign_in(MANAGER)).open("/notices")
