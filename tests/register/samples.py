"""見本 (samples): assessments, reviews and acts as the register is given them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from guideline.duties import take_duty
from register.assessments import First
from schemas.acts import (
    Acknowledgement,
    Approval,
    Finding,
    Intake,
    ItemNote,
    Join,
    Resolution,
    Return,
    StepRecord,
    Submission,
)
from schemas.base import Message
from schemas.breach import BreachFacts, Knowledge
from schemas.canonical import digest_of, message_digest
from schemas.countermeasures import CountermeasureState, Progress
from schemas.courses import Course
from schemas.duty_acts import DutyOpening, DutyProgress
from schemas.event_acts import KnowledgeAddition
from schemas.events import Answer, EventAlarm, EventClock, EventJudgement, EventState
from schemas.levels import Level
from schemas.organisation import Actor, Appointment, Body, BodyKind, Department, Organisation, Person, Role
from schemas.records import CountermeasureEntry, DutyEntry, Entry, EventEntry, NewAssessment, StoredDocument
from schemas.reports import ChangeKind, ChangeReport, RiskEvent
from schemas.review import Ground, GroundKind, Manifest, ManifestEntry, Opening, ReviewState, Stage, Step, Urgency

AT = datetime(2026, 11, 24, 1, 23, 45, 678901, tzinfo=UTC)

ORGANISATION = Organisation(
    bodies=(Body(id="city", name="内子町長", kind=BodyKind.LOCAL_GOVERNMENT),),
    departments=(Department(id="kodomo", body="city", name="こども支援課"),),
    people=(Person(id="sato", body="city", department="kodomo", name="佐藤　花子"),),
    appointments=(Appointment(role=Role.TEAM_MEMBER, body="city", persons=("sato",)),),
)


def document(text: str = "児童手当の支給に関する事務") -> StoredDocument:
    content: dict[str, Any] = {"form": "basic_items", "form_version": "2024-10", "事務の名称": text, "割合": 0.1}
    return StoredDocument(sha256=digest_of(content), form="basic_items", form_version="2024-10", content=content)


def manifest(stored: StoredDocument) -> Manifest:
    entry = ManifestEntry(form=stored.form, form_version=stored.form_version, sha256=stored.sha256)
    return Manifest(documents=(entry,))


def new_assessment(assessment_id: str = "jidou-teate", **changes: Any) -> NewAssessment:
    given: dict[str, Any] = {
        "assessment_id": assessment_id,
        "body": "city",
        "department": "kodomo",
        "number": "12",
        "name": "児童手当に関する事務　基礎項目評価書",
        "required_level": Level.BASIC_ITEMS,
        "effective_level": Level.BASIC_ITEMS,
        "published_on": date(2026, 1, 15),
        "systems": ("児童手当システム",),
        "files": ("児童手当受給者ファイル",),
        **changes,
    }
    return NewAssessment(**given)


def first_version(stored: StoredDocument, **changes: Any) -> dict[str, Any]:
    """Give the rest of what `add_assessment` is told."""
    first: dict[str, Any] = {
        "documents": (stored,),
        "manifest": manifest(stored),
        "digest": message_digest(manifest(stored)),
        "validated": True,
        "verified_on": date(2026, 1, 15),
        "yearly_due_on": date(2027, 1, 15),
        "five_years_due_on": date(2031, 1, 15),
    }
    return {"by": "operator", "at": AT, "first": First(**{**first, **changes})}


def actor(person: str = "sato", *, organisation_revision: int = 1) -> Actor:
    return Actor(
        person=person,
        role=Role.TEAM_MEMBER,
        body="city",
        department="kodomo",
        organisation_revision=organisation_revision,
    )


def intake(act_id: str = "change/sato/1", *, title: str = "委託先の変更") -> Intake:
    report = ChangeReport(
        assessments=("jidou-teate",),
        kind=ChangeKind.OUTSOURCING,
        title=title,
        facts="再委託先が増える。",
        known_on=date(2026, 11, 20),
    )
    return Intake(act_id=act_id, actor=actor(), report=report)


def opening(assessment_id: str = "jidou-teate") -> Opening:
    return Opening(
        body="city",
        body_kind=BodyKind.LOCAL_GOVERNMENT,
        assessment_id=assessment_id,
        department="kodomo",
        level=Level.BASIC_ITEMS,
        published_digest=message_digest(manifest(document())),
    )


def ground(ground_id: str = "change/sato/1/jidou-teate", *, report_id: str = "change/sato/1") -> Ground:
    return Ground(
        ground_id=ground_id,
        kind=GroundKind.CHANGE_REPORT,
        report_id=report_id,
        reported_by=actor(),
        title="委託先の変更",
        known_on=date(2026, 11, 20),
        takes_effect_on=date(2027, 4, 1),
        minimum=Course.AMEND,
    )


def state(assessment_id: str = "jidou-teate", **changes: Any) -> ReviewState:
    given: dict[str, Any] = {"opened_at": AT, "turn_began_at": AT, "sequence": 1, "facts_revision": 1, **changes}
    return ReviewState(opening=opening(assessment_id), **given)


def join(assessment_id: str = "jidou-teate", *, act_id: str | None = None, reason: Ground | None = None) -> Join:
    reason = reason or ground(f"change/sato/1/{assessment_id}")
    return Join(act_id=act_id or reason.ground_id, actor=actor(), opening=opening(assessment_id), ground=reason)


def entry(act: Message, review: ReviewState, **changes: Any) -> Entry:
    given: dict[str, Any] = {"run_id": "run-1", "at": AT, "due_on": date(2026, 12, 1), **changes}
    return Entry(act=act, review=review, **given)  # type: ignore[arg-type] # each sample is one of the acts


def opening_entry(assessment_id: str = "jidou-teate", **changes: Any) -> Entry:
    act = join(assessment_id)
    return entry(act, state(assessment_id, grounds=(act.ground,)), **changes)


def finding(act_id: str = "find/1", *, review_id: str = "jidou-teate/1", **changes: Any) -> Finding:
    given: dict[str, Any] = {"facts_revision": 1, "course": Course.AMEND, "reason": "委託先の記載を改める。", **changes}
    return Finding(act_id=act_id, actor=changes.pop("actor", None) or actor(), review_id=review_id, **given)


def every_act(review_id: str = "jidou-teate/1") -> tuple[Message, ...]:
    """Give one of each act after the first."""
    given: dict[str, Any] = {"actor": actor(), "review_id": review_id}
    digest = message_digest(manifest(document()))
    note = ItemNote(item="Ⅰ１②", text="委託先の名称が古い。")
    return (
        Acknowledgement(act_id="ack", **given),
        Finding(act_id="find", facts_revision=1, course=Course.AMEND, reason="委託先を改める。", **given),
        Resolution(act_id="resolve", facts_revision=1, course=Course.AMEND, reason="修正とする。", **given),
        Submission(act_id="submit", manifest=manifest(document()), explanations=(note,), **given),
        Return(act_id="return", digest=digest, revision=1, comments=(note,), **given),
        Approval(act_id="approve", digest=digest, revision=2, facts_revision=1, **given),
        StepRecord(act_id="step", step=Step.PUBLICATION, done_on=date(2026, 12, 20), **given),
    )


def countermeasure(number: int = 1, **changes: Any) -> CountermeasureState:
    given: dict[str, Any] = {
        "countermeasure_id": f"jidou-teate/1/{number}",
        "review_id": "jidou-teate/1",
        "assessment_id": "jidou-teate",
        "body": "city",
        "department": "kodomo",
        "item": "Ⅳ8 人手を介在させる作業",
        "text": "複数人で確かめる。",
        "owner": "sato",
        "due_on": date(2027, 1, 29),
        "opened_at": AT,
        "began_at": AT,
        **changes,
    }
    return CountermeasureState(**given)


def progress(act_id: str = "progress/1", **changes: Any) -> CountermeasureEntry:
    text = changes.pop("text", "案を作った。")
    act = Progress(act_id=act_id, actor=actor(), countermeasure_id="jidou-teate/1/1", text=text)
    return CountermeasureEntry(act=act, state=countermeasure(**{"sequence": 1, **changes}), at=AT)


def risk_intake(act_id: str = "risk/sato/1") -> Intake:
    report = RiskEvent(
        assessments=("jidou-teate",),
        title="誤送付",
        facts="別の者に通知を送った。",
        known_on=date(2026, 11, 20),
        known_by_department="kodomo",
    )
    return Intake(act_id=act_id, actor=actor(), report=report)


ANSWER = EventJudgement(
    facts_revision=1,
    on=date(2026, 11, 24),
    known_on=date(2026, 11, 20),
    reportable=Answer.UNDECIDED,
    guideline=Answer.UNDECIDED,
    reasons=("まだ決まりません。",),
    provisions=("番号法第29条の4第1項",),
    confirmed=True,
)


def event_alarm(due_on: date) -> EventAlarm:
    return EventAlarm(clock=EventClock.ACKNOWLEDGEMENT, urgency=Urgency.SUPERIOR, due_on=due_on, at=AT)


def event(**changes: Any) -> EventState:
    """Give an event as it was opened, with one answer and one alarm."""
    given: dict[str, Any] = {
        "event_id": "risk/sato/1",
        "body": "city",
        "department": "kodomo",
        "title": "誤送付",
        "reported_by": "sato",
        "reported_at": AT,
        "knowledge": (Knowledge(department="kodomo", known_on=date(2026, 11, 20)),),
        "facts": BreachFacts(known_on=date(2026, 11, 20)),
        "judgements": (ANSWER,),
        "alarms": (event_alarm(date(2026, 11, 25)),),
        **changes,
    }
    return EventState(**given)


def event_entry(act_id: str = "knew/1", **changes: Any) -> EventEntry:
    reason = changes.pop("reason", "窓口の記録にあった。")
    act = KnowledgeAddition(
        act_id=act_id,
        actor=actor(),
        event_id="risk/sato/1",
        department="jumin",
        known_on=date(2026, 11, 19),
        reason=reason,
    )
    return EventEntry(act=act, state=event(**{"sequence": 1, "facts_revision": 2, **changes}), at=AT)


def duty_opening(duty_id: str = "measure:logout", **changes: Any) -> DutyOpening:
    given: dict[str, Any] = {
        "act_id": f"open/{duty_id}",
        "actor": actor(),
        "department": "kodomo",
        "owner": "sato",
        "title": "運用面での対策",
        "due_on": date(2027, 1, 29),
        "content": {"item": "1", "text": "事務連絡を発出する。"},
        **changes,
    }
    return DutyOpening(duty_id=duty_id, **given)


def duty_entry(duty_id: str = "measure:logout", **changes: Any) -> DutyEntry:
    """Give the act that opens a duty, with the state that it leaves."""
    act = duty_opening(duty_id, **changes)
    return DutyEntry(act=act, state=take_duty(None, act, at=AT), at=AT)


def duty_progress(act_id: str = "duty-progress/1", *, text: str = "案を作った。") -> DutyEntry:
    act = DutyProgress(act_id=act_id, actor=actor(), duty_id="measure:logout", text=text)
    return DutyEntry(act=act, state=take_duty(duty_entry().state, act, at=AT), at=AT)


def closed(**changes: Any) -> ReviewState:
    return state(stage=Stage.CLOSED, closed_at=AT, review_id="jidou-teate/1", **changes)
