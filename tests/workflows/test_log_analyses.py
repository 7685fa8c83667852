"""ログ分析: opened month by month over a year and after a missed schedule, reported from a CSV, an anomaly an event."""

from __future__ import annotations

from datetime import date

import pytest

from client.errors import ActRefusedError, InvalidInputError, NotFoundError, NotPermittedError
from guideline.deadlines import is_closed
from schemas.duties import DutyStatus
from tests.house import AUDITOR, DRAFTER, MANAGER, TEAM, House, as_json
from tests.workflows.planning import EVIDENCE
from tests.workflows.test_duty_clocks import round_on

CSV = "日付,件数,異常\n" + "".join(f"2023/11/{day},40,{'深夜の閲覧' if day == 7 else ''}\n" for day in range(1, 31))


def systems(house: House, **more: str) -> bytes:
    one = {
        "name": house.assessment_id,
        "system": "口座登録システム",
        "department": "account-registration",
        "first_month": "2023-11",
    }
    return as_json(systems=[{**one, **more}])


async def test_a_system_is_analysed_each_month_of_a_year_though_rounds_were_missed(house: House) -> None:
    logs = house.minaoshi.log_analyses
    with pytest.raises(NotPermittedError, match="監査チーム"):
        await logs.apply(systems(house), as_=TEAM)
    with pytest.raises(InvalidInputError, match="何も始めていません"):
        await logs.apply(systems(house, department="nowhere"), as_=AUDITOR)
    applied = await logs.apply(systems(house), as_=AUDITOR)
    assert (await logs.apply(systems(house), as_=AUDITOR)).there == applied.opened
    days = [date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 1), date(2024, 7, 15), date(2024, 11, 30)]
    opened = [(await round_on(house, day)).opened for day in days]
    assert opened == [1, 1, 0, 5, 5]
    months = await logs.months(applied.opened[0], as_=AUDITOR)
    assert [one.state.duty_id.rpartition(".")[2] for one in months] == [
        "2023-11",
        "2023-12",
        *(f"2024-{month:02d}" for month in range(1, 12)),
    ]
    assert all(one.late and one.paper is None for one in months)
    assert not any(is_closed(one.state.due_on) for one in months)
    assert months[0].state.due_on == date(2023, 12, 14)
    assert [one.duty_id for one in await logs.systems(as_=AUDITOR)] == [months[-1].state.duty_id]
    await house.minaoshi.duties.cancel(months[-1].state.duty_id, as_json(reason="廃止した。"), as_=AUDITOR)
    assert (await round_on(house, date(2025, 6, 1))).opened == 0
    assert await logs.systems(as_=AUDITOR) == ()
    assert (await house.minaoshi.verify_audit()).problems == ()


async def test_a_month_is_reported_from_a_csv_confirmed_and_its_anomaly_becomes_one_event(house: House) -> None:
    logs, duties = house.minaoshi.log_analyses, house.minaoshi.duties
    one = (await logs.apply(systems(house), as_=AUDITOR)).opened[0]
    assert await logs.anomalies(one, as_=DRAFTER) == ()
    said = as_json(text="分析した。", evidence=EVIDENCE, paper={"method": "抽出", "conclusion": "調べる。"})
    with pytest.raises(InvalidInputError, match="1件の誤り"):
        await logs.submit(one, said, summary=CSV.replace("2023/11/9,40,", "2023/11/9,多数,").encode(), as_=DRAFTER)
    missing = CSV.replace("2023/11/30,40,\n", "").encode("cp932")
    with pytest.raises(ActRefusedError, match="求められた期間ではありません"):
        await logs.submit(one, said, summary=missing, as_=DRAFTER)
    await logs.submit(one, said, summary=CSV.encode("cp932"), as_=DRAFTER)
    await duties.send_back(one, as_json(reason="結論が足りない。", due_on="2099-01-31"), as_=AUDITOR)
    await logs.submit(one, said, summary=CSV.encode(), as_=MANAGER)
    month = (await logs.months(one, as_=AUDITOR))[0]
    assert month.paper is not None
    assert (month.paper.volume, month.paper.anomalies, month.late) == (1200, ("2023-11-07: 深夜の閲覧",), False)
    event_id = await logs.report_anomaly(one, 1, as_=DRAFTER)
    assert await logs.report_anomaly(one, 1, as_=AUDITOR) == event_id
    events = await house.minaoshi.events.list(scope="all")
    assert [row.event_id for row in events] == [event_id]
    found = (await logs.anomalies(one, as_=AUDITOR))[0]
    assert (found.event.event_id if found.event else None) == event_id
    reported = await house.register.report(event_id)
    assert reported is not None
    assert one in reported.report.facts
    with pytest.raises(NotFoundError, match="2番目の異常"):
        await logs.report_anomaly(one, 2, as_=DRAFTER)
    assert (await duties.confirm(one, as_=AUDITOR)).status is DutyStatus.CLOSED
    picture = await logs.volume_svg(one, as_=AUDITOR)
    assert all(words in picture for words in ("2023-11: 1,200件、異常 1件", "▲1", "<desc"))
    with pytest.raises(InvalidInputError, match="ログ分析ではありません"):
        await logs.anomalies(await other_duty(house), as_=TEAM)
    assert (await house.minaoshi.verify_audit()).problems == ()


async def other_duty(house: House) -> str:
    opening = as_json(
        department="account-registration", title="改善策", due_on="2099-01-31", content={"item": "1", "text": "策"}
    )
    return (await house.minaoshi.duties.open(f"measure:{house.assessment_id}", opening, as_=TEAM)).duty_id
