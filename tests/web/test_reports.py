"""報告する: in forms that work without scripts; what was typed is never lost; and a page that says who was told."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.house import DRAFTER, TEAM, House, today
from tests.web.as_shown import as_shown
from tests.web.conftest import Browser
from tests.web.office import office, signed_in

__all__ = ["office"]

STRANGE = "<script>alert(1)</script>𠮷野\u8fbb\U000e0100家の書類"
"""変わった文字: what would run, what is outside the first plane, and a variant of a character."""


@pytest.fixture
async def desk(office: House) -> AsyncIterator[Browser]:
    async with signed_in(office, "desk") as browser:
        yield browser


@pytest.fixture
async def team(office: House) -> AsyncIterator[Browser]:
    async with signed_in(office, TEAM) as browser:
        yield browser


def report_id_of(page: str) -> str:
    found = re.search(r'class="sub">(act/[0-9a-f-]{36})<', page)
    assert found, page
    return found[1]


async def test_one_chooses_what_to_report(desk: Browser) -> None:
    page = await desk.open("/report")
    for slug in ("risk", "change", "new-business", "end-of-business"):
        assert f'href="/report/{slug}?begun=' in page
        await desk.open(f"/report/{slug}")
    await desk.open("/report/nothing", status=404)


async def test_a_risk_event_needs_a_title_and_what_happened(desk: Browser) -> None:
    page = await desk.send("/report/risk", title="誤交付", facts="別人の書類を渡した。")
    assert "報告を受け付けました" in page
    assert "対策チームが示します" in page
    assert "見本 総括保護管理者" in page
    assert "このリスク事案の対応を見る" in page
    assert '発生した日</dt><dd class="typed">分からない' in page
    assert "口座登録担当" in page
    assert "評価書を加える" not in page


async def test_what_is_refused_comes_back_as_it_was_typed(desk: Browser) -> None:
    page = await desk.send(
        "/report/risk", status=422, title="", facts=STRANGE, happened_on="2026-05-01", persons_affected="九人"
    )
    assert "<script>alert" not in page
    assert html.escape(STRANGE) in page
    assert 'value="2026-05-01"' in page
    assert 'value="九人"' in page
    assert 'href="#f-title"' in page
    assert "<details" in page
    assert " open>" in page


async def test_what_a_rule_refuses_comes_back_too(desk: Browser) -> None:
    page = await desk.send("/report/risk", status=422, title="誤交付", facts="渡した。", known_on="2999-01-01")
    assert "より後" in page
    assert 'id="f-known_on-wrong"' in page
    assert "known_on（" not in page
    assert 'value="2999-01-01"' in page


async def test_a_form_that_is_sent_twice_is_one_report(desk: Browser, office: House) -> None:
    form = await desk.open("/report/risk")
    first = await desk.send("/report/risk", page=form, title="二度", facts="二度押した。")
    second = await desk.send("/report/risk", page=form, title="二度", facts="二度押した。")
    assert report_id_of(first) == report_id_of(second)
    events = await office.minaoshi.events.list(scope="all")
    assert sum(one.title == "二度" for one in events) == 1
    again = await desk.send("/report/risk", status=422, page=form, title="二度", facts="別のことを書いた。")
    assert "別の内容" in again
    assert "別のことを書いた。" in again


async def test_a_search_keeps_what_was_typed_and_what_was_chosen(desk: Browser, office: House) -> None:
    for number in range(40):
        await office.add_assessment(f"many-{number}", name=f"多くの事務その{number}")
    page = await desk.send(
        "/report/change", only="search", search="その3", assessments=office.assessment_id, facts=STRANGE, title="移転"
    )
    assert "多くの事務その37" in page
    assert "多くの事務その20" not in page
    held = as_shown(page)
    assert held["facts"] == [STRANGE]
    assert held["title"] == ["移転"]
    assert held["assessments"] == [office.assessment_id]
    assert "報告を受け付けました" not in page
    assert "ほかに" in await desk.open("/report/change")
    assert "ほかには見つかりません" in await desk.send("/report/change", only="search", search="100%_")


async def test_the_address_may_name_assessments_and_one_that_is_unknown_is_refused_by_name(
    desk: Browser, office: House
) -> None:
    address = f"/report/change?assessment={office.assessment_id}&assessment=nowhere"
    page = await desk.open(address)
    held = as_shown(page)
    assert held["assessments"] == [office.assessment_id, "nowhere"]
    assert held["known_on"] == [today().isoformat()]
    typed: dict[str, Any] = {**held, "kind": "environment", "title": "変更", "facts": "改めた。"}
    page = await desk.send("/report/change", status=404, page=page, **typed)
    assert "評価書「nowhere」はこの機関の台帳にありません" in page


async def test_a_change_names_items_and_papers_and_opens_a_review(desk: Browser, office: House) -> None:
    await office.add_assessment("with-papers", name="資料のある事務")
    paper = b"the paper"
    digest = hashlib.sha256(paper).hexdigest()
    page = await desk.send(
        "/report/change",
        files=[("evidence_files", ("覚書.pdf", paper, "application/pdf"))],
        status=422,
        assessments="with-papers",
        kind="outsourcing",
        facts="委託する。",
        known_on=today().isoformat(),
    )
    held: dict[str, Any] = as_shown(page)
    assert held["evidence_lines"] == [f"覚書.pdf {digest}"]
    page = await desk.send(
        "/report/change",
        page=page,
        **{
            **held,
            "title": "新たな委託",
            "items": "様式4 Ⅱ4 委託の有無",
            "other_items": "様式2 Ⅰ1③\n",
            "assessments": "with-papers",
        },
    )
    assert "見直しが1件開きました" in page
    assert "資料のある事務" in page
    assert digest in page
    assert "様式4 Ⅱ4 委託の有無" in page
    assert "様式2 Ⅰ1③" in page
    joined = await desk.send(
        "/report/change",
        assessments="with-papers",
        kind="environment",
        title="別の変更",
        facts="改めた。",
        known_on=today().isoformat(),
    )
    assert "開いている見直し1件に加わりました" in joined


async def test_a_line_of_evidence_without_its_digest_is_named(desk: Browser) -> None:
    page = await desk.send("/report/risk", status=422, title="誤交付", facts="渡した。", evidence_lines="覚書だけ")
    assert 'id="f-evidence_lines-wrong"' in page
    assert "覚書だけ" in page


async def test_the_team_adds_assessments_or_says_that_none_is_touched(
    desk: Browser, team: Browser, office: House
) -> None:
    reported = report_id_of(await desk.send("/report/risk", title="印刷の誤り", facts="版が古かった。"))
    page = await team.open(f"/report/{reported}")
    assert f"/report/{reported}/acts/add" in page
    page = await team.send(f"/report/{reported}/acts/untouched", status=422, reason=" ")
    assert "書かれていません" in page or "字以上" in page or "使えない文字" in page
    found = await team.send(f"/report/{reported}/acts/add", only="search", search=office.assessment_id)
    assert f'value="{office.assessment_id}"' in found
    page = await team.send(f"/report/{reported}/acts/untouched", reason="評価書に関わる記載はない。")
    assert "どの評価書にも関わらないとされました" in page
    assert "acts/untouched" not in page
    other = report_id_of(await desk.send("/report/risk", title="誤登録", facts="別人の口座が登録された。"))
    page = await team.send(f"/report/{other}/acts/add", assessments=office.assessment_id)
    assert "評価書を加えました" in page
    assert f'href="/reviews/{office.assessment_id}/' in page
    assert "加える評価書がありません" in await team.send(f"/report/{other}/acts/add", status=422)
    await team.open(f"/report/{other}/acts/nothing", status=404)


async def test_who_is_not_of_the_team_adds_nothing(desk: Browser, office: House) -> None:
    reported = report_id_of(await desk.send("/report/risk", title="誤送信", facts="別の宛先に送った。"))
    address = f"/report/{reported}/acts/add"
    assert "対策チームが行ってください" in await desk.open(address, status=409)
    form = await desk.open("/report/risk")
    page = await desk.send(address, status=409, page=form, assessments=office.assessment_id)
    assert "対策チームが行ってください" in page


async def test_a_new_business_begins_and_a_business_ends(office: House) -> None:
    await office.add_assessment("ending", name="終わる事務")
    async with signed_in(office, DRAFTER) as drafter:
        typed: dict[str, Any] = {
            "name": "国民年金に関する事務",
            "number": "13",
            "assessment_id": "nenkin-13",
            "department": "account-registration",
            "title": "事務の開始",
            "facts": "届出に個人番号を用いる。",
            "known_on": today().isoformat(),
            "data_subjects": "12,000人",
            "handlers": "１５",
            "serious_incident": "no",
            "gate.hold_start": "2030-04-01",
        }
        page = await drafter.send("/report/new-business", **typed)
        assert "見直しが1件開きました" in page
        assert "12,000" in page
        assert "令和12年4月1日（月）" in page
        assert "<dt>担当部署</dt><dd>口座登録担当</dd>" in page
        page = await drafter.send(
            "/report/end-of-business",
            assessments="ending",
            title="事務の終了",
            facts="やめた。",
            ended_on=today().isoformat(),
            known_on=today().isoformat(),
        )
        assert "見直しが1件開きました" in page


async def test_an_unknown_report_has_no_page(desk: Browser) -> None:
    assert "台帳にありません" in await desk.open("/report/risk/unknown", status=404)
    await desk.send("/report/risk", page=await desk.open("/report/risk"), title="x", facts="x")
    answer = await desk.web.post(
        "/report/nothing", data={"form_token": as_shown(await desk.open("/report/risk"))["form_token"][0]}
    )
    assert answer.status_code == 404


async def test_what_no_browser_sends_is_refused_calmly(desk: Browser) -> None:
    form = as_shown(await desk.open("/report/risk"))
    body = f"form_token={form['form_token'][0]}&title=%ED%A0%80&facts=%FF%00x".encode()
    head = {"content-type": "application/x-www-form-urlencoded"}
    answer = await desk.web.post("/report/risk", content=body, headers=head)
    assert answer.status_code < 500
    answer = await desk.web.post(
        "/report/risk", data={"form_token": form["form_token"][0], "facts": "x"}, files={"title": ("x", b"x")}
    )
    assert answer.status_code == 422
    assert 'href="#f-title"' in answer.text
    for address in (
        "/report/change?assessment=%ED%A0%80",
        "/report/%ED%A0%80",
        "/events?search=%ED%A0%80",
        "/events/%00",
    ):
        assert (await desk.web.get(address)).status_code < 500
