"""行為の行 (row of an act): what the tables of acts have in common, whatever it is an act on."""

from __future__ import annotations

from typing import Any

from schemas.acts import Receipt
from schemas.countermeasures import CountermeasureReceipt
from schemas.duty_acts import DutyReceipt
from schemas.event_acts import EventReceipt
from schemas.records import CountermeasureEntry, DutyEntry, Entry, EventEntry

AnyEntry = Entry | CountermeasureEntry | EventEntry | DutyEntry
AnyReceipt = Receipt | CountermeasureReceipt | EventReceipt | DutyReceipt


def act_row(entry: AnyEntry, receipt: AnyReceipt, *, content: dict[str, Any], **own: object) -> dict[str, Any]:
    """Give the row of an act, its `content` as plain data; `own` is what its table alone has."""
    return {
        "act_id": entry.act.act_id,
        "sequence": receipt.sequence,
        "kind": entry.act.act.value,
        "person": entry.act.actor.person,
        "content": content,
        "content_digest": receipt.content_digest,
        "answer": receipt.model_dump(mode="json"),
        "at": entry.at,
        **own,
    }
