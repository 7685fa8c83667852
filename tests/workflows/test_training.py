"""研修: a campaign over its year with joiners and leavers, its letters, the next one, and ten thousand people."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from client.errors import ActRefusedError, InvalidInputError, NotPermittedError
from engine.server import EmbeddedServer
from guideline.deadlines import years_after
from guideline.duty_roll import LEFT
from schemas.duties import DutyStatus, MemberStatus
from schemas.records import Notice
from tests.house import CHIEF, DRAFTER, MANAGER, TEAM, House, as_json, today
from tests.workflows.duty_samples import done, following, own, staff, training
from tests.workflows.planning import EVIDENCE, in_days
from tests.workflows.skipping import PATIENCE_S, skipping_house
from tests.workflows.test_duty_clocks import round_on, rung

MANY = 10_000
HANDING_IN = as_json(text="全員が受講した。", evidence=EVIDENCE)


async def told(house: House, person: str) -> list[Notice]:
    notices = (await house.minaoshi.inboxes.of(person)).notices
    return [notice for notice in notices if "（研修、実施中、期限" in notice.subject]


async def test_a_campaign_over_its_year(
    environment: WorkflowEnvironment, server: EmbeddedServer, tmp_path: Path
) -> None:
    async with skipping_house(environment, server.settings, tmp_path) as skipping:
        house, minaoshi = skipping.house, skipping.house.minaoshi
        first = own(house, "training:all", period=f"{today():%Y}")
        await minaoshi.duties.open(first, training(repeats="year"), as_=TEAM)
        rows = (
            "desk,窓口,account-registration",
            f"{DRAFTER},起案者,口座登録担当",
            "allowance-drafter,児童,child-allowance",
        )
        outside = "p-100,派遣,child-allowance"
        begun = await minaoshi.trainings.import_roll(first, staff(*rows, outside, codec="cp932"), as_=TEAM)
        assert (begun.encoding, len(begun.joined), begun.joiners_due_on) == ("Shift_JIS（CP932）", 4, None)
        await minaoshi.trainings.complete(first, completed_on=today().isoformat(), as_="desk")
        await environment.fast_forward(following(house, first), timedelta(days=70))
        async with asyncio.timeout(PATIENCE_S):
            while len(await rung(house, first)) < 3:  # noqa: ASYNC110 # nobody tells
                await asyncio.sleep(0.05)
        assert [len(await told(house, one)) for one in ("desk", "allowance-drafter", DRAFTER)] == [0, 1, 1]
        reminded, escalated = sorted(await told(house, "allowance-manager"), key=lambda one: one.urgent)
        assert reminded.details == "児童手当担当（見本）の未了の者（1人）: 派遣（p-100）"
        assert escalated.details == "児童手当担当（見本）の未了の者（2人）: 児童（allowance-drafter）、派遣（p-100）"
        (counted,) = [one for one in await told(house, CHIEF) if one.urgent]
        assert counted.details is not None
        assert counted.details.startswith("未了 3人\n")
        with pytest.raises(ActRefusedError, match="名簿の3人"):
            await minaoshi.duties.hand_in(first, HANDING_IN, as_=TEAM)
        await minaoshi.trainings.import_roll(first, staff(rows[0], rows[1], rows[2]), as_=TEAM)
        excused = await minaoshi.duties.roll(first, as_=TEAM, status=MemberStatus.EXCUSED)
        assert [(one.member, one.reason) for one in excused] == [("p-100", LEFT)]
        await minaoshi.duties.complete(first, as_json(members=[DRAFTER], completed_on=today().isoformat()), as_=MANAGER)
        await minaoshi.duties.excuse(first, as_json(members=["allowance-drafter"], reason="休職中"), as_=TEAM)
        await minaoshi.duties.hand_in(first, HANDING_IN, as_=TEAM)
        assert (await minaoshi.duties.confirm(first, as_=CHIEF)).status is DutyStatus.CLOSED
        assert (await minaoshi.verify_audit()).problems == ()
        await next_ones(house, first)


async def next_ones(house: House, first: str) -> None:
    """See that the next one opens in the same month, though the mornings of two years were missed."""
    name = first.rpartition(".")[0]
    begin = years_after(today(), years=1)
    assert (await round_on(house, begin - timedelta(days=1))).opened == 0
    assert (await round_on(house, years_after(today(), years=2) + timedelta(days=5))).opened == 2
    assert (await round_on(house, years_after(today(), years=2) + timedelta(days=6))).opened == 0
    found = await house.minaoshi.duties.list(as_=TEAM)
    assert [(one.duty_id, one.begins_on, one.roll) for one in found] == [
        (f"{name}.{today().year + years}", years_after(today(), years=years), None) for years in (1, 2)
    ]


async def test_who_joins_late_has_time_and_what_can_not_be_is_said_row_by_row(house: House) -> None:
    one, minaoshi = own(house, "training:late"), house.minaoshi
    since = {"material": "研修資料", "material_since": "2020-02-01"}
    opening = training(begins_on="2020-01-01", due_on=in_days(3).isoformat(), content=since)
    await minaoshi.duties.open(one, opening, as_=TEAM)
    rows = ("desk,窓口,account-registration", "p-1,派遣,child-allowance")
    await minaoshi.trainings.import_roll(one, staff(*rows), as_=TEAM)
    joined = await minaoshi.trainings.import_roll(one, staff(*rows, "p-2,新人,child-allowance"), as_=TEAM)
    assert joined.joiners_due_on is not None
    state = (await minaoshi.duties.show(one, as_=TEAM)).state
    assert [day.isoformat() for day in state.joiners_due_on] == [joined.joiners_due_on]
    late = await minaoshi.duties.roll(one, as_=TEAM, department="child-allowance")
    assert [(row.member, row.due_on and row.due_on.isoformat()) for row in late] == [
        ("p-1", None),
        ("p-2", joined.joiners_due_on),
    ]
    table = done("desk,2020-03-01", "p-1,2020-01-15", f"p-2,{in_days(1)}", "p-9,2020-03-01", "desk,2020-03-02")
    with pytest.raises(InvalidInputError) as wrong:
        await minaoshi.trainings.import_completions(one, table, as_=TEAM)
    assert [fault[:3] for fault in sorted(wrong.value.faults)] == ["3行目", "4行目", "5行目", "6行目"]
    assert state.roll is not None
    assert (await minaoshi.duties.show(one, as_=TEAM)).state.sequence == state.sequence
    for content in (staff(*rows), done("desk,2020-03-01")):
        with pytest.raises(NotPermittedError):
            await minaoshi.trainings.import_roll(one, content, as_=MANAGER)
    receipts = [
        await minaoshi.trainings.import_completions(
            one, done("desk,2020-03-01", "p-1,令和2年3月2日"), as_=TEAM, act_id="act/late-completions"
        )
        for _ in range(2)
    ]
    assert receipts[0].receipt == receipts[1].receipt
    days = {row.member: row.completed_on for row in await minaoshi.duties.roll(one, as_=TEAM)}
    assert days == {"desk": date(2020, 3, 1), "p-1": date(2020, 3, 2), "p-2": None}
    with pytest.raises(InvalidInputError, match="知りません"):
        await minaoshi.trainings.export(one, "pdf", as_=TEAM)


@pytest.mark.whole
async def test_ten_thousand_are_taken_in_by_few_events_and_again_when_a_tenth_has_changed(house: House) -> None:
    one, minaoshi = own(house, "training:ten-thousand"), house.minaoshi
    await minaoshi.duties.open(one, training(), as_=TEAM)
    people = [f"p{number:05d},見本 {number},account-registration" for number in range(MANY)]
    begun = await minaoshi.trainings.import_roll(one, staff(*people, codec="cp932"), as_=TEAM)
    assert begun.receipt is not None
    assert begun.receipt.roll is not None
    assert (begun.receipt.roll.total, begun.receipt.roll.open) == (MANY, MANY)
    moved = [f"p{number:05d},見本 {number},child-allowance" for number in range(1000)]
    new = [f"q{number:05d},新人 {number},child-allowance" for number in range(1000)]
    changed = await minaoshi.trainings.import_roll(one, staff(*moved, *people[1000:-1000], *new), as_=TEAM)
    assert [len(some) for some in (changed.joined, changed.left, changed.changed)] == [1000, 1000, 1000]
    finished = [f"{row.partition(',')[0]},{today()}" for row in (*people[:-1000], *new)]
    recorded = await minaoshi.trainings.import_completions(one, done(*finished), as_=TEAM)
    assert recorded.receipt is not None
    assert recorded.receipt.roll is not None
    assert (recorded.receipt.roll.completed, recorded.receipt.roll.excused, recorded.receipt.roll.open) == (
        MANY,
        1000,
        0,
    )
    coverage = await minaoshi.trainings.coverage(one, as_=TEAM)
    assert [(row.department, row.total, row.percent) for row in coverage] == [
        ("account-registration", 9000, 100),
        ("child-allowance", 2000, 100),
    ]
    history = await following(house, one).fetch_history()
    assert len(history.events) < 60
    assert max(event.ByteSize() for event in history.events) < 20_000
    assert len(await minaoshi.trainings.export(one, "csv", as_=TEAM)) > MANY * 20
