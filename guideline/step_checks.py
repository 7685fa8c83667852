"""手続の記録の検査 (step checks): whether a step may be recorded now, by this party, on that day, with these papers."""

from __future__ import annotations

from datetime import date

from guideline.deadlines import tokyo_date
from guideline.hearing import days_heard, hearing_days, is_too_short
from guideline.procedure import AGAIN_AFTER_REVISION, StepRow
from guideline.provisions import cited
from guideline.refusals import refuse
from guideline.turns import ended_on_of, next_step, standing_approvals, step_to_be_revised
from schemas.acts import StepRecord
from schemas.review import DoneStep, Party, ReviewState, Step

_JUDGED = (Step.THIRD_PARTY_CHECK, Step.COMMISSION_APPROVAL)


def check_step(review: ReviewState, act: StepRecord, *, party: Party) -> None:
    """Hold the record of a step against its row; raises RefusedError with the provision of the row.

    That the day is not in the future is seen to by the caller.
    """
    waiting = step_to_be_revised(review)
    if waiting is not None:
        raise refuse("revision_needed", step=waiting.step.label)
    row = next_step(review)
    if row is None or act.step is not row.step:
        why = cited(row.provisions) if row else "見直しの手順"
        raise refuse("step_order", expected=row.step.label if row else "なし", given=act.step.label, provision=why)
    said = {"step": row.step.label, "provision": cited(row.provisions)}
    if party not in row.by:
        raise refuse("step_side", party=party.label, allowed="・".join(one.label for one in row.by), **said)
    if row.evidence is not None and row.evidence.needed and not act.evidence:
        raise refuse("step_evidence", paper=row.evidence.paper, **said)
    _check_day(review, act, row)
    _check_content(act, said)


def _check_day(review: ReviewState, act: StepRecord, row: StepRow) -> None:
    earliest = earliest_day(review, row)
    if earliest is not None and act.done_on < earliest[0]:
        raise refuse(
            "step_too_early",
            step=row.step.label,
            given=act.done_on.isoformat(),
            earliest=earliest[0].isoformat(),
            why=earliest[1],
            provision=cited(row.provisions),
        )
    approved_on = _approved_on(review)
    before = approved_on is not None and act.done_on < approved_on and act.step is not Step.NOTIFICATION
    if before and act.note is None:
        raise refuse(
            "step_before_approval",
            step=row.step.label,
            given=act.done_on.isoformat(),
            approved_on=str(approved_on),
            provision=cited(row.provisions),
        )
    ended_on = ended_on_of(review)
    if act.step is Step.NOTIFICATION and ended_on is not None and act.done_on < ended_on:
        raise refuse("before_the_end", given=act.done_on.isoformat(), ended_on=ended_on.isoformat())


def earliest_day(review: ReviewState, row: StepRow) -> tuple[date, str] | None:
    """Give the earliest day on which a step may be done, and why.

    It is the end of the hearing, or the day of the step before it; and of a text that was revised after a step, the day
    on which it was approved: what others judge is the revised text (規則7条4項, 番号法28条2項).
    """
    standing = [done for done in review.steps if done.stands]
    if not standing:
        return None
    announced = [done.until_on for done in standing if done.until_on is not None]
    if row.step is Step.PUBLIC_COMMENT and announced:
        return announced[-1], "公示した意見聴取の終了日"
    last = max(standing, key=lambda done: done.done_on)
    approved_on = _revised_text_approved_on(review, row)
    if approved_on is not None and approved_on > last.done_on:
        return approved_on, "改訂した案の承認の日"
    return last.done_on, f"「{last.step.label}」の実施日"


def _revised_text_approved_on(review: ReviewState, row: StepRow) -> date | None:
    """Give the day of the second approval of a text that was revised after a step, for the steps that judge it."""
    revised = any(done.revision < review.revision for done in review.steps)
    return _approved_on(review) if revised and row.step in AGAIN_AFTER_REVISION else None


def _approved_on(review: ReviewState) -> date | None:
    """Give the day of the second approval of the present text; None where no text was approved."""
    given = [approval.at for approval in standing_approvals(review)]
    return tokyo_date(max(given)) if given else None


def _check_content(act: StepRecord, said: dict[str, str]) -> None:
    """See that what the step must tell is told, and nothing of another step."""
    told = {
        "notice": (act.notice, (Step.PUBLIC_NOTICE,)),
        "opinions": (act.hearing, (Step.PUBLIC_COMMENT,)),
        "judgement": (act.judgement, _JUDGED),
    }
    for name, (content, steps) in told.items():
        if content is not None and act.step not in steps:
            raise refuse("content_of_other_step", step=act.step.label, given=name)
    if act.step is Step.PUBLIC_NOTICE:
        if act.notice is None or act.notice.until_on < act.done_on:
            raise refuse("notice_missing", **said)
        if is_too_short(act.notice, began_on=act.done_on):
            days = days_heard(began_on=act.done_on, until_on=act.notice.until_on)
            raise refuse("hearing_too_short", days=days, least=hearing_days(on=act.done_on), **said)
    if act.step is Step.PUBLIC_COMMENT and act.hearing is None:
        raise refuse("hearing_missing", **said)


def done_step(review: ReviewState, act: StepRecord) -> dict[str, object]:
    """Give what a recorded step leaves behind beside who did it and when: see `DoneStep`."""
    reflected = act.hearing is not None and act.hearing.reflected > 0
    to_be_revised = reflected or (act.judgement is not None and act.judgement.requires_revision)
    return {
        "until_on": act.notice.until_on if act.notice else None,
        "to_be_revised": to_be_revised,
        "revision": review.revision,
    }


__all__ = ["DoneStep", "check_step", "done_step", "earliest_day"]
