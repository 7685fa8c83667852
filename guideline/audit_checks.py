"""点検、監査、ログ分析の提出物の検査 (checks of audits): what a paper must hold, given its duty. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guideline.deadlines import last_of_month
from guideline.refusals import refuse
from schemas.audit_papers import (
    AuditContent,
    AuditPaper,
    InspectionContent,
    InspectionPaper,
    LogAnalysisPaper,
)
from schemas.duties import Content, Interval

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.duties import DutyState
    from schemas.duty_acts import DutyHandIn

_NAMED = 5


def audit_of(content: Content) -> AuditContent:
    """Read the content of an audit."""
    return AuditContent.read(content)


def audit_paper_of(paper: Content | None) -> AuditPaper:
    """Read the paper of an audit."""
    return AuditPaper.read(paper)


def inspection_of(content: Content) -> InspectionContent:
    """Read the content of a self-inspection."""
    return InspectionContent.read(content)


def log_paper_of(paper: Content | None) -> LogAnalysisPaper:
    """Read the paper of a log analysis."""
    return LogAnalysisPaper.read(paper)


def check_inspection_paper(state: DutyState, act: DutyHandIn) -> None:
    """See that each question is answered once. Raises RefusedError."""
    paper = InspectionPaper.read(act.paper)
    given = [one.question for one in paper.answers]
    asked = inspection_of(state.content).questions
    _check_answered(asked, given)
    if len(given) > len(set(given)):
        raise refuse("answered_twice", items=_named(one for one in dict.fromkeys(given) if given.count(one) > 1))


def check_audit_paper(state: DutyState, act: DutyHandIn) -> None:
    """See that it was planned, that one of its auditors reports, and that every item was looked at.

    Of one item there may be several findings. Raises RefusedError.
    """
    content = audit_of(state.content)
    if content.plan is None:
        raise refuse("audit_not_planned")
    if act.actor.person not in content.plan.auditors:
        raise refuse("not_of_the_auditors", auditors="、".join(content.plan.auditors))
    _check_answered(content.checklist, [one.item for one in audit_paper_of(act.paper).findings])


def check_log_paper(state: DutyState, act: DutyHandIn) -> None:
    """See that the period is one, and for what repeats the month that is to be analysed. Raises RefusedError."""
    paper = log_paper_of(act.paper)
    if paper.first_on > paper.last_on:
        raise refuse(
            "log_period", given=f"{paper.first_on}から{paper.last_on}", wanted="初日が末日より後にならない期間"
        )
    if state.repeats is not Interval.MONTH:
        return
    month = state.duty_id.rpartition(".")[2]
    is_whole = paper.first_on.day == 1 and paper.last_on == last_of_month(paper.first_on)
    if f"{paper.first_on:%Y-%m}" != month or not is_whole:
        raise refuse("log_period", given=f"{paper.first_on}から{paper.last_on}", wanted=f"{month} の初日から末日まで")


def _check_answered(asked: Iterable[str], given: Iterable[str]) -> None:
    asked, given = tuple(asked), tuple(given)
    missing = [one for one in asked if one not in given]
    if missing:
        raise refuse("not_answered", items=_named(missing))
    unknown = [one for one in given if one not in asked]
    if unknown:
        raise refuse("item_not_asked", items=_named(unknown))


def _named(items: Iterable[str]) -> str:
    return "、".join(f"「{one}」" for one in tuple(items)[:_NAMED])
