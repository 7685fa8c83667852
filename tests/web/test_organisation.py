"""組織: bodies, departments, people with their roles, and whom a risk event is told, as a picture and as a table."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.house import MANAGER, House
from tests.web.conftest import Browser
from tests.web.two_bodies import OUTSIDER, let_a_city_join
from web import organisation

Browsers = Callable[[], Browser]


async def test_who_does_what_and_whom_an_event_is_told(empty_house: House, browser: Browsers) -> None:
    await let_a_city_join(empty_house)
    someone = await browser().sign_in(MANAGER)
    page = await someone.open("/organisation")
    assert "第2版" in page
    assert "minaoshi organisation apply" in page
    for words in ("内閣総理大臣（デジタル庁）", "見本 代理", "受領確認（開庁日）", "監査チーム"):
        assert words in page
    assert page.count("のリスク事案を知らせる相手") == 4
    page = await someone.open("/organisation?department=resident-records")
    assert page.count("のリスク事案を知らせる相手") == 1
    assert 'src="/organisation/flow.svg?department=resident-records"' in page
    drawn = await someone.web.get("/organisation/flow.svg?department=resident-records")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert "見本 住民保護管理者" in drawn.text
    assert "見本 手当保護管理者" not in drawn.text
    assert "見本 参事官" in (await someone.web.get("/organisation/flow.svg")).text
    for unknown in ("x", "city-residents"):
        page = await someone.open(f"/organisation/flow.svg?department={unknown}", status=404)
        assert f"部署「{unknown}」は組織表にありません" in page


async def test_the_people_of_another_body_are_not_shown(empty_house: House, browser: Browsers) -> None:
    await let_a_city_join(empty_house)
    theirs, ours = await browser().sign_in(OUTSIDER), await browser().sign_in(MANAGER)
    page = await theirs.open("/organisation")
    assert "見本市長" in page
    assert "デジタル庁" not in page
    for place in ("/organisation", "/organisation/flow.svg"):
        assert "見本 市対策" not in await ours.open(place)
    assert "組織表にありません" in await ours.open("/organisation/city-residents", status=404)


async def test_a_department_shows_its_people_with_their_roles(browser: Browsers) -> None:
    someone = await browser().sign_in(MANAGER)
    page = await someone.open("/organisation/account-registration")
    assert "見本 保護管理者" in page
    assert "職員（報告のみ）" in page
    page = await someone.open("/organisation/audit")
    assert "評価書を担当しません" in page
    assert "部署「nowhere」は組織表にありません" in await someone.open("/organisation/nowhere", status=404)


async def test_of_a_large_organisation_one_flow_is_shown_at_once(
    browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(organisation, "MOST_FLOWS", 2)
    someone = await browser().sign_in(MANAGER)
    page = await someone.open("/organisation?department=nowhere")
    assert page.count("のリスク事案を知らせる相手") == 1
    assert '<option value="">すべて</option>' not in page
