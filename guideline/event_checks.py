"""リスク事案の行為の検査 (checks of the acts on a risk event): what each asks for beyond who may do it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from guideline.event_closing import missing_for_closing, waiting
from guideline.event_facts import facts_after, knowledge_after, unknown_fields
from guideline.refusals import refuse
from guideline.report_versions import check_correction
from schemas.breach import ReportKind
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
from schemas.events import Answer, EventClock, EventState, Filing, FilingKind, NotificationKind
from schemas.organisation import Role

MOST = 100
"""一つの事案に記録できる数: of answers, filings, measures and the like; a workflow's state is no place for more."""


class Moment(NamedTuple):
    """行為の時 (moment of an act): the date in Japan, and the instant."""

    today: date
    at: datetime


def _acknowledge(state: EventState, _: EventAcknowledgement, __: Moment) -> None:
    if state.acknowledged_by is not None:
        raise refuse("already_acknowledged", person=state.acknowledged_by)


def _update_facts(state: EventState, act: FactsUpdate, moment: Moment) -> None:
    _has_room("judgements", state, act)
    if unknown := unknown_fields(act.changed):
        raise refuse("unknown_fact", given="、".join(unknown))
    if "known_on" in act.changed:
        raise refuse("known_on_is_of_knowledge")
    if facts_after(state, act) == state.facts:
        raise refuse("nothing_changed")
    learned_on = act.known_on
    if learned_on is not None and not state.known_on <= learned_on <= moment.today:
        raise refuse(
            "learned_when",
            given=learned_on.isoformat(),
            known_on=state.known_on.isoformat(),
            today=moment.today.isoformat(),
        )


def _add_knowledge(state: EventState, act: KnowledgeAddition, moment: Moment) -> None:
    _has_room("judgements", state, act)
    if act.known_on > moment.today:
        raise refuse("knowledge_future", given=act.known_on.isoformat(), today=moment.today.isoformat())
    if knowledge_after(state, act) == state.knowledge:
        raise refuse("knowledge_there", department=act.department, known_on=act.known_on.isoformat())


def _join(state: EventState, act: EventJoining, moment: Moment) -> None:
    _has_room("judgements", state, act)
    if act.other in (state.event_id, *state.joined):
        raise refuse("joins_itself", given=act.other)
    latest = max(one.known_on for one in act.knowledge)
    if latest > moment.today:
        raise refuse("knowledge_future", given=latest.isoformat(), today=moment.today.isoformat())


def _approve(state: EventState, act: ReportApproving, _: Moment) -> None:
    _has_room("approvals", state, act)
    if act.actor.person == act.written_by:
        raise refuse("own_report")
    earlier = next((one for one in state.approvals if one.digest == act.digest), None)
    if earlier is not None:
        raise refuse("approved_already", person=earlier.approved_by)


_DOCUMENTS = MappingProxyType(
    {
        FilingKind.PRELIMINARY: (ReportKind.PRELIMINARY,),
        FilingKind.FINAL: (ReportKind.FINAL,),
        FilingKind.BOTH: (ReportKind.FINAL,),
        FilingKind.SUPPLEMENT: (ReportKind.SUPPLEMENT,),
        FilingKind.CORRECTION: tuple(ReportKind),
    }
)
_BEFORE = MappingProxyType(
    {
        FilingKind.FINAL: (FilingKind.PRELIMINARY,),
        FilingKind.SUPPLEMENT: (FilingKind.FINAL, FilingKind.BOTH),
        FilingKind.CORRECTION: (FilingKind.PRELIMINARY, FilingKind.FINAL, FilingKind.BOTH),
    }
)
_CLOCK_OF = MappingProxyType(
    {
        FilingKind.PRELIMINARY: EventClock.PRELIMINARY,
        FilingKind.FINAL: EventClock.FINAL,
        FilingKind.BOTH: EventClock.FINAL,
    }
)


def _file(state: EventState, act: FilingRecord, moment: Moment) -> None:
    filing = act.filing
    _has_room("filings", state, act)
    _was_done(state, filing.filed_on, moment)
    if all(one.digest != filing.digest or one.kind not in _DOCUMENTS[filing.kind] for one in state.approvals):
        raise refuse("filing_not_approved", given=filing.digest[:12], kind=filing.kind.label)
    if any(one.receipt_number == filing.receipt_number for one in state.filings):
        raise refuse("filing_number", given=filing.receipt_number)
    _in_order(state, filing)
    check_correction(state, filing)


