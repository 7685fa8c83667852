"""行為の内訳 (details): the row that some acts have in a table of their own: ground, finding, decision or step.

It holds nothing that the act does not say, and is derived from the act's stored content alone.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Table

from register.tables import decisions, findings, grounds, steps
from schemas.acts import ActKind


class Detail(NamedTuple):
    """内訳 (detail): the table and the row."""

    table: Table
    row: dict[str, Any]


DETAIL_TABLES = (grounds, findings, decisions, steps)


def detail_of(content: dict[str, Any], *, review_id: str) -> Detail | None:
    """Give the detail of an act's stored content; None for an act that has none."""
    kind = ActKind(content["act"])
    row: dict[str, Any] = {"act_id": content["act_id"], "review_id": review_id}
    person, role = content["actor"]["person"], content["actor"]["role"]
    match kind:
        case ActKind.JOIN:
            return Detail(grounds, {**row, **_ground(content["ground"])})
        case ActKind.FIND:
            given = {name: content[name] for name in ("facts_revision", "course")}
            return Detail(findings, {**row, "person": person, "role": role, **given})
        case (
            ActKind.RESOLVE
            | ActKind.APPROVE
            | ActKind.RETURN
            | ActKind.WITHDRAW
            | ActKind.CONSENT
            | ActKind.DISPUTE
            | ActKind.SETTLE
            | ActKind.RECALL
            | ActKind.REVISE
            | ActKind.HAND_OVER
        ):
            given = {name: content.get(name) for name in ("facts_revision", "course", "revision", "digest")}
            return Detail(decisions, {**row, "kind": kind.value, "person": person, "role": role, **given})
        case ActKind.RECORD_STEP:
            done_on = date.fromisoformat(content["done_on"])
            return Detail(steps, {**row, "step": content["step"], "done_on": done_on, "person": person})
        case ActKind.ACKNOWLEDGE | ActKind.SUBMIT | ActKind.REMIND | ActKind.PASS_GATE:
            return None


def _ground(ground: dict[str, Any]) -> dict[str, Any]:
    takes_effect_on = ground["takes_effect_on"]
    return {
        "ground_id": ground["ground_id"],
        "report_id": ground["report_id"],
        "kind": ground["kind"],
        "title": ground["title"],
        "known_on": date.fromisoformat(ground["known_on"]),
        "takes_effect_on": None if takes_effect_on is None else date.fromisoformat(takes_effect_on),
    }
