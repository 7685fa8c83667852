"""実施手続の歩み (the procedure's way): how the tests carry a 全項目評価 of the State to publication."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from schemas.acts import Receipt
from tests.house import DRAFTER, MANAGER, TEAM, House, as_json, document, today
from tests.workflows.lifecycle import approve

NOTICED_ON, HEARD_ON = today() - timedelta(days=45), today() - timedelta(days=10)
PAPER = b"%PDF the paper"
OPINION = {"opinion": "共用端末の措置が足りない。", "answer": "措置を加えた。", "reflected": True}


async def report_material_change(house: House, *, act_id: str | None = None, **more: object) -> str:
    change: dict[str, Any] = {"kind": "storage_place", "title": "保管場所の変更", "items": ["様式4 Ⅱ6① 保管場所"]}
    return await house.report_change(act_id=act_id, **{**change, **more})


async def submit(house: House, review_id: str, *names: str) -> Receipt:
    drafts = [json.dumps(document(name)).encode() for name in names]
    return await house.minaoshi.reviews.submit(review_id, *drafts, as_=DRAFTER)


async def to_be_carried_out(house: House, **report: Any) -> str:
    """Bring a reassessment to the point where both have approved its text."""
    review_id = await report_material_change(house, **report)
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, course="reassess")
    await submit(house, review_id, "corrected", "all-items")
    await approve(house, review_id)
    return review_id


async def record(house: House, review_id: str, step: str, *, as_: str = TEAM, **said: object) -> Receipt:
    content = as_json(**{"step": step, "done_on": today().isoformat(), **said})
    return await house.minaoshi.reviews.record_step(review_id, content, as_=as_, papers={"写し": PAPER})


async def notice(house: House, review_id: str) -> Receipt:
    until_on = (NOTICED_ON + timedelta(days=30)).isoformat()
    said = {"method": "インターネット", "until_on": until_on}
    return await record(
        house, review_id, "public_notice", as_=MANAGER, done_on=NOTICED_ON.isoformat(), notice=said, note="見本"
    )


async def hear(house: House, review_id: str, *opinions: dict[str, object]) -> Receipt:
    heard_on = HEARD_ON.isoformat()
    return await record(
        house, review_id, "public_comment", as_=MANAGER, done_on=heard_on, opinions=list(opinions), note="見本"
    )


async def reassess(house: House, **report: Any) -> str:
    """Go the whole way: an opinion is reflected, the Commission approves, and the text is published."""
    review_id = await to_be_carried_out(house, **report)
    await notice(house, review_id)
    await hear(house, review_id, OPINION)
    await house.minaoshi.reviews.revise(review_id, as_json(reason="意見を反映する。"), as_=MANAGER)
    await submit(house, review_id, "revised", "all-items-revised")
    await approve(house, review_id)
    await record(house, review_id, "submission")
    await record(house, review_id, "commission_approval", judgement={"conditions": ["研修の結果を報告すること。"]})
    await record(house, review_id, "publication")
    return review_id
