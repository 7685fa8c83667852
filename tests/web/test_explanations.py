"""判断を試す: asked by an address that can be shared; nothing is recorded."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest

from tests.house import House
from tests.web.as_shown import as_shown
from tests.web.conftest import Browser
from tests.web.office import office, signed_in
from tests.web.test_reports import STRANGE

__all__ = ["office"]


@pytest.fixture
async def desk(office: House) -> AsyncIterator[Browser]:
    async with signed_in(office, "desk") as browser:
        yield browser


async def test_one_chooses_what_to_ask(desk: Browser) -> None:
    page = await desk.open("/explain")
    for slug in ("threshold", "change", "breach", "deadlines"):
        assert f'href="/explain/{slug}"' in page
        assert ">答え " not in await desk.open(f"/explain/{slug}")
    await desk.open("/explain/nothing", status=404)


ANSWERS = [
    pytest.param(
        "threshold?data_subjects=9,999&handlers=499&serious_incident=no",
        ["基礎項目評価", "規則第5条第1項"],
        id="九千九百九十九人",
    ),
    pytest.param(
        "threshold?data_subjects=100000&handlers=500&serious_incident=no", ["全項目評価"], id="十万人と五百人"
    ),
    pytest.param(
        "change?kind=outsourcing&level=all_items",
        ["当たります", "再実施", "期限: 定まりません", "要確認"],
        id="新たな委託",
    ),
    pytest.param(
        "change?kind=outsourcing&level=all_items&items=様式4 Ⅱ4 委託の有無&takes_effect_on=2030-04-01",
        ["当たります", "委託の有無", "令和12年"],
        id="項目を示した委託",
    ),
    pytest.param("change?kind=formal_correction&level=basic_items", ["当たりません", "修正"], id="形式的な修正"),
    pytest.param("change?kind=environment&level=basic_items&known_on=2026-05-01", ["両者の検討"], id="環境の変化"),
    pytest.param(
        "breach?leak=occurred&specific=yes&in_file=yes&persons_at_most=101",
        ["決まらない", "答えを決める問い"],
        id="漏えい",
    ),
    pytest.param("deadlines?known_on=2026-05-01&situations=4", ["令和8年5月5日", "令和8年6月1日"], id="四号の期限"),
    pytest.param("deadlines?known_on=2026-05-01&situations=2&situations=4", ["令和8年6月29日"], id="二号の期限"),
]


@pytest.mark.parametrize(("address", "words"), ANSWERS)
async def test_a_question_is_answered_with_its_reasons(desk: Browser, address: str, words: list[str]) -> None:
    page = await desk.open(f"/explain/{quote(address, safe='?&=')}")
    for one in words:
        assert one in page
    assert "何も記録されません" in page
    assert "根拠" in page


async def test_of_an_assessment_its_level_is_taken(desk: Browser, office: House) -> None:
    page = await desk.open(f"/explain/change?kind=outsourcing&assessment={office.assessment_id}")
    assert "当たります" in page
    assert "台帳にありません" in await desk.open("/explain/change?kind=outsourcing&assessment=none", status=404)


WRONG = [
    pytest.param("threshold?data_subjects=九人", "data_subjects", id="数でない"),
    pytest.param("threshold?data_subjects=1", "handlers", id="取扱者数がない"),
    pytest.param("change?level=all_items", "kind", id="種類がない"),
    pytest.param("breach?leak=maybe", "leak", id="知らない答え"),
    pytest.param("breach?persons_at_most=-1", "persons_at_most", id="負の人数"),
    pytest.param("deadlines?known_on=2026-13-01", "known_on", id="日でない"),
    pytest.param("deadlines?known_on=2026-05-01&situations=9", "f-situations-wrong", id="知らない号"),
]


@pytest.mark.parametrize(("address", "where"), WRONG)
async def test_what_can_not_be_asked_is_named_at_its_field(desk: Browser, address: str, where: str) -> None:
    page = await desk.open(f"/explain/{quote(address, safe='?&=')}", status=422)
    assert f"{where}" in page
    assert "受け付けられません" in page


async def test_what_was_asked_stays_and_is_shown_as_text(desk: Browser, office: House) -> None:
    before = await office.minaoshi.verify_audit()
    page = await desk.open(f"/explain/change?kind=outsourcing&level=all_items&emergency={quote(STRANGE)}")
    assert html.escape(STRANGE) in page
    assert "<script>alert" not in page
    page = await desk.open(
        "/explain/threshold?on=1999-01-01&data_subjects=1&handlers=1&serious_incident=yes", status=422
    )
    assert as_shown(page)["on"] == ["1999-01-01"]
    assert "評価の種類か、評価書の識別子のどちらか" in await desk.open("/explain/change?kind=outsourcing", status=422)
    assert await office.minaoshi.verify_audit() == before