def _in_order(state: EventState, filing: Filing) -> None:
    """速報、確報、追完: each after the one before it; none twice, unless a situation that came later waits for it."""
    filed = {one.kind for one in state.filings}
    before = _BEFORE.get(filing.kind)
    if before is not None and not filed.intersection(before):
        raise refuse("filing_order", given=filing.kind.label, before="又は".join(one.label for one in before))
    clock = _CLOCK_OF.get(filing.kind)
    done = FilingKind.BOTH in filed or filing.kind in filed
    if clock is not None and done and all(one.kind is not clock for one in waiting(state)):
        raise refuse("filing_again", given=filing.kind.label)


def _notify(state: EventState, act: NotificationRecord, moment: Moment) -> None:
    _has_room("notifications", state, act)
    told = act.notification
    needs: list[str] = []
    if told.kind is NotificationKind.NOT_DUE:
        needs += [] if told.reason else ["理由"]
    else:
        needs += [] if told.done_on else ["行った日"]
        needs += [] if told.evidence else ["根拠資料"]
        needs += ["理由"] if told.kind is NotificationKind.SUBSTITUTE and not told.reason else []
    if needs:
        raise refuse("notification_incomplete", kind=told.kind.label, missing="、".join(needs))
    if told.done_on is not None:
        _was_done(state, told.done_on, moment)


def _propose(state: EventState, _: NoReportProposal, __: Moment) -> None:
    _is_not_reportable(state)
    if state.no_report is not None:
        raise refuse("proposed_already", person=state.no_report.proposed_by)


def _confirm(state: EventState, act: NoReportConfirmation, _: Moment) -> None:
    proposed = state.no_report
    if proposed is None or proposed.confirmed_by is not None or act.facts_revision != state.facts_revision:
        raise refuse("nothing_proposed", facts_revision=state.facts_revision)
    same_side = proposed.by_team is (act.actor.role is Role.TEAM_MEMBER)
    if same_side or act.actor.person == proposed.proposed_by:
        other = "事案を知った部署の保護管理者" if proposed.by_team else "対策チーム"
        raise refuse("own_proposal", other=other)


def _is_not_reportable(state: EventState) -> None:
    answers = {state.judgements[-1].reportable, state.judgements[-1].guideline}
    if Answer.YES in answers:
        raise refuse("reportable")
    if Answer.UNDECIDED in answers:
        raise refuse("not_decided", questions="".join(f"「{one}」" for one in state.judgements[-1].questions))


def _measure(state: EventState, act: MeasureNaming, moment: Moment) -> None:
    _has_room("measures", state, act)
    if act.measure.due_on < moment.today:
        raise refuse("measure_past", given=act.measure.due_on.isoformat(), today=moment.today.isoformat())


def _close(state: EventState, act: EventClosing, _: Moment) -> None:
    if act.same_as == state.event_id:
        raise refuse("joins_itself", given=act.same_as)
    if missing := missing_for_closing(state, act):
        raise refuse("event_incomplete", missing="、".join(missing))


def _remind(state: EventState, act: EventReminder, moment: Moment) -> None:
    if act.alarm not in state.alarms or act.alarm.at > moment.at:
        raise refuse("alarm")


def _has_room(field: str, state: EventState, act: EventAct) -> None:
    if len(getattr(state, field)) >= MOST:
        raise refuse("event_full", act=act.act.label, most=MOST)


def _was_done(state: EventState, day: date, moment: Moment) -> None:
    if not state.known_on <= day <= moment.today:
        raise refuse(
            "event_date", given=day.isoformat(), known_on=state.known_on.isoformat(), today=moment.today.isoformat()
        )


CHECKS: MappingProxyType[EventActKind, Callable[[EventState, Any, Moment], None]] = MappingProxyType(
    {
        EventActKind.ACKNOWLEDGE: _acknowledge,
        EventActKind.UPDATE_FACTS: _update_facts,
        EventActKind.ADD_KNOWLEDGE: _add_knowledge,
        EventActKind.JOIN: _join,
        EventActKind.APPROVE_REPORT: _approve,
        EventActKind.RECORD_FILING: _file,
        EventActKind.RECORD_NOTIFICATION: _notify,
        EventActKind.PROPOSE_NO_REPORT: _propose,
        EventActKind.CONFIRM_NO_REPORT: _confirm,
        EventActKind.NAME_MEASURE: _measure,
        EventActKind.CLOSE: _close,
        EventActKind.REMIND: _remind,
    }
)
"""行為ごとの検査: one for each act."""
