"""番 (turns): who must act next in a review, and which service level runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from guideline.deadlines import tokyo_date
from guideline.procedure import BOTH, StepRow, steps_for
from schemas.acts import ActKind
from schemas.courses import Course
from schemas.levels import Level
from schemas.review import AskedWithdrawal, DoneStep, GivenApproval, GivenFinding, GroundKind, Party, ReviewState, Stage

if TYPE_CHECKING:
    from datetime import date

    from schemas.organisation import ServiceLevels


def standing_finding(review: ReviewState, party: Party) -> GivenFinding | None:
    """Give the party's finding on the present facts, if it has given one."""
    for finding in review.findings:
        if finding.stands and finding.party is party:
            return finding
    return None


def standing_findings(review: ReviewState) -> tuple[GivenFinding, ...]:
    """Give the findings on the present facts, the department's first."""
    found = (standing_finding(review, party) for party in BOTH)
    return tuple(finding for finding in found if finding is not None)


def findings_differ(review: ReviewState) -> bool:
    """Say whether both have found and do not agree, so that the 総括保護管理者 is asked."""
    found = standing_findings(review)
    return len(found) == len(BOTH) and found[0].course is not found[1].course


def standing_approvals(review: ReviewState) -> tuple[GivenApproval, ...]:
    """Give the approvals of the present draft."""
    return tuple(given for given in review.approvals if given.stands and given.approved)


def both_excepted(review: ReviewState) -> bool:
    """Say whether both gave in writing why nothing material changes (指針第6の2(2)): then a 修正 may carry it."""
    found = standing_findings(review)
    return len(found) == len(BOTH) and all(finding.excepted for finding in found)


def whole_document_checked(review: ReviewState) -> bool:
    """Say whether both findings carry the whole yearly checklist: the review is then the year's verification."""
    found = standing_findings(review)
    return len(found) == len(BOTH) and all(finding.yearly_checked for finding in found)


def is_first(review: ReviewState) -> bool:
    """Say whether nothing is published yet: 新規の評価."""
    return review.opening.published_digest is None


def ended_on_of(review: ReviewState) -> date | None:
    """Give the day on which the business ended, where a ground of the review says so: the latest that was reported."""
    days = [one.takes_effect_on for one in review.grounds if one.kind is GroundKind.END_OF_BUSINESS]
    return next((day for day in reversed(days) if day is not None), None)


def level_of(review: ReviewState) -> Level:
    """Give the level whose procedure the review goes through.

    Where a rise of level is to be carried out it is the new one (規則6条2項, 7条2項, 8条), else that of the assessment.
    """
    risen = [one.level for one in review.grounds if one.level is not None]
    if review.course is not Course.REASSESS:
        return review.opening.level
    return max((review.opening.level, *risen), key=lambda level: level.rank)


def steps_of(review: ReviewState) -> tuple[StepRow, ...]:
    """Give the steps of this review's procedure, in order; none before its course is decided."""
    return steps_for(
        level=level_of(review),
        body_kind=review.opening.body_kind,
        course=review.course or Course.NO_CHANGE,
        on=tokyo_date(review.opened_at),
    )


def next_step(review: ReviewState) -> StepRow | None:
    """Give the step that comes next, None when all are done."""
    done = {record.step for record in review.steps if record.stands}
    return next((row for row in steps_of(review) if row.step not in done), None)


def step_to_be_revised(review: ReviewState) -> DoneStep | None:
    """Give the step that asks for another text, while no later revision was handed in; None where none does."""
    waiting = (done for done in review.steps if done.to_be_revised and done.revision == review.revision)
    return next(waiting, None)


class Awaited(NamedTuple):
    """待たれる行為 (awaited act): what the review waits for now, and from whom."""

    act: ActKind
    by: tuple[Party, ...]


def acts_awaited(review: ReviewState) -> tuple[Awaited, ...]:
    """Give the acts that the review waits for now; none when it is closed."""
    return (*_of_the_stage(review), *asked_of_a_withdrawal(review))


