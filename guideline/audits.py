"""監査 (audits): who may not audit whom, what comes first, and what follows from what was found. Pure.

Improvement report, item 6. What only the register or the organisation knows is judged here before an act is written.
"""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from guideline.audit_checks import audit_of, audit_paper_of, inspection_of
from guideline.deadlines import stage_due_on, tokyo_date
from guideline.organisation import engine_actor, holders, person_of
from guideline.refusals import refuse
from schemas.acts import Intake
from schemas.audit_papers import Grade
from schemas.canonical import digest_of
from schemas.duties import DutyKind, DutyStatus
from schemas.duty_acts import DutyAmendment, DutyHandIn, DutyOpening
from schemas.organisation import Role
from schemas.records import Standing
from schemas.reports import ChangeKind, ChangeReport

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from schemas.audit_papers import AuditFinding
    from schemas.duties import DutyState
    from schemas.duty_acts import DutyAct
    from schemas.organisation import Organisation
    from schemas.records import AssessmentRecord

CORRECTED_WITHIN = MappingProxyType({Grade.MAJOR: 20, Grade.MINOR: 60})
"""是正の期限: business days after the report; what conforms, and advice, asks for no correction."""

_FEW = timedelta(days=366)
_LONGEST = 100
_MOST_OF_A_TEXT = 3800


def check_auditors(act: DutyAct, state: DutyState, organisation: Organisation) -> None:
    """See that whoever is named to audit is an auditor, and not of the audited department. Raises RefusedError."""
    if state.kind is not DutyKind.AUDIT or not isinstance(act, DutyOpening | DutyAmendment):
        return
    plan = audit_of(state.content).plan
    auditors = holders(organisation, Role.AUDITOR, body=state.body)
    for named in plan.auditors if plan else ():
        person = person_of(organisation, named)
        if named not in auditors or person is None:
            raise refuse("unknown_auditor", given=named, body=state.body)
        if person.department == state.department:
            raise refuse("auditor_of_the_department", given=named, department=state.department)


def check_inspected(act: DutyAct, state: DutyState, inspections: Iterable[DutyState]) -> None:
    """See that the department has inspected itself before its audit is reported; a contractor has none to show.

    The last self-inspection of the file, within a year before the audit's date, must be confirmed. Raises RefusedError.
    """
    if state.kind is not DutyKind.AUDIT or not isinstance(act, DutyHandIn):
        return
    content = audit_of(state.content)
    if content.contractor is not None:
        return
    of_the_file = [
        one
        for one in inspections
        if one.status is not DutyStatus.CANCELLED
        and state.due_on - _FEW <= one.due_on <= state.due_on
        and content.file in inspection_of(one.content).files
    ]
    last = max(of_the_file, key=lambda one: one.due_on, default=None)
    if last is None or last.status is not DutyStatus.CLOSED:
        stands = "ありません" if last is None else f"「{last.status.label}」です（{last.duty_id}）"
        raise refuse("not_inspected", file=content.file, department=state.department, stands=stands)


def check_assessment(given: str, found: AssessmentRecord | None, *, body: str) -> None:
    """See that there is something to be reviewed; what is yet to be published has its review. Raises RefusedError."""
    if found is None or found.body != body or found.standing is Standing.PLANNED:
        raise refuse("finding_assessment", given=given)


def corrections_of(act: DutyAct, state: DutyState, *, at: datetime) -> tuple[DutyOpening, ...]:
    """Give the corrections that a report of an audit asks for: the same ones however often it is asked."""
    return tuple(
        DutyOpening(
            act_id=f"open/{duty_id}",
            actor=engine_actor(body=state.body, department=state.department),
            duty_id=duty_id,
            parent=state.duty_id,
            department=state.department,
            title=f"{finding.grade.label}: {finding.item}"[:_LONGEST],
            due_on=stage_due_on(began_at=at, business_days=CORRECTED_WITHIN[finding.grade]),
            content={
                "item": finding.item,
                "finding": finding.text,
                "grade": finding.grade.value,
                "text": "指摘に回答し、是正して、行ったことを根拠とともに報告する。",
            },
        )
        for finding in _findings(act, state)
        if finding.grade in CORRECTED_WITHIN
        for duty_id in [correction_id_of(state, finding)]
    )


def reports_of(act: DutyAct, state: DutyState, *, at: datetime) -> tuple[Intake, ...]:
    """Give the reports of a change by which what was found about an assessment opens its review; as above."""
    return tuple(
        Intake(
            act_id=report_id_of(state, finding),
            # Whoever audits reports as anybody may: an auditor has no part in a review.
            actor=act.actor.model_copy(update={"role": Role.STAFF}),
            report=ChangeReport(
                assessments=(finding.assessment,),
                kind=ChangeKind.AUDIT_FINDING,
                title=f"監査の{finding.grade.label}: {finding.item}"[:_LONGEST],
                facts=f"{finding.text[:_MOST_OF_A_TEXT]}\n（{state.kind.label} {state.duty_id}「{state.title}」）",
                known_on=tokyo_date(at),
            ),
        )
        for finding in _findings(act, state)
        if finding.assessment is not None
    )


def _findings(act: DutyAct, state: DutyState) -> tuple[AuditFinding, ...]:
    """Give what a report of an audit found that is not as it should be; nothing of any other act."""
    if state.kind is not DutyKind.AUDIT or not isinstance(act, DutyHandIn):
        return ()
    found = (one for one in audit_paper_of(act.paper).findings if one.grade is not Grade.CONFORMS)
    return tuple({(one.item, one.grade, one.text, one.assessment): one for one in found}.values())


def correction_id_of(state: DutyState, finding: AuditFinding) -> str:
    """Give the number of the correction that a finding asks for; the finding makes it."""
    slug = state.duty_id.partition(":")[2]
    return f"correction:{slug[:60]}-{_mark(finding)}"


def report_id_of(state: DutyState, finding: AuditFinding) -> str:
    """Give the number of the report by which a finding opens a review; the finding makes it."""
    return f"{state.duty_id}/{_mark(finding)}"


def _mark(finding: AuditFinding) -> str:
    return digest_of(finding.model_dump(mode="json"))[:16]


def fiscal_year_of(day: date) -> int:
    """Give the fiscal year of a day: it begins on 1 April."""
    return day.year if day.month >= _APRIL else day.year - 1


_APRIL = 4
