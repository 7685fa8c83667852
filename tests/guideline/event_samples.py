"""リスク事案 (risk events) for the tests: one as it was opened and judged, and one act of each kind."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from guideline.event_follow_up import alarms_of_event
from guideline.event_judgement import earlier_facts, judged_event, tells_of_facts
from guideline.events import take_event, with_derived
from schemas.breach import BreachFacts, Happening, Knowledge, ReportKind
from schemas.event_acts import (
    EventAcknowledgement,
    EventAct,
    EventActKind,
    EventClosing,
    EventJoining,
    EventReminder,
    FactsUpdate,
    FilingRecord,
    KnowledgeAddition,
    MeasureNaming,
    NoReportConfirmation,
    NoReportProposal,
    NotificationRecord,
    ReportApproving,
)
from schemas.events import (
    EventAlarm,
    EventClock,
    EventState,
    EventStatus,
    Filing,
    FilingKind,
    Notification,
    NotificationKind,
    PreventionMeasure,
    ReportApproval,
)
from schemas.organisation import Actor, Role, ServiceLevels
from schemas.reports import Evidence
from schemas.review import Urgency
from tests.guideline.breaches import facts
from tests.guideline.reviews import actor

ON = date(2026, 6, 1)  # a Monday
AT = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
LATER = datetime(2026, 6, 10, 3, 0, tzinfo=UTC)
LEVELS = ServiceLevels()
EVENT, OTHER = "risk/1", "risk/2"
DIGEST = "d" * 64
EVIDENCE = (Evidence(title="受付の控え", sha256="e" * 64),)
ALARM = EventAlarm(clock=EventClock.ACKNOWLEDGEMENT, urgency=Urgency.REMINDER, due_on=ON, at=AT)

ANYONE = actor(Role.STAFF, person="anyone", department="others")
DESK = actor(Role.STAFF, person="desk")
MANAGER = actor(Role.PRIVACY_MANAGER, person="manager")
TEAM = actor(Role.TEAM_MEMBER, person="team", department="privacy")
ENGINE = actor(Role.ENGINE, person="engine")

LEAK: dict[str, Any] = {"leak": Happening.OCCURRED, "number_use_system": True}
"""1号ロ: data of a system for 個人番号利用事務."""


def event(known: BreachFacts | None = None, **changes: Any) -> EventState:
    """Give an event that was known and reported on a Monday, judged by its facts."""
    given: dict[str, Any] = {
        "event_id": EVENT,
        "body": "digital-agency",
        "department": "accounts",
        "title": "誤登録",
        "assessments": ("digital-agency-1",),
        "reported_by": "desk",
        "reported_at": AT,
        "knowledge": (Knowledge(department="accounts", known_on=ON),),
        "facts": (BreachFacts() if known is None else known).model_copy(update={"known_on": ON}),
        **changes,
    }
    state = EventState(**given)
    return with_alarms(with_derived(state, judged_event(state, on=ON)))


def with_alarms(state: EventState, *, at: datetime = AT) -> EventState:
    return state.model_copy(update={"alarms": alarms_of_event(state, LEVELS, at=at)})


def after(state: EventState, act: EventAct, *, at: datetime = AT) -> EventState:
    """Carry an act out and record it, as the workflow and its activity do."""
    taken = take_event(state, act, at=at)
    if tells_of_facts(act):
        learned_on = act.known_on if isinstance(act, FactsUpdate) else None
        on = at.date()
        taken = with_derived(taken, judged_event(taken, on=on, learned_on=learned_on, earlier=earlier_facts(state)))
    return with_alarms(taken, at=at)


def filing(kind: FilingKind = FilingKind.PRELIMINARY, **changes: Any) -> Filing:
    given: dict[str, Any] = {
        "kind": kind,
        "filed_on": ON,
        "receipt_number": f"受付-{kind.value}",
        "digest": DIGEST,
        "evidence": EVIDENCE,
        **changes,
    }
    return Filing(**given)


def approval(kind: ReportKind = ReportKind.PRELIMINARY, *, digest: str = DIGEST) -> ReportApproval:
    return ReportApproval(kind=kind, digest=digest, written_by="desk", approved_by="team", facts_revision=1, at=AT)


NOTIFIED = Notification(kind=NotificationKind.NOTICE, done_on=ON, evidence=EVIDENCE)
MEASURE = PreventionMeasure(text="ログアウトを促す。", owner="desk", due_on=date(2026, 7, 1))

_CONTENT: dict[EventActKind, tuple[type[EventAct], dict[str, Any]]] = {
    EventActKind.ACKNOWLEDGE: (EventAcknowledgement, {}),
    EventActKind.UPDATE_FACTS: (
        FactsUpdate,
        {"facts": BreachFacts(leak=Happening.OCCURRED), "changed": ("leak",), "reason": "確かめた。"},
    ),
    EventActKind.ADD_KNOWLEDGE: (
        KnowledgeAddition,
        {"department": "others", "known_on": date(2026, 5, 20), "reason": "記録にあった。"},
    ),
    EventActKind.JOIN: (
        EventJoining,
        {"other": OTHER, "knowledge": (Knowledge(department="others", known_on=ON),), "reason": "同じ誤りである。"},
    ),
    EventActKind.APPROVE_REPORT: (
        ReportApproving,
        {"kind": ReportKind.PRELIMINARY, "digest": DIGEST, "written_by": "desk"},
    ),
    EventActKind.RECORD_FILING: (FilingRecord, {"filing": filing()}),
    EventActKind.RECORD_NOTIFICATION: (NotificationRecord, {"notification": NOTIFIED}),
    EventActKind.PROPOSE_NO_REPORT: (NoReportProposal, {"reason": "漏えい等がない。"}),
    EventActKind.CONFIRM_NO_REPORT: (NoReportConfirmation, {"facts_revision": 1, "reason": "確かめた。"}),
    EventActKind.NAME_MEASURE: (MeasureNaming, {"measure": MEASURE}),
    EventActKind.CLOSE: (EventClosing, {"reviews": ("digital-agency-1/1",)}),
    EventActKind.REMIND: (EventReminder, {"alarm": ALARM}),
}


AFTER: dict[EventActKind, dict[str, Any]] = {
    EventActKind.UPDATE_FACTS: {"facts": BreachFacts(persons_at_most=2), "changed": ("persons_at_most",)},
    EventActKind.APPROVE_REPORT: {"kind": ReportKind.SUPPLEMENT, "digest": "a" * 64},
    EventActKind.RECORD_FILING: {"filing": filing(FilingKind.SUPPLEMENT, digest="b" * 64)},
}
"""終了の後も許される行為の内容."""


def act_of(kind: EventActKind, by: Actor = TEAM, /, **more: Any) -> Any:
    model, content = _CONTENT[kind]
    return model(**{"act_id": "act/1", "actor": by, "event_id": EVENT, **content, **more})


def ready(kind: EventActKind, *, by_team: bool = False) -> EventState:
    """Give an event in which an act of that kind is possible; by_team says which side proposed that none is due."""
    match kind:
        case EventActKind.RECORD_FILING:
            return event(facts(**LEAK), approvals=(approval(),))
        case EventActKind.PROPOSE_NO_REPORT:
            return event(facts())
        case EventActKind.CONFIRM_NO_REPORT:
            proposer = TEAM if by_team else MANAGER
            return after(event(facts()), act_of(EventActKind.PROPOSE_NO_REPORT, proposer))
        case EventActKind.CLOSE:
            return closable()
        case EventActKind.REMIND:
            return event().model_copy(update={"alarms": (ALARM,)})
    return event()


def closable() -> EventState:
    """Give an event of 1号 for which all was done."""
    return event(
        facts(**LEAK),
        acknowledged_by="team",
        approvals=(approval(), approval(ReportKind.FINAL, digest="f" * 64)),
        filings=(filing(), filing(FilingKind.FINAL, digest="f" * 64)),
        notifications=(NOTIFIED,),
        measures=(MEASURE,),
    )


def closed() -> EventState:
    return with_alarms(closable().model_copy(update={"status": EventStatus.CLOSED}))


def closed_with_a_supplement() -> EventState:
    """Give a closed event of which a 追完 is approved and not filed."""
    approved = (*closed().approvals, approval(ReportKind.SUPPLEMENT, digest="b" * 64))
    return closed().model_copy(update={"approvals": approved})
