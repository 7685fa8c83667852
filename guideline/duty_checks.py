"""義務の行為の検査 (checks of duties): what an act says, by itself and by the models and checks of its kind. Pure.

A kind adds its own checks in the two tables at the end; what only the register knows is judged there.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pydantic import ValidationError

from guideline.audit_checks import check_audit_paper, check_inspection_paper, check_log_paper
from guideline.deadlines import tokyo_date
from guideline.duty_days import why_not_done_on
from guideline.duty_rules import DUTY_RULES
from guideline.duty_series import period_of
from guideline.guidance_duties import check_guidance, check_measure, check_result
from guideline.refusals import refuse
from schemas.canonical import canonical_bytes
from schemas.duties import DutyKind, DutyState, RollCount, kind_of
from schemas.duty_acts import (
    DutyAct,
    DutyAmendment,
    DutyCompletion,
    DutyEnrolment,
    DutyHandIn,
    DutyOpening,
    DutyPostponement,
    DutyReminder,
    DutySendingBack,
)
from schemas.duty_papers import CONTENT_OF, PAPER_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from schemas.base import Message
    from schemas.duties import Completions, Content

LARGEST = 100_000
"""内容と提出物の上限: bytes. The state travels with each act: what is larger is stored, and named by its digest."""

_NOBODY = RollCount(total=0, completed=0, excused=0)


def check_what_is_said(state: DutyState | None, act: DutyAct, *, at: datetime) -> None:
    """See that what the act says can be. Raises RefusedError."""
    if isinstance(act, DutyOpening):
        _check_opening(act)
        return
    assert state is not None  # noqa: S101 # no row of the table permits another act before the opening
    _check_of_open(state, act, at=at)


def _check_of_open(state: DutyState, act: DutyAct, *, at: datetime) -> None:
    today = tokyo_date(at)
    match act:
        case DutyPostponement():
            _check_new_date(state, act.due_on, today=today)
        case DutySendingBack():
            _check_sending_back(state, act, today=today)
        case DutyAmendment():
            _check_amendment(state, act)
        case DutyEnrolment():
            _check_enrolment(state, act, today=today)
        case DutyCompletion():
            _check_completion(state, act, today=today)
        case DutyHandIn():
            _check_hand_in(state, act, today=today)
        case DutyReminder():
            _check_remind(state, act, at=at)
        case _:
            pass


def _check_enrolment(state: DutyState, act: DutyEnrolment, *, today: date) -> None:
    if not (act.added or act.added_by_document or act.left or act.changed or act.removed):
        raise refuse("nobody_enrolled")
    if act.joiners_due_on is not None and act.joiners_due_on <= max(state.due_on, today):
        raise refuse("joiners_date", given=act.joiners_due_on.isoformat(), due_on=state.due_on.isoformat())


def _check_completion(state: DutyState, act: DutyCompletion, *, today: date) -> None:
    if not (act.members or act.completed_by_document):
        raise refuse("nobody_completed")
    if (act.completed_on is None) is bool(act.members):
        raise refuse("completion_day")
    if act.completed_on is not None:
        _check_day("済ませた日", act.completed_on, state=state, today=today)


def check_days(state: DutyState, completions: Completions, *, today: date) -> None:
    """See that each day of a document can be. Raises RefusedError for the first one that can't."""
    for one in completions.completed:
        _check_day(f"{one.member}の済ませた日", one.completed_on, state=state, today=today)


def _check_remind(state: DutyState, act: DutyReminder, *, at: datetime) -> None:
    if act.alarm not in state.alarms or act.alarm.at > at:
        raise refuse("alarm")


def _check_opening(act: DutyOpening) -> None:
    kind = kind_of(act.duty_id)
    if act.begins_on is not None and act.begins_on > act.due_on:
        raise refuse("duty_period", begins_on=act.begins_on.isoformat(), due_on=act.due_on.isoformat())
    if act.repeats is not None:
        if not DUTY_RULES[kind].recurs:
            raise refuse("not_recurring", kind=kind.label)
        period = period_of(act.begins_on or act.due_on, every=act.repeats)
        if act.begins_on is None or not act.duty_id.endswith(f".{period}"):
            raise refuse("series_name", interval=act.repeats.label, period=period)
    _check_content(kind, act.content)


