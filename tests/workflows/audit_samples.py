"""監査の見本 (sample audits): a department that has inspected itself, and an audit that is planned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.house import AUDITOR, MANAGER, House, as_json, today
from tests.workflows.duty_samples import own
from tests.workflows.planning import EVIDENCE, in_days

FILE, ITEM = "公金受取口座登録ファイル", "管理簿があるか"
DEPARTMENT = "account-registration"
PLAN = {"audited_on": today().isoformat(), "auditors": [AUDITOR], "scope": "管理簿の全て", "method": "実地と書面"}


async def inspected(house: House) -> None:
    """Have the department inspect itself, and another confirm it."""
    duties, one = house.minaoshi.duties, own(house, "inspection:department")
    content = {"files": [FILE], "questions": [ITEM]}
    opening = as_json(department=DEPARTMENT, title="自己点検", due_on=in_days(20).isoformat(), content=content)
    await duties.open(one, opening, as_=AUDITOR)
    paper = {"answers": [{"question": ITEM, "conforms": False, "state": "古い。"}]}
    await duties.hand_in(one, as_json(text="点検した。", paper=paper), as_=MANAGER)
    await duties.confirm(one, as_=AUDITOR)


async def open_audit(house: House, name: str = "audit:accounts", *, planned: bool = True, **more: Any) -> str:
    duties, one = house.minaoshi.duties, own(house, name)
    content = {"file": FILE, "checklist": [ITEM], **({"plan": PLAN} if planned else {}), **more}
    due_on = (today() + timedelta(days=90)).isoformat()
    opening = as_json(department=DEPARTMENT, title="監査", due_on=due_on, content=content)
    await duties.open(one, opening, as_=AUDITOR)
    return one


def report(*findings: dict[str, Any]) -> bytes:
    found = [{"item": ITEM, "grade": "minor", "text": "古い。", **one} for one in findings]
    return as_json(text="監査した。", evidence=EVIDENCE, paper={"findings": found, "conclusion": "是正を要する。"})
