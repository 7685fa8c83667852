"""誤登録を規則で数える (wrong registrations by the rules alone): what was due, who would be told, how late it was.

Each entry is judged by the rules of its own day. The engine judges by those of the day of recording; that both give the
same answers is held where it is played (demo/account_story.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache

from demo.account_registration import Entry, Kind, history, organisation
from guideline.breach_deadlines import ReportDelay, delay_of
from guideline.event_facts import opened_event
from guideline.event_follow_up import told_of_event
from guideline.event_judgement import earlier_facts, judged_event, tells_of_facts
from guideline.event_lateness import days_late, first_done_on
from guideline.events import take_event, with_derived
from guideline.notices import told_of_report
from guideline.organisation import department_names
from guideline.reporting_line import Recipient, recipients_of
from schemas.acts import Intake
from schemas.breach import BreachFacts, ReportKind
from schemas.event_acts import EventAct, EventJoining, FactsUpdate, FilingRecord, ReportApproving
from schemas.events import EventDeadline, EventState, Filing, FilingKind
from schemas.organisation import Actor, Role
from schemas.records import Notice
from schemas.reports import Evidence, RiskEvent

REPORTER, DRAFTER, TEAM = "desk", "drafter", "team-lead"
"""見本の職員: who reports, who writes, and who of the team acts."""

NUMBER_ACT = "番号法第29条の4"
_NOT_KEPT = "0" * 64
_OF_NO_MATTER = "見本"


@dataclass(frozen=True, slots=True)
class Late:
    """遅れ (lateness) of one deadline, where it was done."""

    deadline: EventDeadline
    done_on: date
    days: int


@dataclass(frozen=True, slots=True)
class Joining:
    """合わせた報告 (joining): an entry found to be of the same event; who was told of it, and what it moved.

    `moved` has each date under the 番号法 as it was before and after.
    """

    other: str
    on: date
    told: tuple[Recipient, ...]
    moved: tuple[tuple[EventDeadline, EventDeadline], ...]


@dataclass(frozen=True, slots=True)
class Course:
    """経過の答え (answers): how an event stands after each entry that is recorded, who was told, and what was late.

    `late_alone` counts from each desk as if no other had known.
    """

    states: dict[str, EventState]
    told: dict[str, tuple[Recipient, ...]]
    joinings: tuple[Joining, ...]
    delay: ReportDelay
    late: tuple[Late, ...]
    late_alone: dict[str, tuple[Late, ...]]


def of_number_act(state: EventState) -> tuple[EventDeadline, ...]:
    """Give the deadlines under the 番号法, by which it is told; that the 個情法 asks too is sure only with 748."""
    return tuple(one for one in state.deadlines if one.law == NUMBER_ACT)


def moved(before: EventState, after: EventState) -> tuple[tuple[EventDeadline, EventDeadline], ...]:
    """Give the dates under the 番号法 that moved by an act that adds no situation, each as it was before and after."""
    pairs = zip(of_number_act(before), of_number_act(after), strict=True)
    return tuple((one, other) for one, other in pairs if one.due_on != other.due_on)


def until(deadline: EventDeadline) -> str:
    """Say by when: between two days where a guide alone tells how many (速報), promptly where the law sets none."""
    if deadline.due_on is None:
        return "速やかに（日数の定めなし）"
    if deadline.earliest_on in (None, deadline.due_on):
        return f"{deadline.due_on}"
    return f"{deadline.earliest_on}から{deadline.due_on}（目安）"


def due(state: EventState) -> tuple[tuple[object, ...], ...]:
    """Give what must be the same by the rules of then and of now: what is due when, for which situation, by what."""
    return tuple(
        (one.kind, one.law, one.situations, one.known_on, one.due_on, one.provisions) for one in state.deadlines
    )


@cache
def recipients() -> dict[str, Recipient]:
    """Give everybody whom the reporting line names, the minister's office too, by their id."""
    body, departments = organisation().bodies[0].id, (history().department,)
    line = recipients_of(organisation(), body=body, departments=departments, with_minister=True)
    return {one.id: one for one in line}


