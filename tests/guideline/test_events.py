"""リスク事案の手順: every act in every status by every side, and what each does."""

from __future__ import annotations

from datetime import date

import pytest

from guideline.event_facts import opened_event
from guideline.events import (
    judge_event,
    refusal_of_event_act,
    take_event,
    with_derived,
)
from guideline.refusals import RefusedError
from guideline.separation_of_duties import EVENT_PERMITS
from schemas.acts import Intake
from schemas.breach import Happening, Knowledge
from schemas.event_acts import EventActKind, EventDerived
from schemas.events import Answer, EventClock, EventState, EventStatus, FilingKind, NotificationKind
from schemas.organisation import Actor, Body, BodyKind, Department, Organisation, Role
from schemas.reports import RiskEvent
from tests.guideline.breaches import facts
from tests.guideline.event_samples import (
    AFTER,
    ANYONE,
    AT,
    DESK,
    LATER,
    LEAK,
    MANAGER,
    MEASURE,
    NOTIFIED,
    ON,
    OTHER,
    TEAM,
    act_of,
    after,
    closed_with_a_supplement,
    event,
    filing,
    ready,
)
from tests.guideline.reviews import actor
from tests.permission_table import EVENT_CELLS

KINDS = list(EventActKind)


def code_of(state: EventState, act: object) -> str:
    with pytest.raises(RefusedError) as refused:
        judge_event(state, act, at=AT)  # type: ignore[arg-type] # one of the acts
    assert refused.value.refusal.remedy
    assert refused.value.refusal.stage == state.status.label
    return refused.value.refusal.code


DONE = [
    pytest.param(cell.stage, cell.act, cell.role, id=f"{cell.stage.label}: {cell.act.label}（{cell.role.label}）")
    for cell in EVENT_CELLS
    if cell.own and cell.permitted
]


@pytest.mark.parametrize(("status", "kind", "role"), DONE)
def test_what_is_permitted_is_done(status: EventStatus, kind: EventActKind, role: Role) -> None:
    is_open = status is EventStatus.OPEN
    state = ready(kind, by_team=role is Role.PRIVACY_MANAGER) if is_open else closed_with_a_supplement()
    taken = take_event(state, act_of(kind, actor(role), **({} if is_open else AFTER.get(kind, {}))), at=AT)
    closes = kind is EventActKind.CLOSE or not is_open
    assert (taken.status, taken.sequence) == (EventStatus(("open", "closed")[closes]), state.sequence + 1)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.label for kind in KINDS])
def test_nobody_of_another_body_may_do_anything(kind: EventActKind) -> None:
    for by in (actor(role) for role in EVENT_PERMITS.roles(kind)):
        assert code_of(ready(kind), act_of(kind, by.model_copy(update={"body": "city"}))) == "other_body"
    assert code_of(ready(kind), act_of(kind, TEAM, event_id=OTHER)) == "other_event"


def test_what_was_done_or_waits_for_another_is_not_permitted_again() -> None:
    def may(state: EventState, kind: EventActKind, by: Actor) -> bool:
        return refusal_of_event_act(state, kind, actor=by, at=AT) is None

    acknowledged = after(event(), act_of(EventActKind.ACKNOWLEDGE))
    assert not may(acknowledged, EventActKind.ACKNOWLEDGE, TEAM)
    proposed = ready(EventActKind.CONFIRM_NO_REPORT, by_team=True)
    assert not may(proposed, EventActKind.CONFIRM_NO_REPORT, TEAM)
    assert not may(proposed, EventActKind.PROPOSE_NO_REPORT, TEAM)
    assert may(proposed, EventActKind.CONFIRM_NO_REPORT, MANAGER)
    assert not may(event(facts(**LEAK)), EventActKind.CONFIRM_NO_REPORT, MANAGER)


def test_an_auditor_and_another_departments_manager_are_not_of_the_department() -> None:
    other = actor(Role.PRIVACY_MANAGER, person="x", department="others")
    for by, code in ((actor(Role.AUDITOR, person="auditor"), "event_side"), (other, "event_department")):
        assert code_of(event(), act_of(EventActKind.UPDATE_FACTS, by)) == code


def test_a_department_that_knew_is_concerned_from_then_on() -> None:
    known = after(event(), act_of(EventActKind.ADD_KNOWLEDGE))
    assert known.departments == ("accounts", "others")
    by = ANYONE
    assert take_event(known, act_of(EventActKind.UPDATE_FACTS, by), at=AT).facts.leak is Happening.OCCURRED


