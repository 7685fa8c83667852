"""規程等の頁: a version is made known, each reads it on a page of their own, and the next version takes its place."""

from __future__ import annotations

import html
from typing import Any

from tests.house import CHIEF, DRAFTER, MANAGER, TEAM, House, today
from tests.web.as_shown import as_shown
from tests.web.office import office, signed_in
from tests.web.test_reports import STRANGE
from tests.workflows.planning import in_days

__all__ = ["office"]

PAPER = [("document", ("管理規程.pdf", b"%PDF-1.7", "application/pdf"))]


def typed(rule: str, version: str, **more: Any) -> dict[str, Any]:
    return {
        "rule_id": rule,
        "rule": "個人情報管理規程",
        "number": "規程第1号",
        "version": version,
        "in_force_on": today().isoformat(),
        "changes": STRANGE,
        "approved_by": "総括保護管理者",
        "approved_on": today().isoformat(),
        "channel": "庁内ポータルサイト",
        "department": "privacy",
        "due_on": in_days(20).isoformat(),
        **more,
    }


def place(duty_id: str) -> str:
    return f"/duties/{duty_id.replace(':', '%3A')}"


async def test_a_version_is_read_by_each_and_replaced_by_the_next(office: House) -> None:
    rule = f"handling-{office.assessment_id}"
    async with signed_in(office, TEAM) as team, signed_in(office, DRAFTER) as reader:
        page = await team.send("/rules/new", status=422, **typed(rule, "第1版", changes=""))
        assert "改正の内容がありません" in page
        form = page
        for _ in range(2):
            page = await team.send("/rules/new", files=PAPER, page=form, **typed(rule, "第1版"))
        assert "第1版）の周知" in page
        (first,) = await office.minaoshi.rules.show(rule, as_=TEAM)
        everybody = len(await office.minaoshi.organisation.people())
        assert first.duty.roll is not None
        assert first.duty.roll.total == everybody
        assert "読み、読んだことを確かめる" in await reader.open("/?kind=duty")
        address = place(first.duty.duty_id)
        assert f"{address}/read" in await reader.open(address)
        shown = await reader.open(f"{address}/read")
        assert html.escape(STRANGE) in shown
        assert "<script>alert" not in shown
        got = await reader.web.get(f"{address}/document")
        assert (got.content, "attachment" in got.headers["content-disposition"]) == (b"%PDF-1.7", True)
        assert "読んだことを記録しました。" in await reader.send(f"{address}/read")
        assert "あなたの分は「済」です。" in await reader.open(f"{address}/read")
        assert f"{address}/read" not in await reader.open(address)
        assert f"読了 1 / {everybody}" in await team.open("/rules")
        assert f'href="/rules/new?rule={rule}"' in await team.open("/rules")
        next_one = as_shown(await team.open(f"/rules/new?rule={rule}"))
        assert (next_one["rule_id"], next_one["rule"]) == ([rule], ["個人情報管理規程"])
        assert as_shown(await team.open("/rules/new?rule=unknown"))["rule"] == [""]

        page = await team.send("/rules/new", **typed(rule, "第2版", departments="privacy", roles="privacy_manager"))
        assert "個人情報管理規程（第1版）の周知は、この版の周知に替わりました。" in page
        second, again = await office.minaoshi.rules.show(rule, as_=TEAM)
        assert (second.content.version, again.duty.status.label) == ("第2版", "取りやめ")
        assert second.content.audience == "保護管理者、個人情報保護担当（対策チーム）"
        page = await reader.send(f"{address}/read", status=409)
        assert "取りやめ" in page
    async with signed_in(office, MANAGER) as manager, signed_in(office, CHIEF) as chief:
        address = place(second.duty.duty_id)
        assert f"{address}/read" in await manager.open(address)
        assert "/rules/new" not in await manager.open("/rules")
        assert address in await chief.open("/rules")
    assert (await office.minaoshi.verify_audit()).problems == ()


async def test_who_owns_the_earlier_one_is_told_who_may_end_it(office: House) -> None:
    rule = f"flow-{office.assessment_id}"
    async with signed_in(office, TEAM) as team:
        await team.send("/rules/new", **typed(rule, "第1版"))
        (first,) = await office.minaoshi.rules.show(rule, as_=TEAM)
        amended = f'{{"owner": "{TEAM}", "reason": "担当を定めた。"}}'.encode()
        await office.minaoshi.duties.amend(first.duty.duty_id, amended, as_=TEAM)
        page = await team.send("/rules/new", **typed(rule, "第2版"))
        assert "担当者とは別の者が取りやめてください。" in page
        for wrong in ({"departments": "nowhere"}, {"roles": "king"}, {"rule_id": "日本"}):
            await team.send("/rules/new", status=422, **typed(rule, "第3版", **wrong))
        nobody = typed(rule, "第3版", departments="audit")
        assert "1人への周知を始めました" in await team.send("/rules/new", **nobody)
        (third,) = (one for one in await office.minaoshi.rules.show(rule, as_=TEAM) if one.content.version == "第3版")
        assert "あなたは、この周知の名簿に載っていません。" in await team.open(f"{place(third.duty.duty_id)}/read")
