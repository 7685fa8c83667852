"""義務の頁: the list, the page of one with its roll, and its acts from the opening to the confirmation by another."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from typing import Any

from tests.house import AUDITOR, CHIEF, DRAFTER, MANAGER, TEAM, House, as_json, today
from tests.waiting import counted
from tests.web.as_shown import as_shown
from tests.web.office import office, signed_in
from tests.web.test_reports import STRANGE
from tests.workflows.duty_samples import measure, members, own, training

__all__ = ["office"]

PAPER = [("evidence_files", ("写真.png", b"png", "image/png"))]
DUE_ON, LATER = ((today() + timedelta(days=days)).isoformat() for days in (30, 90))
SLUGS = ("progress", "complete", "excuse", "hand-in", "confirm", "send-back", "postpone", "amend", "cancel")


def offered(page: str, address: str) -> list[str]:
    return [slug for slug in SLUGS if f'href="{address}/acts/{slug}"' in page]


def found_in(page: str) -> str:
    """Give the number of the measure that a page is about."""
    found = re.search(r'<span class="sub">(measure:[^<]+)</span>', page)
    assert found
    return found[1]


async def test_a_measure_goes_from_its_opening_to_the_confirmation(office: House) -> None:
    async with signed_in(office, DRAFTER) as owner, signed_in(office, TEAM) as team:
        assert "改善策を始める" not in await owner.open("/duties")
        assert 'href="/duties/new/measure"' in await team.open("/duties")
        typed: dict[str, Any] = {
            "title": STRANGE,
            "department": "account-registration",
            "due_on": DUE_ON,
            "content.item": "1",
            "content.text": "発出する。𠮷",
        }
        page = await team.send("/duties/new/measure", status=422, **{**typed, "due_on": ""})
        assert as_shown(page)["title"] == [STRANGE]
        form = page
        page = await team.send("/duties/new/measure", page=form, **typed)
        assert found_in(await team.send("/duties/new/measure", page=form, **typed)) == found_in(page)
        assert html.escape(STRANGE) in page
        assert "<script>alert" not in page
        assert "発出する。𠮷" in page
        address = f"/duties/{found_in(page).replace(':', '%3A')}"
        assert (await owner.open("/duties?kind=measure")).count(f'href="{address}"') == 1
        assert "この条件に合うものはありません" not in await owner.open("/?kind=duty")
        assert offered(await owner.open(address), address) == ["progress", "hand-in"]
        await owner.send(f"{address}/acts/progress", text="案を作った。")
        refused = await owner.send(f"{address}/acts/hand-in", status=409, text="した。")
        assert "根拠資料が要ります" in refused
        assert "した。" in refused
        form = refused
        for _ in range(2):
            page = await owner.send(f"{address}/acts/hand-in", files=PAPER, page=form, text="した。")
        assert "別の者の確認を待っています" in page
        assert "写真.png" in page
        assert offered(await team.open(address), address) == ["confirm", "send-back", "cancel"]
        refused = await owner.open(f"{address}/acts/confirm", status=409)
        assert "対策チーム・総括保護管理者が行ってください" in refused
        assert "写しが要る。" in await team.send(f"{address}/acts/send-back", reason="写しが要る。")
        await team.send(f"{address}/acts/postpone", due_on=LATER, reason="部品を待つ。")
        page = await team.send(f"{address}/acts/amend", title="新しい件名", owner=DRAFTER, reason="改めた。")
        assert "改善策 新しい件名" in page
        await owner.send(f"{address}/acts/hand-in", files=PAPER, text="全てした。", done_on=today().isoformat())
        page = await team.send(f"{address}/acts/confirm", note="確かめた。")
        assert "完了しました。" in page
        assert offered(page, address) == []
        assert address not in await owner.open("/duties?kind=measure")
        assert address in await owner.open("/duties?kind=measure&scope=all&department=account-registration")


async def test_a_training_shows_its_roll_and_a_member_records_their_own(office: House) -> None:
    one, duties = own(office, "training:page"), office.minaoshi.duties
    await duties.open(one, training(), as_=TEAM)
    added = [*members(*(f"m{number:03d}" for number in range(120))), *members("desk")]
    await duties.enrol(one, as_json(added=added), as_=TEAM)
    address = f"/duties/{one}"
    async with (
        signed_in(office, "desk") as desk,
        signed_in(office, MANAGER) as manager,
        signed_in(office, TEAM) as team,
    ):
        assert one in await desk.open("/?kind=duty")
        page = await desk.open(address)
        assert "121人のうち、済 0、理由により除く 0、未了 121。" in page
        form = await desk.open(f"{address}/acts/complete")
        assert as_shown(form)["members"] == ["desk"]
        assert "始まった日" in await desk.send(
            f"{address}/acts/complete", status=409, members="desk", completed_on="2020-01-01"
        )
        page = await desk.send(f"{address}/acts/complete", members="desk", completed_on=today().isoformat())
        assert "済 1" in page
        assert offered(page, address) == []
        assert "既に「済」です" in await desk.open(f"{address}/acts/complete", status=409)
        await manager.send(f"{address}/acts/excuse", members="m001\nm002", reason="休職中")
        assert "氏名又は名称" in await team.open(f"{address}?number=2")
        page = await team.open(f"{address}?status=excused")
        assert ("休職中" in page, "m003" in page) == (True, False)
        assert "当てはまる者はいません" in await team.open(f"{address}?status=completed&number=9")


async def test_the_paper_of_a_kind_is_asked_for_by_fields_or_as_a_file(office: House) -> None:
    duties = office.minaoshi.duties
    log, audit = own(office, "log_analysis:page"), own(office, "audit:page")
    place = {"department": "account-registration", "title": "ログ分析", "due_on": DUE_ON}
    await duties.open(log, as_json(**place, content={"system": "口座登録システム"}), as_=AUDITOR)
    plan = {"audited_on": "2026-05-25", "auditors": [AUDITOR], "scope": "全て", "method": "実地"}
    content = {"file": "口座登録簿", "contractor": "運用会社", "checklist": ["管理簿"], "plan": plan}
    await duties.open(audit, as_json(**{**place, "title": "監査"}, content=content), as_=AUDITOR)
    typed: dict[str, Any] = {"paper.first_on": "2023-11-01", "paper.last_on": "2023-11-30", "paper.method": "抽出"}
    typed["paper.volume"] = "多い"
    async with signed_in(office, DRAFTER) as owner, signed_in(office, AUDITOR) as auditor:
        act = f"/duties/{log}/acts/hand-in"
        page = await owner.send(act, status=422, text="分析した。", **typed)
        assert 'id="f-paper.volume-wrong"' in page
        typed |= {"paper.volume": "1,200", "paper.anomalies": "深夜の閲覧\n大量の出力", "paper.conclusion": "調べた。"}
        page = await owner.send(act, files=PAPER, text="分析した。", **typed)
        assert all(words in page for words in ("提出物", "大量の出力", "1,200"))
        act = f"/duties/{audit}/acts/hand-in"
        found: dict[str, Any] = {"paper.findings.0.grade": "minor", "paper.findings.0.text": "古い。"}
        found["paper.conclusion"] = "是正を要する。"
        page = await auditor.send(act, files=PAPER, text="監査した。", **found)
        assert "程度: 指摘" in page


async def test_what_repeats_is_numbered_by_its_period_and_a_guidance_is_given_as_a_file(office: House) -> None:
    system: dict[str, Any] = {"content.system": "口座登録システム"}
    async with signed_in(office, AUDITOR) as auditor, signed_in(office, TEAM) as team:
        page = await auditor.send(
            "/duties/new/log_analysis",
            title="ログ分析",
            department="account-registration",
            begins_on="2026-11-01",
            due_on="2026-11-16",
            repeats="month",
            slug=f"accounts-{office.assessment_id}",
            **system,
        )
        assert f"log_analysis:accounts-{office.assessment_id}.2026-11" in page
        items = [{"number": "1", "heading": "本人確認", "text": "検討すること。"}]
        guidance = json.dumps({"received_on": "2023-09-20", "items": items}).encode()
        page = await team.send(
            "/duties/new/guidance",
            files=[("content_file", ("指導.json", guidance, "application/json"))],
            title="指導",
            department="privacy",
            owner=TEAM,
            due_on=DUE_ON,
        )
        found = re.search(r'href="(/guidance/[^"/]+)"', page)
        assert found
        assert "検討すること。" in await team.open(found[1])
        broken = [("content_file", ("指導.json", b"{", "application/json"))]
        typed: dict[str, Any] = {"title": "指導", "department": "privacy", "due_on": DUE_ON}
        assert "JSON として読めません" in await team.send("/duties/new/guidance", files=broken, status=422, **typed)


async def test_who_may_not_read_it_and_what_is_unknown(office: House) -> None:
    one = own(office, "measure:hidden")
    await office.minaoshi.duties.open(one, measure(), as_=TEAM)
    async with signed_in(office, "allowance-drafter") as stranger, signed_in(office, CHIEF) as chief:
        assert "口座登録担当のものです" in await stranger.open(f"/duties/{one}", status=403)
        await stranger.open(f"/duties/{one}/acts/progress", status=403)
        assert one not in await stranger.open("/duties?scope=all")
        assert one in await chief.open("/duties?kind=strange&number=0")
        assert one in await chief.open(f"/deadlines?month={DUE_ON[:7]}")
        assert one not in await stranger.open(f"/deadlines?month={DUE_ON[:7]}")
        assert "台帳にありません" in await chief.open("/duties/measure:none", status=404)
        for address in (f"/duties/{one}/acts/nothing", "/duties/new/party"):
            await chief.open(address, status=404)


async def test_the_list_asks_the_register_as_often_for_many_as_for_few(office: House) -> None:
    async with signed_in(office, TEAM) as team:
        with counted(office.register) as few:
            await team.open("/duties")
        for number in range(3):
            await office.minaoshi.duties.open(own(office, f"measure:many-{number}"), measure(), as_=TEAM)
        with counted(office.register) as more:
            await team.open("/duties")
        assert abs(len(more) - len(few)) <= 1