def _check_amendment(state: DutyState, act: DutyAmendment) -> None:
    if act.title is None and act.department is None and act.owner is None and act.content is None:
        raise refuse("nothing_amended")
    if act.content is not None:
        _check_content(state.kind, act.content)


def _check_content(kind: DutyKind, content: Content) -> None:
    _check_fits(CONTENT_OF[kind], content, kind=kind, place="内容")
    further = CONTENT_CHECKS.get(kind)
    if further is not None:
        further(content)


def _check_hand_in(state: DutyState, act: DutyHandIn, *, today: date) -> None:
    rule, kind = DUTY_RULES[state.kind], state.kind
    model = PAPER_OF.get(kind)
    roll = state.roll or _NOBODY
    if act.done_on is not None:
        _check_day("行った日", act.done_on, state=state, today=today)
    if rule.evidence and not act.evidence:
        raise refuse("evidence_missing", kind=kind.label, source=rule.source)
    if rule.roll_needed and roll.total == 0:
        raise refuse("roll_missing", kind=kind.label, source=rule.source)
    if roll.open:
        raise refuse("roll_open", number=roll.open, source=rule.source)
    if model is None:
        if act.paper is not None:
            raise refuse("paper_not_asked", kind=kind.label)
        return
    if act.paper is None and not rule.paper:
        return
    if act.paper is None:
        raise refuse("paper_missing", kind=kind.label, source=rule.source)
    _check_fits(model, act.paper, kind=kind, place="提出物")
    further = PAPER_CHECKS.get(kind)
    if further is not None:
        further(state, act)


def _check_fits(model: type[Message], content: Content, *, kind: DutyKind, place: str) -> None:
    """Hold plain JSON against the model of its kind, in whatever way its dates travelled."""
    written = canonical_bytes(content)
    if len(written) > LARGEST:
        raise refuse("duty_too_large", place=place, size=len(written), largest=LARGEST)
    try:
        model.model_validate_json(written)
    except ValidationError as invalid:
        faults = "、".join(".".join(str(part) for part in one["loc"]) or "全体" for one in invalid.errors()[:10])
        raise refuse("duty_content", kind=kind.label, place=place, faults=faults) from None


def _check_day(place: str, day: date, *, state: DutyState, today: date) -> None:
    reason = why_not_done_on(state, day, today=today)
    if reason is not None:
        raise refuse("duty_day", place=place, given=day.isoformat(), reason=reason)


def _check_sending_back(state: DutyState, act: DutySendingBack, *, today: date) -> None:
    if act.due_on is not None:
        _check_new_date(state, act.due_on, today=today)
    elif state.due_on < today:
        raise refuse("sent_back_without_date", due_on=state.due_on.isoformat())


def _check_new_date(state: DutyState, due_on: date, *, today: date) -> None:
    if due_on <= state.due_on or due_on < today:
        raise refuse("duty_not_later", given=due_on.isoformat(), due_on=state.due_on.isoformat())


CONTENT_CHECKS: Mapping[DutyKind, Callable[[Content], None]] = MappingProxyType(
    {DutyKind.GUIDANCE: check_guidance, DutyKind.MEASURE: check_measure}
)
"""種類ごとの内容の検査: what a content must hold beyond its model. Each raises RefusedError."""

PAPER_CHECKS: Mapping[DutyKind, Callable[[DutyState, DutyHandIn], None]] = MappingProxyType(
    {
        DutyKind.MEASURE: check_result,
        DutyKind.INSPECTION: check_inspection_paper,
        DutyKind.AUDIT: check_audit_paper,
        DutyKind.LOG_ANALYSIS: check_log_paper,
    }
)
"""種類ごとの提出物の検査: what a paper must hold beyond its model, given the duty. Each raises RefusedError."""
