"""報告する: in a form that works without scripts; what was typed is never lost; and a page that says who was told."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from engine.server import EmbeddedServer
from tests.house import TEAM, House, open_house
from tests.web.conftest import Browser, browsers_of


@pytest.fixture(scope="module")
async def office(
    client_connection: Client, server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """Furnish one house for all tests of the module: each reports something of its own."""
    async with open_house(client_connection, server.settings, tmp_path_factory.mktemp("office")) as house:
        await house.furnish()
        async with house.worker():
            yield house


@pytest.fixture
async def desk(office: House) -> AsyncIterator[Browser]:
    async with browsers_of(office) as make:
        yield await make().sign_in("desk")


@pytest.fixture
async def team(office: House) -> AsyncIterator[Browser]:
    async with browsers_of(office) as make:
        yield await make().sign_in(TEAM)


async def test_one_chooses_what_to_report(desk: Browser) -> None:
    page = await desk.open("/report")
    for slug in ("risk", "change", "new-business", "end-of-business"):
        assert f'href="/report/{slug}"' in page
    await desk.open("/report/nothing", status=404)


async def test_a_risk_event_needs_a_title_and_what_happened(desk: Browser) -> None:
    page = await desk.send("/report/risk", title="誤交付", facts="別人の書類を渡した。")
    assert "報告を受け付けました" in page
    assert "対策チームが示します" in page
    assert "見本 総括保護管理者" in page
    assert "リスク事案の対応を見る" in page
    assert '発生した日</dt><dd class="typed">分からない' in page


async def test_what_is_refused_comes_back_as_it_was_typed(desk: Browser) -> None:
    typed = "<script>alert(1)</script>𠮷野\u8fbb\U000e0100家の書類"
    page = await desk.send(
        "/report/risk", status=422, title="", facts=typed, known_on="2999-01-01", persons_affected="九人"
    )
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;𠮷野\u8fbb\U000e0100家の書類" in page
    assert 'value="2999-01-01"' in page
    assert 'value="九人"' in page
    assert "書かれていません" in page
