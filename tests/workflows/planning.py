"""対応策を定める (planning): how the tests close a review with a countermeasure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from guideline.deadlines import tokyo_date
from schemas.review import Outcome
from tests.house import DRAFTER, MANAGER, TEAM, House

ITEM = "Ⅳ8 人手を介在させる作業"
EVIDENCE = [{"title": "研修の記録", "sha256": "e" * 64}]


def in_days(days: int) -> date:
    return tokyo_date(datetime.now(UTC)) + timedelta(days=days)


def plan(*, owner: str = DRAFTER, due_on: date | None = None, text: str = "複数人で確かめる手順を定める。") -> Any:
    return {"text": text, "owner": owner, "due_on": (due_on or in_days(30)).isoformat()}


def with_issues(**more: Any) -> dict[str, Any]:
    return {"item": ITEM, "agrees": True, "state": "一人で確かめている。", "answer": "issues_remain", **more}


async def planned(
    house: House, *, due_on: date | None = None, owner: str = DRAFTER, title: str = "窓口の運用の変更"
) -> str:
    """Close a review with one countermeasure, and give its number."""
    review_id = await house.report_change(title=title)
    row = with_issues(countermeasure=plan(owner=owner, due_on=due_on))
    await house.find(review_id, as_=MANAGER, course="no_change", checklist=[row])
    await house.find(review_id, as_=TEAM, course="no_change")
    assert (await house.handle().result()).outcome is Outcome.VERIFIED
    return f"{review_id}/1"
