"""指導と改善策の頁: the list, the page on a day, the report as a file, approvals by both sides, and the end."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

from tests.client.test_guidance import name, small
from tests.house import CHIEF, DRAFTER, TEAM, House, today
from tests.web.office import office, signed_in
from tests.web.test_reports import STRANGE

__all__ = ["office"]

PAPER = [("evidence_files", ("控え.pdf", b"pdf", "application/pdf"))]


def offered(page: str) -> list[str]:
    return re.findall(r'/acts/([a-z]+)"', page)


async def test_a_guidance_is_entered_reported_on_approved_and_closed_in_pages(office: House) -> None:
    one = name(office)
    address = f"/guidance/{one}"
    async with signed_in(office, TEAM) as team, signed_in(office, CHIEF) as chief, signed_in(office, DRAFTER) as desk:
        assert "/guidance/enter" in await team.open("/guidance")
        assert "/guidance/enter" not in await desk.open("/guidance")
        empty = await team.send("/guidance/enter", status=422)
        assert "文書がありません" in empty
        wrong = await team.send("/guidance/enter", status=422, text="id = ")
        assert "TOML として読めません" in wrong
        assert "id = " in wrong
        files = [("document", ("指導.json", small(office), "application/json"))]
        page = await team.send("/guidance/enter", files=files)
        assert "新たに3件を登録しました" in page
        assert f'href="{address}"' in await team.open("/guidance?scope=all")
        assert offered(page) == ["approve", "measure"]
        assert offered(await chief.open(address)) == ["confirm"]
        await desk.open(address, status=403)
        page = await chief.send(f"{address}/acts/confirm")
        assert "確認待ちの改善策を確認しました" in page
        form = await team.open(f"{address}/acts/approve")
        for _ in range(2):
            page = await team.send(f"{address}/acts/approve", page=form)
            assert "報告書を承認しました" in page
        assert "総括保護管理者の承認を待っています" in page
        assert offered(await chief.open(address)) == ["approve"]
        page = await chief.send(f"{address}/acts/approve")
        assert "承認済み" in page
        for form_of, begins in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("html", b"<!DOCTYPE"), ("json", b"{")):
            answer = await team.web.get(f"{address}/file?as={form_of}&version=1")
            assert (answer.status_code, answer.content[: len(begins)]) == (200, begins)
        assert (await desk.web.get(f"{address}/file?as=json")).status_code == 403
        duty = f"measure:{one}.2-1"
        on = today().isoformat()
        told: dict[str, Any] = {"text": "周知した。", "paper.when.said": on, "paper.when.latest_on": on}
        assert f'href="/duties/{duty}"' in await team.open(address)
        await desk.send(f"/duties/{duty}/acts/hand-in", files=PAPER, **{**told, "paper.text": "資料を周知済み。"})
        assert "確認待ち" in await team.open(address)
        await office.minaoshi.duties.confirm(duty, as_=CHIEF)
        assert "資料を周知済み。" in await team.open(address)
        page = await team.send(f"{address}/acts/close", files=PAPER, reported_on=today().isoformat())
        assert "受け付けました" in page
        page = await chief.send(f"{address}/acts/close")
        assert "終えました。" in page
        assert offered(page) == []
        assert f'href="{address}"' not in await team.open("/guidance")


async def test_a_measure_is_added_in_a_form_and_what_is_wrong_comes_back_as_it_was_typed(office: House) -> None:
    one = f"{name(office)}-more"
    await office.minaoshi.guidance.enter(small(office, id=one), as_=TEAM)
    address, until = f"/guidance/{one}", (today() + timedelta(days=40)).isoformat()
    typed: dict[str, Any] = {
        "id": "1-8",
        "item": "1",
        "text": STRANGE,
        "department": "account-registration",
        "when.said": until,
    }
    async with signed_in(office, TEAM) as team:
        wrong = await team.send(f"{address}/acts/measure", status=422, **{**typed, "when.latest_on": "2030-01-01"})
        assert "最も遅い日は" in wrong
        assert html.escape(STRANGE) in wrong
        form = await team.open(f"{address}/acts/measure")
        for _ in range(2):
            page = await team.send(f"{address}/acts/measure", page=form, **{**typed, "when.latest_on": until})
            assert "改善策を加えました" in page
        assert html.escape(STRANGE) in page
        assert "<script>alert" not in page
        late = await team.open(f"{address}?on=2035-01-01")
        assert "予定・期限超過" in late
        assert "日過ぎています" in late
        await team.open(f"{address}?on=soon", status=422)
        await team.open(f"{address}/acts/nothing", status=404)
        await team.open("/guidance/none", status=404)
        await team.open(f"{address}/file?as=docx", status=422)


async def test_a_guidance_is_entered_by_its_fields_and_a_measure_is_read_by_who_owes_it(office: House) -> None:
    one = f"{name(office)}-typed"
    typed: dict[str, Any] = {
        "subject": STRANGE,
        "id": one,
        "guidance.authority": "個人情報保護委員会",
        "guidance.received_on": "2026-05-01",
        "items": f"規程の整備 | 規程を見直すこと。\n報告体制｜{STRANGE}",
        "department": "privacy",
        "owner": TEAM,
    }
    until = (today() + timedelta(days=40)).isoformat()
    measure: dict[str, Any] = {
        "id": "2-1",
        "item": "2",
        "text": "訓練を行う。",
        "department": "account-registration",
        "owner": DRAFTER,
        "when.said": until,
        "when.latest_on": until,
    }
    async with signed_in(office, TEAM) as team, signed_in(office, DRAFTER) as desk:
        wrong = await team.send("/guidance/enter", status=422, **{**typed, "guidance.received_on": ""})
        assert 'id="f-guidance.received_on-wrong"' in wrong
        assert html.escape(STRANGE) in wrong
        page = await team.send("/guidance/enter", page=wrong, **{**typed, "guidance.report_due_on": until})
        assert all(words in page for words in ("1. 規程の整備", "2. 報告体制", html.escape(STRANGE)))
        assert "<script>alert" not in page
        assert 'value="2"' in await team.open(f"/guidance/{one}/acts/measure")
        await team.send(f"/guidance/{one}/acts/measure", **measure)
        page = await desk.open(f"/duties/measure:{one}.2-1")
        assert all(words in page for words in ("求められていること", "報告体制", html.escape(STRANGE)))
        assert f'href="/duties/guidance%3A{one}"' not in page
        assert f'href="/duties/guidance%3A{one}"' in await team.open(f"/duties/measure:{one}.2-1")
        page = await team.open(f"/duties/guidance:{one}")
        assert (f'href="/guidance/{one}"' in page, "acts/hand-in" in page) == (True, False)
        page = await team.open(f"/guidance/{one}")
        assert "終えるまでに要るもの: 改善策1件の完了の確認、両者の承認した報告書。" in page