def _of_the_stage(review: ReviewState) -> tuple[Awaited, ...]:
    match review.stage:
        case Stage.EXAMINATION:
            unread = any(ground.acknowledged_by is None for ground in review.grounds)
            first = (Awaited(ActKind.ACKNOWLEDGE, (Party.TEAM,)),) if unread else ()
            return (*first, _examination(review))
        case Stage.DRAFTING:
            return (Awaited(ActKind.SUBMIT, (Party.DEPARTMENT,)),)
        case Stage.APPROVAL:
            if review.dispute is not None:
                return (Awaited(ActKind.SETTLE, (Party.CHIEF,)),)
            given = {approval.party for approval in standing_approvals(review)}
            return (Awaited(ActKind.APPROVE, tuple(party for party in BOTH if party not in given)),)
        case Stage.PROCEDURE:
            return (_of_the_procedure(review),)
    return ()


def _of_the_procedure(review: ReviewState) -> Awaited:
    """Give the record of the next step; or, where the last one asks for another text, the return to drafting."""
    row = next_step(review)
    if step_to_be_revised(review) is not None:
        return Awaited(ActKind.REVISE, BOTH)
    return Awaited(ActKind.RECORD_STEP, row.by if row else BOTH)


def _examination(review: ReviewState) -> Awaited:
    if findings_differ(review):
        return Awaited(ActKind.RESOLVE, (Party.CHIEF,))
    return Awaited(ActKind.FIND, tuple(party for party in BOTH if standing_finding(review, party) is None))


def asked_of_a_withdrawal(review: ReviewState) -> tuple[Awaited, ...]:
    """Give what a withdrawal that was asked for waits for; nothing where none is open."""
    asked = review.withdrawal
    if asked is None or review.stage is Stage.CLOSED:
        return ()
    if asked.contested:
        return (Awaited(ActKind.SETTLE, (Party.CHIEF,)),)
    return (Awaited(ActKind.CONSENT, (consenting_party(asked),)),)


def consenting_party(asked: AskedWithdrawal) -> Party:
    """Say who must consent to a withdrawal: the team, unless it asks itself (improvement report, item 5)."""
    return Party.DEPARTMENT if asked.party is Party.TEAM else Party.TEAM


def may_do_instead(review: ReviewState) -> tuple[str, ...]:
    """Say who may do what now: what the review waits for; when it is closed, anyone may report anew."""
    if review.stage is Stage.CLOSED:
        return (REPORT_ANEW,)
    return tuple(f"{'・'.join(party.label for party in one.by)}: {one.act.label}" for one in acts_awaited(review))


REPORT_ANEW = "職員: 新しい報告"
"""終わった見直しの後にできること."""


def waits_for(review: ReviewState) -> tuple[Party, ...]:
    """Say whose turn it is; nobody's when the review is closed. An acknowledgement blocks nothing."""
    parties = (party for one in acts_awaited(review) if one.act is not ActKind.ACKNOWLEDGE for party in one.by)
    return tuple(dict.fromkeys(parties))


def business_days_of(review: ReviewState, levels: ServiceLevels) -> int | None:
    """Give how many business days the present turn may take; None when the review is closed."""
    match review.stage:
        case Stage.EXAMINATION:
            return levels.resolution if findings_differ(review) else levels.findings
        case Stage.DRAFTING:
            return levels.drafting
        case Stage.APPROVAL:
            return levels.approval if review.dispute is None else levels.resolution
        case Stage.PROCEDURE:
            step = next_step(review)
            return step.business_days if step else None
    return None


def days_that_follow(review: ReviewState, levels: ServiceLevels) -> tuple[int, ...]:
    """Give the business days of what comes after the present turn: the approval, and the steps still to be taken."""
    done = {record.step for record in review.steps if record.stands}
    steps = [row.business_days for row in steps_of(review) if row.step not in done]
    match review.stage:
        case Stage.DRAFTING:
            return (levels.approval, *steps)
        case Stage.APPROVAL:
            return tuple(steps)
    return tuple(steps[1:])
