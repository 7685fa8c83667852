"""期限のページ: what falls due in a body, day by day; holidays are marked; a department narrows it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

import client.deadlines
from schemas.countermeasures import CountermeasureState
from schemas.gates import Gate, PlannedGate
from schemas.records import PlannedAssessment
from schemas.review import Stage
from tests.house import MANAGER, TEAM
from tests.register import samples
from tests.waiting import BODY, DEPARTMENT, NOW, Desk, add_assessment, counted, open_review, opened
from tests.web.at_the_desk import Browsers, browser, desk

__all__ = ["browser", "desk"]


def rows(page: str) -> list[tuple[str, str, str]]:
    """Give kind, page and words of each thing that is due, in order."""
    row = (
        r'<td><span class="chip blue">([^<]+)</span></td><td><a href="([^"]+)">.*?</a></td>\s*<td>(.*?)(?:<span|</td>)'
    )
    return [(kind, address, what) for kind, address, what in re.findall(row, page, re.DOTALL)]


async def fill(desk: Desk) -> None:
    """Let one of each kind fall due in December 2031."""
    minaoshi, register = desk
    await add_assessment(minaoshi, "calendar", published_on="2026-12-10", verified_on="2030-12-24")
    await add_assessment(minaoshi, "reviewed")
    await open_review(register, opened("reviewed", stage=Stage.DRAFTING), due_on=date(2031, 12, 15))
    await add_assessment(minaoshi, "elsewhere", department="child-allowance", verified_on="2030-12-01")
    planned: dict[str, Any] = {"required_level": "basic_items", "effective_level": "basic_items"}
    whole = {"assessment_id": "new", "body": BODY, "department": DEPARTMENT, "number": "9", "name": "新しい事務"}
    await register.plan_assessment(
        PlannedAssessment.model_validate({**whole, **planned}, strict=False), by="drafter", at=NOW
    )
    new = opened("new")
    gates = (PlannedGate(gate=Gate.REQUIREMENTS_END, planned_on=date(2031, 12, 3)),)
    await open_review(register, new.model_copy(update={"opening": new.opening.model_copy(update={"gates": gates})}))
    await close_with_countermeasure(desk)
    event = samples.event(body=BODY, department=DEPARTMENT)
    await register.record_report(samples.risk_intake(), at=samples.AT, notices=())
    await register.open_event(event)


async def close_with_countermeasure(desk: Desk) -> None:
    minaoshi, register = desk
    await add_assessment(minaoshi, "closed")
    review_id = await open_review(register, opened("closed"))
    state = opened("closed", stage=Stage.CLOSED, closed_at=NOW, review_id=review_id, sequence=2)
    planned = CountermeasureState(
        countermeasure_id=f"{review_id}/1",
        review_id=review_id,
        assessment_id="closed",
        body=BODY,
        department=DEPARTMENT,
        item="Ⅳ8 人手を介在させる作業",
        text="複数人で確かめる。",
        owner="drafter",
        due_on=date(2031, 12, 31),
        opened_at=NOW,
        began_at=NOW,
    )
    act = samples.finding("find/closed", review_id=review_id)
    await register.record(samples.entry(act, state, run_id="run-closed", countermeasures=(planned,)))


async def test_everything_that_falls_due_stands_on_its_day(desk: Desk, browser: Browsers) -> None:
    await fill(desk)
    someone = await browser().sign_in(TEAM)
    page = await someone.open("/deadlines?month=2031-12")
    assert rows(page) == [
        ("年次の見直し", "/assessments/elsewhere", "記載の全体を実態と照らす"),
        ("関門", "/reviews/new/1", "要件定義の終了の予定日"),
        ("五年ごとの再実施", "/assessments/calendar", "評価を再び実施する"),
        ("見直し", "/reviews/reviewed/1", "起案（担当部署の番）"),
        ("年次の見直し", "/assessments/calendar", "記載の全体を実態と照らす"),
        ("対応策", "/countermeasures/closed/1/1", "対応策を終える: Ⅳ8 人手を介在させる作業"),
    ]
    assert "規則第15条" in page
    assert "要確認" in page
    assert "/deadlines?month=2031-11" in page
    assert "/deadlines?month=2032-01" in page
    assert '令和13年12月31日（水）</span><span class="sub">閉庁: 年末年始' in page


async def test_a_department_sees_what_is_due_of_its_own(desk: Desk, browser: Browsers) -> None:
    await fill(desk)
    page = await (await browser().sign_in(MANAGER)).open("/deadlines?month=2031-12")
    assert len(rows(page)) == 5
    assert "elsewhere" not in page
    assert "child-allowance" not in page
    page = await (await browser().sign_in("allowance-drafter")).open("/deadlines?month=2031-12")
    assert [address for _, address, _ in rows(page)] == ["/assessments/elsewhere"]


async def test_an_event_is_acknowledged_by_the_next_business_day(desk: Desk, browser: Browsers) -> None:
    await fill(desk)
    page = await (await browser().sign_in(MANAGER)).open("/deadlines?month=2026-11")
    assert ("リスク事案", "/events/risk/sato/1", "受領確認") in rows(page)
    assert "閉庁: 祝日" in page


async def test_a_department_narrows_the_month(desk: Desk, browser: Browsers) -> None:
    await fill(desk)
    page = await (await browser().sign_in(TEAM)).open("/deadlines?month=2031-12&department=child-allowance")
    assert [address for _, address, _ in rows(page)] == ["/assessments/elsewhere"]
    assert "month=2031-11&amp;department=child-allowance" in page
    assert '<option value="child-allowance" selected>' in page


@pytest.mark.parametrize("month", ["2026-13", "26-12", "1999-12", "<script>", "2026-12-01", "二〇二六"])
async def test_what_is_no_month_is_told(browser: Browsers, month: str) -> None:
    page = await (await browser().sign_in(MANAGER)).open(f"/deadlines?month={month}", status=422)
    assert "月を読めません" in page
    assert "<script>" not in page


async def test_a_month_in_which_nothing_is_due_says_so(browser: Browsers) -> None:
    page = await (await browser().sign_in(MANAGER)).open("/deadlines")
    assert "この月に期限の来るものはありません" in page


async def test_of_very_many_some_are_left_out_and_the_page_says_so(
    desk: Desk, browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(desk)
    monkeypatch.setattr(client.deadlines, "MOST", 4)
    page = await (await browser().sign_in(TEAM)).open("/deadlines?month=2031-12")
    assert len(rows(page)) == 4
    assert "2件を示していません。部署を選んでください" in page


async def test_a_month_costs_the_same_number_of_statements_whatever_is_due(desk: Desk, browser: Browsers) -> None:
    someone = await browser().sign_in(MANAGER)
    with counted(desk[1]) as with_nothing:
        await someone.open("/deadlines?month=2031-12")
    await fill(desk)
    with counted(desk[1]) as with_all:
        await someone.open("/deadlines?month=2031-12")
    assert abs(len(with_all) - len(with_nothing)) <= 1
    assert len(with_all) < 10
