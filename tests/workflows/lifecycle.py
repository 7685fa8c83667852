"""始まりと終わり (lifecycle): how the tests begin a new business, and how they end one."""

from __future__ import annotations

import json
from datetime import date, timedelta

from guideline.end_of_business import mark_of
from schemas.review import Outcome
from tests.house import DRAFTER, MANAGER, TEAM, House, as_json, basic_document, document, today


def new_business(house: House, **more: object) -> bytes:
    content: dict[str, object] = {
        "assessment_id": f"{house.assessment_id}-new",
        "department": "account-registration",
        "number": "1",
        "name": "児童手当の支給に関する事務",
        "title": "児童手当の支給に関する事務の開始",
        "facts": "新たに個人番号を用いる。",
        "known_on": "2026-05-01",
        "data_subjects": 1_200,
        "handlers": 20,
        "serious_incident": False,
        "gates": [
            {"gate": "hold_start", "planned_on": (today() + timedelta(days=90)).isoformat()},
            {"gate": "network_link_start", "planned_on": (today() + timedelta(days=20)).isoformat()},
        ],
    }
    return as_json(**{**content, **more})


async def begin(house: House, **more: object) -> str:
    reported = await house.minaoshi.reports.new_business(new_business(house, **more), as_=DRAFTER)
    return reported[0].review_id


async def submit_first(house: House, review_id: str) -> None:
    """Hand in the 様式2 of a new business, as small as it was reported."""
    await house.minaoshi.reviews.submit(review_id, json.dumps(basic_document()).encode(), as_=DRAFTER)


async def pass_gate(house: House, review_id: str, gate: str, **more: object) -> None:
    content = as_json(gate=gate, passed_on=today().isoformat(), **more)
    await house.minaoshi.reviews.pass_gate(review_id, content, as_=DRAFTER)


async def approve(house: House, review_id: str) -> None:
    for person in (MANAGER, TEAM):
        await house.minaoshi.reviews.approve(review_id, as_=person)


async def report_end(house: House, assessment_id: str, *, ended_on: date | None = None) -> str:
    content = as_json(
        assessments=[assessment_id],
        title="事務の終了",
        facts="制度の廃止による。",
        known_on=today().isoformat(),
        ended_on=(ended_on or today()).isoformat(),
    )
    return (await house.minaoshi.reports.end_of_business(content, as_=DRAFTER))[0].review_id


async def both_find(house: House, review_id: str, course: str) -> None:
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, course=course)


async def to_the_end(house: House) -> None:
    review_id = await report_end(house, house.assessment_id)
    await both_find(house, review_id, "end_business")
    await carry_out_the_end(house, review_id)


async def carry_out_the_end(house: House, review_id: str) -> None:
    marked = document("corrected")
    marked["cover"]["assessment_name"] += mark_of(today())
    await house.minaoshi.reviews.submit(review_id, json.dumps(marked).encode(), as_=DRAFTER)
    await approve(house, review_id)
    for step in ("notification", "publication"):
        await house.step(review_id, step, done_on=today().isoformat())
    assert (await house.show(review_id)).state.outcome is Outcome.ENDED
