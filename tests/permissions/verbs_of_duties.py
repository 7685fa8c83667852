"""義務の動詞と送り先 (verbs and addresses of duties): as an auditor would call them whose own these duties are not.

Auditors owe audits, and confirm what they look over: so of duties an auditor changes nothing that the table
(`guideline/duty_rules.py`) does not give to auditors, and nothing at all of their own department.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from client.staff_rows import COMPLETIONS, STAFF
from schemas.duties import Completions, MemberCompletion, Roll, RollMember
from schemas.duty_acts import MOST_MEMBERS
from schemas.organisation import Role
from tests.guideline.guidance_samples import guidance, planned
from tests.house import House, as_json, today
from tests.permissions.people import OWN, person_id
from tests.workflows.audit_samples import PLAN
from tests.workflows.circular_samples import circular, table
from tests.workflows.duty_samples import measure, members
from tests.workflows.planning import EVIDENCE
from tests.workflows.test_audits import programme

AUDITOR, STAFF_MEMBER = person_id(Role.AUDITOR, own=True), person_id(Role.STAFF, own=True)
BY_LINK = "リンクを受け取った団体"

LATER = (today() + timedelta(days=99)).isoformat()
VERSION = {
    "department": "privacy",
    "due_on": LATER,
    "rule": "規程",
    "number": "1",
    "version": "第2版",
    "in_force_on": today().isoformat(),
    "changes": "-",
    "approved_by": "-",
    "approved_on": today().isoformat(),
    "channel": "-",
}
GUIDANCE = as_json(
    id="another",
    subject="-",
    department="privacy",
    guidance=guidance().model_dump(mode="json"),
    measures=[planned().model_dump(mode="json")],
)
CSV = {
    "completions": f"{','.join(COMPLETIONS.titles.values())}\ncolleague,{today().isoformat()}\n".encode(),
    "staff": f"{','.join(STAFF.titles.values())}\nsomebody,見本,{OWN},\n".encode(),
}

POSTS: dict[str, dict[str, Any] | str] = {
    "/acknowledge/{token}": BY_LINK,
    "/duties/new/{kind}": {
        "kind": "measure",
        "title": "-",
        "department": OWN,
        "due_on": LATER,
        "content.item": "1",
        "content.text": "-",
    },
    "/duties/{duty_id}/acts/{act}": {"duty_id": "duty", "act": "progress", "text": "進めた。"},
    "/duties/{duty_id}/anomalies/{number}": {"duty_id": "log", "number": "1"},
    "/duties/{duty_id}/completions/import": {"duty_id": "training", "what": "enter"},
    "/duties/{duty_id}/mine": {"duty_id": "training", "completed_on": today().isoformat()},
    "/duties/{duty_id}/plan": {"duty_id": "audit", **PLAN},
    "/duties/{duty_id}/questions/new": {"duty_id": "circular", "asked_by": "見本市", "question": "-"},
    "/duties/{duty_id}/read": {"duty_id": "publicity"},
    "/duties/{duty_id}/recipients": {"duty_id": "circular"},
    "/duties/{duty_id}/remind": {"duty_id": "circular"},
    "/duties/{duty_id}/roll/import": {"duty_id": "training", "what": "enter"},
    "/duties/{duty_id}/send": {"duty_id": "circular"},
    "/guidance/enter": {"text": GUIDANCE.decode()},
    "/guidance/{guidance_id}/acts/{act}": {"act": "approve"},
    "/rules/new": {**VERSION, "rule_id": "handling", "departments": OWN},
}
"""送れるもの: each address of duties, with what is typed, and which duty it is about."""

FILES: dict[str, bytes] = {
    "/duties/{duty_id}/completions/import": CSV["completions"],
    "/duties/{duty_id}/recipients": table(2),
    "/duties/{duty_id}/roll/import": CSV["staff"],
}
"""添えるファイル, where nothing is taken in without one."""

ANSWERED = {
    "/duties/{duty_id}/completions/import": 422,
    "/duties/{duty_id}/mine": 404,
    "/duties/{duty_id}/roll/import": 403,
}
"""答え: where it is not 409."""

CONTENT: dict[str, dict[str, Any]] = {
    "report_progress": {"text": "-"},
    "postpone": {"due_on": LATER, "reason": "-"},
    "amend": {"title": "-", "reason": "-"},
    "enrol": {"added": members("somebody")},
    "complete": {"members": ["colleague"], "completed_on": today().isoformat()},
    "excuse": {"members": ["colleague"], "reason": "-"},
    "hand_in": {"text": "-", "evidence": EVIDENCE},
    "confirm": {},
    "send_back": {"reason": "-"},
    "cancel": {"reason": "-"},
}
"""行為の内容."""

ON_A_ROLL = frozenset({"enrol", "complete", "excuse"})
CONFIRMING = frozenset({"confirm", "send_back"})
"""確認する側の行為: of what is handed in; auditors confirm it, but for their own department."""

Call = Callable[[House, dict[str, str]], Awaitable[object]]


def thing_for(verb: str) -> str:
    """Say which of the duties a verb is about."""
    return "training" if verb in ON_A_ROLL else "log" if verb in CONFIRMING else "duty"


def _of_verb(verb: str) -> Call:
    content = as_json(**CONTENT[verb])
    return lambda h, at: getattr(h.minaoshi.duties, verb)(at[thing_for(verb)], content, as_=AUDITOR)


_MANY = tuple(f"p{number}" for number in range(MOST_MEMBERS + 1))
_ROLL = Roll(members=tuple(RollMember(member=one, name=one) for one in _MANY))
_DONE = Completions(completed=tuple(MemberCompletion(member=one, completed_on=today()) for one in _MANY))
_PLAN = as_json(**PLAN)
_FILE = ("文書.txt", "何も変えない。".encode())

WRITES: dict[str, Call] = {
    **{f"duties.{verb}": _of_verb(verb) for verb in CONTENT},
    "duties.open": lambda h, _: h.minaoshi.duties.open("measure:by-an-auditor", measure(), as_=AUDITOR),
    "duties.enrol_many": lambda h, at: h.minaoshi.duties.enrol_many(at["training"], _ROLL, as_=AUDITOR),
    "duties.complete_many": lambda h, at: h.minaoshi.duties.complete_many(at["training"], _DONE, as_=AUDITOR),
    "guidance.enter": lambda h, _: h.minaoshi.guidance.enter(GUIDANCE, as_=AUDITOR),
    "guidance.measure": lambda h, at: h.minaoshi.guidance.measure(
        at["guidance"], as_json(**planned(id="9-9").model_dump(mode="json")), as_=AUDITOR
    ),
    "guidance.confirm_all": lambda h, at: h.minaoshi.guidance.confirm_all(at["guidance"], as_=AUDITOR),
    "guidance.approve": lambda h, at: h.minaoshi.guidance.approve(at["guidance"], as_=AUDITOR),
    "guidance.close": lambda h, at: h.minaoshi.guidance.close(at["guidance"], as_=AUDITOR),
    "rules.make_known": lambda h, _: h.minaoshi.rules.make_known(
        "handling", as_json(**VERSION), as_=AUDITOR, file=_FILE
    ),
    "rules.confirm_read": lambda h, at: h.minaoshi.rules.confirm_read(at["publicity"], as_=AUDITOR),
    "circulars.open": lambda h, _: h.minaoshi.circulars.open(
        "circular:by-an-auditor", circular(), as_=AUDITOR, file=_FILE
    ),
    "circulars.import_recipients": lambda h, at: h.minaoshi.circulars.import_recipients(
        at["circular"], table(2), as_=AUDITOR
    ),
    "circulars.take_recipients": lambda h, at: h.minaoshi.circulars.take_recipients(
        at["circular"], earlier=at["circular"], as_=AUDITOR
    ),
    "circulars.send": lambda h, at: h.minaoshi.circulars.send(at["circular"], as_=AUDITOR),
    "circulars.remind": lambda h, at: h.minaoshi.circulars.remind(at["circular"], as_=AUDITOR),
    "circulars.ask": lambda h, at: h.minaoshi.circulars.ask(
        at["circular"], as_json(asked_by="見本市", question="-"), as_=AUDITOR
    ),
    "trainings.complete": lambda h, at: h.minaoshi.trainings.complete(
        at["training"], completed_on=today().isoformat(), as_=AUDITOR
    ),
    "trainings.import_roll": lambda h, at: h.minaoshi.trainings.import_roll(at["training"], CSV["staff"], as_=AUDITOR),
    "trainings.import_completions": lambda h, at: h.minaoshi.trainings.import_completions(
        at["training"], CSV["completions"], as_=AUDITOR
    ),
    "privacy_audits.set_plan": lambda h, at: h.minaoshi.privacy_audits.set_plan(at["audit"], _PLAN, as_=AUDITOR),
    "log_analyses.submit": lambda h, at: h.minaoshi.log_analyses.submit(
        at["log"], as_json(**CONTENT["hand_in"]), as_=AUDITOR
    ),
    "log_analyses.report_anomaly": lambda h, at: h.minaoshi.log_analyses.report_anomaly(at["log"], 1, as_=AUDITOR),
    # 監査する者が始めるもの: as somebody who is none.
    "privacy_audits.apply": lambda h, _: h.minaoshi.privacy_audits.apply(programme(h), as_=STAFF_MEMBER),
    "log_analyses.apply": lambda h, _: h.minaoshi.log_analyses.apply(
        as_json(systems=[{"name": "by-nobody", "system": "-", "department": OWN, "first_month": "2026-10"}]),
        as_=STAFF_MEMBER,
    ),
}
"""書く動詞."""

CODES = frozenset({"duty_side", "own_department", "others_completion", "unknown_member", "unknown_completions"})
"""義務について断る理由の符号."""

NOT_BY_A_PERSON = {"acknowledging.acknowledge"}
"""リンクを受け取った団体の動詞."""

READING = {
    *("acknowledging.document", "acknowledging.invitation", "circulars.answer_sent", "circulars.coverage"),
    *("circulars.coverage_svg", "circulars.export", "directory.assessments_of", "directory.auditors"),
    *("duties.related", "guidance.item_of"),
    *("circulars.coverage_csv", "circulars.letters", "circulars.repeated_by", "circulars.unreached", "duties.below"),
    *(
        "duties.every",
        "duties.list",
        "duties.openable",
        "duties.permitted",
        "duties.roll",
        "duties.rows_seen",
        "duties.see_openable",
    ),
    *("duties.see_permitted", "duties.show", "duties.whole_roll", "guidance.list", "guidance.may_enter"),
    *("guidance.permitted", "guidance.report", "guidance.show", "guidance.view", "log_analyses.anomalies"),
    *("log_analyses.months", "log_analyses.systems", "log_analyses.volume_svg", "privacy_audits.followed"),
    *("privacy_audits.plan", "privacy_audits.plan_svg", "privacy_audits.report", "privacy_audits.report_as"),
    *("rules.document", "rules.reader", "rules.show", "rules.versions", "trainings.check_completions"),
    *("trainings.check_roll", "trainings.coverage", "trainings.coverage_svg", "trainings.export", "trainings.own"),
}
"""読む動詞."""