@cache
def course() -> Course:
    """Go through the whole history by the rules alone."""
    states: dict[str, EventState] = {}
    told: dict[str, tuple[Recipient, ...]] = {}
    joinings: tuple[Joining, ...] = ()
    main = history().main
    for entry in history().entries:
        notices: tuple[Notice, ...] = ()
        if entry.act is Kind.EVENT:
            state, notices = _reported(entry)
            states[entry.id], _ = _learned(state, entry)
        elif entry.act is Kind.FACTS:
            before = states[main]
            if not before.joined:
                before, joinings = _joined(states, on=entry.on)
            states[entry.id], notices = _learned(before, entry)
        elif entry.act is Kind.FILING:
            states[entry.id] = _filed(states[main], entry)
        if entry.act in (Kind.FACTS, Kind.FILING):
            main = entry.id
        if notices:
            told[entry.id] = tuple(recipients()[one.person] for one in notices)
    filing = history().entry("filing")
    earlier = (one for one in history().of(Kind.EVENT) if one.on <= filing.on)
    alone = {one.id: tuple(_late(_filed(states[one.id], filing))) for one in earlier}
    delay = delay_of(states[main].known_on, _noon(filing.on))
    return Course(states, told, joinings, delay, tuple(_late(states[main])), alone)


def _reported(entry: Entry) -> tuple[EventState, tuple[Notice, ...]]:
    report = RiskEvent.model_validate(history().report(entry), strict=False)
    intake = Intake(act_id=f"risk/{entry.id}", actor=_actor(REPORTER, Role.STAFF), report=report)
    state = opened_event(intake, report, organisation=organisation(), at=_noon(entry.on))
    # The line is that of the days after the hotline was set up, also for what came before.
    on = max(entry.on, history().entry("hotline").on)
    notices = told_of_report(intake, organisation=organisation(), owners=(), on=on)
    names = department_names(organisation())
    return with_derived(state, judged_event(state, on=entry.on, names=names)), notices


def _learned(state: EventState, entry: Entry) -> tuple[EventState, tuple[Notice, ...]]:
    facts = history().facts(entry)
    act = FactsUpdate(
        act_id=f"act/{entry.id}",
        actor=_actor(DRAFTER, Role.DRAFTER),
        event_id=state.event_id,
        facts=BreachFacts.model_validate(facts, strict=False),
        changed=tuple(facts),
        known_on=entry.on,
        reason=entry.text,
    )
    return _after(state, act, on=entry.on)


def _joined(states: dict[str, EventState], *, on: date) -> tuple[EventState, tuple[Joining, ...]]:
    state = states[history().main]
    joinings = []
    for entry in reversed(history().joined):
        other = states[entry.id]
        act = EventJoining(
            act_id=f"act/join/{entry.id}",
            actor=_actor(TEAM, Role.TEAM_MEMBER),
            event_id=state.event_id,
            other=other.event_id,
            knowledge=other.knowledge,
            reason=_OF_NO_MATTER,
        )
        joined, notices = _after(state, act, on=on)
        told = tuple(recipients()[one.person] for one in notices)
        joinings.append(Joining(entry.id, on, told, moved(state, joined)))
        state = joined
    return state, tuple(joinings)


def _filed(state: EventState, entry: Entry) -> EventState:
    act_id, team = f"act/{entry.id}", _actor(TEAM, Role.TEAM_MEMBER)
    approving = ReportApproving(
        act_id=f"{act_id}/approval",
        actor=team,
        event_id=state.event_id,
        kind=ReportKind.FINAL,
        digest=_NOT_KEPT,
        written_by=DRAFTER,
    )
    filing = Filing(
        kind=FilingKind.BOTH,
        filed_on=entry.on,
        receipt_number=_OF_NO_MATTER,
        digest=_NOT_KEPT,
        evidence=(Evidence(title=_OF_NO_MATTER, sha256=_NOT_KEPT),),
    )
    approved, _ = _after(state, approving, on=entry.on)
    record = FilingRecord(act_id=act_id, actor=team, event_id=state.event_id, filing=filing)
    return _after(approved, record, on=entry.on)[0]


def _after(state: EventState, act: EventAct, *, on: date) -> tuple[EventState, tuple[Notice, ...]]:
    """Carry an act out as the workflow and its activity do, on a day of then."""
    taken = take_event(state, act, at=_noon(on))
    changes: tuple[str, ...] = ()
    if tells_of_facts(act):
        names = department_names(organisation())
        derived = judged_event(taken, on=on, learned_on=on, earlier=earlier_facts(state), names=names)
        taken, changes = with_derived(taken, derived), derived.judgement.changes if derived.judgement else ()
    return taken, told_of_event(act, state=taken, changes=changes, organisation=organisation())


def _late(state: EventState) -> Iterator[Late]:
    for deadline in of_number_act(state):
        done_on, days = first_done_on(deadline, state), days_late(deadline, state)
        if done_on is not None and days is not None:
            yield Late(deadline, done_on, days)


def _actor(person: str, role: Role) -> Actor:
    of = next(one for one in organisation().people if one.id == person)
    return Actor(person=person, role=role, body=of.body, department=of.department, organisation_revision=1)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(3), tzinfo=UTC)
