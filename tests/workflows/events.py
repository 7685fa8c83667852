"""リスク事案 (risk events): how the tests report one, learn of it, and do all that it asks for."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from client.event_following import event_workflow_id_of
from schemas.event_acts import EventReceipt
from tests.house import DRAFTER, MANAGER, TEAM, House, as_json, today
from workflows.risk_event import RiskEventWorkflow

EVIDENCE = [{"title": "受付の控え", "sha256": "e" * 64}]
NOTHING: dict[str, Any] = {
    **dict.fromkeys(("leak", "loss", "damage", "improper_purpose", "improper_use", "improper_provision"), "none"),
    **dict.fromkeys(("seen_by_many", "unlawful_use", "unlawful_provision", "other_violation"), "none"),
    **dict.fromkeys(("network_system", "number_use_system", "number_related_system", "retained"), False),
}
"""何も起きていない: no event under either law, nor under the guideline."""

MANY: dict[str, Any] = {
    **NOTHING,
    "leak": "occurred",
    "holder": "public_body",
    "specific": True,
    "in_file": True,
    "persons_at_most": 150,
}
"""百人を超える漏えい: 4号, and no other."""


TOLD: dict[str, Any] = {
    **{
        item: {"state": "known", "content": "調べて分かった。"}
        for item in ("overview", "cause", "response", "publication", "prevention")
    },
    "data_items": {"state": "known", "entries": ["氏名"]},
    "secondary_harm": {"state": "known", "presence": "none"},
}
"""全てを記した報告: a report that announces nothing."""


def event_handle(house: House, event_id: str) -> Any:
    return house.temporal.get_workflow_handle_for(RiskEventWorkflow.run, event_workflow_id_of(event_id))


async def reported(house: House, name: str = "one", *, known_on: date | None = None, **more: Any) -> str:
    """Report an event; all houses stand on one server, so that its id is of this one."""
    event_id = f"risk/{house.assessment_id}/{name}"
    await house.report_event(act_id=event_id, known_on=(known_on or today()).isoformat(), **more)
    return event_id


async def learn(house: House, event_id: str, facts: dict[str, Any], *, as_: str = DRAFTER, **more: Any) -> EventReceipt:
    content = as_json(facts=facts, reason="調べて分かった。", **more)
    return await house.minaoshi.events.update(event_id, content, as_=as_)


async def approved(
    house: House, event_id: str, kind: str, *, as_: str = TEAM, written_by: str = DRAFTER, **said: Any
) -> str:
    """Draft a report, complete it, and approve it; give its digest. `said` are items as they are to stand in it."""
    draft = await house.minaoshi.breaches.draft(event_id, kind=kind) | said
    for item, part in draft.items():
        if isinstance(part, dict) and part.get("state") in ("unknown", "partly"):
            draft[item] = {**part, "unknown_reason": "調査中である。", "follow_up": "分かり次第。"}
    document = json.dumps(draft, ensure_ascii=False).encode()
    await house.minaoshi.events.approve(event_id, document, written_by=written_by, as_=as_)
    state = (await house.minaoshi.events.show(event_id)).state
    return state.approvals[-1].digest


async def file(house: House, event_id: str, kind: str, *, number: str, digest: str, **more: Any) -> EventReceipt:
    said = {"kind": kind, "filed_on": today().isoformat(), "receipt_number": number, "digest": digest, **more}
    content = as_json(**said, evidence=EVIDENCE)
    return await house.minaoshi.events.file(event_id, content, as_=TEAM)


async def settle(house: House, event_id: str, *, filed_on: date | None = None) -> None:
    """Do all that an event of 4号 asks for, but for closing it."""
    events = house.minaoshi.events
    await events.acknowledge(event_id, as_=TEAM)
    await learn(house, event_id, MANY)
    on = (filed_on or today()).isoformat()
    for kind in ("preliminary", "final"):
        digest = await approved(house, event_id, kind, **TOLD)
        await file(house, event_id, kind, number=f"受付-{kind}", digest=digest, filed_on=on)
    told = as_json(kind="notice", done_on=today().isoformat(), evidence=EVIDENCE)
    await events.notify(event_id, told, as_=MANAGER)
    measure = as_json(text="ログアウトを促す。", owner=DRAFTER, due_on=(today() + timedelta(days=30)).isoformat())
    await events.measure(event_id, measure, as_=DRAFTER)
