"""義務のある家 (duties that are there): one of each kind that a page is about, of the department or of the team."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from tests.client.test_guidance import small
from tests.house import AUDITOR, DRAFTER, TEAM, House, as_json, today
from tests.workflows.audit_samples import FILE, ITEM, PLAN, report
from tests.workflows.circular_samples import circular, table
from tests.workflows.duty_samples import measure, members, own, training
from tests.workflows.planning import EVIDENCE, in_days

TOKEN = "t" * 43
"""受領のリンクの語: of the only recipient of the circular."""

_FILE = ("文書.txt", "全ての端末で徹底されたい。".encode())


async def put_duties_there(house: House, *, owner: str, on_the_roll: dict[str, str]) -> dict[str, str]:
    """Let one of each be there: what is owed by `account-registration`, and by the team; give their numbers.

    The measure is the charge of `owner`; `on_the_roll` of the training and the publicity stand persons with their
    departments.
    """
    duties, end = house.minaoshi.duties, in_days(90).isoformat()
    there = {
        "duty": own(house, "measure:there"),
        "training": own(house, "training:there"),
        "circular": own(house, "circular:there"),
        "log": own(house, "log_analysis:there"),
        "audit": own(house, "audit:there"),
        "audited": own(house, "audit:reported"),
    }
    await duties.open(there["duty"], measure(owner=owner), as_=TEAM)
    await duties.open(there["training"], training(), as_=TEAM)
    added = [one for person, department in on_the_roll.items() for one in members(person, department=department)]
    added += members("colleague")
    await duties.enrol(there["training"], as_json(added=added), as_=TEAM)
    await duties.excuse(there["training"], as_json(members=["colleague"], reason="休職中"), as_=TEAM)
    await house.minaoshi.circulars.open(there["circular"], circular(), as_=TEAM, file=_FILE)
    await house.minaoshi.circulars.import_recipients(there["circular"], table(1), as_=TEAM)
    (recipient,) = await duties.roll(there["circular"], as_=TEAM)
    digest = hashlib.sha256(TOKEN.encode()).hexdigest()
    links = house.register.circulars
    await links.keep_links(there["circular"], {recipient.member: digest}, at=datetime.now(UTC))
    await _of_the_department(house, there, end=end)
    await house.minaoshi.guidance.enter(small(house), as_=TEAM)
    known = await house.minaoshi.rules.make_known(
        f"handling-{house.assessment_id}",
        _version(end),
        as_=TEAM,
        file=_FILE,
        departments=sorted(set(on_the_roll.values())),
    )
    return {
        **there,
        "publicity": known.receipt.duty_id,
        "guidance": house.assessment_id,
        "token": TOKEN,
        "recipient": recipient.member,
    }


async def _of_the_department(house: House, there: dict[str, str], *, end: str) -> None:
    duties = house.minaoshi.duties
    place = {"department": "account-registration", "due_on": end}
    log = {**place, "title": "ログ分析", "content": {"system": "口座登録システム"}}
    await duties.open(there["log"], as_json(**log), as_=AUDITOR)
    analysed = {"first_on": today().isoformat(), "last_on": today().isoformat(), "volume": 1200, "method": "抽出"}
    paper = {**analysed, "anomalies": ["深夜の閲覧"], "conclusion": "調べる。"}
    await duties.hand_in(there["log"], as_json(text="分析した。", evidence=EVIDENCE, paper=paper), as_=DRAFTER)
    content = {"file": FILE, "checklist": [ITEM], "contractor": "運用会社"}
    audit = {**place, "title": "監査"}
    await duties.open(there["audit"], as_json(**audit, content=content), as_=AUDITOR)
    await duties.open(there["audited"], as_json(**audit, content={**content, "plan": PLAN}), as_=AUDITOR)
    await duties.hand_in(there["audited"], report({"grade": "conforms"}), as_=AUDITOR)


def _version(due_on: str) -> bytes:
    return as_json(
        department="privacy",
        due_on=due_on,
        rule="個人情報管理規程",
        number="規程第1号",
        version="第1版",
        in_force_on=today().isoformat(),
        changes="改めた。",
        approved_by="総括保護管理者",
        approved_on=today().isoformat(),
        channel="庁内ポータルサイト",
    )
