"""義務の見本 (sample duties): states, acts and an organisation for the tests of the rules."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from schemas.canonical import digest_of
from schemas.duties import DutyAlarm, DutyKind, DutyState, DutyStatus, RollMember, kind_of
from schemas.duty_acts import (
    DutyAct,
    DutyActKind,
    DutyAmendment,
    DutyCancellation,
    DutyCompletion,
    DutyConfirmation,
    DutyEnrolment,
    DutyExcuse,
    DutyHandIn,
    DutyOpening,
    DutyPostponement,
    DutyProgress,
    DutyReminder,
    DutySendingBack,
)
from schemas.organisation import Actor, Appointment, Body, BodyKind, Department, Organisation, Person, Role
from schemas.reports import Evidence
from schemas.review import Urgency
from tests.guideline.reviews import actor

AT = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
TODAY = date(2026, 6, 1)
DUE_ON = date(2026, 6, 30)
ALARM = DutyAlarm(status=DutyStatus.OPEN, urgency=Urgency.REMINDER, due_on=DUE_ON, at=AT)
EVIDENCE = (Evidence(title="手順書", sha256="e" * 64),)
CONTENT: dict[DutyKind, dict[str, Any]] = {
    DutyKind.GUIDANCE: {
        "received_on": "2023-09-20",
        "items": [{"number": "1", "heading": "本人確認の措置", "text": "検討すること。"}],
    },
    DutyKind.MEASURE: {"item": "1", "text": "事務連絡を発出する。"},
    DutyKind.STATUS_REPORT: {"on": "2023-10-31"},
    DutyKind.PUBLICITY: {"rule": "個人情報管理規程", "channel": "庁内ポータルサイト"},
    DutyKind.CIRCULAR: {"text": "ログアウトの徹底"},
    DutyKind.ANSWER: {"asked_by": "見本市", "asked_on": "2023-11-10", "question": "対象の端末は何か。"},
    DutyKind.TRAINING: {"material": "研修資料"},
    DutyKind.INSPECTION: {"files": ["口座登録簿"], "questions": ["管理簿があるか"]},
    DutyKind.AUDIT: {
        "file": "口座登録簿",
        "checklist": ["管理簿があるか"],
        "plan": {"audited_on": "2026-05-25", "auditors": ["auditor"], "scope": "全て", "method": "実地"},
    },
    DutyKind.CORRECTION: {"finding": "管理簿がない。", "grade": "major", "text": "管理簿を作る。"},
    DutyKind.LOG_ANALYSIS: {"system": "口座登録システム"},
}
PAPERS: dict[DutyKind, dict[str, Any]] = {
    DutyKind.GUIDANCE: {"reported_on": "2023-10-31", "report_sha256": "a" * 64},
    DutyKind.MEASURE: {"when": {"said": "令和5年11月2日", "latest_on": "2023-11-02"}},
    DutyKind.STATUS_REPORT: {"report_sha256": "a" * 64},
    DutyKind.ANSWER: {"answer": "全ての端末である。"},
    DutyKind.INSPECTION: {"answers": [{"question": "管理簿があるか", "conforms": True, "state": "ある。"}]},
    DutyKind.AUDIT: {
        "findings": [{"item": "管理簿があるか", "grade": "conforms", "text": "ある。"}],
        "conclusion": "適合している。",
    },
    DutyKind.CORRECTION: {"answer": "指摘のとおりである。", "action": "管理簿を作った。"},
    DutyKind.LOG_ANALYSIS: {
        "first_on": "2023-11-01",
        "last_on": "2023-11-30",
        "volume": 1200,
        "method": "抽出",
        "conclusion": "異常はない。",
    },
}

ORGANISATION = Organisation(
    bodies=(Body(id="digital-agency", name="内閣総理大臣", kind=BodyKind.ADMINISTRATIVE_BODY),),
    departments=(
        Department(id="accounts", body="digital-agency", name="口座登録担当"),
        Department(id="audit", body="digital-agency", name="監査チーム"),
    ),
    people=(
        Person(id="owner", body="digital-agency", department="accounts", name="見本"),
        Person(id="auditor", body="digital-agency", department="audit", name="監査"),
        Person(id="auditor-2", body="digital-agency", department="accounts", name="併任の監査"),
    ),
    appointments=(
        Appointment(role=Role.TEAM_MEMBER, body="digital-agency", persons=("team", "team-2", "owner")),
        Appointment(role=Role.AUDITOR, body="digital-agency", persons=("auditor", "auditor-2")),
        Appointment(role=Role.CHIEF_PRIVACY_OFFICER, body="digital-agency", persons=("chief",)),
        Appointment(role=Role.DRAFTER, body="digital-agency", department="accounts", persons=("drafter",)),
        Appointment(role=Role.PRIVACY_MANAGER, body="digital-agency", department="accounts", persons=("manager",)),
        Appointment(role=Role.DIRECTOR_GENERAL, body="digital-agency", department="accounts", persons=("director",)),
    ),
)


def duty_id_of(kind: DutyKind) -> str:
    return f"{kind.value}:sample.2026"


def state(kind: DutyKind = DutyKind.MEASURE, status: DutyStatus = DutyStatus.OPEN, **changes: Any) -> DutyState:
    given: dict[str, Any] = {
        "duty_id": duty_id_of(kind),
        "kind": kind,
        "body": "digital-agency",
        "department": "accounts",
        "title": "見本",
        "due_on": DUE_ON,
        "opened_at": AT,
        "opened_by": "team",
        "began_at": AT,
        "status": status,
        "content": CONTENT[kind],
        "content_digest": digest_of(CONTENT[kind]),
        "sequence": 1,
        "alarms": (ALARM,),
        **changes,
    }
    return DutyState(**given)


def act_of(kind: DutyActKind, by: Actor, *, duty_id: str = "measure:sample.2026", **more: Any) -> DutyAct:
    of = kind_of(duty_id)
    content: dict[DutyActKind, tuple[type[DutyAct], dict[str, Any]]] = {
        DutyActKind.OPEN: (
            DutyOpening,
            {"department": "accounts", "title": "見本", "due_on": DUE_ON, "content": CONTENT[of]},
        ),
        DutyActKind.REPORT_PROGRESS: (DutyProgress, {"text": "案を作った。"}),
        DutyActKind.POSTPONE: (DutyPostponement, {"due_on": date(2026, 7, 31), "reason": "改修を待つ。"}),
        DutyActKind.AMEND: (DutyAmendment, {"title": "新しい件名", "reason": "改めた。"}),
        DutyActKind.ENROL: (DutyEnrolment, {"added": (RollMember(member="a", name="甲"),)}),
        DutyActKind.COMPLETE: (DutyCompletion, {"members": ("a",), "completed_on": TODAY}),
        DutyActKind.EXCUSE: (DutyExcuse, {"members": ("a",), "reason": "休職中"}),
        DutyActKind.HAND_IN: (DutyHandIn, {"text": "定めた。", "evidence": EVIDENCE, "paper": PAPERS.get(of)}),
        DutyActKind.CONFIRM: (DutyConfirmation, {}),
        DutyActKind.SEND_BACK: (DutySendingBack, {"reason": "根拠が足りない。"}),
        DutyActKind.CANCEL: (DutyCancellation, {"reason": "別の改善策に含めた。"}),
        DutyActKind.REMIND: (DutyReminder, {"alarm": ALARM}),
    }
    model, fields = content[kind]
    base = {"act_id": "act/1", "actor": by, "duty_id": duty_id}
    return model(**{**base, **fields, **more})


TEAM = actor(Role.TEAM_MEMBER, person="team", department="privacy")
CHIEF = actor(Role.CHIEF_PRIVACY_OFFICER, person="chief", department="privacy")
AUDITOR = actor(Role.AUDITOR, person="auditor", department="audit")
DRAFTER = actor(Role.DRAFTER, person="drafter")
MANAGER = actor(Role.PRIVACY_MANAGER, person="manager")
STAFF = actor(Role.STAFF, person="somebody")
ENGINE = actor(Role.ENGINE, person="engine")
EVERYBODY = (TEAM, CHIEF, AUDITOR, DRAFTER, MANAGER, STAFF, ENGINE)