def test_what_each_act_leaves() -> None:
    def left(kind: EventActKind) -> EventState:
        return take_event(ready(kind), act_of(kind), at=LATER)

    acknowledged = left(EventActKind.ACKNOWLEDGE)
    assert (acknowledged.acknowledged_by, acknowledged.acknowledged_at) == ("team", LATER)
    approved = left(EventActKind.APPROVE_REPORT).approvals[0]
    assert (approved.written_by, approved.approved_by, approved.facts_revision) == ("desk", "team", 1)
    assert left(EventActKind.RECORD_FILING).filings == (filing(),)
    assert left(EventActKind.RECORD_NOTIFICATION).notifications == (NOTIFIED,)
    assert left(EventActKind.NAME_MEASURE).measures == (MEASURE,)
    assert left(EventActKind.JOIN).joined == (OTHER,)
    assert left(EventActKind.CLOSE).closed_at == LATER


def test_only_the_named_facts_are_taken_and_unknown_is_an_answer() -> None:
    state = event(facts(**LEAK))
    told = facts(leak=None, loss=Happening.OCCURRED)
    told = told.model_copy(update={"account": told.account.model_copy(update={"cause": "端末の共用", "other": "他"})})
    act = act_of(EventActKind.UPDATE_FACTS, facts=told, changed=("leak", "account.cause"))
    taken = take_event(state, act, at=AT)
    assert (taken.facts.leak, taken.facts.loss) == (None, Happening.NONE)
    assert (taken.facts.account.cause, taken.facts.account.other) == ("端末の共用", None)
    assert taken.facts_revision == 2


@pytest.mark.parametrize(
    "kind",
    [EventActKind.UPDATE_FACTS, EventActKind.ADD_KNOWLEDGE, EventActKind.JOIN],
    ids=["事実", "把握", "同じ事案"],
)
def test_a_new_fact_voids_what_was_agreed_on_the_facts_before_it(kind: EventActKind) -> None:
    agreed = after(ready(EventActKind.CONFIRM_NO_REPORT), act_of(EventActKind.CONFIRM_NO_REPORT))
    assert agreed.no_report is not None
    assert agreed.no_report.confirmed_by == "team"
    assert take_event(agreed, act_of(kind), at=AT).no_report is None


def test_joined_events_tell_what_was_known_there() -> None:
    earlier = Knowledge(department="others", known_on=date(2026, 5, 1))
    joined = after(
        event(), act_of(EventActKind.JOIN, knowledge=(earlier, Knowledge(department="accounts", known_on=ON)))
    )
    assert (joined.known_on, joined.facts.known_on, len(joined.knowledge)) == (date(2026, 5, 1), date(2026, 5, 1), 2)


def test_a_report_begins_an_event_with_what_it_says_and_the_rest_unknown() -> None:
    report = RiskEvent(
        assessments=("digital-agency-1",),
        title="誤登録",
        facts="別人の口座が登録された。",
        known_on=ON,
        known_by_department="accounts",
        persons_affected=11,
        persons_feared=90,
        intentional=True,
    )
    organisation = Organisation(
        bodies=(Body(id="digital-agency", name="デジタル庁", kind=BodyKind.ADMINISTRATIVE_BODY),),
        departments=(Department(id="accounts", body="digital-agency", name="口座登録担当"),),
        people=({"id": "desk", "body": "digital-agency", "department": "accounts", "name": "見本"},),  # type: ignore[arg-type] # read by the model
        appointments=({"role": Role.TEAM_MEMBER, "body": "digital-agency", "persons": ("team",)},),  # type: ignore[arg-type] # as above
    )
    intake = Intake(act_id="risk/1", actor=DESK, report=report)
    opened = opened_event(intake, report, organisation=organisation, at=AT)
    assert (opened.event_id, opened.department, opened.reported_at) == ("risk/1", "accounts", AT)
    assert opened.knowledge == (Knowledge(department="accounts", known_on=ON),)
    assert (opened.facts.persons_confirmed, opened.facts.persons_at_most) == (11, 90)
    assert (opened.facts.body, opened.facts.department) == ("デジタル庁", "口座登録担当")
    assert (opened.facts.improper_purpose, opened.facts.leak) == (Happening.FEARED, None)
    nobody = report.model_copy(update={"known_by_department": "gone"})
    assert opened_event(intake, nobody, organisation=organisation, at=AT).facts.department is None


def test_what_was_not_judged_anew_stands() -> None:
    state = event(facts(**LEAK))
    kept = with_derived(state, EventDerived())
    assert (kept.judgements, kept.deadlines, kept.alarms) == (state.judgements, state.deadlines, ())


def test_the_managers_side_and_the_team_agree() -> None:
    proposed = ready(EventActKind.CONFIRM_NO_REPORT, by_team=True)
    agreed = take_event(proposed, act_of(EventActKind.CONFIRM_NO_REPORT, MANAGER), at=AT)
    assert agreed.no_report is not None
    assert (agreed.no_report.proposed_by, agreed.no_report.confirmed_by) == ("team", "manager")


def test_each_word_has_its_japanese() -> None:
    for words in (EventStatus, EventActKind, EventClock, FilingKind, NotificationKind, Answer):
        assert all(not word.label.isascii() for word in words)
